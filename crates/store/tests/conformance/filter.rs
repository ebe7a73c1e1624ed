//! A filter means the same to every engine as it does in memory.

use artisan_store::{
    Address, AddressFields, Artisan, ArtisanState, Filter, ListUsers, NewUser, Profile, User,
    UserState,
};
use artisan_testkit::TestDatabase;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::fixture::{Fixture, admin, after, buyer, joao, migrated, salvador};

artisan_testkit::on_every_engine! {
    filters_find_whom_they_say,
    any_filter_finds_the_same_users_as_in_memory,
    values_are_never_sql,
}

fn shop(name: &str) -> Profile {
    let artisan = Artisan::parse(name, "", "", ArtisanState::Active);
    Profile::Artisan(artisan.expect("an artisan"))
}

fn place(city: &str, state: &str) -> Address {
    let home = salvador();
    let fields = AddressFields { city, state, ..home.fields() };
    Address::parse(&fields).expect("an address")
}

async fn population(store: &Fixture) -> Vec<User> {
    let pending = UserState::Pending;
    let news = [
        NewUser { profile: Some(shop("Cerâmica")), ..joao("Ana@example.com") },
        NewUser {
            profile: Some(shop("Couro")),
            address: Some(place("Salto", "SP")),
            ..joao("ana.b@x.com")
        },
        NewUser {
            profile: Some(shop("couro")),
            address: None,
            state: pending,
            ..joao("b@example.com")
        },
        NewUser { profile: Some(buyer("Ana 50% _")), ..joao("c@example.com") },
        NewUser {
            profile: Some(buyer("Zoé' OR 1=1")),
            address: Some(place("é", "BA")),
            ..joao("d@x.com")
        },
        NewUser {
            state: UserState::Inactive,
            address: Some(place("Salvador", "SP")),
            ..joao("é@x.com")
        },
        admin("root@example.com"),
    ];
    let mut users = Vec::new();
    for (number, new) in news.into_iter().enumerate() {
        let seconds = i64::try_from(number).expect("a few");
        let new = NewUser { create_time: after(seconds), ..new };
        users.push(store.create_user(&new).await.expect("a new user"));
    }
    users
}

async fn found(store: &Fixture, filter: Filter) -> Vec<User> {
    // In pages of two, so that every place in between is met as well.
    let mut list = ListUsers { page_size: 2, filter: Some(filter), ..ListUsers::default() };
    let mut users = Vec::new();
    loop {
        let page = store.list_users(&list).await.expect("a page");
        users.extend(page.users);
        list.after = page.next;
        if list.after.is_none() {
            return users;
        }
    }
}

async fn filters_find_whom_they_say(database: TestDatabase) {
    let store = migrated(database).await;
    let users = population(&store).await;
    let cases: &[(&str, &[usize])] = &[
        ("", &[0, 1, 2, 3, 4, 5, 6]),
        ("email = ANA@EXAMPLE.COM", &[0]),
        ("email = \"ana*\"", &[0, 1]),
        ("email > c@example.com AND email < z", &[4, 6]),
        ("state = PENDING OR state = INACTIVE", &[2, 5]),
        ("state != ACTIVE", &[2, 5]),
        ("NOT state = ACTIVE", &[2, 5]),
        ("artisan:*", &[0, 1, 2]),
        ("profile = buyer", &[3, 4, 5]),
        ("NOT artisan:* AND NOT buyer:*", &[6]),
        ("artisan.store_name = Couro", &[1]),
        ("artisan.store_name != Couro", &[0, 2]),
        ("NOT artisan.store_name = Couro", &[0, 2, 3, 4, 5, 6]),
        ("artisan.store_name = C*", &[0, 1]),
        ("buyer.full_name = \"Ana 50% _\"", &[3]),
        ("buyer.full_name = \"Ana %\"", &[]),
        ("buyer.full_name = \"Zoé' OR 1=1\"", &[4]),
        ("address.city = Sal*", &[0, 1, 3, 5]),
        ("-address.city = Sal*", &[2, 4, 6]),
        ("address.city >= é", &[4]),
        ("address.state = SP", &[1, 5]),
        ("NOT address:*", &[2, 6]),
        ("address.state = SP OR email = b*", &[1, 2, 5]),
        ("address.city = Salto OR email = b* OR roles:ADMIN", &[1, 2, 6]),
        ("artisan.store_name = Couro OR buyer.full_name = Zo*", &[1, 4]),
        ("roles:ADMIN", &[6]),
        ("NOT roles:ADMIN address:*", &[0, 1, 3, 4, 5]),
        ("create_time >= 2026-11-23T12:00:04Z", &[4, 5, 6]),
        ("create_time = \"2026-11-23T09:00:02.123456-03:00\"", &[2]),
        ("create_time > 1960-01-01T00:00:00Z email = b*", &[2]),
        ("create_time < 9999-12-31T23:59:59Z email = b*", &[2]),
        ("create_time != 1960-01-01T00:00:00Z email = b*", &[2]),
        ("create_time < 1960-01-01T00:00:00Z", &[]),
        ("create_time > 0001-01-01T00:00:00Z create_time < 9999-12-31T23:59:59Z email = b*", &[2]),
    ];
    for (text, expected) in cases {
        let filter = Filter::parse(text).expect(text);
        let expected: Vec<&User> = expected.iter().map(|at| &users[*at]).collect();
        let matched: Vec<&User> = users.iter().filter(|user| filter.matches(user)).collect();
        assert_eq!(matched, expected, "{text} in memory");
        let found = found(&store, filter).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{text}");
    }
}

/// Filters of up to a dozen conditions, nested.
fn filters() -> impl Strategy<Value = String> {
    let condition = proptest::sample::select(vec![
        "email = ana*",
        "email != b@example.com",
        "email > d",
        "state = ACTIVE",
        "state != PENDING",
        "artisan:*",
        "buyer:*",
        "address:*",
        "artisan.store_name = Couro",
        "full_name = Ana*",
        "artisan.store_name < D",
        "address.city = Salvador",
        "city != Salto",
        "address.state = SP",
        "city = é",
        "create_time > 2026-11-23T12:00:03Z",
        "roles:ADMIN",
        "full_name = \"Zoé' OR 1=1\"",
    ]);
    condition.prop_map(str::to_owned).prop_recursive(4, 12, 3, |inner| {
        proptest::prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND {b}")),
            inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

async fn any_filter_finds_the_same_users_as_in_memory(database: TestDatabase) {
    let store = migrated(database).await;
    let users = population(&store).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..150 {
        let text = filters().new_tree(&mut runner).expect("a filter").current();
        let filter = Filter::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let matched: Vec<&User> = users.iter().filter(|user| filter.matches(user)).collect();
        let found = found(&store, filter.clone()).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), matched, "{text}");
    }
}

async fn values_are_never_sql(database: TestDatabase) {
    let store = migrated(database).await;
    population(&store).await;
    for value in [
        "'; DROP TABLE users; --",
        "\\\" OR 1=1 --",
        "x' UNION SELECT id FROM credentials --",
        "$1",
        "?",
        "%",
        "_",
        "\u{10ffff}",
        "/\\* x \\*/",
    ] {
        for field in ["email", "city", "address.state", "full_name", "store_name"] {
            for operator in ["=", ":"] {
                let text = format!("{field} {operator} \"{value}\"");
                let filter = Filter::parse(&text).expect(&text);
                assert!(found(&store, filter).await.is_empty(), "{text}");
            }
        }
    }
    assert_eq!(found(&store, Filter::parse("").expect("all")).await.len(), 7);
}
