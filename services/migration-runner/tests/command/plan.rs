use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, migrate, run};
use super::read_only::Reader;

artisan_testkit::on_every_engine!(plan_tells_statements_locks_and_sizes);
artisan_testkit::on_engine!(
    mariadb_reader,
    MariaDb,
    reader_may_plan,
    plan_begins_with_what_every_run_finishes_first
);
artisan_testkit::on_engine!(
    mysql_reader,
    MySql,
    reader_may_plan,
    plan_begins_with_what_every_run_finishes_first
);
artisan_testkit::on_engine!(
    postgres_reader,
    Postgres,
    reader_may_plan,
    plan_begins_with_what_every_run_finishes_first
);

fn folder() -> Folder {
    Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE t (id INTEGER PRIMARY KEY);\n"),
        ("1_a.down.sql", "DROP TABLE t;\n"),
        ("2_b.up.sql", "ALTER TABLE t ADD COLUMN a INTEGER;\n"),
        ("2_b.down.sql", "ALTER TABLE t DROP COLUMN a;\n"),
    ])
}

async fn plan_tells_statements_locks_and_sizes(database: TestDatabase) {
    let folder = folder();
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "1", "--dir", dir])).expect(0);
    let ended = run(migrate(&database, &["plan", "--dir", dir, "--output", "json"])).expect(0);
    let json = ended.json();
    assert_eq!(json["command"], "plan");
    assert_eq!(json["revisions"][0]["version"], "2");
    let statement = &json["revisions"][0]["statements"][0];
    assert_eq!((&statement["line"], &statement["impacts"][0]["table"]), (&1.into(), &"t".into()));
    assert!(statement["lock"].is_string());
    assert_eq!(json["tables"][0]["table"], "t");
    let ended = run(migrate(&database, &["plan", "--dir", dir])).expect(0);
    assert!(ended.stdout.contains("2_b.up.sql:1: ALTER TABLE t ADD COLUMN a"), "{}", ended.stdout);
    assert!(ended.stdout.contains("table t: "), "{}", ended.stdout);
    let ended = run(migrate(&database, &["plan", "--down", "-1", "--dir", dir])).expect(0);
    assert!(ended.stdout.contains("1_a.down.sql:1: DROP TABLE t"), "{}", ended.stdout);
    let ended = run(migrate(&database, &["current", "--dir", dir])).expect(0);
    assert!(ended.stdout.starts_with("1 a"), "{}", ended.stdout);
}

async fn reader_may_plan(database: TestDatabase) {
    let folder = folder();
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "1", "--dir", dir])).expect(0);
    let reader = Reader::new(&database).await;
    let mut command = bare(&["plan", "--dir", dir, "--output", "json"]);
    command.env("DATABASE_URL", reader.url());
    let ended = run(command);
    reader.drop_user(&database).await;
    let json = ended.expect(0).json();
    assert_eq!(json["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(json["tables"].as_array().unwrap().len(), 1);
    assert_ne!(database.engine(), Engine::Sqlite);
}

#[test]
fn plan_without_a_database_is_that_of_an_empty_one() {
    let folder = folder();
    let dir = folder.path().to_str().unwrap();
    let ended =
        run(bare(&["plan", "--dir", dir, "--engine", "mysql", "--output", "json"])).expect(0);
    let json = ended.json();
    assert_eq!(
        (&json["engine"], json["revisions"].as_array().unwrap().len()),
        (&"mysql".into(), 2)
    );
    let ended = run(bare(&["plan", "--dir", dir])).expect(2);
    assert!(ended.stderr.contains("--engine"), "{}", ended.stderr);
}

/// The files and whether each statement is done, as `plan` tells it.
fn planned(json: &serde_json::Value) -> Vec<(String, Vec<bool>)> {
    let revisions = json["revisions"].as_array().unwrap().iter().map(|revision| {
        let statements = revision["statements"].as_array().unwrap().iter();
        let done = statements.map(|statement| statement["done"].as_bool().unwrap());
        (revision["file"].as_str().unwrap().to_owned(), done.collect())
    });
    revisions.collect()
}

async fn plan_begins_with_what_every_run_finishes_first(database: TestDatabase) {
    let (made, dropped) = match database.engine() {
        Engine::Postgres => ("INDEX CONCURRENTLY b_i ON b (i)", "DROP INDEX CONCURRENTLY b_i"),
        _ => ("INDEX b_i ON b (i)", "ALTER TABLE b DROP INDEX b_i"),
    };
    let up = format!("-- no-transaction\nCREATE TABLE b (i INTEGER);\nCREATE {made};\n");
    let down = format!("-- no-transaction\n{dropped};\nDROP TABLE nosuch;\nDROP TABLE b;\n");
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
        ("2_b.up.sql", &up),
        ("2_b.down.sql", &down),
    ]);
    let dir = folder.path().to_str().unwrap();
    let at = |code: i32, arguments: &[&str]| {
        let all = [arguments, &["--dir", dir, "--output", "json"]].concat();
        run(migrate(&database, &all)).expect(code).json()
    };
    at(0, &["upgrade"]);
    at(6, &["downgrade", "base"]);
    let first = ("2_b.down.sql".to_owned(), vec![true, false, false]);
    let again = ("2_b.up.sql".to_owned(), vec![false, false]);
    let below = ("1_a.down.sql".to_owned(), vec![false]);
    let plan = at(0, &["plan"]);
    assert_eq!(planned(&plan), [first.clone(), again]);
    assert_eq!(plan["revisions"][0]["direction"], "down");
    assert_eq!(planned(&at(0, &["plan", "--down", "base"])), [first.clone(), below]);
    assert_eq!(planned(&at(0, &["plan", "--down", "1"])), [first]);
    let told = run(migrate(&database, &["plan", "--dir", dir])).expect(0).stdout;
    let resumes = "2 b (expand, is undone first, resumes after statement 1)";
    assert!(told.contains(resumes), "{told}");
}
