use super::super::{Backend, Failure, Kind, Value};
use super::MySql;

/// Tables of these are no concern of a transaction's, or take part in it.
const ENGINES: &str = "engine <> 'BLACKHOLE' AND engine NOT IN \
    (SELECT engine FROM information_schema.engines WHERE transactions = 'YES')";

/// What changes which tables there are, or which a name means; until then what is known stays known.
const CHANGES: [&str; 9] =
    ["engine", "rename", "use", "call", "execute", "like", "begin", "import", "exchange"];

/// One of the tables whose rows no transaction takes back: `MyISAM`, `Aria`, `MEMORY`, …; seen through
/// views and triggers, but not through functions.
///
/// Where the database has no such table at all, and new ones are of another kind unless they say so,
/// only names in other databases are asked for.
pub(super) async fn find(mysql: &mut MySql, tables: &[String]) -> Result<Option<String>, Failure> {
    let is_pure = match mysql.is_pure {
        Some(known) => known,
        None => is_pure(mysql).await?,
    };
    mysql.is_pure = Some(is_pure);
    for table in tables.iter().filter(|table| !is_pure || table.contains('.')) {
        if is_lasting(mysql, table).await? {
            return Ok(Some(table.clone()));
        }
    }
    Ok(None)
}

/// Forgets what is known if the statement may have changed it.
pub(super) fn forget(mysql: &mut MySql, sql: &str) {
    let is_change = |word: &str| CHANGES.iter().any(|change| word.eq_ignore_ascii_case(change));
    if mysql.is_pure.is_some() && sql.split(|c: char| !c.is_alphanumeric()).any(is_change) {
        mysql.is_pure = None;
    }
}

async fn is_pure(mysql: &mut MySql) -> Result<bool, Failure> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS SIGNED) FROM information_schema.tables \
         WHERE (table_schema = DATABASE() AND table_type = 'BASE TABLE' AND {ENGINES}) \
         OR (SELECT COUNT(*) FROM information_schema.engines WHERE transactions = 'YES' \
         AND engine = @@default_storage_engine) = 0"
    );
    let rows = mysql.read(&sql, &[], &[Kind::Int]).await?;
    Ok(rows.first().map(|row| row.int(0)).transpose()?.unwrap_or_default() == 0)
}

async fn is_lasting(mysql: &mut MySql, table: &str) -> Result<bool, Failure> {
    let (schema, name) = parts(table);
    let (schema, name) = (Value::Text(&schema), Value::Text(&name));
    let is_here = |schema: &str, name: &str| {
        format!("{schema} = COALESCE(NULLIF(?, ''), DATABASE()) AND {name} = ?")
    };
    let table = is_here("table_schema", "table_name");
    let view = is_here("v.table_schema", "v.table_name");
    let trigger = is_here("g.event_object_schema", "g.event_object_table");
    let there = "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) \
                 AND table_type = 'BASE TABLE'";
    let sql = format!(
        "SELECT CAST((SELECT COUNT(*) FROM information_schema.tables WHERE {table} \
         AND table_type = 'BASE TABLE' AND {ENGINES}) \
         + (SELECT COUNT(*) FROM information_schema.views v JOIN ({there} AND {ENGINES}) t \
         ON LOCATE(t.table_name, v.view_definition) > 0 WHERE {view}) \
         + (SELECT COUNT(*) FROM information_schema.triggers g JOIN ({there} AND {ENGINES}) t \
         ON LOCATE(t.table_name, g.action_statement) > 0 WHERE {trigger}) AS SIGNED)"
    );
    let values = [schema, name, schema, schema, name, schema, schema, name];
    let rows = mysql.read(&sql, &values, &[Kind::Int]).await?;
    Ok(rows.first().map(|row| row.int(0)).transpose()?.unwrap_or_default() > 0)
}

/// The schema, or nothing, and the name, both without quotes.
pub(super) fn parts(table: &str) -> (String, String) {
    let (schema, name) = table.rsplit_once('.').unwrap_or(("", table));
    (bare(schema), bare(name))
}

fn bare(name: &str) -> String {
    name.trim().trim_matches(['`', '"']).replace("``", "`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_and_name_are_told_apart() {
        assert_eq!(parts("`a`.`b``c`"), ("a".to_owned(), "b`c".to_owned()));
        assert_eq!(parts("t"), (String::new(), "t".to_owned()));
    }
}
