use std::process::Command;

use artisan_testkit::TestDatabase;

use super::folder::{Ended, Folder, count, migrate, run, slow_insert};

artisan_testkit::on_every_engine! { sigterm_ends_cleanly_and_the_next_run_continues }

async fn sigterm_ends_cleanly_and_the_next_run_continues(database: TestDatabase) {
    let slow = slow_insert(database.engine(), 600);
    // Where somebody has tables already, each file commits for itself and is seen at once.
    database.execute("CREATE TABLE theirs (i INTEGER)").await;
    let folder =
        Folder::new(&[("1_a.sql", "CREATE TABLE slow (i INTEGER);\n"), ("2_b.sql", &slow)]);
    let dir = folder.path().to_str().unwrap();
    let log = folder.path().join("termination-log");
    std::fs::write(&log, "").unwrap();
    let mut command = migrate(&database, &["upgrade", "--dir", dir, "--output", "json"]);
    let mut child = command.env("TERMINATION_LOG", &log).spawn().unwrap();
    loop {
        let seen = run(migrate(&database, &["current", "--dir", dir, "--output", "json"]));
        if seen.code == Some(0) && seen.json()["pending"] == 1 {
            break;
        }
        assert!(child.try_wait().unwrap().is_none(), "the runner has ended");
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = Ended::from(child.wait_with_output().unwrap()).expect(143);
    assert_eq!(ended.json()["error"]["reason"], "STOPPED");
    let told: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&log).unwrap()).unwrap();
    assert_eq!(told["exit"], 143);
    assert_eq!(count(&database, "slow").await, 0);
    std::fs::write(folder.path().join("2_b.sql"), "INSERT INTO slow VALUES (1);\n").unwrap();
    let arguments = ["upgrade", "--dir", dir, "--lock-timeout", "5s"];
    run(migrate(&database, &arguments)).expect(0);
    assert_eq!(count(&database, "slow").await, 1);
}
