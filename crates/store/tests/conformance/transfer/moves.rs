//! From one engine to another and back.

use artisan_store::transfer::{ExportError, TABLES, ValueProblem};
use artisan_testkit::{Engine, TestDatabase};

use super::{EXTREMES, MANY, exported, file_of, fresh, here, imported, rows, written};

artisan_testkit::on_every_engine! {
    every_kind_of_row_is_the_same_on_the_other_engine_and_back,
    many_rows_move_in_batches,
}

async fn every_kind_of_row_is_the_same_on_the_other_engine_and_back(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let filled: Vec<&str> = rows(&file).into_iter().filter(|line| line.starts_with('[')).collect();
    assert!(filled.len() > 2 * TABLES.len(), "{}", filled.len());
    let there = fresh(database.engine()).await;
    let moved = imported(&there, &file).await.expect("an import");
    assert_eq!(written(&moved), u64::try_from(filled.len()).expect("a number"));
    assert!(!moved.tables.iter().any(|table| table.differs() || table.file.rows == 0), "{moved:?}");
    let (again, _) = exported(&there).await;
    assert_eq!(rows(&again), rows(&file));
    let back = fresh(Engine::Sqlite).await;
    imported(&back, &again).await.expect("an import");
    assert_eq!(rows(&exported(&back).await.0), rows(&file));
}

async fn many_rows_move_in_batches(database: TestDatabase) {
    let file = file_of(MANY).await;
    let there = fresh(database.engine()).await;
    let moved = imported(&there, &file).await.expect("an import");
    assert_eq!((written(&moved), here(&moved)), (15_001, 0));
    let (again, told) = exported(&there).await;
    assert_eq!(rows(&again), rows(&file));
    assert_eq!(told.rows(), 15_001);
    let moved = imported(&there, &file).await.expect("an import");
    assert_eq!((written(&moved), here(&moved)), (0, 15_001));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_engine_would_refuse_is_told_by_the_export() {
    for (spoil, column) in [
        ("UPDATE users SET delete_time = 9223372036854775807", "delete_time"),
        ("UPDATE users SET purge_time = -30610224000000001", "purge_time"),
        ("UPDATE users SET email = 'a' || char(0) || 'b'", "email"),
    ] {
        let database = fresh(Engine::Sqlite).await;
        database.execute(EXTREMES).await;
        database.execute(spoil).await;
        let mut source = super::open(&database).await.expect("a source");
        let mut file = Vec::new();
        let ended = super::export(&mut source, super::NOW, &mut file, &|_| ()).await;
        let Err(ExportError::Value { table: "users", column: found, key, .. }) = ended else {
            panic!("{ended:?}");
        };
        assert_eq!((found, key.as_str()), (column, "00000000-0000-0000-0000-000000000000"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_only_postgres_has_are_told_by_the_export() {
    let database = fresh(Engine::Postgres).await;
    imported(&database, &file_of(EXTREMES).await).await.expect("an import");
    for time in ["infinity", "-infinity", "10000-01-01 00:00:00+00", "294276-12-31 23:59:59+00"] {
        database.execute(&format!("UPDATE users SET purge_time = '{time}'")).await;
        let mut source = super::open(&database).await.expect("a source");
        let ended = super::export(&mut source, super::NOW, &mut Vec::new(), &|_| ()).await;
        let is_told = matches!(
            ended,
            Err(ExportError::Value {
                table: "users",
                column: "purge_time",
                problem: ValueProblem::Year,
                ..
            })
        );
        assert!(is_told, "{time}: {ended:?}");
    }
}
