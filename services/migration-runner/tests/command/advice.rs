//! What is told to whoever made a mistake that no database is needed for: what is wrong, and what to write.

use std::fs;
use std::path::Path;

use sqlx::Connection as _;

use super::folder::{Ended, Folder, bare, run};

/// The program in a folder of its own, with `db.sqlite` as its database.
fn at(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = bare(arguments);
    command.current_dir(folder).env("DATABASE_URL", "sqlite:db.sqlite");
    run(command)
}

fn next(ended: &Ended) -> String {
    ended.json()["error"]["next"].as_str().unwrap_or_default().to_owned()
}

fn message(ended: &Ended) -> String {
    ended.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
}

/// The driver says of such a file that the server cannot be reached, and never which one it is.
#[test]
fn file_of_a_certificate_that_cannot_be_read_is_named() {
    for (url, key) in [
        ("mysql://u:s3cret@127.0.0.1:1/d?ssl-mode=VERIFY_CA&ssl-ca=%2Fno%2Fca.pem", "ssl-ca"),
        ("mysql://u:s3cret@127.0.0.1:1/d?sslca=/no/ca.pem&sslmode=verify_identity", "sslca"),
        ("mysql://u:s3cret@127.0.0.1:1/d?ssl-cert=/no/ca.pem", "ssl-cert"),
        (
            "postgres://u:s3cret@127.0.0.1:1/d?sslmode=disable&sslmode=verify-full\
             &sslrootcert=/no/ca.pem",
            "sslrootcert",
        ),
    ] {
        let mut command = bare(&["current", "--connect-timeout", "1s", "--output", "json"]);
        command.env("DATABASE_URL", url);
        let ended = run(command).expect(2);
        let message = message(&ended);
        assert!(message.contains("/no/ca.pem") && message.contains(key), "{message}");
        assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
    }
    // What the driver does not open need not be there.
    for url in [
        "mysql://u@127.0.0.1:1/d?ssl-ca=/no/ca.pem",
        "mysql://u@127.0.0.1:1/d?ssl-mode=REQUIRED&ssl-ca=/no/ca.pem",
        "mysql://u@127.0.0.1:1/d?ssl-mode=VERIFY_CA&ssl-mode=DISABLED&ssl-cert=/no/cert.pem",
        "postgres://u@127.0.0.1:1/d?sslmode=prefer&sslrootcert=/no/ca.pem",
        "postgres://u@127.0.0.1:1/d?sslmode=allow&sslcert=/no/cert.pem",
    ] {
        let mut command = bare(&["current", "--connect-timeout", "100ms"]);
        command.env("DATABASE_URL", url);
        run(command).expect(3);
    }
}

#[test]
fn password_in_an_option_is_warned_of_with_the_variable_that_helps() {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n"), ("schema.sql", "")]);
    let told = |option| {
        let url = "postgres://u:s3cret@127.0.0.1:1/d";
        at(folder.path(), &["check", "--dir", ".", option, url]).stderr
    };
    let scratch = told("--scratch-url");
    assert!(scratch.contains("set SCRATCH_DATABASE_URL or SCRATCH_DATABASE_URL_FILE"), "{scratch}");
    let desired = told("--desired-url");
    assert!(desired.contains("warning") && !desired.contains("_DATABASE_URL"), "{desired}");
}

#[test]
fn file_that_another_process_has_locked_is_told() {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n")]);
    at(folder.path(), &["upgrade", "--dir", "."]).expect(0);
    artisan_testkit::block_on(async {
        let url = format!("sqlite:{}", folder.path().join("db.sqlite").display());
        let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
        for timeout in ["300ms", "2s"] {
            let arguments =
                ["current", "--dir", ".", "--connect-timeout", timeout, "--output", "json"];
            let ended = at(folder.path(), &arguments).expect(3);
            let message = message(&ended);
            assert!(message.contains("another process keeps the file locked"), "{message}");
            assert!(next(&ended).contains("end the process"), "{}", next(&ended));
        }
    });
}

#[test]
fn script_is_not_printed_for_schemas_that_are_refused() {
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
        ("sqlx.toml", "[migrate]\ncreate-schemas = [\"my\"]\ntable-name = \"my.hist\"\n"),
    ]);
    for arguments in [
        &["upgrade", "--dir", "."][..],
        &["upgrade", "--dir", ".", "--sql"],
        &["downgrade", "head:base", "--dir", ".", "--sql"],
        &["stamp", "head", "--dir", ".", "--sql"],
    ] {
        let ended = at(folder.path(), &[arguments, &["--output", "json"]].concat()).expect(2);
        assert_eq!(ended.json()["error"]["reason"], "SCHEMAS_UNSUPPORTED", "{arguments:?}");
    }
}

#[test]
fn guard_of_a_script_has_the_name_that_every_engine_tells() {
    let folder = Folder::new(&[("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n")]);
    for engine in ["sqlite", "mysql", "mariadb", "postgres"] {
        let arguments = ["upgrade", "--dir", ".", "--sql", "--engine", engine];
        let script = at(folder.path(), &arguments).expect(0).stdout;
        let named = "CONSTRAINT stands_where_the_script_begins CHECK";
        assert!(script.contains(named), "{engine}: {script}");
    }
}

#[test]
fn highest_version_is_followed_by_none_and_a_higher_one_is_too_large() {
    let last = format!("{}_z.sql", i64::MAX);
    let folder = Folder::new(&[("1_a.sql", ""), (&last, "")]);
    for arguments in [&["revision", "-m", "x", "--dir", "."][..], &["rebase", "1", "--dir", "."]] {
        let ended = at(folder.path(), arguments).expect(2);
        assert!(ended.stderr.contains("none can come behind it"), "{}", ended.stderr);
    }
    let folder = Folder::new(&[("9223372036854775808_a.sql", "")]);
    let ended = at(folder.path(), &["heads", "--dir", "."]).expect(2);
    assert!(ended.stderr.contains("too large for a version"), "{}", ended.stderr);
    let ended = at(folder.path(), &["revision", "-m", "x", "--rev-id", "9223372036854775808"]);
    assert!(ended.expect(2).stderr.contains("too large for a version"));
}

#[test]
fn statement_that_no_transaction_takes_is_told_what_its_file_must_say() {
    for statement in ["VACUUM;", "PRAGMA journal_mode=wal;", "pragma main.journal_mode = WAL;"] {
        let text = format!("{statement}\nCREATE TABLE a (i INTEGER);\n");
        let folder = Folder::new(&[("1_a.sql", &text)]);
        let ended = at(folder.path(), &["upgrade", "--dir", "."]).expect(6);
        assert!(ended.stderr.contains("write `-- no-transaction`"), "{}", ended.stderr);
        let text = format!("-- no-transaction\n{text}");
        fs::write(folder.path().join("1_a.sql"), text).unwrap();
        at(folder.path(), &["upgrade", "--dir", "."]).expect(0);
    }
}

#[cfg(unix)]
#[test]
fn name_that_a_terminal_would_obey_or_no_text_holds_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    for (name, told) in [
        (&b"1_a\x1b[31m.sql"[..], "control characters"),
        (b"1_a\xff.sql", "is not UTF-8"),
        (b"1\x1b[31m.sql", "would never run"),
    ] {
        let folder = Folder::new(&[]);
        fs::write(folder.path().join(OsStr::from_bytes(name)), "SELECT 1;\n").unwrap();
        let ended = at(folder.path(), &["upgrade", "--dir", "."]).expect(2);
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
        assert!(!ended.stderr.contains('\x1b'), "{:?}", ended.stderr);
    }
}

#[test]
fn merge_of_one_head_and_a_name_of_several_are_told_as_such() {
    let folder = Folder::new(&[("1_m.sql", "SELECT 1;"), ("2_m.sql", "SELECT 1;")]);
    let ended = at(folder.path(), &["merge", "heads", "--dir", "."]).expect(2);
    assert!(
        ended.stderr.contains("there is one head, 2, and nothing to merge"),
        "{}",
        ended.stderr
    );
    let ended = at(folder.path(), &["upgrade", "m", "--dir", "."]).expect(2);
    assert!(ended.stderr.contains("write the version"), "{}", ended.stderr);
}

#[test]
fn heads_are_listed_in_one_order() {
    let folder = Folder::new(&[
        ("1_a.sql", "SELECT 1;"),
        ("2_b.sql", "-- revises: 1\nSELECT 1;"),
        ("3_c.sql", "-- revises: 1\nSELECT 1;"),
    ]);
    at(folder.path(), &["upgrade", "heads", "--dir", "."]).expect(0);
    for arguments in [&["current", "--dir", "."][..], &["current", "-v", "--dir", "."]] {
        let text = at(folder.path(), arguments).expect(0).stdout;
        assert!(text.find("2 b").unwrap() < text.find("3 c").unwrap(), "{text}");
    }
}

#[test]
fn wait_that_ended_in_vain_says_what_brings_it() {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;")]);
    let arguments = ["wait", "--dir", ".", "--timeout", "100ms", "--output", "json"];
    let ended = at(folder.path(), &arguments).expect(4);
    assert!(next(&ended).contains("migrate upgrade"), "{}", next(&ended));
}
