use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use crate::catalog::{Tables, comment};
use crate::model::{Column, Generated, Identity, Storage};

pub(super) async fn read(
    connection: &mut MySqlConnection,
    flavour: Flavour,
    database: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("columns.sql")).bind(database);
    for row in rows.fetch_all(connection).await? {
        if let Some(table) = tables.get_mut(row.try_get("table_name")?) {
            table.columns.push(column(flavour, &row)?);
        }
    }
    Ok(())
}

fn column(flavour: Flavour, row: &MySqlRow) -> Result<Column, sqlx::Error> {
    let extra: String = row.try_get("extra")?;
    let generated = storage(&extra).map(|storage| {
        let shown: String = row.try_get("generation_expression")?;
        Ok::<_, sqlx::Error>(Generated { expression: flavour.expression(&shown), storage })
    });
    let generated = generated.transpose()?;
    let default: Option<String> = row.try_get("default_value")?;
    let data_type: String = row.try_get("data_type")?;
    let default = default.filter(|_| generated.is_none());
    let name: String = row.try_get("column_name")?;
    let column_type: String = row.try_get("column_type")?;
    Ok(Column {
        nullable: row.try_get("nullable")?,
        default: default.and_then(|value| default_sql(flavour, &data_type, &extra, value)),
        on_update: on_update(&extra),
        generated,
        identity: extra.contains("auto_increment").then_some(Identity::AutoIncrement),
        collation: row.try_get("collation_name")?,
        comment: comment(row.try_get("comment")?),
        ..Column::new(name, column_type)
    })
}

/// `COLUMN_DEFAULT` as an SQL expression.
///
/// `MariaDB` shows one already, and the word NULL for a nullable column without a default. `MySQL`
/// shows the bare value, unless EXTRA says that it was an expression.
fn default_sql(flavour: Flavour, data_type: &str, extra: &str, shown: String) -> Option<String> {
    match flavour {
        Flavour::MariaDb => Some(shown).filter(|shown| shown != "NULL"),
        Flavour::MySql if extra.contains("DEFAULT_GENERATED") => Some(flavour.expression(&shown)),
        Flavour::MySql if is_bare(data_type) => Some(shown),
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
        assert_eq!(
            mysql("varchar", "DEFAULT_GENERATED", r"upper(\'x\')").as_deref(),
            Some("upper('x')")
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
