//! Random pairs of SQLite schemas, with rows, through the same procedure as the cases.
//!
//! `PAIRS` says how many (50), `SEED` with which the first is made (1); each further pair has the next.

mod change;
mod grammar;
mod pragmas;
mod random;
mod render;

use artisan_schema::ddl::Style;
use artisan_testkit::{Engine, TestDatabase, on_engine};

use self::grammar::Schema;
use self::random::Random;
use crate::case::Case;
use crate::{catalog, run};

on_engine!(sqlite, Sqlite, random_pairs_converge);

async fn random_pairs_converge(_: TestDatabase) {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().map_or(default, |value| value.parse().expect("a number"))
    };
    let first = number("SEED", 1);
    let (mut ran, mut refused) = (0, 0);
    for seed in first..first + number("PAIRS", 50) {
        match pair(seed).await {
            Ok(true) => ran += 1,
            Ok(false) => refused += 1,
            Err((case, failure)) => {
                panic!(
                    "seed {seed}: {failure}\nfrom {}\nto {}\nrows {}",
                    case.from, case.to, case.rows
                )
            }
        }
    }
    assert!(ran > refused, "{ran} pairs converged, {refused} were refused by what their rows hold");
}

/// Whether the pair converged, or the server refused what its rows do not allow.
async fn pair(seed: u64) -> Result<bool, (Case, String)> {
    let random = &mut Random::new(seed);
    let from = Schema::any(random);
    let mut to = from.clone();
    for _ in 0..=random.below(5) {
        to.change(random);
    }
    let text = |text: String| -> &'static str { text.leak() };
    let case = Case {
        rows: text(from.rows(random)),
        kept: from.kept(&to).map(text),
        unforeseen: true,
        ..Case::new("random", text(from.render(random, false)), text(to.render(random, true)))
    };
    let (here, there) =
        (TestDatabase::create(Engine::Sqlite).await, TestDatabase::create(Engine::Sqlite).await);
    let done = run::run(&case, &here, &there, Style::default()).await;
    for database in [&here, &there] {
        let schema = run::schema(database).await.expect("a schema");
        if let Some(lines) = pragmas::disagreement(database, &schema).await {
            return Err((case, format!("the pragmas tell something else:\n{lines}")));
        }
    }
    let Err(failure) = done else { return Ok(true) };
    // Rows that lack what is asked of them from now on: then nothing may have happened.
    let first = failure.lines().next().unwrap_or_default();
    if !first.starts_with("first pass, ") || !first.contains("constraint failed") {
        return Err((case, failure));
    }
    if first.contains("way back") {
        return Ok(false);
    }
    let origin = TestDatabase::create(Engine::Sqlite).await;
    catalog::execute(&origin, case.from).await.expect("the schema");
    let is_as_it_was = catalog::printed(&here).await == catalog::printed(&origin).await;
    if is_as_it_was { Ok(false) } else { Err((case, format!("left half done: {failure}"))) }
}
