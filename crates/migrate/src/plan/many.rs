//! Ten thousand revisions: whatever looks at each revision for each other one is felt here.

use super::*;
use crate::history::Directives;
use crate::source::SourceFile;
use crate::{RevisionFacts, Source};

const MANY: i64 = 10_000;

/// A trunk on which, in every ten revisions, a labelled branch goes off and is merged again: of 1 to
/// 9, 0, it is 5 to 8 that build upon 1, and 9 merges 4 and 8.
fn branched() -> History {
    let files = (1..=MANY).map(|version| SourceFile {
        name: format!("{version}_rev.sql"),
        text: match version % 10 {
            5 => format!("-- revises: {}\n-- branch: side{version}\n", version - 4),
            9 => format!("-- revises: {}, {}\n", version - 5, version - 1),
            _ => String::new(),
        }
        .into(),
    });
    History::build(Source { files: files.collect(), ..Source::default() }).unwrap()
}

fn linear() -> History {
    let files = (1..=MANY)
        .map(|version| SourceFile { name: format!("{version}_rev.sql"), text: "".into() });
    History::build(Source { files: files.collect(), ..Source::default() }).unwrap()
}

fn up(history: &History, standing: &Standing, target: &str) -> usize {
    let target = target.parse().unwrap();
    upgrade(history, standing, &target, Phases::All).unwrap().run.len()
}

fn down(history: &History, standing: &Standing, target: &str) -> usize {
    downgrade(history, standing, &target.parse().unwrap()).unwrap().len()
}

#[test]
fn every_question_to_a_long_line_is_one_pass() {
    let history = linear();
    let (none, all) = (Standing::default(), Standing::assumed(1..=MANY));
    assert_eq!(up(&history, &none, "head"), 10_000);
    assert_eq!(up(&history, &none, "+9999"), 9999);
    assert_eq!(up(&history, &none, "1+9998"), 9999);
    assert_eq!(down(&history, &all, "-9999"), 9999);
    assert_eq!(down(&history, &all, "head-9999"), 9999);
    assert_eq!(down(&history, &all, "1@-9999"), 9999);
    assert_eq!(down(&history, &all, "base"), 10_000);
    check_order(&history, &all).unwrap();
    let facts = history.revisions().iter().map(|r| RevisionFacts::new(&history, r));
    assert_eq!(facts.filter(|facts| facts.head).count(), 1);
}

#[test]
fn every_question_to_many_branches_is_one_pass() {
    let history = branched();
    let (none, all) = (Standing::default(), Standing::assumed(1..=MANY));
    assert_eq!(history.heads().len(), 1);
    let facts = history.revisions().iter().map(|r| RevisionFacts::new(&history, r));
    let facts: Vec<RevisionFacts> = facts.collect();
    assert_eq!(facts.iter().filter(|facts| facts.branchpoint).count(), 1000);
    assert_eq!(facts.iter().filter(|facts| facts.mergepoint).count(), 1000);
    let labels: Vec<String> = facts.into_iter().filter_map(|facts| facts.branch).collect();
    assert_eq!((labels[0].as_str(), labels[999].as_str()), ("side5", "side9995"));
    assert_eq!(up(&history, &none, "head"), 10_000);
    assert_eq!(up(&history, &none, "side9995@+1"), 1);
    assert_eq!(up(&history, &none, "side9995"), 9992);
    assert_eq!(down(&history, &all, "9991"), 9);
    assert_eq!(down(&history, &all, "side9995@base"), 6);
    assert_eq!(down(&history, &all, "-2"), 2);
    let report = history.report(Some(&":side9995@head".parse().unwrap())).unwrap();
    assert_eq!(report.revisions.len(), 10_000);
    assert_eq!(report.revisions[0].facts.version, "10000");
}

/// Thousands of heads, and one merge of them.
#[test]
fn merge_of_very_many_is_one_pass() {
    let text = |version: i64| match version {
        1 => String::new(),
        MANY => {
            let all: Vec<String> = (2..MANY).map(|parent| parent.to_string()).collect();
            format!("-- revises: {}\n", all.join(", "))
        }
        _ => "-- revises: 1\n".to_owned(),
    };
    let files = (1..=MANY).map(|version| SourceFile {
        name: format!("{version}_rev.sql"),
        text: text(version).into(),
    });
    let source = Source { files: files.collect(), ..Source::default() };
    let history = History::build(source).unwrap();
    assert_eq!(history.children(1).len(), 9998);
    assert_eq!(
        history.revisions()[9999].directives,
        Directives { revises: (2..MANY).collect(), ..Directives::default() }
    );
    assert_eq!(up(&history, &Standing::assumed(1..MANY), "+1"), 1);
    assert_eq!(down(&history, &Standing::assumed(1..=MANY), "1"), 9999);
}
