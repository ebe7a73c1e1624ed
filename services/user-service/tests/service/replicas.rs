//! Reads from a replica, by those for whom it is fresh enough.

use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::{
    BatchGetUsersRequest, Buyer, GetUserRequest, ListUserEventsRequest, ListUsersRequest,
    UpdateUserRequest, User,
};
use artisan_store::{Store, StoreOptions};
use artisan_testkit::{Proxy, TestDatabase, on_engine};
use tonic::{Code, Status};

use crate::harness::{Harness, buyer, by, migrate};

on_engine!(
    mariadb,
    MariaDb,
    get_user_is_one_round_trip,
    reads_go_to_the_replica_and_decisions_do_not,
    who_has_written_reads_what_was_written,
);
on_engine!(
    mysql,
    MySql,
    get_user_is_one_round_trip,
    reads_go_to_the_replica_and_decisions_do_not,
    who_has_written_reads_what_was_written,
);
on_engine!(
    postgres,
    Postgres,
    get_user_is_one_round_trip,
    reads_go_to_the_replica_and_decisions_do_not,
    who_has_written_reads_what_was_written,
);

const READS: u64 = 100;

/// Credentials, session, roles and the user. From time to time the driver asks a connection whether it
/// lives.
async fn get_user_is_one_round_trip(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (user, token) = harness.registered(buyer("joao@example.com")).await;
    let admin = harness.admin().await;
    let proxy = Proxy::start(&harness.database.plain_url()).await;
    let options = StoreOptions { max_connections: 1, ..StoreOptions::default() };
    let harness = harness.again_on(Store::connect(proxy.url(), options).unwrap());
    for (token, name) in [(&token, "users/me"), (&admin, user.name.as_str())] {
        get(&harness, token, name).await.unwrap();
        let before = proxy.round_trips();
        for _ in 0..READS {
            assert_eq!(get(&harness, token, name).await.unwrap().email, user.email);
        }
        let round_trips = proxy.round_trips() - before;
        assert!((READS..READS + READS / 5).contains(&round_trips), "{name}: {round_trips}");
    }
}

async fn get(harness: &Harness, token: &str, name: &str) -> Result<User, Status> {
    let request = GetUserRequest { name: name.to_owned() };
    Ok(harness.users().get_user(by(token, request)).await?.into_inner())
}

/// The same service with a replica; the store looks at it when it is told to.
fn with_replica(harness: Harness, url: &str) -> (Harness, Store) {
    let options = StoreOptions::default();
    let store = Store::connect(&harness.database.plain_url(), options).unwrap();
    let store = store.with_replica(url, options).unwrap();
    (harness.again_on(store.clone()), store)
}

/// Each kind of read that a replica may answer, by an administrator.
async fn read_all(harness: &Harness, admin: &str, user: &User) -> [Result<usize, Status>; 4] {
    let mut users = harness.users();
    let list = users.list_users(by(admin, ListUsersRequest::default())).await;
    let names = vec![user.name.clone()];
    let batch = users.batch_get_users(by(admin, BatchGetUsersRequest { names })).await;
    let parent = user.name.clone();
    let events = ListUserEventsRequest { parent, ..ListUserEventsRequest::default() };
    let events = users.list_user_events(by(admin, events)).await;
    [
        get(harness, admin, &user.name).await.map(|_| 1),
        list.map(|page| page.into_inner().users.len()),
        batch.map(|batch| batch.into_inner().users.len()),
        events.map(|page| page.into_inner().user_events.len()),
    ]
}

async fn reads_go_to_the_replica_and_decisions_do_not(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (user, _) = harness.registered(buyer("joao@example.com")).await;
    let admin = harness.admin().await;
    // It is never behind, being the same server.
    let proxy = Proxy::start(&harness.database.plain_url()).await;
    let (harness, store) = with_replica(harness, proxy.url());
    let expected = [1, 2, 1, 2];
    // Nobody has looked at it yet.
    assert_eq!(read_all(&harness, &admin, &user).await.map(Result::unwrap), expected);
    assert_eq!(proxy.round_trips(), 0);
    assert!(store.look_at_replica().await.unwrap());
    let before = proxy.round_trips();
    assert_eq!(read_all(&harness, &admin, &user).await.map(Result::unwrap), expected);
    assert!(proxy.round_trips() - before >= 8, "what was written is looked for, and read");
    let before = proxy.round_trips();
    harness.sign_in(&user.email, crate::harness::PASSWORD).await.unwrap();
    assert_eq!(proxy.round_trips(), before, "signing in asks the primary only");
    let expected = [1, 2, 1, 3];
    // Gone, it is missed by nobody, and found again.
    proxy.refuse(true);
    assert_eq!(read_all(&harness, &admin, &user).await.map(Result::unwrap), expected);
    assert!(!store.look_at_replica().await.unwrap());
    proxy.refuse(false);
    assert!(store.look_at_replica().await.unwrap());
    let before = proxy.round_trips();
    assert_eq!(read_all(&harness, &admin, &user).await.map(Result::unwrap), expected);
    assert!(proxy.round_trips() > before);
}

/// The replica is a database that gets nothing from the primary, as one whose replication stands still.
async fn who_has_written_reads_what_was_written(database: TestDatabase) {
    let still = TestDatabase::create(database.engine()).await;
    migrate(&still).await;
    let harness = Harness::start(database).await;
    let (user, token) = harness.registered(buyer("joao@example.com")).await;
    let admin = harness.admin().await;
    let (harness, store) = with_replica(harness, &still.plain_url());
    assert!(store.look_at_replica().await.unwrap());
    // The sign-ins of a moment ago are writes.
    assert_eq!(get(&harness, &token, "users/me").await.unwrap().uid, user.uid);
    assert_eq!(read_all(&harness, &admin, &user).await.map(Result::unwrap), [1, 2, 1, 2]);
    // Who has not written lately gets what the replica has: nothing.
    harness.clock.advance(std::time::Duration::from_mins(2));
    for read in read_all(&harness, &admin, &user).await {
        match read {
            Ok(count) => assert_eq!(count, 0),
            Err(status) => assert_eq!(status.code(), Code::NotFound),
        }
    }
    // An administrator's write to somebody else counts for the administrator.
    let profile = Buyer { phone: "71900000000".to_owned(), ..Buyer::default() };
    let profile = Some(Profile::Buyer(profile));
    let changed = User { name: user.name.clone(), profile, ..User::default() };
    let mask = prost_types::FieldMask { paths: vec!["buyer.phone".to_owned()] };
    let update =
        UpdateUserRequest { user: Some(changed), update_mask: Some(mask), ..Default::default() };
    harness.users().update_user(by(&admin, update)).await.unwrap();
    assert_eq!(get(&harness, &admin, &user.name).await.unwrap().uid, user.uid);
    assert_eq!(get(&harness, &token, "users/me").await.unwrap().uid, user.uid);
}
