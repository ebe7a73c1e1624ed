//! What two schemas and their rows do not show by themselves.

use artisan_testkit::{TestDatabase, on_engine};

use super::super::folder::{Folder, count, migrate, run};
use super::{at, names};

on_engine!(
    postgres,
    Postgres,
    sequence_that_was_only_set_stands_there,
    rows_behind_forced_row_security_are_kept,
    default_that_keeps_a_time_is_found,
);
on_engine!(mariadb, MariaDb, event_that_keeps_a_time_is_found);
on_engine!(mysql, MySql, event_that_keeps_a_time_is_found);

/// The folder squashed up to 2, and what `database` has of it.
async fn squashed(database: &TestDatabase, one: &str, two: &str) -> String {
    let folder = Folder::new(&[("1_a.sql", one), ("2_b.sql", two)]);
    let told = at(database, &folder, 0, &["squash", "--to", "2"]);
    at(database, &folder, 0, &["upgrade"]);
    told["sql"].as_str().unwrap().to_owned()
}

/// What `squash` says of the first difference, where it writes nothing.
fn refused(database: &TestDatabase, one: &str, two: &str) -> String {
    let folder = Folder::new(&[("1_a.sql", one), ("2_b.sql", two)]);
    let told = at(database, &folder, 11, &["squash", "--to", "2"]);
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
    told["differences"][0]["object"].as_str().unwrap().to_owned()
}

async fn sequence_that_was_only_set_stands_there(database: TestDatabase) {
    let one = "CREATE SEQUENCE a; CREATE SEQUENCE \"b's\"; CREATE SEQUENCE unused START WITH 5;\n\
               CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY, n INTEGER);\n";
    let two = "SELECT setval('a', 77, false); ALTER SEQUENCE \"b's\" RESTART WITH 1000;\n\
               ALTER TABLE t ALTER COLUMN id RESTART WITH 500;\n";
    squashed(&database, one, two).await;
    database.execute("INSERT INTO t (n) VALUES (nextval('a')), (nextval('\"b''s\"'))").await;
    database.execute("INSERT INTO t (n) VALUES (nextval('unused'))").await;
    for (id, n) in [(500, 77), (501, 1000), (502, 5)] {
        assert_eq!(count(&database, &format!("t WHERE id = {id} AND n = {n}")).await, 1, "{n}");
    }
}

/// A superuser sees all rows in any case: the scratch is another user's.
async fn rows_behind_forced_row_security_are_kept(database: TestDatabase) {
    let role = format!("r_{}", std::process::id());
    database.execute(&format!("CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'pw'")).await;
    let (_, rest) = database.url().split_once('@').unwrap();
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER); INSERT INTO a VALUES (1), (2);\n"),
        (
            "2_b.sql",
            "ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE a FORCE ROW LEVEL SECURITY;\n\
             CREATE POLICY p ON a USING (id = 1);\n",
        ),
    ]);
    let squash = ["squash", "--to", "2", "--output", "json", "--dir"];
    let mut command = migrate(&database, &squash);
    command.arg(folder.path());
    command.env("SCRATCH_DATABASE_URL", format!("postgres://{role}:pw@{rest}"));
    let ended = run(command);
    database.execute(&format!("DROP ROLE {role}")).await;
    let sql = ended.expect(0).json()["sql"].as_str().unwrap().to_owned();
    assert!(sql.contains("(1),\n    (2);") && sql.contains("FORCE ROW LEVEL"), "{sql}");
}

async fn default_that_keeps_a_time_is_found(database: TestDatabase) {
    let two = "CREATE TABLE b (at TIMESTAMPTZ DEFAULT 'now');\n";
    assert_eq!(refused(&database, "CREATE TABLE a (id INTEGER);\n", two), "table public.b");
}

async fn event_that_keeps_a_time_is_found(database: TestDatabase) {
    let two = "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO SET @a = 1;\n";
    assert_eq!(refused(&database, "CREATE TABLE a (id INTEGER);\n", two), "event e");
}
