use std::collections::BTreeMap;

use super::{Name, Reference, Thing};

/// `PostgreSQL`: what is known of a schema besides what is managed, so that nothing of it is lost when an object
/// has to be dropped and made again.
///
/// It is no part of what a schema *is*: two of them always compare as equal.
#[derive(Clone, Debug, Default)]
pub struct Attached {
    /// The name of the current schema.
    pub current: Option<String>,
    /// What belongs to objects and is not managed: policies, grants, owners, statistics and the like.
    pub kept: Vec<Kept>,
    /// The columns of the views, each as its name and type.
    pub columns: BTreeMap<Name, Vec<(String, String)>>,
    /// The casts that the server has, by the types that they lead from and to, as the server prints these.
    pub casts: BTreeMap<(String, String), ServerCast>,
}

impl Attached {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self { current: None, kept: Vec::new(), columns: BTreeMap::new(), casts: BTreeMap::new() }
    }
}

impl PartialEq for Attached {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Attached {}

/// A cast from one type to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerCast {
    /// Whether an assignment makes it by itself.
    pub assigns: bool,
    /// Whether it is neither the server's own nor an extension's: then it is not managed, and stands only where a
    /// migration made it.
    pub is_own: bool,
}

/// One thing that belongs to an object and is not managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it belongs to.
    pub owner: Reference,
    /// What it is, for people: `policy own`.
    pub label: String,
    /// The statements that make it.
    pub create: Vec<String>,
    /// The statement that takes it off; empty if it goes with what it belongs to.
    pub drop: String,
    /// What it goes with, besides its owner and what the server knows: a column, an index.
    pub on: Option<Thing>,
}

impl Kept {
    /// Its name among all that are kept: `users.policy own`.
    #[must_use]
    pub fn name(&self) -> Name {
        self.owner.name.sibling(format!("{}.{}", self.owner.name.local, self.label))
    }
}
