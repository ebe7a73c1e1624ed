use artisan_testkit::TestDatabase;

use crate::fixture::{HASH, admin, email, joao, migrated, user_id};

artisan_testkit::on_every_engine! {
    an_unknown_user_is_not_found,
    a_user_is_found_by_email_in_any_case,
    a_credential_comes_with_its_user,
    roles_are_those_of_active_users,
}

async fn an_unknown_user_is_not_found(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    assert_eq!(store.find_user(user_id()).await.expect("an answer"), None);
    let nobody = email("nobody@example.com");
    assert_eq!(store.find_user_by_email(&nobody).await.expect("an answer"), None);
    assert!(store.find_credential(&nobody).await.expect("an answer").is_none());
    assert_eq!(store.find_roles(user_id()).await.expect("an answer"), None);
}

async fn a_user_is_found_by_email_in_any_case(database: TestDatabase) {
    let store = migrated(database).await;
    let created = store.create_user(&joao("Ação@Example.com")).await.expect("a new user");
    for text in ["Ação@Example.com", "AÇÃO@EXAMPLE.COM", "ac\u{327}a\u{303}o@example.com"] {
        let found = store.find_user_by_email(&email(text)).await.expect("an answer");
        assert_eq!(found.as_ref(), Some(&created), "{text}");
    }
}

async fn a_credential_comes_with_its_user(database: TestDatabase) {
    let store = migrated(database).await;
    let created = store.create_user(&admin("root@example.com")).await.expect("a new user");
    let found = store.find_credential(&email("ROOT@example.com")).await.expect("an answer");
    let credential = found.expect("a credential");
    assert_eq!(credential.user, created);
    assert_eq!(credential.password_hash, HASH);
    assert!(!format!("{credential:?}").contains(HASH));
}

async fn roles_are_those_of_active_users(database: TestDatabase) {
    let store = migrated(database).await;
    let plain = store.joao().await;
    let roles = store.find_roles(plain.id).await.expect("an answer");
    assert!(roles.is_some_and(|roles| roles.is_empty()));
    let root = store.create_user(&admin("root@example.com")).await.expect("a new user");
    let roles = store.find_roles(root.id).await.expect("an answer");
    assert_eq!(roles, Some(root.roles));
}
