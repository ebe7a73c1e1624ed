use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use artisan_testkit::{Engine, TestDatabase};
use sqlx::{AssertSqlSafe, Connection, Row};
use tempfile::TempDir;

/// A folder of migrations that is gone with this value.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The program, with an environment of its own.
pub(crate) fn migrate(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = bare(arguments);
    command.env("DATABASE_URL", database.url()).env("LOCK_TIMEOUT", "3m");
    command
}

pub(crate) fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
    command
        .args(arguments)
        .env_clear()
        .env("RUST_LOG", "warn")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }
}

pub(crate) fn run(mut command: Command) -> Ended {
    command.output().unwrap().into()
}

/// The first column of every row as text.
pub(crate) async fn texts(database: &TestDatabase, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    macro_rules! read {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(database.url()).await.unwrap();
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap();
            let texts = rows.iter().map(|row| row.get::<String, _>(0).trim().to_owned()).collect();
            connection.close().await.unwrap();
            texts
        }};
    }
    match database.engine() {
        Engine::Sqlite => read!(sqlx::SqliteConnection),
        Engine::MariaDb | Engine::MySql => read!(sqlx::MySqlConnection),
        Engine::Postgres => read!(sqlx::PgConnection),
    }
}

/// Whether the engine refuses a script, several statements on one connection.
pub(crate) async fn refuses(database: &TestDatabase, script: &str) -> bool {
    refuses_at(database.engine(), database.url(), script).await
}

/// The same, as whoever the URL names.
pub(crate) async fn refuses_at(engine: Engine, url: &str, script: &str) -> bool {
    let sql = AssertSqlSafe(script.to_owned());
    macro_rules! execute {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.is_err()
        }};
    }
    match engine {
        Engine::Sqlite => execute!(sqlx::SqliteConnection),
        Engine::MariaDb | Engine::MySql => execute!(sqlx::MySqlConnection),
        Engine::Postgres => execute!(sqlx::PgConnection),
    }
}

pub(crate) async fn count(database: &TestDatabase, what: &str) -> usize {
    let sql = format!("SELECT CAST(COUNT(*) AS CHAR(40)) FROM {what}");
    texts(database, &sql).await[0].parse().unwrap()
}

/// A statement that takes about so many tenths of a second, and leaves a row in `slow`.
pub(crate) fn slow_insert(engine: Engine, tenths: u32) -> String {
    match engine {
        Engine::Sqlite => format!(
            "INSERT INTO slow (i) SELECT 1 FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL \
             SELECT i + 1 FROM n WHERE i < {}) SELECT MAX(i) FROM n);\n",
            u64::from(tenths) * 300_000
        ),
        Engine::MariaDb | Engine::MySql => {
            format!("INSERT INTO slow (i) SELECT 1 + SLEEP({}.{});\n", tenths / 10, tenths % 10)
        }
        Engine::Postgres => {
            format!(
                "INSERT INTO slow (i) SELECT 1 FROM pg_sleep({}.{});\n",
                tenths / 10,
                tenths % 10
            )
        }
    }
}
