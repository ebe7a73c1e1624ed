use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "create table with everything",
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (
            id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            title VARCHAR(300) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s' COMMENT 'c',
            e ENUM('a','b') NOT NULL, s SET('x','y'), j JSON, bl BLOB, d DECIMAL(10,2) DEFAULT 0.5,
            made DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
            v INT AS (p + 1) VIRTUAL, p INT, up BIGINT UNSIGNED,
            UNIQUE KEY u (title(100), e), KEY k (made DESC, e), FULLTEXT KEY f (title),
            CONSTRAINT c CHECK (d >= 0),
            CONSTRAINT fp FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL,
            CONSTRAINT fu FOREIGN KEY (up) REFERENCES t (id) ON DELETE CASCADE
        ) COLLATE utf8mb4_unicode_ci ROW_FORMAT = DYNAMIC COMMENT 'all of it'",
    ),
    Case::new("drop table", "CREATE TABLE t (a INT); CREATE TABLE u (a INT)", "CREATE TABLE u (a INT)")
        .loses()
        .by(&["DROP TABLE t"]),
    Case::new(
        "everything goes",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES p (id)); \
         CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; \
         CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1",
        "",
    )
    .loses(),
    Case::new(
        "everything comes",
        "",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE a (a INT, FOREIGN KEY (a) REFERENCES p (id)); \
         CREATE VIEW v AS SELECT a FROM a; CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW SET NEW.a = 1; \
         CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1; CREATE PROCEDURE q() SELECT 1",
    ),
    Case::new(
        "rename table",
        "CREATE TABLE old (a INT, KEY k (a))",
        "-- @renamed from=old\nCREATE TABLE t (a INT, KEY k (a))",
    )
    .by(&["RENAME TABLE old TO t"])
    .never_by(&["DROP", "CREATE"]),
    Case::new(
        "tables are renamed along a chain of changes",
        "CREATE TABLE old (id INT PRIMARY KEY, n INT); CREATE TABLE old_child (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES old (id)); CREATE TABLE z (a INT)",
        "-- @renamed from=old\nCREATE TABLE new_parent (id BIGINT PRIMARY KEY, m INT -- @renamed from=n\n);\n\
         -- @renamed from=old_child\nCREATE TABLE new_child (a BIGINT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES new_parent (id)); \
         CREATE VIEW z AS SELECT m FROM new_parent",
    )
    .filled("INSERT INTO old VALUES (1, 2); INSERT INTO old_child VALUES (1)")
    .loses(),
    Case::new(
        "collation of the table",
        "CREATE TABLE t (a VARCHAR(10), b TEXT, c INT) COLLATE utf8mb4_bin",
        "CREATE TABLE t (a VARCHAR(10), b TEXT, c INT) COLLATE utf8mb4_unicode_ci",
    )
    .keeps("INSERT INTO t VALUES ('é', '漢', 1)", "SELECT CONCAT(a, b) FROM t"),
    Case::new(
        "collation of the table and not of its columns",
        "CREATE TABLE t (a VARCHAR(10), e ENUM('x')) COLLATE utf8mb4_bin",
        "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_bin, e ENUM('x') COLLATE utf8mb4_bin, n TEXT) COLLATE latin1_swedish_ci",
    ),
    Case::new(
        "character set to unicode",
        "CREATE TABLE t (a VARCHAR(10), b TEXT) CHARACTER SET latin1",
        "CREATE TABLE t (a VARCHAR(10), b TEXT) CHARACTER SET utf8mb4",
    )
    .keeps("INSERT INTO t VALUES ('é', 'ü')", "SELECT CONVERT(CONCAT(a, b) USING utf8mb4) FROM t"),
    Case::new(
        "what says nothing",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_bin, b INT, KEY k (a) USING BTREE, \
         CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION) COLLATE utf8mb4_bin",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a VARCHAR(10), b INT, c INT, KEY k (a, b)) COLLATE utf8mb4_bin",
    ),
    Case::new(
        "character set from unicode",
        "CREATE TABLE t (a VARCHAR(10) CHARACTER SET utf8mb4)",
        "CREATE TABLE t (a VARCHAR(10) CHARACTER SET latin1)",
    )
    .keeps("INSERT INTO t VALUES ('é')", "SELECT CONVERT(a USING utf8mb4) FROM t")
    .loses(),
    Case::new(
        "collation of a column",
        "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_bin, KEY k (a))",
        "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_unicode_ci, KEY k (a))",
    ),
    Case::new(
        "engine",
        "CREATE TABLE t (a INT, KEY k (a)) ENGINE = MyISAM",
        "CREATE TABLE t (a INT, KEY k (a)) ENGINE = InnoDB",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "row format and statistics",
        "CREATE TABLE t (a INT) ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 8 MAX_ROWS = 10",
        "CREATE TABLE t (a INT) ROW_FORMAT = DYNAMIC STATS_PERSISTENT = 1 AVG_ROW_LENGTH = 100",
    ),
    Case::new(
        "comment of the table",
        "CREATE TABLE t (a INT) COMMENT 'it''s \\\\ \\n'",
        "CREATE TABLE t (a INT)",
    )
    .by(&["COMMENT = ''"]),
    Case::new(
        "several kinds of changes at once",
        "CREATE TABLE t (id INT NOT NULL, old VARCHAR(10), c INT CHECK (c > 0), g INT AS (c * 2) VIRTUAL, KEY k (old), PRIMARY KEY (id)) COMMENT 'x'",
        "CREATE TABLE t (n VARCHAR(30) NOT NULL, -- @renamed from=old\n id BIGINT NOT NULL AUTO_INCREMENT, c BIGINT CHECK (c > 1), g BIGINT AS (c * 3) STORED, \
         x INT, UNIQUE KEY k (n, x), PRIMARY KEY (id), CONSTRAINT cx CHECK (x <> c)) COMMENT 'y' COLLATE utf8mb4_bin",
    )
    .keeps("INSERT INTO t (id, old, c) VALUES (1, 'a', 2)", "SELECT CAST(id AS CHAR) FROM t"),
    Case::new("row format compressed with size", "CREATE TABLE t (a INT) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8", "CREATE TABLE t (a INT) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=4"),
    Case::new("key block size alone", "CREATE TABLE t (a INT) KEY_BLOCK_SIZE=8", "CREATE TABLE t (a INT)"),
    Case::new("key block size of an index", "CREATE TABLE t (a INT, KEY k (a) KEY_BLOCK_SIZE=8)", "CREATE TABLE t (a INT, KEY k (a) KEY_BLOCK_SIZE=4)"),
    Case::new("myisam options", "CREATE TABLE t (a INT, b CHAR(10), KEY k (b)) ENGINE=MyISAM PACK_KEYS=1 CHECKSUM=1 DELAY_KEY_WRITE=1", "CREATE TABLE t (a INT, b CHAR(10), KEY k (b)) ENGINE=MyISAM PACK_KEYS=0 ROW_FORMAT=FIXED MIN_ROWS=5"),
    Case::new("stats", "CREATE TABLE t (a INT) STATS_PERSISTENT=0 STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=10", "CREATE TABLE t (a INT) STATS_SAMPLE_PAGES=20"),
];
