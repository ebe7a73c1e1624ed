use std::process::Command;

use artisan_testkit::{Engine, TestDatabase, block_on};

use super::folder::{Ended, Folder, bare, count, run};
use super::runner::holder;

const FILES: [(&str, &str); 3] = [
    ("1_a.up.sql", "CREATE TABLE t (i INTEGER);\nINSERT INTO t SELECT 1 FROM pg_sleep(3);\n"),
    ("1_a.down.sql", "DROP TABLE t;\n"),
    ("2_b.sql", "INSERT INTO t VALUES (2);\n"),
];

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn transaction_pooler_is_refused_and_only_read_through() {
    block_on(async {
        let database = TestDatabase::create(Engine::Postgres).await;
        let folder = Folder::new(&FILES);
        let pooled = |arguments: &[&str]| through("TRANSACTION", &database, arguments, &folder);
        let refused = run(pooled(&["upgrade", "head", "--output", "json"])).expect(2);
        assert_eq!(refused.json()["error"]["reason"], "TRANSACTION_POOLER");
        assert_eq!(count(&database, "pg_tables WHERE schemaname = 'public'").await, 0);
        run(pooled(&["check"])).expect(9);
        run(pooled(&["wait", "--timeout", "1s"])).expect(4);
        run(directly(&database, &folder)).expect(0);
        for _ in 0..5 {
            let current = run(pooled(&["current", "--output", "json"])).expect(0);
            assert_eq!(current.json()["pending"], 0);
            run(pooled(&["history"])).expect(0);
            run(pooled(&["check"])).expect(0);
            run(pooled(&["wait"])).expect(0);
        }
    });
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn session_pooler_lets_one_runner_work_at_a_time() {
    block_on(async {
        let database = TestDatabase::create(Engine::Postgres).await;
        let folder = Folder::new(&FILES);
        let pooled = |arguments: &[&str]| through("SESSION", &database, arguments, &folder);
        let upgrade = ["upgrade", "head", "--output", "json"];
        let running: Vec<_> = (0..2).map(|_| pooled(&upgrade).spawn().unwrap()).collect();
        let (mut applied, mut waited) = (0, 0);
        for child in running {
            let ended = Ended::from(child.wait_with_output().unwrap()).expect(0);
            applied += ended.json()["applied"].as_array().unwrap().len();
            waited += usize::from(holder(&ended.stderr).is_some());
        }
        assert_eq!((applied, waited), (2, 1));
        assert_eq!(count(&database, "t").await, 2);
        run(pooled(&["check"])).expect(0);
        run(pooled(&["wait"])).expect(0);
        run(pooled(&["verify", "--checksums"])).expect(0);
    });
}

fn through(mode: &str, database: &TestDatabase, arguments: &[&str], folder: &Folder) -> Command {
    let variable = format!("TEST_{mode}_POOLER_URL");
    let pooler = std::env::var(variable);
    let pooler = pooler.unwrap_or_else(|_| panic!("run it with `cargo xtask cluster`"));
    let (server, _) = pooler.rsplit_once('/').unwrap();
    let (_, name) = database.url().rsplit_once('/').unwrap();
    at(&format!("{server}/{name}"), arguments, folder)
}

fn directly(database: &TestDatabase, folder: &Folder) -> Command {
    at(database.url(), &["upgrade", "head"], folder)
}

fn at(url: &str, arguments: &[&str], folder: &Folder) -> Command {
    let mut command = bare(arguments);
    command.arg("--dir").arg(folder.path()).env("DATABASE_URL", url);
    command
}
