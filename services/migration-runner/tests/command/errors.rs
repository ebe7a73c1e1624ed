use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Ended, Folder, bare, migrate, run};

artisan_testkit::on_every_engine! { wait_times_out_with_its_own_code }

async fn wait_times_out_with_its_own_code(database: TestDatabase) {
    let arguments = ["wait", "--timeout", "400ms", "--output", "json"];
    let document = run(migrate(&database, &arguments)).expect(4).json();
    assert_eq!(document["error"]["reason"], "WAIT_TIMED_OUT");
    if database.engine() == Engine::Sqlite {
        let path = database.url().strip_prefix("sqlite://").unwrap();
        assert!(!std::path::Path::new(path).exists());
    }
}

fn with(url: &str, arguments: &[&str]) -> Ended {
    let mut command = bare(arguments);
    command.env("DATABASE_URL", url);
    run(command)
}

#[test]
fn wrong_url_is_one_clear_line_without_its_secret() {
    for (url, part) in [
        ("", "DATABASE_URL"),
        ("oracle://u:s3cret@h/d", "scheme is not supported"),
        ("postgres://u:s3c/ret@h/d", "percent-encoded"),
        ("mysql://u:s3cret@h", "names no database"),
    ] {
        let ended = with(url, &["current"]).expect(2);
        assert!(ended.stderr.contains(part), "{url}: {}", ended.stderr);
        assert!(!ended.stderr.contains("s3c"), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn port_that_nobody_listens_on_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("postgres://u:s3cret@127.0.0.1:{port}/d");
    let ended = with(&url, &["upgrade", "--connect-timeout", "300ms"]).expect(3);
    assert!(ended.stderr.contains("cannot be reached") && !ended.stderr.contains("s3cret"));
}

#[test]
fn port_that_stays_silent_does_not_hold_the_runner_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let started = Instant::now();
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://u@127.0.0.1:{port}/d");
        with(&url, &["current", "--connect-timeout", "500ms"]).expect(3);
        with(&url, &["wait", "--timeout", "500ms"]).expect(4);
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn password_on_the_command_line_is_taken_with_a_warning() {
    let url = "postgres://u:s3cret@127.0.0.1:1/d";
    let arguments = ["current", "--database-url", url, "--connect-timeout", "100ms"];
    let ended = run(bare(&arguments)).expect(3);
    assert!(ended.stderr.contains("warning") && ended.stderr.contains("MIGRATION_DATABASE_URL"));
    assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
}

#[test]
fn url_may_stand_in_a_file_and_the_special_one_wins() {
    let folder = Folder::new(&[]);
    let file = folder.path().join("url");
    std::fs::write(&file, format!("sqlite:{}/a.db\n", folder.path().display())).unwrap();
    let mut command = bare(&["current", "-v"]);
    command.env("MIGRATION_DATABASE_URL_FILE", &file).env("DATABASE_URL", "oracle://h/d");
    let ended = run(command).expect(0);
    assert!(ended.stdout.contains("a.db"), "{}", ended.stdout);
}

#[test]
fn every_bad_variable_is_named() {
    let mut command = bare(&["current"]);
    command.env("DATABASE_URL", "sqlite:a.db").env("LOCK_TIMEOUT", "x").env("DDL_RETRY_FOR", "y");
    let ended = run(command).expect(2);
    assert!(ended.stderr.contains("LOCK_TIMEOUT") && ended.stderr.contains("DDL_RETRY_FOR"));
}

#[test]
fn missing_folder_and_bad_command_line_are_usage_errors() {
    let ended = with("sqlite:a.db", &["current", "--dir", "no-such-folder"]).expect(2);
    assert!(ended.stderr.contains("no-such-folder"));
    let ended = run(bare(&["upgrade", "--output", "json", "--phase", "later"])).expect(2);
    assert_eq!(ended.json()["error"]["reason"], "USAGE");
    run(bare(&["--help"])).expect(0);
}
