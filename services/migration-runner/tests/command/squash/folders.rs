//! What happens to the files: several folders, branches, and a squash that is killed.

use std::fs;
use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase, on_engine};
use serde_json::Value;

use super::super::folder::{Folder, migrate, run};
use super::{at, folder, names};

on_engine!(
    sqlite,
    Sqlite,
    folders_of_two_engines_are_squashed_one_by_one,
    branches_that_stay_and_names_that_are_taken_are_refused,
    killed_squash_is_finished_by_the_next_command,
    squash_that_is_killed_leaves_a_folder_that_can_be_used,
);

async fn folders_of_two_engines_are_squashed_one_by_one(database: TestDatabase) {
    let other = TestDatabase::create(Engine::Postgres).await;
    let folder = Folder::new(&[]);
    for engine in ["sqlite", "postgres"] {
        let place = folder.path().join(engine);
        fs::create_dir(&place).unwrap();
        fs::write(place.join("1_a.sql"), "CREATE TABLE a (id INTEGER);\n").unwrap();
        fs::write(place.join("2_b.sql"), "CREATE TABLE b (id INTEGER);\n").unwrap();
    }
    let names = |engine: &str| names(&folder.path().join(engine));
    at(&database, &folder, 0, &["squash", "--to", "2"]);
    assert_eq!(
        (names("sqlite").len(), names("postgres")),
        (2, vec!["1_a.sql".to_owned(), "2_b.sql".to_owned()])
    );
    at(&other, &folder, 0, &["squash", "--to", "2"]);
    assert_eq!(names("postgres"), ["2_baseline.down.sql", "2_baseline.up.sql"]);
    at(&database, &folder, 0, &["upgrade"]);
    at(&other, &folder, 0, &["upgrade"]);
}

async fn branches_that_stay_and_names_that_are_taken_are_refused(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER);\n"),
        ("2_b.sql", "CREATE TABLE b (id INTEGER);\n"),
        ("3_c.sql", "-- revises: 1\nCREATE TABLE c (id INTEGER);\n"),
        ("4_d.sql", "-- revises: 2, 3\n"),
    ]);
    let reason = |arguments: &[&str]| {
        at(&database, &folder, 2, &[&["squash"], arguments].concat())["error"]["reason"].clone()
    };
    assert_eq!(reason(&["--to", "1"]), "NOTHING_TO_SQUASH");
    assert_eq!(reason(&["--to", "3"]), "CANNOT_SQUASH");
    assert_eq!(reason(&["--to", "nothing"]), "UNKNOWN_REVISION");
    assert_eq!(reason(&["--to", "2", "--keep", folder.path().to_str().unwrap()]), "SAME_FOLDER");
    fs::rename(folder.path().join("4_d.sql"), folder.path().join("4_d.up.sql")).unwrap();
    assert_eq!(reason(&["--to", "4", "-m", "d"]), "NAME_TAKEN");
    // The branch that stays builds upon the baseline from then on.
    at(&database, &folder, 0, &["squash", "--to", "2"]);
    let heads = at(&database, &folder, 0, &["history"]);
    assert_eq!(heads["revisions"][0]["revises"], serde_json::json!(["3"]));
    assert_eq!(heads["revisions"][1]["revises"], serde_json::json!(["2"]));
    at(&database, &folder, 0, &["upgrade"]);
}

async fn killed_squash_is_finished_by_the_next_command(database: TestDatabase) {
    let folder = folder(database.engine());
    let dry = at(&database, &folder, 0, &["squash", "--to", "3", "--dry-run"]);
    let text = |name: &str| dry[name].as_str().unwrap().to_owned();
    // As it was killed when the first of the two files had its name.
    fs::write(folder.path().join("03_baseline.up.sql"), text("sql")).unwrap();
    fs::write(folder.path().join(".03_baseline.down.sql.part"), text("down_sql")).unwrap();
    let removed =
        ["01_users.up.sql", "01_users.down.sql", "02_aaa.up.sql", "02_aaa.down.sql", "03_gone.sql"];
    let lines = removed
        .iter()
        .fold("\t03_baseline.up.sql\n\t03_baseline.down.sql\n".to_owned(), |lines, name| {
            lines + name + "\t\n"
        });
    fs::write(folder.path().join(".migrate-rebase"), lines).unwrap();
    let refused = at(&database, &folder, 2, &["upgrade"]);
    assert!(refused["error"]["message"].as_str().unwrap().contains("migrate squash"), "{refused}");
    let finished = at(&database, &folder, 0, &["squash", "--to", "3"]);
    assert_eq!(
        (&finished["revision"], finished["files"].as_array().unwrap().len()),
        (&Value::Null, 2)
    );
    assert_eq!(
        names(folder.path()),
        ["03_baseline.down.sql", "03_baseline.up.sql", "04_later.down.sql", "04_later.up.sql"]
    );
    at(&database, &folder, 0, &["upgrade"]);
}

/// Killed at any instant, the folder is as it was or the same command finishes it.
async fn squash_that_is_killed_leaves_a_folder_that_can_be_used(database: TestDatabase) {
    let files: Vec<(String, String)> = (1..40)
        .map(|version| {
            (format!("{version}_t.sql"), format!("CREATE TABLE t{version} (i INTEGER);\n"))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let squash = |folder: &Folder| {
        migrate(&database, &["squash", "--to", "39", "--dir", folder.path().to_str().unwrap()])
    };
    let again = Folder::new(&files);
    let begin = Instant::now();
    run(squash(&again)).expect(0);
    let takes = begin.elapsed();
    for round in 0..30 {
        let folder = Folder::new(&files);
        let mut child = squash(&folder).spawn().unwrap();
        // Most of the time goes into the proof: the last instants are those that matter.
        let early = Duration::from_millis(150).mul_f64(1.0 - f64::from(round) / 30.0);
        tokio::time::sleep(takes.saturating_sub(early)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        if folder.path().join(".migrate-rebase").exists() {
            at(&database, &folder, 2, &["heads"]);
            at(&database, &folder, 0, &["squash", "--to", "39"]);
        } else if names(folder.path()).len() == files.len() {
            at(&database, &folder, 0, &["heads"]);
            continue;
        }
        assert_eq!(names(folder.path()), names(again.path()), "round {round}");
    }
}
