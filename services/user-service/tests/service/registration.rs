use artisan_proto::artisan::user::v1::user::{Profile, State};
use artisan_proto::artisan::user::v1::{
    Address, Artisan, CreateUserRequest, EraseUserRequest, GetUserRequest, ListUsersRequest, User,
    artisan as shop,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::Code;
use uuid::Uuid;

use crate::harness::{Harness, PASSWORD, artisan, buyer, by, problem, problem_of, said};

on_every_engine! {
    examples_of_the_predecessor_register_unchanged,
    every_bad_field_is_named_at_once_and_nothing_is_written,
    email_is_unique_without_regard_to_case,
    one_of_many_simultaneous_registrations_wins,
    validate_only_checks_everything_and_writes_nothing,
    chosen_id_is_kept_and_is_unique,
    only_admins_decide_on_the_state_of_a_shop,
}

async fn examples_of_the_predecessor_register_unchanged(database: TestDatabase) {
    let harness = Harness::start(database).await;
    for wanted in [artisan("artisan@example.com"), buyer("joão@exämple.com.br")] {
        let (made, token) = harness.registered(wanted.clone()).await;
        assert_eq!(made.password, "");
        assert_eq!(made.state, i32::from(State::Active));
        assert_eq!(made.name, format!("users/{}", made.uid));
        let request = GetUserRequest { name: "users/me".to_owned() };
        let read = harness.users().get_user(by(&token, request)).await.unwrap().into_inner();
        assert_eq!(read, made);
        assert_eq!(read.email, wanted.email);
        let mut address = wanted.address;
        if let Some(address) = &mut address {
            "Brasil".clone_into(&mut address.country);
        }
        assert_eq!(read.address, address);
        match (read.profile, wanted.profile) {
            (Some(Profile::Artisan(read)), Some(Profile::Artisan(wanted))) => {
                assert_eq!(read, Artisan { state: shop::State::Active.into(), ..wanted });
            }
            (read, wanted) => assert!(read == wanted, "the buyer changed"),
        }
    }
}

async fn every_bad_field_is_named_at_once_and_nothing_is_written(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let profile = Artisan {
        store_name: String::new(),
        bio: "é".repeat(1_001),
        phone: "1".repeat(21),
        state: 99,
    };
    let address =
        Address { state: "BAH".to_owned(), zip_code: "1".repeat(11), ..Address::default() };
    let user = User {
        email: "no address".to_owned(),
        password: "weak".to_owned(),
        profile: Some(Profile::Artisan(profile)),
        address: Some(address),
        ..User::default()
    };
    let user_id = "42".to_owned();
    let request = CreateUserRequest { user: Some(user), user_id, ..CreateUserRequest::default() };
    let status = harness.users().create_user(request).await.unwrap_err();
    let (code, reason, mut fields) = problem(&status);
    assert_eq!((code, reason.as_str()), (Code::InvalidArgument, "VALIDATION_FAILED"));
    fields.dedup();
    fields.sort();
    fields.dedup();
    let expected = [
        "user.address.city",
        "user.address.neighborhood",
        "user.address.state",
        "user.address.street",
        "user.address.zip_code",
        "user.artisan.bio",
        "user.artisan.phone",
        "user.artisan.state",
        "user.artisan.store_name",
        "user.email",
        "user.password",
        "user_id",
    ];
    assert_eq!(fields, expected);
    let empty = harness.users().create_user(CreateUserRequest::default()).await;
    let (_, _, fields) = problem_of(empty);
    for field in ["user.email", "user.password", "user.profile"] {
        assert!(fields.iter().any(|found| found == field), "{field} is not in {fields:?}");
    }
    assert_eq!(count(&harness).await, 0);
}

async fn email_is_unique_without_regard_to_case(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("maria@example.com")).await.unwrap();
    for same in ["maria@example.com", "MARIA@example.com", "Maria@Example.Com"] {
        let again = harness.register(artisan(same)).await;
        let expected = said(Code::AlreadyExists, "EMAIL_TAKEN", &["user.email"]);
        assert_eq!(problem_of(again), expected, "{same}");
    }
    assert_eq!(count(&harness).await, 1);
    harness.sign_in("mARIA@EXAMPLE.com", PASSWORD).await.unwrap();
}

async fn one_of_many_simultaneous_registrations_wins(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let emails = ["ana@example.com", "ANA@example.com", "Ana@Example.com", "aNA@example.com"];
    let attempts = emails.map(|email| harness.register(artisan(email)));
    let results = futures_util::future::join_all(attempts).await;
    let (made, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for result in refused {
        assert_eq!(problem_of(result).1, "EMAIL_TAKEN");
    }
    assert_eq!(count(&harness).await, 1);
}

async fn validate_only_checks_everything_and_writes_nothing(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let validate = |user: User| {
        let request = CreateUserRequest {
            user: Some(user),
            validate_only: true,
            ..CreateUserRequest::default()
        };
        let mut users = harness.users();
        async move { users.create_user(request).await }
    };
    let preview = validate(artisan("a@example.com")).await.unwrap().into_inner();
    assert_eq!((preview.password.as_str(), preview.etag.as_str()), ("", ""));
    assert_eq!((preview.name.as_str(), preview.uid.as_str()), ("", ""), "nothing was made");
    assert_eq!(count(&harness).await, 0);
    harness.register(artisan("a@example.com")).await.unwrap();
    assert_eq!(problem_of(validate(artisan("A@example.com")).await).1, "EMAIL_TAKEN");
    let bad = validate(User { password: "x".to_owned(), ..artisan("b@example.com") }).await;
    assert_eq!(problem_of(bad).1, "VALIDATION_FAILED");
}

async fn chosen_id_is_kept_and_is_unique(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let id = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
    let with_id = |email: &str| CreateUserRequest {
        user: Some(buyer(email)),
        user_id: id.to_string(),
        ..CreateUserRequest::default()
    };
    let made = harness.users().create_user(with_id("a@example.com")).await.unwrap().into_inner();
    assert_eq!(made.uid, id.to_string());
    let expected = said(Code::AlreadyExists, "USER_ID_TAKEN", &["user_id"]);
    let preview = || CreateUserRequest { validate_only: true, ..with_id("b@example.com") };
    let admin = harness.admin().await;
    for _ in 0..2 {
        let again = harness.users().create_user(with_id("b@example.com")).await;
        assert_eq!(problem_of(again), expected);
        assert_eq!(problem_of(harness.users().create_user(preview()).await), expected);
        // The id stays that of whoever had it.
        let erase = EraseUserRequest { name: made.name.clone() };
        let erased = harness.users().erase_user(by(&admin, erase)).await;
        assert!(erased.is_ok() || problem_of(erased).1 == "USER_NOT_FOUND");
    }
}

async fn only_admins_decide_on_the_state_of_a_shop(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let pending = |email: &str| {
        let mut user = artisan(email);
        if let Some(Profile::Artisan(artisan)) = &mut user.profile {
            artisan.state = shop::State::Pending.into();
        }
        CreateUserRequest { user: Some(user), ..CreateUserRequest::default() }
    };
    let refused = harness.users().create_user(pending("a@example.com")).await;
    let field = &["user.artisan.state"];
    let expected = said(Code::PermissionDenied, "FIELD_PERMISSION_DENIED", field);
    assert_eq!(problem_of(refused), expected);
    let admin = harness.admin().await;
    let made = harness.users().create_user(by(&admin, pending("a@example.com"))).await.unwrap();
    let Some(Profile::Artisan(artisan)) = made.into_inner().profile else { panic!("no artisan") };
    assert_eq!(artisan.state, i32::from(shop::State::Pending));
}

/// How many users there are beside the administrator who counts.
async fn count(harness: &Harness) -> usize {
    let request = ListUsersRequest { page_size: 1_000, ..ListUsersRequest::default() };
    let admin = harness.admin().await;
    let page = harness.users().list_users(by(&admin, request)).await.unwrap();
    page.into_inner().users.len() - 1
}
