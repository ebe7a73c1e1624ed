use artisan_schema::catalog::mysql::plain_mode;

use super::dates::has_zero_date;
use crate::backend::{Backend, Failure, Kind, backquoted};
use crate::dump::SchemaObject;
use crate::dump::session::{CLIENT, COLLATION, MODE, Session, Sessions, Setting, ZONE, modes};

/// What routines, triggers, events and views keep of the sessions that made them.
pub(in crate::dump) async fn read(backend: &mut dyn Backend) -> Result<Sessions, Failure> {
    let sql = include_str!("sessions.sql");
    let mut sessions = Sessions::default();
    for row in backend.read(sql, &[], &[Kind::Text; 10]).await? {
        let (kind, name) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
        let mut settings = Vec::new();
        for (at, variable) in [MODE, ZONE, CLIENT, COLLATION].into_iter().enumerate() {
            let is_kept = match variable {
                MODE => kind != "view",
                ZONE => kind == "event",
                _ => true,
            };
            if is_kept {
                let usual = row.text(6 + at)?.to_owned();
                // Nothing is told of what no server can read any more.
                let own = row.find_text(2 + at).map_or_else(|| usual.clone(), str::to_owned);
                settings.push(Setting { variable, own, usual });
            }
        }
        sessions.kept.push(Session { kind, name, settings });
    }
    Ok(sessions)
}

/// The modes of the objects that keep none, where the session's own would not make them as they are. To add a foreign
/// key is to alter a table.
pub(super) async fn fitting(
    backend: &mut dyn Backend,
    objects: &[SchemaObject],
) -> Result<Vec<(&'static str, String, String)>, Failure> {
    let own = mode(backend).await?;
    let refuses_zeros =
        own.split(',').any(|word| ["NO_ZERO_DATE", "NO_ZERO_IN_DATE"].contains(&word));
    let tables =
        objects.iter().filter(|object| object.kind == "table" && has_zero_date(&object.sql));
    let heads: Vec<(&str, String)> = tables
        .map(|table| (table.name.as_str(), format!("ALTER TABLE {} ", backquoted(&table.name))))
        .collect();
    let is_dated = |object: &SchemaObject| match object.kind {
        "table" => heads.iter().any(|(name, _)| *name == object.name),
        "foreign key" => heads.iter().any(|(_, head)| object.sql.starts_with(head)),
        _ => false,
    };
    let without = objects.iter().filter(|one| KEEPS_NO_MODE.contains(&one.kind));
    let fitting = without.filter_map(|object| {
        let refused = if refuses_zeros && is_dated(object) { &OF_ZERO_DATES[..] } else { &[] };
        let mode = modes::fitting(&own, &object.sql, refused)?;
        Some((object.kind, object.name.clone(), mode))
    });
    Ok(fitting.collect())
}

const KEEPS_NO_MODE: [&str; 4] = ["sequence", "table", "foreign key", "view"];

/// The words that refuse dates of zeros; the first of them stands for the others.
const OF_ZERO_DATES: [&str; 3] = ["TRADITIONAL", "NO_ZERO_IN_DATE", "NO_ZERO_DATE"];

/// Reads in the mode in which the server shows all alike; the session has its own back afterwards.
pub(in crate::dump) async fn in_plain_mode<T>(
    backend: &mut dyn Backend,
    read: impl AsyncFnOnce(&mut dyn Backend) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let own = mode(backend).await?;
    let Some(plain) = plain_mode(&own) else { return read(backend).await };
    let set = |mode: &str| format!("SET sql_mode = '{mode}'");
    backend.run(&set(&plain)).await?;
    let result = read(backend).await;
    backend.run(&set(&own)).await?;
    result
}

async fn mode(backend: &mut dyn Backend) -> Result<String, Failure> {
    let sql = "SELECT CONVERT(@@sql_mode USING utf8mb4)";
    let rows = backend.read(sql, &[], &[Kind::Text]).await?;
    rows.first().ok_or_else(|| Failure::shape(0))?.text(0).map(str::to_owned)
}

#[cfg(test)]
mod tests;
