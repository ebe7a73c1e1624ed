//! What rows do not allow is refused, and leaves everything as it was: for a runner that stops at an error, and
//! for a client that goes on behind it, as the sqlite3 shell does with a file.

use artisan_schema::ddl::{Script, Style, scripts};
use artisan_schema::difference::{Difference, Renames};
use artisan_schema::{Scope, read};
use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::catalog;

on_engine!(
    sqlite,
    Sqlite,
    what_was_made_past_the_files_is_not_lost,
    refused_changes_change_nothing,
    virtual_tables_are_managed_and_what_they_store_is_theirs,
);

struct Refusal {
    from: &'static str,
    to: &'static str,
    rows: &'static str,
    /// What the server says.
    says: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        from: "CREATE TABLE t (a INT)",
        to: "CREATE TABLE t (a INT NOT NULL)",
        rows: "INSERT INTO t VALUES (1), (NULL)",
        says: "NOT NULL constraint failed: t.a",
    },
    Refusal {
        from: "CREATE TABLE t (a INT)",
        to: "CREATE TABLE t (a INT, b INT NOT NULL)",
        rows: "INSERT INTO t VALUES (1)",
        says: "NOT NULL constraint failed: t.b",
    },
    Refusal {
        from: "CREATE TABLE t (a INT)",
        to: "CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE)",
        rows: "INSERT INTO t VALUES (1), (1)",
        says: "UNIQUE constraint failed: t.a",
    },
    Refusal {
        from: "CREATE TABLE t (a INT)",
        to: "CREATE TABLE t (a INT CONSTRAINT small CHECK (a < 5))",
        rows: "INSERT INTO t VALUES (1), (7)",
        says: "CHECK constraint failed: small",
    },
    Refusal {
        from: "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INT)",
        to: "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INT NOT NULL)",
        rows: "INSERT INTO t VALUES (1, NULL), (70, NULL); DELETE FROM t WHERE a = 70",
        says: "NOT NULL constraint failed: t.b",
    },
    Refusal {
        from: "CREATE TABLE s (a INT CHECK (s.a > 0)); CREATE TABLE t (a INT CHECK (\"t\".\"a\" > 0))",
        to: "CREATE TABLE s (a INT CHECK (s.a > 0), b); CREATE TABLE t (a INT NOT NULL CHECK (\"t\".\"a\" > 0))",
        rows: "INSERT INTO t VALUES (1), (NULL)",
        says: "NOT NULL constraint failed: t.a",
    },
    Refusal {
        from: "CREATE TABLE s (a INT); CREATE TABLE t (a INT)",
        to: "CREATE TABLE s (a INT NOT NULL); CREATE TABLE t (a INT NOT NULL)",
        rows: "INSERT INTO s VALUES (NULL); INSERT INTO t VALUES (NULL)",
        says: "NOT NULL constraint failed: s.a",
    },
    Refusal {
        from: "CREATE TABLE s (a INT); CREATE TABLE t (a TEXT)",
        to: "CREATE TABLE s (a INT NOT NULL); CREATE TABLE t (a INTEGER PRIMARY KEY)",
        rows: "INSERT INTO s VALUES (NULL); INSERT INTO t VALUES ('x')",
        says: "NOT NULL constraint failed: s.a",
    },
    Refusal {
        from: "CREATE TABLE t (a TEXT)",
        to: "CREATE TABLE t (a INTEGER) STRICT",
        rows: "INSERT INTO t VALUES ('x')",
        says: "cannot store TEXT value in INTEGER column t.a",
    },
    Refusal {
        from: "CREATE TABLE t (a TEXT)",
        to: "CREATE TABLE t (a INTEGER PRIMARY KEY)",
        rows: "INSERT INTO t VALUES ('x')",
        says: "datatype mismatch",
    },
    Refusal {
        from: "CREATE TABLE t (a INT PRIMARY KEY) WITHOUT ROWID",
        to: "CREATE TABLE t (b INT PRIMARY KEY) WITHOUT ROWID",
        rows: "INSERT INTO t VALUES (1)",
        says: "CHECK constraint failed: every row was copied",
    },
    Refusal {
        from: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT)",
        to: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p)",
        rows: "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1), (2)",
        says: "CHECK constraint failed: every row refers to one that is there",
    },
    Refusal {
        from: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p, b INT)",
        to: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT, b INT REFERENCES p)",
        rows: "PRAGMA foreign_keys = OFF; INSERT INTO p VALUES (1); INSERT INTO t VALUES (99, 1), (1, 55)",
        says: "CHECK constraint failed: every row refers to one that is there",
    },
    Refusal {
        from: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE q (id INT); CREATE TABLE t (a INT REFERENCES p)",
        to: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE q (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES q)",
        rows: "PRAGMA foreign_keys = OFF; INSERT INTO t VALUES (99)",
        says: "CHECK constraint failed: every row refers to one that is there",
    },
];

/// What somebody made on the table of `t (a INT, b TEXT)` with an index `i`, and whether it would go with the table.
const PAST_THE_FILES: &[(&str, bool)] = &[
    ("ALTER TABLE t ADD COLUMN ops TEXT", true),
    ("ALTER TABLE t ADD COLUMN g INT AS (a + 1)", true),
    ("CREATE INDEX ops ON t (b)", true),
    ("CREATE TRIGGER ops AFTER INSERT ON t BEGIN SELECT 1; END", true),
    ("CREATE TABLE ops (b TEXT); CREATE INDEX ops_b ON ops (b)", false),
    ("CREATE TRIGGER ops AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES (1); END", false),
    ("CREATE VIEW ops AS SELECT a FROM t", false),
    ("DROP INDEX i", false),
];

async fn what_was_made_past_the_files_is_not_lost(_: TestDatabase) {
    let from = "CREATE TABLE t (a INT, b TEXT, UNIQUE (b)); CREATE INDEX i ON t (a); CREATE TABLE u (a); \
                CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END";
    let to = "CREATE TABLE t (a INT NOT NULL, b TEXT, UNIQUE (b)); CREATE TABLE u (a)";
    for (made, is_refused) in PAST_THE_FILES {
        for way in ["up", "down"] {
            let here = TestDatabase::create(Engine::Sqlite).await;
            catalog::execute(&here, from).await.expect("the schema that is there");
            catalog::execute(&here, "INSERT INTO t VALUES (1, 'x')").await.expect("the rows");
            let script = script(&here, to).await;
            if way == "down" {
                catalog::apply(&here, &script, &script.up).await.expect("the way up");
            }
            let is_there = way == "up" || *made != "DROP INDEX i";
            if is_there {
                catalog::execute(&here, made).await.expect(made);
            }
            let before = state(&here).await;
            let statements = if way == "up" { &script.up } else { &script.down };
            let done = catalog::apply(&here, &script, statements).await;
            let says =
                "CHECK constraint failed: nothing was made past the files: see migrate verify";
            assert_eq!(done.is_err_and(|error| error.contains(says)), *is_refused, "{way}: {made}");
            assert_eq!(state(&here).await == before, *is_refused, "{way}: {made}");
        }
    }
}

async fn script(here: &TestDatabase, to: &str) -> Script {
    let there = TestDatabase::create(Engine::Sqlite).await;
    catalog::execute(&there, to).await.expect("the schema that is wanted");
    let scope = Scope::application();
    let from = read(here.url(), &scope).await.expect("the schema that is there");
    let to = read(there.url(), &scope).await.expect("the schema that is wanted");
    let up = Difference::between(&from, &to, &Renames::default());
    let back = Difference::between(&to, &from, &Renames::default());
    scripts(&up, &back, Style::default()).pop().expect("a script")
}

/// All rows of t, the catalog and the counters.
async fn state(database: &TestDatabase) -> String {
    let counts = "SELECT count(*) || '' FROM sqlite_schema WHERE name = 'sqlite_sequence'";
    if catalog::rows(database, counts).await == "1\n" {
        let counters = catalog::rows(database, "SELECT name || seq FROM sqlite_sequence").await;
        return catalog::printed(database).await + &counters;
    }
    let rows = catalog::rows(database, "SELECT group_concat(coalesce(a, 'NULL')) FROM t").await;
    catalog::printed(database).await + &rows
}

async fn refused_changes_change_nothing(_: TestDatabase) {
    for Refusal { from, to, rows, says } in REFUSALS {
        let here = TestDatabase::create(Engine::Sqlite).await;
        catalog::execute(&here, from).await.expect("the schema that is there");
        catalog::execute(&here, rows).await.expect("the rows");
        let before = state(&here).await;
        let script = script(&here, to).await;
        let error = catalog::apply(&here, &script, &script.up).await.expect_err(to);
        assert!(error.contains(says), "{to}: {error}");
        assert_eq!(state(&here).await, before, "{to}");
        let errors = catalog::sqlite::apply_heedlessly(here.url(), &script.up).await;
        assert!(errors.iter().any(|error| error.contains(says)), "{to}: {errors:?}");
        assert_eq!(state(&here).await, before, "{to}, going on after errors");
    }
}

async fn virtual_tables_are_managed_and_what_they_store_is_theirs(database: TestDatabase) {
    let sql = "CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5 (a); \
               CREATE VIRTUAL TABLE r USING rtree (id, x0, x1)";
    catalog::execute(&database, sql).await.expect("the schema");
    let schema = read(database.url(), &Scope::application()).await.expect("a schema");
    assert_eq!(schema.unmanaged, [""; 0]);
}
