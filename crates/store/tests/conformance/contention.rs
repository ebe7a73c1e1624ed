use artisan_store::{Store, StoreOptions, UpdateUser, UpdateUserError, UserId};
use artisan_testkit::TestDatabase;

use crate::fixture::{LATER, buyer, joao, migrated};

artisan_testkit::on_every_engine! {
    no_write_of_many_writers_is_lost,
    reads_go_on_while_others_write,
}

async fn rename(store: &Store, id: UserId, name: &str) -> Result<(), UpdateUserError> {
    let profile = Some(buyer(name));
    let change = UpdateUser { id, expected: None, profile, address: None, update_time: LATER };
    store.update_user(&change).await.map(drop)
}

async fn no_write_of_many_writers_is_lost(database: TestDatabase) {
    let fixture = migrated(database).await;
    let one = fixture.joao().await.id;
    let two = fixture.create_user(&joao("maria@example.com")).await.expect("a new user").id;
    // Two services with pools of their own.
    let other = Store::connect(fixture.database.url(), StoreOptions::default()).expect("a store");
    let writers = (0..8).map(|number| {
        let store = if number % 2 == 0 { fixture.store.clone() } else { other.clone() };
        tokio::spawn(async move {
            for _ in 0..5 {
                rename(&store, one, &format!("One {number}")).await.expect("a write");
                rename(&store, two, &format!("Two {number}")).await.expect("a write");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    assert_eq!(fixture.user(one).await.revision.0, 1 + 8 * 5);
    assert_eq!(fixture.user(two).await.revision.0, 1 + 8 * 5);
}

async fn reads_go_on_while_others_write(database: TestDatabase) {
    let fixture = migrated(database).await;
    let user = fixture.joao().await;
    let writer = {
        let (store, id) = (fixture.store.clone(), user.id);
        tokio::spawn(async move {
            for number in 0..20 {
                rename(&store, id, &format!("Name {number}")).await.expect("a write");
            }
        })
    };
    let mut seen = user.revision;
    while !writer.is_finished() {
        let read = fixture.user(user.id).await;
        assert!(read.revision >= seen);
        seen = read.revision;
    }
    writer.await.expect("no panic");
    assert_eq!(fixture.user(user.id).await.revision.0, 21);
}
