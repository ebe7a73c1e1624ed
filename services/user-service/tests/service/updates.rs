use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::{
    Address, Artisan, DeleteUserRequest, UpdateUserRequest, User, artisan as shop,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use prost_types::FieldMask;
use tonic::{Code, Status};

use crate::harness::{Harness, artisan, buyer, by, problem_of, said};

on_every_engine! {
    masked_fields_are_written_and_no_others,
    absent_mask_writes_what_is_populated,
    address_can_be_removed_and_made_anew,
    stale_etag_is_refused,
    simultaneous_updates_without_etag_are_all_kept,
    what_may_not_be_written_is_refused,
    deleted_user_cannot_be_updated,
}

async fn update(
    harness: &Harness,
    token: &str,
    user: User,
    mask: Option<&[&str]>,
) -> Result<User, Status> {
    let paths = mask.map(|paths| paths.iter().map(ToString::to_string).collect());
    let request = UpdateUserRequest {
        user: Some(User { name: "users/me".to_owned(), ..user }),
        update_mask: paths.map(|paths| FieldMask { paths }),
        ..UpdateUserRequest::default()
    };
    Ok(harness.users().update_user(by(token, request)).await?.into_inner())
}

fn with(artisan: Artisan) -> User {
    User { profile: Some(Profile::Artisan(artisan)), ..User::default() }
}

fn shop_of(user: &User) -> &Artisan {
    match &user.profile {
        Some(Profile::Artisan(artisan)) => artisan,
        Some(Profile::Buyer(_)) | None => panic!("no artisan"),
    }
}

async fn masked_fields_are_written_and_no_others(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (before, token) = harness.registered(artisan("a@example.com")).await;
    let wanted = with(Artisan { phone: "1".to_owned(), ..Artisan::default() });
    let mask: &[&str] = &["artisan.bio", "state", "create_time"];
    let after = update(&harness, &token, wanted, Some(mask)).await.unwrap();
    assert_eq!(shop_of(&after).bio, "");
    assert_eq!(shop_of(&after).phone, shop_of(&before).phone);
    assert_eq!((after.state, &after.create_time), (before.state, &before.create_time));
    assert_ne!(after.etag, before.etag);
    assert_eq!(after.address, before.address);
    let same = update(&harness, &token, User::default(), Some(&["artisan.bio"])).await.unwrap();
    assert_eq!(same, after, "what changes nothing makes no new version");
}

async fn absent_mask_writes_what_is_populated(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (before, token) = harness.registered(artisan("a@example.com")).await;
    let mut wanted =
        with(Artisan { store_name: "Oficina Nova ✂".to_owned(), ..Artisan::default() });
    wanted.address = Some(Address { city: "Recife".to_owned(), ..Address::default() });
    let after = update(&harness, &token, wanted, None).await.unwrap();
    assert_eq!(shop_of(&after).store_name, "Oficina Nova ✂");
    assert_eq!(shop_of(&after).bio, shop_of(&before).bio);
    let (after_at, before_at) = (after.address.unwrap(), before.address.unwrap());
    assert_eq!(after_at, Address { city: "Recife".to_owned(), ..before_at });
}

async fn address_can_be_removed_and_made_anew(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (before, token) = harness.registered(artisan("a@example.com")).await;
    let none = update(&harness, &token, User::default(), Some(&["address"])).await.unwrap();
    assert_eq!(none.address, None);
    let partial = Address { street: "Rua B".to_owned(), ..Address::default() };
    let partial = User { address: Some(partial), ..User::default() };
    let refused = update(&harness, &token, partial, None).await;
    let (code, _, fields) = problem_of(refused);
    assert_eq!(code, Code::InvalidArgument);
    assert!(fields.contains(&"user.address.zip_code".to_owned()), "{fields:?}");
    let again = User { address: before.address.clone(), ..User::default() };
    let after = update(&harness, &token, again, Some(&["address"])).await.unwrap();
    assert_eq!(after.address, before.address);
    let country = User { address: Some(Address::default()), ..User::default() };
    let same = update(&harness, &token, country, Some(&["address.country"])).await.unwrap();
    assert_eq!(same, after, "the usual country was there already");
}

async fn stale_etag_is_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (before, token) = harness.registered(artisan("a@example.com")).await;
    let rename = |name: &str, etag: &str| {
        let artisan = Artisan { store_name: name.to_owned(), ..Artisan::default() };
        User { etag: etag.to_owned(), ..with(artisan) }
    };
    let after = update(&harness, &token, rename("B", &before.etag), None).await.unwrap();
    let stale = update(&harness, &token, rename("C", &before.etag), None).await;
    assert_eq!(problem_of(stale), said(Code::Aborted, "ETAG_MISMATCH", &[]));
    let last = update(&harness, &token, rename("D", &after.etag), None).await.unwrap();
    assert_eq!(shop_of(&last).store_name, "D");
}

async fn simultaneous_updates_without_etag_are_all_kept(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(artisan("a@example.com")).await;
    let updates = (0..24).map(|number| {
        let value = format!("{}", number / 3);
        let wanted = match number % 3 {
            0 => Artisan { store_name: value, ..Artisan::default() },
            1 => Artisan { bio: value, ..Artisan::default() },
            _ => Artisan { phone: value, ..Artisan::default() },
        };
        update(&harness, &token, with(wanted), None)
    });
    for result in futures_util::future::join_all(updates).await {
        result.unwrap();
    }
    let last = update(&harness, &token, User::default(), None).await.unwrap();
    let shop = shop_of(&last);
    for value in [&shop.store_name, &shop.bio, &shop.phone] {
        assert!(value.len() == 1 && ("0"..="7").contains(&value.as_str()), "{shop:?}");
    }
    let revision = i64::from_str_radix(last.etag.trim_matches('"'), 16).unwrap();
    assert_eq!(revision, 25, "each of them is a version");
}

async fn what_may_not_be_written_is_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (before, token) = harness.registered(artisan("a@example.com")).await;
    let none = User::default;
    let invalid = |field: &str| said(Code::InvalidArgument, "VALIDATION_FAILED", &[field]);
    let suspended = with(Artisan { state: shop::State::Suspended.into(), ..Artisan::default() });
    let long = with(Artisan { store_name: "x".repeat(256), ..Artisan::default() });
    let field = &["user.artisan.state"];
    let denied = said(Code::PermissionDenied, "FIELD_PERMISSION_DENIED", field);
    let email = User { email: "b@example.com".to_owned(), ..none() };
    let cases: Vec<(User, Option<&[&str]>, _)> = vec![
        (none(), Some(&["nope"]), invalid("update_mask")),
        (none(), Some(&["password"]), invalid("update_mask")),
        (User { password: "x".to_owned(), ..none() }, None, invalid("user.password")),
        (email, None, said(Code::FailedPrecondition, "MAIL_NOT_CONFIGURED", &[])),
        (buyer(""), Some(&["buyer.phone"]), invalid("user.buyer")),
        (none(), Some(&["artisan.store_name"]), invalid("user.artisan.store_name")),
        (long, None, invalid("user.artisan.store_name")),
        (suspended.clone(), None, denied),
    ];
    for (user, mask, expected) in cases {
        assert_eq!(problem_of(update(&harness, &token, user, mask).await), expected);
    }
    let after = update(&harness, &token, none(), None).await.unwrap();
    assert_eq!(after, before, "nothing was written");

    let request = UpdateUserRequest {
        user: Some(User { name: before.name, ..suspended }),
        ..UpdateUserRequest::default()
    };
    let admin = harness.admin().await;
    let after = harness.users().update_user(by(&admin, request)).await.unwrap().into_inner();
    assert_eq!(shop_of(&after).state, i32::from(shop::State::Suspended));
}

async fn deleted_user_cannot_be_updated(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let user = harness.register(artisan("a@example.com")).await.unwrap();
    let delete = DeleteUserRequest { name: user.name.clone(), ..DeleteUserRequest::default() };
    harness.users().delete_user(by(&admin, delete)).await.unwrap();
    let request = UpdateUserRequest { user: Some(user), ..UpdateUserRequest::default() };
    let refused = harness.users().update_user(by(&admin, request)).await;
    assert_eq!(problem_of(refused), said(Code::FailedPrecondition, "USER_DELETED", &[]));
}
