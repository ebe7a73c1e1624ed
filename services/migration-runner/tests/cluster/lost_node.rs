use super::folder::Folder;
use super::runner::Runner;
use super::site::Site;
use super::stopped::{is_refused, is_whole};

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn death_of_the_node_ends_the_runner_and_another_node_continues() {
    Site::run(dead_node);
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn node_that_is_cut_off_loses_the_lease_and_commits_nothing() {
    Site::run(cut_off_node);
}

fn files(seconds: u32) -> Folder {
    let slow =
        format!("CREATE TABLE b (i INTEGER);\nINSERT INTO slow SELECT 2 + SLEEP({seconds});\n");
    Folder::new(&[
        ("1_a.sql", "CREATE TABLE slow (i INTEGER);\nINSERT INTO slow VALUES (1);\n"),
        ("2_b.sql", &slow),
        ("3_c.sql", "INSERT INTO slow VALUES (3);\nALTER TABLE slow ADD COLUMN j INTEGER;\n"),
    ])
}

async fn is_right(site: &Site) {
    for node in 0..3 {
        let rows = site.texts(node, "SELECT CAST(i AS CHAR) FROM slow ORDER BY i").await;
        assert_eq!(rows, ["1", "2", "3"], "on node {node}");
    }
    is_whole(site, 3).await;
}

async fn dead_node(site: Site) -> Site {
    let folder = files(5);
    let first = Runner::upgrade(&site, 0, &folder);
    site.runs(0, "%SLEEP(5)%").await;
    site.process(0).await.send("KILL");
    is_refused(&first.ended().await.expect(3));
    Runner::upgrade(&site, 1, &folder).ended().await.expect(0);
    site.counts(1, "3").await;
    site.back(0).await;
    is_right(&site).await;
    site
}

async fn cut_off_node(site: Site) -> Site {
    let folder = files(3);
    let first = Runner::upgrade(&site, 0, &folder);
    site.runs(0, "%SLEEP(3)%").await;
    let node = site.process(0).await;
    node.send("STOP");
    let mut second = Runner::upgrade(&site, 1, &folder);
    second.names_the_holder().await;
    site.counts(1, "2").await;
    second.ended().await.expect(0);
    node.send("CONT");
    is_refused(&first.ended().await);
    site.counts(0, "3").await;
    site.back(0).await;
    is_right(&site).await;
    site
}
