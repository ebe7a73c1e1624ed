use artisan_testkit::{TestDatabase, on_engine};

use super::super::super::folder::{count, texts};
use super::{refused, squashed};

on_engine!(
    mariadb,
    MariaDb,
    counters_stand_where_they_stood,
    event_that_keeps_a_time_is_found,
    session_of_routines_and_events_is_kept,
    rights_are_refused,
    history_of_rows_is_refused,
);
on_engine!(
    mysql,
    MySql,
    counters_stand_where_they_stood,
    event_that_keeps_a_time_is_found,
    session_of_routines_and_events_is_kept,
    rights_are_refused,
);

/// `AUTO_INCREMENT` goes on behind rows that are gone, and from where it was set.
async fn counters_stand_where_they_stood(database: TestDatabase) {
    let one = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTO_INCREMENT, n INTEGER) AUTO_INCREMENT = 500;\n\
               CREATE TABLE b (id INTEGER PRIMARY KEY AUTO_INCREMENT, n INTEGER);\n\
               CREATE TABLE plain (id INTEGER PRIMARY KEY AUTO_INCREMENT, n INTEGER);\n";
    let two = "INSERT INTO b VALUES (1, 1), (2, 2), (3, 3);\nDELETE FROM b WHERE id > 1;\n\
               INSERT INTO plain VALUES (5, 5);\n";
    let sql = squashed(&database, one, two).await;
    assert_eq!(sql.matches("AUTO_INCREMENT = ").count(), 2, "{sql}");
    for (table, next) in [("a", 500), ("b", 4), ("plain", 6)] {
        database.execute(&format!("INSERT INTO {table} (n) VALUES (77)")).await;
        let made = format!("{table} WHERE id = {next} AND n = 77");
        assert_eq!(count(&database, &made).await, 1, "{table}");
    }
}

async fn event_that_keeps_a_time_is_found(database: TestDatabase) {
    let two = "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO SET @a = 1;\n";
    assert_eq!(refused(&database, "CREATE TABLE a (id INTEGER);\n", two), ["event e"]);
}

/// What another mode would refuse goes on working; an event's time is that of its own zone.
async fn session_of_routines_and_events_is_kept(database: TestDatabase) {
    let one = "CREATE TABLE a (id VARCHAR(3)); CREATE TABLE b (id VARCHAR(3));\n";
    let two = "SET sql_mode = 'ANSI_QUOTES', time_zone = '+05:00';\n\
        CREATE PROCEDURE p() INSERT INTO \"a\" VALUES ('too long');\n\
        CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW INSERT INTO b VALUES ('too long');\n\
        CREATE EVENT e ON SCHEDULE AT '2035-01-01 00:00:00' DO SET @a = 1;\n";
    let sql = squashed(&database, one, two).await;
    assert!(!sql.contains("DEFINER"), "{sql}");
    database.execute("CALL p()").await;
    assert_eq!(texts(&database, "SELECT id FROM b").await, ["too"]);
    let sql = "SELECT CAST(CONCAT(time_zone, ' ', execute_at) AS CHAR(99)) FROM \
               information_schema.events WHERE event_schema = DATABASE()";
    assert_eq!(texts(&database, sql).await, ["+05:00 2035-01-01 00:00:00"]);
    let sql = "SELECT CAST(sql_mode AS CHAR(99)) FROM information_schema.routines \
               WHERE routine_schema = DATABASE()";
    assert_eq!(texts(&database, sql).await, ["ANSI_QUOTES"]);
}

async fn rights_are_refused(database: TestDatabase) {
    let (_, name) = database.url().rsplit_once('/').unwrap();
    let user: String = format!("u{}", name.chars().rev().take(20).collect::<String>());
    database.execute(&format!("CREATE USER {user}")).await;
    let one = "CREATE TABLE a (id INTEGER);\nCREATE PROCEDURE p() SELECT 1;\n";
    let two = format!(
        "GRANT SELECT (id) ON a TO {user};\nGRANT SELECT ON * TO {user};\n\
         GRANT EXECUTE ON PROCEDURE p TO {user};\n"
    );
    let told = refused(&database, one, &two);
    database.execute(&format!("DROP USER {user}")).await;
    let has = |what: &str| assert!(told.iter().any(|told| told.starts_with(what)), "{told:?}");
    has("the grants on columns of a");
    has("the grants on the database to ");
    has("the grants on procedure p");
}

async fn history_of_rows_is_refused(database: TestDatabase) {
    let one = "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER) WITH SYSTEM VERSIONING;\n";
    let two = "INSERT INTO a VALUES (1, 1);\nUPDATE a SET n = 2;\n";
    assert_eq!(refused(&database, one, two), ["the history of the rows of a"]);
}
