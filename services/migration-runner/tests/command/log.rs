//! What a pipeline's log is told, and when.

use std::io::{BufRead, BufReader};
use std::process::Command;

use artisan_testkit::{Engine, TestDatabase};
use serde_json::Value;

use super::folder::{Ended, Folder, bare, migrate, run, slow_insert};

artisan_testkit::on_every_engine! {
    revision_is_told_as_it_ends,
    log_is_for_people_unless_a_program_is_to_read_it,
}

async fn revision_is_told_as_it_ends(database: TestDatabase) {
    // Where somebody has tables already, each file commits for itself.
    database.execute("CREATE TABLE theirs (i INTEGER)").await;
    let slow = slow_insert(database.engine(), 600);
    let folder =
        Folder::new(&[("1_a.sql", "CREATE TABLE slow (i INTEGER);\n"), ("2_b.sql", &slow)]);
    let dir = folder.path().to_str().unwrap();
    let mut child = migrate(&database, &["upgrade", "--dir", dir]).spawn().unwrap();
    let mut told = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut told).unwrap();
    assert!(told.starts_with("applied 1 a ("), "{told}");
    assert!(child.try_wait().unwrap().is_none(), "the second file takes a minute");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    Ended::from(child.wait_with_output().unwrap()).expect(143);
    told.clear();
    assert_eq!(lines.read_line(&mut told).unwrap(), 0, "{told}");
    let short = Folder::new(&[("1_a.sql", "CREATE TABLE slow (i INTEGER);\n"), ("3_c.sql", "")]);
    let dir = short.path().to_str().unwrap();
    let all = run(migrate(&database, &["upgrade", "--dir", dir])).expect(0).stdout;
    assert!(all.starts_with("applied 3 c (") && all.lines().count() == 1, "{all}");
    let quiet = run(migrate(&database, &["upgrade", "--dir", dir, "-q"])).expect(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

async fn log_is_for_people_unless_a_program_is_to_read_it(database: TestDatabase) {
    if database.engine() != Engine::Postgres {
        return;
    }
    let warned = |format: &str| {
        let mut command = migrate(&database, &["current"]);
        let join = if database.url().contains('?') { '&' } else { '?' };
        command.env("DATABASE_URL", format!("{}{join}nonsense=1", database.url()));
        command.env_remove("RUST_LOG").env("LOG_FORMAT", format);
        run(command).expect(0).stderr
    };
    let expected = "warning: a parameter of the URL is passed over key=\"nonsense\"\n";
    assert_eq!(warned(""), expected);
    assert_eq!(warned("text"), expected);
    let line: Value = serde_json::from_str(&warned("json")).unwrap();
    assert_eq!((&line["level"], &line["key"]), (&"WARN".into(), &"nonsense".into()));
}

#[test]
fn standard_error_is_lines_of_json_where_a_program_is_to_read_it() {
    let url = "postgres://u:s3cret@127.0.0.1:1/d";
    let arguments = ["current", "--database-url", url, "--connect-timeout", "100ms"];
    let mut command = bare(&arguments);
    command.env("LOG_FORMAT", "json");
    let ended = run(command).expect(3);
    let lines: Vec<Value> =
        ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let warning = lines[0]["message"].as_str().unwrap();
    assert!(warning.contains("MIGRATION_DATABASE_URL"), "{warning}");
    let error = lines.last().unwrap();
    assert_eq!((&error["exit"], &error["reason"]), (&3.into(), &"DATABASE_UNREACHABLE".into()));
    assert!(error["next"].as_str().unwrap().contains("CONNECT_TIMEOUT"), "{error}");
    let mut command = bare(&["heads"]);
    command.env("LOG_FORMAT", "xml");
    assert!(run(command).expect(2).stderr.contains("LOG_FORMAT"));
}

/// A disk that is full behind `>` is no reason to say that all went well.
#[cfg(target_os = "linux")]
#[test]
fn answer_that_cannot_be_written_is_an_error() {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n")]);
    let dir = folder.path().to_str().unwrap();
    let url = format!("sqlite:{dir}/a.db");
    let place = ["--dir", dir, "--database-url", &url];
    for arguments in [
        &["upgrade"][..],
        &["history"],
        &["current", "--output", "json"],
        &["upgrade"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
    ] {
        let mut command = bare(arguments);
        if !arguments[0].starts_with("--") {
            command.args(place);
        }
        command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let ended = run(command).expect(1);
        assert!(ended.stderr.contains("cannot be written to standard output"), "{arguments:?}");
        assert!(ended.stderr.contains("next: "), "{}", ended.stderr);
    }
    let ended = run(bare(&[&["current"][..], &place].concat())).expect(0);
    assert_eq!(ended.stdout, "1 a (head)\n", "what was done stays");
}

#[test]
fn whoever_reads_the_first_lines_only_is_told_nothing() {
    for arguments in [&["--help"][..], &["upgrade", "--help"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = bare(arguments);
        command.stdout(writer);
        assert_eq!(run(command).expect(1).stderr, "", "{arguments:?}");
    }
}

#[test]
fn quiet_says_nothing_but_what_was_asked_for() {
    let folder = Folder::new(&[]);
    let quiet = |arguments: &[&str]| {
        let mut command = bare(&[arguments, &["-q"]].concat());
        command.current_dir(folder.path()).env("DATABASE_URL", "sqlite:a.db");
        let ended = run(command).expect(0);
        assert_eq!(ended.stderr, "", "{arguments:?}");
        ended.stdout
    };
    let dir = ["--dir", "migrations"];
    let with = |arguments: &[&str]| quiet(&[arguments, &dir].concat());
    assert_eq!(quiet(&["init"]), "");
    assert_eq!(with(&["revision", "-m", "a", "--sequential"]), "");
    let down = folder.path().join("migrations/0001_a.down.sql");
    std::fs::write(down, "SELECT 1;\n").unwrap();
    for arguments in [
        &["ensure-version"][..],
        &["upgrade"],
        &["wait"],
        &["downgrade", "base"],
        &["stamp", "head"],
        &["upgrade"],
    ] {
        assert_eq!(with(arguments), "", "{arguments:?}");
    }
    assert_eq!(with(&["current"]), "1 a (head)\n");
    assert!(with(&["upgrade", "--sql"]).contains("INSERT INTO"));
    assert!(with(&["revision", "-m", "b", "--sql"]).contains("-- b\n"));
    let late = folder.path().join("migrations/0002_late.sql");
    std::fs::write(late, "-- phase: contract\n").unwrap();
    assert!(with(&["upgrade"]).starts_with("stopped before 2 late"));
}
