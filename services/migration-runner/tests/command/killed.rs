//! Killed at any instant, the next run continues to the same schema and the same rows.

use std::time::Duration;

use artisan_testkit::TestDatabase;

use super::folder::{Folder, count, migrate, run, slow_insert, texts};

artisan_testkit::on_every_engine! { killed_at_any_instant_the_next_run_continues }

/// Instants spread over the length of a run, in milliseconds.
const INSTANTS: [u64; 6] = [15, 60, 140, 260, 420, 700];

async fn killed_at_any_instant_the_next_run_continues(database: TestDatabase) {
    let slow = slow_insert(database.engine(), 1);
    let folder = Folder::new(&[
        (
            "1_a.sql",
            &format!(
                "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow VALUES (0);\n{slow}\
                 ALTER TABLE slow ADD COLUMN j INTEGER;\nUPDATE slow SET j = i + 1;\n\
                 CREATE INDEX slow_j ON slow (j);\n{slow}UPDATE slow SET j = 9 WHERE j IS NULL;\n"
            ),
        ),
        (
            "2_b.sql",
            "CREATE TABLE b (i INTEGER);\nINSERT INTO b VALUES (1);\nINSERT INTO b VALUES (2);\n",
        ),
        (
            "3_c.sql",
            "ALTER TABLE b ADD COLUMN k INTEGER;\nUPDATE b SET k = i;\nCREATE TABLE c (i INTEGER);\n",
        ),
    ]);
    let dir = folder.path().to_str().unwrap();
    let arguments = ["upgrade", "head", "--dir", dir];
    for instant in INSTANTS {
        let mut child = migrate(&database, &arguments).spawn().unwrap();
        // The instant of the murder is the test's input, not a wait for something.
        tokio::time::sleep(Duration::from_millis(instant)).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    run(migrate(&database, &arguments)).expect(0);
    let rows =
        texts(&database, "SELECT CAST(i * 10 + j AS CHAR(20)) FROM slow ORDER BY i, j").await;
    assert_eq!(rows, ["1", "12", "19"]);
    assert_eq!(count(&database, "b WHERE k = i").await, 2);
    assert_eq!(count(&database, "c").await, 0);
    assert_eq!(count(&database, "_sqlx_migrations WHERE success = (1 = 1)").await, 3);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
    run(migrate(&database, &arguments)).expect(0);
}
