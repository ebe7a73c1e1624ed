use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "sequences",
        "CREATE SEQUENCE s; CREATE SEQUENCE gone START WITH 5",
        "CREATE SEQUENCE s START WITH 10 INCREMENT BY 2 MINVALUE 1 MAXVALUE 100 CACHE 5 CYCLE; CREATE SEQUENCE `new one`",
    )
    .loses(),
    Case::new(
        "default from a sequence",
        "CREATE TABLE t (b INT)",
        "CREATE SEQUENCE s; CREATE TABLE t (b INT, a BIGINT NOT NULL DEFAULT nextval(s))",
    ),
    Case::new(
        "native types",
        "CREATE TABLE t (a UUID, b INET6)",
        "CREATE TABLE t (a CHAR(36), b VARCHAR(39), c UUID DEFAULT uuid(), d INET4)",
    )
    .keeps(
        "INSERT INTO t VALUES ('123e4567-e89b-12d3-a456-426614174000', '::1')",
        "SELECT CONCAT(a, '|', b) FROM t",
    ),
    Case::new(
        "ignored index and invisible column",
        "CREATE TABLE t (a INT, b INT INVISIBLE DEFAULT 3, KEY k (a), KEY l (b) IGNORED)",
        "CREATE TABLE t (a INT, b INT DEFAULT 3, c INT INVISIBLE, KEY k (a) IGNORED, KEY l (b))",
    )
    .by(&["ALTER INDEX k IGNORED", "ALTER INDEX l NOT IGNORED"]),
    Case::new(
        "compressed columns",
        "CREATE TABLE t (a TEXT COMPRESSED, b VARCHAR(99))",
        "CREATE TABLE t (a TEXT, b VARCHAR(99) COMPRESSED)",
    )
    .keeps("INSERT INTO t VALUES ('x', 'y')", "SELECT CONCAT(a, b) FROM t"),
    Case::new(
        "history of the rows comes",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING",
    ),
    Case::new(
        "history of the rows goes",
        "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING",
        "CREATE TABLE t (a INT)",
    )
    .loses(),
    Case::new(
        "table with a history changes",
        "CREATE TABLE t (a INT, b INT) WITH SYSTEM VERSIONING",
        "CREATE TABLE t (a BIGINT, b INT WITHOUT SYSTEM VERSIONING, c INT, KEY k (a)) WITH SYSTEM VERSIONING",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT CAST(a AS CHAR) FROM t")
    .by(&["system_versioning_alter_history = KEEP"]),
    Case::new(
        "unique key over a long text",
        "CREATE TABLE t (a TEXT)",
        "CREATE TABLE t (a TEXT, UNIQUE KEY u (a))",
    ),
    Case::new(
        "options of the storage engine",
        "CREATE TABLE t (a INT) PAGE_COMPRESSED = 1",
        "CREATE TABLE t (a INT, b INT)",
    ),
    Case::new(
        "json becomes plain text and back",
        "CREATE TABLE t (a JSON, b LONGTEXT)",
        "CREATE TABLE t (a LONGTEXT, b JSON NOT NULL COMMENT 'c')",
    )
    .filled("INSERT INTO t VALUES ('[]', '{}')"),
    Case::new(
        "json is renamed",
        "CREATE TABLE t (old JSON, n INT)",
        "CREATE TABLE t (a JSON, -- @renamed from=old\n n BIGINT)",
    )
    .filled("INSERT INTO t VALUES ('[]', 1)"),
    Case::new(
        "check of the table is named like a column",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, b INT, CONSTRAINT a CHECK (b > 0))",
    ),
    Case::new(
        "routine with packages of another mode",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT); CREATE FUNCTION f() RETURNS INT RETURN (SELECT max(a) FROM t)",
    ),
    Case::new(
        "periods are left alone",
        "CREATE TABLE t (a INT); CREATE TABLE p (a DATE, b DATE, PERIOD FOR q (a, b))",
        "CREATE TABLE t (a INT, b INT); CREATE TABLE p (a DATE, b DATE, PERIOD FOR q (a, b))",
    ),
    Case::new(
        "rows are compared with the check of a column",
        "CREATE TABLE t (a INT, b LONGTEXT COLLATE utf8mb4_bin)",
        "CREATE TABLE t (a INT CHECK (a > 0), b JSON)",
    )
    .keeps("INSERT INTO t VALUES (1, '{}')", "SELECT CAST(a AS CHAR) FROM t")
    .by(&["ALGORITHM = COPY", "-- fails while a row does not meet check a"]),
    Case {
        loses: None,
        ..Case::new(
            "concat defaults without parentheses",
            "CREATE TABLE t (a TEXT DEFAULT concat('a', char(10), 'b'), b TEXT DEFAULT concat('a', char(9)), c TEXT DEFAULT char(13), d VARCHAR(9) DEFAULT concat('x\\n', 'y'), e TEXT DEFAULT 'q\\ne', f BLOB DEFAULT x'0a00ff', g TEXT DEFAULT repeat('\\\\', 3));",
            "CREATE TABLE t (a TEXT DEFAULT concat('a', char(13), 'b'), b TEXT DEFAULT concat('a', char(10)), c TEXT DEFAULT char(10), d VARCHAR(9) DEFAULT concat('x\\n\\n', 'y'), e TEXT DEFAULT 'q\\re', f BLOB DEFAULT x'0a00fe', g TEXT DEFAULT repeat('\\\\', 4));",
        )
        .keeps("INSERT INTO t VALUES ()", "SELECT HEX(CONCAT(a, b, c, d, e, f, g)) FROM t LIMIT 1")
    },
    Case {
        loses: None,
        ..Case::new(
            "column of a table with a history is renamed and widened",
            "CREATE TABLE t (a INT, old INT) WITH SYSTEM VERSIONING;",
            "CREATE TABLE t (a BIGINT, b BIGINT, -- @renamed from=old\nKEY k (a)) WITH SYSTEM VERSIONING;",
        )
        .keeps("INSERT INTO t VALUES (1, 2); DELETE FROM t; INSERT INTO t VALUES (3, 4)", "SELECT GROUP_CONCAT(a ORDER BY a) FROM t FOR SYSTEM_TIME ALL")
    },
    Case {
        loses: None,
        ..Case::new(
            "virtual column with PERSISTENT and index",
            "CREATE TABLE t (a INT, b INT AS (a % 7) PERSISTENT, c VARCHAR(20) AS (concat('x', a)) VIRTUAL, KEY k (c));",
            "CREATE TABLE t (a BIGINT, b BIGINT AS (a % 7) VIRTUAL, c VARCHAR(30) AS (concat('x', a)) PERSISTENT, KEY k (c), KEY l (b));",
        )
        .keeps("INSERT INTO t (a) VALUES (9)", "SELECT concat(b, c) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "key over a column that is made anew is looked at again, and renamed",
            "CREATE TABLE t (a INT, b INT AS (a * 2) VIRTUAL, d INT AS (a * 7) VIRTUAL, KEY k (b) IGNORED, KEY old (d));",
            "CREATE TABLE t (a BIGINT, b BIGINT AS (a * 3) PERSISTENT, d BIGINT AS (a * 8) PERSISTENT, KEY k (b), KEY new (d));",
        )
        .keeps("INSERT INTO t (a) VALUES (4)", "SELECT CAST(a AS CHAR) FROM t")
        .never_by(&["ALTER INDEX", "RENAME KEY"])
    },
    Case::new(
        "history begins with a column",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a BIGINT, b INT) WITH SYSTEM VERSIONING",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "history ends with a column",
        "CREATE TABLE t (a INT, b INT) WITH SYSTEM VERSIONING",
        "CREATE TABLE t (a BIGINT) COMMENT 'x'",
    )
    .keeps("INSERT INTO t VALUES (1, 2); UPDATE t SET a = 3", "SELECT CAST(a AS CHAR) FROM t")
    .by(&["ALTER TABLE t DROP SYSTEM VERSIONING"])
    .loses(),
    Case::new(
        "engine with an option that the other does not know",
        "CREATE TABLE t (a INT) ENGINE = Aria",
        "CREATE TABLE t (a BIGINT) ENGINE = InnoDB `page_compressed` = 1",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT CAST(a AS CHAR) FROM t")
    .except("MariaDB keeps what Aria says of itself in its table"),
    Case::new(
        "date that rows are not given is told",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b DATE NOT NULL, c DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), d DATE)",
    )
    .by(&["-- check: t.b must have a value and has no default"])
    .never_by(&["t.c must", "t.d must"]),
];
