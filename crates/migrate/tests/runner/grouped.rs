//! Onto an empty database files share commits; nobody can tell from the result.

use std::sync::{Arc, Mutex};

use artisan_migrate::{Access, Error, Event, Observer, Options, Phases, Target};
use artisan_testkit::TestDatabase;

use super::database::{count, options, runner, texts, upgrade};

artisan_testkit::on_engine!(mariadb, MariaDb, failure_behind_good_files_leaves_them_applied);
artisan_testkit::on_engine!(mysql, MySql, failure_behind_good_files_leaves_them_applied);
artisan_testkit::on_engine!(
    sqlite,
    Sqlite,
    failure_behind_good_files_leaves_them_applied,
    files_share_commits_on_an_empty_database_only,
    group_that_fails_is_cut_into_smaller_ones
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    failure_behind_good_files_leaves_them_applied,
    value_of_an_enum_is_used_in_the_next_file,
    trigger_events_do_not_stand_in_the_way,
    setting_ends_with_its_own_file,
    deferred_constraint_is_checked_by_its_own_file,
    failed_group_draws_no_numbers
);

type Files = [(&'static str, &'static str)];

/// Upgrades to the head; what it told meanwhile.
async fn watched(database: &TestDatabase, files: &Files) -> (Result<usize, Error>, Vec<String>) {
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let ear = told.clone();
    let observer = Observer::new(move |event| match event {
        Event::Finished { file, .. } => ear.lock().unwrap().push(file.clone()),
        Event::Ungrouped { files } => ear.lock().unwrap().push(format!("ungrouped {files}")),
        _ => {}
    });
    let options = Options { observer, ..options() };
    let mut runner = runner(database, files, Access::Write, options).await.unwrap();
    let report = runner.upgrade(&Target::Head, Phases::Auto).await;
    runner.close().await;
    let told = told.lock().unwrap().clone();
    (report.map(|report| report.applied.len()), told)
}

async fn failure_behind_good_files_leaves_them_applied(database: TestDatabase) {
    let files = [
        ("1_a.sql", "CREATE TABLE a (i INTEGER);"),
        ("2_b.sql", "INSERT INTO a VALUES (1);"),
        ("3_c.sql", "INSERT INTO missing VALUES (1);"),
        ("4_d.sql", "CREATE TABLE d (i INTEGER);"),
    ];
    let (result, told) = watched(&database, &files).await;
    let Err(Error::MigrationFailed(statement)) = result else { panic!("{result:?}") };
    assert_eq!((statement.file.as_str(), statement.line), ("3_c.sql", 1));
    let finished: Vec<&String> = told.iter().filter(|line| !line.starts_with("un")).collect();
    assert_eq!(finished, ["1_a.sql", "2_b.sql"]);
    assert_eq!(count(&database, "a").await, 1);
    assert_eq!(count(&database, "_sqlx_migrations WHERE success = (1 = 1)").await, 2);
}

async fn value_of_an_enum_is_used_in_the_next_file(database: TestDatabase) {
    let files = [
        ("1_a.sql", "CREATE TYPE e AS ENUM ('x'); CREATE TABLE a (i e);"),
        ("2_b.sql", "ALTER TYPE e ADD VALUE 'y';"),
        ("3_c.sql", "INSERT INTO a VALUES ('y');"),
    ];
    let (result, told) = watched(&database, &files).await;
    assert_eq!(result.unwrap(), 3);
    assert_eq!(told, ["ungrouped 3", "1_a.sql", "2_b.sql", "3_c.sql"]);
    assert_eq!(count(&database, "a").await, 1);
}

async fn trigger_events_do_not_stand_in_the_way(database: TestDatabase) {
    let files = [
        ("1_a.sql", "CREATE TABLE a (i int PRIMARY KEY); CREATE TABLE b (i int);"),
        (
            "2_b.sql",
            "ALTER TABLE b ADD FOREIGN KEY (i) REFERENCES a DEFERRABLE INITIALLY DEFERRED;",
        ),
        ("3_c.sql", "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);"),
        ("4_d.sql", "ALTER TABLE b ADD COLUMN j int;"),
    ];
    assert_eq!(watched(&database, &files).await.0.unwrap(), 4);
}

async fn setting_ends_with_its_own_file(database: TestDatabase) {
    let files = [
        ("1_a.sql", "CREATE SCHEMA other;"),
        ("2_b.sql", "SET LOCAL search_path = other; CREATE TABLE a (i int);"),
        ("3_c.sql", "CREATE TABLE b (i int);"),
        ("4_d.sql", "SELECT set_config('search_path', '', false); CREATE TABLE other.d (i int);"),
        ("5_e.sql", "-- no-transaction\nSET search_path = other; CREATE TABLE e (i int);"),
        ("6_f.sql", "CREATE TABLE f (i int);"),
    ];
    upgrade(&database, &files, "head").await.unwrap();
    let sql = "SELECT schemaname || '.' || tablename FROM pg_tables \
               WHERE length(tablename) = 1 ORDER BY tablename";
    let tables = texts(&database, sql).await;
    assert_eq!(tables, ["other.a", "public.b", "other.d", "other.e", "public.f"]);
}

async fn deferred_constraint_is_checked_by_its_own_file(database: TestDatabase) {
    let files = [
        (
            "1_a.sql",
            "CREATE TABLE a (i int PRIMARY KEY); \
             CREATE TABLE b (i int REFERENCES a DEFERRABLE INITIALLY DEFERRED);",
        ),
        ("2_b.sql", "INSERT INTO b VALUES (1);"),
        ("3_c.sql", "INSERT INTO a VALUES (1);"),
    ];
    let (result, told) = watched(&database, &files).await;
    let Err(Error::MigrationFailed(statement)) = result else { panic!("{result:?}") };
    assert_eq!(statement.file, "2_b.sql");
    assert_eq!(told, ["1_a.sql"]);
}

async fn files_share_commits_on_an_empty_database_only(database: TestDatabase) {
    let files = [
        ("1_a.sql", "CREATE TABLE a (i INTEGER);"),
        ("2_b.sql", "INSERT INTO a VALUES (1);"),
        ("3_c.sql", "INSERT INTO missing VALUES (1);"),
    ];
    database.execute("CREATE TABLE theirs (i INTEGER)").await;
    let (result, told) = watched(&database, &files).await;
    assert_eq!(result.unwrap_err().exit_code(), 6);
    assert_eq!(told, ["1_a.sql", "2_b.sql"], "nothing was grouped");
}

async fn group_that_fails_is_cut_into_smaller_ones(database: TestDatabase) {
    let names: Vec<String> = (1..=120).map(|number| format!("{number:03}_a.sql")).collect();
    let texts: Vec<String> =
        (1..=120).map(|number| format!("CREATE TABLE a{number} (i INTEGER);")).collect();
    let bad = "INSERT INTO missing VALUES (1);";
    let files: Vec<(&'static str, &'static str)> = names
        .into_iter()
        .zip(texts)
        .map(|(name, text)| {
            let text = if name == "105_a.sql" { bad.to_owned() } else { text };
            (&*name.leak(), &*text.leak())
        })
        .collect();
    let (result, told) = watched(&database, &files).await;
    let Err(Error::MigrationFailed(statement)) = result else { panic!("{result:?}") };
    assert_eq!((statement.file.as_str(), statement.line), ("105_a.sql", 1));
    let ungrouped: Vec<&String> = told.iter().filter(|line| line.starts_with("un")).collect();
    assert_eq!(ungrouped, ["ungrouped 120", "ungrouped 12"], "the first 96 shared commits");
    assert_eq!(told.len() - ungrouped.len(), 104);
    assert_eq!(count(&database, "_sqlx_migrations").await, 104);
}

async fn failed_group_draws_no_numbers(database: TestDatabase) {
    let files = [
        // A query is never grouped, so that the sequence is there before the group begins.
        ("1_a.sql", "CREATE TYPE e AS ENUM ('x'); CREATE TABLE a (i serial, k e); SELECT 1;"),
        ("2_b.sql", "INSERT INTO a (k) VALUES ('x');"),
        ("3_c.sql", "ALTER TYPE e ADD VALUE 'y';"),
        ("4_d.sql", "INSERT INTO a (k) VALUES ('y');"),
    ];
    let (result, told) = watched(&database, &files).await;
    assert_eq!(result.unwrap(), 4);
    assert!(told.contains(&"ungrouped 3".to_owned()), "{told:?}");
    assert_eq!(texts(&database, "SELECT i::text FROM a ORDER BY i").await, ["1", "2"]);
}
