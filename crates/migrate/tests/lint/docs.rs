use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use artisan_migrate::lint;

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lint.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn every_rule_is_described_as_it_is_and_no_other() {
    let text = document();
    let described: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let rules: BTreeSet<&str> = lint::rules().iter().map(|rule| rule.code).collect();
    assert_eq!(described, rules);
    for rule in lint::rules() {
        let section = text.split(&format!("### {}\n", rule.code)).nth(1).unwrap();
        let section = section.split("\n### ").next().unwrap();
        for part in [rule.name, rule.severity.name(), rule.breaks, rule.instead] {
            assert!(section.contains(part), "{}: the document lacks: {part}", rule.code);
        }
    }
}

#[test]
fn codes_and_names_are_unique() {
    let rules = lint::rules();
    let codes: BTreeSet<&str> = rules.iter().map(|rule| rule.code).collect();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name).collect();
    assert_eq!((codes.len(), names.len()), (rules.len(), rules.len()));
}

/// Each rule of the others is answered by one of ours, or by a reason.
#[test]
fn table_of_the_others_names_rules_that_exist() {
    let text = document();
    let table = text.split("## What others catch").nth(1).unwrap();
    let table = table.split("## Rules").next().unwrap();
    let rules: BTreeSet<&str> = lint::rules().iter().map(|rule| rule.code).collect();
    let mut rows = 0;
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        rows += 1;
        let ours = line.split('|').nth(2).unwrap();
        let codes: Vec<&str> = ours
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() == 5 && word.starts_with(|c: char| c.is_ascii_uppercase()))
            .collect();
        assert!(ours.contains("does not apply") || !codes.is_empty(), "{line}");
        for code in codes {
            assert!(rules.contains(code), "{line}: there is no {code}");
        }
    }
    assert!(rows > 90, "{rows}");
}
