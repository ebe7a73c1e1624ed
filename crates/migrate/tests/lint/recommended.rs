//! What the rules tell people to write has no findings itself.

use artisan_migrate::Engine::{self, MariaDb, MySql, Postgres, Sqlite};
use artisan_migrate::lint::{self, Request, Severity};
use artisan_migrate::{History, Source};

type Files = &'static [(&'static str, &'static str)];

const CASES: &[(Engine, Files)] = &[
    (
        Postgres,
        &[
            (
                "1_a.up.sql",
                "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text);\n\
                            CREATE INDEX t_a ON t (a);\nINSERT INTO t (a) VALUES ('x');\n",
            ),
            ("1_a.down.sql", "DROP TABLE t;\n"),
            ("2_b.up.sql", "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY t_key ON t (a);\n"),
            ("2_b.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY t_key;\n"),
            ("3_c.up.sql", "ALTER TABLE t ADD CONSTRAINT t_key UNIQUE USING INDEX t_key;\n"),
            ("3_c.down.sql", "ALTER TABLE t DROP CONSTRAINT t_key;\n"),
            ("4_d.up.sql", "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;\n"),
            ("4_d.down.sql", "ALTER TABLE t DROP CONSTRAINT c;\n"),
            ("5_e.up.sql", "ALTER TABLE t VALIDATE CONSTRAINT c;\n"),
            ("5_e.down.sql", "SELECT 1;\n"),
            (
                "6_f.up.sql",
                "-- phase: contract\nALTER TABLE t ALTER COLUMN a SET NOT NULL;\n\
                            ALTER TABLE t DROP CONSTRAINT c;\n",
            ),
            (
                "6_f.down.sql",
                "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL);\n\
                              ALTER TABLE t ALTER COLUMN a DROP NOT NULL;\n",
            ),
            ("7_g.up.sql", "-- phase: contract\nALTER TABLE t DROP COLUMN a;\n"),
            ("7_g.down.sql", "ALTER TABLE t ADD COLUMN a text;\n"),
        ],
    ),
    (
        Sqlite,
        &[
            (
                "1_a.up.sql",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\nCREATE INDEX t_a ON t (a);\n\
                            CREATE TABLE child (t_id INTEGER REFERENCES t (id));\n",
            ),
            ("1_a.down.sql", "DROP TABLE child;\nDROP TABLE t;\n"),
            (
                "2_b.up.sql",
                "-- no-transaction\nPRAGMA foreign_keys = OFF;\nBEGIN;\n\
                            CREATE TABLE t_new (id INTEGER PRIMARY KEY, a TEXT NOT NULL);\n\
                            INSERT INTO t_new (id, a) SELECT id, coalesce(a, '') FROM t;\nDROP TABLE t;\n\
                            ALTER TABLE t_new RENAME TO t;\nCREATE INDEX t_a ON t (a);\n\
                            PRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;\n",
            ),
            (
                "2_b.down.sql",
                "-- no-transaction\nPRAGMA foreign_keys = OFF;\nBEGIN;\n\
                              CREATE TABLE t_new (id INTEGER PRIMARY KEY, a TEXT);\n\
                              INSERT INTO t_new (id, a) SELECT id, a FROM t;\nDROP TABLE t;\n\
                              ALTER TABLE t_new RENAME TO t;\nCREATE INDEX t_a ON t (a);\n\
                              COMMIT;\nPRAGMA foreign_keys = ON;\n",
            ),
        ],
    ),
    (MySql, ONLINE),
    (MariaDb, ONLINE),
];

const ONLINE: Files = &[
    ("1_a.up.sql", "CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, e ENUM('a', 'b'));\n"),
    ("1_a.down.sql", "DROP TABLE t;\n"),
    ("2_b.up.sql", "ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT 0, ALGORITHM=INSTANT;\n"),
    ("2_b.down.sql", "ALTER TABLE t DROP COLUMN a;\n"),
    ("3_c.up.sql", "ALTER TABLE t ADD INDEX t_a (a), ALGORITHM=INPLACE, LOCK=NONE;\n"),
    ("3_c.down.sql", "ALTER TABLE t DROP INDEX t_a;\n"),
    ("4_d.up.sql", "ALTER TABLE t MODIFY e ENUM('a', 'b', 'c'), ALGORITHM=INSTANT;\n"),
    ("4_d.down.sql", "ALTER TABLE t MODIFY e ENUM('a', 'b');\n"),
];

#[test]
fn recommended_forms_have_no_findings() {
    for (engine, files) in CASES {
        let history = History::build(Source::embedded(files.iter().copied())).unwrap();
        let found = lint::lint(&Request::new(*engine), &history);
        let found: Vec<_> = found.iter().filter(|f| f.severity > Severity::Info).collect();
        assert!(found.is_empty(), "{engine}: {found:#?}");
    }
}
