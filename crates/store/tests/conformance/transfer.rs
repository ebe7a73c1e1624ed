//! Everything moves from each engine to each other one, and nothing else is written.

use std::io::Cursor;
use std::time::Duration;

use artisan_migrations::EXPAND_VERSIONS;
use artisan_store::transfer::{
    DatabaseError, Exported, ImportError, ImportOptions, Imported, Source, Target, export, import,
};
use artisan_testkit::{Engine, TestDatabase};

use crate::fixture::{NOW, migrate_with_sqlx};

mod catalog;
mod files;
mod leases;
mod moves;
mod resumed;
mod snapshot;

/// Rows of every kind with the extremes of every column, in the SQL of `SQLite`.
const EXTREMES: &str = include_str!("transfer/extremes.sql");
/// Users enough for several batches, with what belongs to them.
const MANY: &str = include_str!("transfer/many.sql");
const TIMEOUT: Duration = Duration::from_secs(20);
const OPTIONS: ImportOptions = ImportOptions { dry_run: false, now: NOW };

/// A migrated database that holds nothing.
async fn fresh(engine: Engine) -> TestDatabase {
    let database = TestDatabase::create(engine).await;
    migrate_with_sqlx(&database).await;
    if engine == Engine::Sqlite {
        // As the store keeps it: a reader keeps no writer out.
        database.execute("PRAGMA journal_mode = WAL").await;
    }
    database
}

/// The bytes of an export of those rows from `SQLite`.
async fn file_of(sql: &str) -> Vec<u8> {
    let database = fresh(Engine::Sqlite).await;
    database.execute(sql).await;
    exported(&database).await.0
}

async fn open(database: &TestDatabase) -> Result<Source, DatabaseError> {
    Source::open(database.url(), EXPAND_VERSIONS, TIMEOUT).await
}

async fn exported(database: &TestDatabase) -> (Vec<u8>, Exported) {
    let mut source = open(database).await.expect("a source");
    let mut bytes = Vec::new();
    let exported = export(&mut source, NOW, &mut bytes, &|_| ()).await.expect("an export");
    (bytes, exported)
}

async fn imported(database: &TestDatabase, file: &[u8]) -> Result<Imported, ImportError> {
    let target = Target::connect(database.url(), EXPAND_VERSIONS, TIMEOUT).expect("a good URL");
    let file = &mut Cursor::new(file);
    let imported = import(&target, file, OPTIONS, &|_| ()).await;
    target.close().await;
    imported
}

/// The lines of the rows, without the first line and the last, which tell of the place.
fn rows(file: &[u8]) -> Vec<&str> {
    let text = std::str::from_utf8(file).expect("text");
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.pop();
    lines
}

fn written(imported: &Imported) -> u64 {
    imported.tables.iter().filter_map(|table| table.written.as_ref()).map(|(rows, _)| rows).sum()
}

fn here(imported: &Imported) -> u64 {
    imported.tables.iter().map(|table| table.here).sum()
}
