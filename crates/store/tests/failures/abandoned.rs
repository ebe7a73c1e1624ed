//! A caller that goes away while its statement waits for a lock.

use std::time::Duration;

use artisan_store::{StoreOptions, UpdateUser};
use artisan_testkit::TestDatabase;

use crate::fixture::{LATER, buyer, joao};
use crate::server::{Other, through_proxy};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    a_write_that_is_given_up_does_not_go_on,
    a_read_that_is_given_up_does_not_go_on,
    many_that_are_given_up_leave_room,
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    a_write_that_is_given_up_does_not_go_on,
    a_read_that_is_given_up_does_not_go_on,
    many_that_are_given_up_leave_room,
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    a_write_that_is_given_up_does_not_go_on,
    a_read_that_is_given_up_does_not_go_on,
    many_that_are_given_up_leave_room,
);

fn change(id: artisan_store::UserId) -> UpdateUser {
    let profile = Some(buyer("Another name"));
    UpdateUser { id, expected: None, profile, address: None, update_time: LATER }
}

/// Drops the call as soon as its statement waits.
async fn give_up<T>(call: impl Future<Output = T>, other: &mut Other) {
    tokio::select! {
        _ = call => panic!("it did not wait for the lock"),
        waiting = other.waiting() => assert!(!waiting.is_empty()),
    }
}

async fn a_write_that_is_given_up_does_not_go_on(database: TestDatabase) {
    let (_proxy, store) = through_proxy(&database, StoreOptions::default()).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    let (mut holder, mut watcher) =
        (Other::connect(&database).await, Other::connect(&database).await);
    holder.run("BEGIN").await;
    holder.run("UPDATE users SET state = state").await;
    let change = change(user.id);
    give_up(store.update_user(&change), &mut watcher).await;
    // The lock is held still: only the server's word ends the statement.
    watcher.until_idle().await;
    holder.run("ROLLBACK").await;
    let found = store.find_user(user.id).await.expect("an answer").expect("a user");
    assert_eq!(found.revision, user.revision);
    store.update_user(&change).await.expect("nothing is in the way any more");
}

async fn a_read_that_is_given_up_does_not_go_on(database: TestDatabase) {
    let (_proxy, store) = through_proxy(&database, StoreOptions::default()).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    let (mut holder, mut watcher) =
        (Other::connect(&database).await, Other::connect(&database).await);
    holder.lock_table("users").await;
    tokio::select! {
        _ = store.find_user(user.id) => panic!("it did not wait for the lock"),
        () = watcher.until_busy() => {}
    }
    watcher.until_idle().await;
    drop(holder);
    store.find_user(user.id).await.expect("an answer").expect("a user");
}

async fn many_that_are_given_up_leave_room(database: TestDatabase) {
    let options = StoreOptions { max_connections: 3, acquire_timeout: Duration::from_secs(20) };
    let (_proxy, store) = through_proxy(&database, options).await;
    let user = store.create_user(&joao("joao@example.com")).await.expect("a user");
    let (mut holder, mut watcher) =
        (Other::connect(&database).await, Other::connect(&database).await);
    holder.run("BEGIN").await;
    holder.run("UPDATE users SET state = state").await;
    let change = change(user.id);
    // More than there are connections.
    for _ in 0..5 {
        give_up(store.update_user(&change), &mut watcher).await;
    }
    watcher.until_idle().await;
    store.find_user(user.id).await.expect("an answer").expect("a user");
}
