use artisan_store::{
    Buyer, CreateUserError, NewUser, Profile, Revision, Role, StoreError, UserState,
};
use artisan_testkit::TestDatabase;
use time::macros::datetime;

use crate::fixture::{NOW, admin, artisan, joao, migrated, salvador};

artisan_testkit::on_every_engine! {
    a_value_that_is_taken_is_not_repeated_by_the_error,
    a_new_user_is_read_back_as_it_was_created,
    an_artisan_needs_no_address,
    an_admin_needs_no_profile,
    a_taken_email_is_refused_in_any_case,
    a_taken_id_is_refused,
    both_taken_names_the_id,
    a_refused_user_leaves_nothing,
    one_of_two_at_the_same_instant_wins,
    times_are_cut_to_microseconds_of_utc,
}

async fn a_new_user_is_read_back_as_it_was_created(database: TestDatabase) {
    let store = migrated(database).await;
    let new = NewUser { profile: Some(artisan()), ..joao("Oficina@Example.com") };
    let created = store.create_user(&new).await.expect("a new user");
    assert_eq!(created, store.user(new.id).await);
    assert_eq!(created.email, new.email);
    assert_eq!(created.profile, new.profile);
    assert_eq!(created.address, Some(salvador()));
    assert_eq!((created.state, created.email_verified), (UserState::Active, false));
    assert_eq!((created.create_time, created.update_time), (NOW, NOW));
    assert_eq!((created.delete_time, created.purge_time), (None, None));
    assert_eq!(created.revision, Revision(1));
    assert!(created.roles.is_empty());
}

async fn an_artisan_needs_no_address(database: TestDatabase) {
    let store = migrated(database).await;
    let new = NewUser { profile: Some(artisan()), address: None, ..joao("a@example.com") };
    store.create_user(&new).await.expect("a new user");
    assert_eq!(store.user(new.id).await.address, None);
}

async fn an_admin_needs_no_profile(database: TestDatabase) {
    let store = migrated(database).await;
    let created = store.create_user(&admin("root@example.com")).await.expect("a new admin");
    assert!(created.roles.contains(Role::Admin));
    assert_eq!(store.user(created.id).await, created);
}

async fn a_taken_email_is_refused_in_any_case(database: TestDatabase) {
    let store = migrated(database).await;
    store.create_user(&joao("joão.ΟΔΟΣ@example.com")).await.expect("a new user");
    for taken in ["joão.ΟΔΟΣ@example.com", "JOÃO.οδος@EXAMPLE.com", "joa\u{303}o.οδοσ@example.com"]
    {
        let refused = store.create_user(&joao(taken)).await;
        assert!(matches!(refused, Err(CreateUserError::EmailTaken)), "{taken}: {refused:?}");
    }
    for free in ["joao.οδος@example.com", "joão.οδος@example.com.br"] {
        store.create_user(&joao(free)).await.expect("another address");
    }
}

async fn a_taken_id_is_refused(database: TestDatabase) {
    let store = migrated(database).await;
    let first = store.joao().await;
    let second = NewUser { id: first.id, ..joao("maria@example.com") };
    let refused = store.create_user(&second).await;
    assert!(matches!(refused, Err(CreateUserError::IdTaken)), "{refused:?}");
}

async fn both_taken_names_the_id(database: TestDatabase) {
    let store = migrated(database).await;
    let first = store.joao().await;
    let again = NewUser { id: first.id, ..joao("JOAO@example.com") };
    let refused = store.create_user(&again).await;
    assert!(matches!(refused, Err(CreateUserError::IdTaken)), "{refused:?}");
}

async fn a_refused_user_leaves_nothing(database: TestDatabase) {
    let store = migrated(database).await;
    store.joao().await;
    let refused = joao("JOAO@example.com");
    store.create_user(&refused).await.expect_err("the e-mail is taken");
    assert_eq!(store.find_user(refused.id).await.expect("an answer"), None);
    let retried = NewUser { id: refused.id, ..joao("maria@example.com") };
    store.create_user(&retried).await.expect("neither address nor credential is in the way");
}

async fn one_of_two_at_the_same_instant_wins(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..10 {
        let lower = joao(&format!("joão{round}@example.com"));
        let upper = joao(&format!("JOÃO{round}@EXAMPLE.COM"));
        let both = tokio::join!(store.create_user(&lower), store.create_user(&upper));
        let (won, lost) = match both {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("round {round}: {other:?}"),
        };
        assert!(matches!(lost, CreateUserError::EmailTaken), "round {round}: {lost:?}");
        let found = store.find_user_by_email(&upper.email).await.expect("an answer");
        assert_eq!(found.map(|user| user.id), Some(won.id));
    }
}

async fn times_are_cut_to_microseconds_of_utc(database: TestDatabase) {
    let store = migrated(database).await;
    let create_time = datetime!(2026-11-23 09:30:00.123_456_999 -3);
    let new = NewUser { create_time, ..joao("joao@example.com") };
    let created = store.create_user(&new).await.expect("a new user");
    assert_eq!(created.create_time, datetime!(2026-11-23 12:30:00.123_456 UTC));
    assert_eq!(store.user(new.id).await, created);
}

async fn a_value_that_is_taken_is_not_repeated_by_the_error(database: TestDatabase) {
    let store = migrated(database).await;
    // A key that this program does not reckon with.
    store.database.execute("CREATE UNIQUE INDEX buyers_phone_unique ON buyers (phone)").await;
    let phone = "71987654321";
    let new = |address: &str| {
        let buyer = Buyer::parse("Jo\u{e3}o", phone).expect("a buyer");
        NewUser { profile: Some(Profile::Buyer(buyer)), ..joao(address) }
    };
    store.create_user(&new("joao@example.com")).await.expect("a new user");
    let error = store.create_user(&new("maria@example.com")).await.expect_err("it is taken");
    assert!(matches!(error, CreateUserError::Store(StoreError::Internal(_))), "{error:?}");
    let mut told = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        told = format!("{told} {error} {error:?}");
        source = error.source();
    }
    assert!(!told.contains(phone) && told.contains("unique"), "{told}");
}
