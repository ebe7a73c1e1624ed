use artisan_testkit::{Engine, TestDatabase, on_engine, on_every_engine};

use super::folder::{Folder, migrate, run, texts};

on_every_engine!(
    schema_that_the_files_make_has_no_drift,
    each_kind_of_drift_is_found_and_named,
    pending_revisions_are_no_drift,
    file_that_fails_in_a_scratch_database_is_told_as_that,
);
on_engine!(
    on_postgres,
    Postgres,
    user_without_the_right_is_told_what_to_set,
    what_a_dump_prints_in_other_words_is_no_drift,
    order_in_which_options_were_set_is_no_drift,
    drift_beside_what_is_not_managed_is_reverted_and_adopted,
    what_was_undone_and_stands_last_is_no_drift,
    dump_says_what_a_column_has_of_its_own,
    partition_that_comes_is_told_and_no_drift,
);
on_engine!(
    on_mariadb,
    MariaDb,
    event_without_a_start_has_no_drift,
    packages_are_part_of_the_schema,
    view_of_a_definer_who_is_gone_has_no_drift,
    sequences_of_tables_and_views_have_no_drift,
    what_was_undone_and_stands_last_is_no_drift,
    dump_says_what_a_column_has_of_its_own,
    partition_that_comes_is_told_and_no_drift,
);
on_engine!(
    on_mysql,
    MySql,
    event_without_a_start_has_no_drift,
    what_was_undone_and_stands_last_is_no_drift,
    partition_that_comes_is_told_and_no_drift,
);

const FILES: [(&str, &str); 2] = [
    (
        "1_a.up.sql",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b VARCHAR(9) CHECK (b IN ('x', 'y')));\n\
         CREATE INDEX a_b ON a (b);\n",
    ),
    ("2_c.up.sql", "CREATE TABLE c (id INTEGER PRIMARY KEY);\n"),
];

fn verify(database: &TestDatabase, folder: &Folder, code: i32) -> serde_json::Value {
    let dir = folder.path().to_str().unwrap();
    let command = migrate(database, &["verify", "--output", "json", "--dir", dir]);
    run(command).expect(code).json()
}

fn upgraded(database: &TestDatabase, target: &str) -> Folder {
    let folder = Folder::new(&FILES);
    let dir = folder.path().to_str().unwrap();
    run(migrate(database, &["upgrade", target, "--dir", dir])).expect(0);
    folder
}

/// As `pg_dump` and a server that reads it leave them.
async fn what_a_dump_prints_in_other_words_is_no_drift(database: TestDatabase) {
    let made = "CREATE TABLE a (b VARCHAR(9) CONSTRAINT a_b CHECK (b IN ('x', 'y')), c INT \
                CONSTRAINT a_c CHECK (c BETWEEN 1 AND 9 AND b <> ''));\n\
                CREATE VIEW v AS SELECT c FROM a WHERE b IN ('x', 'z');\n\
                CREATE INDEX i ON a (c) WHERE b IN ('x', 'y');\n";
    let folder = Folder::new(&[("1_a.up.sql", made)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let varchar = "ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])";
    let restored = format!(
        "ALTER TABLE a DROP CONSTRAINT a_b, DROP CONSTRAINT a_c; \
         ALTER TABLE a ADD CONSTRAINT a_b CHECK ((b)::text = {varchar}); \
         ALTER TABLE a ADD CONSTRAINT a_c CHECK (((c >= 1) AND (c <= 9)) AND ((b)::text <> ''::text)); \
         DROP INDEX i; CREATE INDEX i ON a (c) WHERE ((b)::text = {varchar}); \
         CREATE OR REPLACE VIEW v AS SELECT c FROM a WHERE (b)::text = {}",
        varchar.replace("'y'", "'z'")
    );
    database.execute(&restored).await;
    let dumped = run(migrate(&database, &["schema"])).expect(0).stdout;
    assert!(dumped.contains("('y'::character varying)::text"), "other words: {dumped}");
    verify(&database, &folder, 0);
    database.execute(&restored.replace("'y'", "'w'")).await;
    assert_eq!(verify(&database, &folder, 9)["differences"].as_array().unwrap().len(), 2);
}

async fn order_in_which_options_were_set_is_no_drift(database: TestDatabase) {
    let made = "CREATE TABLE a (b INT) WITH (fillfactor = 70, autovacuum_enabled = false);\n\
                CREATE INDEX i ON a (b) WITH (fillfactor = 70, deduplicate_items = off);\n\
                CREATE VIEW v WITH (security_barrier, check_option = local) AS SELECT b FROM a;\n";
    let folder = Folder::new(&[("1_a.up.sql", made)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let set_anew = "ALTER TABLE a RESET (fillfactor); ALTER TABLE a SET (fillfactor = 70); \
                    ALTER INDEX i RESET (fillfactor); ALTER INDEX i SET (fillfactor = 70); \
                    ALTER VIEW v RESET (security_barrier); ALTER VIEW v SET (security_barrier = true)";
    database.execute(set_anew).await;
    verify(&database, &folder, 0);
    database.execute("ALTER INDEX i SET (fillfactor = 80)").await;
    verify(&database, &folder, 9);
}

async fn drift_beside_what_is_not_managed_is_reverted_and_adopted(database: TestDatabase) {
    let made = "CREATE TABLE o (id INT);\n\
                CREATE TYPE pair AS (a INT, b TEXT);\n\
                CREATE TABLE typed OF pair (a WITH OPTIONS PRIMARY KEY, b WITH OPTIONS DEFAULT 'x');\n\
                CREATE TYPE span AS RANGE (subtype = float8);\n\
                CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;\n\
                CREATE FOREIGN TABLE f (a INT) SERVER s;\n";
    let folder = Folder::new(&[("1_a.up.sql", made)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    database.execute("ALTER TABLE o ADD x INT").await;
    let reverts = run(migrate(&database, &["verify", "--revert", "--dir", dir])).expect(0).stdout;
    assert!(reverts.contains("ALTER TABLE o DROP COLUMN x"), "{reverts}");
    run(migrate(&database, &["verify", "--adopt", "--dir", dir])).expect(0);
    verify(&database, &folder, 0);
    database.execute("ALTER FOREIGN TABLE f ADD b INT").await;
    run(migrate(&database, &["verify", "--revert", "--dir", dir])).expect(11);
}

async fn schema_that_the_files_make_has_no_drift(database: TestDatabase) {
    let folder = upgraded(&database, "head");
    let document = verify(&database, &folder, 0);
    assert_eq!(document["checked"], 2);
    assert_eq!(document["differences"].as_array().unwrap().len(), 0);
}

async fn each_kind_of_drift_is_found_and_named(database: TestDatabase) {
    let folder = upgraded(&database, "head");
    database
        .execute(
            "DROP TABLE c; ALTER TABLE a ADD COLUMN z INTEGER;
             CREATE TABLE extra (id INTEGER PRIMARY KEY)",
        )
        .await;
    let document = verify(&database, &folder, 9);
    let found: Vec<(&str, &str)> = document["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| (found["kind"].as_str().unwrap(), found["object"].as_str().unwrap()))
        .collect();
    let table = |name| match database.engine() {
        Engine::Postgres => format!("table public.{name}"),
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => format!("table {name}"),
    };
    let (a, c, extra) = (table("a"), table("c"), table("extra"));
    assert_eq!(found, [("changed", &*a), ("missing", &*c), ("unexpected", &*extra)]);
    let dir = folder.path().to_str().unwrap();
    let told = run(migrate(&database, &["verify", "--drift", "--dir", dir])).expect(9);
    assert!(told.stdout.contains("  + ") && told.stdout.contains("  - "), "{}", told.stdout);
}

async fn pending_revisions_are_no_drift(database: TestDatabase) {
    let folder = upgraded(&database, "1");
    assert_eq!(verify(&database, &folder, 0)["checked"], 1);
}

/// The way back puts what was dropped at the end, where no statement moves it back from.
async fn what_was_undone_and_stands_last_is_no_drift(database: TestDatabase) {
    let files = match database.engine() {
        Engine::Postgres => [
            ("1_a.sql", "CREATE TABLE a (i INTEGER, j INTEGER);\n"),
            ("2_b.up.sql", "ALTER TABLE a DROP COLUMN i;\n"),
            ("2_b.down.sql", "ALTER TABLE a ADD COLUMN i INTEGER;\n"),
        ],
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => [
            ("1_a.sql", "CREATE TABLE a (i INTEGER, j INTEGER, KEY x (i), KEY y (j));\n"),
            ("2_b.up.sql", "ALTER TABLE a DROP KEY x;\n"),
            ("2_b.down.sql", "ALTER TABLE a ADD KEY x (i);\n"),
        ],
    };
    let folder = Folder::new(&files);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    run(migrate(&database, &["downgrade", "-1", "--dir", dir])).expect(0);
    verify(&database, &folder, 0);
    database.execute("ALTER TABLE a ADD COLUMN k INTEGER").await;
    verify(&database, &folder, 9);
}

async fn dump_says_what_a_column_has_of_its_own(database: TestDatabase) {
    let column = match database.engine() {
        Engine::Postgres => "text COMPRESSION pglz",
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => "VARBINARY(9) DEFAULT 0x27ff8000",
    };
    let folder = Folder::new(&[("1_a.sql", &format!("CREATE TABLE a (i INTEGER, t {column});\n"))]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    verify(&database, &folder, 0);
    let dumped = run(migrate(&database, &["schema", "--dir", dir])).expect(0).stdout;
    std::fs::write(folder.path().join("schema.sql"), dumped).unwrap();
    run(migrate(&database, &["check", "--dir", dir])).expect(0);
}

async fn user_without_the_right_is_told_what_to_set(database: TestDatabase) {
    let folder = upgraded(&database, "head");
    let name = texts(&database, "SELECT current_database()::text").await.remove(0);
    database
        .execute(&format!(
            "CREATE ROLE r_{name} LOGIN PASSWORD 'x'; \
             GRANT SELECT ON ALL TABLES IN SCHEMA public TO r_{name}"
        ))
        .await;
    let (scheme, rest) = database.url().split_once("://").unwrap();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let url = format!("{scheme}://r_{name}:x@{host}");
    let dir = folder.path().to_str().unwrap();
    let mut command = migrate(&database, &["verify", "--output", "json", "--dir", dir]);
    command.env("DATABASE_URL", &url);
    let refused = run(command);
    let mut helped = migrate(&database, &["verify", "--dir", dir]);
    helped.env("DATABASE_URL", &url).env("SCRATCH_DATABASE_URL", database.url());
    let helped = run(helped);
    database.execute(&format!("DROP OWNED BY r_{name}; DROP ROLE r_{name}")).await;
    assert_eq!(refused.expect(2).json()["error"]["reason"], "SCRATCH_REQUIRED");
    helped.expect(0);
}

/// The server fills in the time of the statement, which is another one in every database.
async fn event_without_a_start_has_no_drift(database: TestDatabase) {
    let event = |name: &str, when: &str| {
        format!("CREATE EVENT {name} ON SCHEDULE EVERY 1 DAY{when} DO DELETE FROM a;\n")
    };
    let said = event("f", " STARTS '2035-01-01 00:00:00'");
    let text = format!("CREATE TABLE a (i INTEGER);\n{}{said}", event("e", ""));
    let folder = Folder::new(&[("1_a.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let earlier = format!("SET timestamp = 1767225600; DROP EVENT e; {}", event("e", ""));
    database.execute(&earlier).await;
    let when = "SELECT CAST(starts AS CHAR(40)) FROM information_schema.events \
                WHERE event_schema = DATABASE() AND event_name = 'e'";
    assert!(texts(&database, when).await[0].starts_with("2026-01-01"), "the clock was not set");
    verify(&database, &folder, 0);
    let moved = "ALTER EVENT f ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00'";
    database.execute(moved).await;
    let found = verify(&database, &folder, 9);
    assert_eq!(found["differences"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["differences"][0]["object"], "event f");
}

/// The server prints them with the database's name, which is another one in the scratch database.
async fn sequences_of_tables_and_views_have_no_drift(database: TestDatabase) {
    let text = "CREATE SEQUENCE s;\nCREATE TABLE a (i INTEGER DEFAULT (NEXT VALUE FOR s));\n\
                CREATE VIEW v AS SELECT i, NEXTVAL(s) AS n FROM a;\n";
    let folder = Folder::new(&[("1_a.sql", text), ("2_b.sql", "CREATE TABLE b (i INTEGER);\n")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    verify(&database, &folder, 0);
    let name = texts(&database, "SELECT DATABASE()").await;
    let schema = run(migrate(&database, &["schema"])).expect(0).stdout;
    assert!(schema.contains("nextval(`s`)") && !schema.contains(&name[0]), "{schema}");
    run(migrate(&database, &["squash", "--to", "2", "--dir", dir])).expect(0);
}

/// The file is applied here; what it needed was made by nobody's files.
async fn file_that_fails_in_a_scratch_database_is_told_as_that(database: TestDatabase) {
    database.execute("CREATE TABLE theirs (i INTEGER)").await;
    let folder = Folder::new(&[("1_a.sql", "DROP TABLE theirs;\n")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let error = &verify(&database, &folder, 6)["error"];
    assert!(!error["next"].as_str().unwrap().contains("upgrade"), "{error}");
    let told = run(migrate(&database, &["verify", "--dir", dir])).expect(6).stderr;
    assert!(told.contains("in the database: no change"), "{told}");
    std::fs::write(folder.path().join("1_a.sql"), "DROP TABLE IF EXISTS theirs;\n").unwrap();
    run(migrate(&database, &["repair", "--accept", "1", "--dir", dir])).expect(0);
    verify(&database, &folder, 0);
}

async fn partition_that_comes_is_told_and_no_drift(database: TestDatabase) {
    let (cut, another, told) = if database.engine() == Engine::Postgres {
        (
            "CREATE TABLE p (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);\n\
             CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);\n\
             CREATE TABLE c (id int, d int, FOREIGN KEY (id, d) REFERENCES p);\n",
            "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20); CREATE INDEX p2_d ON p2 (d); \
             COMMENT ON COLUMN p2.d IS 'x'",
            "partition public.p2, which the files do not make",
        )
    } else {
        (
            "CREATE TABLE p (id int NOT NULL, d int NOT NULL, PRIMARY KEY (id, d)) \
             PARTITION BY RANGE (d) (PARTITION p1 VALUES LESS THAN (10));\n",
            "ALTER TABLE p ADD PARTITION (PARTITION p2 VALUES LESS THAN (20))",
            "partitions of table p, which are others than the files make",
        )
    };
    let folder = Folder::new(&[("1_p.up.sql", cut)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    database.execute(another).await;
    let document = verify(&database, &folder, 0);
    assert_eq!(document["unmanaged"], serde_json::json!([told]), "{document}");
    let text = run(migrate(&database, &["verify", "--dir", dir])).expect(0).stdout;
    assert!(text.contains(&format!("not looked at: {told}\n")), "{text}");
    let revert = run(migrate(&database, &["verify", "--revert", "--dir", dir])).expect(0).stdout;
    assert_eq!(revert, "-- the schema is what the files make\n");
    let adopt = migrate(&database, &["verify", "--adopt", "--output", "json", "--dir", dir]);
    assert_eq!(run(adopt).expect(0).json()["revisions"], serde_json::json!([]));
    if database.engine() == Engine::Postgres {
        database.execute("CREATE INDEX p1_d ON p1 (d)").await;
        let document = verify(&database, &folder, 9);
        assert_eq!(document["differences"].as_array().unwrap().len(), 1, "{document}");
        database.execute("DROP INDEX p1_d").await;
        verify(&database, &folder, 0);
    }
    database.execute("ALTER TABLE p ADD COLUMN e int").await;
    verify(&database, &folder, 9);
}

async fn packages_are_part_of_the_schema(database: TestDatabase) {
    let package = |body: &str| {
        format!(
            "SET sql_mode = 'ORACLE';\nCREATE PACKAGE pk AS FUNCTION f(x INT) RETURN INT; END;\n\
             CREATE PACKAGE BODY pk AS FUNCTION f(x INT) RETURN INT AS BEGIN RETURN {body}; END; END;\n"
        )
    };
    let folder = Folder::new(&[("1_a.up.sql", &package("x + 1"))]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let schema = run(migrate(&database, &["schema"])).expect(0).stdout;
    std::fs::write(folder.path().join("schema.sql"), &schema).unwrap();
    let check = run(migrate(&database, &["check", "--dir", dir])).expect(0);
    assert!(check.stdout.contains("not looked at: package body pk"), "{}", check.stdout);
    std::fs::write(folder.path().join("schema.sql"), package("x + 2")).unwrap();
    let other = run(migrate(&database, &["check", "--dir", dir])).expect(11);
    assert!(other.stderr.contains("package pk, which is another one"), "{}", other.stderr);
    let empty = Folder::new(&[]);
    let fresh = TestDatabase::create(database.engine()).await;
    fresh.execute(&package("x + 1")).await;
    let adopting = empty.path().to_str().unwrap();
    run(migrate(&fresh, &["adopt", "--dir", adopting])).expect(0);
    run(migrate(&fresh, &["verify", "--dir", adopting])).expect(0);
    database.execute("SET sql_mode = 'ORACLE'; DROP PACKAGE pk").await;
    let found = verify(&database, &folder, 9);
    let objects = found["differences"].as_array().unwrap().iter().map(|one| &one["object"]);
    assert_eq!(objects.collect::<Vec<_>>(), ["package pk", "package body pk"]);
}

async fn view_of_a_definer_who_is_gone_has_no_drift(database: TestDatabase) {
    let view = "VIEW v AS SELECT id FROM t WHERE id > 1";
    let text = format!("CREATE TABLE t (id INT PRIMARY KEY);\nCREATE {view};\n");
    let folder = Folder::new(&[("1_a.up.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    database.execute(&format!("CREATE OR REPLACE DEFINER = `gone`@`%` {view}")).await;
    assert_eq!(verify(&database, &folder, 0)["differences"], serde_json::json!([]));
    let url = database.url().to_owned();
    let check = ["check", "--dir", dir, "--desired-url", &url];
    run(migrate(&database, &check)).expect(0);
}
