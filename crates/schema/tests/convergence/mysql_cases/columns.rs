use crate::case::Case;

const ROWS: &str = "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'it''s'), (3, NULL)";
const KEPT: &str = "SELECT CONCAT(a, '|', COALESCE(b, 'NULL')) FROM t ORDER BY a";

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "add nullable column",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT, c INT)",
    )
    .keeps(ROWS, KEPT)
    .by(&["ALTER TABLE t ADD COLUMN c int"])
    .never_by(&["AFTER", "NOT NULL"]),
    Case::new(
        "add columns everywhere",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (x INT, a INT, y INT NOT NULL DEFAULT 5, z INT, b TEXT, v INT, w INT)",
    )
    .keeps(ROWS, KEPT)
    .by(&["FIRST", "y int NOT NULL DEFAULT 5 AFTER a", "z int AFTER y", "ADD COLUMN v int,"]),
    Case::new(
        "drop column",
        "CREATE TABLE t (a INT, c INT NOT NULL DEFAULT 1, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT)",
    )
    .keeps(ROWS, KEPT)
    .loses()
    .by(&["ALTER TABLE t DROP COLUMN c"]),
    Case::new(
        "move last column to the front",
        "CREATE TABLE t (c INT, d INT, a INT, b TEXT COMMENT 'it''s')",
        "CREATE TABLE t (b TEXT COMMENT 'it''s', c INT, d INT, a INT)",
    )
    .keeps(ROWS, KEPT)
    .by(&["ALTER TABLE t MODIFY COLUMN b text COMMENT 'it''s' FIRST"]),
    Case::new(
        "reverse all columns",
        "CREATE TABLE t (a INT NOT NULL, b TEXT, c INT DEFAULT 3, d DATE)",
        "CREATE TABLE t (d DATE, c INT DEFAULT 3, b TEXT, a INT NOT NULL)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "move, add and drop at once",
        "CREATE TABLE t (c INT, a INT, d INT, b TEXT, e INT)",
        "CREATE TABLE t (e INT, x INT, b TEXT, y INT, a INT, d BIGINT)",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new(
        "not null",
        "CREATE TABLE t (a INT, b TEXT, c INT)",
        "CREATE TABLE t (a INT NOT NULL, b TEXT, c INT)",
    )
    .keeps(ROWS, KEPT)
    .by(&["-- fails while t.a is NULL in a row", "MODIFY COLUMN a int NOT NULL"]),
    Case::new(
        "nullable",
        "CREATE TABLE t (a INT NOT NULL, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "change loses nothing of the column",
        "CREATE TABLE t (a INT UNSIGNED NOT NULL DEFAULT 7 COMMENT 'co\\\\mm''ent', b TEXT, \
         d DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'when')",
        "CREATE TABLE t (a BIGINT UNSIGNED NOT NULL DEFAULT 7 COMMENT 'co\\\\mm''ent', b TEXT, \
         d DATETIME(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'when')",
    )
    .keeps(ROWS, KEPT)
    .by(&["a bigint unsigned NOT NULL DEFAULT 7 COMMENT 'co\\\\mm''ent'"]),
    Case::new(
        "rename column",
        "CREATE TABLE t (a INT, old TEXT)",
        "CREATE TABLE t (a INT, b TEXT -- @renamed from=old\n)",
    )
    .filled("INSERT INTO t VALUES (1, 'x')")
    .by(&["ALTER TABLE t RENAME COLUMN old TO b"]),
    Case::new(
        "rename and change column",
        "CREATE TABLE t (a INT, old VARCHAR(10) NOT NULL DEFAULT 'q' COMMENT 'c', z INT)",
        "CREATE TABLE t (a INT, z INT, b VARCHAR(20) NOT NULL DEFAULT 'q' COMMENT 'c' -- @renamed from=old\n)",
    )
    .filled("INSERT INTO t VALUES (1, 'x', 2)")
    .by(&["CHANGE COLUMN old b varchar(20)", "AFTER z"]),
    Case::new(
        "rename in the case of letters",
        "CREATE TABLE t (aB INT, KEY k (aB))",
        "CREATE TABLE t (ab INT, KEY k (ab))",
    )
    .by(&["RENAME COLUMN aB TO ab"]),
    Case::new(
        "rename several columns and the table",
        "CREATE TABLE old (a INT, b INT, KEY k (a, b))",
        "-- @renamed from=old\nCREATE TABLE t (x INT, -- @renamed from=a\n y INT, -- @renamed from=b\n KEY k (x, y))",
    )
    .by(&["RENAME TABLE old TO t", "RENAME COLUMN a TO x", "RENAME COLUMN b TO y"])
    .never_by(&["DROP"]),
    Case::new(
        "column comment with everything",
        "CREATE TABLE t (a INT COMMENT 'it''s \\\\ a \\n \"line\" -- ; /* x */')",
        "CREATE TABLE t (a INT COMMENT '\\\\''')",
    ),
    Case::new(
        "comment comes and goes",
        "CREATE TABLE t (a INT COMMENT 'x', b INT) COMMENT 'table'",
        "CREATE TABLE t (a INT, b INT COMMENT 'größe 漢字 😀') COMMENT 'it''s'",
    ),
];
