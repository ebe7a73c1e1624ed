use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "default comes, changes and goes",
        "CREATE TABLE t (a INT, b INT DEFAULT 1, c INT DEFAULT 2)",
        "CREATE TABLE t (a INT DEFAULT 5, b INT DEFAULT 2, c INT)",
    )
    .by(&["a int DEFAULT 5", "b int DEFAULT 2", "MODIFY COLUMN c int"]),
    Case::new(
        "texts with quotes, backslashes and line ends",
        "CREATE TABLE t (a VARCHAR(40) DEFAULT 'it''s', b VARCHAR(40) DEFAULT 'a\\\\b', c VARCHAR(9) DEFAULT '')",
        "CREATE TABLE t (a VARCHAR(40) DEFAULT 'x\\ny''\\\\', b VARCHAR(40) DEFAULT '\"', c VARCHAR(9) DEFAULT 'NULL')",
    ),
    Case::new(
        "the word null is a text",
        "CREATE TABLE t (a VARCHAR(9) DEFAULT NULL)",
        "CREATE TABLE t (a VARCHAR(9) DEFAULT 'NULL')",
    ),
    Case::new(
        "expression",
        "CREATE TABLE t (a VARCHAR(36) DEFAULT (uuid()), n INT DEFAULT (1 + 2))",
        "CREATE TABLE t (a VARCHAR(40) DEFAULT (concat(uuid(), 'it''s')), n INT DEFAULT (1 + 3))",
    ),
    Case::new(
        "literal and expression",
        "CREATE TABLE t (a INT DEFAULT 1, t TEXT DEFAULT ('x'))",
        "CREATE TABLE t (a INT DEFAULT (1 + 0), t TEXT DEFAULT ('y'), j JSON DEFAULT ('[]'))",
    ),
    Case::new(
        "time of the statement",
        "CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP, b TIMESTAMP(6) NULL)",
        "CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, \
         b TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))",
    ),
    Case::new(
        "time by an expression",
        "CREATE TABLE t (a DATETIME DEFAULT (now()))",
        "CREATE TABLE t (a DATETIME DEFAULT (current_timestamp + interval 1 day))",
    ),
    Case::new(
        "update without default",
        "CREATE TABLE t (a DATETIME)",
        "CREATE TABLE t (a DATETIME ON UPDATE CURRENT_TIMESTAMP)",
    ),
    Case::new(
        "binary",
        "CREATE TABLE t (a BINARY(4) DEFAULT 'ab', b VARBINARY(4) DEFAULT '', c INT)",
        "CREATE TABLE t (a BINARY(4) DEFAULT 'abcd', b VARBINARY(4) DEFAULT 'a\\\\', c INT)",
    ),
    Case::new(
        "numbers",
        "CREATE TABLE t (a DECIMAL(5,2) DEFAULT 1.5, b DOUBLE DEFAULT 1e3, c INT DEFAULT -1)",
        "CREATE TABLE t (a DECIMAL(5,2) DEFAULT -1.25, b DOUBLE DEFAULT -0.5, c INT DEFAULT 0)",
    ),
    Case::new(
        "dates and times",
        "CREATE TABLE t (a DATE DEFAULT '2020-01-01', b TIME(2) DEFAULT '01:02:03')",
        "CREATE TABLE t (a DATE DEFAULT '2021-01-01', b TIME(2) DEFAULT '01:02:03.5')",
    ),
    Case::new(
        "default that names a column, renamed",
        "CREATE TABLE t (old INT, b INT DEFAULT (old + 1))",
        "CREATE TABLE t (a INT, -- @renamed from=old\n b INT DEFAULT (a + 1))",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT CAST(b AS CHAR) FROM t"),
    Case::new(
        "not null column with a default, filled",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b VARCHAR(9) NOT NULL DEFAULT 'x')",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "words of an expression are a text",
        "CREATE TABLE t (a VARCHAR(30) DEFAULT 'x', b VARCHAR(20) DEFAULT 'CURRENT_TIMESTAMP', c INT)",
        "CREATE TABLE t (a VARCHAR(30) DEFAULT 'CURRENT_TIMESTAMP', b VARCHAR(30) DEFAULT 'CURRENT_TIMESTAMP(6)', c INT, d VARCHAR(9) DEFAULT '0x41', e VARCHAR(9) DEFAULT '(1+1)')",
    ),
];
