use artisan_store::{DeleteUser, ListUsers, NewUser, Order, OrderKey, Page, Place, UserId};
use artisan_testkit::TestDatabase;

use crate::fixture::{END, Fixture, LATER, admin, after, joao, migrated};

artisan_testkit::on_every_engine! {
    pages_show_every_user_once_oldest_first,
    users_of_the_same_instant_are_told_apart_by_id,
    every_order_shows_every_user_once,
    deleted_users_are_shown_on_demand,
    an_empty_table_has_one_empty_page,
    a_full_last_page_has_no_next,
    a_list_carries_the_whole_user,
}

const OLDEST: Order = Order { key: OrderKey::CreateTime, descending: false };
const ALL: ListUsers =
    ListUsers { page_size: 100, after: None, show_deleted: false, filter: None, order: OLDEST };

async fn page(store: &Fixture, list: ListUsers) -> Page {
    store.list_users(&list).await.expect("a page")
}

async fn walk(store: &Fixture, page_size: u32) -> Vec<UserId> {
    walk_in(store, page_size, OLDEST).await
}

async fn walk_in(store: &Fixture, page_size: u32, order: Order) -> Vec<UserId> {
    let mut seen = Vec::new();
    let mut after: Option<Place> = None;
    loop {
        let page = page(store, ListUsers { page_size, after, order, ..ALL }).await;
        seen.extend(page.users.iter().map(|user| user.id));
        after = page.next;
        if after.is_none() {
            return seen;
        }
    }
}

/// Creates users at these seconds, in this order; their ids rise.
async fn create(store: &Fixture, seconds: &[i64]) -> Vec<UserId> {
    let mut ids = Vec::new();
    for (number, second) in seconds.iter().enumerate() {
        let new = joao(&format!("user{number}@example.com"));
        let new = NewUser { create_time: after(*second), ..new };
        ids.push(store.create_user(&new).await.expect("a new user").id);
    }
    ids
}

async fn pages_show_every_user_once_oldest_first(database: TestDatabase) {
    let store = migrated(database).await;
    let ids = create(&store, &[30, 10, 20, 50, 40]).await;
    let expected = vec![ids[1], ids[2], ids[0], ids[4], ids[3]];
    for page_size in [1, 2, 3, 5, 100] {
        assert_eq!(walk(&store, page_size).await, expected, "pages of {page_size}");
    }
}

async fn users_of_the_same_instant_are_told_apart_by_id(database: TestDatabase) {
    let store = migrated(database).await;
    let ids = create(&store, &[7, 7, 7, 7, 7, 7, 7]).await;
    assert!(ids.is_sorted());
    for page_size in [1, 3, 7] {
        assert_eq!(walk(&store, page_size).await, ids, "pages of {page_size}");
    }
}

async fn every_order_shows_every_user_once(database: TestDatabase) {
    let store = migrated(database).await;
    let seconds = [7, 5, 7, 9, 7];
    let mut ids = Vec::new();
    for (email, second) in
        ["c@b.com", "Ç@b.com", "B@b.com", "é@b.com", "a@b.com"].iter().zip(seconds)
    {
        let new = NewUser { create_time: after(second), ..joao(email) };
        ids.push(store.create_user(&new).await.expect("a new user").id);
    }
    let orders = [
        ("create_time", [1, 0, 2, 4, 3]),
        ("create_time desc", [3, 4, 2, 0, 1]),
        ("email", [4, 2, 0, 1, 3]),
        ("email desc", [3, 1, 0, 2, 4]),
    ];
    for (order, expected) in orders {
        let expected = expected.map(|at: usize| ids[at]);
        let order = Order::parse(order).expect("an order");
        for page_size in [1, 2, 5] {
            let found = walk_in(&store, page_size, order).await;
            assert_eq!(found, expected, "{} by {page_size}", order.as_str());
        }
    }
}

async fn deleted_users_are_shown_on_demand(database: TestDatabase) {
    let store = migrated(database).await;
    let ids = create(&store, &[1, 2, 3]).await;
    let deletion = DeleteUser { id: ids[1], expected: None, delete_time: LATER, purge_time: END };
    store.delete_user(&deletion).await.expect("a deletion");
    assert_eq!(walk(&store, 1).await, [ids[0], ids[2]]);
    let shown = page(&store, ListUsers { show_deleted: true, ..ALL }).await;
    assert_eq!(shown.users.iter().map(|user| user.id).collect::<Vec<_>>(), ids);
}

async fn an_empty_table_has_one_empty_page(database: TestDatabase) {
    let store = migrated(database).await;
    assert_eq!(page(&store, ALL).await, Page { users: Vec::new(), next: None });
}

async fn a_full_last_page_has_no_next(database: TestDatabase) {
    let store = migrated(database).await;
    create(&store, &[1, 2]).await;
    assert!(page(&store, ListUsers { page_size: 2, ..ALL }).await.next.is_none());
    assert!(page(&store, ListUsers { page_size: 1, ..ALL }).await.next.is_some());
}

async fn a_list_carries_the_whole_user(database: TestDatabase) {
    let store = migrated(database).await;
    let joao = store.joao().await;
    let root = store.create_user(&admin("root@example.com")).await.expect("a new admin");
    assert_eq!(page(&store, ALL).await.users, [joao, root]);
}
