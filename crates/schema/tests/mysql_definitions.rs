//! What MySQL's and MariaDB's catalogs say of views, routines, triggers, events and sequences, and what they tell
//! of and do not manage.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use artisan_schema::catalog::mysql;
use artisan_schema::model::{Definition, Kind, Name, Reference, Schema};
use artisan_schema::{Scope, read};
use artisan_testkit::{TestDatabase, on_engine};
use sqlx::{Connection, Executor, MySqlConnection, Row};

on_engine!(
    on_mysql,
    MySql,
    views_say_what_they_need,
    triggers_keep_their_order,
    settings_of_the_session_are_kept,
    starts_that_nobody_asked_for_are_left_out,
    partitions_are_told_of,
    mode_of_the_session_makes_no_difference,
);
on_engine!(
    on_mariadb,
    MariaDb,
    views_say_what_they_need,
    triggers_keep_their_order,
    settings_of_the_session_are_kept,
    starts_that_nobody_asked_for_are_left_out,
    partitions_are_told_of,
    mode_of_the_session_makes_no_difference,
    sequences_are_counted,
    periods_are_told_of,
    packages_are_told_of,
);

async fn schema_of(database: &TestDatabase, sql: &str) -> Schema {
    database.execute(sql).await;
    read(database.url(), &Scope::default()).await.expect("a schema")
}

fn reference(kind: Kind, name: &str) -> Reference {
    Reference::to(kind, Name::local(name))
}

fn definition<'a>(schema: &'a Schema, kind: Kind, name: &str) -> &'a Definition {
    schema.definitions.get(&reference(kind, name)).expect("the definition")
}

async fn views_say_what_they_need(database: TestDatabase) {
    let sql = "CREATE TABLE t (a INT, w INT); CREATE VIEW v AS SELECT a AS w FROM t;
               CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x;
               CREATE VIEW w AS SELECT f(w) AS t FROM v";
    let schema = schema_of(&database, sql).await;
    let view = definition(&schema, Kind::View, "w");
    assert!(view.create[0].starts_with("CREATE VIEW `w` AS select"), "{}", view.create[0]);
    assert_eq!(view.drop, "DROP VIEW `w`");
    assert_eq!(view.needs, [reference(Kind::Function, "f"), reference(Kind::View, "v")].into());
    let needs = &definition(&schema, Kind::View, "v").needs;
    assert_eq!(*needs, [reference(Kind::Table, "t")].into());
}

async fn triggers_keep_their_order(database: TestDatabase) {
    let sql = "CREATE TABLE t (a INT);
               CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'it''s';
               CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
               CREATE TRIGGER b AFTER INSERT ON t FOR EACH ROW SET @x = 2";
    let schema = schema_of(&database, sql).await;
    let table = reference(Kind::Table, "t");
    let needs = |name| definition(&schema, Kind::Trigger, name).needs.clone();
    assert_eq!(needs("a"), [table.clone(), reference(Kind::Trigger, "z")].into());
    assert_eq!((needs("z"), needs("b")), ([table.clone()].into(), [table].into()));
    let first = &definition(&schema, Kind::Trigger, "z").create[0];
    assert!(first.ends_with("SET NEW.a = 'it''s'"), "{first}");
    assert!(!first.contains("DEFINER"), "{first}");
}

async fn settings_of_the_session_are_kept(database: TestDatabase) {
    let sql = "SET sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE p() SELECT 1";
    let schema = schema_of(&database, sql).await;
    let create = &definition(&schema, Kind::Procedure, "p").create;
    assert_eq!(create.len(), 4, "{create:?}");
    assert_eq!(create[1], "SET sql_mode = 'ANSI_QUOTES'");
    assert_eq!(create[3], "SET sql_mode = @previous_sql_mode");
}

async fn starts_that_nobody_asked_for_are_left_out(database: TestDatabase) {
    let sql = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;
               CREATE EVENT f ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO SELECT 1";
    let schema = schema_of(&database, sql).await;
    let create = |name| definition(&schema, Kind::Event, name).create[0].clone();
    assert!(!create("e").contains("STARTS"), "{}", create("e"));
    assert!(create("f").contains("STARTS '2037-01-01 00:00:00'"), "{}", create("f"));
}

async fn mode_of_the_session_makes_no_difference(database: TestDatabase) {
    let sql = "CREATE TABLE t (a VARCHAR(20) DEFAULT 'x\\\\y', b VARCHAR(40) AS (concat(a, 'it''s')), \
               CONSTRAINT c CHECK (a <> '\\\\')); CREATE VIEW v AS SELECT a FROM t WHERE a <> 'it''s'";
    let plain = schema_of(&database, sql).await;
    let mut connection = MySqlConnection::connect(database.url()).await.expect("a connection");
    let mode = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'";
    connection.execute(mode).await.expect("the mode");
    let other = mysql::read(&mut connection, &Scope::default()).await.expect("a schema");
    assert_eq!(other, plain);
    let row = connection.fetch_one("SELECT @@sql_mode").await.expect("the mode");
    assert!(row.get::<String, _>(0).contains("ANSI_QUOTES"));
}

async fn partitions_are_told_of(database: TestDatabase) {
    let sql = "CREATE TABLE t (a INT PRIMARY KEY) PARTITION BY HASH (a) PARTITIONS 2";
    let schema = schema_of(&database, sql).await;
    assert_eq!(schema.unmanaged, ["partitions of table t"]);
    assert!(schema.table("t").expect("the table").options.parameters.is_empty());
}

async fn sequences_are_counted(database: TestDatabase) {
    let sql = "CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 MAXVALUE 100 CACHE 10 CYCLE; SELECT NEXTVAL(s);
               CREATE TABLE t (a INT DEFAULT nextval(s))";
    let schema = schema_of(&database, sql).await;
    let sequence = &schema.sequences[&Name::local("s")];
    assert_eq!((sequence.start, sequence.increment, sequence.maximum), (5, 2, 100));
    assert!(sequence.cycle && sequence.cache == 10);
    let default = schema.table("t").expect("the table").columns[0].default.clone();
    assert_eq!(default.as_deref(), Some("nextval(`s`)"));
    assert_eq!(schema.tables.len(), 1);
}

async fn periods_are_told_of(database: TestDatabase) {
    let sql = "CREATE TABLE p (a DATE, b DATE, PERIOD FOR q (a, b));
               CREATE TABLE t (a INT, b INT, CHECK (a < b))";
    let schema = schema_of(&database, sql).await;
    assert_eq!(schema.unmanaged, ["table p, because of its PERIOD FOR `q` (`a`, `b`)"]);
    assert_eq!(schema.table("t").expect("the table").checks.len(), 1);
}

async fn packages_are_told_of(database: TestDatabase) {
    let package = |body: &str| {
        format!(
            "SET sql_mode = 'ORACLE';
             CREATE PACKAGE pk AS FUNCTION f(x INT) RETURN INT; END;
             CREATE PACKAGE BODY pk AS FUNCTION f(x INT) RETURN INT AS BEGIN RETURN {body}; END; END"
        )
    };
    let one = schema_of(&database, &package("x + 1")).await;
    assert_eq!(one.unmanaged, ["package body pk", "package pk"]);
    let other =
        schema_of(&database, &package("x + 2").replacen(';', "; DROP PACKAGE pk;", 1)).await;
    assert_eq!(one.differing_opaques(&other), ["package pk, which is another one"]);
    let scope = Scope::default().ignoring(["pk".to_owned()]);
    let ignoring = read(database.url(), &scope).await.expect("a schema");
    assert!(ignoring.unmanaged.is_empty() && ignoring.opaques.0.is_empty());
}
