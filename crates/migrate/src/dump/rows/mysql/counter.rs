use super::super::super::{SchemaObject, is_bookkeeping};
use crate::backend::{Backend, Failure, Kind, backquoted};
use crate::dump::mysql::readable::readable;

const COLUMNS: &str = "SELECT CAST(c.table_name AS CHAR(255)), CAST(c.column_name AS CHAR(255)) \
    FROM information_schema.columns c JOIN information_schema.tables t \
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
    WHERE c.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') \
    AND LOWER(c.extra) LIKE '%auto_increment%' ORDER BY 1";

/// The counters of `AUTO_INCREMENT` that rows alone do not bring to where they stand: set, or left
/// behind by rows that are gone.
pub(super) async fn all(backend: &mut dyn Backend) -> Result<Vec<SchemaObject>, Failure> {
    let applied = backend.dialect().applied.clone();
    let mut states = Vec::new();
    for row in backend.read(COLUMNS, &[], &[Kind::Text; 2]).await? {
        let (table, column) = (row.text(0)?, row.text(1)?);
        if is_bookkeeping(table, &applied) {
            continue;
        }
        let (name, column) = (backquoted(table), backquoted(column));
        // What information_schema tells of it may be a day old on MySQL.
        let shown = format!("SHOW CREATE TABLE {name}");
        let shown = backend.read(&shown, &[], &[Kind::Text, Kind::Bytes]).await?;
        let shown = shown.first().map(|row| row.bytes(1).map(readable)).transpose()?;
        let Some(next) = shown.as_deref().and_then(next) else { continue };
        let sql = format!("SELECT CAST(COALESCE(MAX({column}), 0) + 1 AS CHAR(30)) FROM {name}");
        let made = backend.read(&sql, &[], &[Kind::Text]).await?;
        if made.first().map(|row| row.text(0)).transpose()? != Some(next) {
            let sql = format!("ALTER TABLE {name} AUTO_INCREMENT = {next}");
            states.push(SchemaObject { kind: "counter of", name: table.to_owned(), sql });
        }
    }
    Ok(states)
}

/// The counter in the text of a table; none where it stands at its start.
fn next(sql: &str) -> Option<&str> {
    let options = sql.rfind("\n)").and_then(|at| sql.get(at..))?;
    let (_, rest) = options.split_once(" AUTO_INCREMENT=")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()
}

#[cfg(test)]
mod tests {
    use artisan_testkit::TestDatabase;

    use super::*;
    use crate::backend::connect;
    use crate::{Access, DatabaseUrl, Options};

    artisan_testkit::on_engine!(mariadb, MariaDb, counter_stands_beside_bytes_that_are_no_text);
    artisan_testkit::on_engine!(mysql, MySql, counter_stands_beside_bytes_that_are_no_text);

    async fn counter_stands_beside_bytes_that_are_no_text(database: TestDatabase) {
        let sql = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, b VARBINARY(9) DEFAULT 0xFF) \
                   AUTO_INCREMENT = 7";
        database.execute(sql).await;
        let url = DatabaseUrl::parse(database.url()).unwrap();
        let mut backend = connect(&url, Access::Read, &Options::default()).await.unwrap();
        let found = all(backend.as_mut()).await.unwrap();
        backend.close().await;
        assert_eq!(found[0].sql, "ALTER TABLE `t` AUTO_INCREMENT = 7");
    }

    #[test]
    fn counter_is_read_from_the_options_alone() {
        let sql = "CREATE TABLE `a` (\n  `b` int COMMENT ' AUTO_INCREMENT=3'\n) ENGINE=InnoDB";
        assert_eq!(next(sql), None);
        assert_eq!(next(&format!("{sql} AUTO_INCREMENT=12 COMMENT='x'")), Some("12"));
    }
}
