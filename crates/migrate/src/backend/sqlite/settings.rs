use super::super::{Backend, Failure, Kind};
use super::Sqlite;

/// Pragmas of the connection and their values.
pub(super) type Settings = Vec<(&'static str, String)>;

/// What a connection forgets when it ends: <https://www.sqlite.org/pragma.html>. What the file keeps,
/// `journal_mode` and the like, is left as it was set.
const PRAGMAS: [&str; 18] = [
    "automatic_index",
    "cache_size",
    "cell_size_check",
    "checkpoint_fullfsync",
    "defer_foreign_keys",
    "foreign_keys",
    "fullfsync",
    "ignore_check_constraints",
    "legacy_alter_table",
    "locking_mode",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "secure_delete",
    "synchronous",
    "temp_store",
    "trusted_schema",
];

pub(super) async fn remember(sqlite: &mut Sqlite) -> Result<(), Failure> {
    sqlite.settings = Some(read(sqlite).await?);
    Ok(())
}

async fn read(sqlite: &mut Sqlite) -> Result<Settings, Failure> {
    let values = PRAGMAS.map(|name| format!("(SELECT CAST({name} AS TEXT) FROM pragma_{name})"));
    let sql = format!("SELECT {}", values.join(", "));
    let rows = sqlite.read(&sql, &[], &[Kind::Text; PRAGMAS.len()]).await?;
    let text = |at| rows.first().and_then(|row| row.find_text(at)).unwrap_or_default().to_owned();
    Ok(PRAGMAS.iter().enumerate().map(|(at, name)| (*name, text(at))).collect())
}

/// Sets back what differs from what was remembered, and lets go of other files.
pub(super) async fn restore(sqlite: &mut Sqlite) -> Result<(), Failure> {
    let Some(before) = sqlite.settings.take() else { return Ok(()) };
    let now = read(sqlite).await?;
    for ((name, before), (_, now)) in before.iter().zip(&now) {
        if before != now {
            sqlite.run_statement(&format!("PRAGMA {name} = {before}")).await?;
        }
    }
    // The one that cannot be asked for.
    sqlite.run_statement("PRAGMA case_sensitive_like = OFF").await?;
    let sql = "SELECT type || ' \"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_temp_schema \
               WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               ORDER BY type DESC";
    for row in sqlite.read(sql, &[], &[Kind::Text]).await? {
        let what = row.text(0)?;
        let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
        sqlite.run_statement(&format!("DROP {kind} IF EXISTS temp.{name}")).await?;
    }
    let sql = "SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')";
    for row in sqlite.read(sql, &[], &[Kind::Text]).await? {
        let name = row.text(0)?.replace('"', "\"\"");
        sqlite.run_statement(&format!("DETACH DATABASE \"{name}\"")).await?;
    }
    Ok(())
}
