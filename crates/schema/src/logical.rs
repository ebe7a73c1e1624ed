//! The schema in no engine's words.
//!
//! Engines differ in what they can declare: `SQLite` has no type for a time or a UUID and bounds a
//! text by a check, `MySQL` has no UUID, `PostgreSQL` no fixed length of bytes. The logical schema says
//! what all of them can say, reading checks where a type is not enough, so that equal values mean:
//! a program that works with one of the databases works with the other.
//!
//! Left out are expressions (each engine prints its own), names of constraints and indexes, the order
//! of columns, and what only one engine has.

mod limits;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use types::LogicalType;

use crate::model::{Action, Column, Dialect, ForeignKey, Index, Schema, Table};

/// How a schema writes what an engine has no type for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conventions {
    /// `SQLite`: an integer column whose name ends so holds a time.
    pub time_suffix: Option<&'static str>,
}

/// All tables of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogicalSchema {
    /// The tables by name.
    pub tables: BTreeMap<String, LogicalTable>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogicalTable {
    /// The columns by name.
    pub columns: BTreeMap<String, LogicalColumn>,
    /// The columns of the primary key in key order; none without a key.
    pub primary_key: Vec<String>,
    /// The columns of each unique constraint and each unique index over whole columns.
    pub uniques: BTreeSet<Vec<String>>,
    /// The columns of each other index that has neither condition, expression nor prefix.
    pub indexes: BTreeSet<Vec<String>>,
    /// The foreign keys.
    pub foreign_keys: BTreeSet<LogicalForeignKey>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogicalColumn {
    /// The type.
    pub logical_type: LogicalType,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Whether it may be left out of an INSERT although it takes no NULL.
    pub has_default: bool,
    /// Whether it is computed from others.
    pub is_generated: bool,
}

/// One foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LogicalForeignKey {
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The referenced table.
    pub referenced_table: String,
    /// The referenced columns.
    pub referenced_columns: Vec<String>,
    /// What deleting the referenced row does; never `Restrict`, which `InnoDB` cannot tell from
    /// `NoAction`.
    pub on_delete: Action,
    /// What changing the referenced key does; never `Restrict`.
    pub on_update: Action,
}

impl LogicalSchema {
    /// The logical schema of what an engine declares.
    #[must_use]
    pub fn of(schema: &Schema, conventions: Conventions) -> Self {
        let logical = |table| logical_table(schema.dialect, conventions, table);
        let tables = schema.tables.iter().map(|(name, table)| (name.to_string(), logical(table)));
        Self { tables: tables.collect() }
    }
}

fn logical_table(dialect: Dialect, conventions: Conventions, table: &Table) -> LogicalTable {
    let limits = limits::of(dialect, table);
    let columns = table.columns.iter().map(|column| {
        let limits = limits.get(&column.name).map(Vec::as_slice).unwrap_or_default();
        let logical_type = types::of(dialect, conventions, column, limits);
        (column.name.clone(), logical_column(dialect, table, column, logical_type))
    });
    let (unique_indexes, indexes): (Vec<_>, Vec<_>) = table
        .indexes
        .iter()
        .filter(|index| !is_implicit(dialect, index, &table.foreign_keys))
        .filter_map(|index| whole_columns(index).map(|columns| (index.unique, columns)))
        .partition(|(unique, _)| *unique);
    let uniques = table.uniques.iter().map(|unique| unique.columns.clone());
    LogicalTable {
        columns: columns.collect(),
        primary_key: table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default(),
        uniques: uniques.chain(unique_indexes.into_iter().map(|(_, columns)| columns)).collect(),
        indexes: indexes.into_iter().map(|(_, columns)| columns).collect(),
        foreign_keys: table.foreign_keys.iter().map(logical_foreign_key).collect(),
    }
}

fn logical_column(
    dialect: Dialect,
    table: &Table,
    column: &Column,
    logical_type: LogicalType,
) -> LogicalColumn {
    let numbers_rows = dialect == Dialect::Sqlite && is_rowid(table, column);
    LogicalColumn {
        logical_type,
        nullable: column.nullable && !numbers_rows,
        has_default: column.default.is_some() || column.identity.is_some() || numbers_rows,
        is_generated: column.generated.is_some(),
    }
}

/// `SQLite`'s INTEGER PRIMARY KEY takes no NULL, though the catalog says so, and numbers the rows.
fn is_rowid(table: &Table, column: &Column) -> bool {
    let is_only_key =
        table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.as_str()]);
    is_only_key && !table.options.without_rowid && column.data_type.eq_ignore_ascii_case("INTEGER")
}

/// `InnoDB` makes an index for a foreign key that has none, and names it after the key.
fn is_implicit(dialect: Dialect, index: &Index, keys: &[ForeignKey]) -> bool {
    matches!(dialect, Dialect::MySql | Dialect::MariaDb)
        && keys.iter().any(|key| {
            key.name.as_deref() == Some(&index.name)
                && whole_columns(index).as_ref() == Some(&key.columns)
        })
}

fn whole_columns(index: &Index) -> Option<Vec<String>> {
    let is_total = index.predicate.is_none();
    let columns = index.parts.iter().map(|part| part.whole_column().map(str::to_owned));
    columns.collect::<Option<Vec<_>>>().filter(|_| is_total)
}

fn logical_foreign_key(key: &ForeignKey) -> LogicalForeignKey {
    let action = |action| if action == Action::Restrict { Action::NoAction } else { action };
    LogicalForeignKey {
        columns: key.columns.clone(),
        referenced_table: key.referenced_table.clone(),
        referenced_columns: key.referenced_columns.clone(),
        on_delete: action(key.on_delete),
        on_update: action(key.on_update),
    }
}
