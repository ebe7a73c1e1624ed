use crate::case::Case;

const ROWS: &str = "INSERT INTO t (a) VALUES (1), (2)";

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
}

pub(super) const CASES: &[Case] = &[
    change(
        "rename a column",
        "CREATE TABLE t (a INT, date DATE DEFAULT 'date')",
        "CREATE TABLE t (a INT,\n made DATE DEFAULT 'date' -- @renamed from=date\n)",
    )
    .keeps("INSERT INTO t VALUES (1, 'x')", "SELECT a || (SELECT 'x') FROM t")
    .by(&["RENAME COLUMN date TO made"])
    .never_by(&["_migrate_old_"]),
    change(
        "rename a column everywhere",
        "CREATE TABLE t (a INT CHECK (a > 0), b INT AS (a + 1), c INT, UNIQUE (a, c)); CREATE INDEX i ON t (a, lower(a)) WHERE a > 1; CREATE TABLE u (x INT REFERENCES t (a))",
        "CREATE TABLE t (n INT CHECK (n > 0), -- @renamed from=a\n b INT AS (n + 1), c INT, UNIQUE (n, c)); CREATE INDEX i ON t (n, lower(n)) WHERE n > 1; CREATE TABLE u (x INT REFERENCES t (n))",
    )
    .filled("PRAGMA foreign_keys = OFF; INSERT INTO t (a) VALUES (1), (2)")
    .by(&["RENAME COLUMN a TO n"])
    .never_by(&["_migrate_old_", "INDEX"]),
    change(
        "rename to a keyword",
        "CREATE TABLE t (a INT CHECK (a > 0)); CREATE INDEX i ON t (a)",
        "CREATE TABLE t (\"order\" INT CHECK (\"order\" > 0) -- @renamed from=a\n); CREATE INDEX i ON t (\"order\")",
    )
    .filled(ROWS)
    .by(&["TO \"order\""])
    .never_by(&["_migrate_old_"]),
    change(
        "rename from quotes",
        "CREATE TABLE t (\"a b\" INT CHECK (\"a b\" > 0), [c] INT)",
        "CREATE TABLE t (ab INT CHECK (ab > 0), -- @renamed from=\"a b\"\n d INT -- @renamed from=c\n)",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT count(*) || '' FROM t")
    .by(&["RENAME COLUMN \"a b\" TO ab"])
    .never_by(&["_migrate_old_"]),
    change(
        "rename the case of a column",
        "CREATE TABLE t (Code INT CHECK (code > 0)); CREATE INDEX i ON t (CODE)",
        "CREATE TABLE t (code INT CHECK (code > 0)); CREATE INDEX i ON t (code)",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT code || '' FROM t")
    .never_by(&["_migrate_old_", "DROP"]),
    change(
        "rename the case of a table",
        "CREATE TABLE Things (a INT); CREATE TABLE u (a INT REFERENCES Things (a))",
        "CREATE TABLE things (a INT); CREATE TABLE u (a INT REFERENCES things (a))",
    )
    .keeps("INSERT INTO things VALUES (1)", "SELECT a || '' FROM things")
    .never_by(&["DROP"]),
    change(
        "rename a table",
        "CREATE TABLE t (a INT); CREATE INDEX i ON t (a)",
        "-- @renamed from=t\nCREATE TABLE u (a INT); CREATE INDEX i ON u (a)",
    )
    .filled(ROWS)
    .by(&["ALTER TABLE t RENAME TO u"])
    .never_by(&["_migrate_old_", "INDEX"]),
    change(
        "rename a table in quotes",
        "CREATE TABLE \"t\" (a INT)",
        "-- @renamed from=t\nCREATE TABLE \"Big Table\" (a INT)",
    )
    .filled(ROWS)
    .by(&["RENAME TO \"Big Table\""])
    .never_by(&["_migrate_old_"]),
    change(
        "rename a table with children",
        "CREATE TABLE t (a INT PRIMARY KEY, up INT REFERENCES t); CREATE TABLE c (t INT REFERENCES t ON DELETE CASCADE)",
        "-- @renamed from=t\nCREATE TABLE u (a INT PRIMARY KEY, up INT REFERENCES u); CREATE TABLE c (t INT REFERENCES u ON DELETE CASCADE)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, NULL), (2, 1); INSERT INTO c VALUES (1), (1), (2)",
        "SELECT group_concat(t) FROM c",
    )
    .never_by(&["_migrate_old_"]),
    change(
        "rename a table and a column",
        "CREATE TABLE t (a INT PRIMARY KEY); CREATE TABLE c (t INT REFERENCES t (a))",
        "-- @renamed from=t\nCREATE TABLE u (\n b INT PRIMARY KEY -- @renamed from=a\n); CREATE TABLE c (u INT REFERENCES u (b) -- @renamed from=t\n)",
    )
    .keeps("INSERT INTO t VALUES (1); INSERT INTO c VALUES (1)", "SELECT count(*) || '' FROM c")
    .never_by(&["_migrate_old_"]),
    change(
        "rename and change a column",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (n INT NOT NULL, -- @renamed from=a\n b TEXT, c INT UNIQUE)",
    )
    .filled(ROWS)
    .by(&["RENAME COLUMN a TO n", "_migrate_old_t"]),
    change(
        "rename and change a table",
        "CREATE TABLE t (a INT, b TEXT); CREATE TABLE c (x INT, t INT REFERENCES t (a)); CREATE INDEX i ON t (a)",
        "-- @renamed from=t\nCREATE TABLE u (a INT UNIQUE, b TEXT, c); CREATE TABLE c (x INT NOT NULL, t INT REFERENCES u (a)); CREATE INDEX i ON u (a)",
    )
    .keeps("INSERT INTO t VALUES (1, 'x')", "SELECT count(*) || '' FROM c")
    .by(&["ALTER TABLE t RENAME TO u", "_migrate_old_u"]),
    change(
        "rename a table and give its name to another",
        "CREATE TABLE t (a INT, b TEXT)",
        "-- @renamed from=t\nCREATE TABLE u (a INT, b TEXT); CREATE VIEW t AS SELECT a FROM u",
    )
    .filled(ROWS),
    change(
        "rename under a view",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a, b FROM t WHERE a > 0; CREATE VIEW w AS SELECT * FROM v",
        "CREATE TABLE t (n INT, -- @renamed from=a\n b INT); CREATE VIEW v AS SELECT n, b FROM t WHERE n > 0; CREATE VIEW w AS SELECT * FROM v",
    )
    .filled(ROWS),
    change(
        "rename under a view that stays as it was",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT * FROM t",
        "CREATE TABLE t (n INT, -- @renamed from=a\n b INT); CREATE VIEW v AS SELECT * FROM t",
    )
    .filled(ROWS),
    change(
        "rename under a view that is not told",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (n INT, -- @renamed from=a\n b INT); CREATE VIEW v AS SELECT a FROM t",
    )
    .filled(ROWS),
    change(
        "rename in a trigger",
        "CREATE TABLE t (a INT, b INT); CREATE TABLE log (a INT); CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN NEW.a > 0 BEGIN INSERT INTO log VALUES (NEW.a); UPDATE t SET b = OLD.a; END",
        "CREATE TABLE t (n INT, -- @renamed from=a\n b INT); CREATE TABLE log (a INT); CREATE TRIGGER r AFTER UPDATE OF n ON t WHEN NEW.n > 0 BEGIN INSERT INTO log VALUES (NEW.n); UPDATE t SET b = OLD.n; END",
    )
    .filled(ROWS),
    change(
        "rename a table in another's trigger",
        "CREATE TABLE t (a INT); CREATE TABLE o (a INT); CREATE TRIGGER r AFTER INSERT ON o BEGIN INSERT INTO t VALUES (NEW.a); END",
        "-- @renamed from=t\nCREATE TABLE u (a INT); CREATE TABLE o (a INT); CREATE TRIGGER r AFTER INSERT ON o BEGIN INSERT INTO u VALUES (NEW.a); END",
    )
    .filled(ROWS),
    change(
        "rename what was written in two ways",
        "CREATE TABLE t (`a` INT, CHECK ([A] > 0 AND a < 9))",
        "CREATE TABLE t (n INT, -- @renamed from=a\n CHECK (n > 0 AND n < 9))",
    )
    .filled(ROWS)
    .never_by(&["_migrate_old_"]),
    change(
        "rename a counting table",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
        "-- @renamed from=t\nCREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT)",
    )
    .keeps("INSERT INTO t VALUES (50); DELETE FROM t", "SELECT seq || '' FROM sqlite_sequence"),
    change(
        "rename a virtual table that a view and a trigger name",
        "CREATE VIRTUAL TABLE f USING fts5(a, b); CREATE TABLE t (a TEXT); CREATE VIEW v AS SELECT a || b AS c FROM f; CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO f VALUES (NEW.a, 'x'); END",
        "-- @renamed from=f\nCREATE VIRTUAL TABLE \"g h\" USING FTS5 (a,b); CREATE TABLE t (a TEXT, b INT); CREATE VIEW v AS SELECT a || b AS c FROM \"g h\"; CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO \"g h\" VALUES (NEW.a, 'x'); END",
    )
    .keeps("INSERT INTO t VALUES ('one'), ('two')", "SELECT c FROM v ORDER BY c")
    .never_by(&["VIRTUAL"])
    .except(QUOTED),
    change(
        "rename a virtual table of numbers",
        "CREATE VIRTUAL TABLE r USING rtree(id, x, y); CREATE VIEW v AS SELECT x FROM r",
        "CREATE VIRTUAL TABLE s USING rtree(id, x, y); -- @renamed from=r\nCREATE VIEW v AS SELECT x FROM s",
    )
    .keeps("INSERT INTO r VALUES (1, 2, 3)", "SELECT x || '' FROM v")
    .except(QUOTED),
];

const QUOTED: &str =
    "SQLite writes the new name of a virtual table, and of those behind it, in quotes";
