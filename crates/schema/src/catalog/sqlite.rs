//! `SQLite`: the CREATE statements that it keeps, which say all that there is to say.
//!
//! Pragmas do not show checks, collations, generated expressions, constraint names, deferral and conflict
//! clauses; the texts show everything, and one question gives them.

mod create_index;
mod create_table;
mod definitions;
mod expression;
mod names;
mod parts;

use std::collections::BTreeMap;

use sqlx::{Connection, Row, SqliteConnection};

pub(crate) use self::create_table::{CreateTable, DefaultText, Known};
use self::definitions::Found;
pub(crate) use self::definitions::dropped;
pub(crate) use self::names::{in_quotes, is_bare, literal, quoted};
use crate::model::{Dialect, Kind, Name, Opaque, Schema, Space, Table, Written};
use crate::{Error, Scope};

/// What is asked of the catalog, object by object.
struct Object {
    kind: String,
    name: String,
    owner: String,
    sql: String,
}

impl Object {
    fn found(self, kind: Kind) -> Found {
        Found { kind, name: self.name, owner: self.owner, sql: self.sql }
    }
}

/// Reads the main database of the connection, in one snapshot.
///
/// # Errors
/// [`Error::Catalog`] if a question fails, [`Error::Definition`] if a CREATE statement is not
/// understood.
pub async fn read(connection: &mut SqliteConnection, scope: &Scope) -> Result<Schema, Error> {
    let mut snapshot = connection.begin().await.map_err(refused)?;
    let objects = objects(&mut snapshot).await.map_err(refused)?;
    let modules = modules(&mut snapshot).await.map_err(refused)?;
    snapshot.rollback().await.map_err(refused)?;
    let (included, others) =
        objects.into_iter().partition(|object: &Object| scope.includes(&object.owner));
    let mut schema = schema(included, &modules)?;
    let others: Vec<Object> = others;
    schema.passed_over.0.extend(others.into_iter().map(|object| object.name));
    Ok(schema)
}

async fn objects(connection: &mut SqliteConnection) -> Result<Vec<Object>, sqlx::Error> {
    let rows = sqlx::query(include_str!("sqlite/objects.sql")).fetch_all(connection).await?;
    let objects = rows.iter().map(|row| {
        Ok(Object {
            kind: row.try_get("kind")?,
            name: row.try_get("name")?,
            owner: row.try_get("owner")?,
            sql: row.try_get("statement")?,
        })
    });
    objects.collect()
}

/// Virtual tables and those behind them, and which they are.
async fn modules(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let rows = sqlx::query(include_str!("sqlite/modules.sql")).fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("kind")?))).collect()
}

fn schema(objects: Vec<Object>, modules: &BTreeMap<String, String>) -> Result<Schema, Error> {
    let mut schema = Schema::empty(Dialect::Sqlite);
    let (mut indexes, mut definitions) = (Vec::new(), Vec::new());
    for object in objects {
        if let Some(kind) = modules.get(&object.owner) {
            if object.kind == "table" {
                // The tables behind a virtual one come and go with it. None of them becomes an ordinary table.
                let key = (Space::Relation, Name::local(&object.name));
                let opaque = Opaque { kind: format!("{kind} table"), shape: None };
                schema.opaques.0.insert(key, opaque);
                if kind == "virtual" {
                    definitions.push(object.found(Kind::VirtualTable));
                }
            }
            continue;
        }
        match object.kind.as_str() {
            "table" => {
                let table = table(&object)?;
                schema.tables.insert(Name::local(object.name), table);
            }
            "index" => indexes.push(object),
            "view" => definitions.push(object.found(Kind::View)),
            _ => definitions.push(object.found(Kind::Trigger)),
        }
    }
    for index in indexes {
        add_index(&mut schema, &index)?;
    }
    let known = Known::of(&schema.tables);
    schema.tables.values_mut().for_each(|table| known.resolve(table));
    let added = definitions::add(&mut schema, definitions);
    added.map_err(|(object, at)| Error::Definition { object, at })?;
    Ok(schema)
}

fn table(object: &Object) -> Result<Table, Error> {
    let read = CreateTable::parse(&object.sql);
    let read =
        read.map_err(|at| Error::Definition { object: format!("table {}", object.name), at })?;
    Ok(Table { written: Written(Some(object.sql.clone())), ..read.table })
}

fn add_index(schema: &mut Schema, index: &Object) -> Result<(), Error> {
    let Some(table) = schema.tables.get_mut(&Name::local(&index.owner)) else { return Ok(()) };
    let read = create_index::parse(&index.name, (&index.owner, table), &index.sql);
    let read =
        read.map_err(|at| Error::Definition { object: format!("index {}", index.name), at })?;
    table.indexes.push(read);
    Ok(())
}

fn refused(source: sqlx::Error) -> Error {
    Error::Catalog { dialect: Dialect::Sqlite, source }
}
