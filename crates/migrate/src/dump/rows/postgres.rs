use super::super::{SchemaObject, postgres};
use super::{Column, Contents, Table, read_table, read_unmanaged};
use crate::backend::{Backend, Failure, Kind};

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    backend.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let found = in_snapshot(backend).await;
    let ended = backend.run("ROLLBACK").await;
    let found = found?;
    ended.map(|()| found)
}

async fn in_snapshot(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    backend.run("SET LOCAL search_path = ''").await?;
    let sql = postgres::asked(backend, include_str!("postgres/columns.sql"));
    let mut tables: Vec<Table> = Vec::new();
    for row in backend.read(&sql, &[], &[Kind::Text; 5]).await? {
        let (table, source) = (row.text(0)?, row.text(1)?);
        if tables.last().is_none_or(|last| last.name != table) {
            let (name, target, source) = (table.to_owned(), table.to_owned(), source.to_owned());
            tables.push(Table { name, target, source, columns: Vec::new(), overriding: "" });
        }
        if let Some(last) = tables.last_mut() {
            let (name, literal) = (row.text(2)?.to_owned(), row.text(3)?.to_owned());
            last.columns.push(Column { name, literal });
            if row.text(4)? == "a" {
                last.overriding = " OVERRIDING SYSTEM VALUE";
            }
        }
    }
    let mut contents = Contents::default();
    for table in &tables {
        contents.tables.extend(read_table(backend, table).await?);
    }
    let sql = postgres::asked(backend, include_str!("postgres/sequences.sql"));
    for row in backend.read(&sql, &[], &[Kind::Text; 2]).await? {
        let (name, sql) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
        contents.states.push(SchemaObject { kind: "state of sequence", name, sql });
    }
    let sql = postgres::asked(backend, include_str!("postgres/unmanaged.sql"));
    contents.unmanaged = read_unmanaged(backend, &sql).await?;
    Ok(contents)
}
