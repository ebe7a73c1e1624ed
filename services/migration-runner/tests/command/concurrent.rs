use artisan_testkit::TestDatabase;

use super::folder::{Ended, Folder, count, migrate, run, slow_insert};

artisan_testkit::on_every_engine! {
    eight_at_once_apply_each_revision_once,
    second_runner_gives_up_in_time_and_names_the_first,
}

async fn eight_at_once_apply_each_revision_once(database: TestDatabase) {
    let slow = slow_insert(database.engine(), 3);
    let folder = Folder::new(&[
        ("1_a.sql", &format!("CREATE TABLE slow (i INTEGER);\n{slow}")),
        ("2_b.sql", "CREATE TABLE b (i INTEGER);\nINSERT INTO b VALUES (1);\n"),
        ("3_c.sql", "ALTER TABLE b ADD COLUMN c INTEGER;\nINSERT INTO b VALUES (2, 2);\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let arguments = ["upgrade", "head", "--dir", dir, "--output", "json"];
    let running: Vec<_> = (0..8).map(|_| migrate(&database, &arguments).spawn().unwrap()).collect();
    let mut applied = 0;
    for child in running {
        let ended = Ended::from(child.wait_with_output().unwrap()).expect(0);
        applied += ended.json()["applied"].as_array().unwrap().len();
    }
    assert_eq!(applied, 3);
    assert_eq!(count(&database, "_sqlx_migrations").await, 3);
    assert_eq!(count(&database, "slow").await, 1);
    assert_eq!(count(&database, "b").await, 2);
}

async fn second_runner_gives_up_in_time_and_names_the_first(database: TestDatabase) {
    let slow = slow_insert(database.engine(), 300);
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE slow (i INTEGER);\n"),
        ("2_b.sql", &format!("{slow}-- the end\n")),
    ]);
    let dir = folder.path().to_str().unwrap();
    let mut first = migrate(&database, &["upgrade", "--dir", dir]).spawn().unwrap();
    // The first holds the lock from before its first row on.
    while !has_begun(&database) {
        assert!(first.try_wait().unwrap().is_none(), "the first runner has ended");
        tokio::task::yield_now().await;
    }
    let arguments = ["upgrade", "--dir", dir, "--lock-timeout", "300ms", "--output", "json"];
    let second = run(migrate(&database, &arguments)).expect(5);
    let error = &second.json()["error"];
    assert_eq!(error["reason"], "RUNNER_LOCKED");
    assert!(error["holder"].as_str().unwrap().contains(char::is_numeric), "{error}");
    first.kill().unwrap();
    first.wait().unwrap();
}

fn has_begun(database: &TestDatabase) -> bool {
    let ended = run(migrate(database, &["current", "--output", "json"]));
    ended.json()["unknown"].as_array().is_some_and(|unknown| !unknown.is_empty())
}
