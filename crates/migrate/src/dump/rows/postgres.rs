use super::super::{SchemaObject, postgres};
use super::{Column, Contents, Table, TableRows, read_table, read_unmanaged};
use crate::backend::{Backend, Failure, Kind};

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    backend.run("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let found = in_snapshot(backend).await;
    // Rolled back, never committed: the tables are to be as they were.
    let ended = backend.run("ROLLBACK").await;
    let found = found?;
    ended.map(|()| found)
}

async fn in_snapshot(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    let search_path = search_path(backend).await?;
    backend.run("SET LOCAL search_path = ''").await?;
    let sql = postgres::asked(backend, include_str!("postgres/unmanaged.sql"));
    let unmanaged = read_unmanaged(backend, &sql).await?;
    let mut contents = Contents { search_path, unmanaged, ..Contents::default() };
    // Rows of others might not be seen, and nothing is written in this case.
    if !contents.unmanaged.is_empty() {
        return Ok(contents);
    }
    show_all_rows(backend).await?;
    for table in &tables(backend).await? {
        let rows = if table.columns.is_empty() {
            rows_without_columns(backend, table).await?
        } else {
            read_table(backend, table).await?
        };
        contents.tables.extend(rows);
    }
    let sql = postgres::asked(backend, include_str!("postgres/sequences.sql"));
    for row in backend.read(&sql, &[], &[Kind::Text; 2]).await? {
        contents.states.extend(sequence(backend, row.text(0)?, row.text(1)?).await?);
    }
    Ok(contents)
}

/// The setting, and the schema in which names without one are made; empty if there is none.
pub(crate) async fn search_path(backend: &mut dyn Backend) -> Result<(String, String), Failure> {
    let sql = "SELECT current_setting('search_path'), coalesce(current_schema()::text, '')";
    let rows = backend.read(sql, &[], &[Kind::Text; 2]).await?;
    let row = rows.first().ok_or_else(|| Failure::shape(0))?;
    Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
}

/// Lets the owner see the rows that `FORCE ROW LEVEL SECURITY` hides, until the transaction ends.
///
/// Should any be hidden still, the server is to fail and not to leave them out
/// (<https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-ROW-SECURITY>).
async fn show_all_rows(backend: &mut dyn Backend) -> Result<(), Failure> {
    let sql = postgres::asked(backend, include_str!("postgres/forced.sql"));
    for row in backend.read(&sql, &[], &[Kind::Text]).await? {
        let table = row.text(0)?;
        backend.run(&format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")).await?;
    }
    backend.run("SET LOCAL row_security = off").await
}

async fn tables(backend: &mut dyn Backend) -> Result<Vec<Table>, Failure> {
    let sql = postgres::asked(backend, include_str!("postgres/columns.sql"));
    let mut tables: Vec<Table> = Vec::new();
    for row in backend.read(&sql, &[], &[Kind::Text; 5]).await? {
        let (table, source, column) = (row.text(0)?, row.text(1)?, row.text(2)?);
        if tables.last().is_none_or(|last| last.name != table) {
            let (name, target, source) = (table.to_owned(), table.to_owned(), source.to_owned());
            tables.push(Table { name, target, source, columns: Vec::new(), overriding: "" });
        }
        if let Some(last) = tables.last_mut().filter(|_| !column.is_empty()) {
            let (name, literal) = (column.to_owned(), row.text(3)?.to_owned());
            last.columns.push(Column { name, literal });
            if row.text(4)? == "a" {
                last.overriding = " OVERRIDING SYSTEM VALUE";
            }
        }
    }
    Ok(tables)
}

/// As many rows as there are, where no column has a value to tell them apart.
async fn rows_without_columns(
    backend: &mut dyn Backend,
    table: &Table,
) -> Result<Option<TableRows>, Failure> {
    let sql = format!("SELECT count(*)::text FROM {}", table.source);
    let counted = backend.read(&sql, &[], &[Kind::Text]).await?;
    let count = counted.first().ok_or_else(|| Failure::shape(0))?.text(0)?;
    let rows = vec![format!("SELECT FROM pg_catalog.generate_series(1, {count})")];
    let head = format!("INSERT INTO {}", table.target);
    Ok((count != "0").then(|| TableRows { name: table.name.clone(), head, rows }))
}

/// A sequence that does not stand at its start: used, set or restarted.
///
/// `pg_sequences.last_value` is null unless it was used, so that the sequence itself is asked.
async fn sequence(
    backend: &mut dyn Backend,
    name: &str,
    start: &str,
) -> Result<Option<SchemaObject>, Failure> {
    let sql = format!("SELECT last_value::text, is_called::text FROM {name}");
    let rows = backend.read(&sql, &[], &[Kind::Text; 2]).await?;
    let row = rows.first().ok_or_else(|| Failure::shape(0))?;
    let (last, is_called) = (row.text(0)?, row.text(1)?);
    if (last, is_called) == (start, "false") {
        return Ok(None);
    }
    let literal = name.replace('\'', "''");
    let sql = format!("SELECT pg_catalog.setval('{literal}', {last}, {is_called})");
    Ok(Some(SchemaObject { kind: "state of sequence", name: name.to_owned(), sql }))
}
