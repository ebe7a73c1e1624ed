//! What belongs to objects and is not managed: it is as it was after each way, and its dump too.

use crate::case::Case;

/// Everything that is kept, a line each.
const ALL: &str = "
    SELECT format('%s %s %s %s %s %s', c.oid::regclass, c.relowner::regrole, (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) x), c.relrowsecurity, c.relforcerowsecurity, CASE c.relkind WHEN 'r' THEN c.relreplident END) FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
    UNION ALL SELECT format('%s.%s %s', a.attrelid::regclass, a.attname, a.attacl) FROM pg_attribute a WHERE attacl IS NOT NULL AND attrelid > 16384 AND NOT attisdropped
    UNION ALL SELECT format('%s %s', p.proname, coalesce(p.proacl, acldefault('f', p.proowner))) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s', t.typname, t.typowner::regrole, coalesce(t.typacl, acldefault('T', t.typowner))) FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT format('%s %s %s %s', p.polname, p.polroles::regrole[], p.polcmd, obj_description(p.oid, 'pg_policy')) FROM pg_policy p
    UNION ALL SELECT format('%s %s %s', stxname, stxstattarget, obj_description(oid, 'pg_statistic_ext')) FROM pg_statistic_ext
    UNION ALL SELECT format('%s %s %s', indexrelid::regclass, indisreplident, indisclustered) FROM pg_index WHERE indrelid > 16384 AND indexrelid::regclass::text !~ 'toast'
    UNION ALL SELECT format('%s %s', pubname, attnames) FROM pg_publication_tables
    UNION ALL SELECT format('%s %s %s', attrelid::regclass, attname, attstattarget) FROM pg_attribute WHERE attrelid > 16384 AND attstattarget > 0
    ORDER BY 1";

pub(super) const CASES: &[Case] = &[
    Case::new("grants and owners of views that are made anew",
        "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE VIEW \"W w\" AS SELECT a, b FROM v;
         GRANT SELECT, INSERT ON v TO pg_monitor WITH GRANT OPTION; GRANT SELECT ON v TO PUBLIC; GRANT SELECT (a), UPDATE (b) ON \"W w\" TO pg_monitor; REVOKE DELETE ON v FROM CURRENT_USER;
         GRANT SELECT ON m TO pg_monitor; ALTER TABLE \"W w\" OWNER TO pg_monitor; GRANT SELECT ON v TO pg_monitor; CREATE STATISTICS ms ON (a + 1) FROM m; ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 77",
        "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE VIEW \"W w\" AS SELECT a, b FROM v")
        .keeps("", ALL),
    Case::new("rights that are there by default, and not any more",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; REVOKE ALL ON v FROM pg_monitor;
         CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f TO PUBLIC; CREATE PROCEDURE p(x int) LANGUAGE sql AS 'SELECT 1'",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT a FROM t;
         CREATE FUNCTION f(x int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE PROCEDURE p(INOUT x int) LANGUAGE sql AS 'SELECT 1'")
        .keeps("", ALL),
    Case::new("rights on functions and types that are made anew",
        "CREATE TYPE e AS ENUM ('a', 'b'); GRANT USAGE ON TYPE e TO pg_monitor; REVOKE USAGE ON TYPE e FROM PUBLIC; CREATE DOMAIN d AS int; ALTER DOMAIN d OWNER TO pg_monitor; CREATE TABLE t (e e, d d);
         CREATE FUNCTION f(x e) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO pg_monitor",
        "CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS bigint; CREATE TABLE t (e e, d d); CREATE FUNCTION f(x e) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'")
        .keeps("", ALL),
    Case::new("policies on a column that changes its type",
        "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int, b int, c text); CREATE FUNCTION mine(x int) RETURNS boolean LANGUAGE sql AS 'SELECT x > 0'; ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;
         CREATE POLICY own ON t FOR UPDATE TO pg_monitor, CURRENT_USER USING (a > 0 AND c IN ('x', 'y')) WITH CHECK (a > 1); CREATE POLICY \"Less's\" ON t AS RESTRICTIVE FOR SELECT USING (mine(b) AND EXISTS (SELECT FROM u WHERE u.id = b)); COMMENT ON POLICY own ON t IS 'it''s'",
        "CREATE TABLE u (id bigint PRIMARY KEY); CREATE TABLE t (a bigint, b int, c varchar(9)); CREATE FUNCTION mine(x int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END'")
        .keeps("", ALL)
        .loses(),
    Case::new("policy stands on a function whose result changes by way of its arguments' names",
        "CREATE TABLE t (a int); CREATE FUNCTION f(x int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE POLICY p ON t USING (f(a))",
        "CREATE TABLE t (a int); CREATE FUNCTION f(y int) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        .keeps("", ALL),
    Case::new("statistics, replica identity, cluster mark and grants of parts that are made anew",
        "CREATE TABLE t (a int NOT NULL, b int, g int GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT k UNIQUE (a)); CREATE STATISTICS st (ndistinct) ON b, g FROM t; COMMENT ON STATISTICS st IS 'two'; ALTER STATISTICS st SET STATISTICS 9; CREATE INDEX i ON t (g, (b + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 55;
         ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX k; GRANT SELECT (g), UPDATE (b) ON t TO pg_monitor; CREATE STATISTICS stays ON a, b FROM t",
        "CREATE TABLE t (a int NOT NULL, b int, g int GENERATED ALWAYS AS (a + 2) STORED, CONSTRAINT k UNIQUE (a) WITH (fillfactor = 50)); CREATE INDEX i ON t (g, (b + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 55")
        .keeps("", ALL),
    Case::new("table that goes has all of it when it comes back",
        "CREATE TABLE stays (id int PRIMARY KEY); CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO pg_monitor; CREATE TABLE s.t (id serial PRIMARY KEY, a int, b int); GRANT INSERT, SELECT ON s.t TO pg_monitor; GRANT UPDATE (b) ON s.t TO pg_monitor; GRANT USAGE ON SEQUENCE s.t_id_seq TO pg_monitor; ALTER TABLE s.t OWNER TO pg_monitor;
         ALTER TABLE s.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON s.t USING (a IN (SELECT id FROM stays)); CREATE STATISTICS s.st ON a, b FROM s.t; ALTER TABLE s.t REPLICA IDENTITY FULL; CREATE PUBLICATION pub FOR TABLE s.t (id, a) WHERE (id > 3);
         CREATE VIEW v AS SELECT a FROM s.t; GRANT SELECT ON v TO PUBLIC; CREATE SEQUENCE q; GRANT USAGE ON SEQUENCE q TO pg_monitor; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f FROM PUBLIC;
         CREATE TYPE e AS ENUM ('a'); GRANT USAGE ON TYPE e TO pg_monitor",
        "CREATE TABLE stays (id int PRIMARY KEY)")
        .loses(),
    Case::new("column of statistics and of grants goes",
        "CREATE TABLE t (a int, b int, c int); CREATE STATISTICS st ON a, b FROM t; GRANT SELECT (a), SELECT (b) ON t TO pg_monitor", "CREATE TABLE t (a int, c int)")
        .loses(),
    Case::new("row filter of a publication on a column that changes its type",
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE PUBLICATION pub FOR TABLE t WHERE (id > 3)", "CREATE TABLE t (id bigint PRIMARY KEY, a int)")
        .keeps("", ALL),
    Case::new("grants of a sequence that counts for an identity column now",
        "CREATE TABLE t (id serial PRIMARY KEY, b int); GRANT USAGE ON SEQUENCE t_id_seq TO pg_monitor", "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b int)")
        .keeps("", ALL),
    Case::new("renamed table keeps policies and grants, and a column of theirs changes",
        "CREATE TABLE old (a int, b int); GRANT SELECT ON old TO pg_monitor; CREATE POLICY p ON old USING (a > 0 AND b > 1); ALTER TABLE old ENABLE ROW LEVEL SECURITY; CREATE STATISTICS st ON a, b FROM old; CREATE TABLE x (a int)",
        "CREATE TABLE t ( -- @renamed from=old\n a bigint,\n c int -- @renamed from=b\n); CREATE TABLE x (a int)"),
    Case::new("rules, trigger states and comments of a view that is made anew",
        "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE REPLICA TRIGGER g; COMMENT ON TRIGGER g ON t IS 'x';
         CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (NEW.a); COMMENT ON RULE r ON v IS 'y'; COMMENT ON VIEW v IS 'z'; COMMENT ON COLUMN v.a IS 'w'; GRANT INSERT ON v TO pg_monitor",
        "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE REPLICA TRIGGER g; COMMENT ON TRIGGER g ON t IS 'x';
         CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (NEW.a); COMMENT ON RULE r ON v IS 'y'; COMMENT ON VIEW v IS 'z'; COMMENT ON COLUMN v.a IS 'w'")
        .keeps("", ALL),
    Case::new("view becomes materialized and keeps who may read it", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; GRANT SELECT ON v TO pg_monitor", "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t")
        .keeps("", ALL),
    Case::new("settings of a materialized view's columns",
        "CREATE TABLE t (a text, b int); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 99, ALTER a SET STORAGE EXTERNAL, ALTER a SET COMPRESSION pglz, ALTER b SET (n_distinct = 5)",
        "CREATE TABLE t (a text, b bigint); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t")
        .keeps("", "SELECT string_agg(concat_ws(' ', attname, attstattarget, attoptions, attstorage, attcompression), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'm'::regclass AND attnum > 0"),
    Case::new("tables that inherit and typed ones keep theirs",
        "CREATE TABLE i (a int NOT NULL, b int); CREATE TABLE i2 (c serial) INHERITS (i); CREATE TYPE tt AS (a int, b int); CREATE TABLE ty OF tt; CREATE TABLE o (id int); CREATE UNIQUE INDEX u ON i2 (a); ALTER TABLE i2 REPLICA IDENTITY USING INDEX u; ALTER TABLE i2 CLUSTER ON u; GRANT SELECT (a) ON i2 TO pg_monitor; GRANT USAGE ON SEQUENCE i2_c_seq TO pg_monitor;
         ALTER TABLE i2 ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON i2 USING (a > 0); CREATE POLICY q ON ty USING (EXISTS (SELECT FROM o WHERE o.id = a)); CREATE STATISTICS st ON a, b FROM i2; CREATE STATISTICS st2 ON a, b FROM ty; CREATE PUBLICATION pub FOR TABLE i2, ty",
        "CREATE TABLE i (a int NOT NULL, b int); CREATE TABLE i2 (c serial) INHERITS (i); CREATE TYPE tt AS (a int, b int); CREATE TABLE ty OF tt; CREATE TABLE o (id bigint); CREATE UNIQUE INDEX u ON i2 (a)")
        .keeps("", ALL)
        .by(&["DROP POLICY q ON ty", "CREATE POLICY q ON ty"])
        .never_by(&["POLICY p", "STATISTICS", "PUBLICATION"]),
    Case::new("policy reads the table that it read, after names were passed on",
        "CREATE TABLE admins (id int, n int); CREATE TABLE guests (id int); CREATE TABLE d (owner int, m int); CREATE POLICY p ON d USING (owner IN (SELECT id FROM admins a WHERE a.n = d.m) OR owner = (SELECT max(id) FROM guests))",
        "-- @renamed from=admins\nCREATE TABLE staff (id int,\n no int -- @renamed from=n\n);\n-- @renamed from=guests\nCREATE TABLE admins (id int); CREATE TABLE d (owner bigint,\n \"M\" int -- @renamed from=m\n)")
        .by(&["FROM staff a\n  WHERE (a.no = d.\"M\")", "max(admins.id) AS max\n   FROM admins"]),
    Case::new("policies name the columns that they named, and the roles",
        "CREATE TABLE guests (id int, owner int); CREATE TYPE addr AS (city int, x int); CREATE TABLE d (owner int, m int, city int, \"time\" timestamptz, nm text, addr addr, ch int);
         CREATE POLICY p ON d TO pg_monitor, pg_read_all_data USING (m IS DISTINCT FROM owner AND EXISTS (SELECT FROM guests g WHERE g.id IS DISTINCT FROM d.owner)); GRANT SELECT (owner) ON d TO pg_monitor;
         CREATE POLICY q ON d USING (extract(year FROM \"time\") > (addr).city AND trim(both FROM nm) = substring(nm FROM owner) AND \"time\"::timestamp without time zone > '2020-01-01'::timestamp(3) without time zone AND ch > 0);
         CREATE POLICY r ON d USING (ch > 0 AND EXISTS (SELECT 1 FROM guests a WHERE a.owner = d.owner) OR EXISTS (SELECT 1 FROM d a WHERE a.owner = d.city))",
        "CREATE TYPE addr AS (city int, x int);\n-- @renamed from=guests\nCREATE TABLE pg_monitor_of (id int, owner bigint); CREATE TABLE d (\n\"Holder\" int, -- @renamed from=owner\nm bigint,\ntown int, -- @renamed from=city\n\"at\" timestamptz, -- @renamed from=time\nnm text, addr addr, ch bigint)")
        .by(&["m IS DISTINCT FROM \"Holder\"", "FROM pg_monitor_of g", "g.id IS DISTINCT FROM d.\"Holder\"", "TO pg_monitor, pg_read_all_data", "(addr).city", "a.owner = d.\"Holder\""]),
    Case::new("policy reads a table by the name that is exchanged, in a way of its own",
        "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE d (owner int); CREATE POLICY p ON d USING (EXISTS (WITH a AS (SELECT id FROM b) SELECT FROM a WHERE a.id = owner))",
        "-- @renamed from=b\nCREATE TABLE a (id int);\n-- @renamed from=a\nCREATE TABLE b (id int); CREATE TABLE d (owner bigint)")
        .untold(),
    Case::new("policy that cannot be told is declared",
        "CREATE TABLE b (id int); CREATE TABLE d (owner int); CREATE POLICY p ON d USING (EXISTS (SELECT FROM (SELECT id AS b FROM b) q WHERE q.b = owner))",
        "-- @renamed from=b\nCREATE TABLE a (id int); CREATE TABLE d (owner bigint); CREATE POLICY p ON d USING (EXISTS (SELECT FROM (SELECT id AS b FROM a) q WHERE q.b = owner))")
        .by(&["FROM a)"]),
    Case::new("policy of the schema that is wanted reads what a column is now",
        "CREATE TABLE t (s text NOT NULL, i int); CREATE TABLE u (id int); CREATE POLICY p ON t USING (s = 'n'); CREATE POLICY q ON t USING (EXISTS (SELECT FROM u WHERE u.id = i))",
        "CREATE TYPE st AS ENUM ('n', 'o'); CREATE TABLE t (s st NOT NULL, i int);\n-- @renamed from=u\nCREATE TABLE people (id bigint); CREATE POLICY p ON t USING (s = 'n'); CREATE POLICY q ON t USING (EXISTS (SELECT FROM people WHERE people.id = i))")
        .by(&["USING ((s = 'n'::st))", "FROM people"])
        .loses(),
];
