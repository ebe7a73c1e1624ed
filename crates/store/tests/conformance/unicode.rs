use artisan_store::{Address, AddressFields, Artisan, ArtisanState, Line, NewUser, Profile, Prose};
use artisan_testkit::TestDatabase;

use crate::fixture::{joao, migrated};

artisan_testkit::on_every_engine! {
    texts_are_kept_to_the_byte,
    the_longest_texts_fit,
    empty_texts_stay_empty,
}

const TEXTS: [&str; 7] = [
    "João da Silva",
    "Joa\u{303}o da Silva",
    "🧵👩🏽‍🎨 ateliê",
    "  two  spaces  ",
    "O'Neil \"; DROP TABLE users; -- \\ % _ ? $1 :x",
    "日本語 العربية עברית",
    "\u{10ffff}\u{fffd}é",
];

async fn texts_are_kept_to_the_byte(database: TestDatabase) {
    let store = migrated(database).await;
    for (number, text) in TEXTS.into_iter().enumerate() {
        let artisan = Artisan::parse(text, text, "", ArtisanState::Pending).expect("an artisan");
        let email = format!("User.Não+{number}@Exemplo.COM");
        let new = NewUser { profile: Some(Profile::Artisan(artisan)), ..joao(&email) };
        store.create_user(&new).await.expect("a new user");
        let user = store.user(new.id).await;
        assert_eq!(user.email.as_str().as_bytes(), email.as_bytes());
        let Some(Profile::Artisan(read)) = user.profile else { panic!("an artisan") };
        assert_eq!(read.store_name.as_str().as_bytes(), text.as_bytes());
        assert_eq!(read.bio.as_str().as_bytes(), text.as_bytes());
    }
}

async fn the_longest_texts_fit(database: TestDatabase) {
    let store = migrated(database).await;
    let of = |length: usize| "𝒜".repeat(length);
    let (n255, n100, n20, n10) = (of(255), of(100), of(20), of(10));
    let address = Address::parse(&AddressFields {
        street: &n255,
        number: &n20,
        complement: &n100,
        neighborhood: &n100,
        city: &n100,
        state: "𝒜𝒜",
        zip_code: &n10,
        country: &n100,
    });
    let profile = Profile::Artisan(Artisan {
        store_name: Line::parse(&n255).expect("255"),
        bio: Prose::parse(&of(1000)).expect("1000"),
        phone: Line::parse(&n20).expect("20"),
        state: ArtisanState::Suspended,
    });
    let labels = format!("{}.{}.{}.{}", of(63), of(63), of(63), of(63));
    let email = format!("{}@{labels}", of(64));
    let address = Some(address.expect("an address"));
    let new = NewUser { profile: Some(profile), address, ..joao(&email) };
    let created = store.create_user(&new).await.expect("a new user");
    assert_eq!(store.user(new.id).await, created);
}

async fn empty_texts_stay_empty(database: TestDatabase) {
    let store = migrated(database).await;
    let fields = AddressFields {
        street: "Rua A",
        neighborhood: "Centro",
        city: "Natal",
        state: "RN",
        zip_code: "59000",
        ..AddressFields::default()
    };
    let address = Address::parse(&fields).expect("an address");
    let new = NewUser { address: Some(address.clone()), ..joao("joao@example.com") };
    store.create_user(&new).await.expect("a new user");
    assert_eq!(store.user(new.id).await.address, Some(address));
}
