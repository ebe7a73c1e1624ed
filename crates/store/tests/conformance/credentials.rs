use artisan_store::{DeleteUser, ReplacePasswordError};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, Fixture, HASH, LATER, email, migrated, user_id};

artisan_testkit::on_every_engine! {
    a_hash_is_renewed_once,
    a_hash_that_changed_meanwhile_is_not_renewed,
    a_replaced_password_ends_the_sessions,
    an_unknown_or_deleted_user_has_no_password_to_replace,
    the_longest_hash_fits,
}

const NEW: &str = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$bmV3";

async fn stored_hash(store: &Fixture) -> String {
    let found = store.find_credential(&email("joao@example.com")).await.expect("an answer");
    found.expect("a credential").password_hash
}

async fn a_hash_is_renewed_once(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let session = store.sign_in(user.id, "token").await;
    assert!(store.rehash(user.id, HASH, NEW, LATER).await.expect("an answer"));
    assert!(!store.rehash(user.id, HASH, NEW, LATER).await.expect("an answer"));
    assert_eq!(stored_hash(&store).await, NEW);
    assert_eq!(store.session(session.id).await, session);
    assert_eq!(store.user(user.id).await, user);
}

async fn a_hash_that_changed_meanwhile_is_not_renewed(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    store.replace_password(user.id, NEW, LATER).await.expect("a new password");
    let upper = HASH.to_uppercase();
    assert!(!store.rehash(user.id, HASH, &upper, LATER).await.expect("an answer"));
    assert!(!store.rehash(user.id, &NEW.to_uppercase(), HASH, LATER).await.expect("an answer"));
    assert_eq!(stored_hash(&store).await, NEW);
}

async fn a_replaced_password_ends_the_sessions(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let session = store.sign_in(user.id, "token").await;
    store.replace_password(user.id, NEW, LATER).await.expect("a new password");
    assert_eq!(stored_hash(&store).await, NEW);
    assert_eq!(store.session(session.id).await.revoke_time, Some(LATER));
}

async fn an_unknown_or_deleted_user_has_no_password_to_replace(database: TestDatabase) {
    let store = migrated(database).await;
    let refused = store.replace_password(user_id(), NEW, LATER).await;
    assert!(matches!(refused, Err(ReplacePasswordError::NotFound)), "{refused:?}");
    let id = store.joao().await.id;
    let deletion = DeleteUser { id, expected: None, delete_time: LATER, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    let refused = store.replace_password(id, NEW, LATER).await;
    assert!(matches!(refused, Err(ReplacePasswordError::NotFound)), "{refused:?}");
    assert_eq!(stored_hash(&store).await, HASH);
}

async fn the_longest_hash_fits(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let long = "x".repeat(512);
    store.replace_password(user.id, &long, LATER).await.expect("a new password");
    assert_eq!(stored_hash(&store).await, long);
}
