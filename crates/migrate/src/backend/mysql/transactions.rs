use super::super::{Backend, Failure, Kind, Value};
use super::MySql;

/// One of the tables whose rows no transaction takes back: `MyISAM`, `Aria`, `MEMORY`, …
///
/// What was found to be transactional is not asked for again.
pub(super) async fn find(mysql: &mut MySql, tables: &[String]) -> Result<Option<String>, Failure> {
    for table in tables {
        if mysql.transactional.contains(table) {
            continue;
        }
        if !is_transactional(mysql, table).await? {
            return Ok(Some(table.clone()));
        }
        mysql.transactional.insert(table.clone());
    }
    Ok(None)
}

/// Views and tables that are not there are none of our concern.
async fn is_transactional(mysql: &mut MySql, table: &str) -> Result<bool, Failure> {
    let (schema, name) = parts(table);
    let sql = "SELECT CAST(COUNT(*) AS SIGNED) FROM information_schema.tables \
               WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? \
               AND table_type = 'BASE TABLE' AND engine <> 'BLACKHOLE' AND engine NOT IN \
               (SELECT engine FROM information_schema.engines WHERE transactions = 'YES')";
    let values = [Value::Text(&schema), Value::Text(&name)];
    let rows = mysql.read(sql, &values, &[Kind::Int]).await?;
    Ok(rows.first().map(|row| row.int(0)).transpose()?.unwrap_or_default() == 0)
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
