//! What cannot be exported or imported, and how it is said.

use std::path::Path;
use std::process::Stdio;

use artisan_testkit::{Engine, TestDatabase};
use serde_json::{Value, json};

use super::{migrated, report, rows, run, serve};
use crate::platform::run_command;

artisan_testkit::on_every_engine! {
    a_database_with_a_first_administrator_is_left_alone,
    a_database_that_is_not_migrated_is_left_alone,
}

/// A file of a platform that has only its administrator.
async fn file(folder: &Path) -> TestDatabase {
    let database = TestDatabase::create(Engine::Sqlite).await;
    serve(folder, database.url()).await.0.stop().await;
    report(folder, database.url(), &["export", "a.jsonl"]).await;
    database
}

async fn a_database_with_a_first_administrator_is_left_alone(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    file(folder).await;
    serve(folder, database.url()).await.0.stop().await;
    report(folder, database.url(), &["export", "before.jsonl"]).await;
    for arguments in [&["import", "a.jsonl"][..], &["import", "a.jsonl", "--dry-run"]] {
        let ended = run(folder, database.url(), &[arguments, &["--output", "json"]].concat()).await;
        assert_eq!(ended.code, Some(9), "{}", ended.stderr);
        let told: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        assert_eq!((&told["command"], &told["error"]["exit"]), (&json!("import"), &json!(9)));
        assert!(
            ended.stderr.contains("users ") && ended.stderr.contains("nothing was written"),
            "{}",
            ended.stderr
        );
    }
    report(folder, database.url(), &["export", "after.jsonl"]).await;
    assert_eq!(rows(folder, "after.jsonl"), rows(folder, "before.jsonl"));
}

async fn a_database_that_is_not_migrated_is_left_alone(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    file(folder).await;
    database.execute("CREATE TABLE other (id INTEGER NOT NULL)").await;
    for arguments in [["import", "a.jsonl"], ["export", "b.jsonl"]] {
        let ended = run(folder, database.url(), &arguments).await;
        assert_eq!(ended.code, Some(7), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("run `migrate upgrade head --phase all` first"),
            "{}",
            ended.stderr
        );
    }
    assert!(!folder.join("b.jsonl").exists());
    // Nothing was migrated there: its own table can still be made.
    database.execute("CREATE TABLE users (id INTEGER)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_fail_has_its_exit_code_and_shows_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let source = file(folder).await;
    let there = migrated(Engine::Sqlite).await;
    let text = std::fs::read_to_string(folder.join("a.jsonl")).expect("a file");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    write("cut.jsonl", &text[..text.len() - 10]);
    write("edited.jsonl", &text.replacen("root@example.com", "hunter2@example.com", 1));
    write("newer.jsonl", &text.replacen("\"version\":1", "\"version\":2", 1));
    write("schema.jsonl", &text.replacen("\"schema\":\"2", "\"schema\":\"3", 1));
    write("other.jsonl", "{\"users\":[\"hunter2\"]}\n");
    std::os::unix::fs::symlink("a.jsonl", folder.join("link.jsonl")).expect("a link");
    let (from, to) = (source.url(), there.url());
    let server = "mysql://u:hunter2@127.0.0.1:1/d";
    for (url, arguments, code, told) in [
        (to, &["import", "cut.jsonl"][..], 2, "cut.jsonl: line "),
        (to, &["import", "edited.jsonl"], 2, "the rows of table users are not those"),
        (to, &["import", "newer.jsonl"], 2, "the format's version is 2"),
        (to, &["import", "schema.jsonl"], 2, "the rows are of schema 3"),
        (to, &["import", "other.jsonl"], 2, "no file of `artisan export`"),
        (to, &["import", "missing.jsonl"], 2, "missing.jsonl cannot be read"),
        (to, &["import", "."], 2, "no pipe, no folder"),
        (to, &["import", "-"], 2, "- cannot be read"),
        (to, &["import"], 2, "FILE or --from-url"),
        (to, &["import", "a.jsonl", "--from-url", "sqlite:b.db"], 2, "cannot be used with"),
        (to, &["import", "a.jsonl", "--decisions", "d.json"], 2, "cannot be used with"),
        (server, &["import", "a.jsonl"], 3, "DATABASE_URL: the database is unavailable"),
        (server, &["export", "b.jsonl"], 3, "DATABASE_URL: the database is unavailable"),
        ("sqlite://nowhere.db", &["import", "a.jsonl"], 2, "there is no file nowhere.db"),
        ("sqlite://nowhere.db", &["export", "b.jsonl"], 2, "there is no file nowhere.db"),
        ("sqlite://a.jsonl", &["export", "b.jsonl"], 2, "a.jsonl is no SQLite database"),
        ("sqlite://a.jsonl", &["import", "a.jsonl"], 2, "a.jsonl is no SQLite database"),
        ("oracle://u:hunter2@h/d", &["export", "b.jsonl"], 2, "must begin with sqlite:"),
        (from, &["export", "a.jsonl"], 2, "a.jsonl is there already"),
        (from, &["export", "."], 2, ". is there already"),
        (from, &["export", "nowhere/b.jsonl"], 2, "nowhere/b.jsonl cannot be made"),
        (from, &["export", "a.jsonl/b.jsonl"], 2, "cannot be made"),
        (from, &["export", "b.jsonl/"], 2, "it names no file but a folder"),
        (from, &["export"], 2, "FILE"),
        (to, &["import", "a.jsonl", "--report", "a.jsonl"], 2, "--report a.jsonl is FILE itself"),
        (
            to,
            &["import", "a.jsonl", "--dry-run", "--report", "."],
            2,
            "it names no file but a folder",
        ),
        (to, &["import", "a.jsonl", "--report", "b.jsonl/"], 2, "it names no file but a folder"),
        (to, &["import", "a.jsonl", "--report", "nowhere/b.jsonl"], 2, "its folder is not there"),
        (to, &["import", "a.jsonl", "--report", "./a.jsonl"], 2, "is FILE itself"),
        (to, &["import", "a.jsonl", "--report", "link.jsonl"], 2, "is FILE itself"),
    ] {
        let ended = run(folder, url, arguments).await;
        let all = format!("{}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.code, Some(code), "{url} {arguments:?}: {all}");
        assert!(all.contains(told), "{url} {arguments:?}: {all}");
        assert!(!all.contains("hunter2") && !all.contains("panicked"), "{all}");
    }
    let names = std::fs::read_dir(folder).expect("a folder").flatten();
    let names: Vec<String> = names.map(|file| file.file_name().to_string_lossy().into()).collect();
    assert!(!names.iter().any(|name| name.starts_with("b.jsonl")), "{names:?}");
    report(folder, to, &["import", "a.jsonl"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_does_not_fall_back_on_the_default_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    file(folder).await;
    std::fs::create_dir(folder.join("data")).expect("a folder");
    let default = folder.join("data/artisan.db");
    std::fs::copy(folder.join("a.jsonl"), &default).expect("a file");
    for variables in [&[][..], &[("DATABASE_URL", "")]] {
        let ended = run_command(folder, variables, &["import", "a.jsonl"]).await;
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        let told =
            "DATABASE_URL: must be set to import FILE: sqlite://data/artisan.db would be meant";
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
    }
}

/// Where the file goes to standard output, nothing else does.
#[tokio::test(flavor = "multi_thread")]
async fn standard_output_takes_the_file_or_the_export_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let source = file(folder).await;
    let ended = run(folder, source.url(), &["export", "-"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    std::fs::write(folder.join("b.jsonl"), &ended.stdout).expect("a file");
    assert_eq!(rows(folder, "b.jsonl"), rows(folder, "a.jsonl"));
    assert!(ended.stderr.contains("exported "), "{}", ended.stderr);
    #[cfg(target_os = "linux")]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_artisan"));
        command.args(["export", "-"]).env_clear().env("DATABASE_URL", source.url());
        let ended = command.stdout(full).stderr(Stdio::piped()).output().expect("it ends");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{told}");
        assert!(told.contains("the file cannot be written"), "{told}");
    }
}
