use sqlx::{PgConnection, Row};

use super::name;
use crate::model::{Opaque, Opaques, Space};

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
) -> Result<Opaques, sqlx::Error> {
    let rows = sqlx::query(include_str!("opaques.sql")).bind(current);
    let mut opaques = Opaques::none();
    for row in rows.fetch_all(connection).await? {
        let space = match row.try_get("space")? {
            "relation" => Space::Relation,
            "type" => Space::Type,
            _ => Space::Routine,
        };
        let opaque = Opaque { kind: row.try_get("kind")?, shape: row.try_get("shape")? };
        opaques.0.insert((space, name(&row, "schema_name", "local_name")?), opaque);
    }
    Ok(opaques)
}
