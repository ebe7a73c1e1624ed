//! From one schema to another and back: what the difference writes is run on real servers, and what comes
//! of it is read again.
//!
//! For each case, in a database of its own: the schema `from` is made and filled, the difference to `to` is
//! written and run; then nothing differs any more. The way back is run; then the catalog prints what it
//! printed before. And once more the way up.
#![expect(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod case;
mod catalog;
mod run;

mod mariadb_cases;
mod mysql_cases;
mod postgres_cases;
mod postgres_pairs;
mod sqlite_cases;
mod sqlite_pairs;
mod sqlite_refusals;
mod sqlite_runners;

use artisan_schema::ddl::Style;
use artisan_testkit::{Engine, TestDatabase};

use case::Case;

/// Runs each case of a list, and tells of all that fail.
async fn all(engine: Engine, cases: &[Case]) {
    all_in(engine, cases, Style::default()).await;
}

/// The same, written in a style.
async fn all_in(engine: Engine, cases: &[Case], style: Style) {
    assert!(!cases.is_empty(), "no cases");
    let mut failures = Vec::new();
    for case in cases {
        let (here, there) =
            (TestDatabase::create(engine).await, TestDatabase::create(engine).await);
        if let Err(failure) = run::run(case, &here, &there, style).await {
            failures.push(format!("{}: {failure}", case.name));
        }
    }
    let (failed, all) = (failures.len(), cases.len());
    assert!(failures.is_empty(), "{failed} of {all} cases failed:\n\n{}", failures.join("\n\n"));
}
