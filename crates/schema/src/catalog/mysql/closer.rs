use std::collections::BTreeSet;

use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use super::{Reading, quoted, restored, values};
use crate::catalog::Tables;
use crate::model::{Check, Column, Dialect, Name, Opaque, Schema, Space, Table};
use crate::scan::scan;

/// Looks at `SHOW CREATE TABLE` of the few tables that may have what `information_schema` does not tell, and
/// takes those out that cannot be managed: what is said of these goes to the schema.
pub(super) async fn look(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    tables: &mut Tables,
    schema: &mut Schema,
    unclear: &BTreeSet<Name>,
) -> Result<(), sqlx::Error> {
    let flavour = reading.flavour();
    let suspects = tables.tables.iter();
    let suspects =
        suspects.filter(|(name, table)| unclear.contains(*name) || is_suspect(flavour, table));
    let suspects: Vec<Name> = suspects.map(|(name, _)| name.clone()).collect();
    for name in suspects {
        let sql = format!("SHOW CREATE TABLE {}", quoted(&name.local));
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
        // `MariaDB` shows bytes as they are.
        let text: Vec<u8> = row.try_get_unchecked(1)?;
        let text = String::from_utf8_lossy(&text);
        if let Some(period) = text.lines().find(|line| line.starts_with("  PERIOD FOR ")) {
            let period = period.trim().trim_end_matches(',');
            schema.unmanaged.push(format!("table {name}, because of its {period}"));
            tables.tables.remove(&name);
            // The next number is no part of what it is.
            let shape = Some(text.split(" AUTO_INCREMENT=").next().unwrap_or_default().to_owned());
            let opaque = Opaque { kind: "table with a period".to_owned(), shape };
            schema.opaques.0.insert((Space::Relation, name), opaque);
        } else if let Some(table) = tables.tables.get_mut(&name) {
            complete(flavour, table, &text);
            restored::restore(table, &text);
            give_checks(table, &text);
            let unsure = values::complete(flavour, connection, &name, table).await;
            schema.unmanaged.extend(unsure.iter().map(|column| {
                format!("values of {name}.{column}, of which the server shows some as ?")
            }));
        }
    }
    Ok(())
}

/// Whether a table may have a parser, a period, or a default that the catalog does not show rightly: it cuts
/// binary ones off at their first zero byte.
fn is_suspect(flavour: Flavour, table: &Table) -> bool {
    let has_fulltext = table.indexes.iter().any(|index| index.method == "fulltext");
    let is_cut = |default: &str| flavour == Flavour::MySql && default.starts_with("0x");
    // A question mark may stand for a character of four bytes, which `information_schema` does not know.
    let is_unsure = |text: &str| flavour == Flavour::MariaDb && text.contains('?');
    let mut texts = table.columns.iter().filter_map(|one| one.generated.as_ref());
    let has_unsure = table.columns.iter().any(values::is_unsure)
        || texts.any(|generated| is_unsure(&generated.expression))
        || table.checks.iter().any(|check| is_unsure(&check.expression));
    let has_cut = table.columns.iter().any(|one| one.default.as_deref().is_some_and(is_cut));
    let mut generated = table.columns.iter().filter_map(|column| column.generated.as_ref());
    let has_versions = generated.any(|generated| generated.expression == "ROW START");
    let may_have_period = flavour == Flavour::MariaDb && table.checks.iter().any(is_of_period);
    let is_aria = table.options.engine.as_deref() == Some("Aria");
    is_aria || has_fulltext || has_cut || has_unsure || has_versions || may_have_period
}

/// `MariaDB` shows a period as a check that its begin is before its end.
fn is_of_period(check: &Check) -> bool {
    let tokens = scan(Dialect::MariaDb, &check.expression).unwrap_or_default();
    matches!(&*tokens, [begin, sign, end]
        if sign.is_sign("<") && begin.text.starts_with('`') && end.text.starts_with('`'))
}

fn complete(flavour: Flavour, table: &mut Table, text: &str) {
    // `information_schema` says of each table of Aria that it is transactional.
    if !text.rsplit_once(") ENGINE=").is_some_and(|(_, said)| said.contains(" TRANSACTIONAL=")) {
        table.options.parameters.remove("TRANSACTIONAL");
    }
    for index in table.indexes.iter_mut().filter(|index| index.method == "fulltext") {
        let begin = format!("  FULLTEXT KEY {} ", quoted(&index.name));
        let line = text.lines().find(|line| line.starts_with(&begin));
        let parser = line.and_then(|line| line.rsplit_once(" WITH PARSER `"));
        if let Some((parser, _)) = parser.and_then(|(_, after)| after.split_once('`')) {
            index.parameters.insert("WITH PARSER".to_owned(), parser.to_owned());
        }
    }
    let is_unsure = |column: &&mut Column| {
        let default = column.default.as_deref().unwrap_or_default();
        let is_unsure = default.starts_with('\'') && default.contains('?');
        flavour == Flavour::MySql && (default.starts_with("0x") || is_unsure)
    };
    for column in table.columns.iter_mut().filter(is_unsure) {
        let begin = format!("  {} {}", quoted(&column.name), column.data_type);
        let line = text.lines().find_map(|line| line.strip_prefix(&begin));
        let default = line.and_then(|line| line.split_once(" DEFAULT ")).map(|(_, after)| after);
        let tokens = default.map(|after| scan(Dialect::MySql, after).unwrap_or_default());
        let first = tokens.and_then(|tokens| tokens.first().map(|token| token.text.to_owned()));
        let is_literal = |text: &String| text.starts_with('\'') || text.starts_with("0x");
        if column.default.is_some()
            && let Some(literal) = first.filter(is_literal)
        {
            column.default = Some(readable(column, literal));
        }
    }
}

/// The text itself where `MySQL` shows its bytes.
fn readable(column: &Column, literal: String) -> String {
    let is_unicode = column.collation.as_deref().is_some_and(|name| name.starts_with("utf8"));
    let text = literal.strip_prefix("0x").filter(|_| is_unicode).and_then(values::text);
    text.map_or(literal, |text| values::literal(&text))
}

/// Checks of columns, which `MariaDB` names as the column was named when it got it, under the column's name.
fn give_checks(table: &mut Table, text: &str) {
    for column in &mut table.columns {
        let begin = format!("  {} ", quoted(&column.name));
        let line = text.lines().find(|line| line.starts_with(&begin));
        let check = line.and_then(|line| line.trim_end_matches(',').rsplit_once(" CHECK ("));
        let Some(expression) = check.and_then(|(_, rest)| rest.strip_suffix(')')) else { continue };
        if column.attributes.contains_key("CHECK") {
            continue;
        }
        if let Some(check) = table.checks.iter_mut().find(|check| check.expression == expression) {
            check.name = Some(column.name.clone());
            column.attributes.insert("CHECK".to_owned(), expression.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Index;

    #[test]
    fn what_the_catalog_leaves_out_is_completed() {
        let mut table = Table {
            columns: vec![Column {
                default: Some("0xFF".to_owned()),
                ..Column::new("a", "varbinary(3)")
            }],
            indexes: vec![Index::new("words", "fulltext")],
            ..Table::default()
        };
        let text = "CREATE TABLE `t` (\n  `a` varbinary(3) DEFAULT 0xFF00 COMMENT ' DEFAULT 1',\n  \
                    FULLTEXT KEY `words` (`b`) /*!50100 WITH PARSER `ngram` */ \n)";
        complete(Flavour::MySql, &mut table, text);
        assert_eq!(table.columns[0].default.as_deref(), Some("0xFF00"));
        assert_eq!(table.indexes[0].parameters["WITH PARSER"], "ngram");
    }

    #[test]
    fn check_belongs_to_the_column_that_shows_it() {
        let check = Check {
            name: Some("old".to_owned()),
            expression: "`a` > 0".to_owned(),
            enforced: true,
            validated: true,
        };
        let columns = vec![Column::new("a", "int(11)")];
        let mut table = Table { columns, checks: vec![check], ..Table::default() };
        give_checks(&mut table, "CREATE TABLE `t` (\n  `a` int(11) DEFAULT 1 CHECK (`a` > 0),\n)");
        assert_eq!(table.checks[0].name.as_deref(), Some("a"));
        assert_eq!(table.columns[0].attributes["CHECK"], "`a` > 0");
    }

    #[test]
    fn check_of_a_period_is_suspected() {
        let check = |expression: &str| Check {
            name: None,
            expression: expression.to_owned(),
            enforced: true,
            validated: true,
        };
        assert!(is_of_period(&check("`a` < `b`")));
        assert!(!is_of_period(&check("`a` < `b` + 1")) && !is_of_period(&check("`a` < 1")));
    }
}
