use std::time::{Duration, Instant};

use super::folder::Folder;
use super::runner::Runner;
use super::site::Site;

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
        let rows = "SELECT CAST(i * 100 + j AS CHAR) FROM slow ORDER BY i";
        assert_eq!(site.texts(2, rows).await, ["11", "112", "210", "310"], "round {round}");
        assert_eq!(site.texts(2, "SELECT CAST(i AS CHAR) FROM d ORDER BY i").await, ["1", "2"]);
        assert_eq!(site.count(2, "_sqlx_migrations WHERE success").await, 3, "round {round}");
        assert_eq!(site.count(2, "_migrate_journal").await, 0, "round {round}");
        back(&site, &folder).await;
    }
    site
}

async fn back(site: &Site, folder: &Folder) {
    Runner::start(site, 2, &["downgrade", "base"], folder).ended().await.expect(0);
}

/// The golden ratio spreads the instants over the run without ever repeating one.
fn instant(takes: Duration, round: u32) -> Duration {
    takes.mul_f64((f64::from(round) * 0.618_033_988_749_895 + 0.05).fract())
}
