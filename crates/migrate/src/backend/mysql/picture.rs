use sqlx::{AssertSqlSafe, Row as _};

use super::super::{Backend, Failure, FailureKind, Kind, Row, UNKNOWN_IDENTITY, Value};
use super::transactions::parts;
use super::{MySql, failure};
use crate::Engine;
use crate::statement::{Object, ObjectKind};

/// What `SHOW CREATE` says about each object, without the counter that rows move.
pub(super) async fn take(mysql: &mut MySql, objects: &[Object]) -> Result<String, Failure> {
    let mut picture = String::new();
    for object in objects {
        match show(mysql, object).await {
            Ok(text) if object.kind == ObjectKind::Identity => {
                picture.push_str(&without_counter(&text));
                picture.push_str(&identity(mysql, object).await?);
            }
            Ok(text) => picture.push_str(&without_counter(&text)),
            Err(error) if error.kind == FailureKind::Missing => picture.push_str("(none)"),
            // 1049: the schema that the name is qualified with does not exist.
            Err(error) if error.code.as_deref() == Some("1049") => picture.push_str("(none)"),
            Err(error) => return Err(error),
        }
        picture.push('\n');
    }
    Ok(picture)
}

/// The number that a table of `InnoDB` keeps when it is renamed.
async fn identity(mysql: &mut MySql, object: &Object) -> Result<String, Failure> {
    let (schema, name) = parts(&object.name);
    let tables =
        if mysql.engine() == Engine::MariaDb { "innodb_sys_tables" } else { "innodb_tables" };
    let sql = format!(
        "SELECT CAST(table_id AS CHAR) FROM information_schema.{tables} \
         WHERE LOWER(SUBSTRING_INDEX(LOWER(name), '#p#', 1)) = LOWER(CONCAT(?, '/', ?)) \
         ORDER BY table_id"
    );
    let schema = if schema.is_empty() { database(mysql).await? } else { schema };
    let (schema, name) = (file_name(&schema), file_name(&name));
    let values = [Value::Text(&schema), Value::Text(&name)];
    let found = match mysql.read(&sql, &values, &[Kind::Text]).await {
        Ok(rows) => joined(&rows),
        Err(error) if error.kind == FailureKind::Lost => return Err(error),
        // Whoever lacks the right PROCESS is not shown it.
        Err(_) => None,
    };
    Ok(found.unwrap_or_else(|| UNKNOWN_IDENTITY.to_owned()))
}

/// The numbers of all its partitions, which are as many as there may be: `GROUP_CONCAT` cuts them off.
fn joined(rows: &[Row]) -> Option<String> {
    let numbers: Vec<&str> = rows.iter().filter_map(|row| row.find_text(0)).collect();
    (!numbers.is_empty()).then(|| format!("(identity {})", numbers.join(",")))
}

/// The statement to ask with, and the column that holds the text.
fn question(kind: ObjectKind) -> (&'static str, usize) {
    match kind {
        ObjectKind::Table
        | ObjectKind::Identity
        | ObjectKind::IndexesOf
        | ObjectKind::Named
        | ObjectKind::Index
        | ObjectKind::Rebuilt
        | ObjectKind::Partition
        | ObjectKind::PartitionOf => ("TABLE", 1),
        ObjectKind::Trigger => ("TRIGGER", 2),
        ObjectKind::Procedure => ("PROCEDURE", 2),
        ObjectKind::Function => ("FUNCTION", 2),
        ObjectKind::Event => ("EVENT", 3),
        ObjectKind::Database => ("DATABASE", 1),
    }
}

async fn show(mysql: &mut MySql, object: &Object) -> Result<String, Failure> {
    let (word, column) = question(object.kind);
    let sql = AssertSqlSafe(format!("SHOW CREATE {word} {}", object.name));
    let row = sqlx::raw_sql(sql).fetch_one(&mut mysql.connection).await;
    let row = row.map_err(|error| failure(&error))?;
    // `MariaDB` shows the bytes of a binary default as they are.
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(column).map_err(|error| failure(&error))?;
    Ok(bytes.map(readable).unwrap_or_default())
}

/// A text, or what stands for bytes that are none: two that differ never look the same.
fn readable(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().escape_ascii().to_string())
}

async fn database(mysql: &mut MySql) -> Result<String, Failure> {
    let rows = mysql.read("SELECT DATABASE()", &[], &[Kind::Text]).await?;
    Ok(rows.first().and_then(|row| row.find_text(0)).unwrap_or_default().to_owned())
}

/// A name as it is in the file system: `rv@002ddash`. Names in other scripts have codes of their own,
/// which are not found.
fn file_name(name: &str) -> String {
    let written = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => c.to_string(),
        _ => format!("@{:04x}", u32::from(c)),
    };
    name.chars().map(written).collect()
}

fn without_counter(text: &str) -> String {
    let Some((before, after)) = text.split_once(" AUTO_INCREMENT=") else {
        return text.to_owned();
    };
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counter_is_left_out() {
        let text = "CREATE TABLE `a` (…) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4";
        assert_eq!(
            without_counter(text),
            "CREATE TABLE `a` (…) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        );
    }

    #[test]
    fn bytes_that_are_no_text_differ_from_others() {
        let [one, other] = [b"DEFAULT '\xff'", b"DEFAULT '\xfe'"].map(|one| readable(one.to_vec()));
        assert_ne!(one, other);
        assert_eq!(readable("é".as_bytes().to_vec()), "é");
    }

    #[test]
    fn names_are_those_of_files() {
        assert_eq!(file_name("rv-dash"), "rv@002ddash");
        assert_eq!(file_name("a_1"), "a_1");
    }
}
