use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("widen integer", "CREATE TABLE t (a int DEFAULT 7)", "CREATE TABLE t (a bigint DEFAULT 7)")
        .keeps("INSERT INTO t VALUES (1)", "SELECT a::text FROM t")
        .by(&["TYPE bigint"])
        .never_by(&["USING", "DROP DEFAULT"]),
    Case::new("narrow integer", "CREATE TABLE t (a bigint)", "CREATE TABLE t (a smallint)")
        .keeps("INSERT INTO t VALUES (1)", "SELECT a::text FROM t")
        .loses(),
    Case::new("widen varchar", "CREATE TABLE t (a varchar(10))", "CREATE TABLE t (a varchar(20))")
        .keeps("INSERT INTO t VALUES ('x')", "SELECT a FROM t")
        .never_by(&["USING"]),
    Case::new("narrow varchar", "CREATE TABLE t (a varchar(20))", "CREATE TABLE t (a varchar(10))")
        .keeps("INSERT INTO t VALUES ('x')", "SELECT a FROM t")
        .never_by(&["USING"])
        .loses(),
    Case::new(
        "varchar to text with check, default, index and unique",
        "CREATE TABLE t (a varchar(10) DEFAULT 'x' UNIQUE CHECK (a IN ('x', 'y'))); CREATE INDEX t_l ON t (lower(a)) WHERE a <> 'z'",
        "CREATE TABLE t (a text DEFAULT 'x' UNIQUE CHECK (a IN ('x', 'y'))); CREATE INDEX t_l ON t (lower(a)) WHERE a <> 'z'",
    )
    .keeps("INSERT INTO t VALUES ('x')", "SELECT a FROM t"),
    Case::new("text to integer", "CREATE TABLE t (a text DEFAULT '5')", "CREATE TABLE t (a int DEFAULT 5)")
        .keeps("INSERT INTO t VALUES ('12')", "SELECT a::text FROM t")
        .by(&["USING a::integer"])
        .loses(),
    Case::new("integer to boolean", "CREATE TABLE t (a smallint DEFAULT 0)", "CREATE TABLE t (a boolean DEFAULT false)")
        .filled("INSERT INTO t VALUES (1)")
        .loses(),
    Case::new("text to uuid", "CREATE TABLE t (a text)", "CREATE TABLE t (a uuid)")
        .keeps("INSERT INTO t VALUES ('6f2f6a3c-0000-0000-0000-000000000001')", "SELECT a::text FROM t")
        .loses(),
    Case::new("bigint to timestamp cannot, numeric can", "CREATE TABLE t (a numeric(10,2))", "CREATE TABLE t (a numeric(12,4))")
        .keeps("INSERT INTO t VALUES (1.25)", "SELECT trim_scale(a)::text FROM t"),
    Case::new("timestamp to timestamptz", "CREATE TABLE t (a timestamp(3))", "CREATE TABLE t (a timestamptz)")
        .keeps("INSERT INTO t VALUES ('2020-01-01')", "SELECT (a AT TIME ZONE 'UTC')::date::text FROM t")
    .by(&["-- check: the times of t.a are taken as those of UTC\n", "USING a AT TIME ZONE 'UTC'"]),
    Case::new("date to timestamp and back", "CREATE TABLE t (a date, b timestamp)", "CREATE TABLE t (a timestamp, b date)")
        .filled("INSERT INTO t VALUES ('2020-01-01', '2020-01-01 10:00')")
        .loses(),
    Case::new("json to jsonb", "CREATE TABLE t (a json DEFAULT '{}')", "CREATE TABLE t (a jsonb DEFAULT '{}')")
        .filled("INSERT INTO t VALUES ('[1]')")
        .loses(),
    Case::new("text to json and arrays", "CREATE TABLE t (a text, b int, c int[], d text[])", "CREATE TABLE t (a jsonb, b int[], c bigint[], d int[])")
        .filled("INSERT INTO t VALUES ('[1]', 3, '{1,2}', '{4,5}'), (NULL, NULL, NULL, NULL)")
        .loses(),
    Case::new(
        "several types at once in one statement",
        "CREATE TABLE t (a int DEFAULT 1, b varchar(3), c real)",
        "CREATE TABLE t (a bigint DEFAULT 2, b text, c double precision)",
    )
    .keeps("INSERT INTO t VALUES (1, 'x', 2)", "SELECT a || b || c FROM t")
    .by(&["ALTER TABLE t\n    ALTER COLUMN"]),
    Case::new(
        "type of a referenced key changes on both sides",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p (id))",
        "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE t (p bigint REFERENCES p (id))",
    )
    .keeps("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1)", "SELECT p::text FROM t"),
    Case::new(
        "integer key becomes text on both sides",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p (id) ON DELETE CASCADE)",
        "CREATE TABLE p (id text PRIMARY KEY); CREATE TABLE t (p text REFERENCES p (id) ON DELETE CASCADE)",
    )
    .keeps("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1)", "SELECT p::text FROM t"),
    Case::new(
        "type changes under views, trigger, rule and index",
        "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t WHERE b > 1; CREATE VIEW w AS SELECT a + 1 AS c FROM v;
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f();
         CREATE INDEX t_a ON t (a, (a + b)) WHERE a > 0; COMMENT ON VIEW v IS 'seen'",
        "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a FROM t WHERE b > 1; CREATE VIEW w AS SELECT a + 1 AS c FROM v;
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f();
         CREATE INDEX t_a ON t (a, (a + b)) WHERE a > 0; COMMENT ON VIEW v IS 'seen'",
    )
    .keeps("INSERT INTO t VALUES (2, 2)", "SELECT c::text FROM w"),
    Case::new(
        "domain comes and a column takes it",
        "CREATE TABLE t (a text DEFAULT 'x@y')",
        "CREATE DOMAIN email AS text CHECK (VALUE ~ '@'); CREATE TABLE t (a email DEFAULT 'x@y')",
    )
    .keeps("INSERT INTO t VALUES ('a@b')", "SELECT a::text FROM t"),
    Case::new(
        "domain changes in place",
        "CREATE DOMAIN d AS varchar(9) DEFAULT 'a' NOT NULL CONSTRAINT short CHECK (length(VALUE) < 5) CONSTRAINT other CHECK (VALUE <> 'q');
         CREATE TABLE t (a d)",
        "CREATE DOMAIN d AS varchar(9) DEFAULT 'b' CONSTRAINT short CHECK (length(VALUE) < 7) CONSTRAINT kind CHECK (VALUE IN ('a', 'b', 'x'));
         COMMENT ON DOMAIN d IS 'short'; CREATE TABLE t (a d)",
    )
    .keeps("INSERT INTO t VALUES ('x')", "SELECT a::text FROM t")
    .by(&["ALTER DOMAIN d"])
    .never_by(&["CREATE DOMAIN"]),
    Case::new(
        "base of a domain changes under columns, views and checks",
        "CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a d DEFAULT 3, CONSTRAINT c CHECK (a < 100)); CREATE VIEW v AS SELECT a FROM t;
         CREATE FUNCTION f(x d) RETURNS d LANGUAGE sql AS 'SELECT x'",
        "CREATE DOMAIN d AS bigint CHECK (VALUE > 0); CREATE TABLE t (a d DEFAULT 3, CONSTRAINT c CHECK (a < 100)); CREATE VIEW v AS SELECT a FROM t;
         CREATE FUNCTION f(x d) RETURNS d LANGUAGE sql AS 'SELECT x'",
    )
    .keeps("INSERT INTO t VALUES (5)", "SELECT a::text FROM v"),
    Case::new(
        "composite type gains and loses attributes in place",
        "CREATE TYPE pair AS (a int, b text); CREATE TABLE t (p pair)",
        "CREATE TYPE pair AS (a int, c date); COMMENT ON TYPE pair IS 'two'; CREATE TABLE t (p pair)",
    )
    .keeps("INSERT INTO t VALUES (ROW(1, 'x'))", "SELECT ((p).a)::text FROM t")
    .by(&["ADD ATTRIBUTE c date", "DROP ATTRIBUTE b"])
    .loses(),
    Case::new(
        "attribute of a composite type in use changes its type",
        "CREATE TYPE pair AS (a int, b text); CREATE TABLE t (p pair DEFAULT ROW(1, 'x'), q int)",
        "CREATE TYPE pair AS (a bigint, b text); CREATE TABLE t (p pair DEFAULT ROW(1, 'x'), q int)",
    )
    .keeps("INSERT INTO t VALUES (ROW(1, 'x'))", "SELECT ((p).a)::text || (p).b FROM t"),
    Case::new(
        "composite of domain of enum, all made and dropped",
        "CREATE TABLE t (x int)",
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN good AS mood CHECK (VALUE = 'a'); CREATE TYPE pair AS (m mood, g good);
         CREATE TABLE t (x int, y pair, z good[])",
    ),
    Case::new(
        "enum becomes a domain of the same name",
        "CREATE TYPE k AS ENUM ('a', 'b'); CREATE TABLE t (x k DEFAULT 'a')",
        "CREATE DOMAIN k AS text CHECK (VALUE IN ('a', 'b')); CREATE TABLE t (x k DEFAULT 'a')",
    )
    .keeps("INSERT INTO t VALUES ('b')", "SELECT x::text FROM t"),
    Case::new(
        "bits, network, ranges, geometry and money",
        "CREATE TABLE t (a bit(3), b cidr, c int4range, d point, e money, f tsvector, g xml, h varbit(4), i time(2), j timetz)",
        "CREATE TABLE t (a bit(5), b inet, c int8range, d text, e numeric, f text, g text, h varbit(8), i time, j time)",
    )
    .loses(),
    Case::new("what makes a statement fail is said before it",
        "CREATE TABLE p (id int); CREATE TABLE t (id int, a text, b int, c int, d int, e int4range, u uuid)",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int REFERENCES p, a inet, b int NOT NULL, c int UNIQUE, d int CHECK (d > 0), e int4range, u inet, f int NOT NULL, EXCLUDE USING gist (e WITH &&)); CREATE UNIQUE INDEX i ON t ((b + 1), d)")
        .by(&["-- fails while p.id is NULL in a row\n", "-- fails while two rows of p have the same id\n", "-- fails while a value of t.a does not convert to inet\n", "-- fails while t.b is NULL in a row\n", "-- fails while two rows of t have the same c\n",
            "-- fails while a row of t does not meet (d > 0)\n", "-- fails while two rows of t exclude each other by t_e_excl\n", "-- fails while id of a row of t is in no row of p\n", "-- fails while t has rows\n", "-- fails while two rows of t have the same b + 1, d\n", "USING u::text::inet"])
        .loses(),
    Case::new(
        "attributes of a composite type in arrays change, come and go",
        "CREATE TYPE pair AS (a int, b text, gone text); CREATE TABLE t (id int, p pair[] DEFAULT '{}', q pair)",
        "CREATE TYPE pair AS (a bigint, b text, c varchar(9)); CREATE TABLE t (id int, p pair[] DEFAULT '{}', q pair)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, ARRAY[ROW(1, 'y', 'x')::pair, NULL], ROW(2, 'z', 'x')), (2, NULL, NULL)",
        "SELECT concat_ws('|', (p[1]).a, (p[1]).b, array_length(p, 1), (q).a, (q).b) FROM t ORDER BY id",
    )
    .by(&["ALTER TYPE pair_old DROP ATTRIBUTE gone", "ALTER TYPE pair_old ADD ATTRIBUTE c text"])
    .loses(),
    Case::new(
        "attributes of a composite type in arrays change places",
        "CREATE TYPE pair AS (a int, b int); CREATE TABLE t (p pair[], q pair)",
        "CREATE TYPE pair AS (b int, a int); CREATE TABLE t (p pair[], q pair)",
    )
    .keeps("INSERT INTO t VALUES (NULL, ROW(1, 2))", "SELECT concat_ws('|', (q).a, (q).b) FROM t")
    .by(&["-- fails while t.p is not NULL in a row\n"]),
    Case::new(
        "single values become arrays, and arrays single values",
        "CREATE TABLE t (id int, a text, b text[], c text[], d date[], e int[], f text, g int, h varchar(9)[])",
        "CREATE TABLE t (id int, a text[], b text, c text, d text, e int, f text[], g text[], h varchar(9))",
    )
    .keeps(
        "INSERT INTO t VALUES (1, 'x', '{y}', '{z}', '{2020-01-01}', '{7}', 'q', 3, '{k}'),
         (2, NULL, NULL, NULL, '{2021-01-01}', NULL, 'p', NULL, '{l}')",
        "SELECT concat_ws('|', id, trim(BOTH '{}' FROM a::text), trim(BOTH '{}' FROM b::text), trim(BOTH '{}' FROM c::text),
           trim(BOTH '{}' FROM d::text), trim(BOTH '{}' FROM e::text), trim(BOTH '{}' FROM f::text), trim(BOTH '{}' FROM g::text),
           trim(BOTH '{}' FROM h::text)) FROM t ORDER BY id",
    )
    .loses(),
    Case::new(
        "collations come, go and are used",
        "CREATE COLLATION old (provider = icu, locale = 'de', deterministic = false); COMMENT ON COLLATION old IS 'it''s'; CREATE TABLE t (a text COLLATE old, b text)",
        "CREATE COLLATION \"New one\" (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE COLLATION c (provider = libc, locale = 'C');
         CREATE TABLE t (a text COLLATE \"New one\" UNIQUE, b text COLLATE c DEFAULT 'x'); CREATE INDEX t_b ON t (b COLLATE \"New one\"); CREATE DOMAIN d AS text COLLATE c",
    )
    .keeps("INSERT INTO t VALUES ('x', 'y')", "SELECT a || b FROM t"),
    Case::new(
        "domain demands more of the values in arrays",
        "CREATE DOMAIN d AS int; CREATE TABLE t (a d[], b d);",
        "CREATE DOMAIN d AS int NOT NULL CHECK (VALUE > 0); CREATE TABLE t (a d[], b d);",
    )
    .keeps("INSERT INTO t VALUES ('{1,2}', 3)", "SELECT a::text || b FROM t"),
    Case::new(
        "domain demands more of the values in a composite type",
        "CREATE DOMAIN d AS int; CREATE TYPE c AS (x d, y text); CREATE TABLE t (a c);",
        "CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TYPE c AS (x d, y text); CREATE TABLE t (a c);",
    )
    .keeps("INSERT INTO t VALUES ('(1,z)')", "SELECT a::text FROM t"),
    Case::new(
        "values are cast as the server does, not by way of their texts",
        "CREATE TABLE t (id int PRIMARY KEY, a box, b macaddr, c int4range, d box[], e polygon, f circle, g lseg, h path, i bit(8), j box, k smallint)",
        "CREATE TABLE t (id int PRIMARY KEY, a polygon, b macaddr8, c int4multirange, d polygon[], e box, f box, g point, h polygon, i smallint, j polygon[], k bit(16))",
    )
    .keeps(
        "INSERT INTO t VALUES (1, '((0,0),(1,1))', '08:00:2b:01:02:03', '[1,5)', '{((0,0),(1,1))}', '((0,0),(0,1),(1,1),(1,0))', NULL, NULL, '((0,0),(1,1),(5,0))', B'00000101', '((0,0),(1,1))', 101),
         (2, NULL, NULL, 'empty', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "SELECT concat_ws('|', id, area(a::polygon::box), b::macaddr8, isempty(c), area((d::polygon[])[1]::box), area(e::box),
           npoints(h::polygon), to_jsonb(t) -> 'k' IN ('101', '\"0000000001100101\"'), to_jsonb(t) -> 'i' IN ('5', '\"00000101\"')) FROM t ORDER BY id",
    )
    .by(&["USING a::polygon", "USING c::int4multirange", "USING d::polygon[]", "USING i::integer::smallint"])
    .loses(),
    Case::new(
        "domains and composite types over types that the server casts",
        "CREATE DOMAIN d AS box; CREATE TYPE p AS (a box, b int); CREATE TABLE t (x d, y p, z d[])",
        "CREATE DOMAIN d AS polygon; CREATE TYPE p AS (a polygon, b int); CREATE TABLE t (x d, y p, z d[])",
    )
    .keeps(
        "INSERT INTO t VALUES ('((0,0),(1,1))', ROW('((0,0),(1,1))', 1), '{((0,0),(1,1))}')",
        "SELECT concat_ws('|', area(x::polygon::box), area((y).a::polygon::box), area(z[1]::polygon::box)) FROM t",
    ),
    Case::new(
        "cast of one's own",
        "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TYPE b AS ENUM ('p', 'q');
         CREATE FUNCTION a_b(a) RETURNS b LANGUAGE sql IMMUTABLE AS $$SELECT CASE $1 WHEN 'x' THEN 'p'::b ELSE 'q' END$$;
         CREATE FUNCTION b_a(b) RETURNS a LANGUAGE sql IMMUTABLE AS $$SELECT CASE $1 WHEN 'p' THEN 'x'::a ELSE 'y' END$$;
         CREATE CAST (a AS b) WITH FUNCTION a_b(a); CREATE CAST (b AS a) WITH FUNCTION b_a(b); CREATE TABLE t (m a DEFAULT 'x')",
        "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TYPE b AS ENUM ('p', 'q');
         CREATE FUNCTION a_b(a) RETURNS b LANGUAGE sql IMMUTABLE AS $$SELECT CASE $1 WHEN 'x' THEN 'p'::b ELSE 'q' END$$;
         CREATE FUNCTION b_a(b) RETURNS a LANGUAGE sql IMMUTABLE AS $$SELECT CASE $1 WHEN 'p' THEN 'x'::a ELSE 'y' END$$;
         CREATE TABLE t (m b DEFAULT 'p')",
    )
    .keeps("INSERT INTO t VALUES ('y')", "SELECT m::text IN ('y', 'q') || '' FROM t")
    .by(&["USING m::b"])
    .loses(),
    Case::new("keys and values become JSON",
        "CREATE EXTENSION hstore; CREATE TABLE t (id int, a hstore, b hstore)",
        "CREATE EXTENSION hstore; CREATE TABLE t (id int, a json, b jsonb)")
        .keeps("INSERT INTO t VALUES (1, 'a=>1, b=>NULL', E'\"x\\\\\"\\n\"=>\"{[y, \\\\\\\\]}\"'), (2, '', NULL)",
            "SELECT concat_ws(':', id, CASE WHEN pg_typeof(a)::text = 'hstore' THEN a::text::hstore::json::text ELSE a::text END, CASE WHEN pg_typeof(b)::text = 'hstore' THEN b::text::hstore::json::text ELSE b::json::text END) FROM t ORDER BY id")
        .loses(),
    Case::new("extension moves with columns of its type",
        "CREATE EXTENSION citext; CREATE TABLE t (id int PRIMARY KEY, e citext NOT NULL DEFAULT 'x' UNIQUE, l citext[], CHECK (e OPERATOR(<>) 'z')); CREATE INDEX i ON t (l)",
        "CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE TABLE t (id int PRIMARY KEY, e ext.citext NOT NULL DEFAULT 'x' UNIQUE, l ext.citext[], n int, CHECK (e OPERATOR(ext.<>) 'z')); CREATE INDEX i ON t (l)")
        .keeps("INSERT INTO t VALUES (1, 'A', '{B,c}')", "SELECT e::text || l::text FROM t")
        .by(&["ALTER EXTENSION citext SET SCHEMA ext"])
        .never_by(&["ALTER COLUMN"]),
];
