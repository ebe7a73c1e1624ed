//! Databases on which somebody serves: no import, and an export that says so.

use artisan_store::transfer::{HeldLease, ImportError};
use artisan_testkit::{Engine, TestDatabase};

use super::{EXTREMES, exported, file_of, fresh, imported, rows, written};

artisan_testkit::on_every_engine! {
    nothing_is_imported_while_a_lease_is_held,
    an_export_from_a_database_that_serves_is_told_so,
}

/// A lease that ends at this second after `NOW`, as the engine writes it.
fn lease(engine: Engine, name: &str, seconds: i64) -> String {
    let time = format!("2026-11-23 12:{:02}:{:02}.123456", seconds / 60, seconds % 60);
    let (id, time) = match engine {
        Engine::Postgres => {
            ("'00000000-0000-0000-0000-000000000000'".to_owned(), format!("'{time}+00'"))
        }
        Engine::MySql | Engine::MariaDb => (format!("x'{:032}'", 0), format!("'{time}'")),
        Engine::Sqlite => {
            let now = super::NOW.unix_timestamp_nanos() / 1000;
            (format!("x'{:032}'", 0), (now + i128::from(seconds) * 1_000_000).to_string())
        }
    };
    format!("INSERT INTO leases VALUES ('{name}', {id}, {time})")
}

async fn nothing_is_imported_while_a_lease_is_held(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    // One that ends now holds nobody off.
    there.execute(&lease(there.engine(), "relay", 0)).await;
    there.execute(&lease(there.engine(), "housekeeping", 90)).await;
    let error = imported(&there, &file).await.expect_err("somebody serves");
    let ImportError::Served(HeldLease { name, seconds: 90 }) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(name, "housekeeping");
    assert!(error.to_string().contains("nothing was written"), "{error}");
    assert_eq!(exported(&there).await.1.rows(), 0);
    there.execute("DELETE FROM leases WHERE name = 'housekeeping'").await;
    assert!(written(&imported(&there, &file).await.expect("an import")) > 0);
}

async fn an_export_from_a_database_that_serves_is_told_so(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let there = fresh(database.engine()).await;
    imported(&there, &file).await.expect("an import");
    assert_eq!(exported(&there).await.1.lease, None);
    there.execute(&lease(there.engine(), "relay", 20)).await;
    let (bytes, told) = exported(&there).await;
    assert_eq!(rows(&bytes), rows(&file));
    assert_eq!(told.lease, Some(HeldLease { name: "relay".to_owned(), seconds: 20 }));
}
