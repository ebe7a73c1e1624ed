use std::collections::BTreeMap;

use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use super::{Reading, quoted};
use crate::catalog::{Tables, comment};
use crate::model::{Column, Generated, Identity, Storage};

pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(reading.flavour().columns_sql()).bind(&reading.database);
    for row in rows.fetch_all(connection).await? {
        if let Some(table) = tables.get_mut(row.try_get("table_name")?) {
            table.columns.push(column(reading, &row)?);
        }
    }
    Ok(())
}

fn column(reading: &Reading<'_>, row: &MySqlRow) -> Result<Column, sqlx::Error> {
    let flavour = reading.flavour();
    let extra: String = row.try_get("extra")?;
    let generated = storage(&extra).map(|storage| {
        let shown: String = row.try_get("generation_expression")?;
        Ok::<_, sqlx::Error>(Generated { expression: flavour.expression(&shown), storage })
    });
    let generated = generated.transpose()?;
    let default: Option<String> = row.try_get("default_value")?;
    let data_type: String = row.try_get("data_type")?;
    let default = default.filter(|_| generated.is_none());
    let default = default.and_then(|value| default_sql(flavour, &data_type, &extra, value));
    let name: String = row.try_get("column_name")?;
    let column_type: String = row.try_get("column_type")?;
    Ok(Column {
        nullable: row.try_get("nullable")?,
        default: default.map(|default| without_database(default, &reading.database)),
        on_update: on_update(&extra),
        generated,
        identity: extra.contains("auto_increment").then_some(Identity::AutoIncrement),
        collation: row.try_get("collation_name")?,
        attributes: attributes(&extra, &column_type, row.try_get("srid")?),
        comment: comment(row.try_get("comment")?),
        ..Column::new(name, without_attributes(&column_type))
    })
}

/// What is said of a column beside its type, by the words that say it.
fn attributes(extra: &str, column_type: &str, srid: Option<String>) -> BTreeMap<String, String> {
    let words = ["INVISIBLE", "WITHOUT SYSTEM VERSIONING"].into_iter();
    let shown = words.filter(|word| extra.contains(word));
    let compressed = column_type.contains(COMPRESSED).then_some("COMPRESSED");
    let shown = shown.chain(compressed).map(|word| (word.to_owned(), String::new()));
    shown.chain(srid.map(|srid| ("SRID".to_owned(), srid))).collect()
}

/// `MariaDB` shows it behind the type.
const COMPRESSED: &str = " /*M!100301 COMPRESSED*/";

fn without_attributes(column_type: &str) -> String {
    column_type.replace(COMPRESSED, "")
}

/// A default from a sequence without the name of the database, which is where it stands:
/// `` nextval(`shop`.`numbers`) ``.
fn without_database(default: String, database: &str) -> String {
    for function in ["nextval(", "lastval("] {
        let qualified = format!("{function}{}.", quoted(database));
        if default.contains(&qualified) {
            return default.replace(&qualified, function);
        }
    }
    default
}

/// `COLUMN_DEFAULT` as an SQL expression.
///
/// `MariaDB` shows one already, and the word NULL for a nullable column without a default. `MySQL`
/// shows the bare value, unless EXTRA says that it was an expression: this stands in parentheses, as
/// it has to be written, unless it is the time of the statement.
fn default_sql(flavour: Flavour, data_type: &str, extra: &str, shown: String) -> Option<String> {
    match flavour {
        Flavour::MariaDb => Some(shown).filter(|shown| shown != "NULL"),
        Flavour::MySql if is_time(data_type) && shown.starts_with("CURRENT_TIMESTAMP") => {
            Some(shown)
        }
        Flavour::MySql if extra.contains("DEFAULT_GENERATED") => {
            let expression = flavour.expression(&shown);
            let is_enclosed = expression.starts_with('(') && expression.ends_with(')');
            Some(if is_enclosed { expression } else { format!("({expression})") })
        }
        Flavour::MySql if is_bare(data_type) || shown.starts_with("0x") => Some(shown),
        Flavour::MySql => Some(format!("'{}'", shown.replace('\\', r"\\").replace('\'', "''"))),
    }
}

/// Whether a literal of the type stands without quotes; bits show as `b'101'`.
fn is_bare(data_type: &str) -> bool {
    const BARE: [&str; 10] = [
        "tinyint",
        "smallint",
        "mediumint",
        "int",
        "bigint",
        "decimal",
        "float",
        "double",
        "bit",
        "year",
    ];
    BARE.contains(&data_type)
}

/// Whether a column of the type may have the time of the statement as its default; of another, these words are a
/// text.
fn is_time(data_type: &str) -> bool {
    matches!(data_type, "datetime" | "timestamp")
}

fn storage(extra: &str) -> Option<Storage> {
    if extra.contains("STORED GENERATED") {
        Some(Storage::Stored)
    } else if extra.contains("VIRTUAL GENERATED") {
        Some(Storage::Virtual)
    } else {
        None
    }
}

/// What follows `on update` in EXTRA; `MySQL` and `MariaDB` differ in the case of the words.
fn on_update(extra: &str) -> Option<String> {
    let at = extra.to_ascii_lowercase().find("on update ")?;
    extra.get(at + "on update ".len()..).map(|rest| rest.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_expressions_on_both_servers() {
        let mysql = |data_type, extra, shown: &str| {
            default_sql(Flavour::MySql, data_type, extra, shown.to_owned())
        };
        assert_eq!(mysql("varchar", "", "it's").as_deref(), Some("'it''s'"));
        assert_eq!(mysql("int", "", "5").as_deref(), Some("5"));
        let now = "CURRENT_TIMESTAMP(3)";
        assert_eq!(mysql("datetime", "DEFAULT_GENERATED", now).as_deref(), Some(now));
        assert_eq!(mysql("varchar", "", now).as_deref(), Some("'CURRENT_TIMESTAMP(3)'"));
        assert_eq!(
            mysql("varchar", "DEFAULT_GENERATED", r"upper(\'x\')").as_deref(),
            Some("(upper('x'))")
        );
        let mariadb = |shown: &str| default_sql(Flavour::MariaDb, "varchar", "", shown.to_owned());
        assert_eq!(mariadb("NULL"), None);
        assert_eq!(mariadb("'NULL'").as_deref(), Some("'NULL'"));
    }

    #[test]
    fn update_expression_follows_the_words() {
        let extra = "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)";
        assert_eq!(on_update(extra).as_deref(), Some("CURRENT_TIMESTAMP(6)"));
        assert_eq!(on_update("auto_increment"), None);
    }
}
