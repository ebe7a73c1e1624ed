//! Leases, which do not move: one that has not expired tells that somebody serves on the database.

use time::OffsetDateTime;

use super::rows::{Times, micros_of};
use crate::engine::{Arguments, Connection};
use crate::error::StoreError;
use crate::fault::store_error;

const LIST: &str = "SELECT name, expire_time FROM leases";

/// A lease that has not expired.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lease `{name}` ends by itself within {seconds} s")]
pub struct HeldLease {
    /// What it is for.
    pub name: String,
    /// How long it lasts unless it is prolonged.
    pub seconds: u64,
}

/// The lease that lasts longest, if any has not expired.
pub(super) async fn find<E: Times>(
    connection: &mut Connection<E>,
    now: OffsetDateTime,
) -> Result<Option<HeldLease>, StoreError> {
    let rows = E::fetch(connection, LIST, Arguments::<E>::default()).await;
    let rows = rows.map_err(store_error::<E>)?;
    let now = micros_of(now);
    let mut found: Option<HeldLease> = None;
    for row in &rows {
        let name = E::text(row, 0).map_err(store_error::<E>)?.unwrap_or_default();
        let end = E::micros(row, 1).map_err(store_error::<E>)?.unwrap_or_default();
        let left = u64::try_from(end.saturating_sub(now)).unwrap_or_default();
        let seconds = left.div_ceil(1_000_000);
        if seconds > found.as_ref().map_or(0, |found| found.seconds) {
            found = Some(HeldLease { name, seconds });
        }
    }
    Ok(found)
}
