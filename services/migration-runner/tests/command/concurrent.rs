use artisan_testkit::TestDatabase;

use super::folder::{Ended, Folder, count, migrate, run, slow_insert};

artisan_testkit::on_every_engine! {
    ten_at_once_apply_fifty_revisions_once,
    second_runner_gives_up_in_time_and_names_the_first,
    two_who_take_the_same_step_take_it_once,
}

/// A slow revision in front, so that all are there before the first is done.
fn fifty(slow: &str) -> Vec<(String, String)> {
    let first = format!("CREATE TABLE slow (i INTEGER);\n{slow}");
    let rest = (2..=50).map(|number| {
        let text = match number % 3 {
            2 => {
                format!("CREATE TABLE t{number} (i INTEGER);\nINSERT INTO t{number} VALUES (1);\n")
            }
            0 => format!("ALTER TABLE t{} ADD COLUMN j INTEGER;\n", number - 1),
            _ => format!("INSERT INTO t{} VALUES (2, 2);\n", number - 2),
        };
        (format!("{number}_revision.sql"), text)
    });
    std::iter::once(("1_revision.sql".to_owned(), first)).chain(rest).collect()
}

async fn ten_at_once_apply_fifty_revisions_once(database: TestDatabase) {
    let files = fifty(&slow_insert(database.engine(), 5));
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = Folder::new(&files);
    let dir = folder.path().to_str().unwrap();
    let arguments = ["upgrade", "head", "--dir", dir, "--output", "json"];
    let running: Vec<_> =
        (0..10).map(|_| migrate(&database, &arguments).spawn().unwrap()).collect();
    let (mut applied, mut waited) = (0, 0);
    for child in running {
        let ended = Ended::from(child.wait_with_output().unwrap()).expect(0);
        applied += ended.json()["applied"].as_array().unwrap().len();
        let told = ended.stderr.lines().find(|line| line.starts_with("waiting for another runner"));
        waited += usize::from(told.is_some_and(|line| line.contains(char::is_numeric)));
    }
    assert_eq!(applied, 50);
    assert!(waited >= 1, "nobody said for whom it waited");
    assert_eq!(count(&database, "_sqlx_migrations WHERE success = (1 = 1)").await, 50);
    assert_eq!(count(&database, "slow").await, 1);
    for table in (2..=50).filter(|number| number % 3 == 2) {
        let rows = if table + 2 <= 50 { 2 } else { 1 };
        assert_eq!(count(&database, &format!("t{table}")).await, rows, "t{table}");
    }
}

async fn second_runner_gives_up_in_time_and_names_the_first(database: TestDatabase) {
    let slow = slow_insert(database.engine(), 300);
    // Where somebody has tables already, each file commits for itself and is seen at once.
    database.execute("CREATE TABLE theirs (i INTEGER)").await;
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

/// Nobody means to undo what he has not seen as the newest.
async fn two_who_take_the_same_step_take_it_once(database: TestDatabase) {
    let slow = slow_insert(database.engine(), 15);
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE slow (i INTEGER);\n"),
        ("1_a.down.sql", "DROP TABLE slow;\n"),
        ("2_b.up.sql", "CREATE TABLE b (i INTEGER);\n"),
        ("2_b.down.sql", &format!("{slow}DROP TABLE b;\n")),
        ("3_c.up.sql", &format!("{slow}CREATE TABLE c (i INTEGER);\n")),
        ("4_d.up.sql", "CREATE TABLE d (i INTEGER);\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    let at_once = |command: &[&str]| {
        let arguments = [command, &["--dir", dir, "--output", "json"]].concat();
        let running: Vec<_> =
            (0..2).map(|_| migrate(&database, &arguments).spawn().unwrap()).collect();
        let ended = running.into_iter().map(|child| child.wait_with_output().unwrap().into());
        let ended: Vec<Ended> = ended.map(|ended: Ended| ended.expect(0)).collect();
        assert!(ended.iter().any(|ended| ended.stderr.contains("waiting for another runner")));
        ended
    };
    let moved = |ended: &[Ended], how: &str| -> usize {
        ended.iter().map(|ended| ended.json()[how].as_array().unwrap().len()).sum()
    };
    run(migrate(&database, &["upgrade", "2", "--dir", dir])).expect(0);
    assert_eq!(moved(&at_once(&["upgrade", "+1"]), "applied"), 1);
    run(migrate(&database, &["stamp", "2", "--dir", dir])).expect(0);
    assert_eq!(moved(&at_once(&["downgrade", "-1"]), "reverted"), 1);
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
}

fn has_begun(database: &TestDatabase) -> bool {
    let ended = run(migrate(database, &["current", "--output", "json"]));
    ended.json()["unknown"].as_array().is_some_and(|unknown| !unknown.is_empty())
}
