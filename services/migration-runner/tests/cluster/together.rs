use super::folder::Folder;
use super::runner::{Runner, holder};
use super::site::Site;

const REVISIONS: usize = 30;

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn six_runners_on_three_nodes_apply_each_revision_once() {
    Site::run(six_at_once);
}

async fn six_at_once(site: Site) -> Site {
    let files = files();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = Folder::new(&files);
    let runners: Vec<Runner> =
        (0..6).map(|number| Runner::upgrade(&site, number % 3, &folder)).collect();
    let mut applied = Vec::new();
    for runner in runners {
        let ended = runner.ended().await.expect(0);
        let count = ended.json()["applied"].as_array().unwrap().len();
        assert!(count > 0 || holder(&ended.stderr).is_some(), "{}", ended.stderr);
        applied.push(count);
    }
    assert_eq!(applied.iter().sum::<usize>(), REVISIONS, "{applied:?}");
    assert_eq!(site.count(0, "_sqlx_migrations WHERE success").await, REVISIONS);
    assert_eq!(site.count(1, "_migrate_journal").await, 0);
    assert_eq!(site.count(2, "t1").await, 1);
    for table in (2..=REVISIONS).filter(|number| number % 3 == 2) {
        let rows = if table + 2 <= REVISIONS { 2 } else { 1 };
        assert_eq!(site.count(table % 3, &format!("t{table}")).await, rows, "t{table}");
    }
    site
}

/// A slow revision in front, so that all are there before the first is done.
fn files() -> Vec<(String, String)> {
    let first = "CREATE TABLE t1 (i INTEGER);\nINSERT INTO t1 SELECT SLEEP(5);\n".to_owned();
    let rest = (2..=REVISIONS).map(|number| match number % 3 {
        2 => format!("CREATE TABLE t{number} (i INTEGER);\nINSERT INTO t{number} VALUES (1);\n"),
        0 => format!("ALTER TABLE t{} ADD COLUMN j INTEGER;\n", number - 1),
        _ => format!("INSERT INTO t{} VALUES (2, 2);\n", number - 2),
    });
    let texts = std::iter::once(first).chain(rest);
    texts.enumerate().map(|(at, text)| (format!("{}_revision.sql", at + 1), text)).collect()
}
