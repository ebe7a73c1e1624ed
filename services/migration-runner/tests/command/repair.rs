use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, count, migrate, run};

artisan_testkit::on_every_engine! {
    white_space_is_taken_over_and_content_only_when_accepted,
    row_that_sqlx_left_is_decided_by_a_word,
    deleted_file_is_told_and_forgotten,
    revision_without_a_kept_script_is_undone_as_advised,
    deleted_older_file_is_never_undone_by_the_way,
    what_sqlx_alone_has_applied_is_mended,
}
artisan_testkit::on_engine!(
    interrupted_mariadb,
    MariaDb,
    undecided_call_is_decided_by_a_word,
    lost_value_is_decided_by_a_word,
    half_applied_file_that_was_edited_or_deleted_has_a_way_out
);
artisan_testkit::on_engine!(
    interrupted_mysql,
    MySql,
    undecided_call_is_decided_by_a_word,
    lost_value_is_decided_by_a_word,
    half_applied_file_that_was_edited_or_deleted_has_a_way_out
);

const FILES: [(&str, &str); 2] = [
    ("1_a.sql", "CREATE TABLE a (i INTEGER);\nINSERT INTO a VALUES (1);\n"),
    ("2_b.sql", "INSERT INTO a VALUES (2);\n"),
];

fn commands(
    database: &TestDatabase,
    folder: &Folder,
) -> impl Fn(i32, &[&str]) -> serde_json::Value {
    let url = database.url().to_owned();
    let dir = folder.path().to_str().unwrap().to_owned();
    move |code, arguments| {
        let all = [arguments, &["--dir", &dir, "--output", "json"]].concat();
        let mut command = super::folder::bare(&all);
        command.env("DATABASE_URL", &url);
        run(command).expect(code).json()
    }
}

async fn white_space_is_taken_over_and_content_only_when_accepted(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let with = commands(&database, &folder);
    with(0, &["upgrade"]);
    assert_eq!(with(0, &["repair"])["findings"], serde_json::json!([]));
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("1_a.sql", "CREATE TABLE a (i INTEGER);\r\nINSERT INTO a VALUES (1);\r\n");
    write("2_b.sql", "INSERT INTO a VALUES (3);\n");
    assert_eq!(with(7, &["upgrade"])["error"]["reason"], "CHECKSUM_MISMATCH");
    let found = with(0, &["repair"]);
    assert_eq!(found["findings"][0]["kind"], "line-ends");
    let eol = format!("migrate repair --eol --dir {}", folder.path().display());
    assert_eq!(found["findings"][0]["commands"][0], eol);
    assert_eq!(found["findings"][1]["kind"], "content");
    let mended = with(0, &["repair", "--eol"]);
    assert_eq!(mended["changed"].as_array().unwrap().len(), 1);
    assert_eq!(mended["findings"][0]["kind"], "content");
    assert_eq!(with(2, &["repair", "--accept", "1"])["error"]["reason"], "NOT_EDITED");
    assert_eq!(with(0, &["repair", "--accept", "2"])["findings"], serde_json::json!([]));
    with(0, &["upgrade"]);
}

async fn row_that_sqlx_left_is_decided_by_a_word(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let with = commands(&database, &folder);
    let dirty = "UPDATE _sqlx_migrations SET success = FALSE WHERE version = 2";
    with(0, &["upgrade"]);
    database.execute(dirty).await;
    assert_eq!(with(7, &["plan"])["error"]["reason"], "DIRTY");
    let refused = with(7, &["upgrade"]);
    assert_eq!(refused["error"]["reason"], "DIRTY");
    assert!(refused["error"]["next"].as_str().unwrap().contains("migrate repair --done 2"));
    assert_eq!(with(0, &["repair"])["findings"][0]["kind"], "dirty");
    with(0, &["repair", "--done", "2"]);
    assert_eq!(with(0, &["upgrade"])["applied"], serde_json::json!([]));
    database.execute(dirty).await;
    with(0, &["repair", "--not-done", "2"]);
    assert_eq!(with(0, &["upgrade"])["applied"][0]["version"], "2");
    assert_eq!(with(2, &["repair", "--done", "2"])["error"]["reason"], "NOT_HALF_APPLIED");
}

async fn deleted_file_is_told_and_forgotten(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let with = commands(&database, &folder);
    with(0, &["upgrade"]);
    std::fs::remove_file(folder.path().join("2_b.sql")).unwrap();
    assert_eq!(with(0, &["upgrade"])["applied"], serde_json::json!([]), "an older image may pass");
    let found = &with(0, &["repair"])["findings"][0];
    assert_eq!(found["kind"], "unknown-version");
    assert!(!found["commands"].to_string().contains("downgrade"), "no script was kept: {found}");
    assert_eq!(with(9, &["check"])["differences"][0]["kind"], "unknown");
    assert_eq!(with(9, &["verify", "--checksums"])["unknown"][0]["version"], "2");
    assert_eq!(with(2, &["repair", "--forget", "1"])["error"]["reason"], "NOT_UNKNOWN");
    assert_eq!(with(0, &["repair", "--forget", "2"])["findings"], serde_json::json!([]));
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
}

async fn revision_without_a_kept_script_is_undone_as_advised(database: TestDatabase) {
    let up = ("2_b.up.sql", "INSERT INTO a VALUES (2);\n");
    let folder = Folder::new(&[FILES[0], up]);
    let with = commands(&database, &folder);
    let next = |refused: &serde_json::Value| refused["error"]["next"].as_str().unwrap().to_owned();
    with(0, &["upgrade"]);
    let path = |name: &str| folder.path().join(name);
    std::fs::remove_file(path(up.0)).unwrap();
    let refused = with(7, &["downgrade", "-1", "--from-database"]);
    assert_eq!(refused["error"]["reason"], "IRREVERSIBLE");
    assert!(next(&refused).contains("restore its up file"), "{refused}");
    assert!(next(&refused).contains("migrate repair --forget 2"), "{refused}");
    std::fs::write(path(up.0), up.1).unwrap();
    let refused = with(7, &["downgrade", "-1", "--from-database"]);
    assert!(next(&refused).starts_with("write 2_b.down.sql beside 2_b.up.sql"), "{refused}");
    std::fs::write(path("2_b.down.sql"), "DELETE FROM a WHERE i = 2;\n").unwrap();
    assert_eq!(with(0, &["downgrade", "-1"])["reverted"][0]["version"], "2");
    // With a script that was kept, the advice is another one, and does it as well.
    with(0, &["upgrade"]);
    std::fs::remove_file(path(up.0)).unwrap();
    std::fs::remove_file(path("2_b.down.sql")).unwrap();
    let found = with(0, &["repair"]).to_string();
    assert!(found.contains("migrate downgrade -1 --from-database"), "{found}");
    with(0, &["downgrade", "-1", "--from-database"]);
    assert_eq!(count(&database, "a").await, 1);
}

async fn deleted_older_file_is_never_undone_by_the_way(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let with = commands(&database, &folder);
    with(0, &["upgrade"]);
    std::fs::remove_file(folder.path().join("1_a.sql")).unwrap();
    let found = &with(0, &["repair"])["findings"][0];
    assert_eq!(found["version"], "1");
    assert!(!found["commands"].to_string().contains("downgrade"), "{found}");
    assert!(with(9, &["check"])["next"].as_str().unwrap().contains("repair"));
}

/// A procedure may commit what it likes, so that nobody can tell whether it has run.
async fn undecided_call_is_decided_by_a_word(database: TestDatabase) {
    assert!(matches!(database.engine(), Engine::MariaDb | Engine::MySql));
    let folder = Folder::new(&[
        (
            "1_a.sql",
            "CREATE TABLE a (i INTEGER);\nCREATE PROCEDURE p() INSERT INTO a VALUES (SLEEP(60));\n",
        ),
        ("2_b.sql", "CALL p();\nINSERT INTO a VALUES (5);\n"),
    ]);
    let with = commands(&database, &folder);
    with(0, &["upgrade", "+1"]);
    let dir = folder.path().to_str().unwrap();
    let mut child = migrate(&database, &["upgrade", "--dir", dir]).spawn().unwrap();
    while with(0, &["current"])["interrupted"].as_array().is_none_or(Vec::is_empty) {
        assert!(child.try_wait().unwrap().is_none(), "the runner has ended");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for command in ["plan", "check", "upgrade"] {
        let refused = with(7, &[command]);
        assert_eq!(refused["error"]["reason"], "INTERRUPTED", "{command}");
        assert!(refused["error"]["next"].to_string().contains("repair --done 2"), "{refused}");
    }
    let found = with(0, &["repair"]);
    assert_eq!(found["findings"][0]["kind"], "undecided", "{found}");
    with(0, &["repair", "--done", "2"]);
    assert_eq!(with(0, &["upgrade"])["applied"][0]["version"], "2");
    assert_eq!(count(&database, "a WHERE i = 5").await, 1);
}

/// Where sqlx alone has been, none of the runner's own tables is there yet.
async fn what_sqlx_alone_has_applied_is_mended(database: TestDatabase) {
    let folder = Folder::new(&FILES);
    let with = commands(&database, &folder);
    with(0, &["upgrade"]);
    for table in ["_migrate_revisions", "_migrate_journal"] {
        database.execute(&format!("DROP TABLE {table}")).await;
    }
    let edited = "INSERT INTO a VALUES (3);\n";
    std::fs::write(folder.path().join("2_b.sql"), edited).unwrap();
    assert_eq!(with(0, &["repair", "--accept", "2"])["findings"], serde_json::json!([]));
    with(0, &["upgrade"]);
}

/// The rest of the file reads what only the dead session knew: all that stands before it is run, and a
/// person runs the rest, or undoes what was done.
async fn lost_value_is_decided_by_a_word(database: TestDatabase) {
    let good = "CREATE TABLE a (i INTEGER);\nINSERT INTO a VALUES (7);\n\
                SET @m = (SELECT MAX(i) FROM a);\nCREATE TABLE b (i INTEGER);\n\
                INSERT INTO b VALUES (@m);\n";
    let broken = good.replace("CREATE TABLE b (i INTEGER)", "CREATE TABLE b (i WRONG)");
    for (word, applied) in [("--done", 1), ("--not-done", 0)] {
        let folder = Folder::new(&[("1_a.sql", &broken)]);
        let with = commands(&database, &folder);
        with(6, &["upgrade"]);
        std::fs::write(folder.path().join("1_a.sql"), good).unwrap();
        let planned = with(7, &["plan"]);
        assert_eq!(planned["error"]["reason"], "LOST_VALUE");
        assert!(planned["error"]["next"].as_str().unwrap().contains("upgrade"), "{planned}");
        let commands = |found: &serde_json::Value| {
            assert_eq!(found["findings"][0]["kind"], "lost-value");
            found["findings"][0]["commands"].as_array().unwrap().len()
        };
        assert_eq!(commands(&with(0, &["repair"])), 3);
        for _ in 0..2 {
            let refused = with(7, &["upgrade"]);
            assert_eq!(refused["error"]["reason"], "LOST_VALUE");
            let next = refused["error"]["next"].as_str().unwrap();
            assert!(next.contains("line 5") && !next.contains("upgrade"), "{refused}");
            assert_eq!(count(&database, "b").await, 0, "what stands before is done");
        }
        assert_eq!(commands(&with(0, &["repair"])), 2);
        let mended = with(0, &["repair", word, "1"]);
        assert_eq!(mended["findings"], serde_json::json!([]), "{mended}");
        assert_eq!(count(&database, "_sqlx_migrations WHERE success").await, applied);
        assert_eq!(count(&database, "_migrate_journal WHERE version > 0").await, 0);
        database.execute("DROP TABLE a, b").await;
        with(0, &["stamp", "base", "--purge"]);
    }
}

/// DDL commits by itself, so that a file which fails behind it is half-applied.
async fn half_applied_file_that_was_edited_or_deleted_has_a_way_out(database: TestDatabase) {
    let broken = "CREATE TABLE a (\n  i INTEGER,\n  t VARCHAR(9) DEFAULT 'x y'\n);\nNONSENSE;\n";
    let folder = Folder::new(&[("1_a.sql", broken)]);
    let with = commands(&database, &folder);
    let write = |text: &str| std::fs::write(folder.path().join("1_a.sql"), text).unwrap();
    with(6, &["upgrade"]);
    for (command, code) in [("check", 7), ("verify", 7)] {
        assert_eq!(with(code, &[command])["error"]["reason"], "HALF_APPLIED", "{command}");
    }
    // Other content, of a literal too, is what the database has not.
    for edited in [broken.replace("i INTEGER", "i BIGINT"), broken.replace("x y", "x  y")] {
        write(&edited);
        for command in ["plan", "check", "upgrade"] {
            let refused = with(7, &[command]);
            assert_eq!(refused["error"]["reason"], "EDITED_HALF_APPLIED", "{command}");
        }
        let refused = with(2, &["repair", "--accept", "1"]);
        assert_eq!(refused["error"]["reason"], "HALF_APPLIED", "{refused}");
        let found = &with(0, &["repair"])["findings"][0];
        assert_eq!(found["kind"], "edited-half-applied", "{found}");
        assert!(found["explanation"].to_string().contains("1_a.sql:1"), "{found}");
        assert!(!found["commands"].to_string().contains("upgrade"), "{found}");
    }
    std::fs::remove_file(folder.path().join("1_a.sql")).unwrap();
    std::fs::write(folder.path().join("2_b.sql"), "CREATE TABLE b (i INTEGER);\n").unwrap();
    assert_eq!(with(7, &["upgrade"])["error"]["reason"], "UNKNOWN_VERSION");
    let found = &with(0, &["repair"])["findings"][0];
    let forget = format!("migrate repair --forget 1 --dir {}", folder.path().display());
    assert_eq!(found["commands"][1], forget, "{found}");
    assert!(!found["commands"].to_string().contains("upgrade"), "{found}");
    // Other line ends and blanks between words are no other statement.
    std::fs::remove_file(folder.path().join("2_b.sql")).unwrap();
    write(&broken.replace("NONSENSE", "SELECT 1").replace("  i", "     i").replace('\n', "\r\n"));
    assert_eq!(with(0, &["upgrade"])["applied"][0]["version"], "1");
    assert_eq!(with(0, &["verify", "--checksums"])["checked"], 1);
}
