use crate::Engine;
use crate::split::split;

fn statements(text: &str) -> Vec<&str> {
    of(Engine::MySql, text)
}

fn mariadb(text: &str) -> Vec<&str> {
    of(Engine::MariaDb, text)
}

fn of(engine: Engine, text: &str) -> Vec<&str> {
    split(engine, text)
        .iter()
        .map(|piece| piece.statement)
        .filter(|statement| !statement.is_empty())
        .collect()
}

#[test]
fn routine_bodies_are_one_statement_without_delimiter() {
    let procedure = "CREATE DEFINER=`a`@`%` PROCEDURE p(IN n INT) BEGIN\n\
        DECLARE i INT DEFAULT 0;\n\
        l: LOOP SET i = i + 1; IF i > n THEN LEAVE l; END IF; END LOOP;\n\
        WHILE i > 0 DO SET i = i - 1; END WHILE;\n\
        REPEAT SET i = i + 1; UNTIL i > 3 END REPEAT;\n\
        CASE i WHEN 1 THEN SELECT IF(i, 1, 2); ELSE SELECT CASE WHEN i THEN IF(i, 1, 2) END; END CASE;\n\
        IF (i > 1) THEN SELECT 1; ELSEIF i THEN SELECT REPEAT('a', 2); END IF;\n\
        END";
    let trigger = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.b THEN \
        SET NEW.b = 1; SET NEW.c = 2; END IF";
    let plain = "CREATE TRIGGER IF NOT EXISTS u BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1";
    let text = format!("{procedure};\n{trigger};\n{plain};\nSELECT 1");
    assert_eq!(statements(&text), [procedure, trigger, plain, "SELECT 1"]);
}

#[test]
fn the_only_statement_of_a_routine_follows_any_head() {
    let block = "IF (1, 2) <> (1, 2) THEN SELECT IF(1, 2, 3); ELSE IF (1, 2) = (1, 2) THEN SELECT 1; END IF; END IF";
    for head in [
        "FUNCTION f() RETURNS INT DETERMINISTIC",
        "FUNCTION f() RETURNS INT NOT DETERMINISTIC READS SQL DATA",
        "FUNCTION f(a INT) RETURNS INT UNSIGNED",
        "FUNCTION f(a INT) RETURNS DATE",
        "FUNCTION f() RETURNS DOUBLE PRECISION",
        "FUNCTION f() RETURNS VARCHAR(3) BINARY",
        "FUNCTION f(a INT) RETURNS CHAR(3) CHARACTER SET latin1",
        "FUNCTION f(a INT) RETURNS CHAR(3) CHARSET utf8mb4 COLLATE utf8mb4_bin",
        "PROCEDURE IF NOT EXISTS p() NO SQL",
        "PROCEDURE p() COMMENT 'it''s'",
        "PROCEDURE p() COMMENT 'a' SQL SECURITY INVOKER",
        "PROCEDURE p() l:",
        "TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS u",
        "EVENT e ON SCHEDULE EVERY 1 DAY COMMENT 'a' DO",
    ] {
        for block in [block, "CASE 1 WHEN 1 THEN SELECT 1; END CASE", "LOOP SELECT 1; END LOOP"] {
            let create = format!("CREATE {head} {block}");
            assert_eq!(statements(&format!("{create}; SELECT 1")), [&create, "SELECT 1"]);
        }
    }
    let plain = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DROP TABLE IF EXISTS t";
    assert_eq!(statements(&format!("{plain}; SELECT 1")), [plain, "SELECT 1"]);
}

#[test]
fn begin_and_end_name_columns() {
    let all = [
        "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW BEGIN SET NEW.begin = 1, NEW.end = OLD.end; \
         UPDATE b SET begin = 1, end = 2 WHERE end > begin AND begin < 3; SELECT c AS end, begin FROM b; \
         INSERT INTO b (begin, end) SELECT begin, end FROM c ORDER BY begin, end; \
         SELECT CASE WHEN end THEN begin ELSE end END AS end, (SELECT d end FROM c) end; \
         IF end THEN DELETE FROM b WHERE CASE end WHEN begin THEN end END = end; END IF; END",
        "CREATE TRIGGER u BEFORE INSERT ON a FOR EACH ROW UPDATE b SET begin = 1, end = 2",
        "CREATE TRIGGER v BEFORE INSERT ON a FOR EACH ROW INSERT INTO b (begin) SELECT end FROM c",
        "SELECT 1",
    ];
    assert_eq!(statements(&all.join(";\n")), all);
}

#[test]
fn begin_names_whatever_may_have_a_name() {
    for head in [
        "TRIGGER IF NOT EXISTS t BEFORE INSERT ON begin FOR EACH ROW",
        "TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS begin",
        "PROCEDURE IF NOT EXISTS begin()",
        "EVENT IF NOT EXISTS begin ON SCHEDULE AT begin DO",
        "FUNCTION f() RETURNS CHAR(1) CHARACTER SET latin1",
    ] {
        for statement in [
            "SET @a = 1",
            "SELECT COUNT(*) begin FROM t",
            "UPDATE z begin SET end = 1",
            "TRUNCATE begin",
            "TABLE begin",
            "XA BEGIN 'x'",
            "ALTER TABLE t MODIFY begin INT, ADD begin INT",
            "CREATE TABLE IF NOT EXISTS begin (a INT)",
            "SAVEPOINT begin",
            "DO begin",
            "BEGIN DO end, begin; DO end; SELECT begin begin; GET DIAGNOSTICS CONDITION begin end = MYSQL_ERRNO; \
             DECLARE EXIT HANDLER FOR begin BEGIN SELECT 1; END; WHILE 1 DO BEGIN SELECT 1; END; END WHILE; END",
        ] {
            let create = format!("CREATE {head} {statement}");
            assert_eq!(statements(&format!("{create}; SELECT 1")), [&create, "SELECT 1"]);
        }
    }
}

#[test]
fn a_handlers_statement_may_be_a_block() {
    let all = [
        "CREATE PROCEDURE p() BEGIN \
         DECLARE EXIT HANDLER FOR 1062, SQLSTATE '23000' BEGIN DROP VIEW IF EXISTS v; SELECT 1; END; \
         DECLARE CONTINUE HANDLER FOR NOT FOUND IF 1 THEN SELECT 1; END IF; \
         DECLARE CONTINUE HANDLER FOR SQLWARNING SET @a = IF(1, 2, 3); \
         DECLARE EXIT HANDLER FOR 1062 SELECT SQL_NO_CACHE IF(1, 2, 3); \
         DECLARE UNDO HANDLER FOR SQLEXCEPTION DROP VIEW IF EXISTS v; \
         BEGIN END; SELECT a FROM t FOR UPDATE; l: BEGIN SELECT 1; END l; END",
        "SELECT 1",
    ];
    assert_eq!(statements(&all.join(";\n")), all);
}

#[test]
fn begin_is_a_transaction_or_a_block() {
    assert_eq!(statements("BEGIN; SELECT 1; COMMIT;").len(), 3);
    assert_eq!(statements("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END; SELECT 3;").len(), 2);
}

#[test]
fn body_of_an_altered_event_is_one_statement() {
    for head in
        ["EVENT e", "DEFINER = `a`@`%` EVENT begin", "definer=CURRENT_USER() event IF EXISTS e"]
    {
        let alter = format!(
            "ALTER {head} ON SCHEDULE EVERY 1 HOUR ENDS '2035-01-01 00:00:00' RENAME TO f DO BEGIN \
             INSERT INTO t VALUES (1); IF 1 THEN SELECT 1; END IF; END"
        );
        assert_eq!(statements(&format!("{alter};\nSELECT 1")), [&alter, "SELECT 1"]);
    }
    for plain in [
        "ALTER EVENT e DISABLE",
        "ALTER TABLE event ADD COLUMN begin INT",
        "ALTER DEFINER = a@b VIEW event AS SELECT CASE 1 WHEN 1 THEN 2 END AS begin",
        "ALTER TABLE t RENAME COLUMN a TO event, ADD begin INT",
        "CREATE ROLE event",
    ] {
        assert_eq!(statements(&format!("{plain}; BEGIN; SELECT 1")).len(), 3, "{plain}");
    }
}

#[test]
fn mariadb_takes_compound_statements_outside_of_routines() {
    let all = [
        "IF 1 THEN SELECT 1; ELSEIF IF(1, 2, 3) THEN SELECT 2; END IF",
        "IF (SELECT COUNT(*) FROM t) = 0 THEN SELECT 1; SELECT 2; END IF",
        "CASE WHEN 1 THEN SELECT CASE 1 WHEN 1 THEN 2 END; ELSE SELECT 2; END CASE",
        "FOR i IN 1..2 DO INSERT INTO t VALUES (i); END FOR",
        "FOR r IN (SELECT a AS b FROM t FOR UPDATE) DO SELECT r.b; END FOR",
        "WHILE (SELECT COUNT(*) FROM t) < 7 DO SELECT 1; END WHILE",
        "LOOP SELECT 1; END LOOP",
        "REPEAT SELECT 1; UNTIL 1 END REPEAT",
        "BEGIN NOT ATOMIC DECLARE i INT; a: LOOP LEAVE a; END LOOP a; END",
        "SELECT 1",
        "BEGIN",
        "SELECT 2",
    ];
    assert_eq!(mariadb(&all.join(";\n")), all);
    assert_eq!(statements("IF 1 THEN SELECT 1; END IF").len(), 2);
}

#[test]
fn mariadb_takes_routines_as_oracle_has_them() {
    let all = [
        "SET sql_mode = ORACLE",
        "CREATE FUNCTION f RETURN VARCHAR(20) IS v VARCHAR(20) := CASE 1 WHEN 1 THEN 'a' END; w INT; \
         BEGIN <<l>> WHILE 1 = 1 LOOP EXIT l; END LOOP; RETURN v; END",
        "CREATE OR REPLACE PROCEDURE p(a INT) AS CURSOR c IS SELECT 1 AS b; BEGIN \
         FOR r IN c LOOP IF r.b IS NULL THEN NULL; END IF; END LOOP; EXCEPTION WHEN OTHERS THEN NULL; END p",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW DECLARE x INT; BEGIN :NEW.a := 1; END",
        "CREATE TRIGGER u BEFORE INSERT ON a FOR EACH ROW INSERT INTO b SELECT 1 AS c",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO INSERT INTO b SELECT 1 AS c",
        "CREATE PACKAGE k AS c INT := 1; PROCEDURE a(x INT); FUNCTION b RETURN INT; END",
        "CREATE PACKAGE BODY k IS v INT; PROCEDURE z(x INT); \
         PROCEDURE a(x INT) IS w INT; BEGIN IF x THEN NULL; END IF; END; \
         FUNCTION b RETURN INT AS BEGIN RETURN 7; END; BEGIN v := 1; SELECT 1; END",
        "DECLARE i INT; BEGIN <<l>> LOOP EXIT l; END LOOP; END",
        "BEGIN SELECT 1; SELECT 2; END",
        "BEGIN END",
        "SET sql_mode = DEFAULT",
        "BEGIN",
        "SELECT 1",
        "CREATE OR REPLACE PACKAGE BODY case FUNCTION f() RETURNS INT BEGIN RETURN 1 IS NULL; END; \
         PROCEDURE p() SELECT 1; END",
        "SELECT 2",
    ];
    assert_eq!(mariadb(&all.join(";\n")), all);
}

#[test]
fn comments_and_escapes_hide_semicolons() {
    let text = "SELECT 'a\\';', \";\"; # ;\nSELECT 1--2; -- ;\n/*!40101 SET a=1; */;\nSELECT `;`";
    assert_eq!(statements(text).len(), 4);
}

#[test]
fn comments_that_are_executed_end_outside_of_quotes_and_comments() {
    for text in [
        "/*!50000 INSERT INTO t VALUES ('*/;z') */",
        "/*! SELECT `*/;`, \"*/;\", 'it''s; \\'*/;' */",
        "/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN /* c; */ SET NEW.b = 1; END */",
        "/*!50003 SELECT 1 -- it's */ ;\n */",
        "SELECT /*!99999 don't; */ 1",
        "SELECT 1 /*!99999 , ('it''s; unclosed \" ') */",
        "SELECT /*!90000 don't; */ 1",
    ] {
        assert_eq!(statements(&format!("{text}; SELECT 2")), [text, "SELECT 2"], "{text}");
    }
    let of_mariadb =
        ["/*M! SELECT '*/;' */", "SELECT /*M!100100 '*/;' */ 1", "SELECT /*!80000 don't; */ 1"];
    for text in of_mariadb {
        let text = format!("{text}; SELECT 2");
        assert_eq!(split(Engine::MariaDb, &text).len(), 2, "{text}");
    }
    assert_eq!(statements("SELECT 1 /*M!100100 don't; */; SELECT '2'").len(), 2);
    let ansi = "SET sql_mode = 'ANSI_QUOTES'; /*!50000 SELECT \"\\\" */; SELECT 1";
    assert_eq!(statements(ansi).len(), 3);
}

#[test]
fn delimiter_lines_are_obeyed() {
    let text = "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\ndelimiter ;\n\
                SELECT 2;\nDELIMITER //\nSELECT 3; SELECT 4//\n";
    assert_eq!(
        statements(text),
        ["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2", "SELECT 3; SELECT 4"]
    );
}

#[test]
fn delimiter_lines_may_be_indented_and_quoted() {
    let text = "  DELIMITER '//'\nSELECT 1; SELECT 2//\n\tdelimiter \"$\" c\nSELECT 3; SELECT 4$";
    assert_eq!(statements(text), ["SELECT 1; SELECT 2", "SELECT 3; SELECT 4"]);
}

#[test]
fn for_behind_parentheses_is_no_loop() {
    let lock = "CREATE PROCEDURE p() SELECT * FROM t WHERE a IN (1, 2) FOR UPDATE";
    let history = "CREATE OR REPLACE PROCEDURE p()\n\
                   SELECT * FROM t PARTITION (p0) FOR SYSTEM_TIME ALL";
    let repeated = "CREATE PROCEDURE p(a INT) FOR i IN 1..(2) DO SELECT 1; END FOR";
    let text = [lock, history, repeated, "SELECT 1"].join(";\n");
    assert_eq!(statements(&text), [lock, history, repeated, "SELECT 1"]);
}

#[test]
fn a_routines_name_opens_no_block() {
    let text = "CREATE PROCEDURE begin() SELECT 1; CREATE PROCEDURE case() SELECT 1; SELECT 2";
    assert_eq!(statements(text).len(), 3);
}

#[test]
fn dollar_quotes_hide_semicolons_on_mysql() {
    let script = "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $js$ let b = '$$'; return \"b; $js$";
    let text = format!("{script};\nSELECT a$b$c; SELECT $1;\nDELIMITER $$\nSELECT 2; SELECT 3$$\n");
    assert_eq!(statements(&text), [script, "SELECT a$b$c", "SELECT $1", "SELECT 2; SELECT 3"]);
    assert_eq!(split(Engine::MariaDb, "SELECT $a$; SELECT $a$;").len(), 2);
}
