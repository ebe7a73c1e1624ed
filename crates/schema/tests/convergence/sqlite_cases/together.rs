use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::new(
        "many changes are one rebuild",
        "CREATE TABLE t (a INT, b TEXT, c REAL, d INT DEFAULT 1, e INT CHECK (e > 0))",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a BIGINT NOT NULL, c REAL UNIQUE, d INT DEFAULT 2, f TEXT NOT NULL DEFAULT 'f', e INT)",
    )
    .keeps(
        "INSERT INTO t VALUES (1, 'x', 1.5, 1, 1), (2, 'y', 2.5, 2, NULL)",
        "SELECT a || c || d || coalesce(e, '') FROM t ORDER BY a",
    )
    .by(&["_migrate_old_t"])
    .loses(),
    Case::new(
        "several rebuilds in one transaction",
        "CREATE TABLE a (i INT PRIMARY KEY); CREATE TABLE b (i INT, a INT REFERENCES a ON DELETE CASCADE); CREATE TABLE c (i INT); CREATE TABLE d (i INT)",
        "CREATE TABLE a (i INT PRIMARY KEY, x UNIQUE); CREATE TABLE b (i INT NOT NULL, a INT REFERENCES a ON DELETE CASCADE); CREATE TABLE c (i INT NOT NULL); CREATE TABLE d (i INT, j INT)",
    )
    .keeps(
        "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1); INSERT INTO c VALUES (3)",
        "SELECT a.i || b.i || b.a || c.i FROM a, b, c",
    )
    .by(&["_migrate_old_a", "_migrate_old_b", "_migrate_old_c", "ALTER TABLE d ADD COLUMN"]),
    Case::new(
        "rebuild, rename, make, drop, view and trigger",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT REFERENCES users (id) ON DELETE CASCADE, title TEXT); CREATE TABLE junk (i); CREATE VIEW names AS SELECT name FROM users; CREATE TRIGGER touch AFTER UPDATE OF name ON users BEGIN UPDATE posts SET title = NEW.name; END; CREATE INDEX posts_author ON posts (author)",
        "-- @renamed from=users\nCREATE TABLE people (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL -- @renamed from=name\n); CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT NOT NULL REFERENCES people (id) ON DELETE CASCADE, title TEXT, tag INT REFERENCES tags); CREATE TABLE tags (id INTEGER PRIMARY KEY); CREATE VIEW names AS SELECT full_name FROM people; CREATE TRIGGER touch AFTER UPDATE OF full_name ON people BEGIN UPDATE posts SET title = NEW.full_name; END; CREATE INDEX posts_author ON posts (author, title)",
    )
    .keeps(
        "INSERT INTO users VALUES (1, 'n', 'o'); INSERT INTO posts VALUES (1, 1, 't'), (2, 1, 'u')",
        "SELECT group_concat(id || author || title) FROM posts",
    )
    .loses(),
    Case::new(
        "a reference turns round",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY)",
        "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a)",
    )
    .keeps(
        "INSERT INTO b VALUES (1); INSERT INTO a VALUES (1, 1)",
        "SELECT a.id || b.id FROM a, b",
    )
    .loses(),
    Case::new(
        "split a table",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE u (t INT NOT NULL REFERENCES t, b TEXT UNIQUE)",
    )
    .keeps("INSERT INTO t VALUES (1, 'x', 'y')", "SELECT id || a FROM t")
    .loses(),
    Case::new(
        "add and drop in place",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, c INT)",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT a || '' FROM t")
    .never_by(&["_migrate_old_"])
    .loses(),
    Case::new(
        "add and rename in place",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, c INT, -- @renamed from=b\n d INT)",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT a || '' FROM t")
    .never_by(&["_migrate_old_"]),
    Case::new(
        "key and children change their type together",
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE)",
        "CREATE TABLE p (id TEXT PRIMARY KEY NOT NULL); CREATE TABLE c (p TEXT REFERENCES p ON DELETE CASCADE)",
    )
    .keeps(
        "INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1), (2), (2)",
        "SELECT CAST(p AS TEXT) FROM c ORDER BY 1",
    ),
];
