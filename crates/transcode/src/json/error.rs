use std::borrow::Cow;
use std::fmt;

use crate::error::{BindError, Violation};

/// Why a JSON text is not the message asked for. It names fields and places, never values.
#[derive(Debug)]
pub struct ReadError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    path: String,
    description: Cow<'static, str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A value that its field does not take.
    Value,
    /// A name that its enum does not have.
    UnknownName,
    /// No JSON at all, from this line and column on.
    Syntax(usize, usize),
}

impl ReadError {
    /// The value at hand is not what its field takes.
    pub fn value(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(description.into(), Kind::Value)
    }

    fn new(description: Cow<'static, str>, kind: Kind) -> Self {
        Self(Box::new(Inner { path: String::new(), description, kind }))
    }

    /// The text is no JSON from `line` and `column` on.
    pub(crate) fn syntax(line: usize, column: usize, description: &'static str) -> Self {
        Self::new(description.into(), Kind::Syntax(line, column))
    }

    /// The enum has no value of that name, and `error` says so.
    pub(crate) fn unknown_name(error: ParamError) -> Self {
        Self::new(error.0, Kind::UnknownName)
    }

    /// Whether all that is wrong is a name that its enum does not have.
    pub(crate) fn is_unknown_name(&self) -> bool {
        self.0.kind == Kind::UnknownName
    }

    /// The object has a member that its message type does not know.
    pub(crate) fn unknown_field(key: &str) -> Self {
        Self::value("is not a known field").in_field(&shown_name(key))
    }

    /// The same error, seen from the message that holds the field.
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        let path = &mut self.0.path;
        if !path.is_empty() && !path.starts_with('[') {
            path.insert(0, '.');
        }
        path.insert_str(0, name);
        self
    }

    /// The same error, seen from the list or map that holds the element.
    #[must_use]
    pub fn in_element(mut self, place: impl fmt::Display) -> Self {
        let path = &mut self.0.path;
        if !path.is_empty() && !path.starts_with('[') {
            path.insert(0, '.');
        }
        path.insert_str(0, &format!("[{place}]"));
        self
    }

    pub(crate) fn into_bind_error(self) -> BindError {
        let Inner { path, description, kind } = *self.0;
        let description = description.into_owned();
        match kind {
            Kind::Syntax(line, column) => BindError::Syntax { line, column, description },
            Kind::Value | Kind::UnknownName => {
                BindError::Fields(vec![Violation { field: path, description }])
            }
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { path, description, kind } = &*self.0;
        match kind {
            Kind::Syntax(line, column) => {
                write!(f, "{description} at line {line} column {column}")
            }
            Kind::Value | Kind::UnknownName if path.is_empty() => {
                write!(f, "the value {description}")
            }
            Kind::Value | Kind::UnknownName => write!(f, "{path} {description}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A name that a client made up, fit to be shown: short, and without control characters.
pub(crate) fn shown_name(name: &str) -> String {
    const LONGEST: usize = 64;
    let mut shown: String =
        name.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Why a path or query parameter is not a value of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamError(Cow<'static, str>);

impl ParamError {
    /// An error that says `description` after the parameter's name.
    pub fn new(description: impl Into<Cow<'static, str>>) -> Self {
        Self(description.into())
    }

    pub(crate) fn into_description(self) -> String {
        self.0.into_owned()
    }
}

impl From<ParamError> for ReadError {
    fn from(error: ParamError) -> Self {
        Self::value(error.0)
    }
}

/// Why a message has no JSON form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A timestamp before the year 1 or after the year 9999, or with nanoseconds out of range.
    #[error("a timestamp is out of range")]
    Timestamp,
    /// A duration beyond ±10,000 years, or whose seconds and nanoseconds disagree in sign.
    #[error("a duration is out of range")]
    Duration,
    /// A field mask path that would not come back as it is.
    #[error("a field mask has a path that JSON cannot hold")]
    FieldMask,
    /// A `google.protobuf.Value` that is infinite or not a number.
    #[error("a free-form value is not a finite number")]
    NotFinite,
    /// A `google.protobuf.Any` whose bytes are not the message that it names.
    #[error("an Any does not hold what its type says")]
    Any,
}
