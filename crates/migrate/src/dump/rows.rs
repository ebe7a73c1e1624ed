//! The rows of a database as statements that insert them again, and where its sequences stand; for a
//! database whose every object its reader has made.
//!
//! Each engine's file says which columns a table has and how a value is written as a literal; the
//! server writes it, so that no driver rounds or translates anything.

mod insert;
mod mysql;
mod postgres;
mod sqlite;

pub(crate) use insert::TableRows;
pub(crate) use postgres::search_path;

use super::SchemaObject;
use crate::Engine;
use crate::backend::{Backend, Failure, Kind};

/// What a database holds beside its schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    /// The tables that have rows, in an order in which they can be filled.
    pub(crate) tables: Vec<TableRows>,
    /// On `SQLite`, all tables in such an order: foreign keys are part of them there.
    pub(crate) parents_first: Vec<String>,
    /// What has to run before any rows go in.
    pub(crate) first: Vec<String>,
    /// What brings sequences that were used, and numbers that a file keeps, to where they stand.
    pub(crate) states: Vec<SchemaObject>,
    /// On `PostgreSQL`, the setting and the schema that it comes to.
    pub(crate) search_path: (String, String),
    /// What no statement can be written for.
    pub(crate) unmanaged: Vec<String>,
}

/// A table whose rows are to be read: what the engines' files make.
struct Table {
    name: String,
    /// Its name in statements.
    target: String,
    /// What rows are read from.
    source: String,
    columns: Vec<Column>,
    /// What goes between columns and `VALUES`.
    overriding: &'static str,
}

/// A column, and the expression that writes its value as a literal.
struct Column {
    name: String,
    literal: String,
}

impl Contents {
    /// The statements, in an order in which they can run once the tables are there.
    pub(crate) fn statements(&self) -> Vec<String> {
        let tables = self.tables.iter().flat_map(TableRows::statements);
        let states = self.states.iter().map(|state| state.sql.clone());
        self.first.iter().cloned().chain(tables).chain(states).collect()
    }

    /// The same as objects that can be compared: the order of rows does not count.
    pub(crate) fn objects(&self) -> Vec<SchemaObject> {
        let tables = self.tables.iter().map(TableRows::object);
        tables.chain(self.states.iter().cloned()).collect()
    }
}

/// Reads all rows of all tables but the runner's own. Writes nothing.
pub(crate) async fn read(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    match backend.engine() {
        Engine::Sqlite => sqlite::read(backend).await,
        Engine::MySql | Engine::MariaDb => mysql::read(backend).await,
        Engine::Postgres => postgres::read(backend).await,
    }
}

/// The rows of a table, or nothing where it has none.
async fn read_table(
    backend: &mut dyn Backend,
    table: &Table,
) -> Result<Option<TableRows>, Failure> {
    let literals: Vec<&str> = table.columns.iter().map(|column| column.literal.as_str()).collect();
    if literals.is_empty() {
        return Ok(None);
    }
    let sql = format!("SELECT {} FROM {}", literals.join(", "), table.source);
    let kinds = vec![Kind::Text; literals.len()];
    let mut rows = Vec::new();
    for row in backend.read(&sql, &[], &kinds).await? {
        let values = (0..literals.len()).map(|at| row.text(at));
        rows.push(format!("({})", values.collect::<Result<Vec<_>, _>>()?.join(", ")));
    }
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let head =
        format!("INSERT INTO {} ({}){} VALUES", table.target, names.join(", "), table.overriding);
    Ok((!rows.is_empty()).then(|| TableRows { name: table.name.clone(), head, rows }))
}

/// What no statement is written for: rights, and owners other than the reader.
async fn read_unmanaged(backend: &mut dyn Backend, sql: &str) -> Result<Vec<String>, Failure> {
    let rows = backend.read(sql, &[], &[Kind::Text]).await?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}
