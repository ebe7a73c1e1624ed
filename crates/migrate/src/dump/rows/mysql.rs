mod counter;

use super::super::mysql::sessions;
use super::super::session::{CLIENT, Session};
use super::super::{SchemaObject, is_bookkeeping};
use super::{Column, Contents, Table, read_table, read_unmanaged};
use crate::backend::{Backend, Failure, Kind, backquoted};

/// Tables and the columns that are stored as they are given.
const COLUMNS: &str = "SELECT CAST(c.table_name AS CHAR(255)), CAST(c.column_name AS CHAR(255)), \
    CAST(LOWER(c.data_type) AS CHAR(255)) FROM information_schema.columns c \
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
    WHERE c.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') \
    AND COALESCE(c.generation_expression, '') = '' ORDER BY c.table_name, c.ordinal_position";

const SEQUENCES: &str = "SELECT CAST(table_name AS CHAR(255)) FROM information_schema.tables \
    WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE' ORDER BY 1";

const VERSIONED: &str = "SELECT CAST(table_name AS CHAR(255)) FROM information_schema.tables \
    WHERE table_schema = DATABASE() AND table_type = 'SYSTEM VERSIONED' ORDER BY 1";

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    let unmanaged = unmanaged(backend).await?;
    let mut contents = Contents { unmanaged, ..Contents::default() };
    contents.unmanaged.extend(foreign_clients(backend).await?);
    for table in &tables(backend).await? {
        contents.tables.extend(read_table(backend, table).await?);
    }
    let counters = async |backend: &mut dyn Backend| counter::all(backend).await;
    contents.states = sessions::in_plain_mode(backend, counters).await?;
    for row in backend.read(SEQUENCES, &[], &[Kind::Text]).await? {
        contents.states.extend(sequence(backend, row.text(0)?).await?);
    }
    Ok(contents)
}

async fn unmanaged(backend: &mut dyn Backend) -> Result<Vec<String>, Failure> {
    let mut unmanaged = read_unmanaged(backend, include_str!("mysql/unmanaged.sql")).await?;
    // A user who may not read this table has granted nothing but what creating a routine grants.
    let grants = read_unmanaged(backend, include_str!("mysql/routine_grants.sql")).await;
    match grants {
        Ok(grants) => unmanaged.extend(grants),
        Err(failure) if matches!(failure.code.as_deref(), Some("1044" | "1142" | "1143")) => {}
        Err(failure) => return Err(failure),
    }
    for row in backend.read(VERSIONED, &[], &[Kind::Text]).await? {
        let table = row.text(0)?;
        let name = backquoted(table);
        let sql = format!(
            "SELECT (SELECT COUNT(*) FROM {name} FOR SYSTEM_TIME ALL) - (SELECT COUNT(*) FROM {name})"
        );
        let rows = backend.read(&sql, &[], &[Kind::Int]).await?;
        if rows.first().map_or(Ok(0), |row| row.int(0))? != 0 {
            unmanaged.push(format!("the history of the rows of {table}"));
        }
    }
    Ok(unmanaged)
}

async fn tables(backend: &mut dyn Backend) -> Result<Vec<Table>, Failure> {
    let applied = backend.dialect().applied.clone();
    let mut tables: Vec<Table> = Vec::new();
    for row in backend.read(COLUMNS, &[], &[Kind::Text; 3]).await? {
        let (table, column, kind) = (row.text(0)?, row.text(1)?, row.text(2)?);
        if is_bookkeeping(table, &applied) {
            continue;
        }
        if tables.last().is_none_or(|last| last.name != table) {
            let (target, name) = (backquoted(table), table.to_owned());
            let (source, columns) = (target.clone(), Vec::new());
            tables.push(Table { name, target, source, columns, overriding: "" });
        }
        if let Some(last) = tables.last_mut() {
            let name = backquoted(column);
            last.columns.push(Column { literal: literal(&name, kind), name });
        }
    }
    Ok(tables)
}

/// The objects whose texts came in another character set than the reader's, in which they are written.
async fn foreign_clients(backend: &mut dyn Backend) -> Result<Vec<String>, Failure> {
    let sessions = sessions::read(backend).await?.kept.into_iter();
    let foreign = sessions.filter(|session| session.has_unusual(CLIENT));
    let told =
        |one: Session| format!("the character set of the client of {} {}", one.kind, one.name);
    Ok(foreign.map(told).collect())
}

/// A sequence of `MariaDB`'s that was used.
async fn sequence(backend: &mut dyn Backend, name: &str) -> Result<Option<SchemaObject>, Failure> {
    let sequence = backquoted(name);
    let sql = format!("SELECT next_not_cached_value, start_value FROM {sequence}");
    let rows = backend.read(&sql, &[], &[Kind::Int; 2]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (next, start) = (row.int(0)?, row.int(1)?);
    let (kind, name) = ("state of sequence", name.to_owned());
    let sql = format!("SELECT SETVAL({sequence}, {next}, 0)");
    Ok((next != start).then_some(SchemaObject { kind, name, sql }))
}

/// The value as every session reads it, whatever its SQL mode and character set.
fn literal(column: &str, kind: &str) -> String {
    let literal = match kind {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "year" => {
            format!("CAST({column} AS CHAR)")
        }
        "bit" => format!("CAST({column} + 0 AS CHAR)"),
        // Of a FLOAT only six digits are shown, and of what is computed from it all.
        "float" | "double" => format!("CAST({column} + 0e0 AS CHAR)"),
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set"
        | "json" => text(&format!("CONVERT({column} USING utf8mb4)")),
        "date" | "datetime" | "timestamp" | "time" | "uuid" | "inet4" | "inet6" => {
            text(&format!("CONVERT(CAST({column} AS CHAR) USING utf8mb4)"))
        }
        _ => format!("CONCAT('x''', HEX({column}), '''')"),
    };
    format!("COALESCE(CONVERT({literal} USING utf8mb4), 'NULL')")
}

/// What a backslash or a line end means depends on the session, or on who checks the file out.
fn text(text: &str) -> String {
    // As bytes: some collations find a zero byte everywhere.
    let has = |byte: u8| format!("INSTR(CAST({text} AS BINARY), CAST(CHAR({byte}) AS BINARY))");
    format!(
        "IF({} + {} + {} > 0, CONCAT('_utf8mb4 x''', HEX({text}), ''''), \
         CONCAT('''', REPLACE({text}, '''', ''''''), ''''))",
        has(b'\\'),
        has(b'\r'),
        has(0)
    )
}
