//! Giving revisions another version, and what an applied one is safe from.

use std::fs;
use std::path::Path;

use artisan_testkit::TestDatabase;
use serde_json::json;

use super::folder::{Ended, Folder, bare, migrate, run};

artisan_testkit::on_every_engine! {
    applied_revision_keeps_its_version_and_its_text,
    late_revision_is_rebased_and_then_applied,
}

const LINEAR: [(&str, &str); 3] = [
    ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
    ("2_b.up.sql", "CREATE TABLE b (i INTEGER);\n"),
    ("2_b.down.sql", "DROP TABLE b;\n"),
];

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn applied_revision_keeps_its_version_and_its_text(database: TestDatabase) {
    let folder = Folder::new(&LINEAR);
    let at = |arguments: &[&str]| {
        let mut command = migrate(&database, arguments);
        command.arg("--dir").arg(folder.path()).env("EDITOR", "false");
        run(command)
    };
    at(&["upgrade", "1"]).expect(0);
    for arguments in [&["edit", "1"][..], &["edit", "current"], &["rebase", "1"]] {
        let ended = at(arguments).expect(2);
        assert!(ended.stderr.contains("is applied in this database"), "{}", ended.stderr);
        assert!(ended.stderr.contains("checksum"), "{}", ended.stderr);
    }
    // Whoever insists gets the editor, which is one that always fails; so does who has not applied it.
    for arguments in [&["edit", "1", "--force"][..], &["edit", "head"], &["edit", "2", "--down"]] {
        let ended = at(arguments).expect(2);
        assert!(ended.stderr.contains("`false` did not end well"), "{}", ended.stderr);
    }
    // Another file of the applied version is told apart by its name.
    fs::write(folder.path().join("1_c.sql"), "CREATE TABLE c (i INTEGER);\n").unwrap();
    let ended = at(&["rebase", "1_a"]).expect(2);
    assert!(ended.stderr.contains("must keep its version"), "{}", ended.stderr);
    at(&["rebase", "1_c"]).expect(0);
    let mut command = migrate(&database, &["upgrade", "--dir"]);
    command.arg(folder.path());
    run(command).expect(0);
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.down.sql", "2_b.up.sql", "3_c.sql"]);
}

async fn late_revision_is_rebased_and_then_applied(database: TestDatabase) {
    let folder = Folder::new(&[LINEAR[0], ("3_c.sql", "CREATE TABLE c (i INTEGER);\n")]);
    let at = |arguments: &[&str]| {
        let mut command = migrate(&database, arguments);
        command.arg("--dir").arg(folder.path());
        run(command)
    };
    at(&["upgrade"]).expect(0);
    for (name, text) in &LINEAR[1..] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let ended = at(&["upgrade"]).expect(7);
    assert!(ended.stderr.contains("migrate rebase 2"), "{}", ended.stderr);
    let rebased = at(&["rebase", "2", "--output", "json"]).expect(0).json();
    assert_eq!((&rebased["from"], &rebased["to"]), (&json!("2"), &json!("4")));
    assert_eq!(rebased["changed"], json!([]), "a linear history needs no directive");
    at(&["upgrade"]).expect(0);
    assert_eq!(at(&["current"]).expect(0).stdout, "4 b (head)\n");
    at(&["downgrade", "-1"]).expect(0);
}

fn in_folder(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = bare(arguments);
    command.current_dir(folder);
    run(command)
}

#[test]
fn those_that_name_it_are_told_and_moved_in_every_engines_folder() {
    let place = Folder::new(&[]);
    let at = |arguments: &[&str]| in_folder(place.path(), arguments);
    at(&["init", "--engines", "mysql,postgres"]).expect(0);
    for engine in ["mysql", "postgres"] {
        for (name, text) in [
            ("1_a.sql", ""),
            ("2_b.sql", "-- revises: 1\n"),
            ("3_c.sql", "-- revises: 1\r\nX\r\n"),
            ("4_d.sql", "-- depends-on: 2\r\n-- revises: 3\r\n"),
        ] {
            fs::write(place.path().join("migrations").join(engine).join(name), text).unwrap();
        }
    }
    let rebased = at(&["rebase", "3", "--onto", "2", "--output", "json"]).expect(0).json();
    let moved = json!([
        {"from": "3", "to": "5", "name": "c"}, {"from": "4", "to": "6", "name": "d"}
    ]);
    assert_eq!(rebased["moved"], moved);
    assert_eq!(rebased["changed"].as_array().unwrap().len(), 4);
    assert_eq!(rebased["files"][0], "migrations/mysql/5_c.sql", "as the user writes paths");
    for engine in ["mysql", "postgres"] {
        let folder = place.path().join("migrations").join(engine);
        assert_eq!(names(&folder), [".gitkeep", "1_a.sql", "2_b.sql", "5_c.sql", "6_d.sql"]);
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(text("5_c.sql"), "-- revises: 2\r\nX\r\n");
        assert_eq!(text("6_d.sql"), "-- depends-on: 2\r\n-- revises: 5\r\n");
    }
}

#[test]
fn targets_mean_revisions_as_they_do_elsewhere() {
    let files = [("1_a.sql", ""), ("2_b.sql", "-- branch: shop\n"), ("3_c.sql", "-- revises: 2\n")];
    let at = |arguments: &[&str]| {
        in_folder(Folder::new(&files).path(), &[arguments, &["--dir", "."]].concat())
    };
    for target in ["head", "shop@head", "2+1"] {
        let ended = at(&["rebase", target, "--onto", "base"]).expect(0);
        assert!(ended.stdout.contains("4_c.sql"), "{target}: {}", ended.stdout);
    }
    let ended = at(&["rebase", "2", "--onto", "3"]).expect(2);
    assert!(ended.stderr.contains("3 moves along"), "{}", ended.stderr);
    at(&["rebase", "3", "--onto", "head"]).expect(0);
}

#[test]
fn what_is_taken_out_is_told() {
    let file = ("2_b.sql", "-- depends-on: 9\n");
    let at = |folder: &Folder, output: &str| {
        in_folder(folder.path(), &["rebase", "2", "--dir", ".", "--output", output]).expect(0)
    };
    let told = at(&Folder::new(&[("1_a.sql", ""), file]), "text").stdout;
    assert!(told.contains("3 no longer depends on 9\n"), "{told}");
    let told = at(&Folder::new(&[("1_a.sql", ""), file]), "json").json();
    assert_eq!(told["dropped"], json!(["9"]));
}

#[test]
fn interrupted_rebase_keeps_others_out_until_it_is_finished() {
    let folder = Folder::new(&[("1_a.sql", ""), ("3_c.sql", ""), (".4_b.up.sql.part", "new")]);
    fs::write(folder.path().join("4_b.down.sql"), "").unwrap();
    let lines = "2_b.down.sql\t4_b.down.sql\n2_b.up.sql\t4_b.up.sql\n";
    fs::write(folder.path().join("2_b.up.sql"), "old").unwrap();
    fs::write(folder.path().join(".migrate-rebase"), lines).unwrap();
    let at = |arguments: &[&str]| in_folder(folder.path(), &[arguments, &["--dir", "."]].concat());
    for command in [&["heads"][..], &["revision", "-m", "d"], &["lint", "--engine", "sqlite"]] {
        let ended = at(command).expect(2);
        assert!(ended.stderr.contains("run the same `migrate rebase` or"), "{}", ended.stderr);
    }
    let ended = at(&["rebase", "2"]).expect(0);
    assert!(ended.stdout.contains("finished what was interrupted"), "{}", ended.stdout);
    assert_eq!(names(folder.path()), ["1_a.sql", "3_c.sql", "4_b.down.sql", "4_b.up.sql"]);
    assert_eq!(fs::read_to_string(folder.path().join("4_b.up.sql")).unwrap(), "new");
    at(&["heads"]).expect(0);
}
