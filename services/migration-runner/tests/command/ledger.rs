//! The commands that write what is recorded, and the scripts that do what others would.

use artisan_migrate::split::split;
use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, count, migrate, refuses, run, texts};

artisan_testkit::on_every_engine! {
    stamp_records_without_running_and_purge_forgets,
    check_tells_what_is_pending,
    script_does_what_an_upgrade_does,
    script_refuses_a_database_that_stands_elsewhere,
}

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
    let engine = match database.engine() {
        Engine::Sqlite => artisan_migrate::Engine::Sqlite,
        Engine::MariaDb => artisan_migrate::Engine::MariaDb,
        Engine::MySql => artisan_migrate::Engine::MySql,
        Engine::Postgres => artisan_migrate::Engine::Postgres,
    };
    let pieces = split(engine, script);
    let statements: Vec<&str> = pieces.iter().map(|piece| piece.statement).collect();
    // The server takes this kind of index alone, so that the script is fed in parts.
    let mut part = String::new();
    for statement in statements.iter().filter(|statement| !statement.is_empty()) {
        if statement.contains("CONCURRENTLY") {
            database.execute(&part).await;
            database.execute(statement).await;
            part.clear();
        } else {
            part = part + statement + ";\n";
        }
    }
    database.execute(&part).await;
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
    assert_eq!(check(7)["heads"].as_array().unwrap().len(), 2);
}

async fn script_does_what_an_upgrade_does(database: TestDatabase) {
    let folder = folder(database.engine());
    let dir = folder.path().to_str().unwrap();
    let printed = |arguments: &[&str]| {
        let mut command = bare(&[arguments, &["--dir", dir, "--sql"]].concat());
        command.args(["--engine", database.engine().name()]);
        run(command).expect(0).stdout
    };
    let other = TestDatabase::create(database.engine()).await;
    run(migrate(&other, &["upgrade", "--dir", dir])).expect(0);
    feed(&database, &printed(&["upgrade", ":2"])).await;
    feed(&database, &printed(&["upgrade", "2:head"])).await;
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
    let mut command = bare(&["upgrade", "2:3", "--sql", "--dir", dir]);
    command.args(["--engine", database.engine().name()]);
    let script = run(command).expect(0).stdout;
    run(migrate(&database, &["upgrade", "1", "--dir", dir])).expect(0);
    let refused = refuses(&database, &script).await;
    assert!(refused, "the script ran");
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    assert_eq!(count(&database, "a").await, 1);
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
