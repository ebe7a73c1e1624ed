use artisan_testkit::{Engine, TestDatabase};

use super::database::{count, texts, upgrade, written};

artisan_testkit::on_every_engine! {
    what_cannot_share_a_transaction_runs_alone,
    bodies_of_triggers_are_not_cut,
}

const PARENTS: &str = "CREATE TABLE parents (id INTEGER PRIMARY KEY, a INTEGER);\n\
     CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, \
     FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE);\n\
     INSERT INTO parents VALUES (1, 1);\nINSERT INTO children VALUES (1, 1);\n";

/// Changes `parents` in the way that the engine needs outside a transaction.
fn change(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "-- no-transaction\nPRAGMA foreign_keys = OFF;\nBEGIN;\n\
             CREATE TABLE new_parents (id INTEGER PRIMARY KEY, a INTEGER NOT NULL);\n\
             INSERT INTO new_parents SELECT id, a FROM parents;\nDROP TABLE parents;\n\
             ALTER TABLE new_parents RENAME TO parents;\nPRAGMA foreign_key_check;\nCOMMIT;\n\
             PRAGMA foreign_keys = ON;\nVACUUM;\n"
        }
        Engine::MariaDb | Engine::MySql => {
            "SET foreign_key_checks = 0;\nALTER TABLE parents MODIFY a INTEGER NOT NULL;\n\
             SET foreign_key_checks = 1;\nOPTIMIZE TABLE parents;\n\
             RENAME TABLE children TO x, x TO children;\n"
        }
        Engine::Postgres => {
            "-- no-transaction\nCREATE INDEX CONCURRENTLY parents_a ON parents (a);\n\
             CREATE INDEX CONCURRENTLY parents_b ON parents (a, id);\nVACUUM parents;\n\
             DROP INDEX CONCURRENTLY parents_b;\nUPDATE parents SET a = a;\n"
        }
    }
}

async fn what_cannot_share_a_transaction_runs_alone(database: TestDatabase) {
    let files = [("1_parents.sql", PARENTS), ("2_change.sql", change(database.engine()))];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(count(&database, "parents").await, 1);
    assert_eq!(count(&database, "children").await, 1);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
    if database.engine() == Engine::Postgres {
        let valid = "pg_index WHERE indrelid = 'parents'::regclass AND indisvalid";
        assert_eq!(count(&database, valid).await, 2);
    }
}

fn trigger(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "CREATE TRIGGER t AFTER INSERT ON children BEGIN\n\
             UPDATE parents SET a = CASE WHEN a > 5 THEN 0 ELSE a + 1 END WHERE id = NEW.parent;\n\
             UPDATE parents SET a = a + 10;\nEND;\nINSERT INTO children VALUES (2, 1);\n"
        }
        Engine::MariaDb | Engine::MySql => {
            "CREATE TRIGGER t AFTER INSERT ON children FOR EACH ROW BEGIN\n\
             IF NEW.id > 0 THEN UPDATE parents SET a = a + 1 WHERE id = NEW.parent; END IF;\n\
             UPDATE parents SET a = a + 10;\nEND;\nINSERT INTO children VALUES (2, 1);\n"
        }
        Engine::Postgres => {
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN\n\
             UPDATE parents SET a = a + 1 WHERE id = NEW.parent;\n\
             UPDATE parents SET a = a + 10; RETURN NEW; END; $body$;\n\
             CREATE TRIGGER t AFTER INSERT ON children FOR EACH ROW EXECUTE FUNCTION f();\n\
             INSERT INTO children VALUES (2, 1);\n"
        }
    }
}

async fn bodies_of_triggers_are_not_cut(database: TestDatabase) {
    let files = [("1_parents.sql", PARENTS), ("2_trigger.sql", trigger(database.engine()))];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(texts(&database, "SELECT CAST(a AS CHAR(20)) FROM parents").await, ["12"]);
}

#[test]
fn pragma_that_sqlite_ignores_is_refused() {
    artisan_testkit::block_on(async {
        let database = TestDatabase::create(Engine::Sqlite).await;
        let files = [
            ("1_parents.sql", PARENTS),
            ("2_change.sql", "PRAGMA foreign_keys = OFF;\nDROP TABLE parents;\n"),
        ];
        let error = upgrade(&database, &files, "head").await.unwrap_err();
        assert_eq!(error.exit_code(), 6);
        assert!(error.to_string().contains("-- no-transaction"), "{error}");
        upgrade(&database, &files, "1").await.unwrap();
        upgrade(&database, &files, "head").await.unwrap_err();
        assert_eq!(count(&database, "children").await, 1);
    });
}

/// What autogenerate writes for a table of SQLite that cannot be altered: a copy that fails takes its
/// transaction with it.
fn stepping_aside(column: &str) -> String {
    format!(
        "-- no-transaction\n\nPRAGMA foreign_keys = OFF;\n\nBEGIN IMMEDIATE;\n\n\
         CREATE TEMP TABLE _migrate_rebuild (is_copied INTEGER CONSTRAINT \"every row was copied\" \
         CHECK (is_copied));\n\nPRAGMA legacy_alter_table = ON;\n\n\
         ALTER TABLE parents RENAME TO _migrate_old_parents;\n\n\
         CREATE TABLE parents (id INTEGER PRIMARY KEY, {column});\n\n\
         INSERT OR ROLLBACK INTO parents (id, a) SELECT id, a FROM _migrate_old_parents;\n\n\
         INSERT OR ROLLBACK INTO _migrate_rebuild (is_copied)\n\
         SELECT (SELECT count(*) FROM parents) = (SELECT count(*) FROM _migrate_old_parents);\n\n\
         DROP TABLE _migrate_old_parents;\n\nPRAGMA legacy_alter_table = OFF;\n\n\
         DROP TABLE _migrate_rebuild;\n\nCOMMIT;\n\nPRAGMA foreign_keys = ON;\n"
    )
}

#[test]
fn rebuilt_table_keeps_the_rows_that_refer_to_it() {
    artisan_testkit::block_on(async {
        let database = TestDatabase::create(Engine::Sqlite).await;
        let refused = written(stepping_aside("a INTEGER CHECK (a > 1)"));
        let files = [("1_parents.sql", PARENTS), ("2_change.sql", refused)];
        let error = upgrade(&database, &files, "head").await.unwrap_err();
        assert_eq!(error.exit_code(), 6, "{error}");
        assert_eq!(count(&database, "children").await, 1);
        let sql = "SELECT sql FROM sqlite_schema WHERE name = 'parents'";
        let before = "CREATE TABLE parents (id INTEGER PRIMARY KEY, a INTEGER)";
        assert_eq!(texts(&database, sql).await, [before]);
        let mended = written(stepping_aside("a INTEGER NOT NULL"));
        let files = [("1_parents.sql", PARENTS), ("2_change.sql", mended)];
        upgrade(&database, &files, "head").await.unwrap();
        assert_eq!(count(&database, "children").await, 1);
        let after = "CREATE TABLE parents (id INTEGER PRIMARY KEY, a INTEGER NOT NULL)";
        assert_eq!(texts(&database, sql).await, [after]);
    });
}
