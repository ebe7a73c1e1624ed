//! An `ALTER` that takes longer than the lease is valid, with a runner that cannot renew it meanwhile.

use std::time::{Duration, Instant};

use super::folder::Folder;
use super::runner::Runner;
use super::site::Site;
use super::stopped::{LEASE, is_whole};

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn holder_whose_node_is_busy_keeps_the_lease() {
    Site::run(|site| long_alter(site, &[0]));
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn holder_keeps_the_lease_while_all_nodes_are_busy() {
    Site::run(|site| long_alter(site, &[0, 1, 2]));
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn runner_on_a_node_that_is_behind_takes_nothing_over() {
    Site::run(|site| long_alter(site, &[1]));
}

/// The first runner works on node 0, the second one on node 1.
async fn long_alter(site: Site, busy: &[usize]) -> Site {
    site.execute(0, "CREATE TABLE wide (i INTEGER PRIMARY KEY)").await;
    let rows = rows_for(&site, LEASE.mul_f32(1.3)).await;
    for node in busy {
        let fill = format!(
            "SET SESSION wsrep_on = OFF; INSERT INTO wide SELECT seq FROM seq_1_to_{rows}; \
             SET SESSION wsrep_on = ON"
        );
        site.execute(*node, &fill).await;
    }
    let alter =
        format!("ALTER TABLE wide ADD COLUMN j CHAR(32) DEFAULT ({WORK}), ALGORITHM = COPY;\n");
    let folder = Folder::new(&[
        ("1_a.sql", &alter),
        ("2_b.sql", "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow VALUES (1);\n"),
    ]);
    let first = Runner::upgrade(&site, 0, &folder);
    site.runs(busy[0], "ALTER TABLE wide%").await;
    let begin = Instant::now();
    let mut second = Runner::upgrade(&site, 1, &folder);
    if busy.contains(&0) {
        second.names_the_holder().await;
    }
    let (first, second) = (first.ended().await.expect(0), second.ended().await.expect(0));
    assert!(begin.elapsed() > LEASE, "the ALTER took {:?} only", begin.elapsed());
    assert_eq!(first.json()["applied"].as_array().unwrap().len(), 2);
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
