use crate::case::Case;

const REBUILD: &[&str] = &["_migrate_old_t"];

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
        .keeps("INSERT INTO t (a) VALUES (1), (2)", "SELECT a || '' FROM t ORDER BY a")
}

pub(super) const CASES: &[Case] = &[
    change("add a check", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT CHECK (a > 0))")
    .by(REBUILD),
    change(
        "add a named check",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, CONSTRAINT \"is positive\" CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "drop a check",
        "CREATE TABLE t (a INT CHECK (a > 0), CHECK (a < 9))",
        "CREATE TABLE t (a INT CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "change a check",
        "CREATE TABLE t (a INT CHECK (a > 0))",
        "CREATE TABLE t (a INT CHECK (a >= 0))",
    )
    .by(REBUILD),
    change(
        "change a text in a check",
        "CREATE TABLE t (a INT CHECK (a <> 'x'))",
        "CREATE TABLE t (a INT CHECK (a <> 'X'))",
    )
    .by(REBUILD),
    change(
        "name a check",
        "CREATE TABLE t (a INT CHECK (a > 0))",
        "CREATE TABLE t (a INT CONSTRAINT c CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "rename a check",
        "CREATE TABLE t (a INT CONSTRAINT b CHECK (a > 0))",
        "CREATE TABLE t (a INT CONSTRAINT c CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "place and layout of a check",
        "CREATE TABLE t (a INT CHECK (a > 0 AND a<>5), b)",
        "CREATE TABLE t (a INT, b, CHECK (((A>0) = 1 or 1) is not null), CHECK(a  >0 and\n[a] != 5))",
    )
    .by(REBUILD),
    change(
        "place of a check alone",
        "CREATE TABLE t (a INT CHECK (a > 0 AND a<>5), b)",
        "CREATE TABLE t (a INT, b, CHECK(a  >0 and\n[a] != 5))",
    )
    .never_by(REBUILD),
    change(
        "keywords in lower case",
        "CREATE TABLE t (a INT CHECK (a IS NOT NULL AND a NOT IN (7, 8) AND CASE WHEN a THEN 1 END))",
        "CREATE TABLE t (a INT CHECK (a is not null and a not in(7,8) and case when a then 1 end))",
    )
    .never_by(REBUILD),
    change(
        "list in a check",
        "CREATE TABLE t (a INT, s TEXT CHECK (s IN ('a', 'b')))",
        "CREATE TABLE t (a INT, s TEXT CHECK (s IN ('a', 'b', 'c, d')))",
    )
    .by(REBUILD),
    change(
        "quotes and backslashes in a check",
        "CREATE TABLE t (a INT, s TEXT CHECK (s <> 'it''s \\ (\"'))",
        "CREATE TABLE t (a INT, s TEXT CHECK (s <> 'it''s \\\\ (\"'))",
    )
    .by(REBUILD),
    change(
        "comments in a check",
        "CREATE TABLE t (a INT CHECK (a > 0 /* is, (positive */))",
        "CREATE TABLE t (a INT CHECK (a > 0 -- is ' positive\n))",
    )
    .never_by(REBUILD),
    change(
        "check of several columns",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, b INT, CHECK (a < b OR b IS NULL))",
    )
    .by(REBUILD),
    change(
        "a column comes with a check of the table",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT, CHECK (a < b OR b IS NULL))",
    )
    .by(REBUILD),
    Case::new(
        "a check that names its table before its columns",
        "CREATE TABLE `t` (`a` integer PRIMARY KEY AUTOINCREMENT, `b` real, c INT AS (a + 1), CONSTRAINT \"x\" CHECK(\"t\".\"b\" > 21));
        CREATE INDEX i ON t (b) WHERE t.b > 22; CREATE TABLE u (a INT REFERENCES t ON DELETE CASCADE);
        CREATE VIEW v AS SELECT t.a FROM t; CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE t.a = 3; END",
        "CREATE TABLE `t` (`a` integer PRIMARY KEY AUTOINCREMENT, `b` real NOT NULL, c INT AS (a + 1), CONSTRAINT \"x\" CHECK(\"t\".\"b\" > 21));
        CREATE INDEX i ON t (b) WHERE t.b > 22; CREATE TABLE u (a INT REFERENCES t ON DELETE CASCADE);
        CREATE VIEW v AS SELECT t.a FROM t; CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE t.a = 3; END",
    )
    .keeps(
        "INSERT INTO t VALUES (1, 22.5), (9, 23); DELETE FROM t WHERE a = 9; INSERT INTO u VALUES (1)",
        "SELECT t.a || b || c || v.a || u.a || name || seq FROM t, v, u, sqlite_sequence",
    )
    .by(&["CREATE TABLE _migrate_old_t AS"]),
    Case::new(
        "an index that names its table before its columns",
        "CREATE TABLE t (a INT, b INT); CREATE UNIQUE INDEX i ON t (a) WHERE \"t\".\"b\" IS NULL; CREATE INDEX j ON t (a) WHERE t.b > 1",
        "CREATE TABLE t (a INT, b INT NOT NULL DEFAULT 0); CREATE UNIQUE INDEX i ON t (a) WHERE \"t\".\"b\" IS NULL",
    )
    .keeps("INSERT INTO t (rowid, a, b) VALUES (7, 1, 2)", "SELECT rowid || a || b FROM t")
    .by(&["DROP INDEX i;", "RENAME TO _migrate_old_t"]),
    Case::new(
        "a table with another name and a check that names it",
        "CREATE TABLE old (rowid INT, a INT, b INT CHECK (old.b > a)) STRICT",
        "-- @renamed from=old\nCREATE TABLE t (rowid INT, a INT NOT NULL, b INT CHECK (t.b > a)) STRICT",
    )
    .filled("INSERT INTO old (_rowid_, rowid, a, b) VALUES (7, 5, 1, 2)"),
    Case::new(
        "computed columns are not read to be computed again, where a check names the table",
        "CREATE TABLE t (a TEXT, b INT, j AS (json_extract(a, '$.x')), CHECK (t.b > 0))",
        "CREATE TABLE t (a TEXT, b INT NOT NULL, j AS (json_extract(a, '$.x')), CHECK (t.b > 0))",
    )
    .keeps("INSERT INTO t (a, b) VALUES ('{\"x\": 2}', 1)", "SELECT a || b || j FROM t")
    .by(&["CREATE TABLE _migrate_old_t AS\nSELECT rowid AS rowid, a, b\nFROM t"]),
];
