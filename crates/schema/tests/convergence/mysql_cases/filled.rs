use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new("uuid default", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, u VARCHAR(36) NOT NULL DEFAULT (uuid()), r DOUBLE DEFAULT (rand()), n VARCHAR(36) DEFAULT (uuid()))").keeps("INSERT INTO t VALUES (1), (2)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new("uuid default unique", "CREATE TABLE t (a INT)", "CREATE TABLE t (u VARCHAR(36) NOT NULL DEFAULT (uuid()) PRIMARY KEY, a INT)").keeps("INSERT INTO t VALUES (1), (2)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new("auto increment over 0", "CREATE TABLE t (a INT NOT NULL PRIMARY KEY)", "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT PRIMARY KEY)").keeps("INSERT INTO t VALUES (0), (5)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new("auto increment over null", "CREATE TABLE t (a INT, UNIQUE KEY (a))", "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT PRIMARY KEY)").keeps("INSERT INTO t VALUES (0), (5)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new("auto increment table with 0 changes", "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT PRIMARY KEY, b INT)", "CREATE TABLE t (b BIGINT, a BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY)").keeps("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO t VALUES (0, 1), (5, 2)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new("trigger writes while columns are filled", "CREATE TABLE log (a INT); CREATE TABLE t (a INT); CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW INSERT INTO log VALUES (NEW.a)", "CREATE TABLE log (a INT); CREATE TABLE t (a INT, u VARCHAR(36) NOT NULL DEFAULT (uuid())); CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW INSERT INTO log VALUES (NEW.a)").keeps("INSERT INTO t VALUES (1)", "SELECT CAST(COUNT(*) AS CHAR) FROM log"),
    Case::new("timestamp defaults zero", "SET sql_mode=''; CREATE TABLE t (a TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', d DATE NOT NULL DEFAULT '0000-00-00', b INT)", "SET sql_mode=''; CREATE TABLE t (a TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', d DATE NOT NULL DEFAULT '0000-00-00', b BIGINT)"),
];
