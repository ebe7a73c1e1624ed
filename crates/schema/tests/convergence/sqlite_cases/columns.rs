use crate::case::Case;

const ROWS: &str = "INSERT INTO t (a) VALUES (1), (2), (3)";
const KEPT: &str = "SELECT group_concat(a) FROM (SELECT a FROM t ORDER BY a)";

/// A change of t, which has rows in a.
const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to).keeps(ROWS, KEPT)
}

const IN_PLACE: &[&str] = &["_migrate_old_"];
const REBUILD: &[&str] = &["_migrate_old_t"];

pub(super) const CASES: &[Case] = &[
    change("add a column at the end", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b INT)")
        .by(&["ALTER TABLE t ADD COLUMN b INT"])
        .never_by(IN_PLACE),
    change(
        "add a column before the constraints",
        "CREATE TABLE t (\n  a INT, -- the first\n  UNIQUE (a), CHECK (a > 0)\n)",
        "CREATE TABLE t (\n  a INT,\n  b TEXT NOT NULL DEFAULT 'it''s, so' COLLATE nocase,\n  UNIQUE (a), CHECK (a > 0)\n)",
    )
    .by(&["ADD COLUMN b TEXT NOT NULL DEFAULT 'it''s, so' COLLATE nocase"])
    .never_by(IN_PLACE),
    change(
        "add several columns in the middle",
        "CREATE TABLE t (a INT, z INT)",
        "CREATE TABLE t (x INT, a INT, y INT DEFAULT -1, z INT)",
    )
    .by(&["ADD COLUMN x INT", "ADD COLUMN y INT DEFAULT -1"])
    .never_by(IN_PLACE),
    change(
        "add a checked column",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT CONSTRAINT small CHECK (b < 5))",
    )
    .never_by(IN_PLACE),
    change(
        "add a virtual column",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT AS (a * 2))",
    )
    .by(&["ADD COLUMN b INT AS (a * 2)"])
    .never_by(IN_PLACE),
    change(
        "add a virtual column that is not null",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT NOT NULL GENERATED ALWAYS AS (a * 2) VIRTUAL)",
    )
    .never_by(IN_PLACE),
    change(
        "add a stored column",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED)",
    )
    .by(REBUILD),
    change(
        "add a unique column",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b TEXT UNIQUE)",
    )
    .by(REBUILD),
    change(
        "add a column with the current time",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    )
    .by(REBUILD),
    change(
        "add a column with a computed default",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b TEXT DEFAULT (hex(randomblob(4))), c INT DEFAULT (1 + 1))",
    )
    .by(REBUILD),
    change(
        "add a column with a constant in parentheses",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT NOT NULL DEFAULT (0))",
    )
    .never_by(IN_PLACE),
    Case::new(
        "add a column that takes no null, without rows",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT NOT NULL)",
    )
    .by(&["_migrate_old_t"]),
    change(
        "drop the last column",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT)",
    )
    .by(&["ALTER TABLE t DROP COLUMN b"])
    .never_by(IN_PLACE)
    .loses(),
    change(
        "drop a column in the middle",
        "CREATE TABLE t (x TEXT, a INT, y REAL, z INT)",
        "CREATE TABLE t (a INT, z INT)",
    )
    .by(&["DROP COLUMN x", "DROP COLUMN y"])
    .never_by(IN_PLACE)
    .loses(),
    change(
        "drop a column behind a comment",
        "CREATE TABLE t (\n  a INT, -- one, two\n  b INT -- three, four\n)",
        "CREATE TABLE t (a INT)",
    )
    .loses(),
    change(
        "drop a column with its check and reference",
        "CREATE TABLE t (a INT, b INT NOT NULL DEFAULT 1 CHECK (b > 0), c INT REFERENCES p (id) CHECK (c <> 0)); CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (a INT); CREATE TABLE p (id INTEGER PRIMARY KEY)",
    )
    .by(&["DROP COLUMN b", "DROP COLUMN c"])
    .never_by(IN_PLACE)
    .loses(),
    change(
        "drop a unique column",
        "CREATE TABLE t (a INT, b INT UNIQUE)",
        "CREATE TABLE t (a INT)",
    )
    .by(REBUILD)
    .loses(),
    change(
        "drop an indexed column",
        "CREATE TABLE t (a INT, b INT); CREATE INDEX i ON t (b, a); CREATE INDEX j ON t (a) WHERE b > 0",
        "CREATE TABLE t (a INT)",
    )
    .by(&["DROP INDEX i", "DROP INDEX j", "DROP COLUMN b"])
    .loses(),
    change(
        "drop a column that a check of the table names",
        "CREATE TABLE t (a INT, b INT, CHECK (a <> b))",
        "CREATE TABLE t (a INT)",
    )
    .by(REBUILD)
    .loses(),
    change(
        "drop a column that a foreign key names",
        "CREATE TABLE p (x INT PRIMARY KEY); CREATE TABLE t (a INT, b INT, FOREIGN KEY (b) REFERENCES p (x))",
        "CREATE TABLE p (x INT PRIMARY KEY); CREATE TABLE t (a INT)",
    )
    .by(REBUILD)
    .loses(),
    change(
        "drop a generated column",
        "CREATE TABLE t (a INT, b INT AS (a + 1), c INT AS (a + 2) STORED)",
        "CREATE TABLE t (a INT)",
    ),
    change(
        "drop what a generated column is made of, too",
        "CREATE TABLE t (a INT, b INT, c INT AS (b + 1))",
        "CREATE TABLE t (a INT)",
    )
    .loses(),
    Case::new("exchange the only column", "CREATE TABLE t (a INT)", "CREATE TABLE t (b INT)")
        .filled(ROWS)
        .by(REBUILD)
        .loses(),
    Case::new(
        "exchange the only column of a table without rowid",
        "CREATE TABLE t (a INT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE t (b INT PRIMARY KEY) WITHOUT ROWID",
    )
    .loses(),
    change(
        "order of columns makes no difference",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (b INT, a INT)",
    ),
    change(
        "layout, quotes and case make no difference",
        "CREATE TABLE t (a INT NOT NULL DEFAULT (1), b varchar(10) CHECK (b <> 'x'), UNIQUE (b))",
        "create table \"t\" ( -- a comment\n [a] int default 1 not null, `b` VARCHAR( 10 ) unique, check(\"b\"!='x') )",
    ),
    change("set not null", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT NOT NULL)")
        .by(&["-- fails while t.a is NULL in a row"]),
    change("drop not null", "CREATE TABLE t (a INT NOT NULL)", "CREATE TABLE t (a INT)")
    .by(REBUILD),
    Case::new(
        "set not null with a default",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT 'none')",
    )
    .keeps("INSERT INTO t VALUES (1, NULL), (2, 'x')", "SELECT group_concat(a) FROM t")
    .by(&["COALESCE(b, 'none')"]),
    change(
        "change the exponent of a default",
        "CREATE TABLE t (a INT, b REAL DEFAULT 1e-5)",
        "CREATE TABLE t (a INT, b REAL DEFAULT 1e-6)",
    )
    .by(REBUILD),
    change(
        "add columns with numbers",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b REAL NOT NULL DEFAULT -1.5E-3, c INT DEFAULT +0x1F, d BOOLEAN NOT NULL DEFAULT TRUE, e INT DEFAULT ( - 2 ))",
    )
    .by(&["ADD COLUMN b REAL NOT NULL DEFAULT -1.5E-3", "DEFAULT +0x1F", "DEFAULT TRUE"])
    .never_by(IN_PLACE),
    Case::new(
        "set not null with a default of operators",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT ('x'||lower('Y') -- z\n || 'it''s'))",
    )
    .keeps("INSERT INTO t VALUES (1, NULL), (2, 'x')", "SELECT group_concat(a) FROM t")
    .by(&["COALESCE(b, 'x'||lower('Y') || 'it''s')"]),
    Case::new(
        "set not null with a computed default",
        "CREATE TABLE t (a INT, b TEXT, c INT)",
        "CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT CURRENT_DATE, c INT NOT NULL DEFAULT (1 + 2))",
    )
    .keeps("INSERT INTO t VALUES (1, NULL, NULL), (2, 'x', 2)", "SELECT group_concat(a) FROM t")
    .by(&["COALESCE(b, CURRENT_DATE)", "COALESCE(c, 1 + 2)"]),
    change(
        "set a default",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, b INT DEFAULT 5)",
    )
    .by(REBUILD),
    change(
        "change a default",
        "CREATE TABLE t (a INT, b DEFAULT 'x')",
        "CREATE TABLE t (a INT, b DEFAULT 'X')",
    )
    .by(REBUILD),
    change(
        "drop a default",
        "CREATE TABLE t (a INT, b INT DEFAULT 5)",
        "CREATE TABLE t (a INT, b INT)",
    )
    .by(REBUILD),
    change(
        "null is no default",
        "CREATE TABLE t (a INT, b INT DEFAULT NULL)",
        "CREATE TABLE t (a INT, b INT)",
    )
    .never_by(IN_PLACE),
    change(
        "a bare default is a text",
        "CREATE TABLE t (a INT, b TEXT DEFAULT none)",
        "CREATE TABLE t (a INT, b TEXT DEFAULT 'none')",
    )
    .never_by(IN_PLACE),
    change(
        "truth is a number",
        "CREATE TABLE t (a INT, b BOOLEAN DEFAULT TRUE)",
        "CREATE TABLE t (a INT, b boolean DEFAULT true NOT NULL)",
    )
    .by(REBUILD),
    change(
        "blob as a default",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b BLOB NOT NULL DEFAULT x'00ff')",
    )
    .by(&["x'00ff'"]),
    change(
        "change a collation",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT COLLATE NOCASE)",
    )
    .by(REBUILD),
    change(
        "binary is the collation",
        "CREATE TABLE t (a INT, b TEXT COLLATE BINARY)",
        "CREATE TABLE t (a INT, b TEXT)",
    )
    .never_by(IN_PLACE),
    change(
        "generate a column",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, b INT AS (a + 1))",
    )
    .loses(),
    change(
        "generate a column no more",
        "CREATE TABLE t (a INT, b INT AS (a + 1) STORED)",
        "CREATE TABLE t (a INT, b INT)",
    ),
    change(
        "change what is generated",
        "CREATE TABLE t (a INT, b INT AS (a + 1))",
        "CREATE TABLE t (a INT, b INT AS (a + 2))",
    ),
    change(
        "store what is generated",
        "CREATE TABLE t (a INT, b INT AS (a + 1))",
        "CREATE TABLE t (a INT, b INT AS (a + 1) STORED)",
    ),
    change(
        "say what happens to a null",
        "CREATE TABLE t (a INT NOT NULL)",
        "CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE)",
    )
    .by(REBUILD),
    Case::new(
        "nulls become the new default, which is said",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT 'x')",
    )
    .filled("INSERT INTO t VALUES (1, NULL)")
    .by(&["-- changes rows: t.b becomes 'x' where it is NULL, for good"]),
];
