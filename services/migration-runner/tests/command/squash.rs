//! `squash` writes one file for many, proves it, and databases of both kinds end up alike.

mod blind;
mod folders;
mod objects;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Child;

use artisan_testkit::{Engine, TestDatabase, on_every_engine};
use serde_json::Value;
use sqlx::Connection;
use sqlx::migrate::Migrator;

use super::folder::{Ended, Folder, count, migrate, run, texts};

on_every_engine!(
    fresh_and_old_databases_end_up_alike,
    rows_that_time_decides_are_frozen_only_if_asked_for,
    database_that_lags_behind_is_told_to_use_the_older_files,
    dry_run_and_a_failing_migration_write_nothing,
    database_that_has_a_part_is_warned_of,
    squashed_baseline_can_be_squashed_again,
    many_that_merge_at_once_merge_once,
);
/// Foreign keys in a circle, texts that want to be quoted, bytes, a trigger, a view and a way back.
fn files(engine: Engine) -> Vec<(&'static str, String)> {
    let (bytes, text, float) = match engine {
        Engine::Sqlite => ("BLOB", "x'00ff27'", "REAL"),
        Engine::MariaDb | Engine::MySql => ("VARBINARY(9)", "x'00ff27'", "FLOAT"),
        Engine::Postgres => ("BYTEA", r"'\x00ff27'", "REAL"),
    };
    let backslash = match engine {
        Engine::MariaDb | Engine::MySql => r"a\\b",
        Engine::Sqlite | Engine::Postgres => r"a\b",
    };
    vec![
        (
            "01_users.up.sql",
            format!(
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, kind VARCHAR(9) \
                 CHECK (kind IN ('maker', 'buyer')), raw {bytes}, ratio {float}, boss INTEGER);\n\
                 INSERT INTO users VALUES (2, 'João; ''the'' -- one', 'maker', {text}, 0.1, NULL);\n\
                 INSERT INTO users VALUES (1, '{backslash}\nc', 'buyer', NULL, 1e30, 2);\n"
            ),
        ),
        ("01_users.down.sql", "DROP TABLE users;\n".to_owned()),
        (
            "02_aaa.up.sql",
            "CREATE TABLE aaa (id INTEGER PRIMARY KEY, author INTEGER NOT NULL,\n  \
             CONSTRAINT wrote FOREIGN KEY (author) REFERENCES users (id));\n\
             CREATE INDEX aaa_author ON aaa (author);\nINSERT INTO aaa SELECT id * 10, id FROM users;\n\
             CREATE VIEW names AS SELECT name FROM users;\n"
                .to_owned(),
        ),
        ("02_aaa.down.sql", "DROP VIEW names;\nDROP TABLE aaa;\n".to_owned()),
        ("03_gone.sql", "DELETE FROM aaa WHERE id = 20;\nCREATE TABLE nobody (id INTEGER);\n".to_owned()),
        ("04_later.up.sql", "CREATE TABLE later (id INTEGER PRIMARY KEY);\n".to_owned()),
        ("04_later.down.sql", "DROP TABLE later;\n".to_owned()),
    ]
}

fn folder(engine: Engine) -> Folder {
    let files = files(engine);
    Folder::new(&files.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>())
}

fn all(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The names that anybody looks at.
fn names(folder: &Path) -> Vec<String> {
    all(folder).into_keys().filter(|name| !name.starts_with('.')).collect()
}

/// Runs `migrate` with this folder; its document.
fn at(database: &TestDatabase, folder: &Folder, code: i32, arguments: &[&str]) -> Value {
    let dir = folder.path().to_str().unwrap();
    let rest = ["--output", "json", "--dir", dir];
    run(migrate(database, &[arguments, &rest].concat())).expect(code).json()
}

async fn state(database: &TestDatabase) -> Vec<String> {
    let hex = match database.engine() {
        Engine::Postgres => "COALESCE(encode(raw, 'hex'), '')",
        Engine::Sqlite | Engine::MariaDb | Engine::MySql => "COALESCE(LOWER(HEX(raw)), '')",
    };
    let mut all = Vec::new();
    for what in ["name", "kind", hex, "CAST(boss AS CHAR(9))", "CAST(ratio AS CHAR(30))"] {
        let sql = format!("SELECT COALESCE({what}, '') FROM users ORDER BY id");
        all.extend(texts(database, &sql).await);
    }
    all.extend(texts(database, "SELECT CAST(id * 100 + author AS CHAR(9)) FROM aaa").await);
    all.extend(texts(database, "SELECT name FROM names ORDER BY name").await);
    all.push(count(database, "nobody").await.to_string());
    all
}

async fn fresh_and_old_databases_end_up_alike(database: TestDatabase) {
    let folder = folder(database.engine());
    at(&database, &folder, 0, &["upgrade"]);
    let (before, schema) = (state(&database).await, at(&database, &folder, 0, &["schema"]));
    let kept = folder.path().join("kept");
    let squash = ["squash", "--to", "3", "-m", "all so far", "--keep", kept.to_str().unwrap()];
    let old = all(folder.path());
    let told = at(&database, &folder, 0, &squash);
    assert_eq!(told["squashed"].as_array().unwrap().len(), 3);
    assert_eq!((&told["revision"]["version"], &told["repeatable"]), (&"3".into(), &true.into()));
    let expected =
        ["03_all_so_far.down.sql", "03_all_so_far.up.sql", "04_later.down.sql", "04_later.up.sql"];
    assert_eq!(names(folder.path()), expected);
    assert!(all(&kept).iter().all(|(name, text)| old[name] == *text));
    assert_eq!(all(&kept).len(), 5);
    // Before its rows are merged and after.
    for round in 0..2 {
        at(&database, &folder, 0, &["wait", "--timeout", "1s"]);
        at(&database, &folder, 0, &["check"]);
        assert_eq!(at(&database, &folder, 0, &["current"])["pending"], 0);
        let upgraded = at(&database, &folder, 0, &["upgrade"]);
        assert_eq!(upgraded["applied"].as_array().unwrap().len(), 0);
        assert_eq!(upgraded["merged"].as_array().unwrap().len(), 1 - round);
    }
    assert_eq!(at(&database, &folder, 0, &["verify"])["checked"], 2);
    let fresh = TestDatabase::create(database.engine()).await;
    at(&fresh, &folder, 0, &["upgrade"]);
    assert_eq!(state(&fresh).await, before);
    assert_eq!(state(&database).await, before);
    assert_eq!(at(&fresh, &folder, 0, &["schema"])["objects"], schema["objects"]);
    for database in [&database, &fresh] {
        sqlx_agrees(database, folder.path()).await;
    }
    at(&fresh, &folder, 0, &["downgrade", "base"]);
    assert_eq!(at(&fresh, &folder, 0, &["schema"])["objects"].as_array().unwrap().len(), 0);
}

/// sqlx finds nothing to do and nothing to complain about.
async fn sqlx_agrees(database: &TestDatabase, folder: &Path) {
    let migrator = Migrator::new(folder).await.unwrap();
    macro_rules! run {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(database.url()).await.unwrap();
            migrator.run(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }};
    }
    match database.engine() {
        Engine::Sqlite => run!(sqlx::SqliteConnection),
        Engine::MariaDb | Engine::MySql => run!(sqlx::MySqlConnection),
        Engine::Postgres => run!(sqlx::PgConnection),
    }
    assert_eq!(count(database, "_sqlx_migrations").await, 2);
}

async fn rows_that_time_decides_are_frozen_only_if_asked_for(database: TestDatabase) {
    let two = "INSERT INTO a (id) VALUES (1);\n";
    let one = match database.engine() {
        Engine::Sqlite => "CREATE TABLE a (id INTEGER, at TEXT DEFAULT CURRENT_TIMESTAMP);\n",
        Engine::Postgres => "CREATE TABLE a (id INTEGER, at TIMESTAMPTZ DEFAULT now());\n",
        Engine::MariaDb | Engine::MySql => {
            "CREATE TABLE a (id INTEGER, at DATETIME DEFAULT CURRENT_TIMESTAMP);\n"
        }
    };
    let folder = Folder::new(&[("1_a.up.sql", one), ("2_b.up.sql", two)]);
    let refused = at(&database, &folder, 11, &["squash", "--to", "head"]);
    assert_eq!(refused["repeatable"], false);
    assert!(refused["differences"][0]["object"].as_str().unwrap().starts_with("rows of"));
    assert_eq!(names(folder.path()), ["1_a.up.sql", "2_b.up.sql"]);
    let squashed = at(&database, &folder, 0, &["squash", "--to", "head", "--freeze"]);
    assert_eq!(squashed["repeatable"], false);
    at(&database, &folder, 0, &["upgrade"]);
    assert_eq!(count(&database, "a WHERE at IS NOT NULL").await, 1);
}

async fn database_that_lags_behind_is_told_to_use_the_older_files(database: TestDatabase) {
    let (before, after) = (folder(database.engine()), folder(database.engine()));
    at(&database, &before, 0, &["upgrade", "2"]);
    at(&database, &after, 0, &["squash", "--to", "3"]);
    for command in [&["upgrade"][..], &["wait", "--timeout", "1s"], &["check"], &["plan"]] {
        let refused = at(&database, &after, 7, command);
        assert_eq!(refused["error"]["reason"], "PARTLY_SQUASHED", "{command:?}");
        assert!(refused["error"]["next"].as_str().unwrap().contains("upgrade 3"), "{refused}");
    }
    let current = at(&database, &after, 9, &["current", "--check-heads"]);
    assert_eq!(current["blocked"]["reason"], "PARTLY_SQUASHED", "{current}");
    assert_eq!(
        (current["squashed"].as_array().unwrap().len(), &current["unknown"]),
        (2, &serde_json::json!([]))
    );
    assert_eq!(at(&database, &after, 0, &["repair"])["findings"][0]["kind"], "squashed");
    at(&database, &before, 0, &["upgrade", "3"]);
    let upgraded = at(&database, &after, 0, &["upgrade"]);
    assert_eq!(
        (&upgraded["applied"][0]["name"], &upgraded["merged"][0]["version"]),
        (&"later".into(), &"3".into())
    );
    // Programs that were built with the files from before go on.
    at(&database, &before, 0, &["wait", "--timeout", "1s"]);
    at(&database, &before, 0, &["verify", "--checksums"]);
    let current = at(&database, &before, 0, &["current"]);
    assert_eq!((&current["pending"], &current["blocked"]), (&0.into(), &serde_json::Value::Null));
    at(&database, &before, 0, &["check"]);
}

async fn dry_run_and_a_failing_migration_write_nothing(database: TestDatabase) {
    let folder = folder(database.engine());
    let before = all(folder.path());
    let told = at(&database, &folder, 0, &["squash", "--to", "3", "--dry-run"]);
    assert!(told["sql"].as_str().unwrap().starts_with("-- squashes: 1, 2, 3 = "), "{told}");
    assert!(told["down_sql"].as_str().unwrap().contains("DROP TABLE"));
    assert_eq!(all(folder.path()), before);
    fs::write(folder.path().join("05_bad.sql"), "INSERT INTO nowhere VALUES (1);\n").unwrap();
    let failed = at(&database, &folder, 6, &["squash", "--to", "head"]);
    assert_eq!(failed["error"]["reason"], "MIGRATION_FAILED");
    assert_eq!(names(folder.path()).len(), before.len() + 1);
}

async fn squashed_baseline_can_be_squashed_again(database: TestDatabase) {
    let (before, folder) = (folder(database.engine()), folder(database.engine()));
    at(&database, &before, 0, &["upgrade"]);
    at(&database, &folder, 0, &["squash", "--to", "2", "-m", "first"]);
    let merged = TestDatabase::create(database.engine()).await;
    at(&merged, &folder, 0, &["upgrade"]);
    let told = at(&database, &folder, 0, &["squash", "--to", "head", "-m", "second"]);
    assert_eq!(told["sql"].as_str().unwrap().matches("-- squashes: ").count(), 2);
    assert_eq!(names(folder.path()), ["04_second.down.sql", "04_second.up.sql"]);
    for database in [&database, &merged] {
        let upgraded = at(database, &folder, 0, &["upgrade"]);
        assert_eq!(upgraded["merged"][0]["name"], "second");
        assert_eq!(count(database, "_sqlx_migrations").await, 1);
    }
    assert_eq!(state(&merged).await, state(&database).await);
}

async fn many_that_merge_at_once_merge_once(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER);\n"),
        ("2_b.sql", "CREATE TABLE b (id INTEGER);\n"),
    ]);
    at(&database, &folder, 0, &["upgrade"]);
    at(&database, &folder, 0, &["squash", "--to", "2"]);
    let dir = folder.path().to_str().unwrap();
    let upgrade = || migrate(&database, &["upgrade", "--output", "json", "--dir", dir]);
    let running: Vec<Child> = (0..4).map(|_| upgrade().spawn().unwrap()).collect();
    let ended = running.into_iter().map(|child| Ended::from(child.wait_with_output().unwrap()));
    let merged = ended.map(|ended| ended.expect(0).json()["merged"].as_array().unwrap().len());
    assert_eq!(merged.sum::<usize>(), 1);
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
}

async fn database_that_has_a_part_is_warned_of(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    let at = |arguments: &[&str]| run(migrate(&database, &[arguments, &["--dir", dir]].concat()));
    let squash = ["squash", "--to", "4", "--freeze", "--dry-run"];
    let told = at(&squash).expect(0).stderr;
    assert!(!told.contains("warning"), "nothing of it is there: {told}");
    at(&["upgrade", "3"]).expect(0);
    let told = at(&squash).expect(0).stderr;
    assert!(told.contains("4 later is not applied there: run `migrate upgrade`"), "{told}");
    at(&["upgrade"]).expect(0);
    let told = at(&squash).expect(0).stderr;
    assert!(!told.contains("warning"), "{told}");
}
