use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "key column becomes not null as its action changes",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL)",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT NOT NULL, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
    )
    .keeps("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)", "SELECT CAST(a AS CHAR) FROM c"),
    Case::new(
        "key column becomes not null",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT NOT NULL, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)", "SELECT CAST(a AS CHAR) FROM c"),
    Case::new(
        "column of a unique key that a foreign key rests on goes",
        "CREATE TABLE p (id INT PRIMARY KEY, x INT NOT NULL, y INT NOT NULL, UNIQUE KEY u (x, y)); \
         CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p (x, y))",
        "CREATE TABLE p (id INT PRIMARY KEY, x INT NOT NULL, UNIQUE KEY u (x)); \
         CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (x))",
    )
    .loses(),
    Case::new(
        "numbered key becomes a text everywhere",
        "CREATE TABLE p (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY); CREATE TABLE c (id INT PRIMARY KEY, a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)); \
         CREATE TABLE d (b INT, CONSTRAINT g FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE)",
        "CREATE TABLE p (id CHAR(36) NOT NULL PRIMARY KEY); CREATE TABLE c (id INT PRIMARY KEY, a CHAR(36), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)); \
         CREATE TABLE d (b CHAR(36), CONSTRAINT g FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE)",
    )
    .keeps(
        "INSERT INTO p VALUES (7); INSERT INTO c VALUES (1, 7); INSERT INTO d VALUES (7)",
        "SELECT CAST(a AS CHAR) FROM c",
    ),
    Case::new(
        "table is renamed while its key changes under others",
        "CREATE TABLE old (id INT PRIMARY KEY, up INT, CONSTRAINT s FOREIGN KEY (up) REFERENCES old (id)); \
         CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES old (id))",
        "-- @renamed from=old\nCREATE TABLE p (\nkey_id BIGINT PRIMARY KEY, -- @renamed from=id\n up BIGINT, CONSTRAINT s FOREIGN KEY (up) REFERENCES p (key_id));\n\
         CREATE TABLE c (a BIGINT, b INT, FOREIGN KEY (a) REFERENCES p (key_id))",
    )
    .keeps(
        "INSERT INTO old VALUES (1, 1); INSERT INTO c VALUES (1)",
        "SELECT CAST(a AS CHAR) FROM c",
    ),
    Case::new(
        "two columns under checks, keys and computed columns are renamed",
        "CREATE TABLE t (x INT NOT NULL, y INT, g INT AS (x + y) STORED, v INT AS (g * 2) VIRTUAL, KEY k (x, y), KEY kv (v), \
         CONSTRAINT c CHECK (x < y), PRIMARY KEY (x))",
        "CREATE TABLE t (\na INT NOT NULL, -- @renamed from=x\n b INT, -- @renamed from=y\n g INT AS (a + b) STORED, v INT AS (g * 2) VIRTUAL, KEY k (a, b), KEY kv (v), \
         CONSTRAINT c CHECK (a < b), PRIMARY KEY (a))",
    )
    .keeps("INSERT INTO t (x, y) VALUES (1, 2)", "SELECT CAST(v AS CHAR) FROM t"),
    Case::new(
        "computed column is renamed",
        "CREATE TABLE t (a INT, x INT AS (a + 1) VIRTUAL, y INT AS (a + 2) STORED, KEY k (x), CHECK (y > 0))",
        "CREATE TABLE t (a INT,\nv INT AS (a + 1) VIRTUAL, -- @renamed from=x\ns INT AS (a + 2) STORED, -- @renamed from=y\n KEY k (v), CHECK (s > 0))",
    )
    .keeps("INSERT INTO t (a) VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "renamed column is computed otherwise",
        "CREATE TABLE t (a INT, x INT AS (a + 1) VIRTUAL)",
        "CREATE TABLE t (\nv BIGINT AS (a + 5) STORED, -- @renamed from=x\na INT)",
    )
    .keeps("INSERT INTO t (a) VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "virtual column ceases to be computed and is renamed",
        "CREATE TABLE t (old INT, x INT AS (old + 1) VIRTUAL)",
        "CREATE TABLE t (\na INT, -- @renamed from=old\nv INT -- @renamed from=x\n)",
    )
    .filled("INSERT INTO t (old) VALUES (1)"),
    Case::new(
        "json by paths",
        "CREATE TABLE t (j JSON, g VARCHAR(20) AS (json_unquote(json_extract(j, '$.a'))) VIRTUAL, KEY k (g))",
        "CREATE TABLE t (j JSON NOT NULL, g VARCHAR(30) AS (json_unquote(json_extract(j, '$.\"b c\"'))) VIRTUAL, KEY k (g), \
         CONSTRAINT c CHECK (json_valid(j) AND json_length(j) > 0))",
    ),
    Case::new(
        "defaults by functions",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, j JSON DEFAULT (json_array('x', 1)), d DATE DEFAULT (current_date), \
         h VARCHAR(64) DEFAULT (hex('é')), o JSON DEFAULT (json_object('k', 'v\\'s')))",
    ),
    Case::new(
        "conditions in a check",
        "CREATE TABLE t (a INT, b VARCHAR(20), d DATE)",
        "CREATE TABLE t (a INT, b VARCHAR(20), d DATE, \
         CONSTRAINT c1 CHECK (a IS NULL OR CASE WHEN a > 5 THEN 1 ELSE 0 END = 0), \
         CONSTRAINT c2 CHECK (b IN ('x', 'y') OR length(b) > 3 AND NOT (a = 1 XOR a = 2)), \
         CONSTRAINT c3 CHECK (d > '2020-01-01' AND a % 2 = 0 AND a & 1 = 0 AND -a < 0 AND coalesce(a, 1) <=> 1))",
    ),
    Case::new(
        "texts and values of every script",
        "CREATE TABLE t (e ENUM('größe','漢字') COLLATE utf8mb4_bin, d VARCHAR(20) DEFAULT 'ß漢😀')",
        "CREATE TABLE t (e ENUM('größe','漢字','a,b','x''y') COLLATE utf8mb4_bin DEFAULT 'x''y', d VARCHAR(20) DEFAULT '→') COMMENT '→'",
    ),
    Case::new(
        "trigger and view go with a renamed column",
        "CREATE TABLE t (x INT, y INT); CREATE VIEW v AS SELECT x, y FROM t; CREATE VIEW w AS SELECT x FROM v; \
         CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.y = OLD.x",
        "CREATE TABLE t (\na INT, -- @renamed from=x\n y INT NOT NULL);\nCREATE VIEW v AS SELECT a AS x, y FROM t; CREATE VIEW w AS SELECT x FROM v; \
         CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.y = OLD.a",
    )
    .filled("INSERT INTO t VALUES (1, 2)"),
    Case::new(
        "everything is replaced",
        "CREATE TABLE a (id INT PRIMARY KEY, n INT, CONSTRAINT c CHECK (n > 0), CONSTRAINT f FOREIGN KEY (n) REFERENCES a (id)); CREATE VIEW v AS SELECT id FROM a",
        "CREATE TABLE b (id INT PRIMARY KEY, n INT, CONSTRAINT c CHECK (n > 0), CONSTRAINT f FOREIGN KEY (n) REFERENCES b (id)); CREATE VIEW v AS SELECT n FROM b",
    )
    .loses(),
    Case::new(
        "line ends in comments and defaults",
        "CREATE TABLE t (a VARCHAR(20) DEFAULT 'a\\r\\nb' COMMENT 'x\\r\\ny\\tz')",
        "CREATE TABLE t (a VARCHAR(20) DEFAULT 'a\\tb\\0c' COMMENT '\\r')",
    ),
    Case::new(
        "what the rows have to meet is said",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT, b INT, c INT)",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT NOT NULL, b INT, c INT, PRIMARY KEY (a), UNIQUE KEY u (b), \
         CONSTRAINT k CHECK (c > 1), CONSTRAINT f FOREIGN KEY (c) REFERENCES p (id))",
    )
    .by(&[
        "-- fails while t.a is NULL in a row",
        "-- fails while t.a is the same in two rows",
        "-- fails while t.b is the same in two rows",
        "-- fails while a row does not meet check k",
        "-- fails while t.c of a row is not in p",
    ]),
];
