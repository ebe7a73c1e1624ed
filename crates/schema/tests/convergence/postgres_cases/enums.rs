use crate::case::Case;

const FILLED: &str = "INSERT INTO t VALUES ('ok')";
const KEPT: &str = "SELECT m::text FROM t";

pub(super) const CASES: &[Case] = &[
    Case::new(
        "value appended",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood DEFAULT 'ok')",
        "CREATE TYPE mood AS ENUM ('bad', 'ok', 'it''s'); CREATE TABLE t (m mood DEFAULT 'ok')",
    )
    .keeps(FILLED, KEPT)
    .by(&["ADD VALUE 'it''s'"])
    .never_by(&["CREATE TYPE"]),
    Case::new(
        "values put between and before others",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood)",
        "CREATE TYPE mood AS ENUM ('worst', 'worse', 'bad', 'so', 'la', 'ok', 'good'); CREATE TABLE t (m mood)",
    )
    .keeps(FILLED, KEPT)
    .by(&["BEFORE 'bad'", "AFTER 'bad'", "AFTER 'so'"]),
    Case::new(
        "value added that a default and a check use at once",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood DEFAULT 'ok')",
        "CREATE TYPE mood AS ENUM ('bad', 'ok', 'great'); CREATE TABLE t (m mood DEFAULT 'great', n mood DEFAULT 'great', CHECK (m <> 'great' OR n = 'great'));
         CREATE INDEX i ON t (m) WHERE m = 'great'",
    )
    .keeps(FILLED, KEPT)
    .by(&["ADD VALUE"]),
    Case::new(
        "value removed that was a default",
        "CREATE TYPE mood AS ENUM ('bad', 'ok', 'great'); CREATE TABLE t (m mood DEFAULT 'great')",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood DEFAULT 'ok')",
    )
    .keeps(FILLED, KEPT)
    .loses(),
    Case::new(
        "value removed under defaults, arrays, checks, indexes, views, routines and keys",
        "CREATE TYPE mood AS ENUM ('bad', 'ok', 'great');
         CREATE TABLE t (m mood PRIMARY KEY DEFAULT 'ok', n mood[] DEFAULT '{ok}', o text, CHECK (m <> 'bad'));
         CREATE TABLE u (m mood REFERENCES t (m), g boolean GENERATED ALWAYS AS (m = 'ok') STORED);
         CREATE INDEX i ON t (o) WHERE m = 'ok'; CREATE INDEX j ON t (m);
         CREATE VIEW v AS SELECT m FROM t WHERE m > 'bad';
         CREATE FUNCTION f(x mood) RETURNS mood LANGUAGE sql AS 'SELECT x';
         CREATE MATERIALIZED VIEW w AS SELECT f(m) AS m FROM t; CREATE UNIQUE INDEX w_m ON w (m)",
        "CREATE TYPE mood AS ENUM ('bad', 'ok');
         CREATE TABLE t (m mood PRIMARY KEY DEFAULT 'ok', n mood[] DEFAULT '{ok}', o text, CHECK (m <> 'bad'));
         CREATE TABLE u (m mood REFERENCES t (m), g boolean GENERATED ALWAYS AS (m = 'ok') STORED);
         CREATE INDEX i ON t (o) WHERE m = 'ok'; CREATE INDEX j ON t (m);
         CREATE VIEW v AS SELECT m FROM t WHERE m > 'bad';
         CREATE FUNCTION f(x mood) RETURNS mood LANGUAGE sql AS 'SELECT x';
         CREATE MATERIALIZED VIEW w AS SELECT f(m) AS m FROM t; CREATE UNIQUE INDEX w_m ON w (m)",
    )
    .keeps("INSERT INTO t VALUES ('ok', '{ok,bad}'); INSERT INTO u VALUES ('ok')", "SELECT v.m || n::text || u.g FROM v JOIN t USING (m) JOIN u USING (m)")
    .loses(),
    Case::new(
        "values in another order",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); COMMENT ON TYPE mood IS 'how'; CREATE TABLE t (m mood)",
        "CREATE TYPE mood AS ENUM ('ok', 'bad'); COMMENT ON TYPE mood IS 'how so'; CREATE TABLE t (m mood)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "enum comes for a text",
        "CREATE TABLE t (m text DEFAULT 'ok' CHECK (m IN ('bad', 'ok')))",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood DEFAULT 'ok')",
    )
    .keeps(FILLED, KEPT)
    .loses(),
    Case::new(
        "enum goes and leaves a text",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood DEFAULT 'ok'); CREATE INDEX i ON t (m) WHERE m = 'ok'",
        "CREATE TABLE t (m text DEFAULT 'ok'); CREATE INDEX i ON t (m) WHERE m = 'ok'",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "one enum for another",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood NOT NULL DEFAULT 'ok')",
        "CREATE TYPE humour AS ENUM ('ok', 'fine'); CREATE TABLE t (m humour NOT NULL DEFAULT 'ok')",
    )
    .keeps(FILLED, KEPT)
    .loses(),
    Case::new(
        "replaced enum in a domain and a composite type",
        "CREATE TYPE mood AS ENUM ('bad', 'ok', 'x'); CREATE DOMAIN d AS mood CHECK (VALUE <> 'bad'); CREATE TYPE c AS (a mood, b int);
         CREATE TABLE t (m d DEFAULT 'ok', n c)",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE DOMAIN d AS mood CHECK (VALUE <> 'bad'); CREATE TYPE c AS (a mood, b int);
         CREATE TABLE t (m d DEFAULT 'ok', n c)",
    )
    .keeps("INSERT INTO t VALUES ('ok', ROW('bad', 2))", "SELECT m::text || (n).a || (n).b FROM t")
    .loses(),
    Case::new("enum gains a value and its column becomes an array",
        "CREATE TYPE mood AS ENUM ('bad', 'ok'); CREATE TABLE t (m mood NOT NULL DEFAULT 'ok', n mood[])",
        "CREATE TYPE mood AS ENUM ('bad', 'ok', 'so'); CREATE TABLE t (m mood[] NOT NULL DEFAULT '{so}', n mood)")
        .keeps("INSERT INTO t VALUES ('ok', '{bad}')", "SELECT trim('{}' FROM m::text) || trim('{}' FROM n::text) FROM t")
        .loses(),
    Case::new("enum loses a value that a function gives as the default of a column",
        "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE FUNCTION d() RETURNS e LANGUAGE sql AS $$SELECT 'a'::e$$; CREATE TABLE t (k e DEFAULT d(), i int)",
        "CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION d() RETURNS e LANGUAGE sql AS $$SELECT 'a'::e$$; CREATE TABLE t (k e DEFAULT d(), i int)")
        .keeps("INSERT INTO t (i) VALUES (1)", "SELECT k::text FROM t")
        .loses(),
];
