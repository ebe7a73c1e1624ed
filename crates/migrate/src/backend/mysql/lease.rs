//! A lease in a row, for Galera clusters, whose nodes take `GET_LOCK` each for itself.
//!
//! The row is renewed from a connection of its own. Whoever finds it expired looks at the holder's
//! session first: while its node executes something for it, it is waited for, since a long `ALTER`
//! stops the writes of the whole cluster and with them the renewals; an idle session is ended. What
//! the holder writes into the ledger names the lease in the same transaction, so that it fails once
//! the lease is another runner's. The nodes' clocks have to agree within ten seconds.

mod row;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, MySqlConnection};
use tokio::task::JoinHandle;

use super::super::{Backend, Dialect, Failure, FailureKind, Lock, Value};
use row::{Standing, find, prepare, read};

use super::{MySql, connected, failure, nodes};
use crate::{Engine, owner};

/// The key of the row; the server names it when the row is another runner's.
const NAME: &str = "the runner of this database";
/// For how long the row is written, in seconds.
const TERM: u32 = 30;
/// For how long the holder relies on it: shorter, since clocks differ.
const TRUST: Duration = Duration::from_secs(20);
const RENEWAL: Duration = Duration::from_secs(5);

/// A lease that this runner holds, until it is dropped.
pub(super) struct Lease {
    owner: String,
    /// The statement that renews it.
    renewing: String,
    trusted_until: Arc<Mutex<Instant>>,
    renewal: JoinHandle<()>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// One attempt to take the lease.
pub(super) async fn take(mysql: &mut MySql) -> Result<Lock, Failure> {
    let attempted = attempt(mysql).await;
    if matches!(attempted, Ok(Lock::Taken)) {
        return attempted;
    }
    mysql.run("SET SESSION wsrep_sync_wait = DEFAULT").await?;
    match attempted {
        // Another node's runner was faster, or this node is behind, as during a long ALTER.
        Err(error) if error.kind == FailureKind::Busy => {
            let standing = find(mysql).await?;
            Ok(Lock::Held(standing.map(|standing| standing.holder()).unwrap_or_default()))
        }
        other => other,
    }
}

async fn attempt(mysql: &mut MySql) -> Result<Lock, Failure> {
    prepare(mysql).await?;
    let seen = read(mysql).await?;
    if seen.is_held() {
        return Ok(Lock::Held(seen.holder()));
    }
    // What other nodes have committed is seen from here on. Not before: a node that is behind would
    // not answer, and it knows well enough who holds the lease.
    mysql.run("SET SESSION wsrep_sync_wait = 1").await?;
    let before = read(mysql).await?;
    if before.is_held() || !is_given_up(mysql, &before).await? {
        return Ok(Lock::Held(before.holder()));
    }
    let begin = Instant::now();
    let owner = name_owner(mysql);
    let sql = format!(
        "UPDATE _migrate_lease SET owner = ?, expires = UTC_TIMESTAMP(6) + INTERVAL {TERM} SECOND, \
         fence = fence + 1, session_id = ?, session_since = ? WHERE name = ? AND owner = ? AND fence = ?"
    );
    let session = super::locks::session(mysql).await?;
    let values = [
        Value::Text(&owner),
        Value::Int(session.id),
        Value::Text(&session.since),
        Value::Text(NAME),
        Value::Text(&before.owner),
        Value::Int(before.fence),
    ];
    match mysql.write(&sql, &values).await {
        Ok(()) => {}
        // Another node's runner was faster.
        Err(error) if error.kind == FailureKind::Busy => {}
        Err(error) => return Err(error),
    }
    let now = read(mysql).await?;
    if now.owner != owner {
        return Ok(Lock::Held(now.holder()));
    }
    mysql.dialect.fence = mysql.dialect.name(&fence(&owner));
    mysql.lease = Some(Lease::new(owner, begin + TRUST, mysql));
    Ok(Lock::Taken)
}

/// Gives the lease back.
pub(super) async fn release(mysql: &mut MySql) -> Result<(), Failure> {
    let Some(lease) = mysql.lease.take() else { return Ok(()) };
    mysql.dialect.fence.clear();
    let sql = "UPDATE _migrate_lease SET owner = '' WHERE name = ? AND owner = ?";
    let sql = mysql.dialect.name(sql);
    mysql.write(&sql, &[Value::Text(NAME), Value::Text(&lease.owner)]).await
}

/// Fails unless the lease is this runner's still, so that nothing more is sent.
pub(super) async fn hold(mysql: &mut MySql) -> Result<(), Failure> {
    let Some(lease) = &mysql.lease else { return Ok(()) };
    if lease.is_trusted() {
        return Ok(());
    }
    // A long ALTER stops the renewals as well: what nobody has taken meanwhile goes on.
    let (begin, renewing) = (Instant::now(), lease.renewing.clone());
    let trusted_until = Arc::clone(&lease.trusted_until);
    // Not by reading: in a transaction that would show the row as it was when that began.
    if !renew(&mut mysql.connection, &renewing).await? {
        return Err(Failure::new(FailureKind::Superseded, TAKEN_OVER));
    }
    *locked(&trusted_until) = begin + TRUST;
    Ok(())
}

/// What is told when the lease is another runner's.
const TAKEN_OVER: &str = "it has taken over the lease, which this one did not renew in time";

/// The failure of a fenced transaction, in words that say what has happened.
pub(super) fn explained(failure: Failure) -> Failure {
    let is_taken_over = failure.code.as_deref() == Some("1062") && failure.message.contains(NAME);
    if is_taken_over { Failure::new(FailureKind::Superseded, TAKEN_OVER) } else { failure }
}

/// Statements that fail unless the lease is this runner's, and that conflict with taking it over.
fn fence(owner: &str) -> String {
    let (name, owner) = (Value::Text(NAME), Value::Text(owner));
    // The row is locked by the first, and doubled by the second if it is somebody else's.
    let touched = "UPDATE _migrate_lease SET fence = fence + 1 WHERE name = ? AND owner = ?;\n";
    let checked = "INSERT INTO _migrate_lease SELECT name, owner, expires, fence, session_id, \
                   session_since FROM _migrate_lease WHERE name = ? AND owner <> ?;\n";
    written(touched, &[name, owner]) + &written(checked, &[name, owner])
}

/// The statement with its values, which MySQL reads as MariaDB does.
fn written(sql: &str, values: &[Value<'_>]) -> String {
    super::question(Engine::MariaDb, sql, values)
}

/// Whether nobody has the lease: the holder has died, or has let it expire and does nothing. Its
/// session is ended.
async fn is_given_up(mysql: &mut MySql, standing: &Standing) -> Result<bool, Failure> {
    if standing.owner.is_empty() {
        return Ok(true);
    }
    let is_dead = owner::is_surely_gone(&standing.owner);
    match nodes::activity(mysql, &standing.session).await? {
        nodes::Activity::Gone => Ok(true),
        nodes::Activity::Working if !is_dead => Ok(false),
        nodes::Activity::Working | nodes::Activity::Idle => {
            nodes::end(mysql, &standing.session).await?;
            Ok(nodes::activity(mysql, &standing.session).await? == nodes::Activity::Gone)
        }
    }
}

fn name_owner(mysql: &MySql) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = now.unwrap_or_default().as_nanos();
    format!("{} connection {} attempt {nanos}", owner::describe(), mysql.session.id)
}

/// The statement that renews it, wherever the session looks by itself.
fn renewing(dialect: &Dialect, owner: &str) -> String {
    let sql = format!(
        "UPDATE _migrate_lease SET fence = fence + 1, \
         expires = UTC_TIMESTAMP(6) + INTERVAL {TERM} SECOND WHERE name = ? AND owner = ?"
    );
    written(&dialect.name(&sql), &[Value::Text(NAME), Value::Text(owner)])
}

async fn renew(connection: &mut MySqlConnection, renewing: &str) -> Result<bool, Failure> {
    let done = sqlx::raw_sql(AssertSqlSafe(renewing.to_owned())).execute(connection).await;
    done.map(|done| done.rows_affected() == 1).map_err(|error| failure(&error))
}

async fn renew_for_ever(
    options: MySqlConnectOptions,
    renewing: String,
    trusted_until: Arc<Mutex<Instant>>,
) {
    let mut connection = None;
    loop {
        tokio::time::sleep(RENEWAL).await;
        let begin = Instant::now();
        if connection.is_none() {
            connection = connected(&options).await.ok();
        }
        let Some(open) = &mut connection else { continue };
        match renew(open, &renewing).await {
            Ok(true) => *locked(&trusted_until) = begin + TRUST,
            // Another runner's: the next statement finds out.
            Ok(false) => return,
            Err(error) => {
                tracing::debug!(%error, "the lease was not renewed");
                connection = None;
            }
        }
    }
}

fn locked(trusted_until: &Mutex<Instant>) -> MutexGuard<'_, Instant> {
    trusted_until.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lease {
    fn new(owner: String, until: Instant, mysql: &MySql) -> Self {
        let trusted_until = Arc::new(Mutex::new(until));
        let renewing = renewing(&mysql.dialect, &owner);
        let options = mysql.options.clone();
        let renewal = renew_for_ever(options, renewing.clone(), Arc::clone(&trusted_until));
        Self { owner, renewing, trusted_until, renewal: tokio::spawn(renewal) }
    }

    fn is_trusted(&self) -> bool {
        Instant::now() < *locked(&self.trusted_until)
    }
}

#[cfg(test)]
mod tests {
    use artisan_testkit::TestDatabase;

    use super::row::TABLE;
    use super::*;
    use crate::DatabaseUrl;
    use crate::backend::Kind;
    use crate::backend::mysql::open;

    artisan_testkit::on_engine!(mariadb, MariaDb, fence_lets_only_the_owner_commit);
    artisan_testkit::on_engine!(mysql, MySql, fence_lets_only_the_owner_commit);

    async fn fence_lets_only_the_owner_commit(database: TestDatabase) {
        let url = DatabaseUrl::parse(database.url()).unwrap();
        let mut backend = open(&url, "_sqlx_migrations").await.unwrap();
        backend.run(TABLE).await.unwrap();
        backend.run("CREATE TABLE t (i INT)").await.unwrap();
        let row = "INSERT INTO _migrate_lease VALUES (?, ?, UTC_TIMESTAMP(6), 0, 0, '')";
        backend.write(row, &[Value::Text(NAME), Value::Text("me")]).await.unwrap();
        let fenced =
            format!("START TRANSACTION;\n{}INSERT INTO t VALUES (1);\nCOMMIT;", fence("me"));
        backend.run_script(&fenced).await.unwrap();
        backend.run("UPDATE _migrate_lease SET owner = 'other'").await.unwrap();
        let halted = backend.run_script(&fenced).await.unwrap_err();
        assert_eq!(halted.failure.kind, FailureKind::Superseded, "{}", halted.failure);
        backend.run("ROLLBACK").await.unwrap();
        let count = "SELECT COUNT(*) FROM t";
        assert_eq!(backend.read(count, &[], &[Kind::Int]).await.unwrap()[0].int(0).unwrap(), 1);
        let touched = "SELECT fence FROM _migrate_lease";
        assert_eq!(backend.read(touched, &[], &[Kind::Int]).await.unwrap()[0].int(0).unwrap(), 1);
        backend.close().await;
    }

    #[test]
    fn doubled_row_says_that_the_lease_was_taken_over() {
        let refused = |code: &str, message: &str| Failure {
            code: Some(code.to_owned()),
            ..Failure::new(FailureKind::Statement, message)
        };
        let doubled = format!("Duplicate entry '{NAME}' for key 'PRIMARY'");
        let told = explained(refused("1062", &doubled));
        assert_eq!((told.kind, told.message.as_str()), (FailureKind::Superseded, TAKEN_OVER));
        let own = explained(refused("1062", "Duplicate entry '1' for key 'PRIMARY'"));
        assert_eq!(own.kind, FailureKind::Statement);
    }
}
