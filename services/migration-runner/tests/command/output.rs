use artisan_testkit::TestDatabase;

use super::folder::{Ended, Folder, migrate, run};

artisan_testkit::on_every_engine! {
    documents_have_their_promised_shape,
    embedded_migrations_go_up_and_down,
    failure_names_statement_file_and_line,
}

async fn documents_have_their_promised_shape(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
        ("2_b.up.sql", "CREATE TABLE b (i INTEGER);\n"),
        ("2_b.down.sql", "DROP TABLE b;\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let json = |arguments: &[&str]| {
        let all = [arguments, &["--dir", dir, "--output", "json"]].concat();
        run(migrate(&database, &all)).expect(0).json()
    };
    let upgrade = json(&["upgrade", "+1"]);
    assert_eq!((&upgrade["format"], &upgrade["command"]), (&1.into(), &"upgrade".into()));
    assert_eq!(upgrade["applied"][0]["version"], "1");
    assert_eq!(upgrade["applied"][0]["name"], "a");
    assert!(upgrade["applied"][0]["ms"].is_u64());
    let current = json(&["current"]);
    assert_eq!(current["engine"], database.engine().name());
    assert_eq!(current["current"], serde_json::json!([{"version": "1", "name": "a"}]));
    assert_eq!(current["heads"], serde_json::json!([{"version": "2", "name": "b"}]));
    assert_eq!(current["pending"], 1);
    let history = json(&["history"]);
    assert_eq!(history["revisions"][0]["version"], "2");
    assert_eq!(history["revisions"][0]["revises"], serde_json::json!(["1"]));
    assert_eq!(history["revisions"][0]["applied"], false);
    assert!(history["revisions"][1]["installed_on"].as_str().unwrap().ends_with('Z'));
    let ranged = json(&["history", "-r", "2:head"]);
    assert_eq!(ranged["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(json(&["heads"])["heads"][0]["name"], "b");
    assert_eq!(json(&["show", "a"])["down"], "DROP TABLE a;\n");
    let behind = ["current", "--check-heads", "--dir", dir];
    run(migrate(&database, &behind)).expect(9);
    assert_eq!(json(&["verify", "--checksums"])["checked"], 1);
    assert_eq!(json(&["downgrade", "base"])["reverted"][0]["name"], "a");
}

async fn embedded_migrations_go_up_and_down(database: TestDatabase) {
    let text = |arguments: &[&str]| run(migrate(&database, arguments)).expect(0).stdout;
    assert!(text(&["upgrade"]).contains("create_users"));
    assert_eq!(text(&["upgrade", "head"]), "nothing to do\n");
    assert!(text(&["current"]).ends_with(" (head)\n"));
    assert!(text(&["wait", "--timeout", "5s"]).starts_with("ready at "));
    assert!(text(&["downgrade", "base"]).contains("reverted"));
    assert_eq!(text(&["current"]), "nothing is applied\n");
}

async fn failure_names_statement_file_and_line(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("2_b.sql", "-- two\n\nINSERT INTO missing VALUES (1);\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let Ended { stderr, stdout, .. } =
        run(migrate(&database, &["upgrade", "--dir", dir])).expect(6);
    assert!(!stdout.contains("2 b"), "{stdout}");
    let first = stdout.is_empty() || stdout.starts_with("applied 1 a (");
    assert!(first && stdout.lines().count() < 2, "{stdout}");
    for part in ["2_b.sql:3:", "INSERT INTO missing", "1_a.sql", "migrate upgrade head"] {
        assert!(stderr.contains(part), "{part} is missing in {stderr}");
    }
    let arguments = ["upgrade", "--dir", dir, "--output", "json"];
    let document = run(migrate(&database, &arguments)).expect(6).json();
    assert_eq!(document["error"]["exit"], 6);
    assert_eq!(document["error"]["reason"], "MIGRATION_FAILED");
    assert_eq!(document["error"]["statement"]["line"], 3);
}

#[test]
fn colours_are_for_whoever_wants_them() {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;\n")]);
    let dir = folder.path().to_str().unwrap();
    let seen = |name: &str| {
        let mut command = super::folder::bare(&["history", "--dir", dir]);
        command.env(name, "1");
        run(command).expect(0).stdout
    };
    assert_eq!(seen("NO_COLOR"), "<base> -> 1 a (head)\n");
    assert_eq!(seen("NOTHING"), "<base> -> 1 a (head)\n");
    assert_eq!(seen("CLICOLOR_FORCE"), "<base> -> 1 a \u{1b}[36m(head)\u{1b}[0m\n");
}

/// Whoever has a folder of migrations beside them might take it for what is run.
#[test]
fn built_in_migrations_are_told_beside_a_folder() {
    let place = tempfile::tempdir().unwrap();
    let heads = || {
        let mut command = super::folder::bare(&["heads"]);
        run({
            command.current_dir(place.path());
            command
        })
        .expect(0)
        .stderr
    };
    assert_eq!(heads(), "");
    std::fs::create_dir(place.path().join("migrations")).unwrap();
    assert!(heads().contains("--dir migrations"), "{}", heads());
}
