use artisan_testkit::{Engine, TestDatabase};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection, SqlSafeStr};

use super::database::{FILES, downgrade, rows, text, texts, upgrade};

artisan_testkit::on_every_engine! {
    sqlx_agrees_with_what_was_applied,
    what_sqlx_applied_is_taken_over,
    the_two_take_turns,
}

/// sqlx's own view of files.
fn migrator(files: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = files.iter().map(|(name, text)| {
        let (version, rest) = name.split_once('_').unwrap();
        let kind = MigrationType::from_filename(rest);
        let description = rest.trim_end_matches(kind.suffix()).replace('_', " ");
        let sql = AssertSqlSafe((*text).to_owned()).into_sql_str();
        Migration::new(version.parse().unwrap(), description.into(), kind, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

enum Turn {
    Run(Option<i64>),
    Undo(i64),
}

async fn sqlx_turn(database: &TestDatabase, turn: Turn) {
    sqlx_turn_with(database, &FILES, turn).await;
}

/// What `sqlx migrate run` does with these files.
pub(crate) async fn sqlx_run(database: &TestDatabase, files: &[(&'static str, &'static str)]) {
    sqlx_turn_with(database, files, Turn::Run(None)).await;
}

async fn sqlx_turn_with(
    database: &TestDatabase,
    files: &[(&'static str, &'static str)],
    turn: Turn,
) {
    macro_rules! take {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(database.url()).await.unwrap();
            match turn {
                Turn::Run(None) => migrator(files).run(&mut connection).await.unwrap(),
                Turn::Run(Some(to)) => migrator(files).run_to(to, &mut connection).await.unwrap(),
                Turn::Undo(to) => migrator(files).undo(&mut connection, to).await.unwrap(),
            }
            connection.close().await.unwrap();
        }};
    }
    match database.engine() {
        Engine::Sqlite => take!(sqlx::SqliteConnection),
        Engine::MariaDb | Engine::MySql => take!(sqlx::MySqlConnection),
        Engine::Postgres => take!(sqlx::PgConnection),
    }
}

/// The ledger, times apart.
pub(crate) async fn ledger(database: &TestDatabase) -> Vec<String> {
    let hex = match database.engine() {
        Engine::Postgres => "encode(checksum, 'hex')",
        Engine::Sqlite | Engine::MariaDb | Engine::MySql => "LOWER(HEX(checksum))",
    };
    let mut ledger = Vec::new();
    let columns = [
        text("version"),
        "description".to_owned(),
        hex.to_owned(),
        text("CASE WHEN success THEN 1 ELSE 0 END"),
    ];
    for column in columns {
        let sql = format!("SELECT {column} FROM _sqlx_migrations ORDER BY version");
        ledger.extend(texts(database, &sql).await);
    }
    ledger
}

pub(crate) async fn create(database: &TestDatabase) {
    if database.engine() == Engine::Sqlite {
        database.execute("SELECT 1").await;
    }
}

async fn sqlx_agrees_with_what_was_applied(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let (before, ours) = (rows(&database).await, ledger(&database).await);
    sqlx_turn(&database, Turn::Run(None)).await;
    assert_eq!(rows(&database).await, before);
    // The same files applied by sqlx alone leave the same ledger.
    let other = TestDatabase::create(database.engine()).await;
    create(&other).await;
    sqlx_turn(&other, Turn::Run(None)).await;
    assert_eq!(ledger(&other).await, ours);
    sqlx_turn(&database, Turn::Undo(0)).await;
    let report = upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(report.applied.len(), 3);
}

async fn what_sqlx_applied_is_taken_over(database: TestDatabase) {
    create(&database).await;
    sqlx_turn(&database, Turn::Run(None)).await;
    let before = rows(&database).await;
    let report = upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(report.applied, []);
    let report = downgrade(&database, &FILES, "-1", false).await.unwrap();
    assert_eq!(report.reverted.len(), 1);
    sqlx_turn(&database, Turn::Run(None)).await;
    assert_eq!(rows(&database).await, before);
}

async fn the_two_take_turns(database: TestDatabase) {
    upgrade(&database, &FILES, "+1").await.unwrap();
    sqlx_turn(&database, Turn::Run(Some(20_260_101_000_002))).await;
    upgrade(&database, &FILES, "head").await.unwrap();
    sqlx_turn(&database, Turn::Undo(20_260_101_000_001)).await;
    let report = upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(report.applied.len(), 2);
    assert_eq!(rows(&database).await.len(), 6);
}
