//! What one of all replicas does from time to time.

use std::time::Duration;

use artisan_proto::artisan::user::v1::{DeleteUserRequest, GetUserRequest};
use artisan_store::{Store, StoreOptions};
use artisan_testkit::{TestDatabase, on_every_engine};
use artisan_user_service::App;
use artisan_user_service::clock::Sources;

use crate::harness::{Harness, buyer, by, problem_of};

on_every_engine! {
    deleted_users_are_purged_when_their_time_has_come,
    of_two_replicas_one_keeps_house,
}

async fn delete(harness: &Harness, admin: &str, email: &str) -> String {
    let user = harness.register(buyer(email)).await.unwrap();
    let delete = DeleteUserRequest { name: user.name.clone(), ..DeleteUserRequest::default() };
    harness.users().delete_user(by(admin, delete)).await.unwrap();
    user.name
}

async fn deleted_users_are_purged_when_their_time_has_come(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let name = delete(&harness, &admin, "a@example.com").await;
    harness.clock.advance(Duration::from_hours(24 * 29));
    let kept = harness.app.keep_house().await.unwrap();
    assert!(kept.in_charge);
    assert_eq!(kept.users_purged, 0);
    harness.clock.advance(Duration::from_hours(25));
    assert_eq!(harness.app.keep_house().await.unwrap().users_purged, 1);
    let admin = harness.admin().await;
    let gone = harness.users().get_user(by(&admin, GetUserRequest { name })).await;
    assert_eq!(problem_of(gone).1, "USER_NOT_FOUND");
    harness.register(buyer("a@example.com")).await.unwrap();
}

/// A second service on the same database and by the same clock.
fn replica(harness: &Harness) -> App {
    let store = Store::connect(harness.database.url(), StoreOptions::default()).unwrap();
    let clock = harness.clock.clone();
    let sources = Sources::new(clock, std::sync::Arc::new(crate::harness::RandomIds));
    App::build(&harness.config, store, sources).unwrap()
}

async fn of_two_replicas_one_keeps_house(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let other = replica(&harness);
    for number in 0..5 {
        delete(&harness, &admin, &format!("u{number}@example.com")).await;
    }
    harness.clock.advance(Duration::from_hours(24 * 31));
    let both = tokio::join!(harness.app.keep_house(), other.keep_house());
    let both = [both.0.unwrap(), both.1.unwrap()];
    assert_eq!(both.iter().filter(|kept| kept.in_charge).count(), 1, "{both:?}");
    assert_eq!(both.iter().map(|kept| kept.users_purged).sum::<usize>(), 5, "{both:?}");
    // The one in charge stays it, until it does not come back in time.
    let (mine, others) = (harness.app.keep_house().await, other.keep_house().await);
    assert_eq!(mine.unwrap().in_charge, both[0].in_charge);
    assert_eq!(others.unwrap().in_charge, both[1].in_charge);
    harness.clock.advance(Duration::from_mins(3));
    let heir = if both[0].in_charge { &other } else { &harness.app };
    assert!(heir.keep_house().await.unwrap().in_charge);
}
