//! How far another system was told of events.

use tracing::Instrument as _;

use super::{Backend, Store};
use crate::engine::{Engine as _, MySql, Postgres, Sqlite};
use crate::error::StoreError;
use crate::{Lease, events};

/// How far another system was told of events.
impl Store {
    /// Takes or prolongs the lease under which one replica relays events: the number of the last one
    /// that was relayed, 0 before the first. None if another replica holds the lease.
    pub async fn hold_relay(&self, lease: &Lease) -> Result<Option<i64>, StoreError> {
        call!(self, "db.events.hold_relay", "hold_relay", |db| events::hold_relay(db, lease))
    }

    /// Notes that the events up to this number were relayed, and prolongs the lease; one that ends now
    /// is given back. False if another replica holds it: then nothing is noted.
    pub async fn note_relayed(&self, lease: &Lease, number: i64) -> Result<bool, StoreError> {
        call!(self, "db.events.note_relayed", "note_relayed", |db| {
            events::note_relayed(db, lease, number)
        })
    }
}
