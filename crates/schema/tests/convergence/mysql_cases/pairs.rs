//! Pairs of schemas by chance, which go the way of the cases.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

mod chance;
mod change;
mod grammar;
mod render;

use artisan_testkit::Engine;

use self::chance::Chance;
use crate::all;
use crate::case::Case;

/// Runs as many pairs as `PAIRS` says, the first from the seed `SEED`.
pub(crate) async fn run(engine: Engine) {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let first = number("SEED", 1);
    let cases: Vec<Case> =
        (first..first + number("PAIRS", 50)).map(|seed| pair(engine, seed)).collect();
    all(engine, &cases).await;
}

fn pair(engine: Engine, seed: u64) -> Case {
    let mut chance = Chance::of(seed);
    let from = grammar::schema(&mut chance, engine);
    let to = change::changed(&from, &mut chance, engine);
    let leaked = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let (from, to) = (render::sql(&from), render::sql(&to));
    let name = leaked(format!("SEED={seed}\n{from}\n---\n{to}\n"));
    Case { unforeseen: true, ..Case::new(name, leaked(from), leaked(to)) }
}
