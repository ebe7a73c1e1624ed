use crate::case::Case;

const T: &str = "CREATE TABLE t (a INT, b VARCHAR(20));";

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "add view",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a, 'x' AS lit, a + 1 AS n FROM t WHERE a > 0",
    ),
    Case::new(
        "drop view",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT)",
    )
    .by(&["DROP VIEW `v`"]),
    Case::new(
        "change view",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a, b FROM t WHERE b IN (1, 2)",
    )
    .by(&["CREATE OR REPLACE VIEW"]),
    Case::new(
        "view over a changed table",
        "CREATE TABLE t (a INT, b VARCHAR(20)); CREATE VIEW v AS SELECT * FROM t",
        "CREATE TABLE t (a BIGINT, b VARCHAR(40), c INT); CREATE VIEW v AS SELECT * FROM t",
    ),
    Case::new(
        "view over a dropped column",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a, b FROM t",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
    )
    .loses(),
    Case::new(
        "view over a renamed table and column",
        "CREATE TABLE old (x INT); CREATE VIEW v AS SELECT x FROM old",
        "-- @renamed from=old\nCREATE TABLE t (\na INT -- @renamed from=x\n);\nCREATE VIEW v AS SELECT a AS x FROM t",
    ),
    Case::new(
        "views over views come",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT); CREATE VIEW z AS SELECT a FROM t; CREATE VIEW m AS SELECT a FROM z; CREATE VIEW b AS SELECT z.a FROM m JOIN z ON m.a = z.a",
    ),
    Case::new(
        "views turn round",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v",
        "CREATE TABLE t (a INT); CREATE VIEW w AS SELECT a FROM t; CREATE VIEW v AS SELECT a FROM w",
    ),
    Case::new(
        "view becomes a table",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT); CREATE TABLE v (a INT)",
    ),
    Case::new(
        "options",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t WHERE a > 0",
        "CREATE TABLE t (a INT); CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW v AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION",
    ),
    Case::new(
        "view with a function",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT); CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1; CREATE VIEW a AS SELECT f(a) AS q FROM t",
    ),
    Case::new(
        "function with other arguments under views",
        "CREATE TABLE t (a INT); CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x; \
         CREATE VIEW v AS SELECT f(a) AS q FROM t; CREATE VIEW w AS SELECT q FROM v; CREATE VIEW z AS SELECT q FROM v",
        "CREATE TABLE t (a INT); CREATE FUNCTION f(x INT, y INT) RETURNS INT DETERMINISTIC RETURN x + y; \
         CREATE VIEW v AS SELECT f(a, 1) AS q FROM t; CREATE VIEW w AS SELECT q FROM v; CREATE VIEW z AS SELECT q, 1 AS n FROM v",
    ),
    Case::new(
        "view no longer calls a function that goes",
        "CREATE TABLE t (a INT); CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x; \
         CREATE VIEW v AS SELECT f(a) AS q FROM t",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a AS q FROM t",
    ),
    Case::new(
        "named like its own columns",
        "CREATE TABLE t (a INT, v INT); CREATE VIEW v AS SELECT v, a FROM t",
        "CREATE TABLE t (a INT, v INT); CREATE VIEW v (`x y`, z) AS SELECT v AS q, a FROM t; CREATE VIEW a AS SELECT z AS v FROM v",
    ),
    Case::new(
        "texts in a view",
        "CREATE TABLE t (a VARCHAR(20))",
        "CREATE TABLE t (a VARCHAR(20)); CREATE VIEW v AS SELECT a FROM t WHERE a <> 'it''s' AND a <> 'a\\\\b' AND a <> 'é' AND a <> 'x\\ny'",
    ),
    Case::new(
        "union and subquery",
        T,
        "CREATE TABLE t (a INT, b VARCHAR(20)); CREATE VIEW v AS SELECT a FROM t WHERE a IN (SELECT a FROM t AS u) UNION ALL SELECT 1 FROM t x",
    ),
];
