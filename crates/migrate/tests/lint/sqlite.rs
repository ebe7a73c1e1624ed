use artisan_migrate::Engine::Sqlite;

use super::cases::{Case, case};

const T: &[&str] = &[
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INT, c INT); CREATE INDEX t_b ON t (b);\
                      CREATE TABLE child (t_id INT REFERENCES t (id));",
];
const REBUILD: &str = "CREATE TABLE t_new (id INTEGER PRIMARY KEY); DROP TABLE t; ALTER TABLE t_new RENAME TO t; \
                       CREATE INDEX t_b ON t (id);";
const SAFE_REBUILD: &str = "-- no-transaction\nPRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE t_new (id INTEGER PRIMARY KEY); \
                            DROP TABLE t; ALTER TABLE t_new RENAME TO t; CREATE INDEX t_b ON t (id); COMMIT; PRAGMA foreign_keys = ON;";

/// The table that is wanted is made by its own statement, so that it is kept as it was written.
const STEPPING_ASIDE: &str = "-- no-transaction\nPRAGMA foreign_keys = OFF; BEGIN; PRAGMA legacy_alter_table = ON; \
                              ALTER TABLE t RENAME TO t_old; CREATE TABLE t (id INTEGER PRIMARY KEY); \
                              INSERT INTO t SELECT id FROM t_old; DROP TABLE t_old; CREATE INDEX t_b ON t (id); \
                              PRAGMA legacy_alter_table = OFF; COMMIT; PRAGMA foreign_keys = ON;";

const fn lite(code: &'static str, bad: &'static str, good: &'static str) -> Case {
    case(code, Sqlite, T, bad, good)
}

pub(crate) const CASES: &[Case] = &[
    lite(
        "SL101",
        "PRAGMA foreign_keys = OFF; SELECT 1;",
        "-- no-transaction\nPRAGMA foreign_keys = OFF; SELECT 1;",
    ),
    lite("SL101", "PRAGMA foreign_keys(0);", "PRAGMA foreign_keys;"),
    lite("SL102", "PRAGMA journal_mode = WAL;", "-- no-transaction\nPRAGMA journal_mode = WAL;"),
    lite("SL103", "ALTER TABLE t ADD COLUMN x INT UNIQUE;", "ALTER TABLE t ADD COLUMN x INT;"),
    lite(
        "SL103",
        "ALTER TABLE t ADD COLUMN x INT NOT NULL;",
        "ALTER TABLE t ADD COLUMN x INT NOT NULL DEFAULT 0;",
    ),
    lite(
        "SL103",
        "ALTER TABLE t ADD COLUMN x TEXT DEFAULT CURRENT_TIMESTAMP;",
        "ALTER TABLE t ADD COLUMN x TEXT DEFAULT 'a';",
    ),
    lite(
        "SL103",
        "ALTER TABLE t ADD COLUMN x INT DEFAULT (1 + 1);",
        "ALTER TABLE t ADD COLUMN x INT DEFAULT -1;",
    ),
    lite(
        "SL103",
        "ALTER TABLE t ADD COLUMN x INT AS (b + 1) STORED;",
        "ALTER TABLE t ADD COLUMN x INT AS (b + 1);",
    ),
    lite(
        "SL103",
        "ALTER TABLE t ADD COLUMN x INT DEFAULT 1 REFERENCES t (id);",
        "ALTER TABLE t ADD COLUMN x INT REFERENCES t (id);",
    ),
    lite("SL104", "ALTER TABLE t DROP COLUMN a;", "ALTER TABLE t DROP COLUMN c;"),
    lite("SL104", "ALTER TABLE t DROP COLUMN b;", "DROP INDEX t_b; ALTER TABLE t DROP COLUMN b;"),
    lite("SL105", REBUILD, SAFE_REBUILD),
    lite(
        "SL106",
        "ALTER TABLE t RENAME TO t_old; CREATE TABLE t (id INTEGER PRIMARY KEY);",
        SAFE_REBUILD,
    ),
    lite(
        "SL106",
        "-- no-transaction\nPRAGMA legacy_alter_table = ON; ALTER TABLE t RENAME TO t_old; \
         CREATE TABLE t (id INTEGER PRIMARY KEY);",
        STEPPING_ASIDE,
    ),
    lite("MG032", "ALTER TABLE t RENAME TO u;", STEPPING_ASIDE),
    lite("MG020", "ALTER TABLE t RENAME TO u; DROP TABLE u;", STEPPING_ASIDE),
    lite("SL108", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (b);", "ALTER TABLE t ADD COLUMN x INT;"),
    lite("SL108", "ALTER TABLE t ALTER COLUMN b TYPE TEXT;", "ALTER TABLE t RENAME COLUMN b TO x;"),
    lite(
        "SL109",
        "CREATE TABLE n (id INTEGER PRIMARY KEY); DROP TABLE t; ALTER TABLE n RENAME TO t;",
        REBUILD,
    ),
    lite("SL110", "VACUUM;", "-- no-transaction\nVACUUM;"),
    lite(
        "SL202",
        "CREATE TABLE x (id INT PRIMARY KEY);",
        "CREATE TABLE x (id INTEGER PRIMARY KEY, b INT);",
    ),
    lite("SL108", "ALTER TABLE t MODIFY b TEXT;", "ALTER TABLE t ADD x TEXT;"),
    lite("SL108", "ALTER TABLE t ALTER 'b' TYPE TEXT;", "ALTER TABLE t RENAME COLUMN 'b' TO 'x';"),
    lite("SL108", "ALTER TABLE t CHANGE b c TEXT;", "ALTER TABLE t RENAME b TO x;"),
    lite(
        "SL108",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0);",
        "ALTER TABLE t ADD x INT CHECK (x > 0);",
    ),
    lite("SL108", "ALTER TABLE t DROP CONSTRAINT k;", "ALTER TABLE t DROP COLUMN c;"),
    lite("SL108", "ALTER TABLE t DROP PRIMARY KEY;", "ALTER TABLE t DROP c;"),
    lite(
        "SL108",
        "ALTER TABLE t ALTER COLUMN b SET NOT NULL;",
        "ALTER TABLE t RENAME COLUMN b TO x;",
    ),
    lite("SL108", "ALTER TABLE t SET SCHEMA other;", "ALTER TABLE t RENAME COLUMN b TO x;"),
    lite("SL108", "ALTER TABLE t OWNER TO app;", "ALTER TABLE t RENAME COLUMN b TO x;"),
    lite("SL108", "ALTER TABLE t ADD INDEX i (b);", "ALTER TABLE t RENAME COLUMN b TO x;"),
    lite("SL108", "ALTER TABLE t DROP INDEX t_b;", "ALTER TABLE t RENAME COLUMN b TO x;"),
    lite(
        "SL108",
        "ALTER TABLE IF EXISTS t ADD COLUMN x INT;",
        "ALTER TABLE t RENAME COLUMN b TO x;",
    ),
    lite(
        "SL108",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS x INT;",
        "ALTER TABLE t RENAME COLUMN b TO x;",
    ),
    lite("SL108", "ALTER TABLE t DROP COLUMN IF EXISTS c;", "ALTER TABLE t RENAME COLUMN b TO x;"),
    lite(
        "SL108",
        "ALTER TABLE t ADD COLUMN x INT, ADD COLUMN y INT;",
        "ALTER TABLE t ADD COLUMN x DECIMAL(9, 2);",
    ),
    lite("SL108", "ALTER TABLE t ADD (x INT);", "ALTER TABLE t RENAME TO x;"),
    lite(
        "MG028",
        "DROP TRIGGER g;",
        "DROP TRIGGER g; CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;",
    ),
    lite("MG024", "DELETE FROM t WHERE true;", "DELETE FROM t WHERE id > 1;"),
];
