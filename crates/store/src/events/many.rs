use time::OffsetDateTime;
use uuid::Uuid;

use super::new_id;
use crate::db::Tx;
use crate::engine::{Engine, Value};
use crate::sql::events as sql;
use crate::{EventKind, UserId};

/// Rows per statement: the sizes are few, so that the server keeps the statements prepared.
const CHUNK: usize = 500;

/// Writes an event without details for each of these users, with few statements.
pub(crate) async fn record_all<E: Engine>(
    transaction: &mut Tx<E>,
    users: impl Iterator<Item = (UserId, OffsetDateTime)> + Send,
    kind: EventKind,
) -> Result<(), sqlx::Error> {
    let author = transaction.author();
    let actor = Value::MaybeId(author.user.map(|user| user.0));
    let mut rows: Vec<(Uuid, UserId, OffsetDateTime)> = Vec::new();
    for (user, time) in users {
        rows.push((new_id(time)?, user, time));
    }
    for chunk in rows.chunks(CHUNK) {
        let row = |(id, user, time): &(Uuid, UserId, OffsetDateTime)| {
            [
                Value::Id(*id),
                Value::Id(user.0),
                Value::Text(kind.as_str()),
                actor,
                Value::Text(&author.request_id),
                Value::Text("{}"),
                Value::Time(*time),
            ]
        };
        let values: Vec<_> = chunk.iter().map(row).collect();
        transaction.insert(sql::INSERT_MANY, &values).await?;
    }
    Ok(())
}
