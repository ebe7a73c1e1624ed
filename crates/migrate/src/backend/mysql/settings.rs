use std::collections::BTreeMap;

use super::super::{Backend, Failure, FailureKind, Kind, Leftovers, Literal};
use super::MySql;
use crate::Engine;

/// What a session is set to.
#[derive(Debug)]
pub(super) struct Settings {
    /// By their names, as the server shows them.
    variables: BTreeMap<String, String>,
    role: Option<String>,
}

/// What moves by itself, or holds for the next statement only.
pub(crate) const MOVING: [&str; 9] = [
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
    let (variables, role) = (read(mysql).await?, role(mysql).await?);
    mysql.settings = Some(Settings { variables, role });
    Ok(())
}

/// The active role or roles, as `SET ROLE` takes them; nothing where the server knows no roles.
async fn role(mysql: &mut MySql) -> Result<Option<String>, Failure> {
    match mysql.read("SELECT CURRENT_ROLE()", &[], &[Kind::Text]).await {
        Err(error) if error.kind == FailureKind::Lost => Err(error),
        Err(_) => Ok(None),
        Ok(rows) => {
            let role = rows.first().and_then(|row| row.find_text(0)).unwrap_or("NONE");
            let is_plain = mysql.engine() == Engine::MySql || role == "NONE";
            Ok(Some(if is_plain { role.to_owned() } else { super::quoted_name(role) }))
        }
    }
}

async fn read(mysql: &mut MySql) -> Result<BTreeMap<String, String>, Failure> {
    let rows = mysql.read("SHOW SESSION VARIABLES", &[], &[Kind::Text, Kind::Text]).await?;
    let pairs = rows.iter().filter_map(|row| Some((row.find_text(0)?, row.find_text(1)?)));
    let pairs = pairs.filter(|(name, _)| !MOVING.contains(name));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Sets back what differs from what was remembered, and removes what is left.
pub(super) async fn restore(mysql: &mut MySql, left: &Leftovers) -> Result<(), Failure> {
    let Some(before) = mysql.settings.take() else { return Ok(()) };
    if !mysql.home.is_empty() {
        let sql = format!("USE {}", super::quoted_name(&mysql.home));
        mysql.run(&sql).await?;
    }
    if let Some(role) = &before.role
        && self::role(mysql).await?.as_ref() != Some(role)
    {
        mysql.run(&format!("SET ROLE {role}")).await?;
    }
    mysql.run("SET timestamp = DEFAULT").await?;
    let now = read(mysql).await?;
    let differs = |(name, value): &(&String, &String)| now.get(*name) != Some(*value);
    for (name, value) in before.variables.iter().filter(differs) {
        let sql = format!("SET SESSION {name} = {}", written(value));
        match mysql.run(&sql).await {
            Err(error) if error.kind == FailureKind::Lost => return Err(error),
            // Of the whole server, or the server's own.
            Err(error) => tracing::debug!(%error, name, "a setting was left as it is"),
            Ok(()) => {}
        }
    }
    remove(mysql, left).await
}

async fn remove(mysql: &mut MySql, left: &Leftovers) -> Result<(), Failure> {
    if !left.tables.is_empty() {
        mysql.run(&format!("DROP TEMPORARY TABLE IF EXISTS {}", left.tables.join(", "))).await?;
    }
    let emptied: Vec<String> = left.variables.iter().map(|name| emptied(name)).collect();
    if emptied.is_empty() {
        return Ok(());
    }
    mysql.run(&format!("SET {}", emptied.join(", "))).await
}

/// Whether a statement may set the characters in which results come: `SET NAMES latin1`.
pub(super) fn sets_characters(sql: &str) -> bool {
    let head: String = sql.chars().take(LONGEST_SET).collect::<String>().to_ascii_lowercase();
    let is_set = head.starts_with("set") || (head.starts_with("/*") && head.contains("set"));
    is_set && ["names", "charset", "character"].iter().any(|word| head.contains(word))
}

/// How much of a statement is looked at; settings stand at its beginning.
const LONGEST_SET: usize = 1000;

/// `` @`name` = NULL ``
pub(crate) fn emptied(variable: &str) -> String {
    format!("@{} = NULL", super::quoted_name(variable.trim_start_matches('@')))
}

/// Numbers are refused in quotes, words without.
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

    #[test]
    fn characters_of_results_are_watched() {
        assert!(sets_characters("/*!40101 SET NAMES binary */"));
        assert!(sets_characters("SET @a = 1, CHARACTER_SET_RESULTS = NULL"));
        assert!(!sets_characters("SET sql_mode = ''"));
        assert!(!sets_characters("INSERT INTO names VALUES (1)"));
    }
}
