use crate::case::Case;

const FILLED: &str = "INSERT INTO t (a, s) VALUES (2, 'x')";
const KEPT: &str = "SELECT a || s FROM t";

pub(super) const CASES: &[Case] = &[
    Case::new(
        "checks that print otherwise come",
        "CREATE TABLE t (a int, s varchar(9))",
        "CREATE TABLE t (a int, s varchar(9), CHECK (s IN ('x', 'it''s')), CHECK (a BETWEEN 1 AND 5 AND s <> 'q'),
           CHECK (a IS NOT DISTINCT FROM 2 OR a NOT BETWEEN 3 AND 4 OR s LIKE 'x%'), CHECK ((a > 0 AND a < 9) AND (s > 'a' AND s < 'z')),
           CHECK (CASE WHEN a > 1 THEN s ~ '^x' ELSE true END), CHECK (a NOT IN (7, 8)), CHECK (s SIMILAR TO '(x|y)%'), CHECK (s = ANY (ARRAY['x', 'y'])))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "checks that print otherwise go and come again",
        "CREATE TABLE t (a int, s varchar(9), CHECK (s IN ('x', 'it''s')), CHECK (a BETWEEN 1 AND 5 AND s <> 'q'), CHECK ((a = 1 OR a = 2) OR (s = 'x' OR s = 'z')))",
        "CREATE TABLE t (a int, s varchar(9))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "dumped form of a check makes no difference",
        "CREATE TABLE t (a int, s varchar(9), CONSTRAINT c CHECK (s IN ('x', 'y')))",
        "CREATE TABLE t (a int, s varchar(9), CONSTRAINT c CHECK (((s)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))))",
    )
    .never_by(&["ALTER"]),
    Case::new(
        "dumped form of a default, an index, a view and a generated column makes no difference",
        "CREATE TABLE t (a int, s varchar(9), g boolean GENERATED ALWAYS AS (s IN ('x', 'y')) STORED); CREATE INDEX i ON t (a) WHERE s IN ('x', 'y');
         CREATE VIEW v AS SELECT a FROM t WHERE s IN ('x', 'y'); CREATE DOMAIN d AS varchar(9) CHECK (VALUE IN ('x', 'y'))",
        "CREATE TABLE t (a int, s varchar(9), g boolean GENERATED ALWAYS AS (((s)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))) STORED);
         CREATE INDEX i ON t (a) WHERE ((s)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]));
         CREATE VIEW v AS SELECT a FROM t WHERE ((s)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]));
         CREATE DOMAIN d AS varchar(9) CHECK (((VALUE)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))",
    )
    .never_by(&["ALTER", "CREATE", "DROP"]),
    Case::new(
        "check changes",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), s text)",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 1), s text)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "check is renamed, with its comment",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), s text); COMMENT ON CONSTRAINT c ON t IS 'why'",
        "CREATE TABLE t (a int CONSTRAINT d CHECK (a > 0), s text); COMMENT ON CONSTRAINT d ON t IS 'why'",
    )
    .keeps(FILLED, KEPT)
    .by(&["RENAME CONSTRAINT c TO d"])
    .never_by(&["COMMENT"]),
    Case::new(
        "check is validated, another is not any more",
        "CREATE TABLE t (a int, s text); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD CONSTRAINT d CHECK (a > 1)",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), s text); ALTER TABLE t ADD CONSTRAINT d CHECK (a > 1) NOT VALID",
    )
    .keeps(FILLED, KEPT)
    .by(&["VALIDATE CONSTRAINT c"]),
    Case::new("check is not inherited", "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), s text)", "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0) NO INHERIT, s text)")
        .keeps(FILLED, KEPT),
    Case::new(
        "check stands on a function that is made anew",
        "CREATE FUNCTION ok(x int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0';
         CREATE TABLE t (a int DEFAULT 1 CHECK (ok(a)), s text, g boolean GENERATED ALWAYS AS (ok(a)) STORED, h boolean DEFAULT ok(5))",
        "CREATE FUNCTION ok(y int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT y > 1';
         CREATE TABLE t (a int DEFAULT 1 CHECK (ok(a)), s text, g boolean GENERATED ALWAYS AS (ok(a)) STORED, h boolean DEFAULT ok(5))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "function of a check goes with it",
        "CREATE FUNCTION ok(x int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0'; CREATE TABLE t (a int CHECK (ok(a)), s text)",
        "CREATE TABLE t (a int CHECK (a > 0), s text)",
    )
    .keeps(FILLED, KEPT),
];
