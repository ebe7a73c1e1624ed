//! Whole objects that are not managed: never dropped because they became so, never passed over.

use artisan_testkit::{TestDatabase, on_engine};

use super::{A, Folder, call, count, fs, generate, project};

on_engine!(sqlite_only, Sqlite, table_that_becomes_virtual_stays);
on_engine!(
    mysql_only,
    MySql,
    partitions_that_come_are_not_passed_over,
    what_is_not_looked_at_is_told_by_the_check,
);
on_engine!(
    mariadb_only,
    MariaDb,
    partitions_that_come_are_not_passed_over,
    what_is_not_looked_at_is_told_by_the_check,
    table_that_gets_a_period_stays,
);
on_engine!(
    postgres_only,
    Postgres,
    table_that_becomes_another_kind_stays,
    change_of_what_is_not_managed_is_not_passed_over,
    partitions_may_come_and_go,
    what_is_not_looked_at_is_told_by_the_check_on_postgres,
);

/// A project whose files make one schema, and which wants another.
fn changed(database: &TestDatabase, before: &str, after: &str) -> Folder {
    let folder = Folder::new(&[("1_a.up.sql", before)]);
    fs::write(folder.path().join("schema.sql"), after).unwrap();
    call(database, &folder, &["upgrade"]).expect(0);
    folder
}

/// Neither a revision nor a check goes through, and both name the object.
fn is_refused(database: &TestDatabase, [before, after]: [&str; 2], named: &str) {
    let folder = changed(database, before, after);
    let files = count(&folder);
    let asked = ["check", "--output", "json"];
    for ended in [generate(database, &folder, &[]), call(database, &folder, &asked)] {
        let document = ended.expect(11).json();
        let message = document["error"]["message"].as_str().unwrap();
        assert!(message.contains(named), "{before} -> {after}: {message}");
    }
    assert_eq!(count(&folder), files, "a file was written");
}

/// The same for several changes, each in a database of its own schema.
async fn all_are_refused(database: &TestDatabase, cases: &[([&str; 2], &str)]) {
    for (sides, named) in cases {
        is_refused(database, *sides, named);
        database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    }
}

async fn table_that_becomes_virtual_stays(database: TestDatabase) {
    let sides = ["CREATE TABLE t (a, b);", "CREATE VIRTUAL TABLE t USING fts5(a, b);"];
    is_refused(&database, sides, "virtual table t");
}

async fn table_that_gets_a_period_stays(database: TestDatabase) {
    let sides = [
        "CREATE TABLE t (a DATE NOT NULL, b DATE NOT NULL);",
        "CREATE TABLE t (a DATE NOT NULL, b DATE NOT NULL, PERIOD FOR p (a, b));",
    ];
    is_refused(&database, sides, "table with a period t");
}

async fn partitions_that_come_are_not_passed_over(database: TestDatabase) {
    let sides = [
        "CREATE TABLE t (a INT PRIMARY KEY);",
        "CREATE TABLE t (a INT PRIMARY KEY) PARTITION BY HASH (a) PARTITIONS 2;",
    ];
    is_refused(&database, sides, "partitions of table t");
}

async fn table_that_becomes_another_kind_stays(database: TestDatabase) {
    let plain = "CREATE TABLE t (id int);";
    let both = "CREATE TABLE p (id int); CREATE TABLE c (id int, x int);";
    let cut = "CREATE TABLE t (id int) PARTITION BY RANGE (id);";
    all_are_refused(
        &database,
        &[
            (
                [plain, "CREATE TABLE t (id int); CREATE TABLE c (x int) INHERITS (t);"],
                "inherited t",
            ),
            (
                [both, "CREATE TABLE p (id int); CREATE TABLE c (x int) INHERITS (p);"],
                "inherited c",
            ),
            ([plain, cut], "partitioned table t"),
            ([cut, plain], "partitioned table t"),
            (
                [
                    &format!("{cut} CREATE TABLE t1 (id int);"),
                    &format!("{cut} CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9);"),
                ],
                "partition t1",
            ),
            (
                ["CREATE TYPE r AS ENUM ('a');", "CREATE TYPE r AS RANGE (subtype = int);"],
                "range type r",
            ),
            (
                [
                    "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
                    "CREATE AGGREGATE f(int) (SFUNC = int4pl, STYPE = int);",
                ],
                "aggregate f(integer)",
            ),
        ],
    )
    .await;
}

async fn change_of_what_is_not_managed_is_not_passed_over(database: TestDatabase) {
    let cut = |columns: &str| format!("CREATE TABLE t ({columns}) PARTITION BY RANGE (id);");
    let heirs = |columns: &str| {
        format!("CREATE TABLE p (id int{columns}); CREATE TABLE c (x int) INHERITS (p);")
    };
    let with_index = cut("id int") + "CREATE INDEX i ON t (id);";
    all_are_refused(
        &database,
        &[
            ([&cut("id int"), &cut("id int, e int")], "partitioned table t, which is another one"),
            ([&cut("id int"), &with_index], "partitioned table t, which is another one"),
            ([&heirs(""), &heirs(", z text")], "inherited p, which is another one"),
        ],
    )
    .await;
}

async fn partitions_may_come_and_go(database: TestDatabase) {
    let cut = "CREATE TABLE t (id int, b int) PARTITION BY RANGE (id);\n";
    let part = "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9);\n";
    let folder =
        changed(&database, &format!("{cut}{part}"), &format!("{cut}CREATE TABLE u (id int);"));
    generate(&database, &folder, &[]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["check"]).expect(0);
}

async fn what_is_not_looked_at_is_told_by_the_check(database: TestDatabase) {
    let cut = "CREATE TABLE t (a INT PRIMARY KEY) PARTITION BY HASH (a) PARTITIONS 2;";
    is_told(&database, &[cut, cut], "partitions of table t");
}

async fn what_is_not_looked_at_is_told_by_the_check_on_postgres(database: TestDatabase) {
    let with_policy = A.to_owned() + "ALTER TABLE a ENABLE ROW LEVEL SECURITY;";
    is_told(&database, &[A, &with_policy], "row level security of a");
    let with_comment = with_policy + "COMMENT ON INDEX a_pkey IS 'x';";
    let folder = project(&database, &with_comment);
    let document = call(&database, &folder, &["check", "--output", "json"]).expect(0).json();
    assert_eq!(document["unmanaged"][0], "comment on index a_pkey", "{document}");
}

fn is_told(database: &TestDatabase, [before, after]: &[&str; 2], what: &str) {
    let folder = changed(database, before, after);
    let document = call(database, &folder, &["check", "--output", "json"]).expect(0).json();
    assert_eq!(document["unmanaged"][0], what, "{document}");
    let ended = call(database, &folder, &["check"]).expect(0);
    let line = format!("not looked at: {what}");
    assert!(ended.stdout.contains(&line), "{}", ended.stdout);
}
