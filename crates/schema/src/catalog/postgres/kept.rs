use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::name;
use crate::model::{Attached, Kept, Kind, Name, Reference, ServerCast, Thing};

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
) -> Result<Attached, sqlx::Error> {
    let mut attached = Attached { current: Some(current.to_owned()), ..Attached::none() };
    let has_kept = sqlx::query_scalar(include_str!("has_kept.sql"));
    if has_kept.fetch_optional(&mut *connection).await?.unwrap_or(true) {
        let rows = sqlx::query(include_str!("kept.sql")).bind(current);
        for row in rows.fetch_all(&mut *connection).await? {
            attached.kept.extend(kept(&row)?);
        }
    }
    for row in sqlx::query(include_str!("casts.sql")).fetch_all(&mut *connection).await? {
        let types = (row.try_get("source")?, row.try_get("target")?);
        let cast = ServerCast { assigns: row.try_get("assigns")?, is_own: row.try_get("is_own")? };
        attached.casts.insert(types, cast);
    }
    let rows = sqlx::query(include_str!("view_columns.sql")).bind(current);
    for row in rows.fetch_all(connection).await? {
        let column = (row.try_get("column_name")?, row.try_get("data_type")?);
        attached.columns.entry(name(&row, "schema_name", "local_name")?).or_default().push(column);
    }
    Ok(attached)
}

fn kept(row: &PgRow) -> Result<Option<Kept>, sqlx::Error> {
    let Some(kind) = super::definitions::kind(row.try_get("kind")?) else { return Ok(None) };
    let name = name(row, "schema_name", "local_name")?;
    let part: Option<String> = row.try_get("on_part")?;
    let part = part.unwrap_or_default();
    let on_kind: Option<&str> = row.try_get("on_kind")?;
    let on = on_kind.and_then(|kind| thing(kind, &name, part));
    let owner = Reference::to(kind, name);
    let (label, create) = (row.try_get("label")?, row.try_get("statements")?);
    Ok(Some(Kept { owner, label, create, drop: row.try_get("drop_statement")?, on }))
}

fn thing(kind: &str, table: &Name, part: String) -> Option<Thing> {
    match kind {
        "column" => Some(Thing::Column(table.clone(), part)),
        "constraint" => Some(Thing::Constraint(table.clone(), part)),
        "index" => Some(Thing::Index(table.clone(), part)),
        "sequence" => Some(Thing::Object(Reference::to(Kind::Sequence, table.sibling(part)))),
        _ => None,
    }
}
