//! How far one replica has told another system of events.

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value};
use crate::error::StoreError;
use crate::housekeeping::{Lease, claim};
use crate::sql::events as sql;

const NAME: &str = "relay";

/// The last number that was relayed; nothing if another replica holds the lease.
pub(crate) async fn hold<E: Engine>(db: &Db<E>, lease: &Lease) -> Result<Option<i64>, StoreError> {
    db.write(&Hold(*lease)).await
}

/// Notes the last number that was relayed; false, and nothing noted, if another replica holds the lease.
pub(crate) async fn note<E: Engine>(
    db: &Db<E>,
    lease: &Lease,
    number: i64,
) -> Result<bool, StoreError> {
    db.write(&Note { lease: *lease, number }).await
}

struct Hold(Lease);

impl<E: Engine> Work<E> for Hold {
    type Output = Option<i64>;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<Option<i64>, Abort<StoreError>> {
        if !claim(transaction, NAME, &self.0).await? {
            return Ok(None);
        }
        let rows = transaction.fetch(&sql::FIND_RELAYED, &[]).await?;
        if let Some(row) = rows.first() {
            return Ok(Some(Columns::<E>::of(row).number("guards.revision")?));
        }
        // Nobody else writes it: that takes the lease.
        transaction.execute(&sql::INSERT_RELAYED, &[]).await?;
        Ok(Some(0))
    }
}

struct Note {
    lease: Lease,
    number: i64,
}

impl<E: Engine> Work<E> for Note {
    type Output = bool;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<bool, Abort<StoreError>> {
        if !claim(transaction, NAME, &self.lease).await? {
            return Ok(false);
        }
        let number = Value::Number(self.number);
        transaction.execute(&sql::SET_RELAYED, &[number, number]).await?;
        Ok(true)
    }
}
