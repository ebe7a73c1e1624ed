use artisan_testkit::{Engine, TestDatabase, block_on};

use crate::harness::migrate;
use crate::running::{Running, ended, program};

fn through(mode: &str, database: &TestDatabase) -> String {
    let pooler = std::env::var(format!("TEST_{mode}_POOLER_URL"));
    let pooler = pooler.unwrap_or_else(|_| panic!("run it with `cargo xtask cluster`"));
    let (server, _) = pooler.rsplit_once('/').unwrap();
    let (_, name) = database.url().rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

async fn migrated() -> TestDatabase {
    let database = TestDatabase::create(Engine::Postgres).await;
    migrate(&database).await;
    database
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn transaction_pooler_is_refused_at_the_start() {
    block_on(async {
        let database = migrated().await;
        let url = through("TRANSACTION", &database);
        let (direct, pooled) = (database.url().to_owned(), url.clone());
        let ends = tokio::task::spawn_blocking(move || {
            let mut as_replica = program(&direct);
            [ended(&mut program(&url)), ended(as_replica.env("DATABASE_READ_URL", &pooled))]
        });
        for (code, said) in ends.await.unwrap() {
            assert_eq!(code, Some(2), "{said}");
            let lines: Vec<_> =
                said.lines().filter(|line| line.starts_with("user-service: ")).collect();
            assert_eq!(lines.len(), 1, "{said}");
            assert!(lines[0].contains("DATABASE_URL or DATABASE_READ_URL"), "{said}");
            assert!(lines[0].contains("pool_mode=session"), "{said}");
        }
    });
}

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn session_pooler_is_as_good_as_none() {
    block_on(async {
        let database = migrated().await;
        let url = through("SESSION", &database);
        let running = tokio::task::spawn_blocking(move || {
            let mut running = Running::start(&url);
            running.until("the database is ready");
            running.terminate()
        });
        assert_eq!(running.await.unwrap().0, Some(0));
    });
}
