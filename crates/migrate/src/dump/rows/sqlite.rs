use super::super::{SchemaObject, is_bookkeeping, order};
use super::{Column, Contents, Table, read_table};
use crate::backend::{Backend, Failure, Kind, Value};

const NAMES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ? \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

pub(super) async fn read(backend: &mut dyn Backend) -> Result<Contents, Failure> {
    let mut contents = Contents::default();
    let names_of_tables = names(backend, "table").await?;
    contents.parents_first = parents_first(backend, names_of_tables).await?;
    for name in contents.parents_first.clone() {
        let (table, columns) = (quoted(&name), columns(backend, &name).await?);
        let (source, overriding) = (table.clone(), "");
        let table = Table { name, target: table, source, columns, overriding };
        contents.tables.extend(read_table(backend, &table).await?);
    }
    // What their shadow tables hold is theirs to make.
    for name in names(backend, "virtual").await? {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", quoted(&name));
        if !backend.read(&sql, &[], &[Kind::Int]).await?.is_empty() {
            contents.unmanaged.push(format!("the rows of the virtual table {name}"));
        }
    }
    for pragma in ["application_id", "user_version"] {
        let rows = backend.read(&format!("PRAGMA {pragma}"), &[], &[Kind::Int]).await?;
        let value = rows.first().map_or(Ok(0), |row| row.int(0))?;
        if value != 0 {
            let sql = format!("PRAGMA {pragma} = {value}");
            contents.states.push(SchemaObject { kind: "pragma", name: pragma.to_owned(), sql });
        }
    }
    Ok(contents)
}

async fn names(backend: &mut dyn Backend, kind: &str) -> Result<Vec<String>, Failure> {
    let applied = backend.dialect().applied.clone();
    let rows = backend.read(NAMES, &[Value::Text(kind)], &[Kind::Text]).await?;
    let names = rows.iter().map(|row| row.text(0).map(str::to_owned));
    let names = names.collect::<Result<Vec<_>, _>>()?;
    Ok(names.into_iter().filter(|name| !is_bookkeeping(name, &applied)).collect())
}

/// Tables behind those to which their foreign keys point: keys are enforced while rows go in.
async fn parents_first(
    backend: &mut dyn Backend,
    names: Vec<String>,
) -> Result<Vec<String>, Failure> {
    let mut needs = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let sql = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)";
        for row in backend.read(sql, &[Value::Text(name)], &[Kind::Text]).await? {
            let parent = row.text(0)?;
            let parent = names.iter().position(|other| other.eq_ignore_ascii_case(parent));
            needs.extend(parent.map(|parent| (at, parent)));
        }
    }
    Ok(order::by_need(names, &needs))
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
