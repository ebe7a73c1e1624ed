use crate::case::Case;

const SHOP: &str = "CREATE TYPE state AS ENUM ('open', 'paid'); CREATE DOMAIN price AS numeric(10,2) CHECK (VALUE >= 0);
    CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, name varchar(80) NOT NULL DEFAULT '', created timestamptz NOT NULL DEFAULT now(), CHECK (email LIKE '%@%'));
    CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, state state NOT NULL DEFAULT 'open', total price DEFAULT 0);
    CREATE TABLE items (order_id bigint REFERENCES orders, line int, what text, PRIMARY KEY (order_id, line));
    CREATE INDEX orders_user ON orders (user_id, state) WHERE state <> 'paid'; CREATE VIEW open_orders AS SELECT * FROM orders WHERE state = 'open';
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created := now(); RETURN NEW; END';
    CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch(); COMMENT ON TABLE users IS 'who buys'";

pub(super) const CASES: &[Case] = &[
    Case::new("everything is made", "", SHOP),
    Case::new("everything is dropped", SHOP, "").filled("INSERT INTO users (email) VALUES ('a@b')").loses(),
    Case::new("nothing differs", SHOP, SHOP),
    Case::new("everything changes at once", SHOP,
        "CREATE TYPE state AS ENUM ('new', 'open', 'paid', 'sent'); CREATE DOMAIN price AS numeric(12,2) CHECK (VALUE >= 0);
    CREATE TABLE customers ( -- @renamed from=users\n id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL,\n full_name text NOT NULL DEFAULT 'x', -- @renamed from=name\n created timestamptz NOT NULL DEFAULT now(), born date, UNIQUE (email), CHECK (email LIKE '%_@%'));
    CREATE TABLE orders (id bigserial PRIMARY KEY,\n customer_id bigint NOT NULL REFERENCES customers ON DELETE RESTRICT, -- @renamed from=user_id\n state state NOT NULL DEFAULT 'new', total price DEFAULT 1, gross numeric GENERATED ALWAYS AS (total * 1.19) STORED);
    CREATE TABLE items (order_id bigint REFERENCES orders ON DELETE CASCADE, line int, what text, PRIMARY KEY (order_id, line));
    CREATE INDEX orders_user ON orders (customer_id, state) WHERE state <> 'sent'; CREATE VIEW open_orders AS SELECT * FROM orders WHERE state IN ('open', 'new');
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created := clock_timestamp(); RETURN NEW; END';
    CREATE TRIGGER users_touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch(); COMMENT ON TABLE customers IS 'who buys'")
        .keeps("INSERT INTO users (email, name) VALUES ('a@b', 'Ann'); INSERT INTO orders (user_id) VALUES (1); INSERT INTO items VALUES (1, 1, 'x')", "SELECT o.id || i.what || o.state FROM orders o JOIN items i ON i.order_id = o.id"),
    Case::new("options of a table", "CREATE TABLE t (a int, b text) WITH (fillfactor = 70, autovacuum_enabled = false)", "CREATE TABLE t (a int, b text) WITH (fillfactor = 80, toast.autovacuum_enabled = false); CREATE TABLE u (a int, b text) WITH (autovacuum_vacuum_threshold = 100, toast.autovacuum_enabled = true)")
        .keeps("INSERT INTO t VALUES (1)", "SELECT a::text FROM t"),
    Case::new("tables are logged no more", "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p)", "CREATE UNLOGGED TABLE p (a int PRIMARY KEY); CREATE UNLOGGED TABLE t (a int REFERENCES p); CREATE UNLOGGED TABLE u (a int)")
        .keeps("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1)", "SELECT a::text FROM t"),
    Case::new("table without columns", "", "CREATE TABLE nothing ()"),
    Case::new("last column goes and another comes", "CREATE TABLE t (a int)", "CREATE TABLE t (b int)").loses(),
    Case::new("extension comes with its type and function", "", "CREATE EXTENSION citext; CREATE EXTENSION \"uuid-ossp\"; CREATE TABLE t (a citext DEFAULT 'x', b uuid DEFAULT uuid_generate_v4()); CREATE INDEX i ON t (a)"),
    Case::new("extension in a schema of its own", "CREATE TABLE t (a int)", "CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE TABLE t (a int, h ext.hstore DEFAULT ''::ext.hstore)"),
    Case::new("what is not managed stays", "CREATE TABLE part (a int) PARTITION BY RANGE (a); CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (9); CREATE TABLE t (a int); CREATE POLICY own ON t USING (a > 0)",
        "CREATE TABLE t (a int, b int)"),
];
