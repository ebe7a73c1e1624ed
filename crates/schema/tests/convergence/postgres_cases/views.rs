use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("views come in the order of their need", "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int); CREATE VIEW z AS SELECT a FROM t; CREATE VIEW b AS SELECT a FROM z WITH CASCADED CHECK OPTION;
         CREATE VIEW a WITH (security_barrier) AS SELECT * FROM b; COMMENT ON COLUMN a.a IS 'first'"),
    Case::new("view changes under another", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v",
        "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT b, a FROM t; CREATE VIEW w AS SELECT a FROM v"),
    Case::new("column of a view goes, another view stays", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW stays AS SELECT a FROM t",
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW stays AS SELECT a FROM t")
        .never_by(&["stays"])
        .loses(),
    Case::new("materialized view with indexes over a changed column",
        "CREATE TABLE t (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a; CREATE UNIQUE INDEX m_a ON m (a) WITH (fillfactor = 50);
         COMMENT ON MATERIALIZED VIEW m IS 'kept'; COMMENT ON INDEX m_a IS 'key'; CREATE VIEW v AS SELECT n FROM m",
        "CREATE TABLE t (a bigint, b int); CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a; CREATE UNIQUE INDEX m_a ON m (a) WITH (fillfactor = 50);
         COMMENT ON MATERIALIZED VIEW m IS 'kept'; COMMENT ON INDEX m_a IS 'key'; CREATE VIEW v AS SELECT n FROM m")
        .keeps("INSERT INTO t VALUES (1, 2); REFRESH MATERIALIZED VIEW m", "SELECT n::text FROM v"),
    Case::new("table becomes a view of the same name", "CREATE TABLE t (a int); CREATE TABLE x (a int)", "CREATE TABLE x (a int); CREATE VIEW t AS SELECT a FROM x")
        .loses(),
    Case::new("view becomes a table of the same name", "CREATE TABLE x (a int); CREATE VIEW t AS SELECT a FROM x", "CREATE TABLE x (a int); CREATE TABLE t (a int)"),
    Case::new("view becomes materialized", "CREATE TABLE x (a int); CREATE VIEW v AS SELECT a FROM x", "CREATE TABLE x (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM x"),
    Case::new("view with trigger, rule and default is made anew",
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER VIEW v ALTER a SET DEFAULT 5; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING; COMMENT ON RULE r ON v IS 'no'",
        "CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT a FROM t; ALTER VIEW v ALTER a SET DEFAULT 5; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING; COMMENT ON RULE r ON v IS 'no'"),
    Case::new("rules come and go on tables", "CREATE TABLE t (a int); CREATE TABLE log (a int); CREATE RULE one AS ON INSERT TO t WHERE NEW.a > 1 DO ALSO INSERT INTO log VALUES (NEW.a)",
        "CREATE TABLE t (a int); CREATE TABLE log (a int); CREATE RULE two AS ON UPDATE TO t DO INSTEAD NOTHING; ALTER TABLE t DISABLE RULE two"),
    Case::new("view with common table expressions, recursion, windows and odd conditions", "CREATE TABLE t (a int, s varchar(9))",
        "CREATE TABLE t (a int, s varchar(9)); CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5)
           SELECT r.n, row_number() OVER (PARTITION BY t.s ORDER BY t.a DESC NULLS LAST) AS k, t.s COLLATE \"C\" AS s, (SELECT max(a) FROM t x WHERE x.s = t.s) AS m
           FROM r LEFT JOIN LATERAL (SELECT * FROM t WHERE t.a = r.n) t ON true WHERE t.a BETWEEN 1 AND 3 AND t.s IN ('a', 'b') AND t.s IS NOT NULL ORDER BY 1 LIMIT 5"),
    Case::new("whole row of a table in a view", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT t AS whole FROM t", "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT t AS whole FROM t"),
    Case::new("columns come behind those of a view, and its query changes",
        "CREATE TABLE t (a int, b text); CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE MATERIALIZED VIEW m AS SELECT a FROM w; CREATE VIEW q AS SELECT a FROM t; GRANT SELECT ON v TO PUBLIC; COMMENT ON COLUMN v.a IS 'x'; ALTER VIEW v ALTER a SET DEFAULT 1",
        "CREATE TABLE t (a int, b text, c date); CREATE VIEW v AS SELECT a, b, c, a + 1 AS d FROM t WHERE a > 0; CREATE VIEW w AS SELECT a FROM v; CREATE MATERIALIZED VIEW m AS SELECT a FROM w; CREATE VIEW q WITH (security_invoker) AS SELECT a FROM t WHERE b <> ''; COMMENT ON COLUMN v.d IS 'y'; ALTER VIEW v ALTER b SET DEFAULT 'z'")
        .by(&["CREATE OR REPLACE VIEW v AS", "CREATE OR REPLACE VIEW q WITH (security_invoker", "ALTER COLUMN a DROP DEFAULT"])
        .never_by(&["DROP VIEW", "DROP MATERIALIZED VIEW", "set_config"]),
    Case::new("view is replaced by one over what comes with it", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW z AS SELECT a FROM t",
        "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW z AS SELECT f(a) AS a FROM u; CREATE VIEW v AS SELECT a, f(a) AS f FROM z")
        .by(&["CREATE OR REPLACE VIEW v", "CREATE OR REPLACE VIEW z"]),
    Case::new("view whose column changes its type alone is made anew", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a::bigint AS a FROM t")
        .by(&["DROP VIEW v"]),
    Case::new("view compares a column that changes its type",
        "CREATE TABLE t (a int, s varchar(9), d date); CREATE VIEW v AS SELECT a FROM t WHERE a > 0; CREATE MATERIALIZED VIEW m AS SELECT a, s FROM t WHERE a BETWEEN 1 AND 2 AND s IN ('x', 'y'); CREATE UNIQUE INDEX mi ON m (s); CREATE VIEW w AS SELECT m.s FROM m JOIN v ON v.a = m.a WHERE v.a <> 5; CREATE MATERIALIZED VIEW n AS SELECT count(*) AS c FROM w WHERE s = 'x'; CREATE VIEW other AS SELECT d FROM t WHERE d > '2020-01-01'",
        "CREATE TABLE t (a numeric, s text, d timestamp); CREATE VIEW v AS SELECT a FROM t WHERE a > 0; CREATE MATERIALIZED VIEW m AS SELECT a, s FROM t WHERE a BETWEEN 1 AND 2 AND s IN ('x', 'y'); CREATE UNIQUE INDEX mi ON m (s); CREATE VIEW w AS SELECT m.s FROM m JOIN v ON v.a = m.a WHERE v.a <> 5; CREATE MATERIALIZED VIEW n AS SELECT count(*) AS c FROM w WHERE s = 'x'; CREATE VIEW other AS SELECT d FROM t WHERE d > '2020-01-01'"),
    Case::new("rule, trigger and policy compare a column that changes its type",
        "CREATE TABLE t (a int, b int); CREATE TABLE l (a int); CREATE RULE r AS ON UPDATE TO t WHERE NEW.a > 0 DO ALSO INSERT INTO l VALUES (NEW.b); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f(); CREATE POLICY p ON t USING (a > 0)",
        "CREATE TABLE t (a numeric, b int); CREATE TABLE l (a int); CREATE RULE r AS ON UPDATE TO t WHERE NEW.a > 0 DO ALSO INSERT INTO l VALUES (NEW.b); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f(); CREATE POLICY p ON t USING (a > 0)"),
];
