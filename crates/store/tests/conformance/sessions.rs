use artisan_store::{
    CreateSessionError, NewSession, NewUser, RevokeSessionError, Role, Session, SessionId, UserId,
    UserState,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, LATER, NOW, admin, after, hash, joao, migrated, new_id, user_id};

artisan_testkit::on_every_engine! {
    a_new_session_is_read_back_as_it_was_created,
    only_active_users_get_one,
    an_unknown_session_is_not_found,
    sessions_are_listed_newest_first,
    a_session_is_revoked_once,
    nobody_revokes_anothers_session,
    all_sessions_of_one_user_are_revoked,
    a_session_may_last_beyond_2038,
    a_caller_has_state_and_roles,
}

fn new_session(user_id: UserId) -> NewSession {
    let id = SessionId(new_id());
    let token_hash = hash(&id.to_string());
    NewSession { id, user_id, token_hash, create_time: NOW, expire_time: END }
}

async fn a_new_session_is_read_back_as_it_was_created(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let new = new_session(user.id);
    let created = store.create_session(&new).await.expect("a new session");
    let expected = Session {
        id: new.id,
        user_id: user.id,
        create_time: NOW,
        refresh_time: NOW,
        expire_time: END,
        revoke_time: None,
    };
    assert_eq!(created, expected);
    assert_eq!(store.session(new.id).await, expected);
    assert!(expected.is_live(NOW) && !expected.is_live(END));
}

async fn only_active_users_get_one(database: TestDatabase) {
    let store = migrated(database).await;
    for (number, state) in [UserState::Inactive, UserState::Pending].into_iter().enumerate() {
        let new = NewUser { state, ..joao(&format!("user{number}@example.com")) };
        store.create_user(&new).await.expect("a new user");
        let refused = store.create_session(&new_session(new.id)).await;
        assert!(matches!(refused, Err(CreateSessionError::UserNotActive)), "{refused:?}");
    }
    let refused = store.create_session(&new_session(user_id())).await;
    assert!(matches!(refused, Err(CreateSessionError::UserNotActive)), "{refused:?}");
}

async fn an_unknown_session_is_not_found(database: TestDatabase) {
    let store = migrated(database).await;
    let id = SessionId(new_id());
    assert_eq!(store.find_session(id).await.expect("an answer"), None);
    assert_eq!(store.find_caller(id).await.expect("an answer"), None);
    let refused = store.revoke_session(user_id(), id, NOW).await;
    assert!(matches!(refused, Err(RevokeSessionError::NotFound)), "{refused:?}");
}

async fn sessions_are_listed_newest_first(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let mut expected = Vec::new();
    for seconds in [10, 30, 20] {
        let new = NewSession { create_time: after(seconds), ..new_session(user) };
        expected.push(store.create_session(&new).await.expect("a new session"));
    }
    expected.sort_by_key(|session| std::cmp::Reverse(session.create_time));
    assert_eq!(store.list_sessions(user).await.expect("a list"), expected);
    assert!(store.list_sessions(user_id()).await.expect("a list").is_empty());
}

async fn a_session_is_revoked_once(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let session = store.sign_in(user, "token").await;
    let other = store.sign_in(user, "other").await;
    let revoked = store.revoke_session(user, session.id, NOW).await.expect("a revocation");
    assert_eq!(revoked, Session { revoke_time: Some(NOW), ..session });
    let again = store.revoke_session(user, session.id, LATER).await.expect("a revocation");
    assert_eq!(again, revoked);
    assert!(!revoked.is_live(NOW));
    assert_eq!(store.session(other.id).await, other);
}

async fn nobody_revokes_anothers_session(database: TestDatabase) {
    let store = migrated(database).await;
    let session = store.sign_in(store.joao().await.id, "token").await;
    let stranger = store.create_user(&joao("maria@example.com")).await.expect("a new user");
    let refused = store.revoke_session(stranger.id, session.id, NOW).await;
    assert!(matches!(refused, Err(RevokeSessionError::NotFound)), "{refused:?}");
    assert_eq!(store.session(session.id).await, session);
}

async fn all_sessions_of_one_user_are_revoked(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let maria = store.create_user(&joao("maria@example.com")).await.expect("a new user").id;
    for token in ["one", "two", "three"] {
        store.sign_in(user, token).await;
    }
    let hers = store.sign_in(maria, "hers").await;
    assert_eq!(store.revoke_sessions(user, LATER).await.expect("a revocation"), 3);
    assert_eq!(store.revoke_sessions(user, END).await.expect("a revocation"), 0);
    let sessions = store.list_sessions(user).await.expect("a list");
    assert!(sessions.iter().all(|session| session.revoke_time == Some(LATER)));
    assert_eq!(store.session(hers.id).await, hers);
}

async fn a_session_may_last_beyond_2038(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let expire_time = time::macros::datetime!(2126-11-23 12:00:00.000_001 UTC);
    let new = NewSession { expire_time, ..new_session(user) };
    let session = store.create_session(&new).await.expect("a new session");
    assert_eq!(store.session(session.id).await, session);
    assert_eq!(session.expire_time, expire_time);
}

async fn a_caller_has_state_and_roles(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let root = store.create_user(&admin("root@example.com")).await.expect("a new admin").id;
    let (one, two) = (store.sign_in(user, "one").await, store.sign_in(root, "two").await);
    let caller = store.find_caller(one.id).await.expect("an answer").expect("a caller");
    assert_eq!((caller.session, caller.user_state), (one, UserState::Active));
    assert!(caller.roles.is_empty() && caller.is_live(NOW));
    let caller = store.find_caller(two.id).await.expect("an answer").expect("a caller");
    assert!(caller.roles.contains(Role::Admin));
    store.revoke_sessions(user, LATER).await.expect("a revocation");
    let caller = store.find_caller(one.id).await.expect("an answer").expect("a caller");
    assert!(!caller.is_live(NOW));
}
