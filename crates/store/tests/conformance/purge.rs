use artisan_store::{
    DeleteUser, Lease, Once, RotateError, Rotation, StoreOptions, Swept, User, UserId,
};
use artisan_testkit::TestDatabase;
use time::{Duration, OffsetDateTime};

use crate::fixture::{END, Fixture, LATER, NOW, hash, joao, migrated, new_id};

artisan_testkit::on_every_engine! {
    who_is_due_is_purged_and_nobody_else,
    a_purge_takes_no_more_than_it_is_told,
    one_replica_of_two_purges,
    a_lease_that_has_run_out_is_taken_over,
    expired_request_ids_are_forgotten,
    sessions_that_are_long_over_are_swept,
}

fn lease(now: OffsetDateTime) -> Lease {
    Lease { holder: new_id(), now, until: now + Duration::minutes(2) }
}

async fn deleted(store: &Fixture, count: usize) -> Vec<UserId> {
    let mut ids = Vec::new();
    for number in 0..count {
        let new = joao(&format!("gone{number}@example.com"));
        let id = store.create_user(&new).await.expect("a new user").id;
        let deletion = DeleteUser { id, expected: None, delete_time: LATER, purge_time: END };
        store.delete_user(&deletion).await.expect("a deletion");
        ids.push(id);
    }
    ids
}

async fn who_is_due_is_purged_and_nobody_else(database: TestDatabase) {
    let store = migrated(database).await;
    let alive = store.joao().await;
    let gone = deleted(&store, 3).await;
    let early = lease(END - Duration::microseconds(1));
    assert_eq!(store.purge_users(&early, 100).await.expect("a purge"), Some(Vec::new()));
    let mine = Lease { now: END, until: END + Duration::minutes(2), ..early };
    let mut purged = store.purge_users(&mine, 100).await.expect("a purge").expect("the lease");
    purged.sort();
    assert_eq!(purged, gone);
    for id in gone {
        assert_eq!(store.find_user(id).await.expect("an answer"), None);
    }
    assert_eq!(store.user(alive.id).await, alive);
    deleted(&store, 1).await;
}

async fn a_purge_takes_no_more_than_it_is_told(database: TestDatabase) {
    let store = migrated(database).await;
    deleted(&store, 5).await;
    let mine = lease(END);
    for expected in [2, 2, 1, 0] {
        let purged = store.purge_users(&mine, 2).await.expect("a purge").expect("the lease");
        assert_eq!(purged.len(), expected);
    }
}

async fn one_replica_of_two_purges(database: TestDatabase) {
    let fixture = migrated(database).await;
    let url = fixture.database.url();
    let other = artisan_store::Store::connect(url, StoreOptions::default()).expect("a store");
    deleted(&fixture, 12).await;
    let (one, two) = (lease(END), lease(END));
    let mut counts = [0, 0];
    for _ in 0..6 {
        let both = tokio::join!(fixture.purge_users(&one, 2), other.purge_users(&two, 2));
        let both = (both.0.expect("a purge"), both.1.expect("a purge"));
        assert!(both.0.is_some() != both.1.is_some(), "{both:?}");
        counts[0] += both.0.map_or(0, |ids| ids.len());
        counts[1] += both.1.map_or(0, |ids| ids.len());
    }
    // The one that came first kept the lease.
    counts.sort_unstable();
    assert_eq!(counts, [0, 12]);
}

async fn a_lease_that_has_run_out_is_taken_over(database: TestDatabase) {
    let store = migrated(database).await;
    let dead = lease(END);
    assert!(store.purge_users(&dead, 1).await.expect("a purge").is_some());
    let early = lease(dead.until - Duration::microseconds(1));
    assert_eq!(store.purge_users(&early, 1).await.expect("a purge"), None);
    assert_eq!(store.sweep_expired(&early, 100).await.expect("a sweep"), None);
    let heir = lease(dead.until);
    assert!(store.purge_users(&heir, 1).await.expect("a purge").is_some());
    let back = Lease { now: heir.now, until: heir.until, ..dead };
    assert_eq!(store.purge_users(&back, 1).await.expect("a purge"), None);
}

async fn expired_request_ids_are_forgotten(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let answer = |_: &User| Vec::new();
    for (number, expire_time) in [(1, LATER), (2, LATER), (3, END)] {
        let (key_hash, fingerprint) = ([number; 32], [0; 32]);
        let once = Once { key_hash, fingerprint, answer: &answer, now: NOW, expire_time };
        store.remember_request(&user, &once).await.expect("an answer");
    }
    let mine = lease(LATER);
    for (limit, requests, is_partial) in [(1, 1, true), (1, 1, true), (1, 0, false), (9, 0, false)]
    {
        let swept = store.sweep_expired(&mine, limit).await.expect("a sweep");
        assert_eq!(swept, Some(Swept { requests, is_partial }));
    }
}

async fn sessions_that_are_long_over_are_swept(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let session = store.sign_in(user, "first").await;
    let sweep = |now: OffsetDateTime| {
        let (lease, store) = (lease(now), &store);
        async move { store.sweep_expired(&lease, 1).await.expect("a sweep").expect("the lease") }
    };
    let rotation = |now: OffsetDateTime| {
        let (presented, successor) = (hash("first"), hash("second"));
        Rotation { presented, successor, now, expire_time: now + Duration::days(30) }
    };
    sweep(END - Duration::microseconds(1)).await;
    assert_eq!(store.session(session.id).await, session);
    sweep(END + Duration::hours(1)).await;
    // The token is gone, the session is still shown.
    let refused = store.rotate_refresh_token(&rotation(NOW)).await;
    assert!(matches!(refused, Err(RotateError::Unknown)), "{refused:?}");
    assert_eq!(store.session(session.id).await, session);
    sweep(END + Duration::days(30)).await;
    assert_eq!(store.find_session(session.id).await.expect("an answer"), None);
}
