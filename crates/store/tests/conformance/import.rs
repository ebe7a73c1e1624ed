//! Users who are older than their import.

use artisan_store::{Author, EventKind, ListEvents, NewUser, Taken};
use artisan_testkit::TestDatabase;

use crate::fixture::{LATER, NOW, email, joao, migrated, user_id};

artisan_testkit::on_every_engine! {
    imported_users_keep_their_time_and_the_event_is_of_now,
    who_is_known_already_is_found,
}

async fn imported_users_keep_their_time_and_the_event_is_of_now(database: TestDatabase) {
    let store = migrated(database).await;
    let new = joao("joao@example.com");
    let again = NewUser { email: email("other@example.com"), ..new.clone() };
    let by = Author { user: None, request_id: "import".to_owned() };
    let results = store.by(by).import_users(&[new.clone(), again], LATER).await.expect("results");
    assert!(matches!(results.as_slice(), [Ok(_), Err(Taken::Id)]), "{results:?}");
    assert_eq!(store.user(new.id).await.create_time, NOW);
    let list = ListEvents { user: new.id, page_size: 10, after: None };
    let events = store.list_events(&list).await.expect("events").events;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, EventKind::UserCreated.as_str());
    assert_eq!((events[0].create_time, events[0].request_id.as_str()), (LATER, "import"));
}

async fn who_is_known_already_is_found(database: TestDatabase) {
    let store = migrated(database).await;
    let here = store.joao().await;
    let gone = store.create_user(&joao("gone@example.com")).await.expect("a user").id;
    store.erase_user(gone, LATER).await.expect("no more");
    let keys = [here.email.key(), "gone@example.com".to_owned()];
    let owners = store.find_email_owners(&keys).await.expect("owners");
    assert_eq!(owners, [(here.email.key(), here.id)]);
    let mut mentioned = store.find_mentioned(&[here.id, gone, user_id()]).await.expect("an answer");
    mentioned.sort_unstable();
    let mut expected = [here.id, gone];
    expected.sort_unstable();
    assert_eq!(mentioned, expected);
    assert_eq!(store.find_mentioned(&[]).await.expect("an answer"), []);
}
