use std::collections::BTreeSet;

use artisan_migrate::lint::{self, Finding, Request};
use artisan_migrate::{Engine, History, Source};

use super::{general, mysql, postgres, sqlite};

/// What a rule finds, and what it leaves alone.
pub(crate) struct Case {
    pub(crate) code: &'static str,
    pub(crate) engine: Engine,
    /// The up files before, in order.
    pub(crate) before: &'static [&'static str],
    pub(crate) bad: &'static str,
    pub(crate) good: &'static str,
}

pub(crate) const fn case(
    code: &'static str,
    engine: Engine,
    before: &'static [&'static str],
    bad: &'static str,
    good: &'static str,
) -> Case {
    Case { code, engine, before, bad, good }
}

/// The findings in a last revision of this text, with a down file that nothing is held against.
pub(crate) fn findings(engine: Engine, before: &[&'static str], text: &str) -> Vec<Finding> {
    let mut files: Vec<(&'static str, &'static str)> = Vec::new();
    for (at, text) in before.iter().enumerate() {
        files.push((leak(format!("{}_before.up.sql", at + 1)), text));
    }
    files.push(("90_case.up.sql", leak(text.to_owned())));
    files.push(("90_case.down.sql", "DO 1;\n"));
    let history = History::build(Source::embedded(files)).unwrap();
    let mut request = Request::new(engine);
    request.only = Some(vec![90]);
    lint::lint(&request, &history).into_iter().filter(|f| f.file == "90_case.up.sql").collect()
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn all() -> impl Iterator<Item = &'static Case> {
    general::CASES.iter().chain(postgres::CASES).chain(mysql::CASES).chain(sqlite::CASES)
}

fn codes(case: &Case, text: &str) -> Vec<&'static str> {
    findings(case.engine, case.before, text).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn every_rule_finds_what_it_is_for() {
    let missed = all().filter(|case| !codes(case, case.bad).contains(&case.code));
    let missed: Vec<_> = missed.map(|case| (case.code, case.bad)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_rule_leaves_alone_what_is_right() {
    let wrong = all().filter(|case| codes(case, case.good).contains(&case.code));
    let wrong: Vec<_> = wrong.map(|case| (case.code, case.good)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_finding_can_be_waived_in_the_head_of_the_file() {
    for case in all() {
        let waiver = format!("-- lint:allow {} a test says so\n", case.code);
        let text = match case.bad.split_once('\n') {
            Some((first, rest)) if first == "-- no-transaction" => {
                format!("{first}\n{waiver}{rest}")
            }
            _ => match case.bad.strip_prefix('\u{feff}') {
                Some(rest) => format!("\u{feff}{waiver}{rest}"),
                None => format!("{waiver}{}", case.bad),
            },
        };
        let found = codes(case, &text);
        assert!(!found.contains(&case.code), "{}: {found:?} in {text}", case.code);
        assert!(
            !found.contains(&"MG017"),
            "{}: its waiver is said to be unused: {text}",
            case.code
        );
    }
}

#[test]
fn every_rule_has_a_case() {
    let cased: BTreeSet<&str> = all().map(|case| case.code).collect();
    // Those about several files, and about waivers, have tests of their own.
    let own = [
        "MG002", "MG003", "MG004", "MG005", "MG006", "MG007", "MG001", "MG015", "MG016", "MG017",
        "MG054",
    ];
    for rule in lint::rules() {
        let is_tested = cased.contains(rule.code) || own.contains(&rule.code);
        assert!(is_tested, "{} has no case", rule.code);
    }
}
