use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new("table is renamed", "CREATE TABLE old (id int PRIMARY KEY, b text UNIQUE CHECK (b <> '')); CREATE INDEX old_b_idx ON old (b)",
        "CREATE TABLE people ( -- @renamed from=old\n id int PRIMARY KEY, b text UNIQUE CHECK (b <> '')); CREATE INDEX people_b_idx ON people (b)")
        .filled("INSERT INTO old VALUES (1, 'x')")
        .by(&["ALTER TABLE old RENAME TO people", "RENAME CONSTRAINT old_pkey TO people_pkey"])
        .never_by(&["DROP"]),
    Case::new("column is renamed under index, check, view, trigger and generated column",
        "CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT c CHECK (a > 0), g int GENERATED ALWAYS AS (a + 1) STORED); CREATE INDEX i ON t (a, (a * 2)) WHERE a > 1;
         CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TABLE t (id int PRIMARY KEY,\n \"B\" int CONSTRAINT c CHECK (\"B\" > 0), -- @renamed from=a\n g int GENERATED ALWAYS AS (\"B\" + 1) STORED); CREATE INDEX i ON t (\"B\", (\"B\" * 2)) WHERE \"B\" > 1;
         CREATE VIEW v AS SELECT \"B\" FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g BEFORE UPDATE OF \"B\" ON t FOR EACH ROW EXECUTE FUNCTION f()")
        .keeps("INSERT INTO t (id, a) VALUES (1, 5)", "SELECT g::text FROM t")
        .by(&["RENAME COLUMN a TO \"B\""])
        .never_by(&["DROP COLUMN", "DROP CONSTRAINT", "DROP INDEX"]),
    Case::new("table and column are renamed and changed at once",
        "CREATE TABLE old (id serial PRIMARY KEY, a varchar(10) DEFAULT 'x' NOT NULL, b int); CREATE TABLE r (o int REFERENCES old ON DELETE CASCADE)",
        "CREATE TABLE t ( -- @renamed from=old\n id bigserial PRIMARY KEY,\n z text DEFAULT 'y', -- @renamed from=a\n c int); CREATE TABLE r (o int REFERENCES t ON DELETE CASCADE, z int)")
        .keeps("INSERT INTO old (a) VALUES ('x'), ('y'); INSERT INTO r VALUES (1)", "SELECT o::text FROM r")
        .by(&["RENAME TO t", "RENAME COLUMN a TO z"])
        .loses(),
    Case::new("referenced table and column are renamed",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p (id)); CREATE VIEW v AS SELECT t.p FROM t JOIN p ON p.id = t.p",
        "CREATE TABLE q ( -- @renamed from=p\n key int PRIMARY KEY -- @renamed from=id\n);
         CREATE TABLE t (p int REFERENCES q (key)); CREATE VIEW v AS SELECT t.p FROM t JOIN q ON q.key = t.p")
        .keeps("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1)", "SELECT p::text FROM v")
        .never_by(&["DROP CONSTRAINT"]),
    Case::new("names are quoted", "CREATE TABLE \"Old Table\" (\"Old \"\"Col\" int)",
        "CREATE TABLE \"New Table\" ( -- @renamed from=\"Old Table\"\n \"order\" int -- @renamed from=\"Old \"\"Col\"\n)")
        .filled("INSERT INTO \"Old Table\" VALUES (1)")
        .never_by(&["DROP"]),
    Case::new("two tables are renamed, one of them with its trigger",
        "CREATE TABLE a1 (x int); CREATE TABLE b1 (x int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g AFTER INSERT ON a1 FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER g ON a1 IS 'x'; COMMENT ON TABLE a1 IS 'a'",
        "CREATE TABLE a2 (x int); -- @renamed from=a1\n CREATE TABLE b2 (x int); -- @renamed from=b1\n CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g AFTER INSERT ON a2 FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER g ON a2 IS 'x'; COMMENT ON TABLE a2 IS 'a'")
        .filled("INSERT INTO b1 VALUES (1)")
        .never_by(&["DROP TABLE"]),
    Case::new("name of a dropped table's index is used again", "CREATE TABLE a (x int); CREATE INDEX i ON a (x); CREATE TABLE b (x int)", "CREATE TABLE b (x int); CREATE INDEX i ON b (x)")
        .loses(),
    Case::new("commented constraint of a renamed table", "CREATE TABLE a (x int CONSTRAINT c CHECK (x > 0)); COMMENT ON CONSTRAINT c ON a IS 'why'",
        "CREATE TABLE b (x int CONSTRAINT c CHECK (x > 0)); -- @renamed from=a\n COMMENT ON CONSTRAINT c ON b IS 'why'"),
    Case::new("names that the server made up after a column follow it",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, m text UNIQUE, q int CHECK (q > 0), p int REFERENCES p, e int, EXCLUDE (e WITH =)); CREATE INDEX ON b (m, q); CREATE INDEX ON b (m, q) WHERE q > 1",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE b (\n id int PRIMARY KEY,\n mail text CONSTRAINT b_mail_key UNIQUE, -- @renamed from=m\n qty int CHECK (qty > 0), -- @renamed from=q\n p_id int REFERENCES p, -- @renamed from=p\n f int, -- @renamed from=e\n EXCLUDE (f WITH =)); CREATE INDEX ON b (mail, qty); CREATE INDEX ON b (mail, qty) WHERE qty > 1")
        .keeps("INSERT INTO p VALUES (1); INSERT INTO b VALUES (1, 'x', 2, 1, 3)", "SELECT count(*)::text FROM b")
        .by(&["RENAME CONSTRAINT b_m_key TO b_mail_key", "RENAME CONSTRAINT b_q_check TO b_qty_check", "RENAME CONSTRAINT b_p_fkey TO b_p_id_fkey", "RENAME CONSTRAINT b_e_excl TO b_f_excl", "b_m_q_idx RENAME TO b_mail_qty_idx", "b_m_q_idx1 RENAME TO b_mail_qty_idx1"])
        .never_by(&["DROP", "ADD "]),
    Case::new("view takes the old name of a table, and others that read it",
        "CREATE TABLE users (id int PRIMARY KEY, mail text); CREATE VIEW v AS SELECT id FROM users; CREATE VIEW w AS SELECT u.mail FROM users u JOIN v USING (id)",
        "-- @renamed from=users\nCREATE TABLE accounts (id int PRIMARY KEY, mail text);
         CREATE VIEW users AS SELECT id, mail FROM accounts; CREATE VIEW v AS SELECT id FROM users; CREATE VIEW w AS SELECT u.mail FROM accounts u JOIN v USING (id)")
        .keeps("INSERT INTO users VALUES (1, 'x')", "SELECT v.id || w.mail FROM v, w"),
    Case::new("generated columns are renamed and computed otherwise, and their names are passed on",
        "CREATE TABLE t (a int, total int GENERATED ALWAYS AS (a + 1) STORED, b int, half int GENERATED ALWAYS AS (b / 2) STORED, p int)",
        "CREATE TABLE t (a int,\n sum int GENERATED ALWAYS AS (a + 2) STORED, -- @renamed from=total\n b bigint,\n total bigint GENERATED ALWAYS AS (b / 2) STORED, -- @renamed from=half\n half int -- @renamed from=p\n)")
        .keeps("INSERT INTO t (a, b, p) VALUES (1, 5, 7)", "SELECT concat(a, b) FROM t")
        .by(&["RENAME COLUMN p TO half"]),
    Case::new("sequences that stand alone are renamed, and their names are passed on",
        "CREATE SEQUENCE order_no; CREATE SEQUENCE a START 5; CREATE TABLE o (no bigint PRIMARY KEY DEFAULT nextval('order_no'), m bigint DEFAULT nextval('a') + 1, c int); ALTER SEQUENCE a OWNED BY o.m; GRANT USAGE ON SEQUENCE order_no TO pg_monitor",
        "CREATE SEQUENCE \"Orders\"; -- @renamed from=order_no\n-- @renamed from=a\nCREATE SEQUENCE order_no AS int START 5;\nCREATE TABLE o (no bigint PRIMARY KEY DEFAULT nextval('\"Orders\"'), m bigint DEFAULT nextval('order_no') + 1, c bigint); ALTER SEQUENCE order_no OWNED BY o.m")
        .keeps("INSERT INTO o (c) VALUES (1), (2)", "SELECT string_agg(last_value::text, ' ' ORDER BY last_value) FROM pg_sequences")
        .by(&["ALTER SEQUENCE order_no RENAME TO \"Orders\"", "ALTER SEQUENCE a RENAME TO order_no", "ALTER SEQUENCE order_no AS integer"])
        .never_by(&["CREATE", "DROP", "DEFAULT"]),
    Case::new("sequence makes room for that of a renamed table",
        "CREATE TABLE tt (id serial); CREATE SEQUENCE uu_id_seq",
        "CREATE TABLE uu (id serial); -- @renamed from=tt\n CREATE SEQUENCE x; -- @renamed from=uu_id_seq\n")
        .filled("INSERT INTO tt DEFAULT VALUES"),
    Case::new("sequence makes room for a renamed table", "CREATE TABLE a (i int); CREATE SEQUENCE b; CREATE SEQUENCE c",
        "CREATE TABLE b (i int); -- @renamed from=a\n CREATE SEQUENCE c; -- @renamed from=b\n CREATE SEQUENCE d; -- @renamed from=c\n")
        .never_by(&["DROP"]),
    Case::new("table and sequence pass a name in a round", "CREATE TABLE a (i int); CREATE SEQUENCE b; CREATE TABLE u (\"Old\" serial)",
        "CREATE TABLE b (i int); -- @renamed from=a\n CREATE SEQUENCE a; -- @renamed from=b\n CREATE TABLE u (\n\"New\" serial -- @renamed from=\"Old\"\n)")
        .never_by(&["DROP"]),
    Case::new("sequence makes room for that of a table from another schema",
        "CREATE SCHEMA w; CREATE TABLE w.tt (id serial); CREATE SEQUENCE tt_id_seq",
        "CREATE SCHEMA w; CREATE TABLE tt (id serial); -- @renamed from=w.tt\n CREATE SEQUENCE x; -- @renamed from=tt_id_seq\n")
        .filled("INSERT INTO w.tt DEFAULT VALUES")
        .never_by(&["moved_"]),
];
