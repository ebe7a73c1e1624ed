//! `PostgreSQL`: `pg_catalog`, which prints definitions itself; the search path is empty meanwhile,
//! so that every name is qualified.

use std::collections::HashMap;

use artisan_schema::ddl::faithful;

use super::{Found, SchemaObject, order};
use crate::backend::{Backend, Failure, Kind};

/// What is asked, in the order that it takes where nothing depends on anything: each answers
/// `(key, name, sql)`, where the key names the object in `needs.sql`.
const QUESTIONS: [(&str, &str); 23] = [
    ("schema", include_str!("postgres/schemas.sql")),
    ("extension", include_str!("postgres/extensions.sql")),
    ("collation", include_str!("postgres/collations.sql")),
    ("enum", include_str!("postgres/enums.sql")),
    ("type", include_str!("postgres/composites.sql")),
    ("domain", include_str!("postgres/domains.sql")),
    ("sequence", include_str!("postgres/sequences.sql")),
    ("function", include_str!("postgres/functions.sql")),
    ("aggregate", include_str!("postgres/aggregates.sql")),
    ("table", include_str!("postgres/tables.sql")),
    ("view", include_str!("postgres/views.sql")),
    ("view column", include_str!("postgres/view_columns.sql")),
    ("sequence owner", include_str!("postgres/sequence_owners.sql")),
    ("storage", include_str!("postgres/storage.sql")),
    ("index", include_str!("postgres/indexes.sql")),
    ("replica identity", include_str!("postgres/replica_identities.sql")),
    ("check", include_str!("postgres/unvalidated.sql")),
    ("foreign key", include_str!("postgres/foreign_keys.sql")),
    ("rule", include_str!("postgres/rules.sql")),
    ("trigger", include_str!("postgres/triggers.sql")),
    ("row security", include_str!("postgres/row_security.sql")),
    ("policy", include_str!("postgres/policies.sql")),
    ("comment", include_str!("postgres/comments.sql")),
];

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Found, Failure> {
    backend.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let found = in_snapshot(backend).await;
    // Rolled back, never committed: the search path was set for this transaction only.
    let ended = backend.run("ROLLBACK").await;
    let found = found?;
    ended.map(|()| found)
}

async fn in_snapshot(backend: &mut dyn Backend) -> Result<Found, Failure> {
    backend.run("SET LOCAL search_path = ''").await?;
    let mut places = HashMap::new();
    let mut items = Vec::new();
    for (stage, (kind, question)) in QUESTIONS.iter().enumerate() {
        let sql = asked(backend, question);
        for row in backend.read(&sql, &[], &[Kind::Text; 3]).await? {
            let (name, sql) = (row.text(1)?.to_owned(), statement(kind, row.text(2)?));
            places.insert(row.text(0)?.to_owned(), items.len());
            items.push((stage, name, sql, *kind));
        }
    }
    let mut needs = Vec::new();
    let question = asked(backend, include_str!("postgres/needs.sql"));
    for row in backend.read(&question, &[], &[Kind::Text; 2]).await? {
        if let (Some(item), Some(needed)) = (places.get(row.text(0)?), places.get(row.text(1)?)) {
            needs.push((*item, *needed));
        }
    }
    let ordered = order::by_need(items, &needs).into_iter();
    let objects = ordered.map(|(_, name, sql, kind)| SchemaObject { kind, name, sql });
    let question = asked(backend, include_str!("postgres/unmanaged.sql"));
    let unmanaged = backend.read(&question, &[], &[Kind::Text]).await?;
    let unmanaged = unmanaged.iter().map(|row| row.text(0).map(str::to_owned));
    Ok((objects.collect(), unmanaged.collect::<Result<_, _>>()?))
}

/// A statement as it is; what `PostgreSQL` prints of expressions, so that it reads the same again.
fn statement(kind: &str, sql: &str) -> String {
    // The body of a function is not printed but kept, and a comment is a text.
    if matches!(kind, "function" | "comment") { sql.to_owned() } else { faithful(sql) }
}

/// Fills in which schemas (`n`) and relations (`c`) are looked at.
pub(super) fn asked(backend: &dyn Backend, question: &str) -> String {
    let applied = backend.dialect().applied.replace('"', "");
    let applied = applied.rsplit('.').next().unwrap_or(&applied).replace('\'', "''");
    let schemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    let relations = format!(
        "{schemas} AND left(c.relname, 9) <> '_migrate_' \
         AND c.relname NOT IN ('_sqlx_migrations', 'alembic_version', '{applied}') \
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' \
         AND e.classid = 'pg_class'::regclass AND e.objid = c.oid)"
    );
    question.replace("{schemas}", schemas).replace("{relations}", &relations)
}
