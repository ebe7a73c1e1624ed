use artisan_store::{DeleteUser, RotateError, Rotation, Session};
use artisan_testkit::TestDatabase;
use time::Duration;

use crate::fixture::{END, Fixture, LATER, NOW, after, hash, joao, migrated};

artisan_testkit::on_every_engine! {
    a_token_is_exchanged_for_its_successor,
    a_chain_of_tokens_lives_on,
    an_unknown_token_is_refused,
    an_expired_token_is_refused,
    a_token_of_a_revoked_session_is_refused,
    a_used_token_revokes_its_session_and_no_other,
    a_used_token_stays_reused,
    the_same_rotation_again_is_the_same,
    the_same_rotation_is_another_one_later,
    a_deleted_user_gets_no_token,
    one_of_two_at_the_same_instant_wins,
}

fn rotation(presented: &str, successor: &str) -> Rotation {
    let (presented, successor) = (hash(presented), hash(successor));
    Rotation { presented, successor, now: LATER, expire_time: after(90 * 86_400) }
}

async fn signed_in(database: TestDatabase) -> (Fixture, Session) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let session = store.sign_in(user.id, "first").await;
    (store, session)
}

async fn a_token_is_exchanged_for_its_successor(database: TestDatabase) {
    let (store, session) = signed_in(database).await;
    let rotation = rotation("first", "second");
    let refreshed = store.rotate_refresh_token(&rotation).await.expect("a rotation");
    let expected = Session { refresh_time: LATER, expire_time: rotation.expire_time, ..session };
    assert_eq!(refreshed.session, expected);
    assert_eq!(store.session(session.id).await, expected);
    assert_eq!(refreshed.user, store.user(session.user_id).await);
}

async fn a_chain_of_tokens_lives_on(database: TestDatabase) {
    let (store, session) = signed_in(database).await;
    let chain = ["first", "second", "third", "fourth"];
    for pair in chain.windows(2) {
        let refreshed = store.rotate_refresh_token(&rotation(pair[0], pair[1])).await;
        assert_eq!(refreshed.expect("a rotation").session.id, session.id);
    }
}

async fn an_unknown_token_is_refused(database: TestDatabase) {
    let (store, _) = signed_in(database).await;
    let refused = store.rotate_refresh_token(&rotation("forged", "second")).await;
    assert!(matches!(refused, Err(RotateError::Unknown)), "{refused:?}");
}

async fn an_expired_token_is_refused(database: TestDatabase) {
    let (store, session) = signed_in(database).await;
    let late = Rotation { now: END, ..rotation("first", "second") };
    let refused = store.rotate_refresh_token(&late).await;
    assert!(matches!(refused, Err(RotateError::Expired)), "{refused:?}");
    assert_eq!(store.session(session.id).await, session);
}

async fn a_token_of_a_revoked_session_is_refused(database: TestDatabase) {
    let (store, session) = signed_in(database).await;
    store.revoke_session(session.user_id, session.id, NOW).await.expect("a revocation");
    let refused = store.rotate_refresh_token(&rotation("first", "second")).await;
    assert!(matches!(refused, Err(RotateError::Revoked)), "{refused:?}");
}

async fn a_used_token_revokes_its_session_and_no_other(database: TestDatabase) {
    let (store, session) = signed_in(database).await;
    let other = store.sign_in(session.user_id, "other").await;
    store.rotate_refresh_token(&rotation("first", "second")).await.expect("a rotation");
    let refused = store.rotate_refresh_token(&rotation("first", "stolen")).await;
    let Err(RotateError::Reused { session_id, user_id }) = refused else { panic!("{refused:?}") };
    assert_eq!((session_id, user_id), (session.id, session.user_id));
    assert_eq!(store.session(session.id).await.revoke_time, Some(LATER));
    let refused = store.rotate_refresh_token(&rotation("second", "third")).await;
    assert!(matches!(refused, Err(RotateError::Revoked)), "{refused:?}");
    let refused = store.rotate_refresh_token(&rotation("stolen", "third")).await;
    assert!(matches!(refused, Err(RotateError::Unknown)), "{refused:?}");
    assert_eq!(store.session(other.id).await, other);
}

async fn a_used_token_stays_reused(database: TestDatabase) {
    let (store, _) = signed_in(database).await;
    store.rotate_refresh_token(&rotation("first", "second")).await.expect("a rotation");
    for successor in ["third", "fourth"] {
        let refused = store.rotate_refresh_token(&rotation("first", successor)).await;
        assert!(matches!(refused, Err(RotateError::Reused { .. })), "{refused:?}");
    }
    let refused = store.rotate_refresh_token(&rotation("first", "second")).await;
    assert!(matches!(refused, Err(RotateError::Reused { .. })), "{refused:?}");
}

async fn the_same_rotation_again_is_the_same(database: TestDatabase) {
    let (store, _) = signed_in(database).await;
    let rotation = rotation("first", "second");
    let once = store.rotate_refresh_token(&rotation).await.expect("a rotation");
    let twice = store.rotate_refresh_token(&rotation).await.expect("the same rotation");
    assert_eq!(once, twice);
}

async fn the_same_rotation_is_another_one_later(database: TestDatabase) {
    let (store, _) = signed_in(database).await;
    let first = rotation("first", "second");
    store.rotate_refresh_token(&first).await.expect("a rotation");
    // The clocks of two replicas differ.
    for seconds in [-10, 10] {
        let again = Rotation { now: LATER + Duration::seconds(seconds), ..first };
        store.rotate_refresh_token(&again).await.expect("the same rotation");
    }
    let late = Rotation { now: LATER + Duration::seconds(11), ..first };
    let refused = store.rotate_refresh_token(&late).await;
    assert!(matches!(refused, Err(RotateError::Reused { .. })), "{refused:?}");
}

async fn a_deleted_user_gets_no_token(database: TestDatabase) {
    let (store, session) = signed_in(database).await;
    let deletion =
        DeleteUser { id: session.user_id, expected: None, delete_time: NOW, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    let refused = store.rotate_refresh_token(&rotation("first", "second")).await;
    assert!(matches!(refused, Err(RotateError::Revoked)), "{refused:?}");
    // Deactivated without a revocation, as nobody should.
    let user = store.create_user(&joao("maria@example.com")).await.expect("a new user");
    store.sign_in(user.id, "hers").await;
    store.database.execute("UPDATE users SET state = 'INACTIVE' WHERE delete_time IS NULL").await;
    let refused = store.rotate_refresh_token(&rotation("hers", "next")).await;
    assert!(matches!(refused, Err(RotateError::UserNotActive)), "{refused:?}");
}

async fn one_of_two_at_the_same_instant_wins(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    for round in 0..10 {
        let first = format!("first {round}");
        let session = store.sign_in(user.id, &first).await;
        let one = rotation(&first, &format!("one {round}"));
        let two = rotation(&first, &format!("two {round}"));
        let both = tokio::join!(store.rotate_refresh_token(&one), store.rotate_refresh_token(&two));
        match both {
            (Ok(_), Err(RotateError::Reused { .. })) | (Err(RotateError::Reused { .. }), Ok(_)) => {
            }
            other => panic!("round {round}: {other:?}"),
        }
        assert_eq!(store.session(session.id).await.revoke_time, Some(LATER));
    }
}
