//! Imports into databases that hold something already.

use std::io::Cursor;

use artisan_migrations::EXPAND_VERSIONS;
use artisan_store::transfer::{ImportError, ImportOptions, Progress, Target, import};
use artisan_testkit::{Engine, TestDatabase};

use super::{
    EXTREMES, MANY, OPTIONS, TIMEOUT, exported, file_of, fresh, here, imported, rows, written,
};

artisan_testkit::on_every_engine! {
    an_import_that_was_cut_off_goes_on,
    two_imports_at_once_write_each_row_once,
    a_row_that_the_file_does_not_have_is_refused_before_anything_is_written,
    a_row_that_differs_is_named,
    a_row_that_comes_while_it_is_imported_is_named,
    an_address_that_somebody_else_takes_meanwhile_is_refused,
    what_is_changed_while_it_is_imported_is_found_in_the_end,
    what_breaks_behind_written_rows_says_that_they_are_there,
    what_breaks_before_a_row_is_written_does_not_say_so,
    a_dry_run_writes_nothing,
}

async fn an_import_that_was_cut_off_goes_on(database: TestDatabase) {
    let file = file_of(MANY).await;
    let there = fresh(database.engine()).await;
    imported(&there, &file).await.expect("an import");
    // As if batches were missing, at the end and in between: nobody says that a row needs the others.
    for hole in [
        "DELETE FROM user_events",
        "DELETE FROM refresh_tokens",
        "DELETE FROM buyers WHERE full_name <> ''",
        "DELETE FROM credentials WHERE password_hash LIKE '%0@example.com'",
        "DELETE FROM users WHERE email LIKE '%77@example.com'",
    ] {
        there.execute(hole).await;
    }
    let moved = imported(&there, &file).await.expect("an import");
    assert_eq!(written(&moved) + here(&moved), 15_001);
    assert!(written(&moved) > 7750 && here(&moved) > 5000, "{moved:?}");
    assert_eq!(rows(&exported(&there).await.0), rows(&file));
}

async fn two_imports_at_once_write_each_row_once(database: TestDatabase) {
    let file = file_of(MANY).await;
    let there = fresh(database.engine()).await;
    let (one, two) = tokio::join!(imported(&there, &file), imported(&there, &file));
    let (one, two) = (one.expect("an import"), two.expect("an import"));
    assert_eq!(written(&one) + written(&two), 15_001);
    assert_eq!(rows(&exported(&there).await.0), rows(&file));
}

fn user(engine: Engine, digits: &str, email: &str) -> String {
    let id = match engine {
        Engine::Postgres => format!("'{digits}'"),
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => format!("x'{digits}'"),
    };
    let time = match engine {
        Engine::Sqlite => "0",
        Engine::Postgres | Engine::MySql | Engine::MariaDb => "'2026-11-30 00:00:00'",
    };
    format!(
        "INSERT INTO users VALUES ({id}, '{email}', '{email}', FALSE, 'ACTIVE', 1, {time}, {time}, NULL, NULL)"
    )
}

async fn a_row_that_the_file_does_not_have_is_refused_before_anything_is_written(
    database: TestDatabase,
) {
    let file = file_of(EXTREMES).await;
    for digits in [
        "00000000000000000000000000000001",
        "90000000000000000000000000000000",
        "fffffffffffffffffffffffffffffffe",
    ] {
        let there = fresh(database.engine()).await;
        there.execute(&user(database.engine(), digits, "x")).await;
        let ended = imported(&there, &file).await;
        let Err(ImportError::Foreign { table: "users", key, is_written: false }) = &ended else {
            panic!("{ended:?}");
        };
        assert_eq!(key.replace('-', ""), digits);
        assert!(ended.expect_err("a refusal").to_string().contains("nothing was written"));
        assert_eq!(exported(&there).await.1.rows(), 1);
    }
}

async fn a_row_that_differs_is_named(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    imported(&there, &file).await.expect("an import");
    there.execute("DELETE FROM buyers").await;
    there.execute("UPDATE guards SET revision = 7 WHERE name = 'events'").await;
    let ended = imported(&there, &file).await;
    let Err(ImportError::Differs { table: "guards", key, is_written: false }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(key, "events");
    there.execute("UPDATE guards SET revision = -1 WHERE name = 'events'").await;
    assert_eq!(written(&imported(&there, &file).await.expect("an import")), 1);
}

/// Imports, and runs a statement once something is told.
async fn meanwhile(
    there: &TestDatabase,
    file: &[u8],
    sql: &str,
    is_time: fn(Progress) -> bool,
) -> Result<artisan_store::transfer::Imported, ImportError> {
    let target = Target::connect(there.url(), EXPAND_VERSIONS, TIMEOUT).expect("a good URL");
    let once = std::sync::Once::new();
    let observer = |progress| {
        if is_time(progress) {
            once.call_once(|| {
                std::thread::scope(|scope| {
                    let run = || artisan_testkit::block_on(there.execute(sql));
                    scope.spawn(run).join().expect("it is run");
                });
            });
        }
    };
    let ended = import(&target, &mut Cursor::new(file), OPTIONS, &observer).await;
    target.close().await;
    ended
}

async fn a_row_that_comes_while_it_is_imported_is_named(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    let sql = user(database.engine(), "90000000000000000000000000000000", "x");
    let is_time = |progress| matches!(progress, Progress::Checked { .. });
    let ended = meanwhile(&there, &file, &sql, is_time).await;
    let Err(ImportError::Foreign { table: "users", is_written: false, .. }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(exported(&there).await.1.rows(), 1);
}

async fn an_address_that_somebody_else_takes_meanwhile_is_refused(database: TestDatabase) {
    let file = file_of(MANY).await;
    let there = fresh(database.engine()).await;
    // Behind all users of the file, so that no batch has it between its keys.
    let sql = user(database.engine(), "ffffffffffffffffffffffffffffffff", "u1500@example.com");
    let is_time = |progress| matches!(progress, Progress::Checked { .. });
    let error = meanwhile(&there, &file, &sql, is_time).await.expect_err("it is taken");
    let ImportError::Taken { table: "users", key, is_written: true } = &error else {
        panic!("{error:?}");
    };
    // The first row of the second batch.
    assert_eq!(key, "30303030-3030-3030-3030-303031303031");
    assert!(error.to_string().contains("another row there has what must be unique"), "{error}");
    assert_eq!(exported(&there).await.1.rows(), 1001);
}

async fn what_is_changed_while_it_is_imported_is_found_in_the_end(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    let is_time = |progress| matches!(progress, Progress::Written { .. });
    let sql = "UPDATE buyers SET full_name = 'Outra'";
    let moved = meanwhile(&there, &file, sql, is_time).await.expect("an import");
    let differing = moved.tables.iter().filter(|table| table.differs());
    let differing: Vec<&str> = differing.map(|table| table.file.table.as_str()).collect();
    assert_eq!(differing, ["buyers"]);
}

async fn what_breaks_behind_written_rows_says_that_they_are_there(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    let is_time = |progress| matches!(progress, Progress::Written { .. });
    let ended = meanwhile(&there, &file, "DROP TABLE sign_in_attempts", is_time).await;
    let error = ended.expect_err("a table is missing");
    assert!(matches!(error, ImportError::Interrupted(_)), "{error:?}");
    let told = error.to_string();
    assert!(told.contains("sign_in_attempts"), "the cause: {told}");
    assert!(told.contains("rows of the file are in the database"), "{told}");
    assert!(told.contains("import into an empty database") && !told.contains("again"), "{told}");
}

async fn what_breaks_before_a_row_is_written_does_not_say_so(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    imported(&there, &file).await.expect("an import");
    let is_time = |progress| matches!(progress, Progress::Written { .. });
    let ended = meanwhile(&there, &file, "DROP TABLE sign_in_attempts", is_time).await;
    let error = ended.expect_err("a table is missing");
    assert!(matches!(error, ImportError::Database(_)), "{error:?}");
    assert!(!error.to_string().contains("rows of the file"), "{error}");
}

async fn a_dry_run_writes_nothing(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    let target = Target::connect(there.url(), EXPAND_VERSIONS, TIMEOUT).expect("a good URL");
    let options = ImportOptions { dry_run: true, ..OPTIONS };
    let moved = import(&target, &mut Cursor::new(&file), options, &|_| ()).await.expect("a look");
    assert!(moved.tables.iter().all(|table| table.written.is_none() && table.here == 0));
    assert_eq!(exported(&there).await.1.rows(), 0);
}
