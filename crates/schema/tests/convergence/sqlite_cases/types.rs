use crate::case::Case;

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
}

pub(super) const CASES: &[Case] = &[
    change("widen a number", "CREATE TABLE t (a INT)", "CREATE TABLE t (a BIGINT)")
        .keeps("INSERT INTO t VALUES (1), (NULL)", "SELECT typeof(a) || a FROM t ORDER BY a")
        .by(&["_migrate_old_t"]),
    change("another length", "CREATE TABLE t (a VARCHAR(20))", "CREATE TABLE t (a VARCHAR(10))")
        .keeps("INSERT INTO t VALUES ('longer than ten')", "SELECT a FROM t"),
    change("numbers become texts", "CREATE TABLE t (a INTEGER)", "CREATE TABLE t (a TEXT)")
        .keeps("INSERT INTO t VALUES (1), (-20), (NULL)", "SELECT CAST(a AS TEXT) FROM t"),
    change(
        "real numbers become texts with all their digits",
        "CREATE TABLE t (a REAL, b NUMERIC, c INTEGER, d)",
        "CREATE TABLE t (a TEXT, b TEXT, c VARCHAR(40), d TEXT)",
    )
    .keeps(
        "INSERT INTO t VALUES (0.1 + 0.2, 1.0 / 3, 2.0 / 3, -5e-324),
            (1.7976931348623157e308, -1.7976931348623157e308, 3.141592653589793, 2.5),
            (0.1, 1e23, 9007199254740993.0, 1), (NULL, 5, 7, NULL)",
        "SELECT count(*) || ' ' || sum(CAST(a AS REAL) IN (0.1 + 0.2, 1.7976931348623157e308, 0.1)) || ' ' ||
            sum(CAST(b AS REAL) IN (1.0 / 3, -1.7976931348623157e308, 1e23, 5)) || ' ' ||
            sum(CAST(c AS REAL) IN (2.0 / 3, 3.141592653589793, 9007199254740993.0, 7)) || ' ' ||
            sum(CAST(d AS REAL) IN (-5e-324, 2.5, 1)) FROM t",
    )
    .loses(),
    change(
        "real numbers of a strict table become texts",
        "CREATE TABLE t (a REAL, b INT) STRICT",
        "CREATE TABLE t (a TEXT, b TEXT) STRICT",
    )
    .keeps("INSERT INTO t VALUES (0.1 + 0.2, 5)", "SELECT (CAST(a AS REAL) = 0.1 + 0.2) || b FROM t")
    .by(&["printf('%!.17g', a)"])
    .never_by(&["printf('%!.17g', b)"]),
    change("texts become numbers", "CREATE TABLE t (a TEXT)", "CREATE TABLE t (a INTEGER)")
        .keeps("INSERT INTO t VALUES ('1'), ('x'), ('2.5')", "SELECT CAST(a AS TEXT) FROM t")
        .loses(),
    change("whole numbers become others", "CREATE TABLE t (a INTEGER)", "CREATE TABLE t (a REAL)")
        .keeps("INSERT INTO t VALUES (1), (2)", "SELECT CAST(CAST(a AS INTEGER) AS TEXT) FROM t")
        .loses(),
    change(
        "numbers become whole",
        "CREATE TABLE t (a DOUBLE PRECISION)",
        "CREATE TABLE t (a INTEGER)",
    )
    .keeps("INSERT INTO t VALUES (1), (2.5)", "SELECT CAST(CAST(a AS REAL) AS TEXT) FROM t"),
    change("texts become bytes", "CREATE TABLE t (a TEXT)", "CREATE TABLE t (a BLOB)")
        .keeps("INSERT INTO t VALUES ('äx'), (NULL)", "SELECT hex(a) FROM t")
        .by(&["CAST(a AS BLOB)"]),
    change(
        "bytes become texts",
        "CREATE TABLE t (a BLOB NOT NULL)",
        "CREATE TABLE t (a TEXT NOT NULL)",
    )
    .keeps("INSERT INTO t VALUES (x'61ff')", "SELECT hex(a) FROM t")
    .by(&["CAST(a AS TEXT)"]),
    change("a type for what has none", "CREATE TABLE t (a)", "CREATE TABLE t (a NUMERIC(10, 2))")
        .keeps("INSERT INTO t VALUES (1.5)", "SELECT CAST(a AS TEXT) FROM t")
        .loses(),
    change(
        "strict from now on",
        "CREATE TABLE t (a INT, b TEXT)",
        "CREATE TABLE t (a INT, b TEXT) STRICT",
    )
    .keeps("INSERT INTO t VALUES (1, 'x'), (NULL, NULL)", "SELECT a || b FROM t"),
    change(
        "strict no more",
        "CREATE TABLE t (a INT, b ANY) STRICT",
        "CREATE TABLE t (a INT, b ANY)",
    )
    .keeps("INSERT INTO t VALUES (1, 'x'), (2, 3)", "SELECT a || b FROM t")
    .loses(),
    change(
        "strict with another type",
        "CREATE TABLE t (a INT, b TEXT) STRICT",
        "CREATE TABLE t (a INT, b BLOB) STRICT",
    )
    .keeps("INSERT INTO t VALUES (1, 'x')", "SELECT hex(b) FROM t"),
    change(
        "strict bytes of a number",
        "CREATE TABLE t (a INT, b INT) STRICT",
        "CREATE TABLE t (a INT, b BLOB) STRICT; ",
    )
    .filled("INSERT INTO t (a) VALUES (1)"),
    change(
        "a column of a strict table",
        "CREATE TABLE t (a INT) STRICT",
        "CREATE TABLE t (a INT, b REAL) STRICT",
    )
    .by(&["ADD COLUMN"]),
    change(
        "a long type",
        "CREATE TABLE t (a UNSIGNED BIG INT)",
        "CREATE TABLE t (a NATIVE CHARACTER(70), b \"my type\" (1, 2))",
    )
    .by(&["_migrate_old_t"]),
    change(
        "case of a type",
        "CREATE TABLE t (a Numeric(10,2))",
        "CREATE TABLE t (a NUMERIC (10, 2))",
    )
    .never_by(&["CREATE"]),
    change(
        "no type at all",
        "CREATE TABLE t (a, b DEFAULT 1)",
        "CREATE TABLE t (a PRIMARY KEY, b UNIQUE)",
    )
    .by(&["_migrate_old_t"]),
    change(
        "without rowid",
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INT)",
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INT) WITHOUT ROWID",
    )
    .keeps("INSERT INTO t VALUES ('x', 1)", "SELECT a || b FROM t"),
    change(
        "with rowid",
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INT) STRICT, WITHOUT ROWID",
        "CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL, b INT)",
    )
    .keeps("INSERT INTO t VALUES ('x', 1)", "SELECT a || b FROM t"),
    change(
        "anything becomes a number where a table is not strict any more",
        "CREATE TABLE t (a ANY, b ANY) STRICT",
        "CREATE TABLE t (a ANY, b TEXT)",
    )
    .filled("INSERT INTO t VALUES ('007', 5)")
    .loses(),
    change(
        "anything stays as it is where a table becomes strict",
        "CREATE TABLE t (a TEXT, b BLOB)",
        "CREATE TABLE t (a ANY, b ANY) STRICT",
    )
    .keeps("INSERT INTO t VALUES ('007', x'35')", "SELECT typeof(a) || a || typeof(b) FROM t"),
    change(
        "key becomes the number of the row",
        "CREATE TABLE t (id INT PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)",
    )
    .filled("INSERT INTO t VALUES (NULL, 'x'), (NULL, 'y')")
    .by(&["-- changes rows: t.id gets a number where it is NULL, for good"]),
    change(
        "key that has to have a value becomes the number of the row",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)",
    )
    .keeps("INSERT INTO t VALUES (7, 'x')", "SELECT id || b FROM t")
    .never_by(&["-- changes rows"]),
    change(
        "texts become the numbers of the rows",
        "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, b TEXT)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)",
    )
    .keeps("INSERT INTO t VALUES ('7', 'x')", "SELECT id || b FROM t")
    .by(&["-- fails while t.id of a row is no whole number"])
    .loses(),
    change(
        "the number of the row has another name and has to have a value",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (\ntid INTEGER NOT NULL PRIMARY KEY, -- @renamed from=id\nb TEXT)",
    )
    .filled("INSERT INTO t VALUES (7, 'x')")
    .never_by(&["-- changes rows", "-- fails while"]),
    change(
        "bytes that are no text in the encoding of the database stay bytes",
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a BLOB)",
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a TEXT)",
    )
    .keeps("INSERT INTO t VALUES (x'616263'), (x'6100'), (NULL)", "SELECT group_concat(hex(CAST(a AS BLOB))) FROM t")
    .by(&["-- changes rows: bytes in t.a become the texts"]),
    change(
        "numbers and texts among bytes keep their digits and letters",
        "CREATE TABLE t (a BLOB)",
        "CREATE TABLE t (a TEXT)",
    )
    .keeps(
        "INSERT INTO t VALUES ('a text'), (5), (1.0 / 3), (x'ff00')",
        "SELECT sum(CASE typeof(a) WHEN 'real' THEN a ELSE CAST(CAST(a AS TEXT) AS REAL) END = 1.0 / 3) ||
            group_concat(CASE WHEN rowid <> 3 THEN hex(CAST(a AS BLOB)) END) FROM t",
    ),
];
