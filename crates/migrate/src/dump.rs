//! A live schema as SQL text that makes it again, read by catalog queries alone.

mod compare;
mod drops;
mod mysql;
mod order;
mod partitions;
mod postgres;
pub(crate) mod rows;
mod scope;
mod session;
mod sqlite;
mod untold;

use artisan_schema::Scope;
use serde::Serialize;

pub use compare::Drift;
pub(crate) use compare::compare;
pub(crate) use drops::drops;
pub(crate) use rows::Contents;
use session::{Sessions, Written};
pub(crate) use untold::Untold;

use crate::backend::{Backend, Failure};
use crate::split::{delimited, ends_in_comment};
use crate::{Engine, Error};

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
    /// What of it the text says wrongly, as the server shows it as `?`.
    #[serde(skip)]
    pub(crate) untold: Vec<Untold>,
    #[serde(skip)]
    sessions: Sessions,
}

impl SchemaReport {
    /// The whole text for the engine's own client: those of `MySQL` and `MariaDB` cut at every semicolon where no
    /// `DELIMITER` says otherwise, and their sessions have not the modes that the runner's have.
    #[must_use]
    pub fn for_client(&self) -> String {
        if ![Engine::MySql, Engine::MariaDb].iter().any(|engine| engine.name() == self.engine) {
            return self.sql.clone();
        }
        let mut sql = notes(&self.unmanaged);
        self.sessions.append(&mut sql, &self.objects, Written::ForClient);
        sql
    }

    /// Fails with [`Error::Usage`] where the text would make something else than is there, of what is in scope.
    pub(crate) fn check_told(&self, scope: &Scope) -> Result<(), Error> {
        let untold = self.untold.iter().filter(|one| scope.includes(&one.table));
        let untold: Vec<&str> = untold.map(|one| one.what.as_str()).collect();
        if untold.is_empty() {
            return Ok(());
        }
        let message = format!(
            "nothing was written: {}: what is made from that would have question marks for them; let a user ask who may \
             read the tables and make temporary ones, or write it by hand",
            untold.join("; ")
        );
        Err(Error::usage("NOT_TOLD", message))
    }

    /// What objects keep of unusual sessions, as objects that can be compared.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = SchemaObject> {
        self.sessions.objects()
    }
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
    let plain = |(objects, unmanaged): Found| mysql::Read {
        objects,
        unmanaged,
        untold: Vec::new(),
        sessions: Sessions::default(),
    };
    let found = match engine {
        Engine::Sqlite => plain(sqlite::read(backend).await?),
        Engine::MySql | Engine::MariaDb => mysql::read(backend).await?,
        Engine::Postgres => plain(postgres::read(backend).await?),
    };
    let mysql::Read { mut objects, unmanaged, untold, sessions } = found;
    objects.retain(|object| object.kind != "schema" || !provided.contains(&object.name));
    let engine = engine.name();
    let mut sql = notes(&unmanaged);
    sessions.append(&mut sql, &objects, Written::Varied);
    let sql = framed(engine, &objects, sql);
    Ok(SchemaReport { engine, sql, objects, unmanaged, untold, sessions })
}

/// The schema and the rows as one text: rows go in behind tables and sequences, before what would look at them.
pub(crate) fn with_rows(schema: &SchemaReport, contents: &Contents) -> String {
    let SchemaReport { objects, sessions, .. } = schema;
    let last = objects.iter().rposition(|object| matches!(object.kind, "table" | "sequence"));
    let (before, after) = objects.split_at(last.map_or(0, |last| last + 1));
    let mut sql = notes(&schema.unmanaged);
    sessions.append(&mut sql, before, Written::Unusual);
    for statement in contents.statements() {
        append(&mut sql, &statement);
    }
    sessions.append(&mut sql, after, Written::Unusual);
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

/// How a live schema differs from the one that files make, object by object, and by what objects keep of the
/// sessions that made them.
pub(crate) fn differences(files: &SchemaReport, live: &SchemaReport) -> Vec<Drift> {
    let mut differences = compare(&files.objects, &live.objects);
    differences.retain(|difference| !difference.is_of_writing_only(files.engine));
    differences.extend(files.sessions.drift(&live.sessions, &files.objects));
    differences
}

/// How a live schema has drifted from the one that files make, and what was not looked at, in words: single partitions
/// that differ, which come and go without a revision, and what the server shows as `?`.
pub(crate) fn drift(files: &SchemaReport, live: &SchemaReport) -> (Vec<Drift>, Vec<String>) {
    let mut differences = differences(files, live);
    let mut unseen = partitions::take_out(&mut differences, [files, live]);
    unseen.extend(untold::take_out(&mut differences, live));
    (differences, unseen)
}

/// What an engine's reader finds: the objects, and what it had to leave out.
type Found = (Vec<SchemaObject>, Vec<String>);

fn notes(unmanaged: &[String]) -> String {
    let lines: Vec<String> =
        unmanaged.iter().map(|what| format!("-- not in this text: {what}\n")).collect();
    lines.concat()
}

fn append_delimited(text: &mut String, sql: &str) {
    if let Some(delimited) = delimited(sql) {
        text.push('\n');
        text.push_str(&delimited);
    } else {
        append(text, sql);
    }
}

fn append(text: &mut String, sql: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(sql);
    text.push_str(if ends_in_comment(sql) { "\n;\n" } else { ";\n" });
}

/// Whether a table belongs to a migration runner and not to the application.
fn is_bookkeeping(name: &str, applied: &str) -> bool {
    let applied = applied.rsplit('.').next().unwrap_or(applied);
    let applied = applied.trim_matches(['"', '`']);
    name.starts_with("_migrate_")
        || ["_sqlx_migrations", "alembic_version", applied].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_need_not_be_told() {
        let table = |name: &str, sql: &str| SchemaObject {
            kind: "table",
            name: name.to_owned(),
            sql: sql.to_owned(),
        };
        let schema = SchemaReport {
            engine: Engine::MySql.name(),
            sql: String::new(),
            objects: vec![table("legacy", "a ENUM('?')"), table("t", "a ENUM('x')")],
            unmanaged: Vec::new(),
            untold: vec![Untold { table: "legacy".to_owned(), what: "values of a".to_owned() }],
            sessions: Sessions::default(),
        };
        assert!(schema.check_told(&Scope::application()).is_err());
        let scope = Scope::application().ignoring(["legacy".to_owned()]);
        assert!(schema.check_told(&scope).is_ok());
    }
}
