use std::time::{Duration, Instant};

use super::folder::Folder;
use super::runner::Runner;
use super::site::Site;
use super::stopped::{LEASE, is_whole};

const KILLS: u32 = 10;
const FILES: [(&str, &str); 6] = [
    (
        "1_a.up.sql",
        "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow SELECT SLEEP(0.1);\n\
         ALTER TABLE slow ADD COLUMN j INTEGER;\nUPDATE slow SET j = i + 1;\n\
         INSERT INTO slow (i, j) VALUES (1, 2);\nCREATE INDEX slow_j ON slow (j);\n\
         INSERT INTO slow SELECT 2, SLEEP(0.1);\n",
    ),
    ("1_a.down.sql", "DROP TABLE slow;\n"),
    ("2_b.up.sql", "INSERT INTO slow SELECT 3, SLEEP(0.2);\nUPDATE slow SET j = j + 10;\n"),
    ("2_b.down.sql", "DELETE FROM slow WHERE i = 3;\nUPDATE slow SET j = j - 10;\n"),
    (
        "3_c.up.sql",
        "CREATE TABLE c (i INTEGER);\nINSERT INTO c VALUES (1);\nRENAME TABLE c TO d;\n\
         INSERT INTO d VALUES (2);\n",
    ),
    ("3_c.down.sql", "DROP TABLE d;\n"),
];

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn killed_on_one_node_another_node_continues() {
    Site::run(killed_at_ten_instants);
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn killed_on_another_host_it_is_succeeded_once_the_lease_expires() {
    Site::run(killed_elsewhere);
}

async fn killed_at_ten_instants(site: Site) -> Site {
    let folder = Folder::new(&FILES);
    let begin = Instant::now();
    Runner::upgrade(&site, 0, &folder).ended().await.expect(0);
    let takes = begin.elapsed();
    back(&site, &folder).await;
    for round in 0..KILLS {
        let killed = Runner::upgrade(&site, 0, &folder);
        // The instant is the test's input, not a wait for something.
        tokio::time::sleep(instant(takes, round)).await;
        drop(killed);
        Runner::upgrade(&site, 1, &folder).ended().await.expect(0);
        is_applied(&site, round).await;
        back(&site, &folder).await;
    }
    site
}

/// What tells that the process has ended is known on its own host only.
async fn killed_elsewhere(site: Site) -> Site {
    let folder = Folder::new(&FILES);
    let mut killed = Runner::upgrade(&site, 0, &folder);
    site.runs(0, "%SLEEP(0.2)%").await;
    killed.process().send("STOP");
    let moved = "UPDATE _migrate_lease SET owner = CONCAT('elsewhere-', owner)";
    site.execute(1, moved).await;
    killed.kill();
    let begin = Instant::now();
    let mut next = Runner::upgrade(&site, 1, &folder);
    assert!(next.names_the_holder().await.contains("on elsewhere-"));
    next.ended().await.expect(0);
    assert!(begin.elapsed() < LEASE + LEASE / 2, "waited {:?}", begin.elapsed());
    is_applied(&site, 0).await;
    site
}

async fn is_applied(site: &Site, round: u32) {
    let rows = "SELECT CAST(i * 100 + j AS CHAR) FROM slow ORDER BY i";
    assert_eq!(site.texts(2, rows).await, ["11", "112", "210", "310"], "round {round}");
    assert_eq!(site.texts(2, "SELECT CAST(i AS CHAR) FROM d ORDER BY i").await, ["1", "2"]);
    is_whole(site, 3).await;
}

async fn back(site: &Site, folder: &Folder) {
    Runner::start(site, 2, &["downgrade", "base"], folder).ended().await.expect(0);
}

/// The golden ratio spreads the instants over the run without ever repeating one.
fn instant(takes: Duration, round: u32) -> Duration {
    takes.mul_f64((f64::from(round) * 0.618_033_988_749_895 + 0.05).fract())
}
