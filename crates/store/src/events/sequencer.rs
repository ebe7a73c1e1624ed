use uuid::Uuid;

use super::all;
use crate::Event;
use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Row, Value};
use crate::error::StoreError;
use crate::sql::events as sql;

pub(crate) async fn list_numbered<E: Engine>(
    db: &Db<E>,
    after: i64,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let values = [Value::Number(after), Value::Number(i64::from(limit))];
    db.read(&sql::LIST_NUMBERED, &values, all::<E>).await
}

pub(crate) async fn last_number<E: Engine>(db: &Db<E>) -> Result<i64, StoreError> {
    let last = db.read(&sql::FIND_LAST_NUMBER, &[], first_number::<E>).await?;
    Ok(last.unwrap_or(0))
}

/// Numbers committed events, so many at most; how many it were.
pub(crate) async fn number<E: Engine>(db: &Db<E>, limit: u32) -> Result<u64, StoreError> {
    // Nothing is locked or written while nothing happens.
    if db.read(&sql::FIND_UNNUMBERED, &[Value::Number(1)], ids::<E>).await?.is_empty() {
        return Ok(0);
    }
    db.write(&Number { limit }).await
}

struct Number {
    limit: u32,
}

impl<E: Engine> Work<E> for Number {
    type Output = u64;
    type Error = StoreError;

    /// An event that is not committed yet is not seen here, and gets a number later: whoever reads up
    /// to a number has read everything that will ever stand before it.
    async fn run(&self, transaction: &mut Tx<E>) -> Result<u64, Abort<StoreError>> {
        let last = lock_last_number(transaction).await?;
        let limit = Value::Number(i64::from(self.limit));
        let pending = ids::<E>(&transaction.fetch(&sql::FIND_UNNUMBERED, &[limit]).await?)?;
        let mut next = last;
        for id in pending {
            next += 1;
            let values = [Value::Number(next), Value::Id(id)];
            transaction.execute(&sql::NUMBER, &values).await?;
        }
        transaction.execute(&sql::SET_LAST_NUMBER, &[Value::Number(next)]).await?;
        Ok((next - last).unsigned_abs())
    }
}

async fn lock_last_number<E: Engine>(transaction: &mut Tx<E>) -> Result<i64, Abort<StoreError>> {
    let rows = transaction.fetch(&sql::LOCK_LAST_NUMBER, &[]).await?;
    if let Some(last) = first_number::<E>(&rows)? {
        return Ok(last);
    }
    match transaction.execute(&sql::INSERT_LAST_NUMBER, &[]).await {
        Err(error) if is_duplicate::<E>(&error) => Err(Abort::Overtaken(error)),
        result => Ok(result.map(|_| 0)?),
    }
}

fn first_number<E: Engine>(rows: &[Row<E>]) -> Result<Option<i64>, sqlx::Error> {
    rows.first().map(|row| Columns::<E>::of(row).number("guards.revision")).transpose()
}

fn ids<E: Engine>(rows: &[Row<E>]) -> Result<Vec<Uuid>, sqlx::Error> {
    rows.iter().map(|row| Columns::<E>::of(row).id("user_events.id")).collect()
}
