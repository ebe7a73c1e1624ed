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
    let texts: Vec<&str> = text.split(' ').collect();
    let plan = Rebase::plan(source, &texts, onto, &Style::default(), None)?;
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
fn several_keep_their_order() {
    check(&[
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", ""), ("4_d.sql", ""), ("5_e.sql", "")],
            "2 5 3",
            None,
            &[("6_b.sql", ""), ("7_c.sql", ""), ("8_e.sql", "")],
        ),
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", ""), ("4_d.sql", "-- revises: 1\n")],
            "2 3",
            None,
            &[("5_b.sql", "-- revises: 4\n"), ("6_c.sql", "-- revises: 5\n")],
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
        (&three, "4", Some("4"), "MOVING_PARENT"),
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

/// Files, what is told of them, and the files that are new after what is advised.
type Circle<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a [(&'a str, &'a str)]);

/// Each member says what it builds upon, so that only a person knows which of them is wrong.
#[test]
fn cycle_is_named_and_what_is_advised_mends_it() {
    let (a, d) = (("1_a.sql", ""), ("4_d.up.sql", ""));
    let cases: [Circle<'_>; 5] = [
        (
            &[a, ("5_e.sql", "-- revises: 6\nX"), ("6_f.sql", "-- revises: 5\nY")],
            "there is a cycle: 5_e.sql builds upon 6_f.sql, which builds upon 5_e.sql",
            &[("7_e.sql", "-- revises: 1\nX"), ("8_f.sql", "-- revises: 7\nY")],
        ),
        (
            &[
                ("5_e.up.sql", "-- revises: 6\n"),
                ("5_e.down.sql", "X"),
                ("6_f.sql", "-- revises: 7\n"),
                ("7_g.sql", "-- revises: 5\n"),
                ("8_h.sql", "-- revises: 7\n-- depends-on: 6\n"),
            ],
            "5_e.up.sql builds upon 6_f.sql, which builds upon 7_g.sql, which builds upon 5_e.up.sql",
            &[
                ("10_g.sql", "-- revises: 9\n"),
                ("11_f.sql", "-- revises: 10\n"),
                ("12_h.sql", "-- revises: 10\n-- depends-on: 11\n"),
                ("9_e.down.sql", "X"),
                ("9_e.up.sql", "-- revises: base\n"),
            ],
        ),
        (
            &[d, ("5_e.sql", "-- revises: 4\n-- depends-on: 6\n"), ("6_f.sql", "-- revises: 5\n")],
            "5_e.sql depends on 6_f.sql, which builds upon 5_e.sql",
            &[("7_f.sql", "-- revises: 4\n"), ("8_e.sql", "-- revises: 4\n-- depends-on: 7\n")],
        ),
        (
            &[
                a,
                ("2_b.sql", "-- revises: 3\n"),
                ("3_c.sql", "-- revises: 1\n"),
                ("4_d.sql", "-- revises: 2\n"),
            ],
            "2_b.sql builds upon revision 3, which is not older than itself",
            &[("5_b.sql", "-- revises: 3\n"), ("6_d.sql", "-- revises: 5\n")],
        ),
        (
            &[
                ("2_b.sql", "-- revises: 3\n"),
                ("3_c.sql", "-- revises: 2\n"),
                ("5_e.sql", "-- revises: 6\n"),
                ("6_f.sql", "-- revises: 5\n"),
            ],
            "there is a cycle: 2_b.sql builds upon 3_c.sql, which builds upon 2_b.sql",
            &[
                ("10_f.sql", "-- revises: 9\n"),
                ("7_b.sql", "-- revises: base\n"),
                ("8_c.sql", "-- revises: 7\n"),
                ("9_e.sql", "-- revises: base\n"),
            ],
        ),
    ];
    for (files, told, new) in cases {
        let (root, folder) = folder(files);
        let before = contents(root.path());
        let mut problem = problem(root.path());
        assert!(problem.as_ref().unwrap().to_string().contains(told), "{problem:?}");
        for _ in 0..files.len() {
            let Some(found) = problem else { break };
            let next = found.next();
            let command = next.strip_prefix("run `migrate rebase ").unwrap();
            let (command, _) = command.split_once('`').unwrap();
            let (file, onto) = command.split_once(" --onto ").unzip();
            rebase(&folder, file.unwrap_or(command), onto).unwrap();
            problem = self::problem(root.path());
        }
        let mut after = contents(root.path());
        after.retain(|file| !before.contains(file));
        let after: Vec<_> = after.iter().map(|(name, text)| (&name[..], &text[..])).collect();
        assert_eq!(after, new);
    }
}

fn problem(root: &Path) -> Option<Problem> {
    match History::build(Source::directory(root, Engine::Sqlite).unwrap()) {
        Err(Error::History(problem)) => Some(*problem),
        built => built.map(|_| None).unwrap(),
    }
}

#[test]
fn member_of_a_cycle_needs_to_be_told_what_it_builds_upon() {
    let files = [("1_a.sql", ""), ("5_e.sql", "-- revises: 6\n"), ("6_f.sql", "-- revises: 5\n")];
    let (root, folder) = folder(&files);
    let refused = rebase(&folder, "5_e", None).unwrap_err();
    assert!(refused.to_string().contains("say by --onto"), "{refused}");
    rebase(&folder, "6_f", Some("1")).unwrap();
    assert_eq!(problem(root.path()).map(|problem| problem.to_string()), None);
}

/// Files, what is told of them, how the advice begins, what mends them, and the files that are new then.
type Misnamed<'a> = (&'a [(&'a str, &'a str)], &'a str, Asked<'a>, &'a [(&'a str, &'a str)]);
/// What is rebased, and onto what.
type Asked<'a> = (&'a str, Option<&'a str>);

#[test]
fn name_that_no_file_has_is_mended_as_advised() {
    let a = ("1_a.sql", "");
    let cases: [Misnamed<'_>; 7] = [
        (
            &[a, ("2_b.up.sql", "-- revises: 9\nX"), ("2_b.down.sql", "Y")],
            "2_b.up.sql builds upon revision 9, which no file has",
            ("2_b", Some("1")),
            &[("3_b.down.sql", "Y"), ("3_b.up.sql", "-- revises: 1\nX")],
        ),
        (
            &[a, ("2_b.sql", "-- revises: 2\nX")],
            "2_b.sql builds upon itself",
            ("2_b", Some("1")),
            &[("3_b.sql", "-- revises: 1\nX")],
        ),
        (
            &[a, ("2_b.sql", "-- depends-on: 9\r\nX")],
            "2_b.sql depends on revision 9, which no file has",
            ("2_b", None),
            &[("3_b.sql", "X")],
        ),
        (
            &[a, ("2_b.sql", "-- revises: base\n"), ("3_c.sql", "-- depends-on: 1, 9\nX")],
            "3_c.sql depends on revision 9, which no file has",
            ("3", Some("2")),
            &[("4_c.sql", "-- revises: 2\n-- depends-on: 1\nX")],
        ),
        (
            &[a, ("2_b.sql", "-- revises: 1\n-- depends-on: 2\nX")],
            "2_b.sql depends on itself",
            ("2_b", None),
            &[("3_b.sql", "-- revises: 1\nX")],
        ),
        // Who names it goes with it.
        (
            &[a, ("2_b.sql", "-- revises: 9\n"), ("3_c.sql", "-- revises: 2\n")],
            "2_b.sql builds upon revision 9, which no file has",
            ("2_b", Some("1")),
            &[("4_b.sql", "-- revises: 1\n"), ("5_c.sql", "-- revises: 4\n")],
        ),
        (
            &[("1_a.sql", "-- revises: 9\n")],
            "1_a.sql builds upon revision 9, which no file has",
            ("1_a", Some("base")),
            &[("2_a.sql", "-- revises: base\n")],
        ),
    ];
    for (files, told, (text, onto), new) in cases {
        let (root, folder) = folder(files);
        let before = contents(root.path());
        let problem = self::problem(root.path()).unwrap();
        assert_eq!(problem.to_string(), told);
        let next = problem.next();
        let advised = match onto {
            Some(onto) if text.contains('_') => {
                format!("run `migrate rebase {text} --onto {onto}`")
            }
            _ => "run `migrate rebase ".to_owned(),
        };
        assert!(next.contains(&advised), "{next}");
        rebase(&folder, text, onto).unwrap();
        let mut after = contents(root.path());
        after.retain(|file| !before.contains(file));
        let after: Vec<_> = after.iter().map(|(name, text)| (&name[..], &text[..])).collect();
        assert_eq!(after, new);
        assert_eq!(self::problem(root.path()), None);
    }
}

#[test]
fn unknown_parent_is_replaced_only_by_one_that_is_named() {
    let files = [("1_a.sql", ""), ("2_b.sql", "-- revises: 9\n"), ("3_c.sql", "-- revises: 8\n")];
    let (root, folder) = folder(&files);
    let refused = rebase(&folder, "2_b", None).unwrap_err();
    assert_eq!(refused.reason(), "UNKNOWN_PARENT");
    assert!(refused.to_string().contains("say by --onto"), "{refused}");
    // One after the other.
    rebase(&folder, "2_b", Some("1")).unwrap();
    rebase(&folder, "3_c", Some("4")).unwrap();
    assert_eq!(problem(root.path()), None);
}
