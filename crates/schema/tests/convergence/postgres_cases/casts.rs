use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new(
        "texts that names have room for stay",
        "CREATE DOMAIN d AS text; CREATE TYPE p AS (x text, y int); CREATE TABLE t (id int, a text COLLATE \"C\", b text, c varchar(9)[], e d, f p, g text, h char(3), i text[])",
        "CREATE DOMAIN d AS name; CREATE TYPE p AS (x \"char\", y int); CREATE TABLE t (id int, a name, b \"char\", c name[], e d, f p, g name[], h \"char\", i name)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, repeat('x', 63), 'y', '{a,NULL}', 'b', ROW('c', 1), 'z', 'w', '{v}'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, '', '', '{}', '', ROW('', 2), NULL, '', NULL)",
        "SELECT concat_ws('|', id, a, b, c, e, f, trim(BOTH '{}' FROM g::text), trim(h::text), trim(BOTH '{}' FROM i::text)) FROM t ORDER BY id",
    )
    .by(&["-- fails while a value of t.a does not convert to name\n", "-- fails while a value of t.b does not convert to \"char\"\n"])
    .loses(),
    Case::new("text that a name has no room for is refused", "CREATE TABLE t (a text)", "CREATE TABLE t (a name)")
        .refuses("INSERT INTO t VALUES (repeat('x', 64))", "too long for name: xxx")
        .loses(),
    Case::new("texts of which one has no room in an array are refused", "CREATE TABLE t (a text[])", "CREATE TABLE t (a name[])")
        .refuses("INSERT INTO t VALUES (ARRAY['a', repeat('x', 64)])", "too long for name[]: {a,xxx")
        .loses(),
    Case::new("text that a single character has no room for is refused", "CREATE TABLE t (a text)", "CREATE TABLE t (a \"char\")")
        .refuses("INSERT INTO t VALUES ('yes')", "too long for \"char\": yes")
        .loses(),
    Case::new(
        "text that a domain over a name has no room for is refused",
        "CREATE DOMAIN d AS text; CREATE TABLE t (a d)",
        "CREATE DOMAIN d AS name; CREATE TABLE t (a d)",
    )
    .refuses("INSERT INTO t VALUES (repeat('x', 64))", "too long for d: xxx")
    .loses(),
    Case::new("truth values become characters and come back", "CREATE TABLE t (a boolean)", "CREATE TABLE t (a \"char\")")
        .keeps("INSERT INTO t VALUES (true), (false), (NULL)", "SELECT left(a::text, 1) FROM t ORDER BY 1")
        .loses(),
    Case::new("characters become truth values and come back", "CREATE TABLE t (a \"char\")", "CREATE TABLE t (a boolean)")
        .keeps("INSERT INTO t VALUES ('t'), ('f'), (NULL)", "SELECT left(a::text, 1) FROM t ORDER BY 1")
        .loses(),
    Case::new(
        "arrays become texts and come back, whatever they hold",
        "CREATE TABLE t (id int, a text[], b int[], c int4range[], d varchar(9)[])",
        "CREATE TABLE t (id int, a text, b varchar, c text, d text)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, '{x,y}', '{7}', '{\"[1,5)\"}', '{q}'), (2, '{z}', '{1,2}', NULL, '[0:0]={p}'),
         (3, '{\"{x,y}\"}', '{}', '{}', '{NULL}'), (4, NULL, NULL, NULL, NULL), (5, '{\"[0:1]={a,b}\"}', '{{1},{2}}', NULL, '{\"\"}')",
        "SELECT concat_ws('|', id, CASE WHEN left(a::text, 1) = '{' OR a IS NULL THEN a::text::text[] ELSE ARRAY[a::text] END,
           CASE WHEN left(b::text, 1) = '{' OR b IS NULL THEN b::text::int[] ELSE ARRAY[b::text]::int[] END) FROM t ORDER BY id",
    )
    .by(&["ELSE a::text END"]),
    Case::new("texts that read as arrays come back from arrays", "CREATE TABLE t (id int, a text)", "CREATE TABLE t (id int, a text[])")
        .keeps(
            "INSERT INTO t VALUES (1, '{x,y}'), (2, '{'), (3, 'z'), (4, NULL), (5, '')",
            "SELECT concat_ws('|', id, CASE WHEN pg_typeof(a) = 'text[]'::regtype THEN (to_jsonb(t) -> 'a' ->> 0) ELSE a::text END) FROM t ORDER BY id",
        ),
    Case::new(
        "texts become bytes and come back",
        "CREATE DOMAIN d AS text; CREATE TYPE p AS (x text, y int); CREATE TABLE t (id int, a text, b varchar(9), c json, e d, f p)",
        "CREATE DOMAIN d AS bytea; CREATE TYPE p AS (x bytea, y int); CREATE TABLE t (id int, a bytea, b bytea, c bytea, e d, f p)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, 'hello', 'é', '{\"a\": \"\\n\"}', 'C:\\101', ROW('\\x41', 1)), (2, NULL, NULL, NULL, NULL, NULL), (3, 'C:\\101', '', NULL, '', ROW(NULL, 1))",
        "SELECT concat_ws('|', id, CASE WHEN left(a::text, 2) = '\\x' THEN convert_from(a::text::bytea, 'UTF8') ELSE a::text END,
           CASE WHEN left(e::text, 2) = '\\x' THEN convert_from(e::text::bytea, 'UTF8') ELSE e::text END) FROM t ORDER BY id",
    )
    .by(&["USING convert_to(a, 'UTF8')", "USING convert_to(c::text, 'UTF8')"]),
    Case::new("bytes become texts and come back", "CREATE TABLE t (id int, a bytea)", "CREATE TABLE t (id int, a text)")
        .keeps(
            "INSERT INTO t VALUES (1, '\\x00ff'), (2, NULL), (3, '')",
            "SELECT concat_ws('|', id, a::text::bytea::text) FROM t ORDER BY id",
        ),
];
