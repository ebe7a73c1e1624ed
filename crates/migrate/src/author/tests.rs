use super::*;
use crate::Source;

fn history(files: &[(&'static str, &'static str)]) -> History {
    History::build(Source::embedded(files.iter().copied())).unwrap()
}

fn new(message: &str) -> Draft {
    Draft { message: message.to_owned(), ..Draft::default() }
}

#[test]
fn linear_history_needs_no_directive_and_a_branched_one_does() {
    let linear = history(&[("1_a.sql", ""), ("2_b.sql", "")]);
    let drafted = draft(&linear, &new("c")).unwrap();
    assert_eq!((drafted.version, drafted.revises.as_slice()), (3, [2].as_slice()));
    assert_eq!(drafted.files[0], ("3_c.up.sql".to_owned(), "-- c\n".to_owned()));
    let branch = Draft { heads: vec!["1".to_owned()], splice: true, ..new("c") };
    let drafted = draft(&linear, &branch).unwrap();
    assert!(drafted.files[0].1.starts_with("-- revises: 1\n"));
    let branch = Draft { splice: false, ..branch };
    assert_eq!(draft(&linear, &branch).unwrap_err().reason(), "NOT_A_HEAD");
}

#[test]
fn merge_names_each_head_once() {
    let forked = history(&[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n")]);
    assert_eq!(draft(&forked, &new("d")).unwrap_err().reason(), "MULTIPLE_HEADS");
    let parents = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        merge_parents(&forked, &texts).map_err(|error| error.reason())
    };
    assert_eq!(parents(&["heads"]).unwrap(), ["2", "3"]);
    for bad in [&["2"][..], &["2", "2"], &["1", "3"]] {
        assert_eq!(parents(bad), Err("BAD_MERGE"), "{bad:?}");
    }
}

#[test]
fn revision_may_begin_anew_or_build_upon_a_branch() {
    let history = history(&[
        ("1_a.sql", ""),
        ("2_b.sql", ""),
        ("3_c.sql", "-- revises: 1\n-- branch: shop\n-- depends-on: 2\n"),
    ]);
    let head = |heads: &str, draft: Draft| {
        let heads = vec![heads.to_owned()];
        let drafted = super::draft(&history, &Draft { heads, ..draft });
        drafted.map(|drafted| drafted.files[0].1.clone()).map_err(|error| error.reason())
    };
    assert_eq!(head("base", new("d")).unwrap(), "-- revises: base\n-- d\n");
    assert_eq!(head("shop@head", new("d")).unwrap(), "-- revises: 3\n-- d\n");
    let depends = Draft { depends_on: vec!["shop".to_owned()], ..new("d") };
    assert_eq!(head("2", depends).unwrap(), "-- revises: 2\n-- depends-on: 3\n-- d\n");
    let depends = Draft { depends_on: vec!["nothing".to_owned()], ..new("d") };
    assert_eq!(head("2", depends), Err("UNKNOWN_REVISION"));
    for (label, reason) in [("shop", "LABEL_TAKEN"), ("a b", "BAD_LABEL")] {
        let labelled = Draft { branch: Some(label.to_owned()), ..new("d") };
        assert_eq!(head("2", labelled), Err(reason));
    }
    assert_eq!(merge_parents(&history, &["heads".to_owned()]).unwrap(), ["2", "3"]);
}

/// The text of the up file, or the reason why there is none.
fn up(history: &History, draft: &Draft) -> Result<String, &'static str> {
    let drafted = super::draft(history, draft);
    drafted.map(|drafted| drafted.files[0].1.clone()).map_err(|error| error.reason())
}

#[test]
fn message_never_becomes_a_directive() {
    let history = history(&[("1_a.sql", "")]);
    for message in [
        "branch: shop",
        "phase: later",
        "revises: base",
        "no-transaction",
        "floor:1",
        "lint:allow MG101 the table is small",
        "* # lint:allow MG101 the table is small",
    ] {
        assert_eq!(up(&history, &new(message)), Err("BAD_MESSAGE"), "{message}");
    }
    assert_eq!(up(&history, &new("users: add\nSELECT 1")).unwrap(), "-- users: add SELECT 1\n");
}

#[test]
fn template_stands_below_the_directives() {
    let forked = history(&[("1_a.sql", ""), ("2_b.sql", "-- revises: base\n")]);
    let template = |text: &str| Template { path: "t.up.sql".into(), text: text.to_owned() };
    let with = |text: &str| {
        let style = Style { up: Some(template(text)), ..Style::default() };
        let now = Some(time::macros::datetime!(2026-11-27 13:05:09.5 UTC));
        up(&forked, &Draft { heads: vec!["2".to_owned()], style, now, ..new("Add users") })
    };
    assert_eq!(
        with("-- ${version} ${name}: ${message}\n-- after ${revises}, ${date}\n").unwrap(),
        "-- revises: 2\n-- 3 add_users: Add users\n-- after 2, 2026-11-27T13:05:09Z\n"
    );
    let first = with("-- no-transaction\n-- rerun: safe\n").unwrap();
    assert_eq!(first, "-- no-transaction\n-- revises: 2\n-- rerun: safe\n");
    for bad in ["${author}", "-- revises: 1\n", "-- branch: shop\n", "-- depends-on: 1\n"] {
        assert_eq!(with(bad), Err("BAD_TEMPLATE"), "{bad}");
    }
}
