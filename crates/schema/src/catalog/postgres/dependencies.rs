use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use crate::model::{Dependencies, Name, Reference, Thing};

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
) -> Result<Dependencies, sqlx::Error> {
    let rows = sqlx::query(include_str!("dependencies.sql")).bind(current);
    let mut dependencies = Dependencies::none();
    for row in rows.fetch_all(connection).await? {
        let dependent = thing(&row, ["kind", "schema_name", "local_name", "part"])?;
        let on = thing(&row, ["on_kind", "on_schema", "on_name", "on_part"])?;
        dependencies.0.extend(dependent.zip(on));
    }
    Ok(dependencies)
}

/// The thing that four columns name; `None` for one that is not managed.
fn thing(
    row: &PgRow,
    [kind, schema, local, part]: [&str; 4],
) -> Result<Option<Thing>, sqlx::Error> {
    let name = Name { schema: row.try_get(schema)?, local: row.try_get(local)? };
    let part: Option<String> = row.try_get(part)?;
    let part = part.unwrap_or_default();
    let object = |kind| Some(Thing::Object(Reference::to(kind, name.clone())));
    Ok(match row.try_get(kind)? {
        "column" => Some(Thing::Column(name, part)),
        "default" => Some(Thing::Default(name, part)),
        "constraint" => Some(Thing::Constraint(name, part)),
        "index" => Some(Thing::Index(name, part)),
        words => super::definitions::kind(words).and_then(object),
    })
}
