//! Row types, and what stands on them.

use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("renamed table gives and takes rows",
        "CREATE TABLE old (a int, b int); CREATE FUNCTION f(x old) RETURNS SETOF old LANGUAGE sql AS 'SELECT x.a, x.b'; CREATE FUNCTION g(x old[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT (f(old)).a AS a FROM old; CREATE TABLE holds (r old, n int)",
        "CREATE TABLE t (a int, b int); -- @renamed from=old\n CREATE FUNCTION f(x t) RETURNS SETOF t LANGUAGE sql AS 'SELECT x.a, x.b'; CREATE FUNCTION g(x t[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT (f(t)).a AS a FROM t; CREATE TABLE holds (r t, n int)")
        .filled("INSERT INTO holds VALUES (ROW(1, 2), 3)")
        .never_by(&["DROP TABLE", "DROP COLUMN"]),
    Case::new("renamed table whose rows a column holds in an array, with a function of them as its default",
        "CREATE TABLE old (a int); CREATE TABLE holds (r old[] DEFAULT '{}', q old DEFAULT ROW(1))", "CREATE TABLE t (a int); -- @renamed from=old\n CREATE TABLE holds (r t[] DEFAULT '{}', q t DEFAULT ROW(1))"),
    Case::new("column of a view's row type", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE holds (r v, n int)",
        "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE TABLE holds (r v, n int)"),
    Case::new("table and view of its row type come", "", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE holds (r v, n int); CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    Case::new("standard body over a table that gains columns and one that goes",
        "CREATE TABLE t (a int, b int); CREATE TABLE u (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(t.a) FROM t JOIN u USING (a); END; CREATE VIEW v AS SELECT f() AS f; CREATE FUNCTION h() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT f(); END",
        "CREATE TABLE t (a int, b int, c int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(t.c) FROM t; END; CREATE VIEW v AS SELECT f() AS f; CREATE FUNCTION h() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT f(); END")
        .loses(),
    Case::new("standard bodies come with their tables", "", "CREATE TABLE t (a int, b int); CREATE PROCEDURE p(x int) LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (x, x); DELETE FROM t WHERE a = 1; END; CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql RETURN x + 1; CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t; END; CREATE TABLE u (a int DEFAULT f(1))"),
    Case::new("standard body over a column that is renamed", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END",
        "CREATE TABLE t (\n b int -- @renamed from=a\n); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT b FROM t; END"),
    Case::new("view over a table that goes is made over another", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v", "CREATE TABLE n (a int, z text); CREATE VIEW v AS SELECT a FROM n; CREATE VIEW w AS SELECT a FROM v")
        .loses(),
    Case::new("row of a table in a composite type, a domain and an array", "CREATE TABLE t (a int); CREATE TYPE c AS (r t, n int); CREATE TABLE u (c c, d c[])", "CREATE TABLE t (a int, b text); CREATE TYPE c AS (r t, n int, m text); CREATE TABLE u (c c, d c[])"),
    Case::new("table moves to another schema", "CREATE SCHEMA s; CREATE TABLE t (id serial PRIMARY KEY, a int DEFAULT 1); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t; GRANT SELECT ON t TO pg_monitor; CREATE POLICY p ON t USING (a > 0)",
        "CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, a int DEFAULT 1); -- @renamed from=public.t\n CREATE INDEX i ON s.t (a); CREATE VIEW v AS SELECT a FROM s.t")
        .filled("INSERT INTO t DEFAULT VALUES")
        .by(&["ALTER TABLE t SET SCHEMA s"])
        .never_by(&["DROP TABLE"]),
    Case::new("table moves here from another schema and is renamed", "CREATE SCHEMA \"S s\"; CREATE TABLE \"S s\".old (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int UNIQUE); CREATE TABLE u (a int REFERENCES \"S s\".old (a))",
        "CREATE SCHEMA \"S s\"; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int UNIQUE); -- @renamed from=\"S s\".old\n CREATE TABLE u (a int REFERENCES t (a))")
        .filled("INSERT INTO \"S s\".old (a) VALUES (1)")
        .never_by(&["DROP TABLE"]),
    Case::new("table goes with columns of its rows",
        "CREATE TABLE a (x int); CREATE TABLE u (id int, c a[]); CREATE TABLE w (d a); CREATE VIEW v AS SELECT id, c FROM u", "CREATE TABLE u (id int)")
        .loses(),
];
