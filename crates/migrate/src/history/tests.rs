use super::*;

type Files<'a> = &'a [(&'static str, &'static str)];

fn history(files: &[(&'static str, &'static str)]) -> Result<History, Error> {
    History::build(Source::embedded(files.iter().copied()))
}

fn problem(files: &[(&'static str, &'static str)]) -> Problem {
    match history(files).unwrap_err() {
        Error::History(problem) => *problem,
        error => panic!("{error}"),
    }
}

fn versions(revisions: &[&Revision]) -> Vec<i64> {
    revisions.iter().map(|revision| revision.version).collect()
}

#[test]
fn history_without_directives_is_linear() {
    let history = history(&[("2_b.sql", ""), ("10_c.sql", ""), ("1_a.sql", "")]).unwrap();
    assert_eq!(versions(&history.heads()), [10]);
    assert_eq!(versions(&history.bases()), [1]);
    assert_eq!(versions(&history.ancestry(2)), [1, 2]);
    assert!(history.successors([1], Along::Needs).into_iter().eq([1, 2, 10]));
}

#[test]
fn branches_have_a_head_each_until_merged() {
    let fork = [("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n")];
    let forked = history(&fork).unwrap();
    assert_eq!(versions(&forked.heads()), [2, 3]);
    let several = Problem::SeveralHeads { heads: vec![2, 3], branch: None };
    assert_eq!(forked.head().unwrap_err(), several);
    assert!(several.next().contains("migrate merge heads"), "{}", several.next());
    let mut merged = fork.to_vec();
    merged.push(("4_m.sql", "-- revises: 2, 3\n"));
    let merged = history(&merged).unwrap();
    assert_eq!(versions(&merged.heads()), [4]);
    assert_eq!(versions(&merged.ancestry(3)), [1, 3]);
}

#[test]
fn what_another_depends_on_is_a_head_of_its_lineage_only() {
    let files =
        [("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n-- depends-on: 2\n")];
    let history = history(&files).unwrap();
    assert_eq!(versions(&history.heads()), [3]);
    assert_eq!(versions(&history.lineage_heads()), [2, 3]);
    assert_eq!(versions(&history.children(2)), [0_i64; 0]);
    assert!(history.successors([2], Along::Needs).into_iter().eq([2, 3]));
}

#[test]
fn revision_may_begin_anew() {
    let files = [("1_a.sql", ""), ("2_b.sql", "-- revises: base\n"), ("3_c.sql", "")];
    let history = history(&files).unwrap();
    assert_eq!(versions(&history.bases()), [1, 2]);
    assert_eq!(versions(&history.heads()), [1, 3]);
}

/// 1 → 2; 1 → 3 → 4 (shop) → 5, 6; 2 and 5 → 7.
const BRANCHED: [(&str, &str); 7] = [
    ("1_a.sql", ""),
    ("2_b.sql", ""),
    ("3_c.sql", "-- revises: 1\n"),
    ("4_d.sql", "-- revises: 3\n-- branch: shop\n"),
    ("5_e.sql", "-- revises: 4\n"),
    ("6_f.sql", "-- revises: 4\n"),
    ("7_g.sql", "-- revises: 2, 5\n"),
];

#[test]
fn branch_is_the_lineage_of_who_bears_its_label() {
    let history = history(&BRANCHED).unwrap();
    let branch = history.branch("shop").unwrap();
    assert_eq!(branch.members(), BTreeSet::from([3, 4, 5, 6, 7]));
    assert_eq!(branch.lineage(), &BTreeSet::from([1, 3, 4, 5, 6, 7]));
    assert_eq!(versions(&branch.heads()), [6, 7]);
    let error = branch.head().unwrap_err();
    assert_eq!(error.reason(), "MULTIPLE_HEADS");
    assert!(error.next().unwrap().contains("migrate merge 6 7"), "{:?}", error.next());
    assert_eq!(versions(&history.branch("b").unwrap().heads()), [7]);
    assert_eq!(history.branch("nothing").unwrap_err().reason(), "UNKNOWN_BRANCH");
}

#[test]
fn branch_stops_before_a_merge_it_comes_from() {
    let files = [
        ("1_a.sql", ""),
        ("2_b.sql", ""),
        ("3_c.sql", "-- revises: 1\n"),
        ("4_m.sql", "-- revises: 2, 3\n"),
        ("5_d.sql", ""),
        ("6_e.sql", "-- branch: shop\n"),
    ];
    let history = history(&files).unwrap();
    assert_eq!(history.branch("shop").unwrap().members(), BTreeSet::from([5, 6]));
}

#[test]
fn inconsistent_files_are_refused_and_what_mends_them_is_named() {
    let cases: [(Files<'_>, &str, &str); 11] = [
        (&[("1_a.sql", "-- revises: 7")], "UNKNOWN_PARENT", "git log --all -- '*7_*'"),
        (&[("1_a.sql", "-- depends-on: 7")], "UNKNOWN_DEPENDENCY", "add the missing file"),
        (&[("1_a.sql", "-- revises: 1")], "PARENT_NOT_OLDER", "migrate rebase 1_a --onto base"),
        (&[("1_a.sql", "-- depends-on: 1")], "DEPENDENCY_NOT_OLDER", "name another revision"),
        (
            &[("1_a.sql", "-- revises: 2"), ("2_b.sql", "-- revises: base")],
            "PARENT_NOT_OLDER",
            "migrate rebase 1_a`",
        ),
        (
            &[("1_a.sql", "-- revises: 2"), ("2_b.sql", "-- revises: 1")],
            "CYCLE",
            "migrate rebase 1_a --onto base`",
        ),
        (&[("1_a.up.sql", ""), ("01_b.up.sql", "")], "DUPLICATE_VERSION", "migrate rebase 01_b`"),
        (&[("1_a.sql", "-- branch: x"), ("2_b.sql", "-- branch: x")], "DUPLICATE_LABEL", "2_b.sql"),
        (
            &[("1_a.sql", ""), ("2_b.sql", "-- revises: 1, 1")],
            "REDUNDANT_PARENT",
            "name 1 once in 2_b.sql",
        ),
        (
            &[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", ""), ("4_d.sql", "-- revises: 3, 1")],
            "REDUNDANT_PARENT",
            "name 1 once in 4_d.sql",
        ),
        (&[("1_a.down.sql", "")], "DOWN_WITHOUT_UP", "add the up file"),
    ];
    for (files, reason, next) in cases {
        let problem = problem(files);
        assert_eq!(problem.reason(), reason, "{problem}");
        assert!(problem.next().contains(next), "{problem}: {}", problem.next());
    }
    assert_eq!(history(&[("a_b.sql", "")]).unwrap_err().reason(), "BAD_FILE_NAME");
    let both = problem(&[("1_a.sql", "-- branch: x"), ("2_b.sql", "-- branch: x")]).to_string();
    assert!(both.contains("1_a.sql") && both.contains("2_b.sql"), "{both}");
}

#[test]
fn merge_may_join_what_depends_on_each_other() {
    let files = [
        ("1_a.sql", ""),
        ("2_b.sql", ""),
        ("3_c.sql", "-- revises: 1\n-- depends-on: 2\n"),
        ("4_m.sql", "-- revises: 2, 3\n"),
    ];
    assert_eq!(versions(&history(&files).unwrap().heads()), [4]);
}
