use std::collections::BTreeSet;

use super::{Kind, Name, Reference};

/// What an engine knows to stand on something else, or to be stood upon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A whole object.
    Object(Reference),
    /// A column of a table.
    Column(Name, String),
    /// The default of a column, or what it is generated from.
    Default(Name, String),
    /// A constraint of a table.
    Constraint(Name, String),
    /// An index of a table that backs no constraint.
    Index(Name, String),
}

impl Thing {
    /// The object that it is, or is a part of.
    #[must_use]
    pub fn object(&self) -> Reference {
        match self {
            Self::Object(reference) => reference.clone(),
            Self::Column(table, _)
            | Self::Default(table, _)
            | Self::Constraint(table, _)
            | Self::Index(table, _) => Reference::to(Kind::Table, table.clone()),
        }
    }
}

/// `PostgreSQL`: which things stand on which, as the server keeps it: the one that depends first.
///
/// It is no part of what a schema *is*, and follows from it: two of them always compare as equal.
#[derive(Clone, Debug, Default)]
pub struct Dependencies(pub BTreeSet<(Thing, Thing)>);

impl Dependencies {
    /// None.
    #[must_use]
    pub const fn none() -> Self {
        Self(BTreeSet::new())
    }
}

impl PartialEq for Dependencies {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Dependencies {}
