//! Values that `information_schema` shows with question marks, asked from the tables themselves.
//!
//! The catalog speaks UTF-8 of three bytes: what it cannot say becomes `?`. The values are kept rightly, and
//! `DEFAULT()` and a number put into the column's own type tell them, without a row and without a right to write.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, MySqlConnection, Row};

use super::flavour::Flavour;
use super::quoted;
use crate::model::{Column, Dialect, Name, Table};
use crate::scan::{Kind, scan};

/// Puts the true values into the columns of a table; gives the columns of which they are not told.
pub(super) async fn complete(
    flavour: Flavour,
    connection: &mut MySqlConnection,
    name: &Name,
    table: &mut Table,
) -> Vec<String> {
    let mut unsure = Vec::new();
    // `MySQL` tells literals in SHOW CREATE TABLE.
    let is_asked = |column: &&Column| flavour == Flavour::MariaDb && is_unsure_literal(column);
    let defaults_of: BTreeSet<String> =
        table.columns.iter().filter(is_asked).map(|column| column.name.clone()).collect();
    for column in table.columns.iter_mut().filter(|column| is_unsure_list(column)) {
        let shown = values(&column.data_type);
        match list(connection, name, column, shown.len()).await {
            Ok(told) if told.len() == shown.len() => put_values(column, &shown, &told),
            Ok(_) | Err(_) => unsure.push(column.name.clone()),
        }
    }
    let asked = table.columns.iter_mut().filter(|column| defaults_of.contains(&column.name));
    let mut asked: Vec<&mut Column> = asked.collect();
    let told = defaults(connection, name, &asked).await.unwrap_or_default();
    for column in &mut asked {
        match told.get(&column.name) {
            Some(literal) => column.default = Some(literal.clone()),
            None => unsure.push(column.name.clone()),
        }
    }
    unsure
}

/// Whether a column may have something that the catalog cannot say.
pub(super) fn is_unsure(column: &Column) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    is_unsure_list(column) || default.contains('?')
}

fn is_list(column: &Column) -> bool {
    ["enum(", "set("].iter().any(|word| column.data_type.starts_with(word))
}

fn is_unsure_list(column: &Column) -> bool {
    is_list(column) && column.data_type.contains('?')
}

/// Of a list, its values tell the default, unless several are shown alike.
fn is_unsure_literal(column: &Column) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    let has_mark = default.starts_with('\'') && default.contains('?');
    let values = if is_list(column) { values(&column.data_type) } else { Vec::new() };
    let distinct: BTreeSet<&String> = values.iter().collect();
    has_mark && (!is_list(column) || distinct.len() < values.len())
}

/// The literals of an enum or a set.
fn values(data_type: &str) -> Vec<String> {
    let tokens = scan(Dialect::MySql, data_type).unwrap_or_default();
    let texts = tokens.iter().filter(|token| token.kind == Kind::Text);
    texts.map(|token| token.text.to_owned()).collect()
}

/// What the numbers of an enum's values, or the bits of a set's, stand for: rows that are computed take the type of
/// the first.
async fn list(
    connection: &mut MySqlConnection,
    table: &Name,
    column: &Column,
    count: usize,
) -> Result<Vec<String>, sqlx::Error> {
    let next = if column.data_type.starts_with("set(") { "number * 2" } else { "number + 1" };
    let (own, table) = (quoted(&column.name), quoted(&table.local));
    let sql = format!(
        "WITH RECURSIVE told AS (\
         SELECT {table}.{own} AS value, CAST(1 AS UNSIGNED) AS number, 0 AS place \
         FROM (SELECT 1 AS one) one LEFT JOIN {table} ON FALSE \
         UNION ALL SELECT number, {next}, place + 1 FROM told WHERE place < {count}) \
         SELECT HEX(CONVERT(value USING utf8mb4)) FROM told WHERE place > 0 ORDER BY place"
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await?;
    let mut told = Vec::new();
    for row in rows {
        told.extend(row.try_get::<Option<String>, _>(0)?.and_then(|hex| text(&hex)));
    }
    Ok(told)
}

/// Exchanges what is shown for what is told, in the type and in the default.
fn put_values(column: &mut Column, shown: &[String], told: &[String]) {
    let pairs: Vec<(&String, String)> =
        shown.iter().zip(told.iter().map(|text| literal(text))).collect();
    let (word, _) = column.data_type.split_once('(').unwrap_or_default();
    let is_set = word == "set";
    let all: Vec<&str> = pairs
        .iter()
        .map(|(old, new)| if old.contains('?') { new.as_str() } else { old.as_str() })
        .collect();
    column.data_type = format!("{word}({})", all.join(","));
    let bare = |literal: &str| literal.trim_matches('\'').to_owned();
    let Some(default) = column.default.as_deref().filter(|one| one.starts_with('\'')) else {
        return;
    };
    let default = bare(default);
    let members: Vec<&str> = if is_set { default.split(',').collect() } else { vec![&default] };
    let true_one = |member: &&str| {
        let pair = pairs.iter().find(|(old, _)| bare(old) == **member && member.contains('?'));
        pair.map_or_else(|| (*member).to_owned(), |(_, new)| bare(new))
    };
    let members: Vec<String> = members.iter().map(true_one).collect();
    column.default = Some(format!("'{}'", members.join(",")));
}

/// The defaults of these columns, as literals. Of a column that takes no NULL only a row tells it: one of the
/// table, or one of a table of this session that is made like it.
async fn defaults(
    connection: &mut MySqlConnection,
    table: &Name,
    columns: &[&mut Column],
) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let mut told = BTreeMap::new();
    if columns.is_empty() {
        return Ok(told);
    }
    let table = quoted(&table.local);
    let asked = |value: &dyn Fn(&str) -> String| {
        let all: Vec<String> = columns.iter().map(|column| hex(column, value)).collect();
        all.join(", ")
    };
    let default = asked(&|name| format!("DEFAULT({table}.{name})"));
    let without_row =
        format!("SELECT {default} FROM (SELECT 1 AS one) one LEFT JOIN {table} ON FALSE");
    tell(connection, columns, without_row, &mut told).await?;
    if told.len() < columns.len() {
        tell(connection, columns, format!("SELECT {default} FROM {table} LIMIT 1"), &mut told)
            .await?;
    }
    if told.len() < columns.len() {
        let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
        let names = names.join(", ");
        let make = format!(
            "CREATE TEMPORARY TABLE _migrate_defaults AS SELECT {names} FROM {table} LIMIT 0"
        );
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut *connection).await?;
        let filled = sqlx::raw_sql("INSERT INTO _migrate_defaults () VALUES ()");
        let filled = filled.execute(&mut *connection).await;
        let values = asked(&str::to_owned);
        let sql = format!("SELECT {values} FROM _migrate_defaults");
        let read = tell(connection, columns, sql, &mut told).await;
        let dropped = sqlx::raw_sql("DROP TEMPORARY TABLE _migrate_defaults");
        dropped.execute(&mut *connection).await?;
        filled.map(drop).and(read)?;
    }
    Ok(told)
}

fn hex(column: &Column, value: &dyn Fn(&str) -> String) -> String {
    let value = value(&quoted(&column.name));
    let is_text = column.collation.is_some();
    if is_text { format!("HEX(CONVERT({value} USING utf8mb4))") } else { format!("HEX({value})") }
}

async fn tell(
    connection: &mut MySqlConnection,
    columns: &[&mut Column],
    sql: String,
    told: &mut BTreeMap<String, String>,
) -> Result<(), sqlx::Error> {
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(()) };
    for (at, column) in columns.iter().enumerate() {
        let Some(hex) = row.try_get::<Option<String>, _>(at)? else { continue };
        let is_text = column.collation.is_some();
        let value = if is_text { text(&hex).map(|text| literal(&text)) } else { Some(bytes(&hex)) };
        told.extend(value.map(|value| (column.name.clone(), value)));
    }
    Ok(())
}

fn bytes(hex: &str) -> String {
    if hex.is_empty() { "''".to_owned() } else { format!("0x{hex}") }
}

/// The text of bytes that are written as digits.
pub(super) fn text(hex: &str) -> Option<String> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|one| u8::try_from(one).ok()))
        .collect();
    let pairs = digits?;
    let pairs =
        pairs.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, digit| sum * 16 + digit));
    String::from_utf8(pairs.collect()).ok()
}

/// A text as both servers show it.
pub(super) fn literal(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('\'', "''").replace('\n', r"\n");
    format!("'{}'", escaped.replace('\0', r"\0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exchanged_in_type_and_default() {
        let mut column = Column {
            default: Some("'?,b?'".to_owned()),
            ..Column::new("a", "set('?','it''s','b?')")
        };
        let shown = values(&column.data_type);
        put_values(&mut column, &shown, &["😀".to_owned(), "it's".to_owned(), "b?".to_owned()]);
        assert_eq!(column.data_type, "set('😀','it''s','b?')");
        assert_eq!(column.default.as_deref(), Some("'😀,b?'"));
    }

    #[test]
    fn digits_are_read() {
        assert_eq!(text("F09F9880").as_deref(), Some("😀"));
        assert_eq!(text("FF"), None);
        assert_eq!((bytes(""), bytes("FF00")), ("''".to_owned(), "0xFF00".to_owned()));
    }
}
