//! The commands that write files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::folder::{Ended, Folder, bare, run};

fn in_folder(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = bare(arguments);
    command.current_dir(folder);
    run(command)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".sql"))
        .collect();
    names.sort();
    names
}

#[test]
fn new_project_gets_from_nothing_to_an_applied_revision() {
    let place = Folder::new(&[]);
    let at = |arguments: &[&str]| in_folder(place.path(), arguments);
    let ended = at(&["revision", "-m", "add users"]).expect(2);
    assert!(ended.stderr.contains("migrate init"), "{}", ended.stderr);
    assert!(at(&["init"]).expect(0).stdout.contains("migrate revision"));
    at(&["init"]).expect(0);
    let made = at(&["revision", "-m", "Add users", "--output", "json"]).expect(0).json();
    assert_eq!(made["name"], "add_users");
    assert_eq!(made["version"].as_str().unwrap().len(), 14);
    let up = place.path().join(made["files"][0].as_str().unwrap());
    fs::write(&up, "CREATE TABLE users (id INTEGER);\n").unwrap();
    let down = place.path().join(made["files"][1].as_str().unwrap());
    fs::write(&down, "DROP TABLE users;\n").unwrap();
    assert_eq!(at(&["init"]).expect(2).stderr.lines().count(), 1);
    let database = ["--dir", "migrations", "--database-url", "sqlite:a.db"];
    let with = |arguments: &[&str]| at(&[arguments, &database].concat());
    with(&["upgrade"]).expect(0);
    let ended = with(&["edit", "head"]).expect(2);
    assert!(ended.stderr.contains("is applied"), "{}", ended.stderr);
    assert!(with(&["edit", "head", "--down"]).expect(2).stderr.contains("set VISUAL or EDITOR"));
    with(&["downgrade", "base"]).expect(0);
    let ended = with(&["edit", "current"]).expect(2);
    assert!(ended.stderr.contains("nothing is applied"), "{}", ended.stderr);
    assert!(ended.stderr.contains("`migrate edit head`"), "{}", ended.stderr);
}

#[test]
fn eight_at_once_get_eight_versions() {
    let place = Folder::new(&[]);
    in_folder(place.path(), &["init", "--engines", "sqlite,postgres"]).expect(0);
    let running: Vec<_> = (0..8)
        .map(|number| {
            let mut command = bare(&["revision", "-m", &format!("change {number}")]);
            command.current_dir(place.path());
            command.spawn().unwrap()
        })
        .collect();
    for child in running {
        Ended::from(child.wait_with_output().unwrap()).expect(0);
    }
    let sqlite = names(&place.path().join("migrations/sqlite"));
    assert_eq!(sqlite, names(&place.path().join("migrations/postgres")));
    let versions: BTreeSet<&str> =
        sqlite.iter().map(|name| name.split_once('_').unwrap().0).collect();
    assert_eq!((sqlite.len(), versions.len()), (16, 8));
}

#[test]
fn heads_are_merged_and_late_revisions_rebased() {
    let place = Folder::new(&[]);
    fs::create_dir(place.path().join("migrations")).unwrap();
    for (name, text) in [
        ("1_a.sql", "CREATE TABLE a (i INTEGER);"),
        ("2_b.up.sql", "CREATE TABLE b (i INTEGER);"),
        ("2_b.down.sql", "DROP TABLE b;"),
        ("3_c.sql", "-- revises: 1\r\nCREATE TABLE c (i INTEGER);\r\n"),
    ] {
        fs::write(place.path().join("migrations").join(name), text).unwrap();
    }
    let at = |arguments: &[&str]| in_folder(place.path(), arguments);
    let ended = at(&["revision", "-m", "d"]).expect(7);
    assert!(ended.stderr.contains("migrate merge heads"), "{}", ended.stderr);
    let merged = at(&["merge", "heads", "--output", "json"]).expect(0).json();
    assert_eq!(merged["revises"], serde_json::json!(["2", "3"]));
    fs::remove_file(place.path().join(merged["files"][0].as_str().unwrap())).unwrap();
    fs::remove_file(place.path().join(merged["files"][1].as_str().unwrap())).unwrap();
    let rebased = at(&["rebase", "3", "--output", "json"]).expect(0).json();
    assert_eq!(rebased["to"], "4");
    let text = fs::read_to_string(place.path().join("migrations/4_c.sql")).unwrap();
    assert_eq!(text, "-- revises: 2\r\nCREATE TABLE c (i INTEGER);\r\n");
    let database = ["--dir", "migrations", "--database-url", "sqlite:a.db"];
    at(&[&["upgrade"][..], &database].concat()).expect(0);
    let ended = at(&[&["rebase", "4"][..], &database].concat()).expect(2);
    assert!(ended.stderr.contains("is applied"), "{}", ended.stderr);
}
