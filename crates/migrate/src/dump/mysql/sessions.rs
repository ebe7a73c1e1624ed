use super::dates::has_zero_date;
use crate::backend::{Backend, Failure, Kind, backquoted};
use crate::dump::SchemaObject;
use crate::dump::session::{CLIENT, COLLATION, MODE, Session, Sessions, Setting, ZONE};

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

/// The tables with dates of zeros, and their foreign keys: to add one is to alter a table.
pub(super) async fn dated(
    backend: &mut dyn Backend,
    objects: &[SchemaObject],
) -> Result<Vec<(&'static str, String)>, Failure> {
    let tables =
        objects.iter().filter(|object| object.kind == "table" && has_zero_date(&object.sql));
    let heads: Vec<(&str, String)> = tables
        .map(|table| (table.name.as_str(), format!("ALTER TABLE {} ", backquoted(&table.name))))
        .collect();
    if heads.is_empty() || !refuses_zero_dates(backend).await? {
        return Ok(Vec::new());
    }
    let is_dated = |object: &&SchemaObject| match object.kind {
        "table" => heads.iter().any(|(name, _)| *name == object.name),
        "foreign key" => heads.iter().any(|(_, head)| object.sql.starts_with(head)),
        _ => false,
    };
    let dated = objects.iter().filter(is_dated);
    Ok(dated.map(|object| (object.kind, object.name.clone())).collect())
}

async fn refuses_zero_dates(backend: &mut dyn Backend) -> Result<bool, Failure> {
    let sql = "SELECT CONVERT(@@sql_mode USING utf8mb4)";
    let rows = backend.read(sql, &[], &[Kind::Text]).await?;
    let mode = rows.first().ok_or_else(|| Failure::shape(0))?;
    let has = |word| mode.text(0).map(|mode| mode.split(',').any(|one| one == word));
    Ok(has("NO_ZERO_DATE")? || has("NO_ZERO_IN_DATE")?)
}
