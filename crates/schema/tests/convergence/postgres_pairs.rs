//! Pairs of schemas that chance made: whatever differs between them, the statements close the gap.
//!
//! `PAIRS` says how many, `SEED` with which to begin; a pair that fails tells its seed.

#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

mod random;
mod schema;

use artisan_schema::ddl::Style;
use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::case::Case;
use crate::{catalog, run};
use random::Random;

on_engine!(postgres, Postgres, random_pairs_converge, random_pairs_converge_online);

async fn random_pairs_converge(here: TestDatabase) {
    pairs(here, Style::default()).await;
}

async fn random_pairs_converge_online(here: TestDatabase) {
    pairs(here, Style { online: true }).await;
}

fn number(variable: &str, default: u64) -> u64 {
    let value = std::env::var(variable).ok();
    value.map_or(default, |value| value.parse().expect("a number"))
}

async fn pairs(here: TestDatabase, style: Style) {
    let there = TestDatabase::create(Engine::Postgres).await;
    let (first, count) = (number("SEED", 1), number("PAIRS", 50));
    let mut failures = Vec::new();
    for seed in first..first + count {
        let (from, to) = schema::pair(&mut Random::new(seed));
        let loses = None;
        // A case lives as long as the process.
        let (from, to): (&'static str, &'static str) = (from.leak(), to.leak());
        let case = Case { loses, ..Case::new("random", from, to) };
        if let Err(failure) = run::run(&case, &here, &there, style).await {
            failures.push(format!("SEED={seed}: {failure}\nfrom:\n{from}\nto:\n{to}"));
        }
        for database in [&here, &there] {
            let anew = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
            catalog::execute(database, anew).await.expect("an empty database");
        }
    }
    let failed = failures.len();
    assert!(failures.is_empty(), "{failed} of {count} pairs failed:\n\n{}", failures.join("\n\n"));
}
