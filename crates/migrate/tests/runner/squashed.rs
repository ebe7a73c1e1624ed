//! Databases on both sides of a squash: files with a baseline, and files from before it.

use artisan_migrate::{Access, Error};
use artisan_testkit::TestDatabase;

use super::database::{
    FILES, Files, count, downgrade, options, rows, runner, texts, upgrade, versions,
};
use super::hand_over::{create, ledger, sqlx_run};

artisan_testkit::on_every_engine! {
    rows_of_squashed_revisions_become_that_of_the_baseline,
    baseline_runs_where_none_of_them_is_applied,
    some_of_them_are_refused,
    other_files_than_those_squashed_are_refused,
    older_files_still_work_on_both_kinds,
    squash_of_a_squash_knows_both_kinds,
    floor_of_a_squashed_contract_revision_stays,
    baseline_is_undone_by_its_down_file,
}

const BASELINE: (&str, &str) = (
    "20260101000003_baseline.up.sql",
    "-- squashes: 20260101000001, 20260101000002, 20260101000003\n\
     CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, age INTEGER);\n\
     INSERT INTO users VALUES (1, 'Ana', 10), (2, 'João; ''the'' -- one', 20);\n\
     CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);\n\
     CREATE INDEX posts_author ON posts (author);\nINSERT INTO posts VALUES (1, 1), (2, 2);\n",
);
const DOWN: (&str, &str) =
    ("20260101000003_baseline.down.sql", "DROP TABLE posts;\nDROP TABLE users;\n");
const LATER: (&str, &str) = (
    "20260101000004_later.up.sql",
    "-- revises: 20260101000003\nCREATE TABLE later (id INTEGER PRIMARY KEY);\n",
);
const LATER_DOWN: (&str, &str) = ("20260101000004_later.down.sql", "DROP TABLE later;\n");

fn squashed() -> Files {
    vec![BASELINE, DOWN, LATER, LATER_DOWN]
}

fn unsquashed() -> Files {
    [&FILES[..], &[LATER, LATER_DOWN]].concat()
}

/// Whether a serving program that was built with these files finds the schema ready.
async fn is_ready(database: &TestDatabase, files: &[(&'static str, &'static str)]) -> bool {
    let mut runner = runner(database, files, Access::Read, options()).await.unwrap();
    let is_ready = runner.first_missing().await.unwrap().is_none();
    assert!(runner.verify_checksums().await.unwrap().checked > 0);
    runner.close().await;
    is_ready
}

fn reason<T: std::fmt::Debug>(result: Result<T, Error>) -> (&'static str, u8) {
    let error = result.unwrap_err();
    assert!(error.next().is_some(), "{error}");
    (error.reason(), error.exit_code())
}

async fn rows_of_squashed_revisions_become_that_of_the_baseline(database: TestDatabase) {
    upgrade(&database, &unsquashed(), "head").await.unwrap();
    let before = rows(&database).await;
    assert!(is_ready(&database, &squashed()).await, "before the rows are merged");
    let report = upgrade(&database, &squashed(), "head").await.unwrap();
    assert_eq!((versions(&report).len(), report.merged.len()), (0, 1));
    assert_eq!(report.merged[0].name, "baseline");
    assert_eq!(rows(&database).await, before);
    assert_eq!(count(&database, "_sqlx_migrations").await, 2);
    assert!(is_ready(&database, &squashed()).await);
    sqlx_run(&database, &squashed()).await;
    let fresh = TestDatabase::create(database.engine()).await;
    upgrade(&fresh, &squashed(), "head").await.unwrap();
    assert_eq!(ledger(&database).await, ledger(&fresh).await);
    let again = upgrade(&database, &squashed(), "head").await.unwrap();
    assert_eq!((versions(&again).len(), again.merged.len()), (0, 0));
}

async fn baseline_runs_where_none_of_them_is_applied(database: TestDatabase) {
    let report = upgrade(&database, &squashed(), "head").await.unwrap();
    assert_eq!(versions(&report), ["20260101000003", "20260101000004"]);
    assert!(report.merged.is_empty());
    let fresh = TestDatabase::create(database.engine()).await;
    upgrade(&fresh, &unsquashed(), "head").await.unwrap();
    assert_eq!(rows(&database).await, rows(&fresh).await);
}

async fn some_of_them_are_refused(database: TestDatabase) {
    upgrade(&database, &FILES, "+2").await.unwrap();
    let refused = upgrade(&database, &squashed(), "head").await;
    assert!(refused.as_ref().unwrap_err().to_string().contains("20260101000003"));
    assert_eq!(reason(refused), ("PARTLY_SQUASHED", 7));
    let mut looking = runner(&database, &squashed(), Access::Read, options()).await.unwrap();
    assert_eq!(reason(looking.first_missing().await), ("PARTLY_SQUASHED", 7));
    let found = looking.repair(&artisan_migrate::Repair::default()).await.unwrap().findings;
    assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), ["squashed"]);
    looking.close().await;
    upgrade(&database, &FILES, "head").await.unwrap();
    let report = upgrade(&database, &squashed(), "head").await.unwrap();
    assert_eq!((versions(&report), report.merged.len()), (vec!["20260101000004"], 1));
}

async fn other_files_than_those_squashed_are_refused(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let text = BASELINE.1.replacen("03\n", "03 = 00000000000000000000000000000001\n", 1);
    let files = [(BASELINE.0, &*text.leak()), DOWN];
    assert_eq!(reason(upgrade(&database, &files, "head").await), ("OTHER_SQUASHED", 7));
    assert_eq!(count(&database, "_sqlx_migrations").await, 3);
}

async fn older_files_still_work_on_both_kinds(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    upgrade(&database, &[BASELINE, DOWN], "head").await.unwrap();
    let fresh = TestDatabase::create(database.engine()).await;
    upgrade(&fresh, &[BASELINE, DOWN], "head").await.unwrap();
    for database in [&database, &fresh] {
        assert!(is_ready(database, &FILES).await);
        assert!(is_ready(database, &FILES[..4]).await, "so are still older programs");
        assert!(upgrade(database, &FILES, "head").await.unwrap().applied.is_empty());
        let undone = downgrade(database, &FILES, "-1", false).await;
        assert_eq!(reason(undone), ("MERGED", 7));
        let report = upgrade(database, &unsquashed(), "head").await.unwrap();
        assert_eq!(versions(&report), ["20260101000004"]);
        let undone = downgrade(database, &unsquashed(), "-1", false).await.unwrap();
        assert_eq!(undone.reverted.len(), 1);
        assert!(is_ready(database, &[BASELINE, DOWN]).await);
    }
}

async fn squash_of_a_squash_knows_both_kinds(database: TestDatabase) {
    let text = "-- squashes: 20260101000001, 20260101000002, 20260101000003, 20260101000004\n\
                -- squashes: 20260101000003, 20260101000004\nSELECT 1;\n";
    let again = [("20260101000004_again.up.sql", text)];
    upgrade(&database, &unsquashed(), "head").await.unwrap();
    let by_sqlx = TestDatabase::create(database.engine()).await;
    create(&by_sqlx).await;
    sqlx_run(&by_sqlx, &squashed()).await;
    for database in [&database, &by_sqlx] {
        let report = upgrade(database, &again, "head").await.unwrap();
        assert_eq!((report.applied.len(), report.merged.len()), (0, 1));
        assert_eq!(count(database, "_sqlx_migrations").await, 1);
        assert!(is_ready(database, &squashed()).await && is_ready(database, &unsquashed()).await);
    }
}

async fn floor_of_a_squashed_contract_revision_stays(database: TestDatabase) {
    let first = ("1_a.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY);\n");
    let baseline = (
        "3_base.sql",
        "-- squashes: 1, 2, 3\n-- floor: 2\nCREATE TABLE a (id INTEGER PRIMARY KEY);\n",
    );
    upgrade(&database, &[baseline], "head").await.unwrap();
    assert_eq!(reason(upgrade(&database, &[first], "head").await), ("DATABASE_TOO_NEW", 8));
    let all = [first, ("2_b.sql", "-- phase: contract\nSELECT 1;\n"), ("3_c.sql", "SELECT 1;\n")];
    assert!(is_ready(&database, &all).await);
}

async fn baseline_is_undone_by_its_down_file(database: TestDatabase) {
    upgrade(&database, &unsquashed(), "head").await.unwrap();
    let report = downgrade(&database, &squashed(), "base", false).await.unwrap();
    assert_eq!(report.reverted.len(), 2);
    assert_eq!(count(&database, "_sqlx_migrations").await, 0);
    upgrade(&database, &unsquashed(), "head").await.unwrap();
    assert_eq!(texts(&database, "SELECT name FROM users WHERE id = 1").await, ["Ana"]);
}
