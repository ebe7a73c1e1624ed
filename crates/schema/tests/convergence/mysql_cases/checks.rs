use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new("add check", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0))")
        .keeps("INSERT INTO t VALUES (5)", "SELECT CAST(a AS CHAR) FROM t")
        .by(&["ADD CONSTRAINT c CHECK (`a` > 0)"]),
    Case::new("drop check", "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0))", "CREATE TABLE t (a INT)")
        .by(&["DROP CONSTRAINT c"]),
    Case::new(
        "change check",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0))",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 1 AND a < 10))",
    ),
    Case::new(
        "rename check",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0))",
        "CREATE TABLE t (a INT, CONSTRAINT d CHECK (a > 0))",
    ),
    Case::new(
        "checks without names",
        "CREATE TABLE t (a INT, b INT, CHECK (a > 0), CHECK (b > 0))",
        "CREATE TABLE t (a INT, b INT, CHECK (b > 1), CHECK (b > 0), CHECK (a <> b))",
    ),
    Case::new(
        "checks of columns",
        "CREATE TABLE t (a INT CHECK (a > 0), b INT NOT NULL DEFAULT 5 COMMENT 'c' CHECK (b > 0))",
        "CREATE TABLE t (a INT CHECK (a > 1), b INT NOT NULL DEFAULT 5 COMMENT 'c', c INT CHECK (c < 9))",
    ),
    Case::new(
        "column of its check is renamed",
        "CREATE TABLE t (old INT CHECK (old > 0), b INT, CHECK (b > old))",
        "CREATE TABLE t (a INT CHECK (a > 0), -- @renamed from=old\n b INT, CHECK (b > a))",
    )
    .filled("INSERT INTO t VALUES (1, 2)"),
    Case::new(
        "column of a check is renamed and changed",
        "CREATE TABLE t (old INT, b INT, CONSTRAINT c CHECK (old > 0))",
        "CREATE TABLE t (b INT, a BIGINT, -- @renamed from=old\n CONSTRAINT c CHECK (a > 0))",
    )
    .filled("INSERT INTO t VALUES (1, 2)"),
    Case::new(
        "column of a check goes with it",
        "CREATE TABLE t (a INT, b INT, CONSTRAINT c CHECK (a > b))",
        "CREATE TABLE t (a INT)",
    )
    .loses(),
    Case::new(
        "texts in a check",
        "CREATE TABLE t (a VARCHAR(20), CONSTRAINT c CHECK (a <> 'it''s' AND a <> 'a\\\\b'))",
        "CREATE TABLE t (a VARCHAR(20), CONSTRAINT c CHECK (a IN ('x''', '\\\\', '\"', 'é', 'a\\nb')))",
    ),
    Case::new(
        "pattern in a check",
        "CREATE TABLE t (a VARCHAR(20))",
        "CREATE TABLE t (a VARCHAR(20), CONSTRAINT c CHECK (a REGEXP '^[a-z]\\\\.x$' OR a LIKE 'a\\\\%%'))",
    ),
    Case::new(
        "name of a check moves to another table",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0)); CREATE TABLE u (a INT)",
        "CREATE TABLE t (a INT); CREATE TABLE u (a INT, CONSTRAINT c CHECK (a > 0))",
    ),
    Case::new(
        "checks exchange tables",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0)); CREATE TABLE u (a INT, CONSTRAINT d CHECK (a > 1))",
        "CREATE TABLE t (a INT, CONSTRAINT d CHECK (a > 1)); CREATE TABLE u (a INT, CONSTRAINT c CHECK (a > 0))",
    ),
    Case::new(
        "table with generated names is renamed",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE old (a INT, CHECK (a > 0), FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY);\n-- @renamed from=old\nCREATE TABLE t (a INT, CHECK (a > 0), FOREIGN KEY (a) REFERENCES p (id))",
    )
    .by(&["RENAME TABLE old TO t"])
    .never_by(&["ALTER"]),
];
