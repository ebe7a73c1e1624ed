//! Others are in the way.

use artisan_store::{AccountChange, ChangeAccount, Roles, Store, StoreOptions};
use artisan_testkit::{Engine, TestDatabase};

use crate::fixture::{LATER, admin};
use crate::server::{Other, migrate};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    the_victim_of_a_deadlock_begins_again,
    a_session_that_is_ended_in_a_transaction_begins_again,
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    the_victim_of_a_deadlock_begins_again,
    a_session_that_is_ended_in_a_transaction_begins_again,
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    the_victim_of_a_deadlock_begins_again,
    a_session_that_is_ended_in_a_transaction_begins_again,
);

/// Two admins, and a store that is about to take the role from the first, which holds the guard of
/// the admins while it waits for the user.
async fn admins(database: &TestDatabase) -> (Store, ChangeAccount) {
    migrate(database).await;
    let store = Store::connect(&database.plain_url(), StoreOptions::default()).expect("a good URL");
    let one = store.create_user(&admin("one@example.com")).await.expect("an admin");
    store.create_user(&admin("two@example.com")).await.expect("an admin");
    // The row is made by the first who needs it.
    let guard = "INSERT INTO guards (name, revision) VALUES ('admins', 1)";
    database.execute(guard).await;
    let change = ChangeAccount {
        id: one.id,
        expected: None,
        change: AccountChange::SetRoles(Roles::none()),
        time: LATER,
    };
    (store, change)
}

async fn the_victim_of_a_deadlock_begins_again(database: TestDatabase) {
    let (store, change) = admins(&database).await;
    let mut other = Other::connect(&database).await;
    if database.engine() == Engine::Postgres {
        // Whoever looks first is the victim.
        other.run("SET deadlock_timeout = '1h'").await;
    }
    other.run("BEGIN").await;
    // Whoever has written less is the victim on the others.
    for number in 0..50 {
        let weight = format!("INSERT INTO guards (name, revision) VALUES ('weight-{number}', 1)");
        other.run(&weight).await;
    }
    other.run("UPDATE users SET revision = revision + 10").await;
    let changing = tokio::spawn(async move { store.change_account(&change).await });
    Other::connect(&database).await.waiting().await;
    other.run("UPDATE guards SET revision = revision + 1 WHERE name = 'admins'").await;
    other.run("COMMIT").await;
    let user = changing.await.expect("no panic").expect("a change");
    assert_eq!((user.revision.0, user.roles), (12, Roles::none()));
}

async fn a_session_that_is_ended_in_a_transaction_begins_again(database: TestDatabase) {
    let (store, change) = admins(&database).await;
    let mut other = Other::connect(&database).await;
    other.run("BEGIN").await;
    other.run("UPDATE users SET revision = revision + 10").await;
    let changing = tokio::spawn(async move { store.change_account(&change).await });
    let mut third = Other::connect(&database).await;
    for session in third.waiting().await {
        third.end(session).await;
    }
    other.run("COMMIT").await;
    let user = changing.await.expect("no panic").expect("a change");
    assert_eq!(user.revision.0, 12);
    let events =
        third.number("SELECT COUNT(*) FROM user_events WHERE kind = 'user.roles_set'").await;
    assert_eq!(events, 1);
}
