//! What takes longer than the lease is valid: 30 seconds.

use std::time::{Duration, Instant};

use super::folder::{Ended, Folder};
use super::runner::Runner;
use super::site::Site;

const LEASE: Duration = Duration::from_secs(30);

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn stopped_holder_loses_the_lease_once_its_statement_is_done() {
    Site::run(stopped_holder);
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn alter_longer_than_the_lease_keeps_it() {
    Site::run(long_alter);
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

async fn long_alter(site: Site) -> Site {
    site.execute(0, "CREATE TABLE wide (i INTEGER PRIMARY KEY)").await;
    let rows = rows_for(&site, LEASE.mul_f32(1.3)).await;
    // On one node only: the others are free to take the lease over while this one is busy.
    let fill = format!(
        "SET SESSION wsrep_on = OFF; INSERT INTO wide SELECT seq FROM seq_1_to_{rows}; \
         SET SESSION wsrep_on = ON"
    );
    site.execute(0, &fill).await;
    let alter =
        format!("ALTER TABLE wide ADD COLUMN j CHAR(32) DEFAULT ({WORK}), ALGORITHM = COPY;\n");
    let folder = Folder::new(&[
        ("1_a.sql", &alter),
        ("2_b.sql", "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow VALUES (1);\n"),
    ]);
    let first = Runner::upgrade(&site, 0, &folder);
    site.runs(0, "ALTER TABLE wide%").await;
    let begin = Instant::now();
    let mut second = Runner::upgrade(&site, 1, &folder);
    second.names_the_holder().await;
    let first = first.ended().await.expect(0);
    assert!(begin.elapsed() > LEASE, "the ALTER took {:?} only", begin.elapsed());
    assert_eq!(first.json()["applied"].as_array().unwrap().len(), 2);
    let second = second.ended().await.expect(0);
    assert_eq!(second.json()["applied"].as_array().unwrap().len(), 0);
    assert_eq!(site.count(2, "slow").await, 1);
    is_whole(&site, 2).await;
    site
}

/// A value that takes a while, and that a column may have by default.
const WORK: &str = "MD5(REPEAT(i % 10, 15000000))";

/// For how many rows the value takes so long.
async fn rows_for(site: &Site, long: Duration) -> u32 {
    let probes = 20;
    let begin = Instant::now();
    site.texts(0, &format!("SELECT {WORK} FROM (SELECT seq AS i FROM seq_1_to_{probes}) x")).await;
    let each = begin.elapsed() / probes;
    u32::try_from(long.as_micros() / each.as_micros()).unwrap()
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
