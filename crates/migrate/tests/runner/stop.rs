use std::time::{Duration, Instant};

use artisan_migrate::{Access, Error, Event, Observer, Options, Phases, Stopper, Target};
use artisan_testkit::{Engine, TestDatabase};

use super::database::{FILES, count, options, rows, runner, upgrade};

artisan_testkit::on_every_engine! { running_statement_is_cancelled_and_the_next_run_continues }

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
