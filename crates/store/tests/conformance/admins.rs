use artisan_store::{CreateUserError, EnsuredAdmin, NewUser, Role, UserState};
use artisan_testkit::TestDatabase;

use crate::fixture::{admin, after, joao, migrated};

artisan_testkit::on_every_engine! {
    the_first_admin_is_made_once,
    an_inactive_admin_does_not_count,
    a_taken_email_makes_no_admin,
    one_of_several_at_the_same_instant_makes_the_admin,
    the_oldest_active_admin_is_found,
}

async fn the_first_admin_is_made_once(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    assert_eq!(store.count_active_admins().await.expect("a count"), 0);
    assert_eq!(store.find_admin().await.expect("an answer"), None);
    let ensured = store.ensure_admin(&admin("root@example.com")).await.expect("an admin");
    let EnsuredAdmin::Created(root) = ensured else { panic!("{ensured:?}") };
    assert!(root.roles.contains(Role::Admin));
    let ensured = store.ensure_admin(&admin("other@example.com")).await.expect("an answer");
    assert_eq!(ensured, EnsuredAdmin::Exists);
    assert_eq!(store.count_active_admins().await.expect("a count"), 1);
    assert_eq!(store.find_admin().await.expect("an answer"), Some(root));
}

async fn an_inactive_admin_does_not_count(database: TestDatabase) {
    let store = migrated(database).await;
    let inactive = NewUser { state: UserState::Inactive, ..admin("old@example.com") };
    store.create_user(&inactive).await.expect("a new admin");
    assert_eq!(store.count_active_admins().await.expect("a count"), 0);
    let ensured = store.ensure_admin(&admin("root@example.com")).await.expect("an admin");
    assert!(matches!(ensured, EnsuredAdmin::Created(_)), "{ensured:?}");
}

async fn a_taken_email_makes_no_admin(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.create_user(&joao("root@example.com")).await.expect("a new user");
    let refused = store.ensure_admin(&admin("ROOT@example.com")).await;
    assert!(matches!(refused, Err(CreateUserError::EmailTaken)), "{refused:?}");
    let again = NewUser { id: user.id, ..admin("other@example.com") };
    let refused = store.ensure_admin(&again).await;
    assert!(matches!(refused, Err(CreateUserError::IdTaken)), "{refused:?}");
    assert_eq!(store.count_active_admins().await.expect("a count"), 0);
}

async fn one_of_several_at_the_same_instant_makes_the_admin(database: TestDatabase) {
    let store = migrated(database).await;
    let replicas = (0..6).map(|number| {
        let store = store.store.clone();
        tokio::spawn(async move {
            store.ensure_admin(&admin(&format!("root{number}@example.com"))).await
        })
    });
    let mut created = 0;
    for replica in replicas.collect::<Vec<_>>() {
        let ensured = replica.await.expect("no panic").expect("an answer");
        created += u32::from(matches!(ensured, EnsuredAdmin::Created(_)));
    }
    assert_eq!(created, 1);
    assert_eq!(store.count_active_admins().await.expect("a count"), 1);
}

async fn the_oldest_active_admin_is_found(database: TestDatabase) {
    let store = migrated(database).await;
    let at = |seconds, email: &str| NewUser { create_time: after(seconds), ..admin(email) };
    store.create_user(&at(20, "young@example.com")).await.expect("a new admin");
    let oldest = store.create_user(&at(10, "old@example.com")).await.expect("a new admin");
    let inactive = NewUser { state: UserState::Inactive, ..at(1, "gone@example.com") };
    store.create_user(&inactive).await.expect("a new admin");
    assert_eq!(store.find_admin().await.expect("an answer"), Some(oldest));
}
