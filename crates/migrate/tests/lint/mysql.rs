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
];
