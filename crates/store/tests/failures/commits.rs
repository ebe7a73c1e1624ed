//! The answer to a commit is lost: done or not, the store does not know.

use artisan_store::{
    CreateUserError, Done, Once, Repeated, Rotation, StoreError, StoreOptions, UpdateUser,
    UpdateUserError, User,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, Fixture, LATER, NOW, buyer, hash, joao};
use crate::server::through_proxy;

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    a_write_is_not_done_a_second_time,
    a_call_with_an_id_hears_of_its_own_commit,
    a_rotation_goes_on,
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    a_write_is_not_done_a_second_time,
    a_call_with_an_id_hears_of_its_own_commit,
    a_rotation_goes_on,
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    a_write_is_not_done_a_second_time,
    a_call_with_an_id_hears_of_its_own_commit,
    a_rotation_goes_on,
);

async fn a_write_is_not_done_a_second_time(database: TestDatabase) {
    let (proxy, store) = through_proxy(&database, StoreOptions::default()).await;
    let new = joao("joao@example.com");
    proxy.lose_answer_to("COMMIT");
    let created = store.create_user(&new).await;
    assert!(
        matches!(created, Err(CreateUserError::Store(StoreError::Unavailable(_)))),
        "{created:?}"
    );
    let user = store.find_user(new.id).await.expect("an answer").expect("it was committed");
    let change = UpdateUser {
        id: user.id,
        expected: None,
        profile: Some(buyer("Another name")),
        address: None,
        update_time: LATER,
    };
    proxy.lose_answer_to("COMMIT");
    let updated = store.update_user(&change).await;
    assert!(
        matches!(updated, Err(UpdateUserError::Store(StoreError::Unavailable(_)))),
        "{updated:?}"
    );
    let user = store.find_user(new.id).await.expect("an answer").expect("a user");
    assert_eq!(user.revision.0, 2);
    assert!(!proxy.has_answers_to_lose());
}

fn answer(user: &User) -> Vec<u8> {
    user.revision.0.to_be_bytes().to_vec()
}

async fn a_call_with_an_id_hears_of_its_own_commit(database: TestDatabase) {
    let (proxy, store) = through_proxy(&database, StoreOptions::default()).await;
    let once = Once {
        key_hash: [1; 32],
        fingerprint: [2; 32],
        answer: &answer,
        now: NOW,
        expire_time: END,
    };
    let new = joao("joao@example.com");
    proxy.lose_answer_to("COMMIT");
    let created = store.create_user_once(&new, &once).await.expect("an answer");
    assert_eq!(created, Done::Before(Repeated::Same(1_i64.to_be_bytes().to_vec())));
    let once = Once { key_hash: [3; 32], ..once };
    let change = UpdateUser {
        id: new.id,
        expected: None,
        profile: Some(buyer("Another name")),
        address: None,
        update_time: LATER,
    };
    proxy.lose_answer_to("COMMIT");
    let updated = store.update_user_once(&change, &once).await.expect("an answer");
    assert_eq!(updated, Done::Before(Repeated::Same(2_i64.to_be_bytes().to_vec())));
    assert!(!proxy.has_answers_to_lose());
    let user = store.find_user(new.id).await.expect("an answer").expect("a user");
    assert_eq!(user.revision.0, 2);
}

async fn a_rotation_goes_on(database: TestDatabase) {
    let (proxy, store) = through_proxy(&database, StoreOptions::default()).await;
    let fixture = Fixture { store, database };
    let user = fixture.joao().await;
    fixture.sign_in(user.id, "first").await;
    let rotation = Rotation {
        presented: hash("first"),
        successor: hash("second"),
        now: LATER,
        expire_time: END,
    };
    proxy.lose_answer_to("COMMIT");
    let rotated = fixture.rotate_refresh_token(&rotation).await.expect("a rotation");
    assert_eq!(rotated.user.id, user.id);
    assert!(!proxy.has_answers_to_lose());
}
