use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new(
        "what holds values of a function that gives others is made anew",
        "CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$select replace(lower(t), ' ', '-')$$;
         CREATE TABLE t (id int PRIMARY KEY, name text, slug text GENERATED ALWAYS AS (slug(name)) STORED, CONSTRAINT c CHECK (slug(name) <> 'x'), EXCLUDE (slug(name) WITH =));
         CREATE INDEX t_slug ON t (slug(name)); CREATE UNIQUE INDEX t_u ON t (id, slug(name)); CREATE INDEX t_s ON t (slug); CREATE VIEW v AS SELECT slug FROM t",
        "CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$select replace(lower(t), ' ', '_')$$;
         CREATE TABLE t (id int PRIMARY KEY, name text, slug text GENERATED ALWAYS AS (slug(name)) STORED, CONSTRAINT c CHECK (slug(name) <> 'x'), EXCLUDE (slug(name) WITH =));
         CREATE INDEX t_slug ON t (slug(name)); CREATE UNIQUE INDEX t_u ON t (id, slug(name)); CREATE INDEX t_s ON t (slug); CREATE VIEW v AS SELECT slug FROM t",
    )
    .keeps(
        "INSERT INTO t VALUES (1, 'Blue Car'), (2, 'A B')",
        "SELECT concat_ws('|', id, slug = slug(name), (SELECT count(*) FROM t AS o WHERE slug(o.name) = t.slug)) FROM t ORDER BY id",
    )
    .by(&[
        "-- recomputes: t.c, t.slug, t.t_slug, t.t_slug_excl, t.t_u with what slug(text) gives\nCREATE OR REPLACE FUNCTION",
        "-- fails while a row of t does not meet (slug(name) <> 'x'::text)\n",
        "-- fails while two rows of t have the same id, slug(name)\n",
        "DROP INDEX t_slug",
        "CREATE INDEX t_slug",
    ]),
    Case::new(
        "row that a check takes no more is refused",
        "CREATE FUNCTION ok(t int) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RETURN t > 0; END$$; CREATE TABLE t (a int CHECK (ok(a)))",
        "CREATE FUNCTION ok(t int) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RETURN t > 1; END$$; CREATE TABLE t (a int CHECK (ok(a)))",
    )
    .refuses("INSERT INTO t VALUES (1)", "is violated by some row"),
    Case::new(
        "function behind a function",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN lower(t); CREATE FUNCTION g(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN f(t);
         CREATE TABLE t (a text, b text GENERATED ALWAYS AS (g(a)) STORED, c text DEFAULT f('X'))",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(t); CREATE FUNCTION g(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN f(t);
         CREATE TABLE t (a text, b text GENERATED ALWAYS AS (g(a)) STORED, c text DEFAULT f('X'))",
    )
    .keeps("INSERT INTO t VALUES ('x')", "SELECT (b = f(a))::text FROM t")
    .by(&["-- recomputes: t.b with what f(text) gives\n"])
    .never_by(&["DROP DEFAULT"]),
    Case::new(
        "path that is set for a function is another",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE FUNCTION a.g(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)'; CREATE FUNCTION b.g(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)';
         CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path TO a AS 'BEGIN RETURN g(t); END'; CREATE TABLE t (n text); CREATE INDEX i ON t (f(n))",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE FUNCTION a.g(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)'; CREATE FUNCTION b.g(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)';
         CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path TO b AS 'BEGIN RETURN g(t); END'; CREATE TABLE t (n text); CREATE INDEX i ON t (f(n))",
    )
    .by(&["-- recomputes: t.i with what f(text) gives\n", "CREATE INDEX i"]),
    Case::new(
        "key over a stored column that is computed anew",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN t; CREATE TABLE t (a text, s text GENERATED ALWAYS AS (f(a)) STORED UNIQUE, p text GENERATED ALWAYS AS (f(a)) STORED PRIMARY KEY, CHECK (s <> ''), EXCLUDE (s WITH =)); CREATE UNIQUE INDEX i ON t (lower(s)); CREATE TABLE o (r text REFERENCES t (s))",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN lower(t); CREATE TABLE t (a text, s text GENERATED ALWAYS AS (f(a)) STORED UNIQUE, p text GENERATED ALWAYS AS (f(a)) STORED PRIMARY KEY, CHECK (s <> ''), EXCLUDE (s WITH =)); CREATE UNIQUE INDEX i ON t (lower(s)); CREATE TABLE o (r text REFERENCES t (s))",
    )
    .by(&[
        "-- recomputes: t.p, t.s with what f(text) gives\n",
        "-- fails while two rows of t have the same s\n",
        "-- fails while two rows of t have the same p\n",
        "-- fails while two rows of t have the same lower(s)\n",
        "-- fails while a row of t does not meet (s <> ''::text)\n",
        "-- fails while two rows of t exclude each other by t_s_excl\n",
        "-- fails while r of a row of o is in no row of t\n",
    ]),
    Case::new(
        "parts of partitioned tables hold what a function gave",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN t; CREATE TABLE p (a text, CONSTRAINT c CHECK (f(a) <> '')) PARTITION BY LIST (a); CREATE INDEX pi ON p (f(a)); CREATE TABLE t (a text); CREATE INDEX i ON t (f(a))",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN lower(t); CREATE TABLE p (a text, CONSTRAINT c CHECK (f(a) <> '')) PARTITION BY LIST (a); CREATE INDEX pi ON p (f(a)); CREATE TABLE t (a text); CREATE INDEX i ON t (f(a))",
    )
    .by(&[
        "-- recomputes: t.i with what f(text) gives\n",
        "-- check: constraint p.c was met by what f(text) gave before: drop it and add it again\n",
        "-- check: index p.pi holds what f(text) gave before: REINDEX it\n",
    ]),
    Case::new(
        "cost of a function changes nothing that is held",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)'; CREATE TABLE t (a text); CREATE INDEX i ON t (f(a))",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql IMMUTABLE COST 9 AS 'SELECT lower(t)'; CREATE TABLE t (a text); CREATE INDEX i ON t (f(a))",
    )
    .never_by(&["INDEX", "recomputes"]),
];
