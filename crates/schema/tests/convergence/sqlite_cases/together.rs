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
    Case {
        loses: None,
        ..Case::new(
            "primary key that a foreign key implies changes",
            "CREATE TABLE p (a INT, b TEXT, PRIMARY KEY (a, b)); CREATE TABLE t (x INT, y TEXT, FOREIGN KEY (x, y) REFERENCES p ON UPDATE CASCADE);",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a INT, b TEXT, UNIQUE (a, b)); CREATE TABLE t (x INT, y TEXT, FOREIGN KEY (x, y) REFERENCES p (a, b) ON UPDATE CASCADE);",
        )
        .keeps("INSERT INTO p VALUES (1, 'q'); INSERT INTO t VALUES (1, 'q')", "SELECT x || y FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "implied keys of two levels change",
            "CREATE TABLE p (a INT PRIMARY KEY); CREATE TABLE t (x INT PRIMARY KEY REFERENCES p ON DELETE CASCADE); CREATE TABLE u (y INT REFERENCES t);",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a INT UNIQUE); CREATE TABLE t (id INTEGER PRIMARY KEY, x INT UNIQUE REFERENCES p (a) ON DELETE CASCADE); CREATE TABLE u (y INT REFERENCES t (x));",
        )
        .keeps("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)", "SELECT CAST(y AS TEXT) FROM u")
    },
    Case {
        loses: None,
        ..Case::new(
            "explicit key becomes implied",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a INT UNIQUE); CREATE TABLE t (x INT REFERENCES p (id));",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a INT UNIQUE); CREATE TABLE t (x INT REFERENCES p);",
        )
        .keeps("INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (1)", "SELECT CAST(x AS TEXT) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "implied key and the table is renamed",
            "CREATE TABLE old (a INT PRIMARY KEY, b TEXT); CREATE TABLE t (x INT REFERENCES old);",
            "CREATE TABLE p ( -- @renamed from=old\nid INTEGER PRIMARY KEY, a INT UNIQUE, b TEXT NOT NULL); CREATE TABLE t (x INT REFERENCES p (a));",
        )
        .keeps("INSERT INTO old VALUES (1, 'q'); INSERT INTO t VALUES (1)", "SELECT CAST(x AS TEXT) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "generated on generated on renamed with rebuild",
            "CREATE TABLE t (a INT, b INT AS (a * 2), c INT AS (b + 1) STORED, CHECK (c > 0)); CREATE UNIQUE INDEX i ON t (b, c DESC) WHERE c < 99;",
            "CREATE TABLE t (x INT NOT NULL, -- @renamed from=a\nb INT AS (x * 2) STORED, c INT AS (b + 1), CHECK (c > 0)); CREATE UNIQUE INDEX i ON t (b, c DESC) WHERE c < 99;",
        )
        .keeps("INSERT INTO t (a) VALUES (4)", "SELECT CAST(b + c AS TEXT) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "trigger writes to a table that is renamed and another that is rebuilt",
            "CREATE TABLE t (a INT); CREATE TABLE log (x INT, at TEXT DEFAULT CURRENT_TIMESTAMP); CREATE TRIGGER g AFTER DELETE ON t BEGIN INSERT INTO log (x) VALUES (old.a); UPDATE log SET x = x + 1 WHERE x IN (SELECT a FROM t); END;",
            "CREATE TABLE t (a INT NOT NULL DEFAULT 7); CREATE TABLE journal ( -- @renamed from=log\nx INT NOT NULL, at TEXT DEFAULT CURRENT_TIMESTAMP); CREATE TRIGGER g AFTER DELETE ON t BEGIN INSERT INTO journal (x) VALUES (old.a); UPDATE journal SET x = x + 1 WHERE x IN (SELECT a FROM t); END;",
        )
        .keeps("INSERT INTO t VALUES (1), (2); DELETE FROM t WHERE a = 2", "SELECT CAST(count(*) AS TEXT) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "view becomes table and table view, with trigger",
            "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN DELETE FROM t WHERE a = old.a; END;",
            "CREATE TABLE v (a INT); CREATE VIEW t AS SELECT a FROM v; CREATE TRIGGER g INSTEAD OF DELETE ON t BEGIN DELETE FROM v WHERE a = old.a; END;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "fts5 with shadow tables beside changes",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); CREATE VIRTUAL TABLE s USING fts5(body, content='t', content_rowid='id'); CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO s(rowid, body) VALUES (new.id, new.body); END;",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT '', n INT CHECK (n > 0)); CREATE VIRTUAL TABLE s USING fts5(body, content='t', content_rowid='id'); CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO s(rowid, body) VALUES (new.id, new.body); END;",
        )
        .keeps("INSERT INTO t VALUES (1, 'hello world')", "SELECT body FROM s WHERE s MATCH 'hello'")
    },
    Case {
        loses: None,
        ..Case::new(
            "exchange tables with fks",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, x INT); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id));",
            "CREATE TABLE b ( -- @renamed from=a\nid INTEGER PRIMARY KEY, x INT); CREATE TABLE a ( -- @renamed from=b\nid INTEGER PRIMARY KEY, a INT REFERENCES b (id));",
        )
        .filled("INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (3, 1)")
    },
    Case {
        loses: None,
        ..Case::new(
            "strict without rowid comes with fk",
            "CREATE TABLE p (k TEXT PRIMARY KEY); CREATE TABLE t (k TEXT REFERENCES p (k) ON DELETE CASCADE);",
            "CREATE TABLE p (k TEXT PRIMARY KEY, n INT NOT NULL DEFAULT 4) STRICT, WITHOUT ROWID; CREATE TABLE t (k TEXT REFERENCES p (k) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);",
        )
        .keeps("INSERT INTO p VALUES ('a'); INSERT INTO t VALUES ('a')", "SELECT k FROM t")
    },
    Case::new(
        "demands of rows are said",
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a TEXT, b TEXT, c INT, p INT, d TEXT UNIQUE)",
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a TEXT, b TEXT UNIQUE, c INT CHECK (c > 0), \
         p INT REFERENCES p (id), d TEXT UNIQUE) STRICT; CREATE UNIQUE INDEX t_a ON t (a)",
    )
    .by(&[
        "-- fails while t.b is the same in two rows",
        "-- fails while what t_a is over is the same in two rows",
        "-- fails while a row does not meet CHECK (c > 0)",
        "-- fails while t.p of a row is not in p",
        "-- fails while t.c of a row is no INT, of which the table is STRICT",
    ])
    .never_by(&["t.d is the same"]),
    Case::new(
        "unique index on rows that are there, and not",
        "CREATE TABLE t (a TEXT)",
        "CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX t_a ON t (a); CREATE TABLE u (b TEXT); CREATE UNIQUE INDEX u_b ON u (b)",
    )
    .by(&["-- fails while what t_a is over is the same in two rows"])
    .never_by(&["what u_b"]),
    Case::new(
        "texts that are compared otherwise may be the same",
        "CREATE TABLE t (a TEXT UNIQUE)",
        "CREATE TABLE t (a TEXT COLLATE NOCASE UNIQUE)",
    )
    .by(&["-- fails while t.a is the same in two rows"]),
];
