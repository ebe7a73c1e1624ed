//! The commands that write what is recorded, and the scripts that do what others would.

use artisan_migrate::split::split;
use artisan_testkit::{Engine, TestDatabase};
use sqlx::{AssertSqlSafe, Connection};

use super::folder::{Folder, bare, count, migrate, refuses, run, texts};

artisan_testkit::on_every_engine! {
    stamp_records_without_running_and_purge_forgets,
    check_tells_what_is_pending,
    pending_contract_is_told_with_its_command,
    script_does_what_an_upgrade_does,
    script_refuses_a_database_that_stands_elsewhere,
    script_that_fails_within_a_file_leaves_it_half_applied,
    script_means_the_same_in_whatever_session_it_runs,
}
artisan_testkit::on_engine!(
    postgres_schemas,
    Postgres,
    script_makes_the_schemas_that_an_upgrade_makes
);

const FILES: [(&str, &str); 6] = [
    (
        "1_a.up.sql",
        "CREATE TABLE a (i INTEGER PRIMARY KEY, t VARCHAR(50));\nINSERT INTO a VALUES (1, 'it''s; \\ \"one\"');\n",
    ),
    ("1_a.down.sql", "-- a 'quote', a \\ and a \"\nDROP TABLE a;\n"),
    ("2_b.up.sql", "ALTER TABLE a ADD COLUMN j INTEGER;\nUPDATE a SET j = i * 2;\n"),
    ("2_b.down.sql", "ALTER TABLE a DROP COLUMN j;\n"),
    ("3_c.up.sql", "-- phase: contract\nINSERT INTO a (i) VALUES (3);\n"),
    ("3_c.down.sql", "DELETE FROM a WHERE i = 3;\n"),
];

fn folder(engine: Engine) -> Folder {
    let trigger = match engine {
        Engine::Sqlite => {
            "CREATE TRIGGER a_insert AFTER INSERT ON a BEGIN UPDATE a SET j = 0 WHERE j IS NULL; \
             SELECT 1; END;\n"
        }
        Engine::MariaDb | Engine::MySql => {
            "CREATE TRIGGER a_insert BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.j = 0; \
             SET NEW.i = NEW.i; END;\n"
        }
        Engine::Postgres => "-- no-transaction\nCREATE INDEX CONCURRENTLY a_j ON a (j);\n",
    };
    let down = match engine {
        Engine::Sqlite | Engine::MariaDb | Engine::MySql => "DROP TRIGGER a_insert;\n",
        Engine::Postgres => "DROP INDEX a_j;\n",
    };
    let mut files = FILES.to_vec();
    files.extend([("4_d.up.sql", trigger), ("4_d.down.sql", down)]);
    Folder::new(&files)
}

/// Feeds a script to the engine as its client would: without the lines that are for the client.
async fn feed(database: &TestDatabase, script: &str) {
    feed_to(database, "SELECT 1", script).await;
}

/// The same in a session that something was done with before.
async fn feed_to(database: &TestDatabase, before: &str, script: &str) {
    try_to_feed(database, before, script).await.unwrap();
}

/// The same, up to the first statement that is refused.
async fn try_to_feed(database: &TestDatabase, before: &str, script: &str) -> Result<(), String> {
    let engine = match database.engine() {
        Engine::Sqlite => artisan_migrate::Engine::Sqlite,
        Engine::MariaDb => artisan_migrate::Engine::MariaDb,
        Engine::MySql => artisan_migrate::Engine::MySql,
        Engine::Postgres => artisan_migrate::Engine::Postgres,
    };
    // As clients do, where the file is not there yet.
    database.execute("SELECT 1").await;
    let pieces = split(engine, script);
    let statements = pieces.iter().map(|piece| piece.statement).filter(|sql| !sql.is_empty());
    macro_rules! execute {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(database.url()).await.unwrap();
            for statement in std::iter::once(before).chain(statements) {
                let sql = AssertSqlSafe(statement.to_owned());
                let ran = sqlx::raw_sql(sql).execute(&mut connection).await;
                ran.map_err(|error| format!("{error}: {statement}"))?;
            }
            connection.close().await.unwrap();
            Ok(())
        }};
    }
    match database.engine() {
        Engine::Sqlite => execute!(sqlx::SqliteConnection),
        Engine::MariaDb | Engine::MySql => execute!(sqlx::MySqlConnection),
        Engine::Postgres => execute!(sqlx::PgConnection),
    }
}

/// What is recorded, times apart.
async fn recorded(database: &TestDatabase) -> Vec<String> {
    let hex = match database.engine() {
        Engine::Postgres => "encode(checksum, 'hex')",
        _ => "HEX(checksum)",
    };
    let text = |column: &str| format!("CAST({column} AS CHAR(200))");
    let mut all = Vec::new();
    for column in ["version", "description", "success"] {
        let cast = if column == "success" { "CASE WHEN success THEN 1 ELSE 0 END" } else { column };
        all.extend(
            texts(
                database,
                &format!("SELECT {} FROM _sqlx_migrations ORDER BY version", text(cast)),
            )
            .await,
        );
    }
    all.extend(
        texts(database, &format!("SELECT {} FROM _sqlx_migrations ORDER BY version", text(hex)))
            .await,
    );
    for column in ["name", "phase", "floor", "down_file", "down_script"] {
        let sql = format!("SELECT {} FROM _migrate_revisions ORDER BY version", text(column));
        all.extend(texts(database, &sql).await);
    }
    all
}

async fn stamp_records_without_running_and_purge_forgets(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    let with = |code: i32, arguments: &[&str]| {
        run(migrate(&database, &[arguments, &["--dir", dir, "--output", "json"]].concat()))
            .expect(code)
            .json()
    };
    with(0, &["ensure-version"]);
    assert_eq!(count(&database, "_sqlx_migrations").await, 0);
    let stamped = with(0, &["stamp", "2"]);
    assert_eq!(stamped["added"].as_array().unwrap().len(), 2);
    assert_eq!(with(0, &["stamp", "2"])["added"], serde_json::json!([]));
    let stamped = with(0, &["stamp", "1"]);
    assert_eq!(stamped["removed"][0]["name"], "b");
    assert_eq!(count(&database, "_sqlx_migrations WHERE execution_time = -1").await, 1);
    assert_eq!(with(0, &["verify", "--checksums"])["checked"], 1);
    database
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9, 'gone', FALSE, '', 1)",
        )
        .await;
    assert_eq!(with(2, &["stamp", "head"])["error"]["reason"], "HALF_APPLIED");
    let purged = with(0, &["stamp", "base", "--purge"]);
    assert_eq!(purged["removed"].as_array().unwrap().len(), 2);
    assert_eq!(count(&database, "_sqlx_migrations").await, 0);
}

async fn check_tells_what_is_pending(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    let check = |code: i32| {
        run(migrate(&database, &["check", "--dir", dir, "--output", "json"])).expect(code).json()
    };
    assert_eq!(check(9)["differences"][0]["object"], "1 a");
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    assert_eq!(check(0)["differences"], serde_json::json!([]));
    std::fs::write(folder.path().join("5_e.sql"), "-- revises: 1\n").unwrap();
    let several = check(7);
    assert_eq!(several["heads"].as_array().unwrap().len(), 2);
    assert_eq!(several["error"]["reason"], "MULTIPLE_HEADS");
    assert_eq!(several["error"]["exit"], 7);
}

async fn pending_contract_is_told_with_its_command(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "2", "--dir", dir])).expect(0);
    let told =
        run(migrate(&database, &["current", "--check-heads", "--dir", dir])).expect(9).stdout;
    let next = format!("2 pending: run `migrate upgrade --phase contract --dir {dir}`, once no");
    assert!(told.contains(&next), "{told}");
}

async fn script_does_what_an_upgrade_does(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    let printed = |arguments: &[&str]| {
        let mut command = bare(&[arguments, &["--dir", dir, "--sql"]].concat());
        command.args(["--engine", database.engine().name()]);
        run(command).expect(0).stdout
    };
    // The third is a contract revision, which a database that has others does not take unasked.
    let all = |range| printed(&["upgrade", range, "--phase", "all"]);
    let other = TestDatabase::create(database.engine()).await;
    run(migrate(&other, &["upgrade", "--dir", dir])).expect(0);
    feed(&database, &printed(&["upgrade", ":2"])).await;
    feed(&database, &all("2:head")).await;
    assert_eq!(recorded(&database).await, recorded(&other).await);
    let rows = "SELECT CAST(COALESCE(j, 9) + 10 * i AS CHAR(20)) FROM a ORDER BY i";
    assert_eq!(texts(&database, rows).await, texts(&other, rows).await);
    let rows = "SELECT t FROM a WHERE t IS NOT NULL";
    assert_eq!(texts(&database, rows).await, texts(&other, rows).await);
    let upgraded = run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    assert_eq!(upgraded.stdout, "nothing to do\n");
    feed(&database, &printed(&["downgrade", "head:1"])).await;
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    let unknown = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
                   execution_time) VALUES (9, 'theirs', TRUE, '', 1)";
    database.execute(unknown).await;
    assert!(refuses(&database, &printed(&["stamp", "heads"])).await, "it wiped what is unknown");
    feed(&database, &printed(&["stamp", "heads", "--purge"])).await;
    assert_eq!(recorded(&database).await, recorded(&other).await);
}

async fn script_refuses_a_database_that_stands_elsewhere(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    let mut command = bare(&["upgrade", "2:3", "--phase", "all", "--sql", "--dir", dir]);
    command.args(["--engine", database.engine().name()]);
    let script = run(command).expect(0).stdout;
    run(migrate(&database, &["upgrade", "1", "--dir", dir])).expect(0);
    let refused = refuses(&database, &script).await;
    assert!(refused, "the script ran");
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    assert_eq!(count(&database, "a").await, 1);
}

async fn script_that_fails_within_a_file_leaves_it_half_applied(database: TestDatabase) {
    let ends = |table: &str| {
        format!(
            "-- no-transaction\nINSERT INTO a VALUES (1);\nALTER TABLE {table} ADD COLUMN x INTEGER;\n"
        )
    };
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("2_b.up.sql", &ends("nosuch")),
        ("2_b.down.sql", "-- no-transaction\nDELETE FROM a;\nDROP TABLE nosuch;\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let printed = |arguments: &[&str]| {
        let mut command = bare(&[arguments, &["--dir", dir, "--sql"]].concat());
        command.args(["--engine", database.engine().name()]);
        run(command).expect(0).stdout
    };
    let at = |code: i32, arguments: &[&str]| {
        let all = [arguments, &["--dir", dir, "--output", "json"]].concat();
        run(migrate(&database, &all)).expect(code).json()
    };
    at(0, &["upgrade", "1"]);
    for (range, way) in [("1:2", "--not-done"), ("2:1", "--done")] {
        let command = if range == "1:2" { "upgrade" } else { "downgrade" };
        let script = printed(&[command, range]);
        assert!(try_to_feed(&database, "SELECT 1", &script).await.is_err(), "{range} ran");
        assert_eq!(count(&database, "_sqlx_migrations WHERE NOT success").await, 1, "{range}");
        assert_eq!(at(0, &["repair"])["findings"][0]["kind"], "dirty");
        assert_eq!(at(7, &["upgrade"])["error"]["reason"], "DIRTY");
        let rows = count(&database, "a").await;
        assert!(try_to_feed(&database, "SELECT 1", &script).await.is_err(), "{range} ran again");
        assert_eq!(count(&database, "a").await, rows, "{range} ran again");
        at(0, &["repair", way, "2"]);
        if range == "1:2" {
            std::fs::write(folder.path().join("2_b.up.sql"), ends("a")).unwrap();
            feed(&database, &printed(&["upgrade", "1:2"])).await;
            assert_eq!(count(&database, "_sqlx_migrations WHERE success").await, 2);
        }
    }
}

async fn script_makes_the_schemas_that_an_upgrade_makes(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("sqlx.toml", "[migrate]\ntable-name = \"audit.applied\"\ncreate-schemas = [\"audit\"]\n"),
    ]);
    for arguments in [&["ensure-version"][..], &["stamp", "head"], &["upgrade"]] {
        let mut command =
            bare(&[arguments, &["--dir", ".", "--sql", "--engine", "postgres"]].concat());
        command.current_dir(folder.path());
        feed(&database, &run(command).expect(0).stdout).await;
        let expected = usize::from(arguments != ["ensure-version"]);
        assert_eq!(count(&database, "audit.applied").await, expected, "{arguments:?}");
        let of = "_of_audit_applied_d686c20c";
        let own = format!("_migrate_revisions{of}, _migrate_journal{of}");
        database.execute(&format!("DROP SCHEMA audit CASCADE; DROP TABLE {own}")).await;
    }
}

/// What the settings of a session decide: files, how a client's session may stand, and what to compare.
type Sensitive = ([(&'static str, &'static str); 4], &'static str, &'static [&'static str]);

fn sensitive(engine: Engine) -> Sensitive {
    match engine {
        Engine::Sqlite => sensitive_on_sqlite(),
        Engine::MariaDb | Engine::MySql => sensitive_on_mysql(),
        Engine::Postgres => sensitive_on_postgres(),
    }
}

fn sensitive_on_sqlite() -> Sensitive {
    (
        [
            (
                "1_a.sql",
                "CREATE TABLE p (i INTEGER PRIMARY KEY);\nCREATE TABLE t (i INTEGER REFERENCES p ON DELETE \
                     CASCADE);\nINSERT INTO p VALUES (1), (2), (3);\nINSERT INTO t VALUES (1), (2), (3);\n\
                     CREATE TABLE log (a);\nCREATE TABLE n (a);\nCREATE TEMP TABLE n (a);\nINSERT INTO main.n VALUES ('kept');\n\
                     DROP TABLE temp.n;\nCREATE TEMP VIEW v AS SELECT 1;\nPRAGMA case_sensitive_like = ON;\n\
                     CREATE TEMP TABLE o (a);\nCREATE TEMP TRIGGER o AFTER DELETE ON p BEGIN INSERT INTO log VALUES ('fired'); END;\n",
            ),
            (
                "2_b.sql",
                "DELETE FROM p WHERE i = 1;\nINSERT INTO n SELECT 'like' WHERE 'a' LIKE 'A';\n\
                     CREATE TABLE o (b);\nINSERT INTO o (b) VALUES (1);\n",
            ),
            (
                "3_c.sql",
                "-- no-transaction\nPRAGMA foreign_keys = OFF;\nDELETE FROM p WHERE i = 2;\n",
            ),
            ("4_d.sql", "DELETE FROM p WHERE i = 3;\n"),
        ],
        "PRAGMA foreign_keys = OFF",
        &["SELECT CAST(i AS TEXT) FROM t", "SELECT a FROM n ORDER BY a", "SELECT a FROM log"],
    )
}

fn sensitive_on_mysql() -> Sensitive {
    (
        [
            (
                "1_a.sql",
                "CREATE TABLE t (i INTEGER PRIMARY KEY, s VARCHAR(50) CHARACTER SET utf8mb4, at TIMESTAMP NULL);\n\
                     INSERT INTO t VALUES (1, 'é😀', '2026-01-01 00:00:00'), (2, 'a' || 'b', NULL);\n\
                     CREATE VIEW v AS SELECT s || i AS whole FROM t;\n\
                     CREATE TABLE c (i INTEGER, FOREIGN KEY (i) REFERENCES t (i));\n",
            ),
            (
                "2_b.sql",
                "SET NAMES latin1;\nSET @@SESSION.sql_mode = 'ANSI_QUOTES', time_zone = '+09:00', @n = 1;\n\
                     SET autocommit = 0;\nINSERT INTO t VALUES (3, 'é', '2026-01-01 00:00:00');\n\
                     CREATE TEMPORARY TABLE x (i INTEGER);\n",
            ),
            (
                "3_c.sql",
                "DELIMITER ;;\n/*!50003 CREATE TRIGGER t_insert BEFORE INSERT ON t FOR EACH ROW BEGIN SET \
                     NEW.s = NEW.s || '!'; SET NEW.i = NEW.i; END */;;\nDELIMITER ;\n\
                     INSERT INTO t VALUES (4, \"é\" || COALESCE(@n, ''), '2026-01-01 00:00:00');\n",
            ),
            ("4_d.sql", "CREATE TABLE x (i INTEGER);\nINSERT IGNORE INTO c VALUES (1), (99);\n"),
        ],
        "SET NAMES latin1, sql_mode = '', time_zone = '-03:00', sql_safe_updates = 1, \
             foreign_key_checks = 0, autocommit = 0",
        &[
            "SELECT HEX(s) FROM t ORDER BY i",
            "SELECT HEX(whole) FROM v ORDER BY whole",
            "SELECT CAST(i AS CHAR(9)) FROM c ORDER BY i",
            "SELECT CONCAT(CAST(i AS CHAR(9)), COALESCE(UNIX_TIMESTAMP(at), '')) FROM t ORDER BY i",
            "SELECT sql_mode FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
        ],
    )
}

fn sensitive_on_postgres() -> Sensitive {
    (
        [
            (
                "1_a.sql",
                "CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT, at TIMESTAMPTZ, d DATE);\n\
                     INSERT INTO t VALUES (1, 'é\\', '2026-01-01 00:00:00', '02/03/2026');\n",
            ),
            (
                "2_b.sql",
                "SELECT set_config('search_path', '', false);\nSET TimeZone = 'Asia/Tokyo';\n\
                     CREATE TEMP TABLE x (i INTEGER);\n\
                     CREATE FUNCTION pg_temp.f() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1';\n\
                     CREATE FUNCTION pg_temp.add(INTEGER, INTEGER) RETURNS INTEGER LANGUAGE sql AS 'SELECT $1 + $2';\n\
                     CREATE AGGREGATE pg_temp.total(INTEGER) (sfunc = pg_temp.add, stype = INTEGER);\n\
                     INSERT INTO public.t VALUES (2, '', '2026-01-01 00:00:00');\n",
            ),
            (
                "3_c.sql",
                "-- no-transaction\nSET client_encoding = 'LATIN1';\nSET search_path = pg_catalog;\n\
                     INSERT INTO public.t VALUES (3, 'é', '2026-01-01 00:00:00');\n",
            ),
            (
                "4_d.sql",
                "INSERT INTO t VALUES (4, 'é', '2026-01-01 00:00:00', '02/03/2026');\nCREATE TABLE x (i INTEGER);\n\
                     INSERT INTO t SELECT 5, count(*) FROM pg_proc WHERE pronamespace = pg_my_temp_schema();\n",
            ),
        ],
        "SET client_encoding = 'LATIN1'; SET TimeZone = 'America/Sao_Paulo'; SET DateStyle = 'SQL, DMY'; \
             SET standard_conforming_strings = off",
        &[
            "SELECT concat(i, encode(convert_to(s, 'UTF8'), 'hex')) FROM t ORDER BY i",
            "SELECT concat(extract(epoch FROM at)::bigint, d - '2026-01-01') FROM t ORDER BY i",
            "SELECT relname::text FROM pg_class WHERE relname = 'x' AND relnamespace = 'public'::regnamespace",
        ],
    )
}

async fn script_means_the_same_in_whatever_session_it_runs(database: TestDatabase) {
    let (files, before, questions) = sensitive(database.engine());
    let folder = Folder::new(&files);
    let dir = folder.path().to_str().unwrap();
    let other = TestDatabase::create(database.engine()).await;
    run(migrate(&other, &["upgrade", "--dir", dir])).expect(0);
    let mut command = bare(&["upgrade", "--sql", "--dir", dir]);
    command.args(["--engine", database.engine().name()]);
    feed_to(&database, before, &run(command).expect(0).stdout).await;
    for question in questions {
        let (script, upgrade) = (texts(&database, question).await, texts(&other, question).await);
        assert!(!upgrade.is_empty() || database.engine() == Engine::Sqlite, "{question}");
        assert_eq!(script, upgrade, "{question}");
    }
    assert_eq!(count(&database, "_sqlx_migrations WHERE success").await, files.len());
}

#[test]
fn script_takes_the_phases_that_an_upgrade_takes() {
    let contract = "-- phase: contract\nDROP TABLE a;\n";
    let folder =
        Folder::new(&[("5_e.sql", "SELECT 5;\n"), ("6_f.sql", contract), ("7_g.sql", contract)]);
    let dir = folder.path().to_str().unwrap();
    let at = |code: i32, arguments: &[&str]| {
        let all = [arguments, &["--sql", "--engine", "sqlite", "--dir", dir]].concat();
        run(bare(&all)).expect(code)
    };
    let held_back = at(0, &["upgrade", "5:head"]);
    let told = "stops before 6 f, which belongs to the phase contract: write `migrate upgrade 5:head --sql \
                --phase contract` once no old program runs any more";
    assert!(held_back.stdout.contains(&format!("-- {told}\n")), "{}", held_back.stdout);
    assert!(held_back.stderr.contains(told), "{}", held_back.stderr);
    assert!(!held_back.stdout.contains("DROP TABLE a;"), "{}", held_back.stdout);
    for arguments in [
        &["upgrade", "5:head", "--phase", "contract"][..],
        &["upgrade", "5:head", "--phase", "all"],
        &["upgrade"],
    ] {
        let script = at(0, arguments);
        assert_eq!(script.stdout.matches("DROP TABLE a;").count(), 2, "{}", script.stdout);
        assert_eq!(script.stderr, "");
    }
    std::fs::write(folder.path().join("8_h.sql"), "SELECT 8;\n").unwrap();
    let refused = at(7, &["upgrade", "5:head"]);
    assert!(refused.stderr.contains("stands behind the contract revision 6"), "{}", refused.stderr);
}

#[test]
fn script_leaves_no_database() {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;\nUSE shop;\n")]);
    let dir = folder.path().to_str().unwrap();
    let ended = run(bare(&["upgrade", "--sql", "--engine", "mysql", "--dir", dir])).expect(2);
    assert!(ended.stderr.contains("1_a.sql:2: `USE shop`"), "{}", ended.stderr);
}

#[test]
fn script_needs_an_engine_and_a_downgrade_a_range() {
    let folder = Folder::new(&FILES);
    let dir = folder.path().to_str().unwrap();
    let ended = run(bare(&["upgrade", "--sql", "--dir", dir])).expect(2);
    assert!(ended.stderr.contains("--engine"), "{}", ended.stderr);
    let ended =
        run(bare(&["downgrade", "base", "--sql", "--engine", "mysql", "--dir", dir])).expect(2);
    assert!(ended.stderr.contains("head:base"), "{}", ended.stderr);
    for (command, range, right) in
        [("upgrade", "2:1", "downgrade"), ("downgrade", "1:2", "upgrade")]
    {
        let arguments = [command, range, "--sql", "--engine", "mysql", "--dir", dir];
        let ended = run(bare(&arguments)).expect(2);
        let wanted = format!("write `migrate {right} {range} --sql`");
        assert!(ended.stderr.contains(&wanted), "{}", ended.stderr);
    }
    let mut command = bare(&["upgrade", "1:2", "--dir", dir]);
    command.env("DATABASE_URL", "sqlite:a.db");
    assert!(run(command).expect(2).stderr.contains("--sql"));
}
