use artisan_store::{Lease, Store, StoreOptions};
use artisan_testkit::TestDatabase;
use time::{Duration, OffsetDateTime};

use crate::fixture::{NOW, migrated, new_id};

artisan_testkit::on_every_engine! {
    relay_goes_on_after_what_was_noted,
    relay_is_given_back_and_taken_over,
    one_replica_of_two_relays,
}

fn lease(now: OffsetDateTime) -> Lease {
    Lease { holder: new_id(), now, until: now + Duration::minutes(1) }
}

async fn relay_goes_on_after_what_was_noted(database: TestDatabase) {
    let store = migrated(database).await;
    let mine = lease(NOW);
    assert_eq!(store.hold_relay(&mine).await.expect("an answer"), Some(0));
    for (number, place) in [(7, 7), (7, 7), (12, 12), (9, 12)] {
        assert!(store.note_relayed(&mine, number).await.expect("an answer"));
        assert_eq!(store.hold_relay(&mine).await.expect("an answer"), Some(place));
    }
}

async fn relay_is_given_back_and_taken_over(database: TestDatabase) {
    let store = migrated(database).await;
    let (mine, other) = (lease(NOW), lease(NOW));
    store.hold_relay(&mine).await.expect("an answer");
    assert_eq!(store.hold_relay(&other).await.expect("an answer"), None);
    assert!(!store.note_relayed(&other, 3).await.expect("an answer"));
    let back = Lease { until: mine.now, ..mine };
    assert!(store.note_relayed(&back, 5).await.expect("an answer"));
    assert_eq!(store.hold_relay(&other).await.expect("an answer"), Some(5));
    // Who lost it without noticing notes nothing.
    assert!(!store.note_relayed(&mine, 6).await.expect("an answer"));
    let heir = lease(other.until);
    assert_eq!(store.hold_relay(&heir).await.expect("an answer"), Some(5));
    // It is not the lease under which the house is kept.
    assert!(store.sweep_expired(&mine, 100).await.expect("an answer").is_some());
}

async fn one_replica_of_two_relays(database: TestDatabase) {
    let fixture = migrated(database).await;
    let other = Store::connect(fixture.database.url(), StoreOptions::default()).expect("a store");
    let (one, two) = (lease(NOW), lease(NOW));
    for _ in 0..4 {
        let both = tokio::join!(fixture.hold_relay(&one), other.hold_relay(&two));
        let both = [both.0.expect("an answer"), both.1.expect("an answer")];
        assert_eq!(both.iter().filter(|place| place.is_some()).count(), 1, "{both:?}");
    }
}
