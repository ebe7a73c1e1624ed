use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "add trigger",
        "CREATE TABLE t (a INT, b VARCHAR(20))",
        "CREATE TABLE t (a INT, b VARCHAR(20)); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 'it''s; \\\\ x'; END",
    ),
    Case::new(
        "drop trigger",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TABLE t (a INT)",
    )
    .by(&["DROP TRIGGER `g`"]),
    Case::new(
        "change trigger",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TABLE t (a INT); CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW SET @x = 1",
    ),
    Case::new(
        "first of several triggers changes",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; \
         CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 5; \
         CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3",
    ),
    Case::new(
        "trigger between others",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; \
         CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; \
         CREATE TRIGGER m BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3",
    ),
    Case::new(
        "triggers turn round",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; \
         CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3",
        "CREATE TABLE t (a INT); CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3; \
         CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
    ),
    Case::new(
        "trigger on a renamed table and column",
        "CREATE TABLE old (x INT); CREATE TRIGGER g BEFORE INSERT ON old FOR EACH ROW SET NEW.x = 1",
        "-- @renamed from=old\nCREATE TABLE t (\na INT -- @renamed from=x\n);\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
    ),
    Case::new(
        "trigger stays on a renamed table",
        "CREATE TABLE old (x INT); CREATE TABLE log (x INT); CREATE TRIGGER g AFTER INSERT ON old FOR EACH ROW INSERT INTO log VALUES (NEW.x)",
        "-- @renamed from=old\nCREATE TABLE t (x INT);\nCREATE TABLE log (x INT, y INT DEFAULT 1); CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO log (x) VALUES (NEW.x)",
    ),
    Case::new(
        "trigger on a changed table",
        "CREATE TABLE t (a INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TABLE t (a BIGINT, b INT); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
    ),
    Case::new(
        "function comes and changes",
        "CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x",
        "CREATE FUNCTION f(x INT, y VARCHAR(10)) RETURNS VARCHAR(20) NO SQL SQL SECURITY INVOKER COMMENT 'it''s' RETURN concat(x, y, 'é'); \
         CREATE FUNCTION `g h`() RETURNS INT DETERMINISTIC BEGIN DECLARE r INT; SET r = 1; RETURN r; END",
    ),
    Case::new(
        "procedure",
        "CREATE TABLE t (a INT); CREATE PROCEDURE p() SELECT a FROM t",
        "CREATE TABLE t (a INT); CREATE PROCEDURE p(IN x INT, OUT y TEXT) READS SQL DATA BEGIN SELECT x INTO y; IF x > 0 THEN SET y = ';'; END IF; END",
    ),
    Case::new(
        "routine drops",
        "CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION p() RETURNS INT DETERMINISTIC RETURN 1",
        "CREATE PROCEDURE p() SELECT 2",
    ),
    Case::new(
        "events",
        "CREATE TABLE t (a INT); CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
        "CREATE TABLE t (a INT); CREATE EVENT e ON SCHEDULE EVERY 2 DAY DISABLE COMMENT 'c' DO DELETE FROM t; \
         CREATE EVENT e2 ON SCHEDULE EVERY '1:2' DAY_HOUR STARTS '2037-01-01 00:00:00' ENDS '2037-02-01 00:00:00' ON COMPLETION PRESERVE DO BEGIN DELETE FROM t; END",
    ),
    Case::new(
        "mode of the session that made it",
        "CREATE TABLE t (a INT); SET sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE p() SELECT \"a\" FROM t; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.\"a\" = 1",
        "CREATE TABLE t (a INT, b INT)",
    ),
];
