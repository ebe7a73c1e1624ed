use std::time::Instant;

use artisan_testkit::{Engine, TestDatabase, block_on};

use super::folder::{Folder, count, migrate, run, texts};
use super::site::{ask, wait};

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn group_with_several_primaries_is_refused_until_it_has_one() {
    block_on(async {
        let database = create().await;
        let folder = Folder::new(&[("1_a.sql", "CREATE TABLE t (i INTEGER PRIMARY KEY);\n")]);
        let dir = folder.path().to_str().unwrap();
        let upgrade = ["upgrade", "head", "--dir", dir, "--output", "json"];
        let refused = run(migrate(&database, &upgrade)).expect(2);
        assert_eq!(refused.json()["error"]["reason"], "SEVERAL_PRIMARIES");
        let tables = "information_schema.tables WHERE table_schema = DATABASE()";
        assert_eq!(count(&database, tables).await, 0);
        run(migrate(&database, &["check", "--dir", dir])).expect(9);
        switch(&database, "single").await;
        run(migrate(&database, &upgrade)).expect(0);
        run(migrate(&database, &["check", "--dir", dir])).expect(0);
        switch(&database, "multi").await;
    });
}

/// The message says so.
async fn switch(database: &TestDatabase, to: &str) {
    let sql = format!("SELECT group_replication_switch_to_{to}_primary_mode()");
    let told = texts(database, &sql).await;
    assert!(told[0].contains("successfully"), "{told:?}");
}

/// A database, as soon as the server has joined its group: until then it cannot be written.
async fn create() -> TestDatabase {
    let server = std::env::var("TEST_MYSQL_URL");
    let server = server.unwrap_or_else(|_| panic!("run it with `cargo xtask cluster`"));
    let state =
        "SELECT CAST(member_state AS CHAR) FROM performance_schema.replication_group_members";
    let begin = Instant::now();
    while ask(&server, state).await.unwrap() != ["ONLINE"] {
        wait(begin, "the group").await;
    }
    TestDatabase::create(Engine::MySql).await
}
