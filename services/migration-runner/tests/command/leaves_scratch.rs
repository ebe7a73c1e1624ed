//! Files that reach out of a scratch database are refused before any of them is replayed.

use std::process::Command;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use super::folder::{Folder, count, migrate, run, texts};

on_engine!(mariadb, MariaDb, live_rows_survive, ordinary_files_are_replayed);
on_engine!(mysql, MySql, live_rows_survive, ordinary_files_are_replayed);
on_engine!(postgres, Postgres, roles_are_left_alone);
on_engine!(sqlite, Sqlite, other_files_are_left_alone);

/// What would destroy or change the rows of `live`, in the shapes that dumps and people write.
const SHAPES: [&str; 7] = [
    "CREATE DATABASE IF NOT EXISTS `{live}`;\nUSE `{live}`;\nDROP TABLE IF EXISTS customers;",
    "USE {live};\nDROP TABLE IF EXISTS customers;",
    "DROP TABLE IF EXISTS `{live}`.`customers`;",
    "INSERT INTO {live}.customers VALUES (7);",
    "/*!40000 DELETE FROM `{live}`.`customers` */;",
    "PREPARE s FROM 'TRUNCATE {live}.customers'; EXECUTE s;",
    "SET @s = CONCAT('DROP TABLE ', '{live}.', 'customers'); PREPARE s FROM @s; EXECUTE s;",
];

async fn live_rows_survive(database: TestDatabase) {
    let live = TestDatabase::create(database.engine()).await;
    live.execute(
        "CREATE TABLE customers (i INTEGER PRIMARY KEY); INSERT INTO customers VALUES (1), (2)",
    )
    .await;
    let name = texts(&live, "SELECT CAST(DATABASE() AS CHAR)").await.remove(0);
    // Something to adopt.
    database.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)").await;
    for shape in SHAPES {
        let second = format!("SELECT 1;\n{}\n", shape.replace("{live}", &name));
        let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &second)]);
        let dir = folder.path().to_str().unwrap();
        let squash = migrate(&database, &["squash", "--to", "2", "--dry-run", "--dir", dir]);
        refused(squash, "2_b.sql:2");
        refused(migrate(&database, &["adopt", "--dry-run", "--dir", dir]), "2_b.sql:2");
        assert_eq!(count(&live, "customers").await, 2, "{shape}");
    }
    verified(&name, &live).await;
}

const FIRST: &str = "CREATE TABLE a (id INTEGER PRIMARY KEY);\n";

/// `verify` replays what was applied: into the live database itself, before rows came there.
async fn verified(name: &str, live: &TestDatabase) {
    let text =
        format!("DROP TABLE IF EXISTS {name}.orders;\nCREATE TABLE {name}.orders (i INT);\n");
    let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(live, &["upgrade", "--dir", dir])).expect(0);
    live.execute("INSERT INTO orders VALUES (1)").await;
    refused(migrate(live, &["verify", "--dir", dir]), "2_b.sql:1");
    assert_eq!(count(live, "orders").await, 1);
}

fn refused(command: Command, place: &str) {
    let ended = run(command).expect(2);
    let text = format!("{}{}", ended.stdout, ended.stderr);
    assert!(text.contains("LEAVES_SCRATCH") || text.contains("leave the scratch"), "{text}");
    assert!(text.contains(place), "{text}");
}

async fn ordinary_files_are_replayed(database: TestDatabase) {
    let second = "INSERT INTO a VALUES (1);\n\
                  CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.id = NEW.id + 1;\n\
                  UPDATE a AS x JOIN a AS y ON x.id = y.id SET x.id = y.id + 1 WHERE a.x IS NULL;\n\
                  SET @n = (SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'q');\n\
                  SET @s = IF(@n = 0, 'ALTER TABLE a ADD b INT', 'SELECT 1');\n\
                  PREPARE s FROM @s; EXECUTE s; DEALLOCATE PREPARE s;\n";
    let second = second.replace("a.x IS NULL", "x.id > 0");
    let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &second)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    run(migrate(&database, &["squash", "--to", "2", "--dry-run", "--dir", dir])).expect(0);
}

async fn roles_are_left_alone(database: TestDatabase) {
    let name = texts(&database, "SELECT current_database()::text").await.remove(0);
    database.execute(&format!("CREATE ROLE r_{name}")).await;
    let text = format!("SELECT 1;\nDROP ROLE r_{name};\n");
    let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    refused(migrate(&database, &["squash", "--to", "2", "--dry-run", "--dir", dir]), "2_b.sql:2");
    database.execute(&format!("DROP ROLE r_{name}")).await;
}

async fn other_files_are_left_alone(database: TestDatabase) {
    assert_eq!(database.engine(), Engine::Sqlite);
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("copy.db");
    let text = format!("-- no-transaction\nVACUUM INTO '{}';\n", copy.display());
    let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    refused(migrate(&database, &["squash", "--to", "2", "--dry-run", "--dir", dir]), "2_b.sql:2");
    assert!(!copy.exists());
}
