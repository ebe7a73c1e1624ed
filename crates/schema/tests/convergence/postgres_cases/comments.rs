use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("comments come on everything", 
        "CREATE TABLE t (a int PRIMARY KEY CONSTRAINT c CHECK (a > 0), b serial); CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT a FROM t; CREATE TYPE e AS ENUM ('x'); CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0); CREATE TYPE p AS (a int); CREATE SEQUENCE s; CREATE SCHEMA z; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE t (a int PRIMARY KEY CONSTRAINT c CHECK (a > 0), b serial); CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT a FROM t; CREATE TYPE e AS ENUM ('x'); CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0); CREATE TYPE p AS (a int); CREATE SEQUENCE s; CREATE SCHEMA z; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         COMMENT ON TABLE t IS 'it''s a \\ t\nnew line'; COMMENT ON COLUMN t.a IS 'a'; COMMENT ON CONSTRAINT c ON t IS 'c'; COMMENT ON CONSTRAINT t_pkey ON t IS 'key'; COMMENT ON INDEX i IS 'i'; COMMENT ON VIEW v IS 'v'; COMMENT ON TYPE e IS 'e'; COMMENT ON DOMAIN d IS 'd'; COMMENT ON CONSTRAINT k ON DOMAIN d IS 'k';
         COMMENT ON TYPE p IS 'p'; COMMENT ON COLUMN p.a IS 'pa'; COMMENT ON SEQUENCE s IS 's'; COMMENT ON SEQUENCE t_b_seq IS 'tb'; COMMENT ON SCHEMA z IS 'z'; COMMENT ON FUNCTION f IS 'f'")
        .never_by(&["DROP TABLE"]),
    Case::new("comments change", "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'; COMMENT ON CONSTRAINT c ON t IS 'z'",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); COMMENT ON TABLE t IS 'x2'; COMMENT ON COLUMN t.a IS 'y2'; COMMENT ON CONSTRAINT c ON t IS 'z2'"),
    Case::new("commented constraint is made anew", "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); COMMENT ON CONSTRAINT c ON t IS 'z'",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 1)); COMMENT ON CONSTRAINT c ON t IS 'z'"),
    Case::new("commented things go", "CREATE SCHEMA z; COMMENT ON SCHEMA z IS 'z'; CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), b int); COMMENT ON CONSTRAINT c ON t IS 'z'; COMMENT ON COLUMN t.b IS 'b'",
        "CREATE TABLE t (a int)").loses(),
];
