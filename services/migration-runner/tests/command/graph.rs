//! Branches: targets on them, and the commands that show them.

use artisan_testkit::TestDatabase;

use super::folder::{Folder, bare, migrate, run};

artisan_testkit::on_every_engine! { branches_go_up_and_down_by_themselves }

/// Two branches from one root, the second with a label, and nothing that merges them.
const FORKED: [(&str, &str); 10] = [
    ("1_root.up.sql", "CREATE TABLE a (i INTEGER);"),
    ("1_root.down.sql", "DROP TABLE a;"),
    ("2_main.up.sql", "CREATE TABLE b (i INTEGER);"),
    ("2_main.down.sql", "DROP TABLE b;"),
    ("3_shop.up.sql", "-- revises: 1\n-- branch: shop\nCREATE TABLE c (i INTEGER);"),
    ("3_shop.down.sql", "DROP TABLE c;"),
    ("4_shelf.up.sql", "-- revises: 3\nCREATE TABLE d (i INTEGER);"),
    ("4_shelf.down.sql", "DROP TABLE d;"),
    ("5_till.up.sql", "-- revises: 4\n-- depends-on: 2\nCREATE TABLE e (i INTEGER);"),
    ("5_till.down.sql", "DROP TABLE e;"),
];

async fn branches_go_up_and_down_by_themselves(database: TestDatabase) {
    let folder = Folder::new(&FORKED);
    let dir = folder.path().to_str().unwrap();
    let moves = |code: i32, arguments: &[&str]| {
        let all = [arguments, &["--dir", dir, "--output", "json"]].concat();
        let ended = run(migrate(&database, &all)).expect(code).json();
        let list = [&ended["applied"], &ended["reverted"]];
        let list = list.iter().find_map(|list| list.as_array()).cloned().unwrap_or_default();
        let versions: Vec<String> =
            list.iter().map(|moved| moved["version"].as_str().unwrap().to_owned()).collect();
        let reason = ended["error"]["reason"].as_str().unwrap_or_default().to_owned();
        (versions.join(" "), reason)
    };
    let up = |target: &str| moves(0, &["upgrade", target]).0;
    let down = |target: &str| moves(0, &["downgrade", target]).0;
    assert_eq!(up("+1"), "1");
    assert_eq!(moves(2, &["upgrade", "+1"]).1, "AMBIGUOUS_STEP");
    assert_eq!(up("shop@+1"), "3");
    assert_eq!(up("shop+1"), "4");
    assert_eq!(up("shop@head"), "2 5", "it depends on 2");
    assert_eq!(up("heads"), "");
    assert_eq!(down("-1"), "5");
    assert_eq!(moves(2, &["downgrade", "-1"]).1, "AMBIGUOUS_STEP");
    assert_eq!(down("shop@-1"), "4");
    assert_eq!(down("shop@base"), "3");
    assert_eq!(down("main-1"), "2");
    assert_eq!(up("4-1"), "3");
    assert_eq!(moves(2, &["upgrade", "main@head"]).1, "UNKNOWN_BRANCH");
    assert_eq!(down("base"), "3 1");
}

fn shown(arguments: &[&str], files: &[(&str, &str)]) -> String {
    let folder = Folder::new(files);
    let mut command = bare(arguments);
    command.arg("--dir").arg(folder.path());
    run(command).expect(0).stdout
}

#[test]
fn files_alone_are_shown_without_a_database() {
    assert_eq!(shown(&["heads"], &FORKED), "5 till (head)\n");
    let branches = shown(&["branches"], &FORKED);
    assert_eq!(branches, "1 root (branchpoint)\n  -> 2 main\n  -> 3 shop\n3 shop (shop)\n");
    assert!(
        shown(&["history", "-r", "shop:shop@head"], &FORKED).starts_with("4 -> 5 (head), till")
    );
    let mut command = bare(&["history", "-r", "current:"]);
    command.arg("--dir").arg(std::env::temp_dir());
    assert!(run(command).expect(2).stderr.contains("DATABASE_URL"));
}

#[test]
fn graph_is_drawn_in_two_languages() {
    let mermaid = shown(&["graph"], &FORKED);
    assert!(mermaid.starts_with("flowchart TD\n"), "{mermaid}");
    assert!(
        mermaid.contains("    r1 --> r3\n") && mermaid.contains("    r2 -.-> r5\n"),
        "{mermaid}"
    );
    let dot = shown(&["graph", "--format", "dot"], &[("1_a\"b.sql", "")]);
    assert!(dot.contains("\"1\" [label=\"1\\na\\\"b\\n(head)\"];"), "{dot}");
    let document = shown(&["graph", "--output", "json"], &FORKED);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["edges"].as_array().unwrap().len(), 5);
}
