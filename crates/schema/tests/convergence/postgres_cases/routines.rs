use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("functions and procedures come in the order of their need", "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int); CREATE FUNCTION b() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE FUNCTION a(x int DEFAULT 3, OUT y int, OUT z text) LANGUAGE sql STABLE STRICT AS 'SELECT a, ''q'' FROM b()';
         CREATE PROCEDURE p(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := x + 1; -- it's\n END $$; COMMENT ON PROCEDURE p IS 'one more'; COMMENT ON FUNCTION a IS 'x''y'"),
    Case::new("body changes in place", "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (a int DEFAULT f(1)); CREATE VIEW v AS SELECT f(a) AS x FROM t",
        "CREATE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 5 SET search_path = 'public' AS 'BEGIN RETURN x + 1; END'; COMMENT ON FUNCTION f IS 'why'; CREATE TABLE t (a int DEFAULT f(1)); CREATE VIEW v AS SELECT f(a) AS x FROM t")
        .by(&["CREATE OR REPLACE FUNCTION f"])
        .never_by(&["DROP"]),
    Case::new("result changes under a view and a default", "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (a int DEFAULT f(1)); CREATE VIEW v AS SELECT f(a) AS x FROM t",
        "CREATE FUNCTION f(x int) RETURNS bigint LANGUAGE sql AS 'SELECT x::bigint'; CREATE TABLE t (a int DEFAULT f(1)); CREATE VIEW v AS SELECT f(a) AS x FROM t")
        .keeps("INSERT INTO t VALUES (4)", "SELECT a::text FROM t"),
    Case::new("overloads come and go", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f(int, VARIADIC text[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 2'"),
    Case::new("function becomes a procedure", "CREATE FUNCTION f(x int) RETURNS void LANGUAGE sql AS 'SELECT'", "CREATE PROCEDURE f(x int) LANGUAGE sql AS 'SELECT'"),
    Case::new("standard body stands on a table", "CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t; END",
        "CREATE TABLE t (a bigint, b int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(b) FROM t; END"),
    Case::new("row of a table as an argument", "CREATE TABLE t (a int); CREATE FUNCTION f(x t) RETURNS int LANGUAGE sql AS 'SELECT x.a'", "CREATE TABLE u (a int)")
        .loses(),
    Case::new("triggers of all kinds", "CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER one BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f('x', 'it''s'); CREATE TRIGGER two AFTER TRUNCATE ON t EXECUTE FUNCTION f()",
        "CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER one BEFORE INSERT OR UPDATE OF b ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f(); CREATE TRIGGER \"Two\" AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f();
         CREATE CONSTRAINT TRIGGER three AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER one; ALTER TABLE t ENABLE ALWAYS TRIGGER \"Two\"; COMMENT ON TRIGGER one ON t IS 'off'"),
    Case::new("trigger function is made anew", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TABLE t (a int); CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION h()"),
    Case::new("column of a trigger goes", "CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE OF a, b ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()")
        .loses(),
    Case::new("function of a column type of a new table", "", "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e, b int); CREATE FUNCTION f(x t, y e[]) RETURNS TABLE (a int, b e) LANGUAGE plpgsql AS $f$ DECLARE r t%ROWTYPE; q t.b%TYPE; BEGIN RETURN; END $f$"),
    Case::new("body with other quotes and backslashes", "", "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $x$ SELECT E'\\\\ $function$ ''q''; ' $x$"),
    Case::new(
        "routine in use gets another argument",
        "CREATE FUNCTION f(x text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT length(x) > 0'; CREATE TABLE t (a text CHECK (f(a)), b boolean DEFAULT f('x'), g boolean GENERATED ALWAYS AS (f(a)) STORED);
         CREATE INDEX t_f ON t (f(a)); CREATE VIEW v AS SELECT a FROM t WHERE f(a)",
        "CREATE FUNCTION f(x text, n int DEFAULT 0) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT length(x) > n'; CREATE TABLE t (a text CHECK (f(a)), b boolean DEFAULT f('x'), g boolean GENERATED ALWAYS AS (f(a)) STORED);
         CREATE INDEX t_f ON t (f(a)); CREATE VIEW v AS SELECT a FROM t WHERE f(a)",
    )
    .keeps("INSERT INTO t (a) VALUES ('q')", "SELECT a FROM v"),
    Case::new(
        "arguments change their types under all that calls the routine unchanged",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x + 1'; CREATE TABLE t (a int CHECK (f(a) > 0), b int DEFAULT f(1), g int GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX t_f ON t (f(a)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.a) > 3) EXECUTE FUNCTION tr();",
        "CREATE FUNCTION f(x bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x::int + 1'; CREATE TABLE t (a int CHECK (f(a) > 0), b int DEFAULT f(1), g int GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX t_f ON t (f(a)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.a) > 3) EXECUTE FUNCTION tr();",
    )
    .keeps("INSERT INTO t (a) VALUES (4)", "SELECT a || ' ' || b FROM t"),
    Case::new(
        "arguments change their types with the column that is given",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x + 1'; CREATE TABLE t (a int CHECK (f(a) > 0), g int GENERATED ALWAYS AS (f(a)) STORED); CREATE VIEW v AS SELECT f(a) AS x FROM t;",
        "CREATE FUNCTION f(x bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT x + 1'; CREATE TABLE t (a bigint CHECK (f(a) > 0), g bigint GENERATED ALWAYS AS (f(a)) STORED); CREATE VIEW v AS SELECT f(a) AS x FROM t;",
    ),
    Case::new(
        "arguments change their types under views on views",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x + 1'; CREATE TABLE t (a int); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE VIEW w AS SELECT x FROM v; CREATE MATERIALIZED VIEW m AS SELECT x FROM w;",
        "CREATE FUNCTION f(x bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x::int + 1'; CREATE TABLE t (a int); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE VIEW w AS SELECT x FROM v; CREATE MATERIALIZED VIEW m AS SELECT x FROM w;",
    ),
    Case::new(
        "arguments change their types beside a routine of the same name",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x'; CREATE FUNCTION f(x text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT f(3), b text, CONSTRAINT c CHECK (f(b) > 0), EXCLUDE USING btree (f(a) WITH =));",
        "CREATE FUNCTION f(x bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x::int'; CREATE FUNCTION f(x text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT f(3), b text, CONSTRAINT c CHECK (f(b) > 0), EXCLUDE USING btree (f(a) WITH =));",
    ),
    Case::new(
        "arguments change their types under a policy",
        "CREATE FUNCTION f(x int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0'; CREATE TABLE t (a int); CREATE POLICY p ON t USING (f(a));",
        "CREATE FUNCTION f(x bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0'; CREATE TABLE t (a int); CREATE POLICY p ON t USING (f(a));",
    ),
    Case::new(
        "arguments change their types under a standard body",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x'; CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql RETURN f(x); CREATE TABLE t (a int DEFAULT g(1));",
        "CREATE FUNCTION f(x bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x::int'; CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql RETURN f(x); CREATE TABLE t (a int DEFAULT g(1));",
    ),
    Case::new(
        "arguments change their types under a rule",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (a int); CREATE TABLE l (a int); CREATE RULE r AS ON INSERT TO t WHERE f(NEW.a) > 1 DO ALSO INSERT INTO l VALUES (f(NEW.a));",
        "CREATE FUNCTION f(x bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x::int'; CREATE TABLE t (a int); CREATE TABLE l (a int); CREATE RULE r AS ON INSERT TO t WHERE f(NEW.a) > 1 DO ALSO INSERT INTO l VALUES (f(NEW.a));",
    ),
    Case::new(
        "arguments change their types under the check of a domain",
        "CREATE FUNCTION f(x int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0'; CREATE DOMAIN d AS int CHECK (f(VALUE)); CREATE TABLE t (a d);",
        "CREATE FUNCTION f(x bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0'; CREATE DOMAIN d AS int CHECK (f(VALUE)); CREATE TABLE t (a d);",
    )
    .keeps("INSERT INTO t VALUES (4)", "SELECT a::text FROM t"),
    Case::new(
        "routines of a domain are made anew",
        "CREATE FUNCTION f(x int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT x > 0'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN d AS int DEFAULT g() CHECK (f(VALUE)) CHECK (VALUE < 99); CREATE TABLE t (a d, b d[]);",
        "CREATE FUNCTION f(y int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT y > 0'; CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE DOMAIN d AS int DEFAULT g() CHECK (f(VALUE)) CHECK (VALUE < 99); CREATE TABLE t (a d, b d[]);",
    )
    .keeps("INSERT INTO t VALUES (4)", "SELECT a::text FROM t"),
    Case::new(
        "overload comes that changes what a call means",
        "CREATE FUNCTION f(a bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int CHECK (f(a) > 0), b int DEFAULT f(3)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE INDEX i ON t (f(a));",
        "CREATE FUNCTION f(a bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 2'; CREATE TABLE t (a int CHECK (f(a) > 0), b int DEFAULT f(3)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE INDEX i ON t (f(a));",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT a::text || b FROM t"),
    Case::new(
        "arguments of a routine of another schema change",
        "CREATE SCHEMA s; CREATE FUNCTION s.f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int CHECK (s.f(a) > 0), g int GENERATED ALWAYS AS (s.f(a)) STORED); CREATE TABLE s.u (a int DEFAULT s.f(2));",
        "CREATE SCHEMA s; CREATE FUNCTION s.f(numeric) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int CHECK (s.f(a) > 0), g int GENERATED ALWAYS AS (s.f(a)) STORED); CREATE TABLE s.u (a int DEFAULT s.f(2));",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT a::text || g FROM t"),
    Case::new(
        "arguments change under a table that is renamed",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x'; CREATE TABLE old (a int CHECK (f(a) > 0), b int DEFAULT f(1)); CREATE VIEW v AS SELECT f(a) AS x FROM old;",
        "CREATE FUNCTION f(x bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x::int'; CREATE TABLE t ( -- @renamed from=old\nc int CHECK (f(c) > 0), -- @renamed from=a\nb int DEFAULT f(1)); CREATE VIEW v AS SELECT f(c) AS x FROM t;",
    )
    .keeps("INSERT INTO old VALUES (1)", "SELECT x::text FROM v"),
    Case::new(
        "arguments change under a deferrable exclusion",
        "CREATE FUNCTION r(a int, b int) RETURNS int4range IMMUTABLE LANGUAGE sql AS 'SELECT int4range(a, b)'; CREATE TABLE t (a int, b int, CONSTRAINT x EXCLUDE USING gist (r(a, b) WITH &&) DEFERRABLE);",
        "CREATE FUNCTION r(a int, b bigint) RETURNS int8range IMMUTABLE LANGUAGE sql AS 'SELECT int8range(a, b)'; CREATE TABLE t (a int, b int, CONSTRAINT x EXCLUDE USING gist (r(a, b) WITH &&) DEFERRABLE);",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT a::text || b FROM t"),
    Case::new(
        "index over what a function gives that takes the rows of its table",
        "CREATE TABLE t (a int, b int); CREATE FUNCTION g(t) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1.a'; CREATE INDEX i ON t (g(t.*));
         CREATE FUNCTION a_first(t) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE INDEX j ON t (a_first(t.*)) WHERE a_first(t.*) > 0",
        "CREATE TABLE t (a bigint, b int); CREATE FUNCTION g(t) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1.a'; CREATE INDEX i ON t (g(t.*));
         CREATE FUNCTION a_first(t) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT 1::bigint'; CREATE INDEX j ON t (a_first(t.*)) WHERE a_first(t.*) > 0",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT a::text FROM t"),
    Case::new(
        "table comes with an index over what a function gives that takes its rows",
        "CREATE TABLE x (a int)",
        "CREATE TABLE x (a int); CREATE TABLE t (a int); CREATE FUNCTION g(t) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1.a'; CREATE UNIQUE INDEX i ON t (g(t.*))",
    ),
    Case::new("bodies that the server prints otherwise once it has read what it prints",
        "CREATE TABLE t (a int, b varchar(3)); CREATE FUNCTION gone() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'x' FROM t; END",
        "CREATE TABLE t (a int, b varchar(3)); CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'ok' FROM t; END;
         CREATE FUNCTION g(x varchar) RETURNS boolean LANGUAGE sql RETURN x IN ('a', 'b'); CREATE PROCEDURE p(n int) LANGUAGE sql BEGIN ATOMIC INSERT INTO t SELECT n, 'z' FROM t WHERE b IN ('a', 'b'); END")
        .keeps("INSERT INTO t VALUES (1, 'a')", "SELECT a || b FROM t")
        .except("the server prints the body of what comes again otherwise"),
];
