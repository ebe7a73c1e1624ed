use std::collections::BTreeSet;

use serde::Serialize;

use super::{Name, Written};

/// An object that is kept and compared as the statement that makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The statements that make it, in order and without semicolons: the object itself, then what
    /// belongs to it (comments, a materialized view's indexes).
    pub create: Vec<String>,
    /// The statement that removes it, without semicolon.
    pub drop: String,
    /// The table or view that it belongs to: of triggers and rules.
    pub owner: Option<Name>,
    /// What has to exist before it: tables, views, types, sequences and routines, by key.
    pub needs: BTreeSet<Reference>,
    /// `SQLite`: its statement; `create` has it in a form that compares.
    pub written: Written,
}

/// What an object is, and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Reference {
    /// What it is.
    pub kind: Kind,
    /// Its name; of triggers and rules on `PostgreSQL` the table's and their own: `users.touch`.
    pub name: Name,
}

impl Reference {
    /// A reference to an object.
    #[must_use]
    pub const fn to(kind: Kind, name: Name) -> Self {
        Self { kind, name }
    }
}

/// What an object of a schema is, in the order in which objects are made where nothing depends on
/// anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `PostgreSQL`: a schema beside the current one.
    Schema,
    /// `PostgreSQL`: an extension.
    Extension,
    /// `PostgreSQL`: a collation.
    Collation,
    /// `PostgreSQL`: an enum.
    Enum,
    /// `PostgreSQL`: a composite type.
    CompositeType,
    /// `PostgreSQL`: a domain.
    Domain,
    /// `PostgreSQL`, `MariaDB`: a sequence that no column owns.
    Sequence,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A table.
    Table,
    /// `SQLite`: a table of a module, such as `fts5`.
    VirtualTable,
    /// A view.
    View,
    /// `PostgreSQL`: a view that keeps its rows.
    MaterializedView,
    /// `PostgreSQL`: a rewrite rule.
    Rule,
    /// A trigger.
    Trigger,
    /// `MySQL`, `MariaDB`: an event of the scheduler.
    Event,
    /// `PostgreSQL`: a comment on what holds none in this model: a constraint or a schema.
    Comment,
    /// `PostgreSQL`: what belongs to an object and is not managed; only while statements are written.
    Kept,
}

impl Kind {
    /// The words for it in SQL, in lower case.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Collation => "collation",
            Self::Enum => "enum",
            Self::CompositeType => "type",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Table => "table",
            Self::VirtualTable => "virtual table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::Event => "event",
            Self::Comment => "comment",
            Self::Kept => "kept",
        }
    }
}
