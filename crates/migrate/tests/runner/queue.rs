//! A change that has to wait for a table does not let the whole site queue behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use artisan_migrate::{Access, Event, Observer, Options, Phases, Target};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::{Connection, MySqlConnection, PgConnection};
use tokio::sync::Notify;

use super::database::{FILES, options, runner, upgrade};

artisan_testkit::on_engine!(mariadb, MariaDb, reads_go_on_while_a_change_waits);
artisan_testkit::on_engine!(mysql, MySql, reads_go_on_while_a_change_waits);
artisan_testkit::on_engine!(postgres, Postgres, reads_go_on_while_a_change_waits);

/// The longest that a statement of the runner waits for a lock in this test.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(2);

/// A connection of the site's.
enum Visitor {
    MySql(MySqlConnection),
    Postgres(PgConnection),
}

impl Visitor {
    async fn new(database: &TestDatabase) -> Self {
        match database.engine() {
            Engine::Postgres => {
                Self::Postgres(PgConnection::connect(database.url()).await.unwrap())
            }
            _ => Self::MySql(MySqlConnection::connect(database.url()).await.unwrap()),
        }
    }

    async fn run(&mut self, sql: &'static str) {
        match self {
            Self::MySql(connection) => {
                sqlx::raw_sql(sql).execute(connection).await.unwrap();
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(sql).execute(connection).await.unwrap();
            }
        }
    }
}

async fn reads_go_on_while_a_change_waits(database: TestDatabase) {
    upgrade(&database, &FILES[..2], "head").await.unwrap();
    let mut holder = Visitor::new(&database).await;
    holder.run("BEGIN").await;
    holder.run("SELECT * FROM users").await;
    let has_retried = Arc::new(Notify::new());
    let bell = has_retried.clone();
    let observer = Observer::new(move |event| {
        if let Event::Retrying { holder, .. } = event {
            let holder = holder.as_deref().unwrap();
            assert!(
                holder.contains("connection ") || holder.contains("server process "),
                "{holder}"
            );
            bell.notify_one();
        }
    });
    let options = Options { observer, ddl_lock_timeout: LOCK_TIMEOUT, ..options() };
    let mut changing = runner(&database, &FILES[..4], Access::Write, options).await.unwrap();
    let change = tokio::spawn(async move {
        let report = changing.upgrade(&Target::Head, Phases::All).await;
        changing.close().await;
        report.map(|report| report.applied.len())
    });
    let is_over = Arc::new(AtomicBool::new(false));
    let (over, mut reader) = (is_over.clone(), Visitor::new(&database).await);
    let reading = tokio::spawn(async move {
        let (mut longest, mut count) = (Duration::ZERO, 0_u32);
        while !over.load(Ordering::Relaxed) {
            let begin = Instant::now();
            reader.run("SELECT COUNT(*) FROM users").await;
            longest = longest.max(begin.elapsed());
            count += 1;
            tokio::task::yield_now().await;
        }
        (longest, count)
    });
    // Two attempts were in vain before the table is let go.
    has_retried.notified().await;
    has_retried.notified().await;
    holder.run("COMMIT").await;
    let applied = change.await.unwrap();
    is_over.store(true, Ordering::Relaxed);
    let (longest, count) = reading.await.unwrap();
    tell(&format!("{}: {count} reads, the longest took {longest:?}", database.engine().name()));
    assert_eq!(applied.unwrap(), 1);
    assert!(count > 1 && longest < LOCK_TIMEOUT + SLACK, "{count} reads, at most {longest:?}");
}

#[expect(clippy::print_stdout, reason = "what was measured is for people")]
fn tell(line: &str) {
    println!("{line}");
}
