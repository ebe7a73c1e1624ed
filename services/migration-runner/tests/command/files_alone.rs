//! Commands that read the graph of the files, without a database.

use serde_json::{Value, json};

use super::folder::{Ended, Folder, bare, run};
use super::graph::FORKED;

fn ended(arguments: &[&str], files: &[(&str, &str)], code: i32) -> Ended {
    let folder = Folder::new(files);
    let mut command = bare(arguments);
    command.arg("--dir").arg(folder.path());
    run(command).expect(code)
}

fn shown(arguments: &[&str], files: &[(&str, &str)]) -> String {
    ended(arguments, files, 0).stdout
}

fn document(arguments: &[&str], files: &[(&str, &str)]) -> Value {
    ended(&[arguments, &["--output", "json"]].concat(), files, 0).json()
}

#[test]
fn heads_are_those_of_the_lineage_unless_dependencies_count() {
    let heads = shown(&["heads"], &FORKED);
    assert_eq!(heads, "2 main (effective head)\n5 till (head)\n");
    assert_eq!(shown(&["heads", "--resolve-dependencies"], &FORKED), "5 till (head)\n");
    let heads = document(&["heads"], &FORKED);
    assert_eq!(heads["heads"][1]["version"], "5");
    assert_eq!(heads["heads"][1]["depends_on"], json!(["2"]));
    let verbose = shown(&["heads", "-v", "--resolve-dependencies"], &FORKED);
    for line in ["Rev:             5 till (head)\n", "Parent:          4\n", "Also depends on: 2\n"]
    {
        assert!(verbose.contains(line), "{line} is not in {verbose}");
    }
    let path = verbose.lines().find_map(|line| line.strip_prefix("Path:            ")).unwrap();
    assert!(path.starts_with('/') && path.ends_with("/5_till.up.sql"), "{path}");
}

#[test]
fn branch_points_and_labels_are_listed() {
    let branches = shown(&["branches"], &FORKED);
    let expected = "1      root  (branchpoint)\n  -> 2 main  (effective head)\n  -> 3 store (shop)\n\
                    label shop: 3 store\n";
    assert_eq!(branches, expected);
    let verbose = shown(&["branches", "-v"], &FORKED);
    assert!(verbose.contains("Branches into:   2, 3\n"), "{verbose}");
    let branches = document(&["branches"], &FORKED);
    assert_eq!(branches["branches"][0]["version"], "1");
    assert_eq!(branches["branches"][0]["children"][1], json!({"version": "3", "name": "store"}));
    assert_eq!(branches["labels"], json!([{"label": "shop", "version": "3", "name": "store"}]));
}

#[test]
fn history_says_that_no_database_was_asked() {
    let range = shown(&["history", "-r", "shop:shop@head"], &FORKED);
    assert_eq!(range, "4 (2) -> 5 till  (head)\n3     -> 4 shelf\n1     -> 3 store (shop)\n");
    assert_eq!(shown(&["history", "-r", "-1:4"], &FORKED).lines().count(), 2);
    let merged = [("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n")];
    let merge = ("4_m.sql", "-- revises: 2, 3\n-- phase: contract\n");
    let history = shown(&["history"], &[&merged[..], &[merge]].concat());
    assert!(history.starts_with("2, 3   -> 4 m (head) (mergepoint) (contract)\n"), "{history}");
    let history = document(&["history"], &FORKED);
    assert_eq!(history["database"], Value::Null);
    assert_eq!(history["revisions"][4]["branchpoint"], true);
    for arguments in [&["history", "-r", "current:"][..], &["history", "-i"], &["show", "current"]]
    {
        let ended = ended(arguments, &FORKED, 2);
        assert!(ended.stderr.contains("DATABASE_URL"), "{}", ended.stderr);
    }
    let ended = ended(&["history", "-r", "3:2"], &FORKED, 2);
    assert!(ended.stderr.contains("3 is not below 2 main"), "{}", ended.stderr);
}

#[test]
fn several_revisions_are_shown_with_their_files() {
    let shown = shown(&["show", "shop", "heads"], &FORKED);
    assert!(shown.starts_with("Rev:             3 store (shop)\n"), "{shown}");
    for part in ["Branch name:     shop\n", "CREATE TABLE c", "-- down\nDROP TABLE e;\n"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let one = document(&["show", "4-1"], &FORKED);
    assert_eq!((&one["version"], &one["children"]), (&json!("3"), &json!(["4"])));
    assert_eq!(one["revisions"][0]["down_file"], "3_store.down.sql");
    let two = document(&["show", "1", "2"], &FORKED);
    assert_eq!((&two["version"], two["revisions"].as_array().unwrap().len()), (&Value::Null, 2));
}

/// Files, a command that fails, what it names, that command, and the heads afterwards.
type Broken<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str, &'a [&'a str], &'a str);

/// Each mistake in the files, the word for it, and the command that mends it.
#[test]
fn what_mends_a_broken_graph_does_mend_it() {
    let twice = [
        ("7_a.up.sql", "--\n"),
        ("7_a.down.sql", "--\n"),
        ("7_b.up.sql", "--\n"),
        ("7_b.down.sql", "--\n"),
    ];
    let cycle = [("1_a.sql", "-- revises: 2\n"), ("2_b.sql", "-- revises: base\n")];
    let fork = [("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n")];
    let cases: [Broken<'_>; 3] = [
        (&twice, &["heads"], "migrate rebase 7_b", &["rebase", "7_b"], "8 b (head)\n"),
        (&cycle, &["heads"], "migrate rebase 1_a", &["rebase", "1_a"], "3 a (head)\n"),
        (
            &fork,
            &["show", "head"],
            "migrate merge heads",
            &["merge", "heads", "-m", "m"],
            "4 m (head)\n",
        ),
    ];
    for (files, failing, named, mending, heads) in cases {
        let folder = Folder::new(files);
        let run = |arguments: &[&str], code: i32| {
            let mut command = bare(arguments);
            command.arg("--dir").arg(folder.path());
            run(command).expect(code)
        };
        let failed = run(failing, 7);
        assert!(failed.stderr.contains(named), "{}", failed.stderr);
        run(mending, 0);
        assert_eq!(run(&["heads"], 0).stdout, heads);
    }
}

/// Files of which several have one version: each advice is followed until there is none, and then all
/// that is left runs.
#[test]
fn advice_on_equal_versions_leads_to_an_upgrade() {
    let table = |name: &str| format!("CREATE TABLE {name} (i INTEGER);\n");
    let (a, b, c, d) = (table("a"), table("b"), table("c"), table("d"));
    let cases: [(&[(&str, &str)], usize); 5] = [
        (&[("1_a.sql", &a), ("1_a.up.sql", &b), ("1_a.down.sql", "DROP TABLE b;\n")], 2),
        (&[("1_a.sql", &a), ("1_b.sql", &b), ("2_c.sql", &c), ("2_d.sql", &d)], 4),
        (&[("1_a.sql", &a), ("01_b.sql", &b), ("1_c.up.sql", &c), ("1_c.down.sql", "--\n")], 3),
        (&[("1_a.b.sql", &a), ("1_a.c.sql", &b)], 2),
        (
            &[("1_a.sql", &a), ("1_a.up.sql", &b), ("1_b.sql", &c), ("3_x.sql", "-- revises: 1\n")],
            4,
        ),
    ];
    for (files, count) in cases {
        let folder = Folder::new(files);
        let at = |arguments: &[&str]| {
            let mut command = bare(arguments);
            command.current_dir(folder.path()).env("DATABASE_URL", "sqlite:x.db");
            run(command)
        };
        let mut failed = at(&["upgrade", "--dir", "."]);
        for _ in 0..files.len() {
            let Some((_, advice)) = failed.stderr.split_once("`migrate rebase ") else { break };
            let (file, _) = advice.split_once(" --dir .`").unwrap();
            at(&["rebase", file, "--dir", "."]).expect(0);
            failed = at(&["upgrade", "--dir", "."]);
        }
        let applied = failed.expect(0);
        assert_eq!(applied.stdout.matches("applied ").count(), count, "{}", applied.stdout);
    }
}

#[test]
fn of_two_files_of_one_name_the_applied_one_keeps_its_version() {
    let table = |name: &str| format!("CREATE TABLE {name} (i INTEGER);\n");
    let folder = Folder::new(&[("1_a.sql", &table("a"))]);
    let at = |code: i32, arguments: &[&str]| {
        let mut command = bare(arguments);
        command.args(["--dir", "."]).current_dir(folder.path());
        run({
            command.env("DATABASE_URL", "sqlite:x.db");
            command
        })
        .expect(code)
    };
    at(0, &["upgrade"]);
    for (file, text) in [("1_a.up.sql", table("b")), ("1_a.down.sql", "DROP TABLE b;\n".to_owned())]
    {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let told = at(7, &["upgrade"]).stderr;
    assert!(
        told.contains("delete one of them") && told.contains("migrate rebase 1_a.sql"),
        "{told}"
    );
    assert!(at(2, &["rebase", "1_a"]).stderr.contains("1_a.sql or 1_a.up.sql"));
    assert!(at(2, &["rebase", "1_a.sql"]).stderr.contains("name the other file"));
    at(0, &["rebase", "1_a.up.sql"]);
    assert!(at(0, &["upgrade"]).stdout.starts_with("applied 2 a"));
    at(0, &["downgrade", "-1"]);
}

#[test]
fn down_file_too_many_has_no_up_file() {
    let files = [("1_a.up.sql", ""), ("1_a.down.sql", ""), ("1_b.down.sql", "")];
    let told = ended(&["heads"], &files, 7).stderr;
    assert!(told.contains("1_b.down.sql has no up file"), "{told}");
    let files = [("1_a.down.sql", ""), ("1_b.down.sql", ""), ("1_b.up.sql", "")];
    let told = ended(&["heads"], &files, 7).stderr;
    assert!(told.contains("1_a.down.sql has no up file"), "{told}");
}

/// The last of two lines would win otherwise, and drop what the first one held back.
#[test]
fn directive_that_contradicts_another_is_refused_by_every_command() {
    let files = [("1_a.sql", ""), ("2_b.sql", "-- phase: contract\n-- phase: expand\n")];
    for arguments in [
        &["heads"][..],
        &["history"],
        &["branches"],
        &["show", "2"],
        &["graph"],
        &["lint", "--engine", "sqlite"],
        &["upgrade", "--sql", "--engine", "mysql"],
        &["upgrade", "--database-url", "sqlite::memory:"],
        &["plan", "--database-url", "sqlite::memory:"],
        &["rebase", "2"],
        &["revision", "-m", "c"],
    ] {
        let told = ended(arguments, &files, 7).stderr;
        assert!(told.contains("2_b.sql:2: `phase` is said on line 1 already"), "{told}");
    }
}

#[test]
fn rebase_asks_which_file_is_meant() {
    let twice = [("7_a.sql", ""), ("7_b.sql", "")];
    let ended = ended(&["rebase", "7"], &twice, 2);
    assert!(ended.stderr.contains("7_a or 7_b"), "{}", ended.stderr);
}

#[test]
fn tag_stands_at_the_head_of_a_script() {
    let head = |arguments: &[&str]| {
        let all = [arguments, &["--sql", "--engine", "sqlite", "--tag", "rc 1;\nDROP"]].concat();
        shown(&all, &FORKED).lines().next().unwrap().to_owned()
    };
    for arguments in [&["upgrade", "2"][..], &["downgrade", "2:base"], &["stamp", "2"]] {
        assert_eq!(head(arguments), "-- tag: rc 1; DROP", "{arguments:?}");
    }
    let folder = Folder::new(&FORKED);
    let mut command = bare(&["upgrade", "2", "--tag", "rc 1", "--dir"]);
    command.arg(folder.path()).env("LOG_FORMAT", "json").env("RUST_LOG", "debug");
    command.env("DATABASE_URL", format!("sqlite:{}/a.db", folder.path().display()));
    let log = run(command).expect(0).stderr;
    assert!(
        log.lines().any(|line| line.contains("file done") && line.contains("\"rc 1\"")),
        "{log}"
    );
}

#[test]
fn folder_of_versions_is_the_only_one() {
    let folder = Folder::new(&FORKED);
    let revision = |path: &std::path::Path, code: i32| {
        let mut command = bare(&["revision", "-m", "x", "--sql", "--head", "5", "--dir"]);
        command.arg(folder.path()).arg("--version-path").arg(path);
        run(command).expect(code).stderr
    };
    assert_eq!(revision(folder.path(), 0), "");
    let refused = revision(std::path::Path::new("other"), 2);
    assert!(refused.contains("one folder") && refused.contains("--dir"), "{refused}");
}

#[test]
fn lines_of_a_list_are_columns() {
    let merged = [("1_root.sql", ""), ("20_longer.sql", ""), ("300_c.sql", "-- revises: 1\n")];
    assert_eq!(shown(&["heads"], &merged), "20  longer (head)\n300 c      (head)\n");
    let folder = Folder::new(&merged);
    let at = |arguments: &[&str]| {
        let mut command = bare(arguments);
        command.arg("--dir").arg(folder.path());
        command.env("DATABASE_URL", format!("sqlite:{}/a.db", folder.path().display()));
        run(command).expect(0).stdout
    };
    at(&["upgrade", "heads"]);
    assert_eq!(at(&["current"]), "20  longer (head)\n300 c      (head)\n");
}
