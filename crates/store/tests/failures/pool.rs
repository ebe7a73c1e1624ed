//! How connections are used.

use std::time::Duration;

use artisan_store::{Store, StoreError, StoreOptions};
use artisan_testkit::{Engine, TestDatabase};

use crate::fixture::joao;
use crate::server::{Other, through_proxy};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    a_read_is_one_round_trip,
    who_gets_no_connection_in_time_is_told_so,
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    a_read_is_one_round_trip,
    who_gets_no_connection_in_time_is_told_so,
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    a_read_is_one_round_trip,
    who_gets_no_connection_in_time_is_told_so,
);

const READS: u64 = 100;

fn one_connection() -> StoreOptions {
    StoreOptions { max_connections: 1, acquire_timeout: Duration::from_millis(300) }
}

/// Once its statement is prepared. From time to time the driver asks a connection whether it lives.
async fn a_read_is_one_round_trip(database: TestDatabase) {
    let options = StoreOptions { acquire_timeout: Duration::from_secs(30), ..one_connection() };
    let (proxy, store) = through_proxy(&database, options).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    store.find_user(user.id).await.expect("an answer");
    let before = proxy.round_trips();
    for _ in 0..READS {
        store.find_user(user.id).await.expect("an answer").expect("a user");
    }
    let round_trips = proxy.round_trips() - before;
    assert!((READS..READS + READS / 5).contains(&round_trips), "{round_trips}");
}

async fn who_gets_no_connection_in_time_is_told_so(database: TestDatabase) {
    let (_proxy, store) = through_proxy(&database, one_connection()).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    let mut other = Other::connect(&database).await;
    match database.engine() {
        Engine::Postgres => other.run("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE").await,
        _ => other.run("LOCK TABLES users WRITE").await,
    }
    let busy = reading(&store, user.id);
    let refused = loop {
        // Until the only connection is in use this one might be the one that waits.
        let read = tokio::time::timeout(Duration::from_secs(1), store.ping()).await;
        if let Ok(Err(error)) = read {
            break error;
        }
    };
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    drop(other);
    busy.await.expect("no panic").expect("an answer");
    store.ping().await.expect("a free connection");
}

fn reading(
    store: &Store,
    id: artisan_store::UserId,
) -> tokio::task::JoinHandle<Result<(), StoreError>> {
    let store = store.clone();
    tokio::spawn(async move { store.find_user(id).await.map(drop) })
}
