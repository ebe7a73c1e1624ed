use std::time::Duration;

use artisan_migrate::{
    Access, DatabaseUrl, DowngradeReport, Error, History, Options, Phases, Runner, Source, Target,
    UpgradeReport,
};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::{AssertSqlSafe, Connection, Row};

pub(crate) type Files = Vec<(&'static str, &'static str)>;

/// Three revisions that mix DDL and DML, in SQL that every engine takes.
pub(crate) const FILES: [(&str, &str); 6] = [
    (
        "20260101000001_make_users.up.sql",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);\n\
         INSERT INTO users VALUES (1, 'Ana');\nINSERT INTO users VALUES (2, 'João; ''the'' -- one');\n",
    ),
    ("20260101000001_make_users.down.sql", "DROP TABLE users;\n"),
    (
        "20260101000002_add_age.up.sql",
        "ALTER TABLE users ADD COLUMN age INTEGER;\nUPDATE users SET age = id * 10;\n",
    ),
    ("20260101000002_add_age.down.sql", "ALTER TABLE users DROP COLUMN age;\n"),
    (
        "20260101000003_make_posts.up.sql",
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);\n\
         CREATE INDEX posts_author ON posts (author);\nINSERT INTO posts SELECT id, id FROM users;\n",
    ),
    ("20260101000003_make_posts.down.sql", "DROP TABLE posts;\n"),
];

/// The text of a file that is put together.
pub(crate) fn written(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

pub(crate) fn options() -> Options {
    Options {
        connect_timeout: Duration::from_secs(20),
        lock_timeout: Duration::from_mins(1),
        ..Options::default()
    }
}

pub(crate) async fn runner(
    database: &TestDatabase,
    files: &[(&'static str, &'static str)],
    access: Access,
    options: Options,
) -> Result<Runner, Error> {
    let url = DatabaseUrl::parse(database.url()).unwrap();
    let history = History::build(Source::embedded(files.iter().copied()))?;
    Runner::connect(&url, access, history, options).await
}

pub(crate) async fn upgrade(
    database: &TestDatabase,
    files: &[(&'static str, &'static str)],
    target: &str,
) -> Result<UpgradeReport, Error> {
    upgrade_phases(database, files, target, Phases::Auto).await
}

pub(crate) async fn upgrade_phases(
    database: &TestDatabase,
    files: &[(&'static str, &'static str)],
    target: &str,
    phases: Phases,
) -> Result<UpgradeReport, Error> {
    let mut runner = runner(database, files, Access::Write, options()).await?;
    let report = runner.upgrade(&target.parse::<Target>().unwrap(), phases).await;
    runner.close().await;
    report
}

pub(crate) async fn downgrade(
    database: &TestDatabase,
    files: &[(&'static str, &'static str)],
    target: &str,
    from_database: bool,
) -> Result<DowngradeReport, Error> {
    let mut runner = runner(database, files, Access::Write, options()).await?;
    let report = runner.downgrade(&target.parse::<Target>().unwrap(), from_database).await;
    runner.close().await;
    report
}

/// The versions that a run applied.
pub(crate) fn versions(report: &UpgradeReport) -> Vec<&str> {
    report.applied.iter().map(|applied| applied.version.as_str()).collect()
}

/// The first column of every row as text; the SQL casts it with `text()`.
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

/// Casts a number to text in a way that every engine takes.
pub(crate) fn text(expression: &str) -> String {
    format!("CAST({expression} AS CHAR(40))")
}

pub(crate) async fn count(database: &TestDatabase, what: &str) -> usize {
    let sql = format!("SELECT {} FROM {what}", text("COUNT(*)"));
    texts(database, &sql).await[0].parse().unwrap()
}

/// Everything in the tables of [`FILES`] at their head.
pub(crate) async fn rows(database: &TestDatabase) -> Vec<String> {
    let sql = format!("SELECT {} FROM posts ORDER BY id", text("id * 100 + author"));
    let mut rows = texts(database, "SELECT name FROM users ORDER BY id").await;
    rows.extend(texts(database, &sql).await);
    let sql = format!("SELECT {} FROM users ORDER BY id", text("age"));
    rows.extend(texts(database, &sql).await);
    rows
}

/// How many user tables there are, those of sqlx and the runner included.
pub(crate) async fn tables(database: &TestDatabase) -> usize {
    let what = match database.engine() {
        Engine::Sqlite => "sqlite_schema WHERE type = 'table'",
        Engine::MariaDb | Engine::MySql => {
            "information_schema.tables WHERE table_schema = DATABASE()"
        }
        Engine::Postgres => "information_schema.tables WHERE table_schema = 'public'",
    };
    count(database, what).await
}
