//! What is known already of users that others want to bring.

use crate::UserId;
use crate::columns::Columns;
use crate::db::Db;
use crate::engine::{Engine, Value};
use crate::error::StoreError;
use crate::query::Query;
use crate::sql::events::FIND_TRAILS;
use crate::users::batch::chunks;

pub(crate) async fn find_email_owners<E: Engine>(
    db: &Db<E>,
    keys: &[String],
) -> Result<Vec<(String, UserId)>, StoreError> {
    let mut owners = Vec::new();
    for chunk in chunks(keys) {
        let mut query = Query::new::<E>("SELECT email_key, id FROM users WHERE email_key IN ");
        query.bind_row(chunk.iter().map(|key| Value::Text(key)));
        let decode = |rows: &[crate::engine::Row<E>]| {
            let owner = |row| {
                let mut columns = Columns::<E>::of(row);
                Ok((columns.text("users.email_key")?, UserId(columns.id("users.id")?)))
            };
            rows.iter().map(owner).collect::<Result<Vec<_>, _>>()
        };
        owners.extend(db.read_built(&query, decode).await?);
    }
    Ok(owners)
}

pub(crate) async fn find_mentioned<E: Engine>(
    db: &Db<E>,
    ids: &[UserId],
) -> Result<Vec<UserId>, StoreError> {
    let mut mentioned = Vec::new();
    for chunk in chunks(ids) {
        let mut query = Query::new::<E>(FIND_TRAILS);
        query.bind_row(chunk.iter().map(|id| Value::Id(id.0)));
        let decode = |rows: &[crate::engine::Row<E>]| {
            let id = |row| Columns::<E>::of(row).id("user_events.user_id").map(UserId);
            rows.iter().map(id).collect::<Result<Vec<_>, _>>()
        };
        mentioned.extend(db.read_built(&query, decode).await?);
    }
    Ok(mentioned)
}
