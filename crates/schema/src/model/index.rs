use std::collections::BTreeMap;

use serde::Serialize;

use super::Written;

/// An index that backs no constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Index {
    /// The name.
    pub name: String,
    /// Whether it refuses equal keys.
    pub unique: bool,
    /// The access method in lower case, as the engine names it: `btree`, `gin`, `fulltext`.
    pub method: String,
    /// What is indexed, in order.
    pub parts: Vec<IndexPart>,
    /// `PostgreSQL`: columns that are carried in the index only.
    pub include: Vec<String>,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// `PostgreSQL`: two NULLs are equal.
    pub nulls_not_distinct: bool,
    /// Whether the planner may use it: false for `MySQL`'s INVISIBLE, `MariaDB`'s IGNORED and an index
    /// that `PostgreSQL` left INVALID.
    pub usable: bool,
    /// Further properties by their word in SQL, in the engine's spelling: `PostgreSQL`'s storage parameters,
    /// `MySQL`'s `WITH PARSER`.
    pub parameters: BTreeMap<String, String>,
    /// The comment; `None` if empty.
    pub comment: Option<String>,
    /// `SQLite`: its CREATE INDEX.
    pub written: Written,
}

impl Index {
    /// A plain index with neither parts nor properties.
    #[must_use]
    pub fn new(name: impl Into<String>, method: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            unique: false,
            method: method.into(),
            parts: Vec::new(),
            include: Vec::new(),
            predicate: None,
            nulls_not_distinct: false,
            usable: true,
            parameters: BTreeMap::new(),
            comment: None,
            written: Written::default(),
        }
    }
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct IndexPart {
    /// What is indexed.
    pub key: IndexKey,
    /// The order.
    pub direction: Direction,
    /// Where NULLs stand, if not where the engine puts them for that direction.
    pub nulls: Option<Nulls>,
    /// `MySQL`, `MariaDB`: how many characters or bytes of the value are indexed.
    pub prefix: Option<u32>,
    /// The collation, if not the column's.
    pub collation: Option<String>,
    /// `PostgreSQL`: the operator class, if not the type's default.
    pub operator_class: Option<String>,
    /// `PostgreSQL`: how closely the values of an expression are looked at, if not as all are.
    pub statistics: Option<i32>,
}

impl IndexPart {
    /// An ascending part without more.
    #[must_use]
    pub const fn of(key: IndexKey) -> Self {
        Self {
            key,
            direction: Direction::Ascending,
            nulls: None,
            prefix: None,
            collation: None,
            operator_class: None,
            statistics: None,
        }
    }

    /// The column, whole or a prefix of it; none of an expression.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match &self.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expression(_) => None,
        }
    }

    /// The column, if the part is a whole column.
    #[must_use]
    pub fn whole_column(&self) -> Option<&str> {
        match &self.key {
            IndexKey::Column(name) if self.prefix.is_none() => Some(name),
            IndexKey::Column(_) | IndexKey::Expression(_) => None,
        }
    }
}

/// What an index part holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKey {
    /// A column.
    Column(String),
    /// An expression, without the parentheses around it where the engine adds them.
    Expression(String),
}

/// The order of an index part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

impl Direction {
    pub(crate) const fn descending_if(descending: bool) -> Self {
        if descending { Self::Descending } else { Self::Ascending }
    }
}

/// Where NULLs stand in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}
