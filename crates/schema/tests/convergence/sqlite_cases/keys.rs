use crate::case::Case;

const REBUILD: &[&str] = &["_migrate_old_t"];

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
        .keeps("INSERT INTO t (a, b) VALUES (4, 'x'), (2, 'y')", "SELECT a || b FROM t ORDER BY a")
}

pub(super) const CASES: &[Case] = &[
    change(
        "add a primary key",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT PRIMARY KEY, b TEXT)",
    )
    .by(REBUILD),
    change(
        "drop a primary key",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (a INTEGER, b TEXT)",
    )
    .by(REBUILD),
    change(
        "another primary key",
        "CREATE TABLE t (a INT PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT PRIMARY KEY)",
    )
    .by(REBUILD),
    change(
        "a longer primary key",
        "CREATE TABLE t (a INT PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a, b))",
    )
    .by(REBUILD),
    change(
        "order of a primary key",
        "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a, b))",
        "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (b, a))",
    )
    .by(REBUILD),
    change(
        "direction of a primary key",
        "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a, b))",
        "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a DESC, b COLLATE nocase))",
    )
    .by(REBUILD),
    change(
        "a key that is no row number",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b TEXT)",
    )
    .by(REBUILD),
    change(
        "name of a primary key",
        "CREATE TABLE t (a INT, b TEXT, CONSTRAINT one PRIMARY KEY (a))",
        "CREATE TABLE t (a INT, b TEXT, CONSTRAINT two PRIMARY KEY (a))",
    )
    .by(REBUILD),
    change(
        "a key of the column is one of the table",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE)",
        "CREATE TABLE t (a INTEGER, b TEXT, UNIQUE (b), PRIMARY KEY (a ASC))",
    )
    .never_by(REBUILD),
    change(
        "number the rows for good",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)",
    )
    .by(REBUILD),
    change(
        "number the rows no more",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
    )
    .by(REBUILD)
    .loses(),
    Case::new(
        "counters stay",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT); CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT NOT NULL); CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)",
    )
    .keeps(
        "INSERT INTO t VALUES (5, 'x'), (90, 'y'); DELETE FROM t WHERE a = 90; INSERT INTO u VALUES (7); DELETE FROM u",
        "SELECT name || seq FROM sqlite_sequence ORDER BY name",
    ),
    Case::new(
        "a counter that never counted",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT NOT NULL)",
    )
    .keeps("", "SELECT name || seq FROM sqlite_sequence"),
    change(
        "add an id to what had none",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT)",
    )
    .by(REBUILD),
    Case::new("row numbers stay", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT NOT NULL)")
    .keeps(
        "INSERT INTO t (rowid, a) VALUES (70, 1), (30, 2)",
        "SELECT rowid || ' ' || a FROM t ORDER BY 1",
    )
    .by(&["(rowid, a)"]),
    Case::new(
        "a column named rowid",
        "CREATE TABLE t (rowid TEXT, a INT)",
        "CREATE TABLE t (rowid TEXT, a INT NOT NULL)",
    )
    .keeps(
        "INSERT INTO t (_rowid_, rowid, a) VALUES (70, 'x', 1), (30, 'y', 2)",
        "SELECT _rowid_ || ' ' || rowid FROM t ORDER BY 1",
    )
    .by(&["(_rowid_, rowid, a)"]),
    change(
        "add a unique constraint",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT, CONSTRAINT once UNIQUE (a, b))",
    )
    .by(REBUILD),
    change(
        "drop a unique constraint",
        "CREATE TABLE t (a INT UNIQUE, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT)",
    )
    .by(REBUILD),
    change(
        "rename a unique constraint",
        "CREATE TABLE t (a INT CONSTRAINT one UNIQUE, b TEXT)",
        "CREATE TABLE t (a INT CONSTRAINT two UNIQUE, b TEXT)",
    )
    .by(REBUILD),
    change(
        "columns of a unique constraint",
        "CREATE TABLE t (a INT, b TEXT, UNIQUE (a))",
        "CREATE TABLE t (a INT, b TEXT, UNIQUE (b, a))",
    )
    .by(REBUILD),
    change(
        "collation of a unique constraint",
        "CREATE TABLE t (a INT, b TEXT, UNIQUE (b))",
        "CREATE TABLE t (a INT, b TEXT, UNIQUE (b COLLATE nocase))",
    )
    .by(REBUILD),
    change(
        "what a unique constraint does",
        "CREATE TABLE t (a INT UNIQUE, b TEXT)",
        "CREATE TABLE t (a INT UNIQUE ON CONFLICT REPLACE, b TEXT)",
    )
    .by(REBUILD),
    change(
        "twice the same key",
        "CREATE TABLE t (a INT PRIMARY KEY UNIQUE, b TEXT UNIQUE, UNIQUE (b))",
        "CREATE TABLE t (a INT PRIMARY KEY, b TEXT UNIQUE)",
    )
    .never_by(REBUILD),
    change(
        "order of constraints",
        "CREATE TABLE t (a INT, b TEXT, UNIQUE (a), CHECK (a > 0), UNIQUE (b))",
        "CREATE TABLE t (a INT UNIQUE, b TEXT UNIQUE CHECK (a > 0))",
    )
    .never_by(REBUILD),
    change(
        "number the rows as some tools write it",
        "CREATE TABLE t (a INTEGER, b TEXT, PRIMARY KEY (a))",
        "CREATE TABLE \"t\" (\"a\" INTEGER, \"b\" TEXT, PRIMARY KEY(\"a\" AUTOINCREMENT))",
    )
    .by(REBUILD),
    change(
        "two ways to number the rows",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)",
        "CREATE TABLE t (a INTEGER, b TEXT, PRIMARY KEY(a AUTOINCREMENT))",
    )
    .never_by(REBUILD),
    Case::new(
        "rename a column of a key with a collation",
        "CREATE TABLE t (a TEXT, b TEXT, UNIQUE (a COLLATE nocase, b DESC) ON CONFLICT IGNORE)",
        "CREATE TABLE t (n TEXT, -- @renamed from=a\n b TEXT, UNIQUE (n COLLATE nocase, b DESC) ON CONFLICT IGNORE)",
    )
    .filled("INSERT INTO t VALUES ('x', 'y')"),
];
