use std::collections::BTreeMap;

use super::super::{Backend, Failure, FailureKind, Kind, Literal};
use super::MySql;
use crate::Engine;

/// The session's variables by their names, as the server shows them.
pub(super) type Settings = BTreeMap<String, String>;

/// What moves by itself, or holds for the next statement only.
const MOVING: [&str; 9] = [
    "error_count",
    "identity",
    "in_transaction",
    "insert_id",
    "last_insert_id",
    "rand_seed1",
    "rand_seed2",
    "timestamp",
    "warning_count",
];

/// Remembers all settings; neither server has a way to go back to them that keeps the lock.
pub(super) async fn remember(mysql: &mut MySql) -> Result<(), Failure> {
    mysql.settings = Some(read(mysql).await?);
    Ok(())
}

async fn read(mysql: &mut MySql) -> Result<Settings, Failure> {
    let rows = mysql.read("SHOW SESSION VARIABLES", &[], &[Kind::Text, Kind::Text]).await?;
    let pairs = rows.iter().filter_map(|row| Some((row.find_text(0)?, row.find_text(1)?)));
    let pairs = pairs.filter(|(name, _)| !MOVING.contains(name));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Sets back what differs from what was remembered, and empties the user variables.
pub(super) async fn restore(mysql: &mut MySql, variables: &[String]) -> Result<(), Failure> {
    let Some(before) = mysql.settings.take() else { return Ok(()) };
    if !mysql.home.is_empty() {
        let sql = format!("USE {}", super::quoted_name(&mysql.home));
        mysql.run(&sql).await?;
    }
    mysql.run("SET timestamp = DEFAULT").await?;
    let now = read(mysql).await?;
    for (name, value) in before.iter().filter(|(name, value)| now.get(*name) != Some(value)) {
        let sql = format!("SET SESSION {name} = {}", written(value));
        match mysql.run(&sql).await {
            Err(error) if error.kind == FailureKind::Lost => return Err(error),
            // Of the whole server, or the server's own.
            Err(error) => tracing::debug!(%error, name, "a setting was left as it is"),
            Ok(()) => {}
        }
    }
    let emptied: Vec<String> = variables.iter().map(|name| emptied(name)).collect();
    if emptied.is_empty() {
        return Ok(());
    }
    mysql.run(&format!("SET {}", emptied.join(", "))).await
}

/// `` @`name` = NULL ``
fn emptied(variable: &str) -> String {
    format!("@{} = NULL", super::quoted_name(variable.trim_start_matches('@')))
}

/// Numbers are refused in quotes, words without; no character set is shown as an empty text.
fn written(value: &str) -> String {
    if value.is_empty() {
        return "''".to_owned();
    }
    if value.parse::<f64>().is_ok() {
        return value.to_owned();
    }
    let mut text = String::new();
    Literal::from(value).append(Engine::MySql, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_set_takes_them() {
        assert_eq!(written("12.5"), "12.5");
        assert_eq!(written("ON"), "_utf8mb4 x'4f4e'");
        assert_eq!(written(""), "''");
        assert_eq!(emptied("@a`b"), "@`a``b` = NULL");
    }
}
