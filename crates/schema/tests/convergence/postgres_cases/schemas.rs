use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("schema comes with all kinds of things", "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE users (id int PRIMARY KEY); CREATE SCHEMA audit; CREATE TYPE audit.kind AS ENUM ('a', 'b'); CREATE SEQUENCE audit.s;
         CREATE TABLE audit.log (id serial PRIMARY KEY, k audit.kind DEFAULT 'a', u int REFERENCES users, n int DEFAULT nextval('audit.s'), i int GENERATED ALWAYS AS IDENTITY); CREATE INDEX log_k ON audit.log (k);
         CREATE VIEW audit.v AS SELECT l.id, u.id AS u FROM audit.log l JOIN users u ON u.id = l.u; CREATE FUNCTION audit.f(x audit.kind) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW w AS SELECT audit.f(k) AS x FROM audit.log;
         CREATE DOMAIN audit.d AS text CHECK (VALUE <> ''); CREATE TABLE here (l int REFERENCES audit.log (id), d audit.d)"),
    Case::new("schema goes", "CREATE SCHEMA \"My S\"; CREATE TABLE \"My S\".t (a int PRIMARY KEY); CREATE TABLE u (a int REFERENCES \"My S\".t)", "CREATE TABLE u (a int)").loses(),
    Case::new("things of another schema change",
        "CREATE SCHEMA s; CREATE TABLE s.p (id int PRIMARY KEY); CREATE TABLE s.t (a int REFERENCES s.p, b varchar(3) CHECK (b <> ''), g int GENERATED ALWAYS AS (a + 1) STORED); CREATE INDEX i ON s.t (b); CREATE VIEW s.v AS SELECT b FROM s.t; CREATE TYPE s.e AS ENUM ('a', 'b'); CREATE TABLE x (e s.e)",
        "CREATE SCHEMA s; CREATE TABLE s.p (id bigint PRIMARY KEY); CREATE TABLE s.t (a bigint REFERENCES s.p ON DELETE CASCADE, b text CHECK (b <> 'x'), g bigint GENERATED ALWAYS AS (a + 2) STORED); CREATE INDEX i ON s.t (b, a); CREATE VIEW s.v AS SELECT b FROM s.t; CREATE TYPE s.e AS ENUM ('b', 'a'); CREATE TABLE x (e s.e)")
        .keeps("INSERT INTO s.p VALUES (1); INSERT INTO s.t VALUES (1, 'x'); UPDATE s.t SET b = 'y'", "SELECT a || b FROM s.t"),
    Case::new("table of another schema is renamed", "CREATE SCHEMA s; CREATE TABLE s.old (id serial PRIMARY KEY)", "CREATE SCHEMA s; CREATE TABLE s.new (id serial PRIMARY KEY) -- @renamed from=old\n")
        .filled("INSERT INTO s.old DEFAULT VALUES")
        .never_by(&["DROP"]),
    Case::new("same names in two schemas", "CREATE SCHEMA s; CREATE TABLE s.t (a int UNIQUE); CREATE TABLE t (a int UNIQUE)", "CREATE SCHEMA s; CREATE TABLE s.t (a int, b int UNIQUE); CREATE TABLE t (a int, c int UNIQUE); CREATE INDEX i ON t (a); CREATE INDEX i ON s.t (a)"),
    Case::new("table moves and is renamed where its old name is taken",
        "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.t (id serial PRIMARY KEY, x int UNIQUE); CREATE TABLE two.t (id serial PRIMARY KEY, y text UNIQUE, n int CHECK (n > 0)); CREATE INDEX i ON one.t (x); CREATE INDEX i ON two.t (n); CREATE TABLE u (t int REFERENCES two.t)",
        "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.t (id serial PRIMARY KEY, x int UNIQUE);\n-- @renamed from=two.t\nCREATE TABLE one.log (id serial PRIMARY KEY, y text UNIQUE, n int CHECK (n > 0)); CREATE INDEX i ON one.t (x); CREATE INDEX j ON one.log (n); CREATE TABLE u (t int REFERENCES one.log)")
        .keeps("INSERT INTO one.t (x) VALUES (7); INSERT INTO two.t (y) VALUES ('a'), ('b'); INSERT INTO u VALUES (2)", "SELECT string_agg(t::text, ',') || nextval('one.t_id_seq') - nextval('one.t_id_seq') FROM u")
        .never_by(&["DROP"]),
    Case::new("tables of two schemas change places",
        "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int, EXCLUDE (x WITH =)); CREATE TABLE two.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, y text); CREATE INDEX i ON one.t (x); CREATE INDEX i ON two.t (y); CREATE VIEW v AS SELECT x, y FROM one.t JOIN two.t USING (id)",
        "CREATE SCHEMA one; CREATE SCHEMA two;\n-- @renamed from=one.t\nCREATE TABLE two.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int, EXCLUDE (x WITH =));\n-- @renamed from=two.t\nCREATE TABLE one.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, y text); CREATE INDEX i ON two.t (x); CREATE INDEX i ON one.t (y); CREATE VIEW v AS SELECT x, y FROM two.t JOIN one.t USING (id)")
        .keeps("INSERT INTO one.t (x) VALUES (7); INSERT INTO two.t (y) VALUES ('a')", "SELECT x || y FROM v")
        .never_by(&["DROP TABLE"]),
    Case::new("table moves to where another made room for it",
        "CREATE SCHEMA one; CREATE TABLE t (id serial PRIMARY KEY, x int UNIQUE); CREATE TABLE one.t (id serial PRIMARY KEY, y int UNIQUE); CREATE VIEW v AS SELECT x, y FROM t CROSS JOIN one.t AS o",
        "CREATE SCHEMA one;\n-- @renamed from=public.t\nCREATE TABLE one.t (id serial PRIMARY KEY, x int UNIQUE);\n-- @renamed from=one.t\nCREATE TABLE one.u (id serial PRIMARY KEY, y int UNIQUE); CREATE VIEW v AS SELECT x, y FROM one.t CROSS JOIN one.u AS o")
        .keeps("INSERT INTO t (x) VALUES (7); INSERT INTO one.t (y) VALUES (8), (9)", "SELECT string_agg(x || ':' || y, ',' ORDER BY y) FROM v")
        .by(&["ALTER TABLE t SET SCHEMA one"])
        .never_by(&["DROP TABLE"]),
    Case::new("table moves with sequences of their own names",
        "CREATE SCHEMA one; CREATE SEQUENCE own; CREATE TABLE t (id int DEFAULT nextval('own'), n int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME mine), y text); ALTER SEQUENCE own OWNED BY t.id",
        "CREATE SCHEMA one; CREATE SEQUENCE one.own;\n-- @renamed from=public.t\nCREATE TABLE one.t (id int DEFAULT nextval('one.own'), n int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME one.its), y text); ALTER SEQUENCE one.own OWNED BY one.t.id")
        .filled("INSERT INTO t (y) VALUES ('a'), ('b')")
        .by(&["ALTER TABLE t SET SCHEMA one"])
        .never_by(&["DROP"]),
];
