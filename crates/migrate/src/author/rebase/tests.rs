use std::fs;

use tempfile::TempDir;

use super::*;
use crate::Engine;

/// A flat folder with these files.
fn folder(files: &[(&str, &str)]) -> (TempDir, Folder) {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(root.path().join(name), text).unwrap();
    }
    let folder = Folder::open(root.path()).unwrap();
    (root, folder)
}

fn rebase(folder: &Folder, text: &str, onto: Option<&str>) -> Result<Rebase, Error> {
    let source = Source::directory(folder.root(), Engine::Sqlite)?;
    let plan = Rebase::plan(source, text, onto, &Style::default(), None)?;
    plan.carry_out(folder)?;
    Ok(plan)
}

/// All names and texts, sorted.
fn contents(root: &Path) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    all.sort();
    all
}

/// Files, what is rebased, upon what, and names and texts of the files that are new afterwards.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

fn check(cases: &[Case<'_>]) {
    for (files, text, onto, new) in cases {
        let (root, folder) = folder(files);
        let before = contents(root.path());
        rebase(&folder, text, *onto).unwrap();
        let after = contents(root.path());
        let added: Vec<(&str, &str)> = after
            .iter()
            .filter(|file| !before.contains(file))
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        assert_eq!(&added, new, "{files:?}");
        assert_eq!(after.len(), before.len(), "{files:?}");
        History::build(Source::directory(root.path(), Engine::Sqlite).unwrap()).unwrap();
    }
}

#[test]
fn late_revision_and_one_of_two_heads_build_upon_the_others() {
    check(&[
        // Late in a linear history: no line is needed.
        (
            &[("1_a.sql", ""), ("2_b.sql", "--\n"), ("3_c.sql", "")],
            "2",
            None,
            &[("4_b.sql", "--\n")],
        ),
        // One of two heads, said and unsaid.
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\r\nX\r\n")],
            "3",
            None,
            &[("4_c.sql", "-- revises: 2\r\nX\r\n")],
        ),
        (
            &[("1_a.sql", ""), ("2_b.sql", "X\n"), ("3_c.sql", "-- revises: 1\n")],
            "2",
            None,
            &[("4_b.sql", "-- revises: 3\nX\n")],
        ),
    ]);
}

#[test]
fn those_that_name_it_move_with_it() {
    check(&[
        // Whoever builds upon it or depends on it would name a version that is gone.
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n-- depends-on: 2\n")],
            "2",
            None,
            &[("4_b.sql", "-- revises: 1\n"), ("5_c.sql", "-- revises: 1\n-- depends-on: 4\n")],
        ),
        (
            &[
                ("1_a.sql", ""),
                ("2_b.sql", "-- revises: 1\n"),
                ("3_c.sql", "-- revises: 2\n"),
                ("4_d.sql", "-- revises: 1\n-- floor: 2\n"),
            ],
            "2",
            None,
            &[("5_b.sql", "-- revises: 4\n"), ("6_c.sql", "-- revises: 5\n")],
        ),
    ]);
}

#[test]
fn only_directives_change_and_only_as_far_as_asked() {
    check(&[
        // A comment that only looks like the line stays.
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n-- revises all\n")],
            "3",
            None,
            &[("4_c.sql", "-- revises: 2\n-- revises all\n")],
        ),
        // Upon what one asks for.
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "")],
            "3",
            Some("1"),
            &[("4_c.sql", "-- revises: 1\n")],
        ),
        // A merge goes on joining what it joined.
        (
            &[
                ("1_a.sql", ""),
                ("2_b.sql", "-- revises: base\n"),
                ("3_m.sql", "-- revises: 1, 2\n"),
                ("4_x.sql", "-- revises: base\n"),
            ],
            "3",
            None,
            &[("5_m.sql", "-- revises: 1, 2\n")],
        ),
        // Of several heads, that of its own branch.
        (
            &[
                ("1_a.sql", ""),
                ("2_b.sql", "-- revises: base\n"),
                ("3_a.sql", "-- revises: 1\n"),
                ("4_a.sql", "-- revises: 1\n"),
            ],
            "3",
            None,
            &[("5_a.sql", "-- revises: 4\n")],
        ),
    ]);
}

#[test]
fn nothing_is_written_where_it_is_unclear_or_would_be_no_history() {
    let three = [
        ("1_a.sql", ""),
        ("2_b.sql", ""),
        ("3_c.sql", "-- revises: 1\n"),
        ("4_d.sql", "-- revises: 1\n"),
    ];
    // What a merge joins would be one line, so that it names one of them without need.
    let merged = [
        ("1_a.sql", ""),
        ("2_b.sql", "-- revises: 1\n"),
        ("3_c.sql", "-- revises: 1\n"),
        ("4_m.sql", "-- revises: 2, 3\n"),
    ];
    for (files, text, onto, reason) in [
        (&three[..], "4", None, "MULTIPLE_HEADS"),
        (&three, "4", Some("9"), "UNKNOWN_REVISION"),
        (&three, "4", Some("4"), "UNKNOWN_REVISION"),
        (&merged, "3", None, "REDUNDANT_PARENT"),
        (&[("7_a.sql", ""), ("7_b.sql", "")], "7", None, "AMBIGUOUS_REVISION"),
    ] {
        let (root, folder) = folder(files);
        let before = contents(root.path());
        assert_eq!(rebase(&folder, text, onto).unwrap_err().reason(), reason);
        assert_eq!(contents(root.path()), before);
    }
}

#[test]
fn every_engine_has_it_moved_or_none_has() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::init(root.path(), &[Engine::Sqlite, Engine::Postgres]).unwrap();
    for name in ["1_a.sql", "2_b.up.sql", "2_b.down.sql", "3_c.sql"] {
        folder.create(name, "").unwrap().unwrap();
    }
    let odd = root.path().join("postgres/3_c.sql");
    fs::write(&odd, "-- revises: 2\n").unwrap();
    let error = rebase(&folder, "2", None).unwrap_err();
    assert_eq!(error.reason(), "UNKNOWN_PARENT", "the engines' files differ");
    assert_eq!(contents(&root.path().join("sqlite"))[1].0, "2_b.down.sql");
    fs::write(&odd, "").unwrap();
    let plan = rebase(&folder, "2", None).unwrap();
    assert_eq!((plan.moved()[0].from, plan.moved()[0].to), (2, 4));
    for engine in ["sqlite", "postgres"] {
        let names = contents(&root.path().join(engine)).into_iter().map(|(name, _)| name);
        let names: Vec<String> = names.collect();
        assert_eq!(names, ["1_a.sql", "3_c.sql", "4_b.down.sql", "4_b.up.sql"]);
    }
}
