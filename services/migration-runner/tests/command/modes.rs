//! `sql_mode`, and what else objects of MySQL and MariaDB keep of the session that made them.

mod client;
mod drift;

use artisan_testkit::{TestDatabase, on_engine};

use client::schema_is_made_again_by_the_engines_client;

use super::folder::{Folder, migrate, run, texts};

on_engine!(
    mariadb,
    MariaDb,
    adopted_objects_behave_as_the_live_ones,
    adopted_table_keeps_its_dates_of_zeros,
    schema_says_modes_where_one_is_unusual,
    schema_of_the_runners_own_modes_says_none,
    schema_is_made_again_by_the_engines_client,
    backslash_in_a_name_hides_no_statement,
);
on_engine!(
    mysql,
    MySql,
    adopted_objects_behave_as_the_live_ones,
    adopted_table_keeps_its_dates_of_zeros,
    schema_says_modes_where_one_is_unusual,
    schema_of_the_runners_own_modes_says_none,
    schema_is_made_again_by_the_engines_client,
    backslash_in_a_name_hides_no_statement,
);

const TABLE: &str = "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a INT, b INT, f INT, g VARCHAR(2), h VARCHAR(9), i INT);\n";

/// Made as a client makes them that sets nothing, as one that is lax, and so that no other mode reads them.
const OBJECTS: &str = "SET sql_mode = DEFAULT;\n\
    CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.f = NEW.a || NEW.b;\n\
    CREATE FUNCTION ff(a INT, b INT) RETURNS INT DETERMINISTIC RETURN a || b;\n\
    SET sql_mode = '';\n\
    CREATE TRIGGER lax BEFORE INSERT ON t FOR EACH ROW SET NEW.g = 'long';\n\
    SET sql_mode = 'ANSI_QUOTES';\n\
    CREATE TRIGGER quoted BEFORE INSERT ON t FOR EACH ROW SET NEW.\"i\" = 3;\n\
    SET sql_mode = 'NO_BACKSLASH_ESCAPES';\n\
    CREATE TRIGGER plain BEFORE INSERT ON t FOR EACH ROW SET NEW.h = '\\';\n\
    SET sql_mode = 'PIPES_AS_CONCAT', time_zone = '+05:00';\n\
    CREATE EVENT ev ON SCHEDULE AT '2035-01-01 00:00:00' DO SET @a = 1 || 0;\n\
    SET time_zone = '+00:00', NAMES latin1;\n\
    CREATE PROCEDURE pr() SELECT 'a';\n\
    CREATE VIEW v AS SELECT 'a' AS a FROM t;\n\
    SET NAMES utf8mb4;\n\
    CREATE PROCEDURE acute() SELECT 'é';\n";

/// What each object keeps.
async fn kept(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT CONVERT(line USING utf8mb4) FROM (
        SELECT CONCAT_WS(' ', routine_name, sql_mode, character_set_client, collation_connection) AS line
        FROM information_schema.routines WHERE routine_schema = DATABASE()
        UNION ALL SELECT CONCAT_WS(' ', trigger_name, sql_mode, character_set_client, collation_connection)
        FROM information_schema.triggers WHERE trigger_schema = DATABASE()
        UNION ALL SELECT CONCAT_WS(' ', event_name, sql_mode, time_zone, character_set_client, execute_at)
        FROM information_schema.events WHERE event_schema = DATABASE()
        UNION ALL SELECT CONCAT_WS(' ', table_name, character_set_client, collation_connection)
        FROM information_schema.views WHERE table_schema = DATABASE()) AS lines_of_all ORDER BY 1";
    texts(database, sql).await
}

async fn behaviour(database: &TestDatabase) -> Vec<String> {
    database.execute("INSERT INTO t (a, b) VALUES (1, 0)").await;
    texts(database, "SELECT CONCAT_WS(' ', f, ff(1, 0), g, h, i) FROM t").await
}

async fn adopted_objects_behave_as_the_live_ones(database: TestDatabase) {
    database.execute(&format!("{TABLE}{OBJECTS}")).await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    run(migrate(&database, &["lint", "--dir", dir])).expect(0);
    let fresh = TestDatabase::create(database.engine()).await;
    run(migrate(&fresh, &["upgrade", "--dir", dir])).expect(0);
    assert_eq!(kept(&fresh).await, kept(&database).await);
    assert_eq!(behaviour(&database).await, ["1 1 lo \\ 3"]);
    assert_eq!(behaviour(&fresh).await, ["1 1 lo \\ 3"]);
    run(migrate(&fresh, &["verify", "--dir", dir])).expect(0);
    let schema = run(migrate(&database, &["schema"])).expect(0).stdout;
    std::fs::write(folder.path().join("schema.sql"), schema).unwrap();
    run(migrate(&fresh, &["check", "--dir", dir])).expect(0);
}

/// A default that strict modes take no more, and no ALTER TABLE of its table either.
async fn adopted_table_keeps_its_dates_of_zeros(database: TestDatabase) {
    database
        .execute(
            "SET sql_mode = '';
             CREATE TABLE old (id INT PRIMARY KEY, parent INT, d DATE NOT NULL DEFAULT '2020-00-00',
               made DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
               CONSTRAINT old_parent FOREIGN KEY (parent) REFERENCES old (id))",
        )
        .await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    let fresh = TestDatabase::create(database.engine()).await;
    run(migrate(&fresh, &["upgrade", "--dir", dir])).expect(0);
    let schema = |database| run(migrate(database, &["schema"])).expect(0).stdout;
    assert_eq!(schema(&fresh), schema(&database));
}

async fn schema_says_modes_where_one_is_unusual(database: TestDatabase) {
    let usual = "CREATE FUNCTION joined() RETURNS TEXT DETERMINISTIC RETURN 'a' || 'b';\n";
    database.execute(&format!("{usual}{TABLE}{OBJECTS}")).await;
    let schema = run(migrate(&database, &["schema"])).expect(0).stdout;
    // As the engine's own client plays it, and as the runner does.
    let client = TestDatabase::create(database.engine()).await;
    client.execute(&format!("SET sql_mode = DEFAULT;\n{schema}")).await;
    assert_eq!(kept(&client).await, kept(&database).await);
    assert_eq!(behaviour(&client).await, ["1 1 lo \\ 3"]);
    let behind = "CREATE FUNCTION behind() RETURNS TEXT DETERMINISTIC RETURN 'a' || 'b';\n";
    let folder = Folder::new(&[("1_all.up.sql", &format!("{schema}{behind}"))]);
    let fresh = TestDatabase::create(database.engine()).await;
    run(migrate(&fresh, &["upgrade", "--dir", folder.path().to_str().unwrap()])).expect(0);
    let mut made = kept(&fresh).await;
    let joined = made.iter().find(|line| line.starts_with("joined ")).unwrap().clone();
    let behind = joined.replacen("joined", "behind", 1);
    assert!(made.contains(&behind), "the session was not given back: {made:#?}");
    made.retain(|line| *line != behind);
    assert_eq!(made, kept(&database).await);
}

async fn schema_of_the_runners_own_modes_says_none(database: TestDatabase) {
    let text = format!(
        "{TABLE}CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.h = 'a' || 'b';\n\
         CREATE EVENT ev ON SCHEDULE AT '2035-01-01 00:00:00' DO SET @a = 1;\n\
         CREATE VIEW v AS SELECT a FROM t;\n"
    );
    let folder = Folder::new(&[("1_all.up.sql", &text)]);
    run(migrate(&database, &["upgrade", "--dir", folder.path().to_str().unwrap()])).expect(0);
    let document = run(migrate(&database, &["schema", "--output", "json"])).expect(0).json();
    let schema = document["sql"].as_str().unwrap();
    assert!(!schema.contains("SET sql_mode") && !schema.contains("@previous"), "{schema}");
}

/// Sent as one, what ran before the failure would run again.
async fn backslash_in_a_name_hides_no_statement(database: TestDatabase) {
    let text = |table: &str| {
        format!(
            "SET sql_mode = 'ANSI_QUOTES';\nCREATE TABLE t (\"a\\\" VARCHAR(9));\n\
             INSERT INTO t VALUES ('one');\nINSERT INTO {table} VALUES ('two');\n"
        )
    };
    let folder = Folder::new(&[("1_a.sql", &text("nowhere"))]);
    let dir = folder.path().to_str().unwrap();
    let failed = run(migrate(&database, &["upgrade", "--dir", dir])).expect(6);
    assert!(failed.stderr.contains("1_a.sql:4"), "{}", failed.stderr);
    std::fs::write(folder.path().join("1_a.sql"), text("t")).unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    assert_eq!(texts(&database, "SELECT * FROM t ORDER BY 1").await, ["one", "two"]);
}
