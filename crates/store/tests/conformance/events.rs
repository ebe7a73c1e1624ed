use artisan_store::{
    Author, DeleteUser, Event, EventKind, EventPage, ListEvents, NewSession, Position, RotateError,
    Rotation, SessionId, UpdateUser, UserId,
};
use artisan_testkit::TestDatabase;

use crate::fixture::{
    END, Fixture, HASH, LATER, NOW, after, hash, joao, migrated, new_id, user_id,
};

artisan_testkit::on_every_engine! {
    every_write_leaves_an_event_in_its_authors_name,
    what_was_refused_leaves_no_event,
    an_update_names_the_fields_that_changed,
    pages_show_every_event_once_newest_first,
    each_event_gets_one_number_in_order,
    replicas_number_events_one_after_the_other,
    readers_by_number_miss_nothing_that_is_written_meanwhile,
}

async fn page(store: &Fixture, user: UserId, size: u32, after: Option<Position>) -> EventPage {
    store.list_events(&ListEvents { user, page_size: size, after }).await.expect("a page")
}

/// The kinds of a user's events, oldest first.
async fn kinds(store: &Fixture, user: UserId) -> Vec<String> {
    let events = page(store, user, 100, None).await.events;
    events.into_iter().rev().map(|event| event.kind).collect()
}

fn names(kinds: &[EventKind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.as_str().to_owned()).collect()
}

async fn every_write_leaves_an_event_in_its_authors_name(database: TestDatabase) {
    let store = migrated(database).await;
    let author = Author { user: Some(user_id()), request_id: "r".repeat(128) };
    let by = store.by(author.clone());
    let user = by.create_user(&joao("joao@example.com")).await.expect("a new user").id;
    let one = store.sign_in(user, "one").await;
    store.sign_in(user, "two").await;
    assert!(by.rehash(user, HASH, "new", after(10)).await.expect("an answer"));
    by.revoke_session(user, one.id, after(20)).await.expect("a revocation");
    by.revoke_sessions(user, after(30)).await.expect("a revocation");
    by.replace_password(user, HASH, after(40)).await.expect("a new password");
    let (delete_time, purge_time) = (after(50), END);
    let deletion = DeleteUser { id: user, expected: None, delete_time, purge_time };
    by.delete_user(&deletion).await.expect("a deletion");

    let events = page(&store, user, 100, None).await.events;
    let deleted = events.first().expect("an event");
    assert_eq!((deleted.actor, deleted.create_time), (author.user, delete_time));
    assert_eq!((deleted.user_id, &deleted.request_id), (user, &author.request_id));
    assert_eq!((deleted.sequence, deleted.details.sessions_ended), (None, Some(0)));
    let mut found = kinds(&store, user).await;
    // Three are of the same instant.
    found[..3].sort();
    let expected = [
        EventKind::SessionCreated,
        EventKind::SessionCreated,
        EventKind::UserCreated,
        EventKind::PasswordRehashed,
        EventKind::SessionRevoked,
        EventKind::SessionsRevoked,
        EventKind::PasswordChanged,
        EventKind::UserDeleted,
    ];
    assert_eq!(found, names(&expected));
    let signed = events.iter().find(|event| event.details.session == Some(one.id.0));
    assert_eq!(signed.expect("an event").kind, EventKind::SessionRevoked.as_str());
    let anonymous =
        events.iter().filter(|event| event.actor.is_none() && event.request_id.is_empty());
    assert_eq!(anonymous.count(), 2, "the fixture signs in as nobody");
}

async fn what_was_refused_leaves_no_event(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let session = store.sign_in(user, "token").await;
    store.create_user(&joao("JOAO@example.com")).await.expect_err("a taken e-mail");
    assert!(!store.rehash(user, "another", HASH, LATER).await.expect("an answer"));
    store.revoke_session(user, session.id, NOW).await.expect("a revocation");
    store.revoke_session(user, session.id, NOW).await.expect("the same revocation");
    assert_eq!(store.revoke_sessions(user, NOW).await.expect("an answer"), 0);
    let unknown = Rotation {
        presented: hash("unknown"),
        successor: hash("next"),
        now: NOW,
        expire_time: END,
    };
    let refused = store.rotate_refresh_token(&unknown).await;
    assert!(matches!(refused, Err(RotateError::Unknown)), "{refused:?}");
    let mut found = kinds(&store, user).await;
    found.sort();
    let expected = [EventKind::SessionCreated, EventKind::SessionRevoked, EventKind::UserCreated];
    assert_eq!(found, names(&expected));
}

async fn an_update_names_the_fields_that_changed(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await;
    let profile = Some(crate::fixture::buyer("João Segundo"));
    let change = UpdateUser {
        id: user.id,
        expected: Some(user.revision),
        profile,
        address: Some(None),
        update_time: LATER,
    };
    store.update_user(&change).await.expect("an update");
    let newest = page(&store, user.id, 1, None).await.events.remove(0);
    assert_eq!(newest.kind, EventKind::UserUpdated.as_str());
    assert_eq!(newest.details.changed_fields, ["buyer.full_name", "address"]);
    store.update_user(&change).await.expect_err("a stale revision");
    assert_eq!(kinds(&store, user.id).await.len(), 2);
}

async fn pages_show_every_event_once_newest_first(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    let stranger = store.create_user(&joao("maria@example.com")).await.expect("a new user").id;
    // All of one instant, so that only the id tells them apart.
    for token in 0..6 {
        store.sign_in(user, &token.to_string()).await;
    }
    store.replace_password(user, HASH, LATER).await.expect("a new password");
    let (mut seen, mut after): (Vec<Event>, _) = (Vec::new(), None);
    loop {
        let page = page(&store, user, 3, after).await;
        assert!(page.events.len() <= 3);
        seen.extend(page.events);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 8);
    let order = |event: &Event| (event.create_time, event.id);
    assert!(seen.is_sorted_by(|newer, older| order(newer) > order(older)));
    assert_eq!(seen.first().map(|event| event.create_time), Some(LATER));
    assert!(seen.iter().all(|event| event.user_id == user));
    assert_eq!(page(&store, stranger, 10, None).await.events.len(), 1);
    assert!(page(&store, user_id(), 10, None).await.events.is_empty());
}

async fn each_event_gets_one_number_in_order(database: TestDatabase) {
    let store = migrated(database).await;
    assert_eq!(store.number_events(10).await.expect("an answer"), 0);
    assert_eq!(store.last_event_number().await.expect("a number"), 0);
    let user = store.joao().await.id;
    for seconds in [10, 20, 30] {
        store.replace_password(user, HASH, after(seconds)).await.expect("a new password");
    }
    assert!(store.list_numbered_events(0, 10).await.expect("events").is_empty());
    assert_eq!(store.number_events(3).await.expect("an answer"), 3);
    assert_eq!(store.number_events(3).await.expect("an answer"), 1);
    assert_eq!(store.number_events(3).await.expect("an answer"), 0);
    assert_eq!(store.last_event_number().await.expect("a number"), 4);
    let events = store.list_numbered_events(1, 2).await.expect("events");
    let found: Vec<_> = events.iter().map(|e| (e.sequence, e.create_time)).collect();
    assert_eq!(found, [(Some(2), after(10)), (Some(3), after(20))]);
    store.database.execute("DELETE FROM user_events").await;
    store.sign_in(user, "token").await;
    assert_eq!(store.number_events(3).await.expect("an answer"), 1);
    let events = store.list_numbered_events(0, 10).await.expect("events");
    assert_eq!(events.first().and_then(|event| event.sequence), Some(5), "no number comes twice");
}

async fn replicas_number_events_one_after_the_other(database: TestDatabase) {
    let store = migrated(database).await;
    let user = store.joao().await.id;
    for token in 0..40 {
        store.sign_in(user, &token.to_string()).await;
    }
    let replicas = (0..5).map(|_| {
        let store = store.store.clone();
        tokio::spawn(async move {
            let mut count = 0;
            loop {
                match store.number_events(4).await.expect("an answer") {
                    0 => return count,
                    more => count += more,
                }
            }
        })
    });
    let mut count = 0;
    for replica in replicas.collect::<Vec<_>>() {
        count += replica.await.expect("no panic");
    }
    assert_eq!(count, 41);
    let events = store.list_numbered_events(0, 100).await.expect("events");
    let numbers: Vec<_> = events.iter().filter_map(|event| event.sequence).collect();
    assert_eq!(numbers, (1..=41).collect::<Vec<i64>>());
}

/// Writers, two that give numbers, and one that reads on from the last number it has seen.
async fn readers_by_number_miss_nothing_that_is_written_meanwhile(database: TestDatabase) {
    let store = migrated(database).await;
    let users = [store.joao().await.id, {
        store.create_user(&joao("maria@example.com")).await.expect("a new user").id
    }];
    let writers = users.into_iter().enumerate().map(|(number, user)| {
        let store = store.store.clone();
        tokio::spawn(async move {
            for token in 0..25 {
                let token_hash = hash(&format!("{number} {token}"));
                let id = SessionId(new_id());
                let new = NewSession {
                    id,
                    user_id: user,
                    token_hash,
                    create_time: NOW,
                    expire_time: END,
                };
                store.create_session(&new).await.expect("a new session");
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let numbering = (0..2).map(|_| {
        let store = store.store.clone();
        tokio::spawn(async move {
            loop {
                store.number_events(3).await.expect("an answer");
                if store.last_event_number().await.expect("a number") == 52 {
                    return;
                }
            }
        })
    });
    let numbering: Vec<_> = numbering.collect();
    let (mut seen, mut last) = (Vec::new(), 0);
    while seen.len() < 52 {
        let events = store.list_numbered_events(last, 7).await.expect("events");
        last = events.last().and_then(|event| event.sequence).unwrap_or(last);
        seen.extend(events.into_iter().filter_map(|event| event.sequence));
    }
    assert_eq!(seen, (1..=52).collect::<Vec<i64>>());
    for task in writers.into_iter().chain(numbering) {
        task.await.expect("no panic");
    }
}
