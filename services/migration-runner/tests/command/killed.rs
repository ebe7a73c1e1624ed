//! Killed at any instant, the next run continues to the same schema and the same rows.
//!
//! `KILLS` says how often each engine's runner is killed, 20 times if it says nothing; half of them
//! on the way up, half on the way down.

use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase};
use sqlx::Connection as _;

use super::folder::{Folder, count, migrate, run, slow_insert, texts};

artisan_testkit::on_every_engine! { killed_at_any_instant_the_next_run_continues }
artisan_testkit::on_engine!(
    beside_others,
    MySql,
    bytes_that_others_send_do_not_hinder_the_next_run
);

async fn killed_at_any_instant_the_next_run_continues(database: TestDatabase) {
    let kills: u32 = std::env::var("KILLS").map_or(20, |kills| kills.parse().unwrap());
    let files = files(database.engine());
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = Folder::new(&files);
    let dir = folder.path().to_str().unwrap();
    let up = ["upgrade", "head", "--dir", dir];
    let down = ["downgrade", "base", "--dir", dir];
    let begin = Instant::now();
    run(migrate(&database, &up)).expect(0);
    let up_takes = begin.elapsed();
    let whole = state(&database).await;
    let begin = Instant::now();
    run(migrate(&database, &down)).expect(0);
    let down_takes = begin.elapsed();
    for round in 0..kills.div_ceil(2) {
        kill_after(&database, &up, up_takes, round).await;
        run(migrate(&database, &up)).expect(0);
        assert_eq!(state(&database).await, whole, "round {round}");
        kill_after(&database, &down, down_takes, round).await;
        run(migrate(&database, &down)).expect(0);
        assert_eq!(count(&database, "_sqlx_migrations").await, 0, "round {round}");
        assert_eq!(count(&database, "_migrate_journal").await, 0, "round {round}");
    }
}

/// The server shows nobody's process while one of them runs a statement whose bytes are no text.
async fn bytes_that_others_send_do_not_hinder_the_next_run(database: TestDatabase) {
    let slow = slow_insert(Engine::MySql, 20);
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE slow (i int);\n"),
        ("2_b.sql", "CREATE TABLE b (i int);\n"),
        ("3_c.sql", slow.as_str()),
    ]);
    let up = ["upgrade", "head", "--dir", folder.path().to_str().unwrap()];
    let mut child = migrate(&database, &up).spawn().unwrap();
    // The list of processes itself cannot show binary values (error 3854), and other tests send some.
    let running = "performance_schema.threads WHERE processlist_db = DATABASE() \
                   AND processlist_info LIKE 'INSERT INTO slow%'";
    while count(&database, running).await == 0 {
        tokio::task::yield_now().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut other = sqlx::MySqlConnection::connect(database.url()).await.unwrap();
    let bytes = tokio::spawn(async move {
        let query = sqlx::query("SELECT SLEEP(5), ?").bind(&b"\x93\0\0"[..]);
        query.execute(&mut other).await.map(drop)
    });
    run(migrate(&database, &up)).expect(0);
    assert_eq!(count(&database, "slow").await, 1);
    bytes.abort();
}

/// Starts the runner, and kills it somewhere within the time that it takes.
async fn kill_after(database: &TestDatabase, arguments: &[&str], takes: Duration, round: u32) {
    let mut child = migrate(database, arguments).spawn().unwrap();
    // The golden ratio spreads the instants over the run without ever repeating one.
    let share = (f64::from(round) * 0.618_033_988_749_895 + 0.01).fract();
    // The instant of the murder is the test's input, not a wait for something.
    tokio::time::sleep(takes.mul_f64(share)).await;
    // It may have been faster this time.
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Everything that the files leave, so that two of these are equal or something went wrong.
async fn state(database: &TestDatabase) -> Vec<String> {
    let mut all =
        texts(database, "SELECT CAST(i * 10 + j AS CHAR(20)) FROM slow ORDER BY i, j").await;
    assert_eq!(all, ["1", "12", "12", "19"]);
    all.extend(texts(database, "SELECT CAST(i * 10 + k AS CHAR(20)) FROM b ORDER BY i").await);
    all.push(count(database, "c").await.to_string());
    all.push(count(database, "_sqlx_migrations WHERE success = (1 = 1)").await.to_string());
    assert_eq!(count(database, "_migrate_journal").await, 0);
    let (indexes, objects) = match database.engine() {
        Engine::Sqlite => (
            "sqlite_schema WHERE type = 'index' AND name LIKE '%_j'",
            "(SELECT 1 FROM child WHERE parent IN (SELECT i FROM parent)) x",
        ),
        Engine::MariaDb | Engine::MySql => (
            "information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'slow_j'",
            "information_schema.triggers WHERE trigger_schema = DATABASE()",
        ),
        Engine::Postgres => {
            ("pg_index WHERE NOT indisvalid", "pg_class WHERE relname IN ('slow_j', 'b_k')")
        }
    };
    all.push(count(database, indexes).await.to_string());
    all.push(count(database, objects).await.to_string());
    all
}

fn files(engine: Engine) -> Vec<(&'static str, String)> {
    let slow = slow_insert(engine, 1);
    let drop_index = match engine {
        Engine::MariaDb | Engine::MySql => "DROP INDEX slow_j ON slow;\n",
        Engine::Sqlite | Engine::Postgres => "DROP INDEX slow_j;\n",
    };
    let slow_row = slow.replacen("INTO slow (i) SELECT 1", "INTO b (i) SELECT 3", 1);
    let (special_up, special_down) = special(engine);
    vec![
        (
            "1_a.up.sql",
            format!(
                "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow VALUES (0);\n{slow}\
                 ALTER TABLE slow ADD COLUMN j INTEGER;\nUPDATE slow SET j = i + 1;\n\
                 INSERT INTO slow (i, j) VALUES (1, 2);\n\
                 CREATE INDEX slow_j ON slow (j);\n{slow}UPDATE slow SET j = 9 WHERE j IS NULL;\n"
            ),
        ),
        ("1_a.down.sql", format!("{drop_index}DROP TABLE slow;\n")),
        (
            "2_b.up.sql",
            "CREATE TABLE b (i INTEGER);\nINSERT INTO b VALUES (1);\nINSERT INTO b VALUES (2);\n".into(),
        ),
        ("2_b.down.sql", format!("DELETE FROM b;\n{slow}DROP TABLE b;\n")),
        (
            "3_c.up.sql",
            "ALTER TABLE b ADD COLUMN k INTEGER;\nUPDATE b SET k = i;\nCREATE TABLE c (i INTEGER);\n"
                .into(),
        ),
        ("3_c.down.sql", "DROP TABLE c;\nALTER TABLE b DROP COLUMN k;\n".into()),
        ("4_d.up.sql", special_up.into()),
        ("4_d.down.sql", special_down.into()),
        // Nothing but rows, behind a file whose last row in the ledger may be owed still.
        ("5_e.up.sql", format!("{slow_row}UPDATE b SET k = i WHERE i = 3;\n")),
        ("5_e.down.sql", "DELETE FROM b WHERE i = 3;\n".into()),
    ]
}

/// What interrupts badly on this engine alone, and the way back.
fn special(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Sqlite => (
            "-- no-transaction\nPRAGMA foreign_keys = OFF;\nBEGIN;\n\
             CREATE TABLE parent (i INTEGER PRIMARY KEY);\n\
             CREATE TABLE child (parent INTEGER REFERENCES parent ON DELETE CASCADE);\n\
             INSERT INTO parent VALUES (1), (2);\nINSERT INTO child VALUES (1), (2), (2);\nCOMMIT;\n\
             BEGIN;\nCREATE TABLE new_parent (i INTEGER PRIMARY KEY, t TEXT);\n\
             INSERT INTO new_parent (i) SELECT i FROM parent;\nDROP TABLE parent;\n\
             ALTER TABLE new_parent RENAME TO parent;\nPRAGMA foreign_key_check;\nCOMMIT;\n\
             PRAGMA foreign_keys = ON;\n",
            "DROP TABLE child;\nDROP TABLE parent;\n",
        ),
        Engine::MariaDb | Engine::MySql => (
            "CREATE TABLE d (i INTEGER);\nRENAME TABLE d TO e;\n\
             CREATE TRIGGER b_insert BEFORE INSERT ON b FOR EACH ROW BEGIN SET NEW.i = NEW.i + 0; \
             SET NEW.k = NEW.i; END;\n\
             INSERT INTO e VALUES (1);\nALTER TABLE e ADD COLUMN f INTEGER, ADD INDEX (f);\n\
             INSERT INTO e VALUES (2, 2);\nDROP TABLE e;\n",
            "CREATE TABLE e (i INTEGER);\nDROP TRIGGER b_insert;\nDROP TABLE e;\n",
        ),
        Engine::Postgres => (
            "-- no-transaction\nCREATE INDEX CONCURRENTLY b_k ON b (k);\n\
             INSERT INTO c SELECT 1 FROM pg_sleep(0.05);\n\
             CREATE UNIQUE INDEX CONCURRENTLY c_i ON c (i);\n",
            "-- no-transaction\nDROP INDEX CONCURRENTLY c_i;\nDELETE FROM c;\n\
             DROP INDEX CONCURRENTLY b_k;\n",
        ),
    }
}
