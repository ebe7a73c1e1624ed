mod rowid;

use super::super::{SchemaObject, is_bookkeeping, order};
use super::{Column, Contents, Table, read_table};
use crate::backend::{Backend, Failure, Kind, Value};

const NAMES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ? \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    let names_of_tables = names(backend, "table").await?;
    let needs = needs(backend, &names_of_tables).await?;
    let parents_first = order::by_need(names_of_tables.clone(), &needs);
    let mut contents = Contents { parents_first, ..Contents::default() };
    for name in contents.parents_first.clone() {
        let table = table(backend, &name).await?;
        contents.tables.extend(read_table(backend, &table).await?);
    }
    let needs = needs.iter().map(|(child, parent)| {
        (names_of_tables.get(*child).cloned(), names_of_tables.get(*parent).cloned())
    });
    contents.first = deferred(&contents, needs);
    // What their shadow tables hold is theirs to make.
    for name in names(backend, "virtual").await? {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", quoted(&name));
        if !backend.read(&sql, &[], &[Kind::Int]).await?.is_empty() {
            contents.unmanaged.push(format!("the rows of the virtual table {name}"));
        }
    }
    contents.states = pragmas(backend).await?;
    contents.states.extend(counters(backend).await?);
    Ok(contents)
}

/// Numbers that the file keeps for the application.
async fn pragmas(backend: &mut dyn Backend) -> Result<Vec<SchemaObject>, Failure> {
    let mut states = Vec::new();
    for pragma in ["application_id", "user_version"] {
        let rows = backend.read(&format!("PRAGMA {pragma}"), &[], &[Kind::Int]).await?;
        let value = rows.first().map_or(Ok(0), |row| row.int(0))?;
        if value != 0 {
            let sql = format!("PRAGMA {pragma} = {value}");
            states.push(SchemaObject { kind: "pragma", name: pragma.to_owned(), sql });
        }
    }
    Ok(states)
}

/// Where `AUTOINCREMENT` goes on, as far as rows alone do not bring it there:
/// <https://www.sqlite.org/autoinc.html>.
async fn counters(backend: &mut dyn Backend) -> Result<Vec<SchemaObject>, Failure> {
    let applied = backend.dialect().applied.clone();
    let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'";
    if backend.read(sql, &[], &[Kind::Int]).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut states = Vec::new();
    let sql = "SELECT name, CAST(seq AS INTEGER) FROM sqlite_sequence ORDER BY name";
    for row in backend.read(sql, &[], &[Kind::Text, Kind::Int]).await? {
        let (name, seq) = (row.text(0)?, row.int(1)?);
        if is_bookkeeping(name, &applied) {
            continue;
        }
        let sql = format!("SELECT COALESCE(MAX(rowid), 0) FROM {}", quoted(name));
        let made = backend.read(&sql, &[], &[Kind::Int]).await?;
        if made.first().map_or(Ok(0), |row| row.int(0))? != seq {
            let literal = name.replace('\'', "''");
            let sql = format!(
                "DELETE FROM sqlite_sequence WHERE name = '{literal}';\n\
                 INSERT INTO sqlite_sequence (name, seq) VALUES ('{literal}', {seq})"
            );
            states.push(SchemaObject { kind: "counter of", name: name.to_owned(), sql });
        }
    }
    Ok(states)
}

/// Lets rows go in before those to which they point, until the transaction ends, where no order of the
/// statements would do.
fn deferred(
    contents: &Contents,
    mut needs: impl Iterator<Item = (Option<String>, Option<String>)>,
) -> Vec<String> {
    let place = |name: Option<String>| {
        contents.tables.iter().position(|table| Some(&table.name) == name.as_ref())
    };
    let is_circle = needs.any(|(child, parent)| {
        place(child).zip(place(parent)).is_some_and(|(child, parent)| child <= parent)
    });
    is_circle.then(|| "PRAGMA defer_foreign_keys = ON".to_owned()).into_iter().collect()
}

async fn table(backend: &mut dyn Backend, name: &str) -> Result<Table, Failure> {
    let target = quoted(name);
    let mut columns = columns(backend, name).await?;
    let rowid = rowid::of(backend, name).await?;
    // An index that covers all columns would give them in its order.
    let source = rowid
        .as_ref()
        .map_or_else(|| target.clone(), |rowid| format!("{target} ORDER BY {}", rowid.name));
    if let Some(rowid) = rowid.filter(|rowid| rowid.is_written) {
        let (name, literal) = (rowid.name.to_owned(), format!("quote({})", rowid.name));
        columns.insert(0, Column { name, literal });
    }
    Ok(Table { name: name.to_owned(), target, source, columns, overriding: "" })
}

async fn names(backend: &mut dyn Backend, kind: &str) -> Result<Vec<String>, Failure> {
    let applied = backend.dialect().applied.clone();
    let rows = backend.read(NAMES, &[Value::Text(kind)], &[Kind::Text]).await?;
    let names = rows.iter().map(|row| row.text(0).map(str::to_owned));
    let names = names.collect::<Result<Vec<_>, _>>()?;
    Ok(names.into_iter().filter(|name| !is_bookkeeping(name, &applied)).collect())
}

/// The places of tables and of those to which their foreign keys point: keys are enforced while rows
/// go in.
async fn needs(
    backend: &mut dyn Backend,
    names: &[String],
) -> Result<Vec<(usize, usize)>, Failure> {
    let mut needs = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let sql = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)";
        for row in backend.read(sql, &[Value::Text(name)], &[Kind::Text]).await? {
            let parent = row.text(0)?;
            let parent = names.iter().position(|other| other.eq_ignore_ascii_case(parent));
            needs.extend(parent.map(|parent| (at, parent)));
        }
    }
    Ok(needs)
}

/// Those that are stored as they are given: neither generated nor hidden.
async fn columns(backend: &mut dyn Backend, table: &str) -> Result<Vec<Column>, Failure> {
    let sql = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid";
    let rows = backend.read(sql, &[Value::Text(table)], &[Kind::Text]).await?;
    let column = |name: &str| {
        let name = quoted(name);
        // `quote` ends a text at its first zero byte: https://www.sqlite.org/lang_corefunc.html#quote
        let literal = format!(
            "CASE WHEN typeof({name}) = 'text' AND instr({name}, char(0)) THEN \
             'CAST(x''' || hex({name}) || ''' AS TEXT)' ELSE quote({name}) END"
        );
        Column { name, literal }
    };
    rows.iter().map(|row| row.text(0).map(column)).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
