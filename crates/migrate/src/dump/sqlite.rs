use super::{Found, SchemaObject, is_bookkeeping};
use crate::Engine;
use crate::backend::{Backend, Failure, Kind};
use crate::split::significant;

/// `SQLite` keeps every statement as it was written. Tables that a virtual table makes for itself
/// (`pragma_table_list`, <https://www.sqlite.org/pragma.html#pragma_table_list>) come with it.
const SQL: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN \
    (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')";

/// Without the comment behind it, which `SQLite` keeps of a statement that no semicolon ends.
fn without_end(sql: &str) -> &str {
    let end = significant(Engine::Sqlite, sql).last().map(|last| last.end);
    end.and_then(|end| sql.get(..end)).unwrap_or(sql).trim()
}

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Found, Failure> {
    let applied = backend.dialect().applied.clone();
    let rows = backend.read(SQL, &[], &[Kind::Text; 4]).await?;
    let mut objects = Vec::with_capacity(rows.len());
    for row in rows {
        if is_bookkeeping(row.text(2)?, &applied) {
            continue;
        }
        let kind = match row.text(0)? {
            "table" => "table",
            "index" => "index",
            "view" => "view",
            _ => "trigger",
        };
        let (name, sql) = (row.text(1)?.to_owned(), without_end(row.text(3)?).to_owned());
        objects.push(SchemaObject { kind, name, sql });
    }
    // References are resolved when they are used, so that kinds need an order and names do not.
    let stage = |kind| ["table", "index", "view", "trigger"].iter().position(|k| *k == kind);
    objects.sort_by(|a, b| (stage(a.kind), &a.name).cmp(&(stage(b.kind), &b.name)));
    Ok((objects, Vec::new()))
}
