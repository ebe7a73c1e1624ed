use std::time::Duration;

use artisan_migrate::{Access, Error, Options, Phases, Target};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::{Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};

use super::database::{FILES, options, runner, upgrade};

artisan_testkit::on_every_engine! {
    locked_table_is_retried_and_then_told,
    lock_is_not_leaked_by_a_failure,
}

// MariaDB tells it only where a plugin is installed.
artisan_testkit::on_engine!(mysql_tells, MySql, holder_is_told_not_an_older_transaction);
artisan_testkit::on_engine!(postgres_tells, Postgres, holder_is_told_not_an_older_transaction);

/// A transaction of somebody else's that stands in the way of a change to `users`.
enum Blocker {
    Sqlite(SqliteConnection),
    MySql(MySqlConnection),
    Postgres(PgConnection),
}

impl Blocker {
    async fn new(database: &TestDatabase) -> Self {
        let url = database.url();
        match database.engine() {
            Engine::Sqlite => {
                let mut connection = SqliteConnection::connect(url).await.unwrap();
                connection.execute("BEGIN IMMEDIATE").await.unwrap();
                Self::Sqlite(connection)
            }
            Engine::MariaDb | Engine::MySql => {
                let mut connection = MySqlConnection::connect(url).await.unwrap();
                connection.execute("START TRANSACTION").await.unwrap();
                connection.execute("SELECT * FROM users").await.unwrap();
                Self::MySql(connection)
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                connection.execute("BEGIN").await.unwrap();
                connection.execute("SELECT * FROM users").await.unwrap();
                Self::Postgres(connection)
            }
        }
    }

    /// The number by which its server knows it.
    async fn number(&mut self) -> String {
        match self {
            Self::Sqlite(_) => String::new(),
            Self::MySql(connection) => {
                let id = sqlx::query_scalar::<_, u64>("SELECT CONNECTION_ID()");
                id.fetch_one(connection).await.unwrap().to_string()
            }
            Self::Postgres(connection) => {
                let id = sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()");
                id.fetch_one(connection).await.unwrap().to_string()
            }
        }
    }

    async fn release(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::MySql(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}

async fn locked_table_is_retried_and_then_told(database: TestDatabase) {
    upgrade(&database, &FILES, "+1").await.unwrap();
    let blocker = Blocker::new(&database).await;
    let impatient = Options {
        ddl_lock_timeout: Duration::from_millis(100),
        ddl_retry_for: Duration::from_millis(400),
        ..options()
    };
    let mut hurried = runner(&database, &FILES, Access::Write, impatient).await.unwrap();
    let error = hurried.upgrade(&Target::Head, Phases::Auto).await.unwrap_err();
    hurried.close().await;
    assert_eq!((error.exit_code(), error.reason()), (5, "TABLE_LOCKED"), "{error}");
    let Error::TableLocked { holder, statement } = error else { panic!("another error") };
    assert!(!holder.is_empty());
    assert_eq!(statement.file, "20260101000002_add_age.up.sql");
    let patient = Options { ddl_lock_timeout: Duration::from_millis(100), ..options() };
    let mut waiting = runner(&database, &FILES, Access::Write, patient).await.unwrap();
    let (report, ()) =
        tokio::join!(waiting.upgrade(&Target::Head, Phases::Auto), blocker.release());
    assert_eq!(report.unwrap().applied.len(), 2);
    waiting.close().await;
}

async fn holder_is_told_not_an_older_transaction(database: TestDatabase) {
    upgrade(&database, &FILES, "+1").await.unwrap();
    database.execute("CREATE TABLE elsewhere (id int)").await;
    let mut older = Blocker::new(&database).await;
    match &mut older {
        Blocker::Sqlite(_) => {}
        Blocker::MySql(connection) => {
            connection.execute("ROLLBACK").await.unwrap();
            connection.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT").await.unwrap();
            connection.execute("SELECT * FROM elsewhere").await.unwrap();
        }
        Blocker::Postgres(connection) => {
            connection.execute("ROLLBACK; BEGIN; SELECT * FROM elsewhere").await.unwrap();
        }
    }
    let mut blocker = Blocker::new(&database).await;
    let number = blocker.number().await;
    let impatient = Options {
        ddl_lock_timeout: Duration::from_millis(100),
        ddl_retry_for: Duration::ZERO,
        ..options()
    };
    let mut hurried = runner(&database, &FILES, Access::Write, impatient).await.unwrap();
    let error = hurried.upgrade(&Target::Head, Phases::Auto).await.unwrap_err();
    hurried.close().await;
    let Error::TableLocked { holder, .. } = error else { panic!("another error: {error}") };
    assert!(holder.contains(&number), "{holder} is not {number}");
    blocker.release().await;
    older.release().await;
}

async fn lock_is_not_leaked_by_a_failure(database: TestDatabase) {
    let broken = [("1_a.sql", "CREATE TABLE broken (")];
    let mut first = runner(&database, &broken, Access::Write, options()).await.unwrap();
    first.upgrade(&Target::Head, Phases::Auto).await.unwrap_err();
    // The first runner's connection stays open, and yet the second starts at once.
    let hurried = Options { lock_timeout: Duration::ZERO, ..options() };
    let mut second = runner(&database, &FILES, Access::Write, hurried).await.unwrap();
    second.upgrade(&Target::Head, Phases::Auto).await.unwrap();
    second.close().await;
    first.close().await;
}
