use artisan_testkit::{TestDatabase, on_engine};

use super::super::super::folder::{Folder, count, migrate, run, texts};
use super::super::at;
use super::{refused, squashed};

on_engine!(
    postgres,
    Postgres,
    sequence_that_was_only_set_stands_there,
    texts_compare_as_in_the_target,
    types_of_extensions_come_with_them,
    rows_behind_forced_row_security_are_kept,
    default_that_keeps_a_time_is_found,
    schemas_that_the_runner_makes_are_not_made_twice,
    other_search_path_is_refused,
    what_is_not_carried_is_refused,
);

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

/// The rules of ICU are the database's, and not those of the collation that it has beside them.
async fn texts_compare_as_in_the_target(database: TestDatabase) {
    let (place, name) = database.url().rsplit_once('/').unwrap();
    let version = texts(&database, "SELECT current_setting('server_version_num')").await;
    let has_icu = "SELECT count(*)::text FROM pg_collation WHERE collprovider = 'i'";
    if version[0].parse::<u32>().unwrap() < 150_000 || texts(&database, has_icu).await == ["0"] {
        return;
    }
    let sql = format!(
        "CREATE DATABASE {name}_icu TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
    );
    database.execute(&sql).await;
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER, t TEXT);\n"),
        ("2_b.sql", "INSERT INTO a VALUES (CASE WHEN 'a' < 'B' THEN 1 ELSE 2 END, upper('ß'));\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let mut command =
        migrate(&database, &["squash", "--to", "2", "--output", "json", "--dir", dir]);
    command.env("DATABASE_URL", format!("{place}/{name}_icu"));
    let ended = run(command);
    database.execute(&format!("DROP DATABASE {name}_icu")).await;
    let sql = ended.expect(0).json()["sql"].as_str().unwrap().to_owned();
    assert!(sql.contains("(1, 'SS')"), "{sql}");
}

async fn types_of_extensions_come_with_them(database: TestDatabase) {
    let is_there = "SELECT count(*)::text FROM pg_available_extensions WHERE name = 'dblink'";
    if texts(&database, is_there).await == ["0"] {
        return;
    }
    let sql = squashed(&database, "CREATE EXTENSION dblink;\n", "CREATE TABLE a (i INT);\n").await;
    assert!(!sql.contains("CREATE TYPE"), "{sql}");
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
    assert_eq!(refused(&database, "CREATE TABLE a (id INTEGER);\n", two), ["table public.b"]);
}

async fn schemas_that_the_runner_makes_are_not_made_twice(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE audit.a (id INTEGER);\n"),
        ("2_b.sql", "INSERT INTO audit.a VALUES (7);\n"),
        ("sqlx.toml", "[migrate]\ncreate-schemas = [\"audit\"]\n"),
    ]);
    let config = folder.path().join("sqlx.toml");
    let config = ["--config", config.to_str().unwrap()];
    let told = at(&database, &folder, 0, &[&["squash", "--to", "2"], &config[..]].concat());
    assert!(!told["sql"].as_str().unwrap().contains("CREATE SCHEMA"), "{told}");
    at(&database, &folder, 0, &[&["upgrade"], &config[..]].concat());
    assert_eq!(count(&database, "audit.a").await, 1);
    at(&database, &folder, 0, &[&["downgrade", "base"], &config[..]].concat());
}

/// Settings of a database are not those of a scratch.
async fn other_search_path_is_refused(database: TestDatabase) {
    let (_, name) = database.url().rsplit_once('/').unwrap();
    let sql = format!("CREATE SCHEMA app; ALTER DATABASE {name} SET search_path = app, public");
    database.execute(&sql).await;
    let told =
        refused(&database, "CREATE TABLE a (id INTEGER);\n", "CREATE TABLE b (i INTEGER);\n");
    assert!(told[0].starts_with("the search path app, public"), "{told:?}");
}

async fn what_is_not_carried_is_refused(database: TestDatabase) {
    let one = "CREATE SCHEMA s; ALTER SCHEMA s OWNER TO pg_monitor;\n\
        CREATE TYPE e AS ENUM ('a'); ALTER TYPE e OWNER TO pg_monitor;\n\
        CREATE DOMAIN d AS TEXT; ALTER DOMAIN d OWNER TO pg_monitor;\n\
        CREATE CAST (TEXT AS e) WITH INOUT;\n\
        CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);\n";
    let two = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); ALTER TABLE t CLUSTER ON t_pkey;\n\
        CREATE TABLE p (id INTEGER) PARTITION BY RANGE (id);\n\
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE INDEX i ON ONLY p (id);\n\
        CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA;\n";
    let mut told = refused(&database, one, two);
    told.sort();
    let expected = [
        "that index public.i is not on all partitions, or not valid",
        "that public.m has no data",
        "the cast from text to public.e",
        "the order of table public.t",
        "the owner of schema s",
        "the owner of type public.d",
        "the owner of type public.e",
        "the text search dictionary words",
    ];
    assert_eq!(told, expected);
}
