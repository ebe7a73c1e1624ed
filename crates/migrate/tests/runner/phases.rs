use artisan_migrate::{Access, Phases};
use artisan_testkit::TestDatabase;

use super::database::{FILES, Files, options, runner, upgrade, upgrade_phases, versions};

artisan_testkit::on_every_engine! {
    empty_database_takes_all_phases,
    contract_waits_for_its_phase,
    expand_behind_a_pending_contract_is_refused,
    contract_raises_the_floor_for_older_programs,
}

const CONTRACT: (&str, &str) =
    ("20260101000004_drop_age.up.sql", "-- phase: contract\nALTER TABLE users DROP COLUMN age;\n");
const LENIENT: (&str, &str) = (
    "20260101000004_drop_age.up.sql",
    "-- phase: contract\n-- floor: 20260101000003\nALTER TABLE users DROP COLUMN age;\n",
);
const EXPAND: (&str, &str) =
    ("20260101000005_make_tags.up.sql", "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n");

fn with(more: &[(&'static str, &'static str)]) -> Files {
    [&FILES[..], more].concat()
}

async fn empty_database_takes_all_phases(database: TestDatabase) {
    let report = upgrade(&database, &with(&[CONTRACT, EXPAND]), "head").await.unwrap();
    assert_eq!(report.applied.len(), 5);
}

async fn contract_waits_for_its_phase(database: TestDatabase) {
    upgrade(&database, &FILES, "+2").await.unwrap();
    let files = with(&[CONTRACT]);
    let report = upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(versions(&report), ["20260101000003"]);
    assert_eq!(report.held_back[0].version, "20260101000004");
    // Who waits for the schema waits for expand revisions only.
    let mut looking = runner(&database, &files, Access::Read, options()).await.unwrap();
    assert!(looking.first_missing().await.unwrap().is_none());
    looking.close().await;
    let report = upgrade_phases(&database, &files, "head", Phases::Contract).await.unwrap();
    assert_eq!(versions(&report), ["20260101000004"]);
}

async fn expand_behind_a_pending_contract_is_refused(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let files = with(&[CONTRACT, EXPAND]);
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "EXPAND_BEHIND_CONTRACT"));
    let report = upgrade_phases(&database, &files, "head", Phases::Contract).await.unwrap();
    assert_eq!(versions(&report), ["20260101000004"]);
    let report = upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(versions(&report), ["20260101000005"]);
}

async fn contract_raises_the_floor_for_older_programs(database: TestDatabase) {
    upgrade(&database, &with(&[LENIENT]), "head").await.unwrap();
    assert_eq!(upgrade(&database, &FILES, "head").await.unwrap().applied, []);
    let error = upgrade(&database, &FILES[..4], "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (8, "DATABASE_TOO_NEW"));
    let other = TestDatabase::create(database.engine()).await;
    upgrade(&other, &with(&[CONTRACT]), "head").await.unwrap();
    assert_eq!(upgrade(&other, &FILES, "head").await.unwrap_err().exit_code(), 8);
    let mut looking = runner(&other, &FILES, Access::Read, options()).await.unwrap();
    assert_eq!(looking.first_missing().await.unwrap_err().exit_code(), 8);
    looking.close().await;
}
