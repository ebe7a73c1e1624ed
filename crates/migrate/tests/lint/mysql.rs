use artisan_migrate::Engine::{MariaDb, MySql};

use super::cases::{Case, case};

const T: &[&str] = &[
    "CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, a INT, v VARCHAR(50) NOT NULL DEFAULT 'x' \
                      COMMENT 'c', e ENUM('a', 'b')); CREATE TABLE u (id BIGINT PRIMARY KEY);",
];

const fn my(code: &'static str, bad: &'static str, good: &'static str) -> Case {
    case(code, MySql, T, bad, good)
}

pub(crate) const CASES: &[Case] = &[
    my("MY101", "ALTER TABLE t MODIFY a BIGINT;", "ALTER TABLE t ADD x INT;"),
    my(
        "MY101",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);",
        "ALTER TABLE t MODIFY e ENUM('a', 'b', 'c');",
    ),
    my(
        "MY101",
        "ALTER TABLE t ADD x VARCHAR(40) DEFAULT (UUID());",
        "ALTER TABLE t ADD x VARCHAR(40) DEFAULT 'a';",
    ),
    my(
        "MY101",
        "ALTER TABLE t CONVERT TO CHARACTER SET latin1;",
        "CREATE TABLE x (id INT PRIMARY KEY); ALTER TABLE x CONVERT TO CHARACTER SET latin1;",
    ),
    my(
        "MY101",
        "ALTER TABLE t ADD x INT AS (a + 1) STORED;",
        "ALTER TABLE t ADD x INT AS (a + 1) VIRTUAL;",
    ),
    my(
        "MY101",
        "ALTER TABLE t ADD COLUMN n INT AUTO_INCREMENT UNIQUE;",
        "ALTER TABLE t ADD COLUMN n INT;",
    ),
    case(
        "MY101",
        MariaDb,
        T,
        "ALTER TABLE t MODIFY v VARCHAR(20) NOT NULL DEFAULT 'x' COMMENT 'c';",
        "ALTER TABLE t MODIFY v VARCHAR(60) NOT NULL DEFAULT 'x' COMMENT 'c';",
    ),
    my("MY102", "ALTER TABLE t ENGINE=InnoDB;", "ALTER TABLE t ADD INDEX i (a);"),
    my(
        "MY103",
        "ALTER TABLE t ADD x INT, ALGORITHM=COPY;",
        "ALTER TABLE t ADD x INT, ALGORITHM=INSTANT;",
    ),
    my(
        "MY103",
        "ALTER TABLE t ADD INDEX i (a), LOCK=EXCLUSIVE;",
        "ALTER TABLE t ADD INDEX i (a), ALGORITHM=INPLACE, LOCK=NONE;",
    ),
    my("MY104", "ALTER TABLE t ADD x INT;", "ALTER TABLE t ADD x INT, ALGORITHM=INSTANT;"),
    my(
        "MY105",
        "CREATE TABLE x (id INT PRIMARY KEY, u_id BIGINT REFERENCES u (id));",
        "CREATE TABLE x (id INT PRIMARY KEY, u_id BIGINT, FOREIGN KEY (u_id) REFERENCES u (id));",
    ),
    my(
        "MY107",
        "ALTER TABLE t MODIFY a BIGINT; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);",
        "ALTER TABLE t MODIFY a BIGINT, ADD CONSTRAINT c CHECK (a > 0);",
    ),
    my(
        "MY108",
        "ALTER TABLE t MODIFY v VARCHAR(60);",
        "ALTER TABLE t MODIFY v VARCHAR(60) NOT NULL DEFAULT 'x' COMMENT 'c';",
    ),
    my(
        "MY109",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (id);",
        "CREATE TABLE x (id INT PRIMARY KEY); ALTER TABLE x ADD FOREIGN KEY (id) REFERENCES u (id);",
    ),
    my(
        "MY110",
        "ALTER TABLE t MODIFY e ENUM('b', 'a');",
        "ALTER TABLE t MODIFY e ENUM('a', 'b', 'c');",
    ),
    my("MY110", "ALTER TABLE t MODIFY e ENUM('a', 'x', 'b');", "ALTER TABLE t MODIFY a INT;"),
    my("MY111", "ALTER TABLE t ADD FULLTEXT INDEX f (v);", "ALTER TABLE t ADD INDEX f (v);"),
    my("MY111", "CREATE FULLTEXT INDEX f ON t (v);", "CREATE INDEX f ON t (v);"),
    my("MY111", "CREATE INDEX f ON t ((LOWER(v)));", "CREATE INDEX f ON t (v);"),
    my("MY111", "ALTER TABLE t ADD INDEX f ((LOWER(v)));", "ALTER TABLE t ADD INDEX f (v DESC);"),
    my(
        "MY201",
        "CREATE TABLE x (id INT PRIMARY KEY) ENGINE=MyISAM;",
        "CREATE TABLE x (id INT PRIMARY KEY) ENGINE = InnoDB;",
    ),
    my("MY201", "ALTER TABLE t ENGINE = MEMORY;", "ALTER TABLE t ENGINE = InnoDB;"),
    my("MY202", "CREATE TABLE x (a INT, KEY (a));", "CREATE TABLE x (a INT, PRIMARY KEY (a));"),
    my(
        "MY203",
        "CREATE TABLE x (a INT PRIMARY KEY) DEFAULT CHARSET=utf8;",
        "CREATE TABLE x (a INT PRIMARY KEY) DEFAULT CHARSET=utf8mb4;",
    ),
    my(
        "MY203",
        "ALTER TABLE t ADD x TEXT CHARACTER SET utf8mb3;",
        "ALTER TABLE t ADD x TEXT CHARACTER SET utf8mb4;",
    ),
    my(
        "MY204",
        "CREATE TABLE x (id INT PRIMARY KEY, a TIMESTAMP);",
        "CREATE TABLE x (id INT PRIMARY KEY, a DATETIME(6));",
    ),
    my(
        "MY206",
        "CREATE TABLE x (id INT AUTO_INCREMENT PRIMARY KEY);",
        "CREATE TABLE x (id BIGINT AUTO_INCREMENT PRIMARY KEY);",
    ),
    my(
        "MY301",
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\n",
        "CREATE PROCEDURE p() BEGIN SELECT 1; END;\n",
    ),
    my("MY302", "LOCK TABLES t WRITE;", "SELECT 1;"),
    my(
        "MY101",
        "ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 4;",
        "ALTER TABLE t DISABLE KEYS;",
    ),
    my("MY101", "ALTER TABLE t ADD x INT PARTITION BY HASH (id);", "ALTER TABLE t ADD x INT;"),
    my(
        "MY101",
        "ALTER TABLE t REMOVE PARTITIONING;",
        "ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (9));",
    ),
    my(
        "MY101",
        "ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (9));",
        "ALTER TABLE t COMMENT = 'x';",
    ),
    my("MY101", "ALTER TABLE t COALESCE PARTITION 2;", "ALTER TABLE t ANALYZE PARTITION p;"),
    my("MY101", "ALTER TABLE t ADD PARTITION PARTITIONS 2;", "ALTER TABLE t RENAME INDEX a TO b;"),
    my("MY101", "ALTER TABLE t ORDER BY a;", "ALTER TABLE t ALTER a DROP DEFAULT;"),
    my(
        "MY101",
        "ALTER TABLE t ENCRYPTION = 'y';",
        "ALTER TABLE t AUTO_INCREMENT = 9, STATS_PERSISTENT = 0;",
    ),
    my(
        "MY101",
        "CREATE INDEX i ON t (v); ALTER TABLE t MODIFY v VARCHAR(50) COLLATE utf8mb4_bin NOT NULL DEFAULT 'x' COMMENT 'c';",
        "CREATE TABLE w (id INT PRIMARY KEY, v VARCHAR(9)) CHARSET=utf8mb4; ALTER TABLE w MODIFY v VARCHAR(9) COLLATE utf8mb4_bin;",
    ),
    my(
        "MY101",
        "ALTER TABLE t MODIFY v VARCHAR(50) COLLATE latin1_bin NOT NULL DEFAULT 'x' COMMENT 'c';",
        "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED;",
    ),
    my(
        "MY102",
        "ALTER TABLE t COMMENT = 'x' ROW_FORMAT = DYNAMIC;",
        "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
    ),
    my(
        "MY104",
        "ALTER TABLE t SECONDARY_LOAD;",
        "ALTER TABLE t SECONDARY_LOAD, ALGORITHM=INSTANT;",
    ),
    case(
        "MY101",
        MariaDb,
        T,
        "ALTER TABLE t ADD SYSTEM VERSIONING;",
        "ALTER TABLE t PAGE_CHECKSUM = 1;",
    ),
    case(
        "MY101",
        MariaDb,
        T,
        "ALTER TABLE t MODIFY e ENUM('a', 'b') COLLATE utf8mb4_bin;",
        "ALTER TABLE t MODIFY e ENUM('a', 'b', 'c');",
    ),
    case(
        "MY102",
        MariaDb,
        T,
        "ALTER TABLE t PAGE_COMPRESSED = 1;",
        "ALTER TABLE t PAGE_CHECKSUM = 1;",
    ),
    case(
        "MY112",
        MariaDb,
        T,
        "ALTER IGNORE TABLE t ADD UNIQUE (a);",
        "ALTER ONLINE TABLE t ADD INDEX (a);",
    ),
    case(
        "MY112",
        MariaDb,
        T,
        "ALTER ONLINE IGNORE TABLE t ADD UNIQUE (a);",
        "ALTER TABLE t ADD UNIQUE (a);",
    ),
    case(
        "MG023",
        MariaDb,
        T,
        "ALTER TABLE t DROP SYSTEM VERSIONING;",
        "ALTER TABLE t ADD SYSTEM VERSIONING;",
    ),
    case(
        "MG028",
        MariaDb,
        T,
        "DROP EVENT e;",
        "DROP EVENT IF EXISTS e; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;",
    ),
    case("MG032", MariaDb, T, "ALTER TABLE t RENAME tt;", "ALTER TABLE t RENAME INDEX a TO b;"),
    my(
        "MY113",
        "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u;",
        "-- phase: contract\nALTER TABLE t EXCHANGE PARTITION p WITH TABLE u;",
    ),
    my("MG020", "DROP TABLES t, u;", "CREATE TABLE x (id INT PRIMARY KEY); DROP TABLES x;"),
    my("MG023", "ALTER TABLE t DISCARD TABLESPACE;", "ALTER TABLE t IMPORT TABLESPACE;"),
    my("MG024", "DELETE FROM t WHERE 1;", "DELETE FROM t WHERE 1 = 1 AND a = 2;"),
    my("MG024", "DELETE FROM t USING t, u;", "DELETE t FROM t JOIN u ON u.id = t.id;"),
    my("MG024", "DELETE FROM t WHERE (1 = 1) OR a = 2;", "DELETE FROM t WHERE true LIMIT 9;"),
    my(
        "MG025",
        "UPDATE t LEFT JOIN u ON u.id = t.id SET a = 1;",
        "UPDATE t JOIN u ON u.id = t.id SET a = 1;",
    ),
    my(
        "MG028",
        "DROP TRIGGER g;",
        "DROP TRIGGER IF EXISTS g; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;",
    ),
    my("MG032", "ALTER TABLE t RENAME tt;", "ALTER TABLE t RENAME COLUMN a TO b;"),
    my("MG032", "ALTER TABLE t RENAME = tt;", "-- phase: contract\nALTER TABLE t RENAME tt;"),
    my(
        "MG032",
        "ALTER TABLE t ADD z INT, RENAME AS tt;",
        "CREATE TABLE x (id INT PRIMARY KEY); ALTER TABLE x RENAME y;",
    ),
    my("MG023", "ALTER TABLE t TRUNCATE PARTITION p, q;", "ALTER TABLE t ANALYZE PARTITION p, q;"),
    my(
        "MY104",
        "ALTER TABLE t ADD PERIOD FOR p (a, b);",
        "ALTER TABLE t ADD PERIOD FOR p (a, b), ALGORITHM=INSTANT;",
    ),
];
