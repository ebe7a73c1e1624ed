//! A schema as its engine declares it.
//!
//! Values compare with `==`: two schemas of one engine are equal when no statement could tell them
//! apart. Expressions are the engine's own text, white space folded. What has no order of its own
//! (tables, constraints, indexes) is sorted, so that the order of creation does not matter.

mod attached;
mod column;
mod constraint;
mod definition;
mod dependency;
mod index;
mod name;
mod opaque;
mod passed_over;
mod sequence;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::Scope;

pub use attached::{Attached, Kept, ServerCast};
pub use column::{Column, Generated, Identity, Storage};
pub use constraint::{Action, Check, Deferral, Exclusion, ForeignKey, PrimaryKey, Unique};
pub use definition::{Definition, Kind, Reference};
pub use dependency::{Dependencies, Thing};
pub use index::{Direction, Index, IndexKey, IndexPart, Nulls};
pub use name::Name;
pub use opaque::{Opaque, Opaques, Space};
pub use passed_over::PassedOver;
pub use sequence::Sequence;
pub use written::Written;

/// The SQL that a schema is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// `SQLite`.
    Sqlite,
    /// Oracle's `MySQL`.
    MySql,
    /// `MariaDB`.
    MariaDb,
    /// `PostgreSQL`.
    Postgres,
}

impl Dialect {
    /// The engine's name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Everything that is managed of one database schema, and what is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// The SQL that the texts below are written in.
    pub dialect: Dialect,
    /// `MySQL`, `MariaDB`: the collation that new tables take; not part of the schema itself.
    pub collation: Option<String>,
    /// `PostgreSQL`: the schemas beside the current one.
    pub schemas: BTreeSet<String>,
    /// `PostgreSQL`: the enums by name, with their values in order.
    pub enums: BTreeMap<Name, Enum>,
    /// `PostgreSQL`, `MariaDB`: the sequences that no column owns, by name.
    pub sequences: BTreeMap<Name, Sequence>,
    /// The tables by name.
    pub tables: BTreeMap<Name, Table>,
    /// Views, routines, triggers and whatever else is kept as its statement.
    pub definitions: BTreeMap<Reference, Definition>,
    /// What is there and not managed, in words for people: `policy users.own`. Sorted.
    pub unmanaged: Vec<String>,
    /// What of that is a whole object with a name of its own.
    #[serde(skip)]
    pub opaques: Opaques,
    /// `PostgreSQL`: what stands on what.
    #[serde(skip)]
    pub dependencies: Dependencies,
    /// `PostgreSQL`: what is known besides, so that it is not lost.
    #[serde(skip)]
    pub attached: Attached,
    /// `SQLite`: names that are taken, and of which nothing else is told.
    #[serde(skip)]
    pub passed_over: PassedOver,
}

impl Schema {
    /// A schema without objects.
    #[must_use]
    pub const fn empty(dialect: Dialect) -> Self {
        Self {
            dialect,
            collation: None,
            schemas: BTreeSet::new(),
            enums: BTreeMap::new(),
            sequences: BTreeMap::new(),
            tables: BTreeMap::new(),
            definitions: BTreeMap::new(),
            unmanaged: Vec::new(),
            opaques: Opaques::none(),
            dependencies: Dependencies::none(),
            attached: Attached::none(),
            passed_over: PassedOver::none(),
        }
    }

    /// The table of this name in the current schema.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(&Name::local(name))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty()
            && self.tables.is_empty()
            && self.enums.is_empty()
            && self.sequences.is_empty()
            && self.definitions.is_empty()
            && self.opaques.0.is_empty()
    }

    /// `SQLite`: the virtual table of this name.
    #[must_use]
    pub fn virtual_table(&self, name: &Name) -> Option<&Definition> {
        self.definitions.get(&Reference::to(Kind::VirtualTable, name.clone()))
    }
}

impl Schema {
    /// Without what is out of scope: whatever belongs to a table goes with it, and a schema with what would
    /// stand in it.
    pub(crate) fn within(mut self, scope: &Scope) -> Self {
        let is_in = |name: &Name| scope.includes(&name.to_string());
        let holds = |key: &Reference| {
            let name = key.name.to_string();
            match key.kind {
                Kind::Function | Kind::Procedure => scope.includes_routine(&name),
                // A comment without an owner is that of a schema.
                Kind::Schema | Kind::Comment => scope.includes_schema(&name),
                _ => scope.includes(&name),
            }
        };
        self.tables.retain(|name, _| is_in(name));
        self.enums.retain(|name, _| is_in(name));
        self.sequences.retain(|name, _| is_in(name));
        self.definitions
            .retain(|key, definition| definition.owner.as_ref().map_or_else(|| holds(key), is_in));
        self.attached.kept.retain(|kept| holds(&kept.owner));
        self.opaques.retain(|space, name| match space {
            Space::Routine => scope.includes_routine(&name.to_string()),
            _ => is_in(name),
        });
        self.schemas.retain(|name| scope.includes_schema(name));
        self
    }
}

/// The values of an enumerated type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enum {
    /// The values in their order, which is how they sort.
    pub values: Vec<String>,
    /// The comment; `None` if empty.
    pub comment: Option<String>,
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// The primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints, without the primary key. `MySQL` and `MariaDB` keep every unique key over
    /// whole columns as one; a unique key over prefixes or expressions is in `indexes`.
    pub uniques: Vec<Unique>,
    /// Indexes that back no constraint of `primary_key` and `uniques`.
    pub indexes: Vec<Index>,
    /// Foreign keys that this table holds.
    pub foreign_keys: Vec<ForeignKey>,
    /// Check constraints.
    pub checks: Vec<Check>,
    /// `PostgreSQL`: exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// What the engine lets one say about the table as a whole.
    pub options: TableOptions,
    /// The comment; `None` if empty.
    pub comment: Option<String>,
    /// `SQLite`: its CREATE TABLE.
    pub written: Written,
}

impl Table {
    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Sorts what has no order of its own.
    pub(crate) fn normalise(&mut self) {
        self.uniques.sort();
        self.indexes.sort();
        self.foreign_keys.sort();
        self.checks.sort();
        self.exclusions.sort();
    }
}

/// Properties of a whole table that change what it accepts or how it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableOptions {
    /// `SQLite`: types are enforced.
    pub strict: bool,
    /// `SQLite`: the primary key is the storage order.
    pub without_rowid: bool,
    /// `PostgreSQL`: not written to the log.
    pub unlogged: bool,
    /// `MySQL`, `MariaDB`: the storage engine.
    pub engine: Option<String>,
    /// `MySQL`, `MariaDB`: the collation that new text columns take.
    pub collation: Option<String>,
    /// Further options by their word in SQL, in the engine's spelling: `MySQL`'s `ROW_FORMAT`,
    /// `PostgreSQL`'s storage parameters (`fillfactor`).
    pub parameters: BTreeMap<String, String>,
}
