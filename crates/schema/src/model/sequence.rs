use serde::Serialize;

/// How a sequence counts. What it has counted to is data, and left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// The type of its values: `bigint`.
    pub data_type: String,
    /// The first value.
    pub start: i64,
    /// What is added each time.
    pub increment: i64,
    /// The smallest value.
    pub minimum: i64,
    /// The greatest value.
    pub maximum: i64,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins anew at its end.
    pub cycle: bool,
    /// The comment; `None` if empty.
    pub comment: Option<String>,
}
