//! The audit trail: written in the transaction of what it tells, numbered after the commit.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns::Columns;
use crate::db::{Db, Tx};
use crate::decode;
use crate::engine::{Engine, Row, Value, to_micros};
use crate::error::StoreError;
use crate::sql::events as sql;
use crate::{Event, EventDetails, EventKind, EventPage, ListEvents, UserId, keyset};

mod changes;
mod many;
mod relay;
mod sequencer;

pub(crate) use changes::changed_fields;
pub(crate) use many::record_all;
pub(crate) use relay::{hold as hold_relay, note as note_relayed};
pub(crate) use sequencer::{last_number, list_numbered, number};

/// Writes an event, in the name of the store's author, into the transaction that makes it true.
pub(crate) async fn record<E: Engine>(
    transaction: &mut Tx<E>,
    user: UserId,
    kind: EventKind,
    time: OffsetDateTime,
    details: &EventDetails,
) -> Result<(), sqlx::Error> {
    let encoding = |error: serde_json::Error| sqlx::Error::Encode(Box::new(error));
    let details = serde_json::to_string(details).map_err(encoding)?;
    let author = transaction.author();
    let values = [
        Value::Id(new_id(time)?),
        Value::Id(user.0),
        Value::Text(kind.as_str()),
        Value::MaybeId(author.user.map(|user| user.0)),
        Value::Text(&author.request_id),
        Value::Text(&details),
        Value::Time(time),
    ];
    transaction.execute(&sql::INSERT, &values).await.map(drop)
}

/// A UUIDv7 whose order is that of the times to a fraction of a microsecond (RFC 9562, section 6.2,
/// method 3).
fn new_id(time: OffsetDateTime) -> Result<Uuid, sqlx::Error> {
    let nanos = to_micros(time).unix_timestamp_nanos().max(0);
    let millis = u64::try_from(nanos / 1_000_000).unwrap_or(u64::MAX);
    let fraction = u16::try_from(nanos % 1_000_000 * 4096 / 1_000_000).unwrap_or(u16::MAX);
    let mut bytes = [0; 10];
    let (order, random) = bytes.split_at_mut(2);
    order.copy_from_slice(&fraction.to_be_bytes());
    getrandom::fill(random).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
}

pub(crate) async fn list<E: Engine>(
    db: &Db<E>,
    list: &ListEvents,
) -> Result<EventPage, StoreError> {
    let values = keyset::values(list.user, list.after, list.page_size);
    let found = db.read(&sql::LIST, &values, all::<E>).await?;
    let (events, next) = keyset::cut(found, list.page_size, Event::position);
    Ok(EventPage { events, next })
}

fn all<E: Engine>(rows: &[Row<E>]) -> Result<Vec<Event>, sqlx::Error> {
    rows.iter().map(|row| decode::event(&mut Columns::<E>::of(row))).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn ids_are_ordered_as_their_times() {
        let start = datetime!(2026-11-29 05:00:00.999_990 UTC);
        let ids: Vec<Uuid> = (0..20)
            .map(|micros| new_id(start + time::Duration::microseconds(micros)).expect("an id"))
            .collect();
        assert!(ids.is_sorted_by(|one, two| one < two), "{ids:?}");
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert_ne!(new_id(start).expect("an id"), new_id(start).expect("an id"));
    }
}
