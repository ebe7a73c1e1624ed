use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new(
        "make a table",
        "CREATE TABLE x (i)",
        "CREATE TABLE x (i); CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n  a TEXT\n)",
    )
    .by(&["CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n  a TEXT\n)"]),
    Case::new(
        "drop a table",
        "CREATE TABLE x (i); CREATE TABLE t (a INT); CREATE INDEX i ON t (a)",
        "CREATE TABLE x (i)",
    )
    .filled("INSERT INTO t VALUES (1)")
    .by(&["DROP TABLE t"])
    .never_by(&["DROP INDEX"])
    .loses(),
    Case::new(
        "make tables in the order of their references",
        "",
        "CREATE TABLE a (b REFERENCES b); CREATE TABLE b (c REFERENCES c); CREATE TABLE c (i PRIMARY KEY)",
    )
    .by(&["CREATE TABLE c (i PRIMARY KEY);\nCREATE TABLE b (c REFERENCES c);\nCREATE TABLE a"]),
    Case::new(
        "make everything",
        "",
        "CREATE TABLE a (i INTEGER PRIMARY KEY AUTOINCREMENT, j INT REFERENCES b (i)) STRICT; CREATE TABLE b (i INT PRIMARY KEY) WITHOUT ROWID; CREATE INDEX a_j ON a (j); CREATE VIEW v AS SELECT * FROM w; CREATE VIEW w AS SELECT i FROM a; CREATE TRIGGER r INSTEAD OF DELETE ON v BEGIN DELETE FROM a; END; CREATE TRIGGER s AFTER INSERT ON a BEGIN DELETE FROM b; END",
    ),
    Case::new(
        "drop everything",
        "CREATE TABLE a (i INTEGER PRIMARY KEY AUTOINCREMENT, j INT REFERENCES b (i)) STRICT; CREATE TABLE b (i INT PRIMARY KEY) WITHOUT ROWID; CREATE INDEX a_j ON a (j); CREATE VIEW v AS SELECT * FROM w; CREATE VIEW w AS SELECT i FROM a; CREATE TRIGGER r INSTEAD OF DELETE ON v BEGIN DELETE FROM a; END; CREATE TRIGGER s AFTER INSERT ON a BEGIN DELETE FROM b; END",
        "",
    )
    .filled("PRAGMA foreign_keys = OFF; INSERT INTO a VALUES (1, 2)")
    .loses(),
    Case::new("exchange tables", "CREATE TABLE a (i)", "CREATE TABLE b (j)").loses(),
    Case::new(
        "a table made from a query",
        "CREATE TABLE x (i)",
        "CREATE TABLE x (i); CREATE TABLE t AS SELECT 1 AS a, 'x' AS \"b c\", CAST(1 AS REAL) AS d",
    ),
    Case::new(
        "change a table made from a query",
        "CREATE TABLE t AS SELECT 1 AS a, 'x' AS \"b c\"",
        "CREATE TABLE t (a, \"b c\" NOT NULL)",
    )
    .keeps("", "SELECT a || \"b c\" FROM t"),
    Case::new(
        "a text with everything in it",
        "CREATE TABLE x (i)",
        "CREATE TABLE x (i); CREATE TABLE t (a TEXT DEFAULT ';', b TEXT DEFAULT '--', c TEXT /* ; */ CHECK (c <> '/*') -- ;\n)",
    ),
    Case::new("nothing from nothing", "", ""),
];
