//! Several traps at once.

use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case {
        loses: None,
        ..Case::new(
            "seven text columns with expression defaults of control characters",
            "CREATE TABLE t (a TEXT DEFAULT (CONCAT('a', CHAR(10), 'b')), b TEXT DEFAULT (CONCAT('a', CHAR(9), 'b')), c TEXT DEFAULT (CONCAT('a', CHAR(13), 'b')), d TEXT DEFAULT ('x\\ny'), e TEXT DEFAULT ('t\\tq'), f TEXT DEFAULT (CONCAT('', '\\r\\n')), g TEXT DEFAULT ('q\\\\n''\"'));",
            "CREATE TABLE t (a TEXT DEFAULT (CONCAT('a', CHAR(13), 'b')), b TEXT DEFAULT (CONCAT('a', CHAR(10), 'b')), c TEXT DEFAULT (CONCAT('a', CHAR(10), 'c')), d TEXT DEFAULT ('x\\n\\ny'), e TEXT DEFAULT ('t\\tq\\0'), f TEXT DEFAULT (CONCAT('', '\\n\\r')), g TEXT DEFAULT ('q\\n''\"'));",
        )
        .keeps("INSERT INTO t VALUES ()", "SELECT HEX(CONCAT(a, b, c, d, e, f, g)) FROM t LIMIT 1")
    },
    Case {
        loses: None,
        ..Case::new(
            "seven text columns, another column changes",
            "CREATE TABLE t (id INT, a TEXT DEFAULT (CONCAT('a', CHAR(10), 'b')), b TEXT DEFAULT (CONCAT('a', CHAR(9), 'b')), c TEXT DEFAULT (CONCAT('a', CHAR(13), 'b')), d TEXT DEFAULT ('x\\ny'), e TEXT DEFAULT ('t\\tq'), f TEXT DEFAULT (CONCAT('', '\\r\\n')), g TEXT DEFAULT ('q\\\\n''\"'));",
            "CREATE TABLE t (id BIGINT, g TEXT DEFAULT ('q\\\\n''\"'), a TEXT NOT NULL DEFAULT (CONCAT('a', CHAR(10), 'b')), b MEDIUMTEXT DEFAULT (CONCAT('a', CHAR(9), 'b')), c TEXT DEFAULT (CONCAT('a', CHAR(13), 'b')) COMMENT 'x', d TEXT DEFAULT ('x\\ny'), e TEXT DEFAULT ('t\\tq'), f TEXT DEFAULT (CONCAT('', '\\r\\n')));",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "text defaults with charsets of bytes",
            "CREATE TABLE t (a TEXT DEFAULT (_utf8mb4'x'), b TEXT DEFAULT (CHAR(0x41, 10 USING utf8mb4)), c BLOB DEFAULT (x'0a0d00'), d BLOB DEFAULT (CHAR(10)), e TEXT DEFAULT (CONCAT(CHAR(92), CHAR(39))), f VARCHAR(9) DEFAULT (CONCAT('%', CHAR(26))), g TEXT DEFAULT (REPEAT(CHAR(7), 3)));",
            "CREATE TABLE t (a TEXT DEFAULT (_latin1'x'), b TEXT DEFAULT (CHAR(0x42, 10 USING utf8mb4)), c BLOB DEFAULT (x'0a0d01'), d BLOB DEFAULT (CHAR(13)), e TEXT DEFAULT (CONCAT(CHAR(39), CHAR(92))), f VARCHAR(9) DEFAULT (CONCAT('%', CHAR(8))), g TEXT DEFAULT (REPEAT(CHAR(8), 3)));",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "memory btree stays, another key comes",
            "CREATE TABLE t (a INT NOT NULL, b INT, KEY k (b) USING BTREE, KEY h (a)) ENGINE=MEMORY;",
            "CREATE TABLE t (a BIGINT NOT NULL, b INT, c INT, KEY k (b) USING BTREE, KEY h (a) USING HASH, KEY l (c)) ENGINE=MEMORY;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "column collation equal to the table's",
            "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_bin, b VARCHAR(10) CHARACTER SET utf8mb4, c TEXT CHARACTER SET latin1, d CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin) COLLATE utf8mb4_bin;",
            "CREATE TABLE t (a VARCHAR(10), b VARCHAR(10), c TEXT, d CHAR(3), e INT) COLLATE utf8mb4_bin;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "table default collation changes under columns that say it",
            "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_unicode_ci, b VARCHAR(10)) COLLATE utf8mb4_bin;",
            "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_unicode_ci, b VARCHAR(10)) COLLATE utf8mb4_unicode_ci;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "enum reorder with index fk check generated",
            "CREATE TABLE p (e ENUM('a','b') PRIMARY KEY); CREATE TABLE t (e ENUM('a','b'), g VARCHAR(9) AS (CONCAT(e, '!')) STORED, CHECK (e <> 'z'), KEY k (e), CONSTRAINT f FOREIGN KEY (e) REFERENCES p (e));",
            "CREATE TABLE p (e ENUM('b','a','c') PRIMARY KEY); CREATE TABLE t (e ENUM('b','a','c'), g VARCHAR(9) AS (CONCAT(e, '!')) STORED, CHECK (e <> 'z'), KEY k (e), CONSTRAINT f FOREIGN KEY (e) REFERENCES p (e));",
        )
        .keeps("INSERT INTO p VALUES ('a'), ('b'); INSERT INTO t (e) VALUES ('a'), ('b')", "SELECT CONCAT(CAST(e AS CHAR), g) FROM t ORDER BY g")
    },
    Case {
        loses: None,
        ..Case::new(
            "enum with comma quote backslash emoji",
            "CREATE TABLE t (e ENUM('a,b','it''s','c\\\\d','',' x') CHARACTER SET utf8mb4);",
            "CREATE TABLE t (e ENUM('','c\\\\d','it''s','a,b',' x','😀','é') CHARACTER SET utf8mb4 DEFAULT '😀');",
        )
        .keeps("INSERT INTO t VALUES ('a,b'), ('it''s'), ('c\\\\d'), (''), (' x')", "SELECT HEX(CAST(e AS CHAR)) FROM t ORDER BY 1")
    },
    Case {
        loses: None,
        ..Case::new(
            "rows with on update are not touched by a change",
            "CREATE TABLE t (a INT, u TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, e ENUM('a','b'), n INT);",
            "CREATE TABLE t (a BIGINT NOT NULL, u TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, e ENUM('b','a'), n INT DEFAULT 3, x INT);",
        )
        .keeps("INSERT INTO t VALUES (1, '2001-01-01 00:00:00', 'a', NULL), (2, '2002-02-02 02:02:02', 'b', 3)", "SELECT CONCAT(a, u) FROM t ORDER BY a")
    },
    Case {
        loses: None,
        ..Case::new(
            "generated virtual to stored with dependants",
            "CREATE TABLE t (a INT, v INT AS (a + 1) VIRTUAL, w INT AS (v * 2) VIRTUAL, KEY k (w)); CREATE VIEW q AS SELECT w FROM t;",
            "CREATE TABLE t (a INT, v INT AS (a + 1) STORED, w INT AS (v * 2) STORED, KEY k (w)); CREATE VIEW q AS SELECT w FROM t;",
        )
        .keeps("INSERT INTO t (a) VALUES (4)", "SELECT CAST(w AS CHAR) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "generated base is renamed and its type changes",
            "CREATE TABLE t (old INT, v INT AS (old + 1) STORED, w INT AS (old * 2) VIRTUAL, KEY k (w, old), CHECK (old > 0));",
            "CREATE TABLE t (a BIGINT, -- @renamed from=old\nv INT AS (a + 1) STORED, w INT AS (a * 2) VIRTUAL, KEY k (w, a), CHECK (a > 0));",
        )
        .keeps("INSERT INTO t (old) VALUES (4)", "SELECT CONCAT(v, w) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "fk cycle made",
            "CREATE TABLE a (id INT PRIMARY KEY, b INT); CREATE TABLE b (id INT PRIMARY KEY, a INT);",
            "CREATE TABLE a (id BIGINT PRIMARY KEY, b BIGINT); CREATE TABLE b (id BIGINT PRIMARY KEY, a BIGINT, CONSTRAINT ba FOREIGN KEY (a) REFERENCES a (id)); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES b (id) ON DELETE SET NULL;",
        )
        .keeps("INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1)", "SELECT CAST(id AS CHAR) FROM a")
    },
    Case {
        loses: None,
        ..Case::new(
            "composite key with fks on it changes",
            "CREATE TABLE p (a INT, b INT, c INT, PRIMARY KEY (a, b), UNIQUE KEY u (c)); CREATE TABLE t (x INT, y INT, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) ON UPDATE CASCADE);",
            "CREATE TABLE p (a INT, b INT, c INT, PRIMARY KEY (c), UNIQUE KEY u (a, b)); CREATE TABLE t (x INT, y INT, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) ON UPDATE CASCADE);",
        )
        .keeps("INSERT INTO p VALUES (1, 2, 3); INSERT INTO t VALUES (1, 2)", "SELECT CONCAT(x, y) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "composite key types change through two levels of fks",
            "CREATE TABLE p (a INT, b VARCHAR(10), PRIMARY KEY (a, b)); CREATE TABLE t (x INT, y VARCHAR(10), PRIMARY KEY (x, y), CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b)); CREATE TABLE u (x INT, y VARCHAR(10), CONSTRAINT g FOREIGN KEY (x, y) REFERENCES t (x, y) ON DELETE CASCADE);",
            "CREATE TABLE p (a BIGINT, b VARCHAR(20), PRIMARY KEY (b, a)); CREATE TABLE t (x BIGINT, y VARCHAR(20), PRIMARY KEY (y, x), CONSTRAINT f FOREIGN KEY (y, x) REFERENCES p (b, a)); CREATE TABLE u (x BIGINT, y VARCHAR(20), CONSTRAINT g FOREIGN KEY (y, x) REFERENCES t (y, x) ON DELETE CASCADE);",
        )
        .keeps("INSERT INTO p VALUES (1, 'z'); INSERT INTO t VALUES (1, 'z'); INSERT INTO u VALUES (1, 'z')", "SELECT CONCAT(x, y) FROM u")
    },
    Case {
        loses: None,
        ..Case::new(
            "auto increment moves between columns",
            "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT, b INT NOT NULL, PRIMARY KEY (a), KEY k (b));",
            "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (a), KEY k (b));",
        )
        .keeps("INSERT INTO t VALUES (1, 10), (2, 20)", "SELECT CONCAT(a, b) FROM t ORDER BY a")
    },
    Case {
        loses: None,
        ..Case::new(
            "auto increment with a zero row",
            "CREATE TABLE t (a INT NOT NULL PRIMARY KEY, b INT);",
            "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT PRIMARY KEY, b BIGINT);",
        )
        .keeps("INSERT INTO t VALUES (0, 1), (5, 2)", "SELECT CONCAT(a, b) FROM t ORDER BY a")
    },
    Case {
        loses: None,
        ..Case::new(
            "names of 64 characters exchanged",
            "CREATE TABLE a123456789012345678901234567890123456789012345678901234567890123 (x INT); CREATE TABLE b123456789012345678901234567890123456789012345678901234567890123 (y INT, z INT);",
            "CREATE TABLE a123456789012345678901234567890123456789012345678901234567890123 (y INT, z INT); -- @renamed from=b123456789012345678901234567890123456789012345678901234567890123\nCREATE TABLE b123456789012345678901234567890123456789012345678901234567890123 (x INT); -- @renamed from=a123456789012345678901234567890123456789012345678901234567890123",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "rename with triggers and views",
            "CREATE TABLE old (id INT PRIMARY KEY, a INT, b INT); CREATE TRIGGER tr BEFORE UPDATE ON old FOR EACH ROW SET NEW.b = NEW.a + 1; CREATE VIEW v AS SELECT id, a FROM old;",
            "CREATE TABLE t ( -- @renamed from=old\nid BIGINT PRIMARY KEY, x INT, -- @renamed from=a\nb INT); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = NEW.x + 1; CREATE VIEW v AS SELECT id, x FROM t;",
        )
        .keeps("INSERT INTO old VALUES (1, 2, 3)", "SELECT CAST(id AS CHAR) FROM v")
    },
    Case {
        loses: None,
        ..Case::new(
            "views on views with a function",
            "CREATE TABLE t (a INT, b INT); CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1; CREATE VIEW v AS SELECT f(a) AS x, b FROM t; CREATE VIEW w AS SELECT x FROM v WHERE b > 1; CREATE VIEW z AS SELECT * FROM w;",
            "CREATE TABLE t (a BIGINT, c INT); CREATE FUNCTION f(x BIGINT) RETURNS BIGINT DETERMINISTIC RETURN x + 2; CREATE VIEW v AS SELECT f(a) AS x, c AS b FROM t; CREATE VIEW w AS SELECT x, b FROM v WHERE b > 1; CREATE VIEW z AS SELECT * FROM w;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "view replaces table of a chain",
            "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;",
            "CREATE TABLE t (a INT); CREATE TABLE v (a INT); CREATE VIEW w AS SELECT a FROM v;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "exchange of columns with type changes and generated",
            "CREATE TABLE t (a INT, b VARCHAR(9), g VARCHAR(30) AS (CONCAT(a, b)) VIRTUAL);",
            "CREATE TABLE t (b BIGINT, -- @renamed from=a\na VARCHAR(19), -- @renamed from=b\ng VARCHAR(30) AS (CONCAT(b, a)) VIRTUAL);",
        )
        .keeps("INSERT INTO t (a, b) VALUES (1, 'x')", "SELECT g FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "self fk with rename and type",
            "CREATE TABLE t (id INT PRIMARY KEY, parent INT, CONSTRAINT f FOREIGN KEY (parent) REFERENCES t (id));",
            "CREATE TABLE t (key_id BIGINT PRIMARY KEY, -- @renamed from=id\nup BIGINT, -- @renamed from=parent\nCONSTRAINT f FOREIGN KEY (up) REFERENCES t (key_id) ON DELETE CASCADE);",
        )
        .filled("INSERT INTO t VALUES (1, NULL), (2, 1)")
    },
    Case {
        loses: None,
        ..Case::new(
            "three tables exchange names around fks",
            "CREATE TABLE a (id INT PRIMARY KEY, x INT); CREATE TABLE b (id INT PRIMARY KEY, y INT, CONSTRAINT fb FOREIGN KEY (y) REFERENCES a (id)); CREATE TABLE c (id INT PRIMARY KEY, z INT, w INT, CONSTRAINT fc FOREIGN KEY (z) REFERENCES b (id));",
            "CREATE TABLE b ( -- @renamed from=a\nid INT PRIMARY KEY, x INT); CREATE TABLE c ( -- @renamed from=b\nid INT PRIMARY KEY, y INT, CONSTRAINT fb FOREIGN KEY (y) REFERENCES b (id)); CREATE TABLE a ( -- @renamed from=c\nid INT PRIMARY KEY, z INT, w INT, CONSTRAINT fc FOREIGN KEY (z) REFERENCES c (id));",
        )
        .filled("INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1); INSERT INTO c VALUES (1, 1, 1)")
    },
    Case {
        loses: None,
        ..Case::new(
            "generated chain with text functions and charset change",
            "CREATE TABLE t (a VARCHAR(20), b VARCHAR(40) AS (CONCAT(UPPER(a), '-x')) STORED, c INT AS (CHAR_LENGTH(b)) VIRTUAL, KEY k (c), UNIQUE KEY u (b)) CHARACTER SET latin1;",
            "CREATE TABLE t (a VARCHAR(30), b VARCHAR(50) AS (CONCAT(UPPER(a), '-x')) STORED, c INT AS (CHAR_LENGTH(b)) VIRTUAL, KEY k (c), UNIQUE KEY u (b)) CHARACTER SET utf8mb4;",
        )
        .keeps("INSERT INTO t (a) VALUES ('é')", "SELECT CONVERT(CONCAT(b, c) USING utf8mb4) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "check over generated and renamed, type changed at once",
            "CREATE TABLE t (old INT, g INT AS (old * 2) STORED, CONSTRAINT c CHECK (g < 100 AND old > 0), KEY k (g));",
            "CREATE TABLE t (a BIGINT NOT NULL, -- @renamed from=old\ng BIGINT AS (a * 2) STORED, CONSTRAINT c CHECK (g < 100 AND a > 0), KEY k (g));",
        )
        .keeps("INSERT INTO t (old) VALUES (4)", "SELECT CAST(g AS CHAR) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "engine changes with a foreign key",
            "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT NOT NULL, KEY k (a)) ENGINE=MyISAM;",
            "CREATE TABLE p (id BIGINT PRIMARY KEY); CREATE TABLE t (a BIGINT NOT NULL, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)) ENGINE=InnoDB;",
        )
        .keeps("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1)", "SELECT CAST(a AS CHAR) FROM t")
    },
    Case {
        loses: None,
        ..Case::new(
            "triggers of all times change, and one moves to another table",
            "CREATE TABLE t (a INT, b VARCHAR(9)); CREATE TABLE l (x VARCHAR(99)); CREATE TRIGGER bi BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 'it''s \\\\ \"q\"'; CREATE TRIGGER au AFTER UPDATE ON t FOR EACH ROW INSERT INTO l VALUES (CONCAT(OLD.a, ';', NEW.a)); CREATE TRIGGER bd BEFORE DELETE ON t FOR EACH ROW BEGIN IF OLD.a > 1 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END;",
            "CREATE TABLE t (a BIGINT, b VARCHAR(9), c INT); CREATE TABLE l (x VARCHAR(99)); CREATE TRIGGER bi BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 'é😀', NEW.c = 1; CREATE TRIGGER au AFTER UPDATE ON l FOR EACH ROW SET @x = CONCAT(OLD.x, ';', NEW.x); CREATE TRIGGER bd BEFORE DELETE ON t FOR EACH ROW BEGIN IF OLD.c > 1 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'n\\no'; END IF; END;",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "primary key gets a column and loses another with auto increment kept",
            "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT, a INT NOT NULL, b VARCHAR(9) NOT NULL, PRIMARY KEY (id, a));",
            "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, a INT NULL, b VARCHAR(19) NOT NULL, PRIMARY KEY (b, id), KEY k (id));",
        )
        .keeps("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')", "SELECT CONCAT(id, a, b) FROM t ORDER BY id")
    },
    Case {
        loses: None,
        ..Case::new(
            "json columns with checks defaults and generated unique",
            "CREATE TABLE t (j JSON NOT NULL, k VARCHAR(30) AS (JSON_UNQUOTE(JSON_EXTRACT(j, '$.\"a b\".\"c''d\"'))) STORED UNIQUE, CHECK (JSON_TYPE(j) = 'OBJECT'));",
            "CREATE TABLE t (j JSON NOT NULL DEFAULT ('{}'), k VARCHAR(60) AS (JSON_UNQUOTE(JSON_EXTRACT(j, '$.\"a b\".\"c''d\"'))) STORED UNIQUE, l INT AS (JSON_LENGTH(j)) VIRTUAL, CHECK (JSON_TYPE(j) = 'OBJECT'), KEY x (l));",
        )
        .keeps("INSERT INTO t (j) VALUES ('{\"a b\": {\"c''d\": \"x\"}}')", "SELECT k FROM t")
    },
];
