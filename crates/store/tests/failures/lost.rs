//! The server goes away, falls silent, refuses to write, and comes back.

use std::time::Duration;

use artisan_store::{CreateUserError, Store, StoreError, StoreOptions};
use artisan_testkit::TestDatabase;

use crate::fixture::joao;
use crate::server::{Other, through_proxy};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    a_server_that_is_gone_is_found_when_it_is_back,
    a_server_that_falls_silent_is_left_for_another,
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    a_server_that_is_gone_is_found_when_it_is_back,
    a_server_that_falls_silent_is_left_for_another,
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    a_server_that_is_gone_is_found_when_it_is_back,
    a_server_that_falls_silent_is_left_for_another,
    a_server_that_takes_no_writes_is_unavailable_until_another_does,
    a_statement_that_the_server_gives_up_is_unavailable,
);

fn options() -> StoreOptions {
    StoreOptions { max_connections: 3, acquire_timeout: Duration::from_millis(500) }
}

async fn reads(store: &Store) -> [Result<(), StoreError>; 3] {
    let (one, two, three) = tokio::join!(store.ping(), store.ping(), store.ping());
    [one, two, three]
}

fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

async fn a_server_that_is_gone_is_found_when_it_is_back(database: TestDatabase) {
    let (proxy, store) = through_proxy(&database, options()).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    for result in reads(&store).await {
        result.expect("an answer");
    }
    proxy.refuse(true);
    assert!(is_unavailable(&store.find_user(user.id).await));
    let created = store.create_user(&joao("maria@example.com")).await;
    assert!(
        matches!(created, Err(CreateUserError::Store(StoreError::Unavailable(_)))),
        "{created:?}"
    );
    proxy.refuse(false);
    assert!(store.find_user(user.id).await.expect("an answer").is_some());
    store.create_user(&joao("maria@example.com")).await.expect("a user");
}

/// No packet tells that it is gone; who waits gives up, and the connections are not used again.
async fn a_server_that_falls_silent_is_left_for_another(database: TestDatabase) {
    let (proxy, store) = through_proxy(&database, options()).await;
    for result in reads(&store).await {
        result.expect("an answer");
    }
    proxy.fall_silent();
    let waited = tokio::time::timeout(Duration::from_millis(500), reads(&store)).await;
    assert!(waited.is_err(), "{waited:?}");
    // Closing them takes a while, which they count for meanwhile.
    let back = async { while store.ping().await.is_err() {} };
    tokio::time::timeout(Duration::from_mins(1), back).await.expect("the other server");
    for result in reads(&store).await {
        result.expect("an answer");
    }
}

async fn a_server_that_takes_no_writes_is_unavailable_until_another_does(database: TestDatabase) {
    let (_proxy, store) = through_proxy(&database, options()).await;
    let mut other = Other::connect(&database).await;
    let name = database.url().rsplit_once('/').expect("a name").1.to_owned();
    other.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let created = store.create_user(&joao("joao@example.com")).await;
    assert!(
        matches!(created, Err(CreateUserError::Store(StoreError::Unavailable(_)))),
        "{created:?}"
    );
    store.ping().await.expect("reads go on");
    // Sessions keep what they were told when they began: those that can write are new ones.
    other.run("SET default_transaction_read_only = off").await;
    other.run(&format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    store.create_user(&joao("joao@example.com")).await.expect("a user");
}

async fn a_statement_that_the_server_gives_up_is_unavailable(database: TestDatabase) {
    let (_proxy, store) = through_proxy(&database, options()).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    let mut other = Other::connect(&database).await;
    let name = database.url().rsplit_once('/').expect("a name").1.to_owned();
    other.run(&format!("ALTER DATABASE {name} SET statement_timeout = '100ms'")).await;
    let impatient = Store::connect(database.url(), options()).expect("a good URL");
    other.run("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE").await;
    assert!(is_unavailable(&impatient.find_user(user.id).await));
    other.run("COMMIT").await;
    assert!(impatient.find_user(user.id).await.expect("an answer").is_some());
}
