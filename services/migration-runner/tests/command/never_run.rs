//! Folders and files that would never run, and databases that are not there: told, never passed over.

use std::fs;
use std::path::Path;

use artisan_testkit::{Engine, TestDatabase};
use serde_json::{Value, json};

use super::folder::{Ended, Folder, bare, migrate, run, texts};

artisan_testkit::on_every_engine! {
    deleted_file_is_told_apart_from_a_newer_program,
    text_that_would_be_swallowed_is_refused_before_anything_runs,
    carriage_return_ends_a_comment_where_it_does_for_the_server,
}

fn at(place: &Folder, arguments: &[&str]) -> Ended {
    let mut command = bare(arguments);
    command.current_dir(place.path()).env("DATABASE_URL", "sqlite:a.db");
    run(command)
}

fn reason(ended: &Ended) -> Value {
    ended.json()["error"]["reason"].clone()
}

/// What a folder holds, and what the message has to name.
const NEVER: [(&[&str], &str, &str); 11] = [
    (&[], "NO_MIGRATIONS", "it holds no file"),
    (&["README.md", "a.txt"], "NO_MIGRATIONS", "it holds README.md, a.txt"),
    (&["foo.sql", "template.up.sql"], "NO_MIGRATIONS", "foo.sql has no version"),
    (&["sqlite/x.txt", "mysql/1_a.sql"], "NO_MIGRATIONS", "d/mysql has some"),
    (
        &["sqlite/x.txt", "mysql/.gitkeep", "postgres/1_a.sql"],
        "NO_MIGRATIONS",
        "d/postgres has some",
    ),
    (&["1_a.sql", "2-b.sql"], "NEVER_RUN", "d/2-b.sql would never run"),
    (&["1_a.sql", "2_b.SQL"], "NEVER_RUN", "d/2_b.SQL would never run"),
    (&["sqlite/1_a.sql", "2_b.up.sql"], "NEVER_RUN", "2_b.up.sql in d would never run"),
    (&["sqlite/1_a.sql", "mariadb/2_b.up.sql"], "NEVER_RUN", "call the folder mysql"),
    (&["postgresql/1_a.sql"], "NEVER_RUN", "call the folder postgres"),
    (&["one_a.sql"], "BAD_FILE_NAME", "one_a.sql"),
];

#[test]
fn folder_that_would_not_run_is_never_success() {
    for (files, word, part) in NEVER {
        let place = Folder::new(&[]);
        fs::create_dir(place.path().join("d")).unwrap();
        for file in files {
            let path = place.path().join("d").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "SELECT 1;\n").unwrap();
        }
        for command in ["upgrade", "current", "history", "plan", "check", "wait", "verify"] {
            let ended = at(&place, &[command, "--dir", "d", "--output", "json"]).expect(2);
            assert_eq!(reason(&ended), word, "{files:?}: {}", ended.stdout);
            assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
        }
        assert!(!place.path().join("a.db").exists());
    }
}

#[test]
fn what_belongs_into_a_folder_is_no_mistake() {
    let files =
        ["1_a.sql", "schema.sql", "template.up.sql", "notes.sql", "1_a.sql.orig", "README.md"];
    let place = Folder::new(&files.map(|name| (name, "SELECT 1;\n")));
    fs::create_dir(place.path().join("2_old.sql")).unwrap();
    at(&place, &["upgrade", "--dir", "."]).expect(0);
}

#[test]
#[cfg(unix)]
fn link_to_nothing_is_a_mistake_in_every_command() {
    let place = Folder::new(&[("1_a.sql", "SELECT 1;\n")]);
    std::os::unix::fs::symlink("gone.sql", place.path().join("2_b.sql")).unwrap();
    for command in [&["upgrade"][..], &["history"], &["revision", "-m", "c"]] {
        let arguments = [command, &["--dir", ".", "--output", "json"]].concat();
        let ended = at(&place, &arguments).expect(2);
        assert_eq!(reason(&ended), "NEVER_RUN", "{}", ended.stdout);
        assert!(ended.stdout.contains("2_b.sql is a link to gone.sql"), "{}", ended.stdout);
    }
    fs::write(place.path().join("gone.sql"), "SELECT 2;\n").unwrap();
    let moved = at(&place, &["upgrade", "--dir", ".", "--output", "json"]).expect(0).json();
    assert_eq!(moved["applied"][1]["name"], "b");
}

#[test]
fn new_project_may_be_empty_and_says_so() {
    for engines in [&[][..], &["--engines", "sqlite,mysql"]] {
        for readme in [None, Some("# Ours\n")] {
            let place = Folder::new(&[]);
            fs::create_dir(place.path().join("migrations")).unwrap();
            if let Some(text) = readme {
                fs::write(place.path().join("migrations/README.md"), text).unwrap();
            }
            at(&place, &[&["init"], engines].concat()).expect(0);
            for command in ["upgrade", "current", "history"] {
                let ended = at(&place, &[command, "--dir", "migrations"]).expect(0);
                assert!(ended.stderr.contains("no revision yet"), "{command}: {}", ended.stderr);
            }
            // What looks like a first revision is not taken for none.
            let folder = if engines.is_empty() { "migrations" } else { "migrations/sqlite" };
            fs::write(place.path().join(folder).join("users.sql"), "SELECT 1;\n").unwrap();
            let ended = at(&place, &["upgrade", "--dir", "migrations"]).expect(2);
            assert!(ended.stderr.contains("users.sql has no version"), "{}", ended.stderr);
        }
    }
}

#[test]
fn advised_revision_makes_an_empty_folder_a_good_one() {
    let place = Folder::new(&[]);
    fs::create_dir(place.path().join("d")).unwrap();
    let told = at(&place, &["upgrade", "--dir", "d"]).expect(2).stderr;
    assert!(told.contains("migrate revision -m MESSAGE --dir d`"), "{told}");
    at(&place, &["revision", "-m", "first", "--dir", "d"]).expect(0);
    assert!(at(&place, &["upgrade", "--dir", "d"]).expect(0).stdout.starts_with("applied"));
}

#[test]
fn file_of_a_database_that_is_not_there_is_told() {
    let place = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n")]);
    for command in ["current", "history", "plan", "check", "repair", "schema"] {
        let mut asked = bare(&[command, "--dir", "."]);
        asked.current_dir(place.path()).env("DATABASE_URL", "sqlite:typo.db");
        let ended = run(asked);
        assert_eq!(ended.code, Some(if command == "check" { 9 } else { 0 }), "{command}");
        assert!(ended.stderr.contains("there is no file typo.db"), "{command}: {}", ended.stderr);
    }
    let seen =
        |place: &Folder| at(place, &["current", "--dir", ".", "--output", "json"]).expect(0).json();
    assert_eq!(seen(&place)["exists"], false);
    at(&place, &["upgrade", "--dir", "."]).expect(0);
    assert_eq!(seen(&place)["exists"], true);
    assert_eq!(at(&place, &["current", "--dir", "."]).expect(0).stderr, "");
}

#[test]
fn schemas_that_sqlite_cannot_make_are_a_matter_of_configuration() {
    let place = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
    ]);
    let toml = |schema: &str| {
        let text = format!("[migrate]\ncreate-schemas = [\"{schema}\"]\n");
        fs::write(place.path().join("sqlx.toml"), text).unwrap();
    };
    toml("audit");
    for command in
        [&["upgrade"][..], &["downgrade", "base"], &["stamp", "head"], &["ensure-version"]]
    {
        let arguments = [command, &["--dir", ".", "--output", "json"]].concat();
        let ended = at(&place, &arguments).expect(2);
        assert_eq!(reason(&ended), "SCHEMAS_UNSUPPORTED", "{}", ended.stdout);
    }
    assert!(!place.path().join("a.db").exists());
    at(&place, &["current", "--dir", "."]).expect(0);
    // As with sqlx, those that every connection has are no harm.
    toml("main");
    at(&place, &["upgrade", "--dir", "."]).expect(0);
    at(&place, &["downgrade", "base", "--dir", "."]).expect(0);
}

fn remove(folder: &Path, name: &str) {
    fs::remove_file(folder.join(name)).unwrap();
}

async fn deleted_file_is_told_apart_from_a_newer_program(database: TestDatabase) {
    let names = ["1_a.sql", "2_b.sql", "3_c.sql"];
    let folder = Folder::new(&names.map(|name| (name, "SELECT 1;\n")));
    let dir = folder.path().to_str().unwrap();
    let document = |command: &str| {
        run(migrate(&database, &[command, "--dir", dir, "--output", "json"])).expect(0).json()
    };
    let text = |command: &str| run(migrate(&database, &[command, "--dir", dir])).expect(0).stdout;
    assert_eq!(document("upgrade")["unknown"], json!([]));
    assert_eq!(text("upgrade"), "nothing to do\n");
    remove(folder.path(), "3_c.sql");
    for command in ["upgrade", "current"] {
        let told = document(command);
        assert_eq!(told["unknown"], json!([{"version": "3", "name": "c"}]));
        assert_eq!(told["missing_files"], json!([]), "a newer program is no failure");
        assert!(text(command).contains("3 c is applied and newer than all"), "{}", text(command));
        assert!(!text(command).contains("warning"), "{}", text(command));
    }
    remove(folder.path(), "1_a.sql");
    for command in ["upgrade", "current"] {
        let told = document(command);
        assert_eq!(told["missing_files"], json!([{"version": "1", "name": "a"}]), "{told}");
        assert_eq!(told["unknown"].as_array().unwrap().len(), 2);
        let told = text(command);
        assert!(told.contains("warning: 1 a is applied, but its file is not here"), "{told}");
        assert!(told.contains("git log --all --oneline -- '*1_*'"), "{told}");
    }
    if database.engine() == Engine::Sqlite {
        assert!(text("upgrade").starts_with("nothing to do\n"));
    }
}

async fn text_that_would_be_swallowed_is_refused_before_anything_runs(database: TestDatabase) {
    let open = "CREATE TABLE b (i INTEGER);\n/* what is this?\nCREATE TABLE c (i INTEGER);\n";
    let nul = "CREATE TABLE b (i INTEGER);\n\0CREATE TABLE c (i INTEGER);\n";
    for (text, word) in [(open, "comment"), (nul, "NUL")] {
        let folder =
            Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n"), ("2_b.sql", text)]);
        let dir = folder.path().to_str().unwrap();
        let script = &["upgrade", "--sql"][..];
        for command in [&["upgrade"][..], script, &["plan"], &["check"]] {
            let ended =
                run(migrate(&database, &[command, &["--dir", dir, "--output", "json"]].concat()));
            let error = &ended.expect(2).json()["error"];
            assert_eq!(error["reason"], "NEVER_RUN", "{command:?}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("2_b.sql:2: ") && message.contains(word), "{message}");
        }
        let ended = run(migrate(&database, &["current", "--dir", dir])).expect(0);
        assert_eq!(ended.stdout, "nothing is applied\n");
    }
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER); /* nothing behind it")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
}

async fn carriage_return_ends_a_comment_where_it_does_for_the_server(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i VARCHAR(9));\n-- note\rINSERT INTO a VALUES ('x');\n"),
        ("1_a.down.sql", "-- undo\rDROP TABLE a;\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let ended = run(migrate(&database, &["upgrade", "--dir", dir, "--output", "json"]));
    if database.engine() != Engine::Postgres {
        let error = &ended.expect(2).json()["error"];
        let message = error["message"].as_str().unwrap();
        assert_eq!(error["reason"], "NEVER_RUN");
        assert!(message.contains("1_a.up.sql:2: a carriage return without"), "{message}");
        return;
    }
    ended.expect(0);
    assert_eq!(texts(&database, "SELECT i FROM a").await, ["x"]);
    run(migrate(&database, &["downgrade", "base", "--dir", dir])).expect(0);
    let left = "SELECT table_name::text FROM information_schema.tables WHERE table_name = 'a'";
    assert!(texts(&database, left).await.is_empty());
}

#[test]
fn check_advises_what_is_not_refused() {
    let place = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("2_b.sql", "CREATE TABLE b (i INTEGER);\n"),
        ("3_c.sql", "-- phase: contract\nDROP TABLE a;\n"),
        ("4_d.sql", "CREATE TABLE d (i INTEGER);\n"),
    ]);
    let next = || at(&place, &["check", "--dir", ".", "--output", "json"]).json()["next"].clone();
    at(&place, &["upgrade", "1", "--dir", "."]).expect(0);
    let refused = at(&place, &["upgrade", "head", "--dir", "."]).expect(7).stderr;
    assert!(refused.contains("run `migrate upgrade 2 --dir .`, roll the program out"), "{refused}");
    assert_eq!(next(), "migrate upgrade 2 --dir .");
    at(&place, &["upgrade", "2", "--dir", "."]).expect(0);
    assert!(next().as_str().unwrap().starts_with("migrate upgrade --phase contract --dir ., once"));
}
