use artisan_store::{BeginSignInError, SignInAttempt, SignInEnd};
use artisan_testkit::TestDatabase;
use time::{Duration, OffsetDateTime};

use crate::fixture::{Fixture, NOW, after, hash, migrated};

artisan_testkit::on_every_engine! {
    an_attempt_counts_until_something_else_is_said_of_it,
    of_many_at_once_no_more_are_let_through,
    failures_are_forgotten_after_a_day,
    a_place_is_known_until_its_user_is_erased,
    who_is_erased_while_they_sign_in_is_known_nowhere,
}

fn attempt(place: &str, account: &str, time: OffsetDateTime) -> SignInAttempt {
    let account = Some(hash(account));
    SignInAttempt { place: hash(place), is_shared: false, account, origin: None, time }
}

/// How many attempts in a row are let through.
async fn let_through(store: &Fixture, attempt: &SignInAttempt) -> usize {
    for count in 0..100 {
        match store.begin_sign_in(attempt).await {
            Ok(_) => {}
            Err(BeginSignInError::Limited { until }) => {
                assert!(until > attempt.time);
                return count;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("nothing is held back")
}

async fn an_attempt_counts_until_something_else_is_said_of_it(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let here = attempt("here", "joao", NOW);
    for end in [SignInEnd::Unchecked, SignInEnd::Unchecked, SignInEnd::Right(user)] {
        let begun = store.begin_sign_in(&here).await.expect("an attempt");
        store.end_sign_in(&begun, end, NOW).await.expect("its end");
    }
    assert_eq!(let_through(&store, &here).await, 20, "more where the account is known");
    assert_eq!(let_through(&store, &attempt("there", "joao", NOW)).await, 10);
    // Nothing was counted while it was refused.
    assert_eq!(let_through(&store, &attempt("there", "joao", after(1))).await, 1);
    assert_eq!(let_through(&store, &attempt("there", "joao", after(2))).await, 0);
    assert_eq!(let_through(&store, &attempt("there", "joao", after(3))).await, 1);
}

async fn of_many_at_once_no_more_are_let_through(database: TestDatabase) {
    let store = migrated(database).await;
    let here = attempt("here", "joao", NOW);
    let all = (0..20).map(|_| store.begin_sign_in(&here));
    let mut through = 0;
    for begun in futures(all).await {
        match begun {
            Ok(_) => through += 1,
            Err(BeginSignInError::Limited { .. }) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(through, 10);
}

/// All of them at once, without a crate for it.
async fn futures<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    use std::task::Poll;
    let mut all: Vec<_> = all.map(Box::pin).map(|future| (Some(future), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, output) in &mut all {
            if let Some(running) = future
                && let Poll::Ready(value) = running.as_mut().poll(context)
            {
                (*future, *output) = (None, Some(value));
            }
        }
        if all.iter().any(|(future, _)| future.is_some()) {
            return Poll::Pending;
        }
        Poll::Ready(all.iter_mut().filter_map(|(_, output)| output.take()).collect())
    })
    .await
}

async fn failures_are_forgotten_after_a_day(database: TestDatabase) {
    let store = migrated(database).await;
    assert_eq!(let_through(&store, &attempt("here", "joao", NOW)).await, 10);
    let next_day = NOW + Duration::hours(25);
    assert_eq!(let_through(&store, &attempt("here", "joao", next_day)).await, 10);
}

async fn a_place_is_known_until_its_user_is_erased(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let home = attempt("home", "joao", NOW);
    let begun = store.begin_sign_in(&home).await.expect("an attempt");
    store.end_sign_in(&begun, SignInEnd::Right(user), NOW).await.expect("its end");
    for number in 0..50 {
        let elsewhere = attempt(&format!("place {number}"), "joao", NOW);
        let _ = store.begin_sign_in(&elsewhere).await.expect("an attempt");
    }
    assert_eq!(let_through(&store, &attempt("new", "joao", NOW)).await, 1);
    store.erase_user(user, NOW).await.expect("an erasure");
    assert_eq!(
        let_through(&store, &home).await,
        1,
        "nothing is left of where it was signed in from"
    );
}

async fn who_is_erased_while_they_sign_in_is_known_nowhere(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let home = attempt("home", "joao", NOW);
    let begun = store.begin_sign_in(&home).await.expect("an attempt");
    store.erase_user(user, NOW).await.expect("an erasure");
    store.end_sign_in(&begun, SignInEnd::Right(user), NOW).await.expect("its end");
    assert_eq!(let_through(&store, &home).await, 9, "as much as a stranger, the attempt counted");
}
