//! What happens when the database is wrong, absent or gone.
#![expect(clippy::expect_used, reason = "tests fail by panicking")]

use std::time::{Duration, Instant};

use artisan_migrations::{MYSQL, POSTGRES, SQLITE};
use artisan_store::{ConnectError, Store, StoreError, StoreOptions, UserId};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::Connection as _;
use uuid::Uuid;

artisan_testkit::on_every_engine! {
    a_store_is_closed_once_and_for_all,
    every_spelling_of_the_url_is_served,
}

/// An embedded database ends no sessions.
mod servers {
    use super::dead_connections_are_passed_over;

    artisan_testkit::on_engine!(mariadb, MariaDb, dead_connections_are_passed_over);
    artisan_testkit::on_engine!(mysql, MySql, dead_connections_are_passed_over);
    artisan_testkit::on_engine!(postgres, Postgres, dead_connections_are_passed_over);
}

const ID: UserId = UserId(Uuid::from_u128(1));

fn options() -> StoreOptions {
    StoreOptions { max_connections: 4, acquire_timeout: Duration::from_millis(300) }
}

async fn migrate(database: &TestDatabase) {
    let files = match database.engine() {
        Engine::Sqlite => SQLITE,
        Engine::MariaDb | Engine::MySql => MYSQL,
        Engine::Postgres => POSTGRES,
    };
    let up = files.iter().filter(|file| file.name.ends_with(".up.sql"));
    database.execute(&up.map(|file| file.text).collect::<String>()).await;
}

async fn a_store_is_closed_once_and_for_all(database: TestDatabase) {
    migrate(&database).await;
    let store = Store::connect(database.url(), options()).expect("a good URL");
    store.ping().await.expect("an answer");
    store.close().await;
    let read = store.find_user(ID).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
}

async fn every_spelling_of_the_url_is_served(database: TestDatabase) {
    migrate(&database).await;
    let (_, rest) = database.url().split_once(':').expect("a scheme");
    let (schemes, system): (&[&str], _) = match database.engine() {
        Engine::Sqlite => (&["sqlite", "sqlite+aiosqlite"], "sqlite"),
        Engine::MariaDb | Engine::MySql => (&["mysql", "mariadb", "mysql+pymysql"], "mysql"),
        Engine::Postgres => (&["postgres", "postgresql", "postgresql+psycopg"], "postgresql"),
    };
    for scheme in schemes {
        // Behind a driver's name three slashes begin a relative path, and four an absolute one.
        let more = if *scheme == "sqlite+aiosqlite" { "/" } else { "" };
        let url = format!("{scheme}:{more}{rest}");
        let store = Store::connect(&url, options()).expect("a good URL");
        assert_eq!(store.system(), system);
        assert!(store.find_user(ID).await.expect("an answer").is_none(), "{scheme}");
    }
}

/// Every connection of the pool is ended by the server while it is idle.
async fn dead_connections_are_passed_over(database: TestDatabase) {
    migrate(&database).await;
    let store = Store::connect(database.url(), options()).expect("a good URL");
    for _ in 0..3 {
        fill_the_pool(&store).await;
        end_sessions(&database).await;
        assert!(store.find_user(ID).await.expect("a read on a new connection").is_none());
        fill_the_pool(&store).await;
        end_sessions(&database).await;
        let now = time::OffsetDateTime::UNIX_EPOCH;
        assert_eq!(store.revoke_sessions(ID, now).await.expect("a write on a new connection"), 0);
    }
}

async fn fill_the_pool(store: &Store) {
    let (one, two, three, four) =
        tokio::join!(store.ping(), store.ping(), store.ping(), store.ping());
    one.and(two).and(three).and(four).expect("four answers");
}

async fn end_sessions(database: &TestDatabase) {
    if database.engine() == Engine::Postgres {
        let others = "datname = current_database() AND pid <> pg_backend_pid()";
        let sql =
            format!("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE {others}");
        return database.execute(&sql).await;
    }
    let connected = sqlx::MySqlConnection::connect(database.url()).await;
    let mut connection = connected.expect("a connection");
    let others = match database.engine() {
        // Its list of processes cannot show binary values (error 3854).
        Engine::MySql => {
            "SELECT CAST(processlist_id AS SIGNED) FROM performance_schema.threads \
             WHERE processlist_db = DATABASE() AND processlist_id <> CONNECTION_ID()"
        }
        _ => {
            "SELECT CAST(id AS SIGNED) FROM information_schema.processlist \
             WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        }
    };
    let ids: Vec<i64> =
        sqlx::query_scalar(others).fetch_all(&mut connection).await.expect("the sessions");
    assert!(!ids.is_empty(), "the pool has no session");
    for id in ids {
        // KILL takes no subquery; one may have gone by itself meanwhile.
        let kill = sqlx::AssertSqlSafe(format!("KILL {id}"));
        let _ = sqlx::raw_sql(kill).execute(&mut connection).await;
    }
}

#[tokio::test]
async fn a_url_that_can_never_work_is_refused_at_once() {
    for (url, error) in [
        ("", ConnectError::UnknownScheme),
        ("data/artisan.db", ConnectError::UnknownScheme),
        ("oracle://u:secret@h/d", ConnectError::UnknownScheme),
        ("mysql:u:secret@h/d", ConnectError::Malformed),
        ("postgres://u:secret@h:port/d", ConnectError::Malformed),
        ("sqlite::memory:", ConnectError::InMemory),
        ("sqlite://:memory:", ConnectError::InMemory),
        ("sqlite:", ConnectError::InMemory),
        ("sqlite://", ConnectError::InMemory),
        ("sqlite:file?mode=memory", ConnectError::InMemory),
    ] {
        let refused = Store::connect(url, options()).expect_err(url);
        assert_eq!(refused, error, "{url}");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_up_is_unavailable_in_time() {
    // A port that is free again as soon as it is known.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://u:secret@127.0.0.1:{port}/d");
        let store = Store::connect(&url, options()).expect("a good URL");
        let begun = Instant::now();
        let read = store.find_user(ID).await.expect_err("nobody listens");
        assert!(matches!(read, StoreError::Unavailable(_)), "{read:?}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert!(!format!("{read:?}").contains("secret"));
    }
}

#[tokio::test]
async fn a_missing_file_is_unavailable_and_is_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("artisan.db");
    let store = Store::connect(&format!("sqlite://{}", file.display()), options()).expect("a URL");
    let read = store.find_user(ID).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    assert!(!file.exists());
}
