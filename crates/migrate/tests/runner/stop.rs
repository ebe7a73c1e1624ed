use std::sync::Arc;
use std::time::{Duration, Instant};

use artisan_migrate::{Access, Error, Event, Observer, Options, Phases, Stopper, Target};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::{Connection, Executor, PgConnection};

use super::database::{FILES, count, options, rows, runner, upgrade};

artisan_testkit::on_every_engine! { running_statement_is_cancelled_and_the_next_run_continues }
artisan_testkit::on_engine!(
    postgres_pauses,
    Postgres,
    request_to_end_is_heard_between_two_attempts
);

fn slow(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);\n\
             CREATE INDEX posts_author ON posts (author);\n\
             INSERT INTO posts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
             WHERE i < 1000000000) SELECT i, i FROM n;"
        }
        Engine::MariaDb | Engine::MySql => {
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);\n\
             CREATE INDEX posts_author ON posts (author);\n\
             INSERT INTO posts SELECT id, SLEEP(60) FROM users;"
        }
        Engine::Postgres => {
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);\n\
             CREATE INDEX posts_author ON posts (author);\n\
             INSERT INTO posts SELECT id, 1 FROM users, pg_sleep(60);"
        }
    }
}

async fn running_statement_is_cancelled_and_the_next_run_continues(database: TestDatabase) {
    let mut files = FILES.to_vec();
    files[4].1 = slow(database.engine());
    let (stopper, stop) = Stopper::new();
    let observer = Observer::new(move |event| {
        if matches!(event, Event::Statement { line: 3, file, .. } if file.contains("posts")) {
            stopper.stop();
        }
    });
    let options = Options { stop, observer, ..options() };
    let started = Instant::now();
    let mut first = runner(&database, &files, Access::Write, options).await.unwrap();
    let error = first.upgrade(&Target::Head, Phases::Auto).await.unwrap_err();
    first.close().await;
    assert!(matches!(error, Error::Stopped), "{error}");
    assert_eq!(error.exit_code(), 143);
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
    upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(rows(&database).await.len(), 6);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

async fn request_to_end_is_heard_between_two_attempts(database: TestDatabase) {
    upgrade(&database, &FILES, "+1").await.unwrap();
    let mut blocker = PgConnection::connect(database.url()).await.unwrap();
    blocker.execute("BEGIN; SELECT * FROM users").await.unwrap();
    let (stopper, stop) = Stopper::new();
    let stopper = Arc::new(stopper);
    // The second pause lasts 400 ms, and an attempt hardly more than a millisecond.
    let observer = Observer::new(move |event| {
        if matches!(event, Event::Retrying { .. }) {
            let stopper = Arc::clone(&stopper);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(200)).await;
                stopper.stop();
            });
        }
    });
    let ddl_lock_timeout = Duration::from_millis(1);
    let options = Options { stop, observer, ddl_lock_timeout, ..options() };
    let mut first = runner(&database, &FILES, Access::Write, options).await.unwrap();
    let error = first.upgrade(&Target::Head, Phases::Auto).await.unwrap_err();
    first.close().await;
    blocker.close().await.unwrap();
    assert!(matches!(error, Error::Stopped), "{error}");
}
