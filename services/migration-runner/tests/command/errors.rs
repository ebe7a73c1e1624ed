use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Ended, Folder, bare, migrate, run};

artisan_testkit::on_every_engine! {
    wait_times_out_with_its_own_code,
    very_long_lock_timeout_is_taken_as_long_as_the_server_allows,
}
async fn wait_times_out_with_its_own_code(database: TestDatabase) {
    let arguments = ["wait", "--timeout", "400ms", "--output", "json"];
    let document = run(migrate(&database, &arguments)).expect(4).json();
    assert_eq!(document["error"]["reason"], "WAIT_TIMED_OUT");
    if database.engine() == Engine::Sqlite {
        let path = database.url().strip_prefix("sqlite://").unwrap();
        assert!(!std::path::Path::new(path).exists());
    }
}

async fn very_long_lock_timeout_is_taken_as_long_as_the_server_allows(database: TestDatabase) {
    let mut command = migrate(&database, &["upgrade"]);
    command.env("DDL_LOCK_TIMEOUT", "9000d");
    run(command).expect(0);
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
        ("postgres://u:s3cret@h:54x/d", "check its port"),
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
fn waiting_for_an_empty_folder_is_a_mistake() {
    let folder = Folder::new(&[]);
    let mut command = bare(&["wait", "--output", "json", "--dir"]);
    command.arg(folder.path()).env("DATABASE_URL", "sqlite:a.db");
    assert_eq!(run(command).expect(2).json()["error"]["reason"], "NO_MIGRATIONS");
}

#[test]
fn waiting_for_a_server_in_vain_advises_no_migration() {
    let folder = Folder::new(&[("20260101000000_a.sql", "SELECT 1;")]);
    let mut command = bare(&["wait", "--timeout", "1ms", "--output", "json", "--dir"]);
    command.arg(folder.path()).env("DATABASE_URL", "postgres://u@127.0.0.1:1/d");
    let next = run(command).expect(4).json()["error"]["next"].clone();
    let next = next.as_str().unwrap();
    assert!(next.starts_with("check that the server runs"), "{next}");
    assert!(!next.contains("migrate upgrade"), "{next}");
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
fn an_empty_file_of_the_special_url_is_named_and_the_general_one_not_taken() {
    let folder = Folder::new(&[]);
    let file = folder.path().join("url");
    std::fs::write(&file, "\n").unwrap();
    let mut command = bare(&["current"]);
    command.env("MIGRATION_DATABASE_URL_FILE", &file).env("DATABASE_URL", "sqlite:a.db");
    let ended = run(command).expect(2);
    let told = format!("MIGRATION_DATABASE_URL_FILE: {} is empty", file.display());
    assert!(ended.stderr.contains(&told), "{}", ended.stderr);
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
    let document = ended.json();
    assert_eq!(
        (&document["command"], &document["error"]["reason"]),
        (&"upgrade".into(), &"USAGE".into())
    );
    assert_eq!(document["error"]["message"].as_str().unwrap().lines().count(), 2, "no usage text");
    let ended = with("sqlite:no-such-folder/a.db", &["upgrade"]).expect(2);
    assert!(ended.stderr.contains("there is no folder no-such-folder"), "{}", ended.stderr);
    run(bare(&["--help"])).expect(0);
}

#[test]
#[cfg(unix)]
fn argument_that_is_no_text_is_a_usage_error_and_leaves_a_message() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[("termination-log", "")]);
    let log = folder.path().join("termination-log");
    let mut command = bare(&["upgrade"]);
    command.arg(std::ffi::OsStr::from_bytes(b"\xff")).env("TERMINATION_LOG", &log);
    let ended = run(command).expect(2);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    let note: serde_json::Value = serde_json::from_slice(&std::fs::read(log).unwrap()).unwrap();
    assert_eq!((&note["exit"], &note["reason"]), (&2.into(), &"USAGE".into()));
}

#[test]
fn file_that_is_no_database_is_refused() {
    let text = "this is no database, and long enough to be seen as none. ".repeat(20);
    let folder = Folder::new(&[("a.db", &text)]);
    let url = format!("sqlite:{}/a.db", folder.path().display());
    for arguments in [&["upgrade"][..], &["current"], &["wait", "--timeout", "9s"]] {
        let ended = with(&url, arguments).expect(2);
        assert!(ended.stderr.contains("names an SQLite database"), "{}", ended.stderr);
    }
}

#[test]
fn file_that_cannot_be_locked_is_named_with_what_it_is_for() {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);")]);
    let dir = folder.path().to_str().unwrap();
    std::fs::create_dir(folder.path().join("a.db.migrate-lock")).unwrap();
    let url = format!("sqlite:{dir}/a.db");
    let ended = with(&url, &["upgrade", "--dir", dir, "--output", "json"]).expect(2);
    let error = &ended.json()["error"];
    assert_eq!(error["reason"], "LOCK_FILE_UNUSABLE");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("a.db.migrate-lock: ") && message.contains("let this user write"));
}

#[test]
fn only_an_upgrade_makes_a_missing_file() {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);")]);
    let dir = folder.path().to_str().unwrap();
    let url = format!("sqlite:{dir}/typo.db");
    for arguments in
        [&["stamp", "head"][..], &["downgrade", "-1"], &["adopt"], &["repair", "--eol"]]
    {
        let ended = with(&url, &[arguments, &["--dir", dir]].concat()).expect(2);
        assert!(ended.stderr.contains("there is no file"), "{arguments:?}: {}", ended.stderr);
        assert!(!folder.path().join("typo.db").exists(), "{arguments:?}");
    }
    with(&url, &["upgrade", "--dir", dir]).expect(0);
}

#[test]
fn phase_that_stops_names_the_one_that_goes_on() {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);"),
        ("2_b.sql", "-- phase: contract\nCREATE TABLE b (i INTEGER);"),
        ("3_c.sql", "CREATE TABLE c (i INTEGER);"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let url = format!("sqlite:{dir}/a.db");
    let told = |code, arguments: &[&str]| {
        with(&url, &[arguments, &["--dir", dir]].concat()).expect(code).stdout
    };
    told(0, &["upgrade", "1"]);
    assert!(told(9, &["check"]).contains("next: migrate upgrade --phase contract"));
    let stopped = told(0, &["upgrade", "--phase", "contract"]);
    let next = format!("run `migrate upgrade head --dir {dir}`\n");
    assert!(stopped.contains("phase expand") && stopped.contains(&next), "{stopped}");
}

#[test]
fn failed_downgrade_is_said_again_and_no_upgrade_is_advised() {
    let folder =
        Folder::new(&[("1_a.up.sql", "CREATE TABLE a (i INTEGER);"), ("1_a.down.sql", "DROP b;")]);
    let dir = folder.path().to_str().unwrap();
    let url = format!("sqlite:{dir}/a.db");
    with(&url, &["upgrade", "--dir", dir]).expect(0);
    let ended = with(&url, &["downgrade", "base", "--dir", dir]).expect(6);
    let (_, next) = ended.stderr.split_once("next: ").unwrap();
    assert!(next.contains("run the same command again") && !next.contains("upgrade"), "{next}");
}

#[test]
fn file_that_may_not_be_written_is_a_matter_of_configuration() {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);")]);
    let dir = folder.path().to_str().unwrap();
    with(&format!("sqlite:{dir}/a.db"), &["upgrade", "--dir", dir]).expect(0);
    std::fs::write(folder.path().join("2_b.sql"), "CREATE TABLE b (i INTEGER);").unwrap();
    let url = format!("sqlite:{dir}/a.db?mode=ro");
    let ended = with(&url, &["upgrade", "--dir", dir]).expect(2);
    assert!(ended.stderr.contains("cannot be written"), "{}", ended.stderr);
}

#[test]
#[cfg(unix)]
fn link_to_a_database_has_the_lock_of_its_target() {
    let folder = Folder::new(&[]);
    let target = folder.path().join("a.db");
    std::fs::write(&target, "").unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("link.db")).unwrap();
    let lock = std::fs::File::create(folder.path().join("a.db.migrate-lock")).unwrap();
    lock.lock().unwrap();
    let url = format!("sqlite:{}/link.db", folder.path().display());
    with(&url, &["upgrade", "--lock-timeout", "100ms"]).expect(5);
}

/// `SQLite` keeps no limit in the file, but a script may set one.
#[test]
fn full_disk_is_no_fault_of_the_file() {
    let fills = "PRAGMA max_page_count = 20;\nCREATE TABLE t (b BLOB);\n\
                 INSERT INTO t VALUES (zeroblob(1000000));\n";
    let folder = Folder::new(&[("1_a.sql", fills)]);
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let dir = folder.path().to_str().unwrap();
    let ended = with(&url, &["upgrade", "--dir", dir, "--output", "json"]).expect(6).json();
    let next = ended["error"]["next"].as_str().unwrap();
    assert!(next.starts_with("make room on the disk that holds the database's file"), "{next}");
    assert!(next.contains("run the same command again") && !next.contains("mend"), "{next}");
}
