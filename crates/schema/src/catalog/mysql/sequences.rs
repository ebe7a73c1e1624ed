use std::collections::BTreeMap;

use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use super::{Reading, quoted};
use crate::catalog::comment;
use crate::model::{Name, Sequence};

/// `MariaDB`'s sequences, all asked at once: each is a table of one row.
pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
) -> Result<BTreeMap<Name, Sequence>, sqlx::Error> {
    if reading.flavour() == Flavour::MySql {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query(include_str!("sequences.sql")).bind(&reading.database);
    let mut names: Vec<(String, Option<String>)> = Vec::new();
    for row in rows.fetch_all(&mut *connection).await? {
        names.push((row.try_get("name")?, row.try_get("comment")?));
    }
    names.retain(|(name, _)| reading.scope.includes(name));
    let questions: Vec<String> = names.iter().map(|(name, _)| question(name)).collect();
    if questions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = questions.join(" UNION ALL ");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await?;
    let mut sequences = BTreeMap::new();
    for (row, (name, said)) in rows.iter().zip(names) {
        let sequence = Sequence {
            data_type: "bigint".to_owned(),
            start: row.try_get(0)?,
            increment: row.try_get(1)?,
            minimum: row.try_get(2)?,
            maximum: row.try_get(3)?,
            cache: row.try_get(4)?,
            cycle: row.try_get(5)?,
            comment: comment(said),
        };
        sequences.insert(Name::local(name), sequence);
    }
    Ok(sequences)
}

fn question(name: &str) -> String {
    format!(
        "SELECT start_value, increment, minimum_value, maximum_value, CAST(cache_size AS SIGNED), \
         cycle_option <> 0 FROM {}",
        quoted(name)
    )
}
