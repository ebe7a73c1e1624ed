use artisan_store::{
    CreateSessionError, CreateUserError, DeleteUser, DeleteUserError, NewSession, Revision,
    Session, SessionId, Store, TokenHash, User, UserId,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, LATER, NOW, admin, email, hash, joao, migrated, new_id, user_id};

artisan_testkit::on_every_engine! {
    a_deleted_user_is_kept_until_the_purge,
    deletion_revokes_the_sessions,
    a_deleted_users_email_stays_taken,
    a_deleted_user_cannot_sign_in,
    a_second_deletion_is_refused,
    a_stale_revision_is_refused,
    an_unknown_user_is_refused,
    the_last_active_admin_stays,
    two_admins_cannot_delete_each_other,
    no_session_outlives_a_deletion_of_the_same_instant,
}

fn deletion(id: UserId) -> DeleteUser {
    DeleteUser { id, expected: None, delete_time: LATER, purge_time: END }
}

async fn a_deleted_user_is_kept_until_the_purge(database: TestDatabase) {
    let store = migrated(database).await;
    let before = store.joao().await;
    let expected = Some(before.revision);
    let deleted = store.delete_user(&DeleteUser { expected, ..deletion(before.id) }).await;
    let expected = User {
        revision: Revision(2),
        update_time: LATER,
        delete_time: Some(LATER),
        purge_time: Some(END),
        ..before
    };
    assert_eq!(deleted.expect("a deletion"), expected);
    assert_eq!(store.user(expected.id).await, expected);
    assert!(!expected.is_active());
    assert_eq!(store.find_roles(expected.id).await.expect("an answer"), None);
}

async fn deletion_revokes_the_sessions(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let session = store.sign_in(user.id, "token").await;
    store.delete_user(&deletion(user.id)).await.expect("a deletion");
    assert_eq!(store.session(session.id).await.revoke_time, Some(LATER));
}

async fn a_deleted_users_email_stays_taken(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    store.delete_user(&deletion(user.id)).await.expect("a deletion");
    let refused = store.create_user(&joao("Joao@Example.com")).await;
    assert!(matches!(refused, Err(CreateUserError::EmailTaken)), "{refused:?}");
    let found = store.find_credential(&email("joao@example.com")).await.expect("an answer");
    assert!(found.is_some_and(|credential| !credential.user.is_active()));
}

async fn a_deleted_user_cannot_sign_in(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    store.delete_user(&deletion(user.id)).await.expect("a deletion");
    let refused = try_sign_in(&store.store, user.id, hash("token")).await;
    assert!(matches!(refused, Err(CreateSessionError::UserNotActive)), "{refused:?}");
}

async fn a_second_deletion_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let deleted = store.delete_user(&deletion(user.id)).await.expect("a deletion");
    let refused = store.delete_user(&deletion(user.id)).await;
    assert!(matches!(refused, Err(DeleteUserError::AlreadyDeleted)), "{refused:?}");
    assert_eq!(store.user(user.id).await, deleted);
}

async fn a_stale_revision_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let expected = Some(Revision(user.revision.0 + 1));
    let refused = store.delete_user(&DeleteUser { expected, ..deletion(user.id) }).await;
    assert!(matches!(refused, Err(DeleteUserError::Stale)), "{refused:?}");
    assert_eq!(store.user(user.id).await, user);
}

async fn an_unknown_user_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let refused = store.delete_user(&deletion(user_id())).await;
    assert!(matches!(refused, Err(DeleteUserError::NotFound)), "{refused:?}");
}

async fn the_last_active_admin_stays(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    let first = store.create_user(&admin("first@example.com")).await.expect("a new admin");
    let refused = store.delete_user(&deletion(first.id)).await;
    assert!(matches!(refused, Err(DeleteUserError::LastAdmin)), "{refused:?}");
    assert_eq!(store.user(first.id).await, first);
    store.create_user(&admin("second@example.com")).await.expect("a new admin");
    store.delete_user(&deletion(first.id)).await.expect("another one is left");
}

async fn two_admins_cannot_delete_each_other(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..5 {
        let new = |which| admin(&format!("{which}{round}@example.com"));
        let one = store.create_user(&new("one")).await.expect("a new admin").id;
        let two = store.create_user(&new("two")).await.expect("a new admin").id;
        // The admin that the round before has left over.
        let left = store.find_admin().await.expect("an answer").expect("an admin").id;
        if left != one {
            store.delete_user(&deletion(left)).await.expect("two others are left");
        }
        let (one, two) = (deletion(one), deletion(two));
        match tokio::join!(store.delete_user(&one), store.delete_user(&two)) {
            (Ok(_), Err(DeleteUserError::LastAdmin)) | (Err(DeleteUserError::LastAdmin), Ok(_)) => {
            }
            other => panic!("round {round}: {other:?}"),
        }
        assert_eq!(store.count_active_admins().await.expect("a count"), 1);
    }
}

async fn no_session_outlives_a_deletion_of_the_same_instant(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..10 {
        let new = joao(&format!("joao{round}@example.com"));
        let user = store.create_user(&new).await.expect("a new user").id;
        let sign_ins: Vec<_> = (0..6)
            .map(|number| {
                let (store, token) = (store.store.clone(), hash(&format!("{round} {number}")));
                tokio::spawn(async move { try_sign_in(&store, user, token).await })
            })
            .collect();
        store.delete_user(&deletion(user)).await.expect("a deletion");
        for sign_in in sign_ins {
            match sign_in.await.expect("no panic") {
                Ok(_) | Err(CreateSessionError::UserNotActive) => {}
                Err(CreateSessionError::Store(error)) => panic!("round {round}: {error:?}"),
            }
        }
        let sessions = store.list_sessions(user).await.expect("a list");
        let live = sessions.iter().filter(|session| session.revoke_time.is_none()).count();
        assert_eq!(live, 0, "round {round}");
    }
}

async fn try_sign_in(
    store: &Store,
    user_id: UserId,
    token_hash: TokenHash,
) -> Result<Session, CreateSessionError> {
    let id = SessionId(new_id());
    let new = NewSession { id, user_id, token_hash, create_time: NOW, expire_time: END };
    store.create_session(&new).await
}
