//! The other side: a session of the test's own, and what it sees of the store's.

use artisan_migrations::{MYSQL, POSTGRES};
use artisan_store::{Store, StoreOptions};
use artisan_testkit::{Engine, Proxy, TestDatabase};
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, PgConnection};

/// A session that may hold locks.
pub(crate) enum Other {
    Postgres(PgConnection),
    MariaDb(MySqlConnection),
    MySql(MySqlConnection),
}

impl Other {
    pub(crate) async fn connect(database: &TestDatabase) -> Self {
        let url = database.plain_url();
        match database.engine() {
            Engine::Postgres => {
                Self::Postgres(PgConnection::connect(&url).await.expect("a session"))
            }
            Engine::MySql => Self::MySql(MySqlConnection::connect(&url).await.expect("a session")),
            _ => Self::MariaDb(MySqlConnection::connect(&url).await.expect("a session")),
        }
    }

    pub(crate) async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Postgres(connection) => sql.execute(connection).await.map(drop),
            Self::MySql(connection) | Self::MariaDb(connection) => {
                sql.execute(connection).await.map(drop)
            }
        }
        .expect("a statement that runs");
    }

    async fn numbers(&mut self, sql: &'static str) -> Vec<i64> {
        match self {
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
            Self::MySql(connection) | Self::MariaDb(connection) => {
                sqlx::query_scalar(sql).fetch_all(connection).await
            }
        }
        .expect("an answer")
    }

    pub(crate) async fn number(&mut self, sql: &'static str) -> i64 {
        self.numbers(sql).await.first().copied().expect("a row")
    }

    /// The server's numbers of sessions of this database that wait for a lock; waits until there is one.
    pub(crate) async fn waiting(&mut self) -> Vec<i64> {
        let sql = match self {
            Self::Postgres(_) => {
                "SELECT pid::bigint FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'"
            }
            // Its lists of processes and transactions cannot show binary values (error 3854).
            Self::MySql(_) => {
                "SELECT CAST(p.processlist_id AS SIGNED) FROM performance_schema.data_lock_waits w \
                 JOIN performance_schema.threads p ON p.thread_id = w.requesting_thread_id \
                 WHERE p.processlist_db = DATABASE()"
            }
            Self::MariaDb(_) => {
                "SELECT CAST(t.trx_mysql_thread_id AS SIGNED) FROM information_schema.innodb_trx t \
                 JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
                 WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()"
            }
        };
        loop {
            let found = self.numbers(sql).await;
            if !found.is_empty() {
                return found;
            }
            // MariaDB shows what it has shown within the last 100 ms.
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
    }

    /// Keeps everybody else from the table.
    pub(crate) async fn lock_table(&mut self, table: &str) {
        match self {
            Self::Postgres(_) => self.run(&format!("BEGIN; LOCK TABLE {table}")).await,
            Self::MySql(_) | Self::MariaDb(_) => {
                self.run(&format!("LOCK TABLES {table} WRITE")).await;
            }
        }
    }

    /// Waits until a statement of another session of this database is under way that waits.
    pub(crate) async fn until_busy(&mut self) {
        while self.count_busy().await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Waits until no other session of this database waits within a statement.
    pub(crate) async fn until_idle(&mut self) {
        while self.count_busy().await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// How many other sessions of this database are in the middle of a statement of the store.
    async fn count_busy(&mut self) -> i64 {
        let sql = match self {
            Self::Postgres(_) => {
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND wait_event_type = 'Lock' AND state = 'active'"
            }
            // Its list of processes cannot show binary values (error 3854).
            Self::MySql(_) => {
                "SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_db = DATABASE() \
                 AND processlist_command IN ('Query', 'Execute') AND processlist_id <> CONNECTION_ID()"
            }
            Self::MariaDb(_) => {
                "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() \
                 AND command IN ('Query', 'Execute') AND id <> CONNECTION_ID()"
            }
        };
        self.number(sql).await
    }

    pub(crate) async fn end(&mut self, session: i64) {
        match self {
            Self::Postgres(_) => self.run(&format!("SELECT pg_terminate_backend({session})")).await,
            Self::MySql(_) | Self::MariaDb(_) => self.run(&format!("KILL {session}")).await,
        }
    }
}

pub(crate) async fn migrate(database: &TestDatabase) {
    let files = if database.engine() == Engine::Postgres { POSTGRES } else { MYSQL };
    let up = files.iter().filter(|file| file.name.ends_with(".up.sql"));
    database.execute(&up.map(|file| file.text).collect::<String>()).await;
}

/// A store that reaches its database through a proxy.
pub(crate) async fn through_proxy(
    database: &TestDatabase,
    options: StoreOptions,
) -> (Proxy, Store) {
    migrate(database).await;
    let proxy = Proxy::start(&database.plain_url()).await;
    let store = Store::connect(proxy.url(), options).expect("a good URL");
    (proxy, store)
}
