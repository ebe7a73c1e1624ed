use artisan_store::{CreateUserError, DeleteUser, DeleteUserError, NewUser, Once, Taken, User};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, LATER, NOW, admin, email, joao, migrated, user_id};

artisan_testkit::on_every_engine! {
    an_erased_user_leaves_nothing,
    a_deleted_user_can_be_erased,
    an_erased_users_email_is_free,
    an_erased_users_id_stays_theirs,
    an_unknown_user_cannot_be_erased,
    the_last_active_admin_cannot_be_erased,
    two_admins_cannot_erase_each_other,
}

async fn an_erased_user_leaves_nothing(database: TestDatabase) {
    let store = migrated(database).await;
    let answer = |user: &User| user.email.as_str().as_bytes().to_vec();
    let (key_hash, fingerprint) = ([1; 32], [2; 32]);
    let once = Once { key_hash, fingerprint, answer: &answer, now: NOW, expire_time: END };
    store.create_user_once(&joao("joao@example.com"), &once).await.expect("a new user");
    let found = store.find_user_by_email(&email("joao@example.com")).await;
    let user = found.expect("an answer").expect("a user");
    let session = store.sign_in(user.id, "token").await;
    store.erase_user(user.id, LATER).await.expect("an erasure");
    assert_eq!(store.find_user(user.id).await.expect("an answer"), None);
    assert_eq!(store.find_session(session.id).await.expect("an answer"), None);
    assert_eq!(store.find_request(&once).await.expect("an answer"), None);
    assert!(store.find_credential(&user.email).await.expect("an answer").is_none());
}

async fn an_erased_users_id_stays_theirs(database: TestDatabase) {
    let store = migrated(database).await;
    let id = store.joao().await.id;
    store.erase_user(id, LATER).await.expect("an erasure");
    let heir = || NewUser { id, ..joao("heir@example.com") };
    let refused = store.create_user(&heir()).await;
    assert!(matches!(refused, Err(CreateUserError::IdTaken)), "{refused:?}");
    let refused = store.create_users(&[heir(), joao("other@example.com")]).await;
    let refused = refused.expect("a batch");
    assert_eq!(refused[0], Err(Taken::Id));
    assert!(refused[1].is_ok());
}

async fn a_deleted_user_can_be_erased(database: TestDatabase) {
    let store = migrated(database).await;
    let id = store.joao().await.id;
    let deletion = DeleteUser { id, expected: None, delete_time: LATER, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    store.erase_user(id, LATER).await.expect("an erasure");
    assert_eq!(store.find_user(id).await.expect("an answer"), None);
}

async fn an_erased_users_email_is_free(database: TestDatabase) {
    let store = migrated(database).await;
    let id = store.joao().await.id;
    store.erase_user(id, LATER).await.expect("an erasure");
    store.joao().await;
}

async fn an_unknown_user_cannot_be_erased(database: TestDatabase) {
    let store = migrated(database).await;
    let refused = store.erase_user(user_id(), LATER).await;
    assert!(matches!(refused, Err(DeleteUserError::NotFound)), "{refused:?}");
}

async fn the_last_active_admin_cannot_be_erased(database: TestDatabase) {
    let store = migrated(database).await;
    let root = store.create_user(&admin("root@example.com")).await.expect("a new admin");
    let refused = store.erase_user(root.id, LATER).await;
    assert!(matches!(refused, Err(DeleteUserError::LastAdmin)), "{refused:?}");
    assert_eq!(store.user(root.id).await, root);
    store.create_user(&admin("second@example.com")).await.expect("a new admin");
    store.erase_user(root.id, LATER).await.expect("another one is left");
}

async fn two_admins_cannot_erase_each_other(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..5 {
        let new = |which| admin(&format!("{which}{round}@example.com"));
        let one = store.create_user(&new("one")).await.expect("a new admin").id;
        let two = store.create_user(&new("two")).await.expect("a new admin").id;
        let left = store.find_admin().await.expect("an answer").expect("an admin").id;
        if left != one {
            store.erase_user(left, LATER).await.expect("two others are left");
        }
        match tokio::join!(store.erase_user(one, LATER), store.erase_user(two, LATER)) {
            (Ok(()), Err(DeleteUserError::LastAdmin))
            | (Err(DeleteUserError::LastAdmin), Ok(())) => {}
            other => panic!("round {round}: {other:?}"),
        }
    }
}
