//! Branches: targets on them, and what databases say about them.

use artisan_testkit::TestDatabase;
use serde_json::{Value, json};

use super::folder::{Ended, Folder, count, migrate, run};

artisan_testkit::on_every_engine! {
    branches_go_up_and_down_by_themselves,
    older_revision_that_came_late_is_rebased,
    what_is_applied_is_told_by_every_command,
    half_applied_revision_is_marked,
    branch_waits_for_no_contract_of_another,
    late_branch_keeps_its_order,
    late_revision_beside_two_heads_is_rebased_as_advised,
    stamp_of_a_branch_keeps_the_others,
    what_is_held_back_is_run_as_advised,
    held_back_steps_are_advised_by_their_version,
}

/// Two branches from one root, the second with a label, and nothing that merges them.
pub(crate) const FORKED: [(&str, &str); 10] = [
    ("1_root.up.sql", "CREATE TABLE a (i INTEGER);"),
    ("1_root.down.sql", "DROP TABLE a;"),
    ("2_main.up.sql", "CREATE TABLE b (i INTEGER);"),
    ("2_main.down.sql", "DROP TABLE b;"),
    ("3_store.up.sql", "-- revises: 1\n-- branch: shop\nCREATE TABLE c (i INTEGER);"),
    ("3_store.down.sql", "DROP TABLE c;"),
    ("4_shelf.up.sql", "-- revises: 3\nCREATE TABLE d (i INTEGER);"),
    ("4_shelf.down.sql", "DROP TABLE d;"),
    ("5_till.up.sql", "-- revises: 4\n-- depends-on: 2\nCREATE TABLE e (i INTEGER);"),
    ("5_till.down.sql", "DROP TABLE e;"),
];

/// The program on one database and one folder.
struct Desk<'a> {
    database: &'a TestDatabase,
    folder: &'a Folder,
}

impl Desk<'_> {
    fn run(&self, code: i32, arguments: &[&str]) -> Ended {
        let dir = self.folder.path().to_str().unwrap();
        run(migrate(self.database, &[arguments, &["--dir", dir]].concat())).expect(code)
    }

    fn json(&self, code: i32, arguments: &[&str]) -> Value {
        self.run(code, &[arguments, &["--output", "json"]].concat()).json()
    }

    fn text(&self, arguments: &[&str]) -> String {
        self.run(0, arguments).stdout
    }

    /// The versions that were applied or reverted.
    fn moved(&self, arguments: &[&str]) -> String {
        let ended = self.json(0, arguments);
        let list = [&ended["applied"], &ended["reverted"]];
        let list = list.iter().find_map(|list| list.as_array()).unwrap();
        let versions: Vec<&str> = list.iter().map(|m| m["version"].as_str().unwrap()).collect();
        versions.join(" ")
    }

    /// Puts files into the folder, as a merge does.
    fn merge(&self, files: &[(&str, &str)]) {
        for (name, text) in files {
            std::fs::write(self.folder.path().join(name), text).unwrap();
        }
    }

    fn refusal(&self, code: i32, arguments: &[&str]) -> String {
        self.json(code, arguments)["error"]["reason"].as_str().unwrap().to_owned()
    }
}

async fn branches_go_up_and_down_by_themselves(database: TestDatabase) {
    let folder = Folder::new(&FORKED);
    let desk = Desk { database: &database, folder: &folder };
    let up = |target: &str| desk.moved(&["upgrade", target]);
    let down = |target: &str| desk.moved(&["downgrade", target]);
    assert_eq!(up("+1"), "1");
    assert_eq!(desk.refusal(2, &["upgrade", "+1"]), "AMBIGUOUS_STEP");
    assert_eq!(up("shop@+1"), "3");
    assert_eq!(up("shop+1"), "4");
    assert_eq!(up("shop@head"), "2 5", "it depends on 2");
    assert_eq!(up("heads"), "");
    assert_eq!(down("2"), "", "5 only depends on it");
    assert_eq!(down("-1"), "5");
    assert_eq!(desk.refusal(2, &["downgrade", "-1"]), "AMBIGUOUS_STEP");
    assert_eq!(down("shop@-1"), "4");
    assert_eq!(down("shop@base"), "3");
    assert_eq!(down("current-1"), "2");
    assert_eq!(up("4-1"), "3");
    assert_eq!(up("current"), "");
    assert_eq!(desk.refusal(2, &["upgrade", "nothing@head"]), "UNKNOWN_BRANCH");
    assert_eq!(up("main@head"), "2");
    assert_eq!(down("shop@1"), "3");
    assert_eq!(down("base"), "2 1");
}

async fn older_revision_that_came_late_is_rebased(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;\n"), ("3_c.sql", "SELECT 3;\n")]);
    let desk = Desk { database: &database, folder: &folder };
    assert_eq!(desk.moved(&["upgrade"]), "1 3");
    std::fs::write(folder.path().join("2_b.sql"), "SELECT 2;\n").unwrap();
    let refused = desk.json(7, &["upgrade"]);
    assert_eq!(refused["error"]["reason"], "MISSING_VERSION");
    assert!(refused["error"]["next"].as_str().unwrap().contains("migrate rebase 2"), "{refused}");
    assert_eq!(desk.json(0, &["rebase", "2"])["to"], "4");
    assert_eq!(desk.moved(&["upgrade"]), "4");
}

async fn what_is_applied_is_told_by_every_command(database: TestDatabase) {
    let folder = Folder::new(&FORKED);
    let desk = Desk { database: &database, folder: &folder };
    desk.moved(&["upgrade", "2"]);
    let history = desk.text(&["history", "-i"]);
    let lines: Vec<&str> = history.lines().collect();
    assert_eq!(
        lines,
        [
            "4 (2)  -> 5 till  (head)",
            "3      -> 4 shelf",
            "1      -> 3 store (shop)",
            "1      -> 2 main  (effective head) (current)",
            "<base> -> 1 root  (branchpoint)",
        ]
    );
    assert!(!desk.text(&["history"]).contains("current"));
    let range = desk.json(0, &["history", "-r", "-1:current"]);
    let versions: Vec<&Value> =
        range["revisions"].as_array().unwrap().iter().map(|r| &r["version"]).collect();
    assert_eq!(versions, ["2", "1"]);
    assert_eq!(range["revisions"][0]["applied"], true);
    assert!(range["database"].is_string(), "{range}");
    let verbose = desk.text(&["history", "-v"]);
    assert!(verbose.contains("State:           applied on 2"), "{verbose}");
    assert!(verbose.contains("State:           pending\n"), "{verbose}");
    assert!(desk.text(&["show", "current"]).starts_with("Rev:             2 main (eff"));
    assert_eq!(desk.json(0, &["show", "current", "shop"])["revisions"][1]["version"], "3");
    let current = desk.text(&["current", "-v"]);
    assert!(current.contains("Rev:             2 main (effective head)\n"), "{current}");
    assert!(current.ends_with("3 pending\n"), "{current}");
    let graph = desk.json(0, &["graph"]);
    let state = |at: usize| (&graph["nodes"][at]["applied"], &graph["nodes"][at]["current"]);
    assert_eq!(state(1), (&json!(true), &json!(true)));
    assert_eq!(state(2), (&json!(false), &json!(false)));
    let mermaid = desk.text(&["graph"]);
    assert!(mermaid.contains("    class r1,r2 applied\n"), "{mermaid}");
    assert!(mermaid.contains("    class r3,r4,r5 pending\n"), "{mermaid}");
}

async fn half_applied_revision_is_marked(database: TestDatabase) {
    let folder = Folder::new(&FORKED);
    let desk = Desk { database: &database, folder: &folder };
    desk.moved(&["upgrade", "2"]);
    database.execute("UPDATE _sqlx_migrations SET success = (1 = 0) WHERE version = 2").await;
    let history = desk.text(&["history"]);
    assert!(history.contains("1      -> 2 main  (effective head) (interrupted)\n"), "{history}");
    assert_eq!(desk.json(0, &["graph"])["nodes"][1]["interrupted"], true);
}

/// 3 goes on as 4, a contract, and as 5, which is another branch.
async fn branch_waits_for_no_contract_of_another(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);"),
        ("2_b.sql", "CREATE TABLE b (i INTEGER);"),
        ("3_c.sql", "CREATE TABLE c (i INTEGER);"),
        ("4_d.sql", "-- revises: 3\n-- phase: contract\nDROP TABLE b;"),
        ("5_e.sql", "-- revises: 3\nCREATE TABLE e (i INTEGER);"),
    ]);
    let desk = Desk { database: &database, folder: &folder };
    assert_eq!(desk.moved(&["upgrade", "2"]), "1 2");
    assert_eq!(desk.refusal(4, &["wait", "--timeout", "100ms"]), "WAIT_TIMED_OUT");
    let engine = database.engine().name();
    let script = desk.text(&["upgrade", "2:heads", "--sql", "--engine", engine]);
    assert!(script.contains("CREATE TABLE e") && !script.contains("DROP TABLE b"), "{script}");
    let versions = |list: &Value| {
        let all = list.as_array().unwrap().iter();
        all.map(|revision| revision["version"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let plan = desk.json(0, &["plan", "heads"]);
    assert_eq!(versions(&plan["revisions"]), ["3", "5"]);
    assert_eq!(versions(&plan["held_back"]), ["4"]);
    let upgraded = desk.json(0, &["upgrade", "heads"]);
    assert_eq!(versions(&upgraded["applied"]), ["3", "5"]);
    assert_eq!(versions(&upgraded["held_back"]), ["4"]);
    desk.run(0, &["wait", "--timeout", "10s"]);
    assert_eq!(desk.refusal(7, &["check"]), "MULTIPLE_HEADS");
    // What builds upon the contract waits for it.
    std::fs::write(folder.path().join("6_f.sql"), "-- revises: 4, 5\nSELECT 1;").unwrap();
    for command in ["plan", "upgrade"] {
        let refused = desk.json(7, &[command]);
        assert_eq!(refused["error"]["reason"], "EXPAND_BEHIND_CONTRACT", "{command}");
        assert!(refused["error"]["message"].as_str().unwrap().contains("revision 6"), "{refused}");
    }
    let next = desk.json(9, &["check"])["next"].to_string();
    assert!(next.contains("--phase contract"), "{next}");
    assert_eq!(desk.moved(&["upgrade", "--phase", "contract"]), "4");
    assert_eq!(desk.moved(&["upgrade"]), "6");
}

/// What a colleague has applied meanwhile stays before all of a branch that comes late, which keeps its
/// own order by the command that is advised.
async fn late_branch_keeps_its_order(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_one.sql", "CREATE TABLE s (v INTEGER);"),
        ("4_bob.sql", "CREATE TABLE bob (i INTEGER);"),
    ]);
    let desk = Desk { database: &database, folder: &folder };
    assert_eq!(desk.moved(&["upgrade"]), "1 4");
    desk.merge(&[
        ("2_alice.sql", "INSERT INTO s VALUES (10);"),
        ("3_alice.sql", "UPDATE s SET v = 20;"),
        ("5_alice.sql", "UPDATE s SET v = v + 1;"),
    ]);
    let error = &desk.json(7, &["upgrade"])["error"];
    assert!(error["message"].as_str().unwrap().contains("2, 3"), "{error}");
    let next = error["next"].as_str().unwrap();
    assert!(next.starts_with("run `migrate rebase 2 3 5 --dir"), "{next}");
    let found = &desk.json(0, &["repair"])["findings"][0];
    assert_eq!(found["commands"].as_array().unwrap().len(), 1);
    assert!(found["commands"][0].as_str().unwrap().starts_with("migrate rebase 2 3 5"), "{found}");
    desk.run(0, &["rebase", "2", "3", "5"]);
    assert_eq!(desk.json(0, &["upgrade"])["applied"].as_array().unwrap().len(), 3);
    assert_eq!(count(&database, "s WHERE v = 21").await, 1);
}

/// What is left has two heads, so that the advice says which of them is meant.
async fn late_revision_beside_two_heads_is_rebased_as_advised(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;"), ("4_d.sql", "SELECT 4;")]);
    let desk = Desk { database: &database, folder: &folder };
    assert_eq!(desk.moved(&["upgrade"]), "1 4");
    desk.merge(&[
        ("2_b.sql", "SELECT 2;"),
        ("5_e.sql", "-- revises: 1\nSELECT 5;"),
        ("6_f.sql", "-- revises: 2, 5\nSELECT 6;"),
    ]);
    let refused = desk.json(7, &["upgrade", "heads"]);
    let next = refused["error"]["next"].as_str().unwrap();
    let advised = next.split('`').nth(1).unwrap();
    assert!(advised.starts_with("migrate rebase 2 6 --onto 4"), "{next}");
    let words: Vec<&str> = advised.split_whitespace().skip(1).collect();
    run(migrate(&database, &words)).expect(0);
    desk.run(0, &["upgrade", "heads"]);
    assert_eq!(desk.json(0, &["current"])["pending"], 0);
}

/// Of two branches, a word about the one says nothing about the other.
async fn stamp_of_a_branch_keeps_the_others(database: TestDatabase) {
    let folder = Folder::new(&FORKED);
    let desk = Desk { database: &database, folder: &folder };
    assert_eq!(desk.moved(&["upgrade", "2"]), "1 2");
    let current = || desk.json(0, &["current"])["current"].clone();
    let versions = |found: &Value| -> Vec<String> {
        let all = found.as_array().unwrap().iter();
        all.map(|one| one["version"].as_str().unwrap().to_owned()).collect()
    };
    let stamped = desk.json(0, &["stamp", "4"]);
    assert_eq!(stamped["removed"], json!([]));
    assert_eq!(versions(&stamped["added"]), ["3", "4"]);
    assert_eq!(versions(&current()), ["2", "4"]);
    assert_eq!(versions(&desk.json(0, &["stamp", "3"])["removed"]), ["4"]);
    assert_eq!(versions(&current()), ["2", "3"]);
    let script = desk.text(&["stamp", "4", "--sql"]);
    assert!(!script.contains("DELETE FROM _sqlx_migrations;"), "{script}");
    database.execute(&script).await;
    assert_eq!(versions(&current()), ["2", "4"], "the other branch is still there");
    desk.json(0, &["stamp", "shop@base"]);
    assert_eq!(versions(&current()), ["2"]);
    desk.json(0, &["stamp", "4", "--purge"]);
    assert_eq!(versions(&current()), ["4"]);
    desk.json(0, &["stamp", "base"]);
    assert_eq!(versions(&current()), [""; 0]);
}

/// The advice is for the same folder and the same target.
async fn what_is_held_back_is_run_as_advised(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_root.sql", "CREATE TABLE a (i INTEGER, j INTEGER);"),
        ("2_main.sql", "-- revises: 1\nCREATE TABLE b (i INTEGER);"),
    ]);
    let desk = Desk { database: &database, folder: &folder };
    desk.run(0, &["upgrade", "heads"]);
    let contract = "-- revises: 1\n-- phase: contract\nDROP TABLE a;";
    desk.merge(&[("3_drop.sql", contract)]);
    let told = desk.text(&["upgrade", "heads"]);
    let advised = told.split('`').nth(1).unwrap();
    assert!(advised.starts_with("migrate upgrade heads --phase contract --dir "), "{told}");
    let words: Vec<&str> = advised.split_whitespace().skip(1).collect();
    run(migrate(&database, &words)).expect(0);
    assert_eq!(desk.json(0, &["current"])["pending"], 0);
}

/// Steps that are held back count from another place once the others have run.
async fn held_back_steps_are_advised_by_their_version(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);")]);
    let desk = Desk { database: &database, folder: &folder };
    desk.run(0, &["upgrade"]);
    desk.merge(&[
        ("2_b.sql", "CREATE TABLE b (i INTEGER);"),
        ("3_c.sql", "-- phase: contract\nDROP TABLE a;"),
        ("4_d.sql", "-- phase: contract\nDROP TABLE b;"),
    ]);
    let told = desk.text(&["upgrade", "+2"]);
    assert!(told.contains("`migrate upgrade 3 --phase contract --dir "), "{told}");
}
