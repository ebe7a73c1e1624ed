use std::fmt;

use serde::{Serialize, Serializer};

/// The name of an object of a schema.
///
/// `PostgreSQL` may look at several schemas of one database; what stands in the connection's current one
/// is named without it, so that the same objects compare equal wherever they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema, where it is not the current one.
    pub schema: Option<String>,
    /// The name in it; of a function with the types of its arguments: `f(integer)`.
    pub local: String,
}

impl Name {
    /// An object of the current schema.
    #[must_use]
    pub fn local(name: impl Into<String>) -> Self {
        Self { schema: None, local: name.into() }
    }

    /// An object of another schema.
    #[must_use]
    pub fn in_schema(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: Some(schema.into()), local: name.into() }
    }

    /// The other object of this name's schema.
    #[must_use]
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self { schema: self.schema.clone(), local: name.into() }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::local(name)
    }
}

/// As people write it, unquoted: `users`, `audit.users`. SQL takes what the engine's `ddl` quotes.
impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(formatter, "{schema}.{}", self.local),
            None => formatter.write_str(&self.local),
        }
    }
}

/// As one string, so that names can be keys.
impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
