//! Files that reach out of a scratch database are refused before any of them is replayed.

use std::process::Command;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use super::folder::{Folder, count, migrate, run, texts};

on_engine!(
    mariadb,
    MariaDb,
    live_rows_survive,
    ordinary_files_are_replayed,
    qualified_table_of_sqlx_is_left_alone,
);
on_engine!(
    mysql,
    MySql,
    live_rows_survive,
    ordinary_files_are_replayed,
    qualified_table_of_sqlx_is_left_alone,
);
on_engine!(postgres, Postgres, roles_are_left_alone);
on_engine!(sqlite, Sqlite, other_files_are_left_alone);

/// What would destroy or change the rows of `live`, in the shapes that dumps and people write.
const SHAPES: [&str; 14] = [
    "CREATE DATABASE IF NOT EXISTS `{live}`;\nUSE `{live}`;\nDROP TABLE IF EXISTS customers;",
    "USE {live};\nDROP TABLE IF EXISTS customers;",
    "DROP TABLE IF EXISTS `{live}`.`customers`;",
    "INSERT INTO {live}.customers VALUES (7);",
    "/*!40000 DELETE FROM `{live}`.`customers` */;",
    "PREPARE s FROM 'TRUNCATE {live}.customers'; EXECUTE s;",
    "SET @s = CONCAT('DROP TABLE ', '{live}.', 'customers'); PREPARE s FROM @s; EXECUTE s;",
    // Texts that no file shows.
    "SET @d = '{live}'; SET @s = CONCAT('DELETE FROM ', @d, '.customers'); PREPARE s FROM @s; EXECUTE s;",
    "SET @s = (SELECT CONCAT('DELETE FROM ', table_schema, '.', table_name) FROM \
     information_schema.tables WHERE table_schema = '{live}' AND table_name = 'customers'); PREPARE s \
     FROM @s; EXECUTE s;",
    "SET @s = REPLACE('TRUNCATE #.customers', '#', '{live}'); PREPARE s FROM @s; EXECUTE s;",
    "CREATE PROCEDURE p(d TEXT) BEGIN SET @s = CONCAT('DELETE FROM ', d, '.customers'); PREPARE s FROM \
     @s; EXECUTE s; END; \nCALL p('{live}');",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\'; DELETE FROM {live}.customers; -- ';",
    "/*!50000 USE {live} */;\nDELETE FROM customers;",
    "DELIMITER //\nUSE {live}//\nDELETE FROM customers//",
];

async fn live_rows_survive(database: TestDatabase) {
    let live = TestDatabase::create(database.engine()).await;
    live.execute(
        "CREATE TABLE customers (i INTEGER PRIMARY KEY); INSERT INTO customers VALUES (1), (2)",
    )
    .await;
    let name = texts(&live, "SELECT CAST(DATABASE() AS CHAR)").await.remove(0);
    // What verify says is applied.
    let other = TestDatabase::create(database.engine()).await;
    // Something to adopt.
    database.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)").await;
    for shape in SHAPES {
        let second = format!("SELECT 1;\n{}\n", shape.replace("{live}", &name));
        let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &second)]);
        let dir = folder.path().to_str().unwrap();
        let squash = migrate(&database, &["squash", "--to", "2", "--dry-run", "--dir", dir]);
        refused(squash, "2_b.sql:");
        refused(migrate(&database, &["adopt", "--dry-run", "--dir", dir]), "2_b.sql:");
        run(migrate(&other, &["stamp", "head", "--purge", "--dir", dir])).expect(0);
        refused(migrate(&other, &["verify", "--dir", dir]), "2_b.sql:");
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

/// What a replay applies is recorded in its scratch database, and what is applied here stays so.
async fn qualified_table_of_sqlx_is_left_alone(database: TestDatabase) {
    let name = texts(&database, "SELECT CAST(DATABASE() AS CHAR)").await.remove(0);
    let new = format!("{name}_new");
    let settings =
        |schemas: &str| format!("[migrate]\ntable-name = \"{name}.applied\"\n{schemas}\n");
    let second = "CREATE TABLE b (id INTEGER PRIMARY KEY);\n";
    let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", second)]);
    let config = folder.path().join("sqlx.toml");
    std::fs::write(&config, settings("")).unwrap();
    let place = ["--config", config.to_str().unwrap(), "--dir", folder.path().to_str().unwrap()];
    let at = |arguments: &[&str]| run(migrate(&database, &[arguments, &place[..]].concat()));
    at(&["upgrade"]).expect(0);
    at(&["verify"]).expect(0);
    std::fs::write(&config, settings(&format!("create-schemas = [\"{new}\"]"))).unwrap();
    let told = at(&["squash", "--to", "2", "--dry-run"]).expect(0);
    assert!(told.stdout.contains("CREATE TABLE `b`"), "{}", told.stdout);
    assert_eq!(count(&database, "applied").await, 2);
    let made = format!("information_schema.schemata WHERE schema_name = '{new}'");
    assert_eq!(count(&database, &made).await, 0);
}

async fn roles_are_left_alone(database: TestDatabase) {
    let name = texts(&database, "SELECT current_database()::text").await.remove(0);
    database.execute(&format!("CREATE ROLE r_{name}")).await;
    for shape in [
        "DROP ROLE {r};",
        "DO $do$BEGIN DROP ROLE {r}; END$do$;",
        "DO LANGUAGE 'plpgsql' $$ BEGIN EXECUTE 'DROP ROLE {r}'; END $$;",
        "DO $$ BEGIN EXECUTE format('DROP ROLE %I', '{r}'); END $$;",
    ] {
        let text = format!("SELECT 1;\n{}\n", shape.replace("{r}", &format!("r_{name}")));
        let folder = Folder::new(&[("1_a.sql", FIRST), ("2_b.sql", &text)]);
        let dir = folder.path().to_str().unwrap();
        let squash = ["squash", "--to", "2", "--dry-run", "--dir", dir];
        refused(migrate(&database, &squash), "2_b.sql:2");
        run(migrate(&database, &["stamp", "head", "--purge", "--dir", dir])).expect(0);
        refused(migrate(&database, &["verify", "--dir", dir]), "2_b.sql:2");
        let is_there = format!("pg_roles WHERE rolname = 'r_{name}'");
        assert_eq!(count(&database, &is_there).await, 1, "{shape}");
    }
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
