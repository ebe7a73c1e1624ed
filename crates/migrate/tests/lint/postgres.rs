use artisan_migrate::Engine::Postgres;

use super::cases::{Case, case};

const T: &[&str] =
    &["CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, v varchar(50), n numeric(10,2));\
                      CREATE INDEX t_a ON t (a); CREATE TABLE u (id bigint PRIMARY KEY);"];
const CHECKED: &[&str] = &[
    "CREATE TABLE t (id bigint PRIMARY KEY, a int);",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;",
    "ALTER TABLE t VALIDATE CONSTRAINT c;",
];

const fn pg(code: &'static str, bad: &'static str, good: &'static str) -> Case {
    case(code, Postgres, T, bad, good)
}

const KEYED: &[&str] = &["CREATE TABLE t (id bigint PRIMARY KEY, key int);"];

pub(crate) const CASES: &[Case] = &[
    case(
        "PG301",
        Postgres,
        KEYED,
        "ALTER TABLE t ALTER key TYPE bigint;",
        "ALTER TABLE t ALTER key SET DEFAULT 1;",
    ),
    case(
        "PG301",
        Postgres,
        &["CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id bigint PRIMARY KEY, a e);"],
        "ALTER TYPE e RENAME TO e_old; CREATE TYPE e AS ENUM ('a'); ALTER TABLE t ALTER a TYPE e USING a::text::e; DROP TYPE e_old;",
        "ALTER TABLE t ALTER a TYPE e;",
    ),
    case(
        "PG301",
        Postgres,
        &["CREATE TABLE t (id bigint PRIMARY KEY, a \"char\");"],
        "ALTER TABLE t ALTER a TYPE char(1);",
        "ALTER TABLE t ALTER a TYPE \"char\";",
    ),
    case(
        "PG204",
        Postgres,
        &[
            "CREATE TABLE t (id bigint PRIMARY KEY, \"o\"\"c\" int, \"a b\" int, c int, CONSTRAINT k CHECK ((\"o\"\"c\" IS NOT NULL) AND \"a b\" IS NOT NULL));",
        ],
        "ALTER TABLE t ALTER c SET NOT NULL;",
        "ALTER TABLE t ALTER \"o\"\"c\" SET NOT NULL; ALTER TABLE t ALTER \"a b\" SET NOT NULL;",
    ),
    pg("MG028", "DROP ROUTINE f;", "DROP ROUTINE f; CREATE FUNCTION f() RETURNS int RETURN 1;"),
    pg(
        "PG101",
        "CREATE INDEX i ON t (b);",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (b);",
    ),
    pg(
        "PG101",
        "CREATE UNIQUE INDEX i ON public.t (b);",
        "CREATE TABLE x (a int); CREATE INDEX i ON x (a);",
    ),
    pg("PG102", "DROP INDEX t_a;", "-- no-transaction\nDROP INDEX CONCURRENTLY t_a;"),
    pg(
        "PG103",
        "CREATE INDEX CONCURRENTLY i ON t (b);",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (b);",
    ),
    pg("PG103", "VACUUM t;", "ANALYZE t;"),
    pg(
        "PG103",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;",
        "ALTER TABLE t DETACH PARTITION p;",
    ),
    pg(
        "PG104",
        "-- no-transaction\nDROP INDEX CONCURRENTLY a; DROP INDEX CONCURRENTLY b;",
        "-- no-transaction\nDROP INDEX CONCURRENTLY a;",
    ),
    pg(
        "PG105",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (b);",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (b);",
    ),
    pg(
        "PG106",
        "ALTER TABLE t ADD PRIMARY KEY (a);",
        "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX p;",
    ),
    pg(
        "PG107",
        "ALTER TABLE t ADD CONSTRAINT q UNIQUE (a);",
        "ALTER TABLE t ADD CONSTRAINT q UNIQUE USING INDEX q;",
    ),
    pg("PG107", "ALTER TABLE t ADD COLUMN c int UNIQUE;", "ALTER TABLE t ADD COLUMN c int;"),
    pg(
        "PG108",
        "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (a WITH =);",
        "CREATE TABLE x (a int); ALTER TABLE x ADD EXCLUDE USING gist (a WITH =);",
    ),
    pg(
        "PG201",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id);",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) NOT VALID;",
    ),
    pg(
        "PG201",
        "ALTER TABLE t ADD COLUMN u_id bigint REFERENCES u;",
        "CREATE TABLE x (u_id bigint REFERENCES u);",
    ),
    pg(
        "PG202",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
    ),
    pg(
        "PG203",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;",
        "ALTER TABLE t VALIDATE CONSTRAINT c;",
    ),
    pg(
        "PG204",
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        "CREATE TABLE x (a int); ALTER TABLE x ALTER COLUMN a SET NOT NULL;",
    ),
    case(
        "PG204",
        Postgres,
        &["CREATE TABLE t (a int, CONSTRAINT c CHECK (b IS NOT NULL));"],
        "ALTER TABLE t ALTER a SET NOT NULL;",
        "SELECT 1;",
    ),
    case(
        "PG204",
        Postgres,
        CHECKED,
        "ALTER TABLE t ALTER id SET NOT NULL;",
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
    ),
    pg(
        "PG205",
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE TABLE x (a int); CREATE TRIGGER g BEFORE INSERT ON x FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    pg("PG206", "LOCK TABLE t IN SHARE MODE;", "SELECT 1;"),
    pg(
        "PG207",
        "ALTER TABLE t DETACH PARTITION p;",
        "-- no-transaction\nALTER TABLE t DETACH PARTITION p CONCURRENTLY;",
    ),
    pg(
        "PG208",
        "ALTER TABLE t ATTACH PARTITION u FOR VALUES IN (1);",
        "CREATE TABLE x (a int); ALTER TABLE t ATTACH PARTITION x FOR VALUES IN (1);",
    ),
    pg(
        "PG209",
        "ALTER TABLE t ADD x int; ALTER TABLE u ADD x int; ALTER TABLE w ADD x int;",
        "ALTER TABLE t ADD x int; ALTER TABLE t ADD y int; ALTER TABLE u ADD x int;",
    ),
    pg(
        "PG301",
        "ALTER TABLE t ALTER COLUMN a TYPE bigint;",
        "ALTER TABLE t ALTER COLUMN v TYPE varchar(80);",
    ),
    pg(
        "PG301",
        "ALTER TABLE t ALTER n SET DATA TYPE numeric(12,3);",
        "ALTER TABLE t ALTER n SET DATA TYPE numeric(12,2), ALTER v TYPE text;",
    ),
    pg(
        "PG302",
        "ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid();",
        "ALTER TABLE t ADD COLUMN x timestamptz DEFAULT now();",
    ),
    pg(
        "PG302",
        "ALTER TABLE t ADD COLUMN x float DEFAULT my_function();",
        "ALTER TABLE t ADD COLUMN x text NOT NULL DEFAULT 'a'::text;",
    ),
    pg(
        "PG303",
        "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) STORED;",
        "CREATE TABLE x (a int, b int GENERATED ALWAYS AS (a + 1) STORED);",
    ),
    pg(
        "PG304",
        "ALTER TABLE t ADD COLUMN x bigserial;",
        "CREATE TABLE x (id bigint GENERATED ALWAYS AS IDENTITY);",
    ),
    pg(
        "PG304",
        "ALTER TABLE t ADD COLUMN x bigint GENERATED BY DEFAULT AS IDENTITY;",
        "ALTER TABLE t ADD COLUMN x bigint;",
    ),
    pg("PG305", "ALTER TABLE t SET UNLOGGED;", "ALTER TABLE t SET (fillfactor = 80);"),
    pg("PG306", "ALTER TABLE t SET TABLESPACE fast;", "ALTER TABLE t SET SCHEMA other;"),
    pg("PG307", "-- no-transaction\nVACUUM FULL t;", "-- no-transaction\nVACUUM t;"),
    pg(
        "PG307",
        "-- no-transaction\nVACUUM (FULL, ANALYZE) t;",
        "-- no-transaction\nVACUUM (ANALYZE) t;",
    ),
    pg("PG307", "CLUSTER t USING t_a;", "ALTER TABLE t CLUSTER ON t_a;"),
    pg("PG308", "REFRESH MATERIALIZED VIEW m;", "REFRESH MATERIALIZED VIEW CONCURRENTLY m;"),
    pg("PG309", "REINDEX TABLE t;", "-- no-transaction\nREINDEX TABLE CONCURRENTLY t;"),
    pg(
        "PG311",
        "ALTER TYPE s ADD VALUE 'new' AFTER 'old'; INSERT INTO t (b) VALUES ('new');",
        "ALTER TYPE s ADD VALUE 'new' AFTER 'old';",
    ),
    pg(
        "PG312",
        "ALTER TYPE s ADD VALUE 'new';",
        "ALTER TYPE s ADD VALUE IF NOT EXISTS 'new' BEFORE 'old';",
    ),
    pg(
        "PG313",
        "ALTER TYPE s RENAME VALUE 'a' TO 'b';",
        "-- phase: contract\nALTER TYPE s RENAME VALUE 'a' TO 'b';",
    ),
    pg("PG315", "ALTER TABLE t REPLICA IDENTITY FULL;", "ALTER TABLE t REPLICA IDENTITY DEFAULT;"),
    pg(
        "PG316",
        "ALTER TABLE t SET (autovacuum_enabled = false);",
        "ALTER TABLE t SET (autovacuum_enabled = true);",
    ),
    pg("PG317", "CREATE DOMAIN d AS text CHECK (VALUE <> '');", "CREATE DOMAIN d AS text;"),
    pg(
        "PG317",
        "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '');",
        "ALTER DOMAIN d DROP CONSTRAINT c;",
    ),
    pg(
        "PG401",
        "CREATE TABLE x (a timestamp NOT NULL);",
        "CREATE TABLE x (a timestamptz, b timestamp with time zone);",
    ),
    pg(
        "PG401",
        "ALTER TABLE t ADD x timestamp(3) without time zone;",
        "ALTER TABLE t ADD x timestamp(3) with time zone;",
    ),
    pg(
        "PG402",
        "CREATE TABLE x (id bigserial PRIMARY KEY);",
        "CREATE TABLE x (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    ),
    pg("PG403", "CREATE TABLE x (a char(3));", "CREATE TABLE x (a text, b \"char_like\");"),
    pg("PG403", "ALTER TABLE t ADD x character(3);", "ALTER TABLE t ADD x character varying(3);"),
    pg("PG404", "CREATE TABLE x (a varchar(10));", "CREATE TABLE x (a varchar, b text);"),
    pg(
        "PG405",
        "CREATE TABLE x (id int PRIMARY KEY);",
        "CREATE TABLE x (id bigint PRIMARY KEY, a int);",
    ),
    pg(
        "PG405",
        "CREATE TABLE x (id integer, CONSTRAINT p PRIMARY KEY (id));",
        "CREATE TABLE x (id int8, PRIMARY KEY (id));",
    ),
    pg("PG406", "ALTER TABLE t ADD x json;", "ALTER TABLE t ADD x jsonb;"),
    pg("PG407", "CREATE TABLE x (a money);", "CREATE TABLE x (a numeric(19,4));"),
    pg("PG408", "CREATE TABLE x (a smallint);", "CREATE TABLE x (a int);"),
    case(
        "PG203",
        Postgres,
        T,
        "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u NOT VALID, VALIDATE CONSTRAINT t_id_fkey;",
        "ALTER TABLE t VALIDATE CONSTRAINT t_id_fkey;",
    ),
    case(
        "PG203",
        Postgres,
        T,
        "-- no-transaction\nALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES u NOT VALID, VALIDATE CONSTRAINT k;",
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES u NOT VALID, VALIDATE CONSTRAINT j;",
    ),
    case(
        "PG301",
        Postgres,
        T,
        "ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint CASCADE;",
        "ALTER TYPE pair ADD ATTRIBUTE c int;",
    ),
    case(
        "MG020",
        Postgres,
        T,
        "DROP FOREIGN TABLE f;",
        "-- phase: contract\nDROP FOREIGN TABLE f;",
    ),
    case(
        "MG021",
        Postgres,
        T,
        "ALTER TYPE pair DROP ATTRIBUTE a;",
        "-- phase: contract\nALTER TYPE pair DROP ATTRIBUTE a;",
    ),
    case("MG022", Postgres, T, "DROP OWNED BY app;", "REASSIGN OWNED BY app TO other;"),
    case(
        "MG024",
        Postgres,
        T,
        "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d;",
        "WITH d AS (DELETE FROM t WHERE id = 1 RETURNING *) SELECT * FROM d;",
    ),
    case(
        "MG024",
        Postgres,
        T,
        "WITH d (a) AS MATERIALIZED (DELETE FROM t RETURNING id) UPDATE t SET id = 1 WHERE id = 2;",
        "WITH d AS (SELECT 1) DELETE FROM t WHERE id = 1;",
    ),
    case(
        "MG024",
        Postgres,
        T,
        "DELETE FROM t USING u;",
        "DELETE FROM t USING u WHERE u.id = t.id;",
    ),
    case(
        "MG024",
        Postgres,
        T,
        "DELETE FROM t USING u JOIN w USING (id);",
        "CREATE TABLE x (id bigint); DELETE FROM x;",
    ),
    case(
        "MG024",
        Postgres,
        T,
        "DELETE FROM t WHERE true RETURNING id;",
        "DELETE FROM t WHERE 'a' = name;",
    ),
    case(
        "MG025",
        Postgres,
        T,
        "WITH d AS (UPDATE t SET id = 1 RETURNING *) SELECT * FROM d;",
        "WITH d AS (UPDATE t SET id = 1 WHERE id = 2 RETURNING *) SELECT * FROM d;",
    ),
    case(
        "MG025",
        Postgres,
        T,
        "UPDATE t SET id = 1 WHERE 1 = 1;",
        "UPDATE t SET id = 1 WHERE id BETWEEN 1 AND 1;",
    ),
    case(
        "MG028",
        Postgres,
        T,
        "DROP TRIGGER g ON t;",
        "DROP TRIGGER g ON t; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    case(
        "MG028",
        Postgres,
        T,
        "DROP POLICY p ON t;",
        "DROP POLICY p ON t; CREATE POLICY p ON t USING (true);",
    ),
    case(
        "MG028",
        Postgres,
        T,
        "DROP RULE r ON t;",
        "DROP RULE r ON t; CREATE RULE r AS ON INSERT TO t DO NOTHING;",
    ),
    case(
        "MG028",
        Postgres,
        T,
        "DROP AGGREGATE a(int);",
        "CREATE TABLE x (id bigint); DROP TRIGGER g ON x;",
    ),
    case(
        "MG028",
        Postgres,
        T,
        "DROP EVENT TRIGGER e;",
        "DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();",
    ),
    case(
        "MG028",
        Postgres,
        T,
        "DROP FUNCTION f();",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT f(); DROP FUNCTION f();",
    ),
    case(
        "MG032",
        Postgres,
        T,
        "ALTER TABLE t SET SCHEMA other;",
        "ALTER TABLE t SET (fillfactor = 80);",
    ),
    case("MG033", Postgres, T, "ALTER VIEW v SET SCHEMA other;", "ALTER VIEW v OWNER TO app;"),
];
