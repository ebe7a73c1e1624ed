use std::time::{Duration, Instant};

use super::folder::{Ended, Folder};
use super::runner::Runner;
use super::site::Site;

/// For how long the lease is valid.
pub(crate) const LEASE: Duration = Duration::from_secs(30);

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn stopped_holder_loses_the_lease_once_its_statement_is_done() {
    Site::run(stopped_holder);
}

async fn stopped_holder(site: Site) -> Site {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow VALUES (1);\n"),
        ("2_b.sql", "INSERT INTO slow SELECT 2 + SLEEP(35);\nCREATE TABLE b (i INTEGER);\n"),
        ("3_c.sql", "INSERT INTO slow VALUES (3);\n"),
    ]);
    let first = Runner::upgrade(&site, 0, &folder);
    site.runs(0, "%SLEEP(35)%").await;
    let process = first.process();
    process.send("STOP");
    let stopped = Instant::now();
    let mut second = Runner::upgrade(&site, 1, &folder);
    second.names_the_holder().await;
    second.ended().await.expect(0);
    assert!(stopped.elapsed() > LEASE, "taken over after {:?}", stopped.elapsed());
    process.send("CONT");
    is_refused(&first.ended().await);
    let rows = "SELECT CAST(i AS CHAR) FROM slow ORDER BY i";
    assert_eq!(site.texts(2, rows).await, ["1", "2", "3"]);
    is_whole(&site, 3).await;
    site
}

/// The runner that was overtaken says so, or that it has no connection any more.
pub(crate) fn is_refused(ended: &Ended) {
    let told = &ended.json()["error"];
    let is_known = matches!(
        (ended.code, told["reason"].as_str()),
        (Some(3), Some("CONNECTION_LOST")) | (Some(5), Some("RUNNER_LOCKED"))
    );
    assert!(is_known, "{:?} {}\n{}", ended.code, ended.stdout, ended.stderr);
}

pub(crate) async fn is_whole(site: &Site, revisions: usize) {
    for node in 0..3 {
        assert_eq!(site.count(node, "_sqlx_migrations WHERE success").await, revisions);
        assert_eq!(site.count(node, "_sqlx_migrations").await, revisions);
        assert_eq!(site.count(node, "_migrate_journal").await, 0);
    }
}
