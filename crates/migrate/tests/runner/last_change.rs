//! What a session tells of its last change is what the file has changed, not the runner.

use artisan_testkit::TestDatabase;

use super::database::{text, texts, upgrade};

artisan_testkit::on_engine!(sqlite, Sqlite, last_change_is_the_files_own);
artisan_testkit::on_engine!(mariadb, MariaDb, last_number_is_the_files_own);
artisan_testkit::on_engine!(mysql, MySql, last_number_is_the_files_own);
artisan_testkit::on_engine!(postgres, Postgres, last_value_is_the_files_own);

/// Between two statements of each file, the runner writes rows of its own.
async fn last_change_is_the_files_own(database: TestDatabase) {
    let files = [
        (
            "1_a.sql",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, s TEXT);\n\
             CREATE TABLE c (p_id INTEGER, changes INTEGER);\n",
        ),
        (
            "2_b.sql",
            "-- no-transaction\nPRAGMA foreign_keys=OFF;\nBEGIN;\nINSERT INTO p (s) VALUES ('parent');\n\
             COMMIT;\nPRAGMA foreign_keys=ON;\nINSERT INTO c VALUES (last_insert_rowid(), changes());\n",
        ),
        (
            "3_c.sql",
            "-- no-transaction\nINSERT INTO p (s) VALUES ('a'), ('b'), ('c');\nVACUUM;\n\
             INSERT INTO c VALUES (last_insert_rowid(), changes());\n",
        ),
        (
            "4_d.sql",
            "-- no-transaction\nINSERT INTO p VALUES (-7, 'd');\nUPDATE p SET s = '' WHERE id > 99;\n\
             VACUUM;\nINSERT INTO c VALUES (last_insert_rowid(), changes());\n",
        ),
    ];
    upgrade(&database, &files, "head").await.unwrap();
    let seen = texts(&database, "SELECT p_id || ' ' || changes FROM c ORDER BY rowid").await;
    assert_eq!(seen, ["1 1", "4 3", "-7 0"]);
}

async fn last_number_is_the_files_own(database: TestDatabase) {
    let text_of_file = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTO_INCREMENT, s INTEGER);\n\
         CREATE TABLE c (p_id INTEGER);\nINSERT INTO p (id, s) VALUES (6, 1);\nINSERT INTO p (s) VALUES (2);\n\
         ALTER TABLE c ADD COLUMN s INTEGER;\nINSERT INTO c VALUES (LAST_INSERT_ID(), 1);\n";
    upgrade(&database, &[("1_a.sql", text_of_file)], "head").await.unwrap();
    let seen = texts(&database, &format!("SELECT {} FROM c", text("p_id"))).await;
    assert_eq!(seen, ["7"]);
}

async fn last_value_is_the_files_own(database: TestDatabase) {
    let text_of_file = "-- no-transaction\nCREATE TABLE p (id serial, s int);\nCREATE TABLE c (p_id int);\n\
         INSERT INTO p (s) VALUES (1), (2);\nCREATE INDEX CONCURRENTLY i ON p (s);\n\
         INSERT INTO c SELECT lastval();\n";
    upgrade(&database, &[("1_a.sql", text_of_file)], "head").await.unwrap();
    let seen = texts(&database, &format!("SELECT {} FROM c", text("p_id"))).await;
    assert_eq!(seen, ["2"]);
}
