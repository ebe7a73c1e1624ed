use sqlx::{MySqlConnection, Row};

use super::text::without_definer;
use super::{Reading, quoted};
use crate::model::{Name, Opaque, Schema, Space};

/// Tells of `MariaDB`'s packages, which are not managed: <https://mariadb.com/kb/en/create-package/>.
pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    schema: &mut Schema,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("../packages.sql")).bind(&reading.database);
    for row in rows.fetch_all(&mut *connection).await? {
        let (name, kind): (String, String) = (row.try_get("name")?, row.try_get("type")?);
        if !reading.scope.includes_routine(&name) {
            continue;
        }
        let sql = format!("SHOW CREATE {kind} {}", quoted(&name));
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
        let text: Option<String> = row.try_get(2)?;
        schema.unmanaged.push(format!("{} {name}", kind.to_lowercase()));
        // A package and its body have one name.
        let key = (Space::Routine, Name::local(name));
        let none = || Opaque { kind: "package".to_owned(), shape: Some(String::new()) };
        let shape = &mut schema.opaques.0.entry(key).or_insert_with(none).shape;
        *shape = shape.take().map(|said| said + &without_definer(&text.unwrap_or_default()));
    }
    Ok(())
}
