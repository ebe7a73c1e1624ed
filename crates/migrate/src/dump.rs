//! A live schema as SQL text that makes it again, read by catalog queries alone.

mod compare;
mod drops;
mod mysql;
mod order;
mod postgres;
pub(crate) mod rows;
mod sqlite;

use serde::Serialize;

pub use compare::Drift;
pub(crate) use compare::compare;
pub(crate) use drops::drops;
pub(crate) use rows::Contents;

use crate::Engine;
use crate::backend::{Backend, Failure};

/// A schema as SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemaReport {
    /// The engine's name.
    pub engine: &'static str,
    /// The whole text: every object's statement, in an order in which they can run.
    pub sql: String,
    /// The objects one by one, in the order of the text.
    pub objects: Vec<SchemaObject>,
    /// What the text leaves out.
    pub unmanaged: Vec<String>,
}

/// One object of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemaObject {
    /// `table`, `index`, `view`, `foreign key` and so on.
    pub kind: &'static str,
    /// The name, with that of its schema or table where it takes one to tell it apart.
    pub name: String,
    /// The statement that makes it, without a semicolon at its end.
    pub sql: String,
}

/// Reads the schema of the connection's database. Writes nothing.
///
/// The runner's own tables and `alembic_version` are left out, so that a database looks the same
/// whoever migrated it; so are the `provided` schemas, which the runner makes. What `PostgreSQL` tells is one snapshot; `MySQL` and `MariaDB` have none for
/// their catalogs.
pub(crate) async fn read(
    backend: &mut dyn Backend,
    provided: &[String],
) -> Result<SchemaReport, Failure> {
    let engine = backend.engine();
    let (mut objects, unmanaged) = match engine {
        Engine::Sqlite => sqlite::read(backend).await?,
        Engine::MySql | Engine::MariaDb => mysql::read(backend).await?,
        Engine::Postgres => postgres::read(backend).await?,
    };
    objects.retain(|object| object.kind != "schema" || !provided.contains(&object.name));
    let engine = engine.name();
    let sql = framed(engine, &objects, text(&objects, &unmanaged));
    Ok(SchemaReport { engine, sql, objects, unmanaged })
}

/// The schema and the rows as one text: rows go in behind the tables, before what would look at them.
pub(crate) fn with_rows(schema: &SchemaReport, contents: &Contents) -> String {
    let objects: Vec<SchemaObject> =
        schema.objects.iter().map(|object| contents.in_session(object)).collect();
    let tables = objects.iter().rposition(|object| object.kind == "table");
    let (before, after) = objects.split_at(tables.map_or(0, |last| last + 1));
    let mut sql = text(before, &schema.unmanaged);
    for statement in contents.statements() {
        append(&mut sql, &statement);
    }
    let after = text(after, &[]);
    if !after.is_empty() {
        sql = sql + "\n" + &after;
    }
    framed(schema.engine, &schema.objects, sql)
}

/// `PostgreSQL`'s bodies that are texts depend on nothing that the catalog knows of, as `pg_dump` has
/// it too.
fn framed(engine: &str, objects: &[SchemaObject], sql: String) -> String {
    let has_functions = objects.iter().any(|object| object.kind == "function");
    if engine != Engine::Postgres.name() || !has_functions {
        return sql;
    }
    format!("SET check_function_bodies = off;\n\n{sql}\nRESET check_function_bodies;\n")
}

/// What an engine's reader finds: the objects, and what it had to leave out.
type Found = (Vec<SchemaObject>, Vec<String>);

fn text(objects: &[SchemaObject], unmanaged: &[String]) -> String {
    let notes = unmanaged.iter().map(|what| format!("-- not in this text: {what}\n"));
    let mut text: String = notes.collect();
    for object in objects {
        append(&mut text, &object.sql);
    }
    text
}

fn append(text: &mut String, sql: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(sql);
    // A comment at the end would hide the semicolon.
    let last = sql.lines().last().unwrap_or_default();
    text.push_str(if last.contains("--") { "\n;\n" } else { ";\n" });
}

/// Whether a table belongs to a migration runner and not to the application.
fn is_bookkeeping(name: &str, applied: &str) -> bool {
    let applied = applied.rsplit('.').next().unwrap_or(applied);
    let applied = applied.trim_matches(['"', '`']);
    name.starts_with("_migrate_")
        || ["_sqlx_migrations", "alembic_version", applied].contains(&name)
}
