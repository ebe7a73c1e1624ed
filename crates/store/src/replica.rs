//! A read replica: what it may answer, and what it has to have seen for that.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::{KeyValue, global};
use time::OffsetDateTime;

use crate::columns::Columns;
use crate::connections::Connections;
use crate::db::bound;
use crate::engine::{Arguments, Engine, Row, Value};
use crate::sql::events as sql;
use crate::{UserId, fault};

/// A replica that is further behind answers nothing.
pub(crate) const MAX_LAG: Duration = Duration::from_secs(30);
/// For how long a replica is asked whether it has what somebody wrote: longer than any that answers may
/// be behind, and than clocks differ.
const WINDOW: Duration = Duration::from_mins(1);
/// Somebody who wrote more than this lately reads from the primary.
const MANY: i64 = 100;
/// So many events may be numbered on the primary before the replica is asked.
const BETWEEN: i64 = 100_000;
/// After this a call goes to the primary instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// What somebody has written lately, or what was written about them: how many events there are. A
/// replica commits what the primary has committed in the same order, so one that has as many has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecentWrites {
    pub(crate) user: UserId,
    pub(crate) since: OffsetDateTime,
    pub(crate) count: i64,
}

impl RecentWrites {
    /// Where the time begins that counts, by the caller's clock.
    pub(crate) fn since(now: OffsetDateTime) -> OffsetDateTime {
        now - WINDOW
    }

    /// The parameters that count the writes of a user.
    pub(crate) fn values(user: UserId, since: OffsetDateTime) -> [Value<'static>; 4] {
        let (user, since) = (Value::Id(user.0), Value::Time(since));
        [user, since, user, since]
    }
}

/// A replica, and what is known of it.
pub(crate) struct Replica<E: Engine> {
    connections: Connections<E>,
    /// Whether it has answered without a transaction pooler.
    is_direct: AtomicBool,
    is_usable: AtomicBool,
    /// The last numbers of events that the primary had, and when.
    numbers: Mutex<VecDeque<(Instant, i64)>>,
    reads: Counter<u64>,
    lag: Gauge<f64>,
}

/// What a replica has made of a read.
#[derive(Clone, Copy)]
enum Outcome {
    Answered,
    Behind,
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Behind => "behind",
            Self::Failed => "failed",
        }
    }
}

impl<E: Engine> Replica<E> {
    pub(crate) fn new(connections: Connections<E>) -> Self {
        let meter = global::meter("artisan_store");
        Self {
            connections,
            is_direct: AtomicBool::new(false),
            is_usable: AtomicBool::new(false),
            numbers: Mutex::default(),
            reads: meter
                .u64_counter("artisan.replica.reads")
                .with_description("What the replica has made of reads.")
                .build(),
            lag: meter
                .f64_gauge("artisan.replica.lag")
                .with_unit("s")
                .with_description("How far the replica is behind, when it answers.")
                .build(),
        }
    }

    pub(crate) fn connections(&self) -> &Connections<E> {
        &self.connections
    }

    pub(crate) fn is_usable(&self) -> bool {
        self.is_usable.load(Ordering::Relaxed)
    }

    /// The rows of a query, if the replica has what the caller wrote; nothing if the primary is to be
    /// asked.
    pub(crate) async fn fetch(
        &self,
        writes: &RecentWrites,
        sql: Sql<'_>,
        values: &[Value<'_>],
    ) -> Option<Vec<Row<E>>> {
        if !self.is_usable() {
            return None;
        }
        if writes.count > MANY {
            self.count(Outcome::Behind);
            return None;
        }
        let asked = tokio::time::timeout(PATIENCE, self.ask(writes, sql, values)).await;
        let (outcome, rows) = match asked {
            Ok(Ok(Some(rows))) => (Outcome::Answered, Some(rows)),
            Ok(Ok(None)) => (Outcome::Behind, None),
            Ok(Err(error)) => {
                tracing::debug!(%error, "the replica did not answer");
                // A query that the replication got in the way of says nothing against the next one.
                if fault::fault_of::<E>(&error) != crate::engine::Fault::Conflict {
                    self.is_usable.store(false, Ordering::Relaxed);
                }
                (Outcome::Failed, None)
            }
            Err(_elapsed) => {
                self.is_usable.store(false, Ordering::Relaxed);
                (Outcome::Failed, None)
            }
        };
        self.count(outcome);
        rows
    }

    fn count(&self, outcome: Outcome) {
        self.reads.add(1, &[KeyValue::new("outcome", outcome.as_str())]);
    }

    /// Both questions go to one session: a replica never goes back.
    async fn ask(
        &self,
        writes: &RecentWrites,
        sql: Sql<'_>,
        values: &[Value<'_>],
    ) -> Result<Option<Vec<Row<E>>>, sqlx::Error> {
        let mut lease = self.connections.acquire().await?;
        if writes.count > 0 {
            let of = bound::<E>(&RecentWrites::values(writes.user, writes.since))?;
            let rows = lease.fetch(E::sql(&sql::COUNT_RECENT), of).await?;
            if number::<E>(&rows)? < writes.count {
                return Ok(None);
            }
        }
        let arguments: Arguments<E> = bound::<E>(values)?;
        let rows = match sql {
            Sql::Static(sql) => lease.fetch(sql, arguments).await?,
            Sql::Built(sql) => lease.fetch_built(sql.to_owned(), arguments).await?,
        };
        Ok(Some(rows))
    }

    /// Compares the replica's last number with those that the primary had; whether it may answer.
    pub(crate) async fn look(&self, primary: i64) -> bool {
        let seen = tokio::time::timeout(PATIENCE, self.last_number()).await;
        let now = Instant::now();
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.push_back((now, primary));
        while numbers.front().is_some_and(|(at, _)| now.duration_since(*at) > MAX_LAG * 2) {
            numbers.pop_front();
        }
        let lag = match seen {
            Ok(Ok(Some(replica))) => lag(&numbers, replica, now),
            Ok(Ok(None) | Err(_)) | Err(_) => None,
        };
        if let Some(lag) = lag {
            self.lag.record(lag.as_secs_f64(), &[]);
        }
        let is_usable = lag.is_some_and(|lag| lag <= MAX_LAG);
        self.is_usable.store(is_usable, Ordering::Relaxed);
        is_usable
    }

    /// Nothing where a transaction pooler stands before it, whenever it came up.
    async fn last_number(&self) -> Result<Option<i64>, sqlx::Error> {
        // Before the first prepared statement.
        if !self.is_direct.load(Ordering::Relaxed) {
            if E::is_pooled(self.connections.pool()).await? {
                return Ok(None);
            }
            self.is_direct.store(true, Ordering::Relaxed);
        }
        let mut lease = self.connections.acquire().await?;
        let none = bound::<E>(&[])?;
        number::<E>(&lease.fetch(E::sql(&sql::FIND_LAST_NUMBER), none).await?).map(Some)
    }
}

/// A query, as it was written or as it was put together.
#[derive(Clone, Copy)]
pub(crate) enum Sql<'a> {
    Static(&'static str),
    Built(&'a str),
}

fn number<E: Engine>(rows: &[Row<E>]) -> Result<i64, sqlx::Error> {
    match rows.first() {
        Some(row) => Columns::<E>::of(row).number("number"),
        None => Ok(0),
    }
}

/// How long ago the primary had the first number that the replica lacks; nothing when the replica has one
/// that the primary never had, so that it is the replica of another database.
fn lag(numbers: &VecDeque<(Instant, i64)>, replica: i64, now: Instant) -> Option<Duration> {
    let (_, last) = numbers.back()?;
    if replica > last + BETWEEN {
        return None;
    }
    let first_missing = numbers.iter().find(|(_, number)| *number > replica);
    Some(first_missing.map_or(Duration::ZERO, |(at, _)| now.duration_since(*at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_replica_is_as_late_as_the_first_number_that_it_lacks() {
        let start = Instant::now();
        let numbers: VecDeque<_> =
            (0..10).map(|at: u8| (start + seconds(at.into()), i64::from(at / 2))).collect();
        let now = start + seconds(9);
        assert_eq!(lag(&numbers, 4, now), Some(seconds(0)));
        assert_eq!(lag(&numbers, 3, now), Some(seconds(1)));
        assert_eq!(lag(&numbers, 0, now), Some(seconds(7)));
        assert_eq!(lag(&numbers, 1_000_000, now), None);
        assert_eq!(lag(&VecDeque::new(), 0, now), None);
    }
}
