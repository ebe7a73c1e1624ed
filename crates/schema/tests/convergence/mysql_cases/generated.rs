use crate::case::Case;

const ROWS: &str = "INSERT INTO t (a) VALUES (1), (2)";
const KEPT: &str = "SELECT CONCAT(a, '|', c) FROM t ORDER BY a";

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "add generated columns",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (v INT GENERATED ALWAYS AS (a + 1) VIRTUAL, a INT, s INT AS (a + 2) STORED COMMENT 'c')",
    )
    .keeps(ROWS, "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new(
        "drop generated column",
        "CREATE TABLE t (a INT, v INT AS (a + 1) VIRTUAL, KEY k (v))",
        "CREATE TABLE t (a INT)",
    )
    .keeps(ROWS, "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new(
        "change the expression",
        "CREATE TABLE t (a INT, v INT AS (a + 1) VIRTUAL, s INT AS (a + 1) STORED)",
        "CREATE TABLE t (a INT, v INT AS (a * 2) VIRTUAL, s INT AS (a * 3) STORED)",
    )
    .keeps(ROWS, "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    Case::new(
        "virtual to stored, with a key",
        "CREATE TABLE t (a INT, c INT AS (a + 1) VIRTUAL, b INT, KEY k (c, a), UNIQUE KEY u (c))",
        "CREATE TABLE t (a INT, c INT AS (a + 1) STORED, b INT, KEY k (c, a), UNIQUE KEY u (c))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "stored to virtual",
        "CREATE TABLE t (c INT AS (a + 1) STORED, a INT)",
        "CREATE TABLE t (c INT AS (a + 1) VIRTUAL, a INT)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "stored to plain keeps values",
        "CREATE TABLE t (a INT, c INT AS (a + 1) STORED)",
        "CREATE TABLE t (a INT, c INT)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "virtual to plain keeps values",
        "CREATE TABLE t (a INT, c INT AS (a + 1) VIRTUAL, d INT)",
        "CREATE TABLE t (a INT, c BIGINT NOT NULL, d INT)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "plain to stored",
        "CREATE TABLE t (a INT, c INT)",
        "CREATE TABLE t (a INT, c INT AS (a + 1) STORED)",
    )
    .filled("INSERT INTO t VALUES (1, 5)")
    .loses(),
    Case::new(
        "plain to virtual",
        "CREATE TABLE t (a INT, c INT, KEY k (c))",
        "CREATE TABLE t (a INT, c INT AS (a + 1) VIRTUAL, KEY k (c))",
    )
    .filled("INSERT INTO t VALUES (1, 5)")
    .loses(),
    Case::new(
        "one generated from another, both remade",
        "CREATE TABLE t (a INT, c INT AS (a + 1) VIRTUAL, d INT AS (c + 1) VIRTUAL, KEY k (d))",
        "CREATE TABLE t (a INT, c INT AS (a + 1) STORED, d INT AS (c + 1) VIRTUAL, KEY k (d))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "rename what it is computed from",
        "CREATE TABLE t (old INT, c INT AS (old + 1) VIRTUAL, s INT AS (old * 2) STORED, KEY k (c))",
        "CREATE TABLE t (a INT, -- @renamed from=old\n c INT AS (a + 1) VIRTUAL, s INT AS (a * 2) STORED, KEY k (c))",
    )
    .filled("INSERT INTO t (old) VALUES (1)"),
    Case::new(
        "drop what it was computed from",
        "CREATE TABLE t (a INT, b INT, c INT AS (b + 1) VIRTUAL)",
        "CREATE TABLE t (a INT, c INT AS (a + 1) VIRTUAL)",
    )
    .loses(),
    Case::new(
        "type of what it is computed from",
        "CREATE TABLE t (a INT, c INT AS (a + 1) STORED, v INT AS (a + 2) VIRTUAL, KEY k (v))",
        "CREATE TABLE t (a BIGINT, c INT AS (a + 1) STORED, v INT AS (a + 2) VIRTUAL, KEY k (v))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "texts in the expression",
        "CREATE TABLE t (a VARCHAR(9), c VARCHAR(30) AS (concat(a, 'it''s', '\\\\', '\"')) VIRTUAL)",
        "CREATE TABLE t (a VARCHAR(9), c VARCHAR(30) AS (concat(a, 'é', ')')) STORED)",
    ),
    Case::new(
        "move a generated column",
        "CREATE TABLE t (a INT, c INT AS (a + 1) STORED, v INT AS (a + 2) VIRTUAL, b INT)",
        "CREATE TABLE t (v INT AS (a + 2) VIRTUAL, c INT AS (a + 1) STORED, a INT, b INT)",
    )
    .keeps(ROWS, KEPT),
];
