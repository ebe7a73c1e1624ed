use super::super::{Backend, Failure, FailureKind, Kind, Value};
use super::Postgres;
use crate::statement::{Object, ObjectKind};

/// A table's index of this name, with whether it is valid; if there is no name, those whose name the
/// server may have made up. What another session is building is none of ours.
const INDEXES: &str = "SELECT coalesce(string_agg(c.oid::regclass || ' ' || i.indisvalid, E'\\n' \
     ORDER BY c.relname), '') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
     JOIN pg_class t ON t.oid = i.indrelid \
     WHERE t.oid = to_regclass(?) AND CASE WHEN ? = '' THEN c.relname ~ '_(idx|key)[0-9]*$' \
     AND left(c.relname, 20) LIKE left(t.relname, 19) || '%' ELSE c.relname = ?::name END \
     AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.pid <> pg_backend_pid() \
     AND p.index_relid = c.oid)";

/// What REINDEX … CONCURRENTLY builds beside an index, or leaves of it: on a table, or in a schema, or
/// anywhere. What another session is building is none of ours.
const REBUILT: &str = "SELECT coalesce(string_agg(c.oid::regclass || ' ' || i.indisvalid, E'\\n' \
     ORDER BY c.relname), '') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
     WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND (? = '' \
     OR c.relnamespace = to_regnamespace(nullif(?, '')) OR i.indrelid IN (SELECT to_regclass(nullif(?, '')) UNION ALL \
     SELECT o.indrelid FROM pg_index o WHERE o.indexrelid = to_regclass(nullif(?, '')))) \
     AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.pid <> pg_backend_pid() \
     AND p.relid = i.indrelid)";

/// Whether a table is a partition, and on its way out.
const PARTITION: &str = "SELECT coalesce(string_agg(inhparent::regclass::text || ' ' || \
     coalesce(to_jsonb(h) ->> 'inhdetachpending', 'false'), ', '), '') \
     FROM pg_inherits h WHERE inhrelid = to_regclass(?)";

/// What a schema's name is marked by among the names of tables.
const SCHEMA: &str = "SCHEMA ";

const INDEX: &str = "SELECT coalesce(to_regclass(?)::text, '')";

pub(super) async fn picture(
    postgres: &mut Postgres,
    objects: &[Object],
) -> Result<String, Failure> {
    let mut picture = String::new();
    for object in objects {
        picture.push_str(&picture_of(postgres, object, objects).await?);
        picture.push('\n');
    }
    Ok(picture)
}

async fn picture_of(
    postgres: &mut Postgres,
    object: &Object,
    objects: &[Object],
) -> Result<String, Failure> {
    let name = Value::Text(&object.name);
    let bare = bare(name_of(objects, ObjectKind::Named));
    let only = Value::Text(&bare);
    let (sql, values) = match object.kind {
        ObjectKind::IndexesOf => (INDEXES, vec![name, only, only]),
        ObjectKind::Rebuilt => {
            let schema = object.name.strip_prefix(SCHEMA);
            let table = if schema.is_some() { Value::Text("") } else { name };
            (REBUILT, vec![name, Value::Text(schema.unwrap_or_default()), table, table])
        }
        ObjectKind::Partition => (PARTITION, vec![name]),
        ObjectKind::PartitionOf | ObjectKind::Named => return Ok(String::new()),
        ObjectKind::Index
        | ObjectKind::Table
        | ObjectKind::Identity
        | ObjectKind::Trigger
        | ObjectKind::Procedure
        | ObjectKind::Function
        | ObjectKind::Event
        | ObjectKind::Database => (INDEX, vec![name]),
    };
    let rows = postgres.read(sql, &values, &[Kind::Text]).await?;
    Ok(rows.first().and_then(|row| row.find_text(0)).unwrap_or_default().to_owned())
}

fn name_of(objects: &[Object], kind: ObjectKind) -> &str {
    objects.iter().find(|object| object.kind == kind).map_or("", |object| object.name.as_str())
}

/// A name as the catalog has it.
fn bare(name: &str) -> String {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => name.to_lowercase(),
    }
}

/// Removes invalid indexes that were not there before, and ends a detaching that was begun.
pub(super) async fn tidy(
    postgres: &mut Postgres,
    objects: &[Object],
    before: &str,
) -> Result<(), Failure> {
    // The file may have limited its own statements.
    let sql = "SELECT current_setting('statement_timeout')";
    let rows = postgres.read(sql, &[], &[Kind::Text]).await?;
    let limit = rows.first().and_then(|row| row.find_text(0)).unwrap_or("0").to_owned();
    postgres.run("SET statement_timeout = 0").await?;
    let tidied = tidy_all(postgres, objects, before).await;
    if tidied.as_ref().is_err_and(|failure| failure.kind == FailureKind::Lost) {
        return tidied;
    }
    postgres.run(&format!("SET statement_timeout = '{limit}'")).await?;
    tidied
}

async fn tidy_all(
    postgres: &mut Postgres,
    objects: &[Object],
    before: &str,
) -> Result<(), Failure> {
    for object in objects {
        let now = picture_of(postgres, object, objects).await?;
        match object.kind {
            ObjectKind::IndexesOf | ObjectKind::Rebuilt => {
                for line in now.lines().filter(|line| !before.lines().any(|old| old == *line)) {
                    if let Some(index) = line.strip_suffix(" false") {
                        postgres.run(&format!("DROP INDEX CONCURRENTLY {index}")).await?;
                    }
                }
            }
            ObjectKind::Partition if now.ends_with(" true") => {
                let (part, parent) = (&object.name, name_of(objects, ObjectKind::PartitionOf));
                let sql = format!("ALTER TABLE {parent} DETACH PARTITION {part} FINALIZE");
                postgres.run(&sql).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// `IF NOT EXISTS` is content with an invalid index.
pub(super) async fn check_made(postgres: &mut Postgres, objects: &[Object]) -> Result<(), Failure> {
    let Some(table) = objects.iter().find(|object| object.kind == ObjectKind::IndexesOf) else {
        return Ok(());
    };
    if name_of(objects, ObjectKind::Named).is_empty() {
        return Ok(());
    }
    let made = picture_of(postgres, table, objects).await?;
    let Some(index) = made.strip_suffix(" false") else { return Ok(()) };
    let message = format!(
        "the index {index} is there already and is invalid, as an earlier attempt left it: run `DROP \
         INDEX CONCURRENTLY {index}`, then run again"
    );
    Err(Failure::new(FailureKind::Statement, message))
}
