use artisan_store::{NewUser, Taken, User};
use artisan_testkit::TestDatabase;

use crate::fixture::{Fixture, admin, artisan, joao, migrated};

artisan_testkit::on_every_engine! {
    a_batch_creates_every_user_whole,
    each_user_of_a_batch_has_a_result_of_its_own,
    a_thousand_users_fit_into_a_batch,
    batches_at_the_same_instant_create_each_user_once,
    an_empty_batch_does_nothing,
}

async fn create(store: &Fixture, users: &[NewUser]) -> Vec<Result<User, Taken>> {
    store.create_users(users).await.expect("results")
}

async fn a_batch_creates_every_user_whole(database: TestDatabase) {
    let store = migrated(database).await;
    let users = [
        joao("joao@example.com"),
        NewUser { profile: Some(artisan()), address: None, ..joao("Oficina@example.com") },
        admin("root@example.com"),
        NewUser { password_hash: String::new(), ..joao("nopassword@example.com") },
    ];
    for (new, created) in users.iter().zip(create(&store, &users).await) {
        let created = created.expect("a new user");
        assert_eq!(created, store.user(new.id).await);
        assert_eq!((created.profile, created.address), (new.profile.clone(), new.address.clone()));
        let credential = store.find_credential(&new.email).await.expect("an answer");
        let hash = credential.map(|credential| credential.password_hash).unwrap_or_default();
        assert_eq!(hash, new.password_hash);
    }
}

async fn each_user_of_a_batch_has_a_result_of_its_own(database: TestDatabase) {
    let store = migrated(database).await;
    let before = store.joao().await;
    let first = joao("a@example.com");
    let users = [
        joao("JOAO@example.com"),
        first.clone(),
        NewUser { id: before.id, ..joao("b@example.com") },
        joao("A@example.com"),
        NewUser { id: first.id, ..joao("c@example.com") },
        joao("d@example.com"),
    ];
    let results = create(&store, &users).await;
    let errors: Vec<Option<Taken>> = results.iter().map(|result| result.clone().err()).collect();
    let (email, id) = (Some(Taken::Email), Some(Taken::Id));
    assert_eq!(errors, [email, None, id, email, id, None]);
    assert_eq!(store.user(before.id).await, before);
    for (new, result) in users.iter().zip(results).filter(|(_, result)| result.is_ok()) {
        assert_eq!(Ok(store.user(new.id).await), result);
    }
}

async fn a_thousand_users_fit_into_a_batch(database: TestDatabase) {
    let store = migrated(database).await;
    let users: Vec<NewUser> = (0..1000).map(|n| joao(&format!("u{n}@example.com"))).collect();
    assert!(create(&store, &users).await.iter().all(Result::is_ok));
    let again = create(&store, &users).await;
    assert!(again.iter().all(|result| *result == Err(Taken::Id)));
    assert_eq!(store.user(users[999].id).await.email, users[999].email);
}

async fn batches_at_the_same_instant_create_each_user_once(database: TestDatabase) {
    let store = migrated(database).await;
    for round in 0..5 {
        let batch = || (0..20).map(|n| joao(&format!("u{n}.{round}@example.com")));
        // One of them from behind, so that they meet in the middle.
        let (one, two): (Vec<_>, Vec<_>) = (batch().collect(), batch().rev().collect());
        let (one, two) = tokio::join!(store.create_users(&one), store.create_users(&two));
        let (one, mut two) = (one.expect("results"), two.expect("results"));
        two.reverse();
        for (left, right) in one.iter().zip(&two) {
            assert!(left.is_ok() != right.is_ok(), "round {round}: {left:?} {right:?}");
        }
    }
}

async fn an_empty_batch_does_nothing(database: TestDatabase) {
    let store = migrated(database).await;
    assert_eq!(create(&store, &[]).await, []);
}
