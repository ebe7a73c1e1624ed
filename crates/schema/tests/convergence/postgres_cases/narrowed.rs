use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new(
        "attributes of a composite type become narrower",
        "CREATE TYPE addr AS (street text, n numeric(10,4), at timestamp, b bit(8), k char(4), ok boolean); CREATE TABLE t (id int, h addr)",
        "CREATE TYPE addr AS (street varchar(5), n numeric(10,1), at date, b varbit(9), k char(3), ok boolean, more text); CREATE TABLE t (id int, h addr)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, ROW('\"Lo,g', 5.5, '2020-01-01', B'00000101', 'ab', true)), (2, NULL), (3, ROW(NULL, NULL, NULL, NULL, NULL, NULL)), (4, ROW('', NULL, NULL, NULL, NULL, false))",
        "SELECT concat_ws('|', id, h IS DISTINCT FROM NULL, (h).street, trim_scale((h).n), (h).at::date, (h).b, rtrim((h).k::text), (h).ok) FROM t ORDER BY id",
    )
    .by(&[
        "-- fails while a value of t.h.street does not convert to character varying(5)\n",
        "-- fails while a value of t.h.n does not convert to numeric(10,1)\n",
    ])
    .loses(),
    Case::new(
        "text of an attribute that is too long is refused",
        "CREATE TYPE addr AS (street text, n int); CREATE TABLE t (h addr)",
        "CREATE TYPE addr AS (street varchar(5), n int); CREATE TABLE t (h addr)",
    )
    .refuses("INSERT INTO t VALUES (ROW('Long Street', 1))", "value too long for type character varying(5)")
    .loses(),
    Case::new(
        "number of an attribute that is too long as a text is refused",
        "CREATE TYPE addr AS (n int); CREATE TABLE t (h addr)",
        "CREATE TYPE addr AS (n varchar(3)); CREATE TABLE t (h addr)",
    )
    .refuses("INSERT INTO t VALUES (ROW(12345))", "value too long for type character varying(3)")
    .loses(),
    Case::new(
        "text of a nested attribute that is too long is refused",
        "CREATE TYPE inner_ AS (s text); CREATE TYPE outer_ AS (i inner_, k inner_[]); CREATE TABLE t (h outer_, a outer_[])",
        "CREATE TYPE inner_ AS (s varchar(5)); CREATE TYPE outer_ AS (i inner_, k inner_[]); CREATE TABLE t (h outer_, a outer_[])",
    )
    .by(&[
        "-- fails while a value of t.h.i.s does not convert to character varying(5)\n",
        "-- fails while a value of t.a.k.s does not convert to character varying(5)\n",
    ])
    .refuses("INSERT INTO t VALUES (ROW(ROW('Long Street'), '{}'), NULL)", "value too long for type character varying(5)")
    .loses(),
    Case::new(
        "text that a domain has no room for is refused",
        "CREATE DOMAIN d AS varchar(20); CREATE TABLE t (v d)",
        "CREATE DOMAIN d AS varchar(5); CREATE TABLE t (v d)",
    )
    .by(&["-- fails while a value of t.v does not convert to d\n"])
    .refuses("INSERT INTO t VALUES ('Long Street')", "value too long for type character varying(5)")
    .loses(),
    Case::new(
        "text that a domain of another base has no room for is refused",
        "CREATE DOMAIN d AS text; CREATE TABLE t (v d)",
        "CREATE DOMAIN d AS char(5); CREATE TABLE t (v d)",
    )
    .refuses("INSERT INTO t VALUES ('Long Street')", "value too long for type character(5)")
    .loses(),
    Case::new(
        "text in an array that a domain has no room for is refused",
        "CREATE DOMAIN d AS varchar(20); CREATE TABLE t (v d[])",
        "CREATE DOMAIN d AS varchar(5); CREATE TABLE t (v d[])",
    )
    .refuses("INSERT INTO t VALUES ('{Long Street}')", "value too long for type character varying(5)")
    .loses(),
    Case::new(
        "text that a domain in a composite type has no room for is refused",
        "CREATE DOMAIN d AS varchar(20); CREATE TYPE c AS (x d, y int); CREATE TABLE t (v c)",
        "CREATE DOMAIN d AS varchar(5); CREATE TYPE c AS (x d, y int); CREATE TABLE t (v c)",
    )
    .by(&["-- fails while a value of t.v.x does not convert to d\n"])
    .refuses("INSERT INTO t VALUES (ROW('Long Street', 1))", "value too long for type character varying(5)")
    .loses(),
    Case::new(
        "values that a narrower domain has room for stay",
        "CREATE DOMAIN d AS varchar(20); CREATE DOMAIN e AS bit(5); CREATE TYPE c AS (x d, y int); CREATE TABLE t (v d DEFAULT 'x', a d[], w c, b bit varying(9), f e)",
        "CREATE DOMAIN d AS varchar(5); CREATE DOMAIN e AS varbit(4); CREATE TYPE c AS (x d, y int); CREATE TABLE t (v d DEFAULT 'x', a d[], w c, b bit varying(3), f e)",
    )
    .keeps(
        "INSERT INTO t VALUES ('short', '[2:3]={a,NULL}', ROW('a b', 1), B'101', NULL), (NULL, NULL, NULL, NULL, NULL)",
        "SELECT concat_ws('|', v, a, w, b) FROM t ORDER BY v",
    )
    .loses(),
    Case::new(
        "single text that an array of short ones has no room for is refused",
        "CREATE TABLE t (a text)",
        "CREATE TABLE t (a varchar(3)[])",
    )
    .refuses("INSERT INTO t VALUES ('Long Street')", "value too long for type character varying(3)")
    .loses(),
    Case::new(
        "text that bits have no room for is refused",
        "CREATE TABLE t (a text)",
        "CREATE TABLE t (a bit varying(3))",
    )
    .refuses("INSERT INTO t VALUES ('11111')", "bit string too long for type bit varying(3)")
    .loses(),
    Case::new(
        "times become moments of UTC, whatever the session's time zone is",
        "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo'); END$$;
         CREATE DOMAIN d AS timestamp; CREATE TYPE p AS (x timestamp);
         CREATE TABLE t (a timestamp, b date, c d, e p, f timestamp[], g time, h timestamptz DEFAULT now(), i tsrange, j daterange)",
        "CREATE DOMAIN d AS timestamptz; CREATE TYPE p AS (x timestamptz);
         CREATE TABLE t (a timestamptz, b timestamptz, c d, e p, f timestamptz[], g timetz, h timestamp DEFAULT now(), i tstzrange, j tstzmultirange)",
    )
    .keeps(
        "INSERT INTO t VALUES ('2026-07-01 12:00', '2026-07-01', '2026-07-01 12:00', ROW('2026-07-01 12:00'), NULL, NULL, '2026-07-01 12:00+00')",
        "SELECT concat_ws('|', extract(epoch FROM a), extract(epoch FROM b)::int, extract(epoch FROM c), extract(epoch FROM (e).x), extract(epoch FROM h)) FROM t",
    )
    .by(&[
        "-- check: the times of t.b are taken as those of UTC\n",
        "-- check: the times of t.e.x are taken as those of UTC\n",
        "-- check: the times of t.f are taken as those of the session's time zone, UTC for migrate\n",
        "-- check: the times of t.i are taken as those of the session's time zone, UTC for migrate\n",
        "-- check: the times of t.j are taken as those of the session's time zone, UTC for migrate\n",
        "-- check: the times of t.g are taken as those of the session's time zone, UTC for migrate\n",
    ])
    .loses(),
    Case::new(
        "numbers beside narrower attributes keep their digits, however many the session writes",
        "CREATE DOMAIN d AS int NOT NULL; CREATE DOMAIN r AS float8;
         CREATE TYPE c AS (f float8, g real[], k r, n d, s text, b bit(8)); CREATE TABLE t (v c)",
        "CREATE DOMAIN d AS int NOT NULL; CREATE DOMAIN r AS float8;
         CREATE TYPE c AS (f float8, g real[], k r, n d, s varchar(5), b varbit(9)); CREATE TABLE t (v c)",
    )
    .keeps(
        "INSERT INTO t VALUES (ROW(0.1::float8 + 0.2::float8, ARRAY[1.0000001::real], 0.1::float8 + 0.2::float8, 1, 'ab', B'00000101')), (NULL)",
        "SELECT concat_ws('|', (v).f = 0.1::float8 + 0.2::float8, (v).g[1] = 1.0000001::real, (v).k = 0.1::float8 + 0.2::float8, (v).s, (v).b) FROM t ORDER BY v",
    )
    .loses(),
    Case::new(
        "what a domain demands more is said",
        "CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0); CREATE DOMAIN e AS int; CREATE TYPE p AS (x e); CREATE TABLE t (a d, b e[], v p, w int)",
        "CREATE DOMAIN d AS int NOT NULL CONSTRAINT c CHECK (VALUE > 1); CREATE DOMAIN e AS int CHECK (VALUE > 5); CREATE TYPE p AS (x e); CREATE TABLE t (a d, b e[], v p, w e)",
    )
    .by(&[
        "-- fails while a value of d does not meet (VALUE > 1)\nALTER DOMAIN d ADD",
        "-- fails while a value of d is NULL\nALTER DOMAIN d SET NOT NULL",
        "-- fails while a value of t.b does not meet (VALUE > 5)\n",
        "-- fails while a value of t.v.x does not meet (VALUE > 5)\n",
        "-- fails while a value of t.w does not meet (VALUE > 5)\n",
    ]),
];
