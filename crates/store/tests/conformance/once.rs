use artisan_store::{
    CreateUserError, Done, NewUser, Once, Repeated, UpdateUser, UpdateUserError, User,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, LATER, NOW, buyer, joao, migrated};

artisan_testkit::on_every_engine! {
    the_same_call_again_gets_the_same_answer,
    another_call_under_the_same_id_is_told_apart,
    of_two_at_the_same_instant_one_creates,
    a_change_happens_once,
    a_refused_call_is_not_remembered,
    an_expired_id_is_free_again,
    a_call_that_wrote_nothing_is_remembered,
}

fn answer(user: &User) -> Vec<u8> {
    format!("{} {}", user.id, user.revision.0).into_bytes()
}

fn once(key: u8, fingerprint: u8) -> Once<'static> {
    Once {
        key_hash: [key; 32],
        fingerprint: [fingerprint; 32],
        answer: &answer,
        now: NOW,
        expire_time: LATER,
    }
}

fn rename(user: &User, name: &str) -> UpdateUser {
    UpdateUser {
        id: user.id,
        expected: Some(user.revision),
        profile: Some(buyer(name)),
        address: None,
        update_time: LATER,
    }
}

async fn the_same_call_again_gets_the_same_answer(database: TestDatabase) {
    let store = migrated(database).await;
    let new = joao("joao@example.com");
    assert_eq!(store.find_request(&once(1, 1)).await.expect("an answer"), None);
    let first = store.create_user_once(&new, &once(1, 1)).await.expect("a new user");
    let Done::Now(user) = first else { panic!("{first:?}") };
    let same = Repeated::Same(answer(&user));
    // A repetition has an id of its own: the service makes one for each call.
    let again = NewUser { id: joao("x@example.com").id, ..new };
    let second = store.create_user_once(&again, &once(1, 1)).await.expect("an answer");
    assert_eq!(second, Done::Before(same.clone()));
    assert_eq!(store.find_request(&once(1, 1)).await.expect("an answer"), Some(same));
}

async fn another_call_under_the_same_id_is_told_apart(database: TestDatabase) {
    let store = migrated(database).await;
    let first = store.create_user_once(&joao("joao@example.com"), &once(1, 1)).await;
    first.expect("a new user");
    let other = joao("maria@example.com");
    let second = store.create_user_once(&other, &once(1, 2)).await.expect("an answer");
    assert_eq!(second, Done::Before(Repeated::Other));
    assert_eq!(store.find_user(other.id).await.expect("an answer"), None);
    let third = store.create_user_once(&other, &once(2, 2)).await.expect("an answer");
    assert!(matches!(third, Done::Now(_)), "{third:?}");
}

async fn of_two_at_the_same_instant_one_creates(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..10 {
        let (one, mut two) = (joao(&format!("j{round}@example.com")), joao("x@example.com"));
        two.email = one.email.clone();
        let (key, call) = (round, once(round, 1));
        let results =
            tokio::join!(store.create_user_once(&one, &call), store.create_user_once(&two, &call));
        let (user, repeated) = match results {
            (Ok(Done::Now(user)), Ok(Done::Before(repeated)))
            | (Ok(Done::Before(repeated)), Ok(Done::Now(user))) => (user, repeated),
            other => panic!("round {key}: {other:?}"),
        };
        assert_eq!(repeated, Repeated::Same(answer(&user)));
    }
}

async fn a_change_happens_once(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let change = rename(&user, "João");
    let first = store.update_user_once(&change, &once(1, 1)).await.expect("a change");
    let Done::Now(changed) = first else { panic!("{first:?}") };
    let second = store.update_user_once(&change, &once(1, 1)).await.expect("an answer");
    assert_eq!(second, Done::Before(Repeated::Same(answer(&changed))));
    assert_eq!(store.user(user.id).await, changed);
    let stale = store.update_user_once(&change, &once(2, 1)).await;
    assert!(matches!(stale, Err(UpdateUserError::Stale)), "{stale:?}");
    let current = rename(&changed, "Maria");
    let call = once(3, 1);
    let both = tokio::join!(
        store.update_user_once(&current, &call),
        store.update_user_once(&current, &call)
    );
    assert!(
        matches!(
            both,
            (Ok(Done::Now(_)), Ok(Done::Before(Repeated::Same(_))))
                | (Ok(Done::Before(Repeated::Same(_))), Ok(Done::Now(_)))
        ),
        "{both:?}"
    );
}

async fn a_refused_call_is_not_remembered(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    let refused = store.create_user_once(&joao("JOAO@example.com"), &once(1, 1)).await;
    assert!(matches!(refused, Err(CreateUserError::EmailTaken)), "{refused:?}");
    let retried = store.create_user_once(&joao("maria@example.com"), &once(1, 2)).await;
    assert!(matches!(retried, Ok(Done::Now(_))), "{retried:?}");
}

async fn an_expired_id_is_free_again(database: TestDatabase) {
    let store = migrated(database).await;
    store.create_user_once(&joao("joao@example.com"), &once(1, 1)).await.expect("a new user");
    let later = Once { now: LATER, expire_time: END, ..once(1, 2) };
    assert_eq!(store.find_request(&later).await.expect("an answer"), None);
    let second = store.create_user_once(&joao("maria@example.com"), &later).await;
    assert!(matches!(second, Ok(Done::Now(_))), "{second:?}");
}

async fn a_call_that_wrote_nothing_is_remembered(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    assert_eq!(store.remember_request(&user, &once(1, 1)).await.expect("an answer"), None);
    let again = store.remember_request(&user, &once(1, 1)).await.expect("an answer");
    assert_eq!(again, Some(Repeated::Same(answer(&user))));
    let other = store.remember_request(&user, &once(1, 2)).await.expect("an answer");
    assert_eq!(other, Some(Repeated::Other));
}
