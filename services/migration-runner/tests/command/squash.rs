//! `squash` writes one file for many, proves it, and databases of both kinds end up alike.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use artisan_testkit::{Engine, TestDatabase, on_engine, on_every_engine};
use serde_json::Value;
use sqlx::Connection;
use sqlx::migrate::Migrator;

use super::folder::{Folder, count, migrate, run, texts};

on_every_engine!(
    fresh_and_old_databases_end_up_alike,
    rows_that_time_decides_are_frozen_only_if_asked_for,
    database_that_lags_behind_is_told_to_use_the_older_files,
    dry_run_and_a_failing_migration_write_nothing,
    squashed_baseline_can_be_squashed_again,
);
on_engine!(sqlite_files, Sqlite, what_cannot_be_proven_is_not_written);
on_engine!(
    mariadb_objects,
    MariaDb,
    sequence_goes_on_where_it_stood,
    what_is_left_to_the_database_stays_so
);
on_engine!(
    mysql_objects,
    MySql,
    what_is_left_to_the_database_stays_so,
    folder_of_two_servers_is_proven_on_both
);
on_engine!(postgres_objects, Postgres, sequence_goes_on_where_it_stood, grants_cannot_be_proven);
on_engine!(sqlite_folders, Sqlite, folders_of_two_engines_are_squashed_one_by_one);
on_engine!(sqlite_names, Sqlite, branches_that_stay_and_names_that_are_taken_are_refused);
on_engine!(
    sqlite_killed,
    Sqlite,
    killed_squash_is_finished_by_the_next_command,
    squash_that_is_killed_leaves_a_folder_that_can_be_used
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
    assert_eq!(at(&database, &before, 0, &["current"])["pending"], 0);
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

/// A virtual table's rows are its own affair.
async fn what_cannot_be_proven_is_not_written(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE VIRTUAL TABLE words USING fts5 (word);\n"),
        ("2_b.sql", "INSERT INTO words VALUES ('a');\n"),
    ]);
    let refused = at(&database, &folder, 11, &["squash", "--to", "2"]);
    assert_eq!(refused["differences"][0]["object"], "the rows of the virtual table words");
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
}

async fn grants_cannot_be_proven(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER);\n"),
        ("2_b.sql", "GRANT SELECT ON a TO PUBLIC;\n"),
    ]);
    let refused = at(&database, &folder, 11, &["squash", "--to", "2"]);
    assert!(refused["differences"].to_string().contains("grants on"), "{refused}");
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
}

async fn sequence_goes_on_where_it_stood(database: TestDatabase) {
    let (two, next) = match database.engine() {
        Engine::Postgres => (
            "CREATE TABLE b (id INTEGER GENERATED ALWAYS AS IDENTITY, n INTEGER);\n\
             INSERT INTO b (n) VALUES (nextval('s')), (nextval('s'));\n",
            "INSERT INTO b (n) VALUES (nextval('s'))",
        ),
        _ => (
            "CREATE TABLE b (id INTEGER AUTO_INCREMENT PRIMARY KEY, n INTEGER);\n\
             INSERT INTO b (n) VALUES (NEXTVAL(s)), (NEXTVAL(s));\n",
            "INSERT INTO b (n) VALUES (NEXTVAL(s))",
        ),
    };
    let folder = Folder::new(&[("1_a.sql", "CREATE SEQUENCE s;\n"), ("2_b.sql", two)]);
    at(&database, &folder, 0, &["squash", "--to", "2"]);
    at(&database, &folder, 0, &["upgrade"]);
    database.execute(next).await;
    assert_eq!(count(&database, "b WHERE id = 3 AND n > 2").await, 1);
}

async fn what_is_left_to_the_database_stays_so(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER, b TEXT);\n"),
        ("2_b.sql", "CREATE TABLE b (b TEXT) CHARACTER SET latin1 COLLATE latin1_bin;\n"),
    ]);
    let told = at(&database, &folder, 0, &["squash", "--to", "2"]);
    let sql = told["sql"].as_str().unwrap();
    assert!(sql.contains("COLLATE=latin1_bin") && !sql.contains("utf8mb4"), "{sql}");
    at(&database, &folder, 0, &["upgrade"]);
    at(&database, &folder, 0, &["verify"]);
}

async fn folder_of_two_servers_is_proven_on_both(database: TestDatabase) {
    let other = TestDatabase::create(Engine::MariaDb).await;
    let one = ("1_a.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, b VARCHAR(9) NOT NULL);\n");
    let plain = Folder::new(&[one, ("2_b.sql", "INSERT INTO a VALUES (1, 'x');\n")]);
    at(&database, &plain, 0, &["squash", "--to", "2", "--also", other.url()]);
    for database in [&database, &other] {
        at(database, &plain, 0, &["upgrade"]);
        at(database, &plain, 0, &["verify"]);
    }
    // MySQL prints the collation that it took, which MariaDB would not have taken.
    let strange =
        Folder::new(&[one, ("2_b.sql", "CREATE TABLE b (b TEXT) CHARACTER SET ascii;\n")]);
    let sequence = "CREATE TABLE c (b TEXT) CHARACTER SET utf8mb4;\n";
    fs::write(strange.path().join("3_c.sql"), sequence).unwrap();
    let squash = ["squash", "--to", "3", "--also", other.url(), "--output", "json", "--dir"];
    let mut command = migrate(&database, &squash);
    command.arg(strange.path());
    let refused = run(command);
    assert!(matches!(refused.code, Some(6 | 11)), "{}{}", refused.stdout, refused.stderr);
    assert_eq!(names(strange.path()).len(), 3);
    let lite = TestDatabase::create(Engine::Sqlite).await;
    let refused = at(&database, &strange, 2, &["squash", "--to", "2", "--also", lite.url()]);
    assert_eq!(refused["error"]["reason"], "OTHER_ENGINE");
}

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
        tokio::time::sleep(takes.mul_f64(0.7 + f64::from(round) * 0.01)).await;
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
