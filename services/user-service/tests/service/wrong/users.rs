use artisan_proto::artisan::user::v1 as pb;
use artisan_proto::artisan::user::v1::user::Profile;
use prost_types::FieldMask;
use uuid::Uuid;

use super::{By, INVALID, Row, VALID, World, row};
use crate::harness::{address, artisan};

const NAMES: [&str; 8] = [
    "",
    "users",
    "users/1",
    "users/ME",
    "users/me/",
    "users/' OR '1'='1",
    "users/00000000000000000000000000000000",
    "users/\u{ff4d}\u{ff45}",
];

/// Names that are none, of RPCs whose request begins with one, and names that lead nowhere.
pub(super) fn names() -> Vec<Row> {
    const OWN: [(&str, &str); 7] = [
        ("UserService/GetUser", "name"),
        ("UserService/DeleteUser", "name"),
        ("UserService/ExportUserData", "name"),
        ("UserService/EraseUser", "name"),
        ("UserService/ListUserEvents", "parent"),
        ("AuthService/ListSessions", "parent"),
        ("AuthService/RevokeAllSessions", "parent"),
    ];
    const ADMINS: [&str; 4] = [
        "UserService/UndeleteUser",
        "UserService/ActivateUser",
        "UserService/DeactivateUser",
        "UserService/SetUserRoles",
    ];
    let named = |name: &str| pb::GetUserRequest { name: name.to_owned() };
    let nobody = named(&format!("users/{}", Uuid::from_u128(1)));
    let mut rows = Vec::new();
    for name in NAMES {
        for (rpc, field) in OWN {
            rows.push(row(By::Ana, rpc, &named(name), INVALID, field));
        }
        for rpc in ADMINS {
            rows.push(row(By::Admin, rpc, &named(name), INVALID, "name"));
        }
        for rpc in ["UserService/RequestEmailVerification", "AuthService/RevokeSession"] {
            rows.push(row(By::Ana, rpc, &named(name), INVALID, "name"));
        }
    }
    for rpc in OWN.map(|(rpc, _)| rpc).into_iter().chain(ADMINS) {
        rows.push(row(By::Admin, rpc, &nobody, "USER_NOT_FOUND", ""));
    }
    rows
}

pub(super) fn registrations(world: &World) -> Vec<Row> {
    const RPC: &str = "UserService/CreateUser";
    let new = || artisan("new@example.com");
    let with = |user: pb::User| pb::CreateUserRequest {
        user: Some(user),
        validate_only: true,
        ..pb::CreateUserRequest::default()
    };
    let shop = |edit: fn(&mut pb::Artisan)| {
        let mut user = new();
        if let Some(Profile::Artisan(artisan)) = &mut user.profile {
            edit(artisan);
        }
        with(user)
    };
    let at = |edit: fn(&mut pb::Address)| {
        let mut place = address();
        edit(&mut place);
        with(pb::User { address: Some(place), ..new() })
    };
    let email = |email: &str| with(pb::User { email: email.to_owned(), ..new() });
    let password = |password: &str| with(pb::User { password: password.to_owned(), ..new() });
    let id = |id: &str| pb::CreateUserRequest { user_id: id.to_owned(), ..with(new()) };
    let request_id = |id: &str| pb::CreateUserRequest { request_id: id.to_owned(), ..with(new()) };
    let domain = |letters: usize| format!("{}@{}co", "l".repeat(64), "d.".repeat(letters));
    let braces = format!("{{{}}}", Uuid::from_u128(7));
    let rows = vec![
        (with(new()), VALID, ""),
        (email(&domain(126)), VALID, ""),
        (email(&domain(127)), INVALID, "user.email"),
        (email("Robert'); DROP TABLE users;--@example.com"), INVALID, "user.email"),
        (email("a\u{200b}@example.com"), INVALID, "user.email"),
        (email("a\u{0}@example.com"), INVALID, "user.email"),
        (email("o'neil@example.com"), VALID, ""),
        (email("ANA@EXAMPLE.COM"), "EMAIL_TAKEN", "user.email"),
        (password(&format!("aA1!{}", "\u{e9}".repeat(60))), VALID, ""),
        (password(&format!("aA1!{}", "\u{e9}".repeat(61))), INVALID, "user.password"),
        (password("aA1!aaa"), INVALID, "user.password"),
        (shop(|shop| shop.store_name = "\u{1f9f5}".repeat(255)), VALID, ""),
        (shop(|shop| shop.store_name = "x".repeat(256)), INVALID, "user.artisan.store_name"),
        (
            shop(|shop| shop.store_name = "\u{a0}\u{3000}".into()),
            INVALID,
            "user.artisan.store_name",
        ),
        (shop(|shop| shop.store_name = "a\u{0}b".into()), INVALID, "user.artisan.store_name"),
        (shop(|shop| shop.store_name = "'; DROP TABLE users; --".into()), VALID, ""),
        (shop(|shop| shop.bio = "e\u{301}".repeat(500)), VALID, ""),
        (shop(|shop| shop.bio = "e\u{301}".repeat(501)), INVALID, "user.artisan.bio"),
        (shop(|shop| shop.bio = "a\u{1b}[31m".into()), INVALID, "user.artisan.bio"),
        (shop(|shop| shop.phone = "1".repeat(20)), VALID, ""),
        (shop(|shop| shop.phone = "1".repeat(21)), INVALID, "user.artisan.phone"),
        (shop(|shop| shop.state = 99), INVALID, "user.artisan.state"),
        (shop(|shop| shop.state = -1), INVALID, "user.artisan.state"),
        (shop(|shop| shop.state = 2), "FIELD_PERMISSION_DENIED", "user.artisan.state"),
        (at(|place| place.street = "x".repeat(256)), INVALID, "user.address.street"),
        (at(|place| place.number = "1".repeat(21)), INVALID, "user.address.number"),
        (at(|place| place.complement = "x".repeat(101)), INVALID, "user.address.complement"),
        (at(|place| place.neighborhood = String::new()), INVALID, "user.address.neighborhood"),
        (at(|place| place.city = "x\ny".into()), INVALID, "user.address.city"),
        (at(|place| place.state = "BAH".into()), INVALID, "user.address.state"),
        (at(|place| place.zip_code = "1".repeat(11)), INVALID, "user.address.zip_code"),
        (at(|place| place.country = "x".repeat(101)), INVALID, "user.address.country"),
        (with(pb::User { profile: None, ..new() }), INVALID, "user.profile"),
        (id("42"), INVALID, "user_id"),
        (id(&braces), INVALID, "user_id"),
        (id(world.ana.trim_start_matches("users/")), "USER_ID_TAKEN", "user_id"),
        (request_id("42"), INVALID, "request_id"),
        (request_id(&Uuid::nil().to_string()), INVALID, "request_id"),
    ];
    let rows = rows.into_iter();
    rows.map(|(request, reason, field)| row(By::Nobody, RPC, &request, reason, field)).collect()
}

pub(super) fn changes(world: &World) -> Vec<Row> {
    const RPC: &str = "UserService/UpdateUser";
    let me = || pb::User { name: "users/me".to_owned(), ..pb::User::default() };
    let with = |user: pb::User, paths: &[&str]| pb::UpdateUserRequest {
        user: Some(user),
        update_mask: Some(FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
        ..pb::UpdateUserRequest::default()
    };
    let named = |name: &str| with(pb::User { name: name.to_owned(), ..me() }, &[]);
    let full_name = |text: String| {
        let profile = pb::Buyer { full_name: text, ..pb::Buyer::default() };
        with(pb::User { profile: Some(Profile::Buyer(profile)), ..me() }, &["buyer.full_name"])
    };
    let unknown: Vec<String> = (0..3_000).map(|number| format!("unknown{number}")).collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let etag = |etag: &str| with(pb::User { etag: etag.to_owned(), ..me() }, &[]);
    let request_id = pb::UpdateUserRequest { request_id: "x".to_owned(), ..with(me(), &[]) };
    let mut rows = vec![
        row(By::Ana, RPC, &pb::UpdateUserRequest::default(), INVALID, "user"),
        row(By::Ana, RPC, &named(&world.bia), "PERMISSION_DENIED", ""),
        row(By::Admin, RPC, &named(&format!("users/{}", Uuid::from_u128(1))), "USER_NOT_FOUND", ""),
        row(By::Ana, RPC, &with(me(), &["password"]), INVALID, "update_mask"),
        row(By::Ana, RPC, &with(me(), &["buyer.fullName"]), INVALID, "update_mask"),
        row(By::Ana, RPC, &with(me(), &["buyer..phone"]), INVALID, "update_mask"),
        row(By::Ana, RPC, &with(me(), &["*", "email"]), INVALID, "update_mask"),
        row(By::Ana, RPC, &with(me(), &["' OR 1=1 --"]), INVALID, "update_mask"),
        row(By::Ana, RPC, &with(me(), &unknown), INVALID, &["update_mask"; 40].join(" ")),
        row(By::Ana, RPC, &with(me(), &["artisan"]), VALID, ""),
        row(By::Ana, RPC, &with(me(), &["artisan.bio"]), INVALID, "user.artisan"),
        row(By::Ana, RPC, &with(me(), &["buyer"]), INVALID, "user.buyer"),
        row(By::Ana, RPC, &full_name(String::new()), INVALID, "user.buyer.full_name"),
        row(By::Ana, RPC, &full_name("x".repeat(256)), INVALID, "user.buyer.full_name"),
        row(
            By::Ana,
            RPC,
            &with(pb::User { email: "x".to_owned(), ..me() }, &[]),
            INVALID,
            "user.email",
        ),
        row(By::Ana, RPC, &with(me(), &["email"]), INVALID, "user.email"),
        row(By::Ana, RPC, &request_id, INVALID, "request_id"),
        row(By::Ana, RPC, &with(me(), &["state", "roles", "email_verified"]), VALID, ""),
    ];
    for stale in ["\"0\"", "1", "W/\"1\"", "\"ffffffffffffffffff\"", "'"] {
        rows.push(row(By::Ana, RPC, &etag(stale), "ETAG_MISMATCH", ""));
        let delete = pb::DeleteUserRequest {
            name: "users/me".to_owned(),
            etag: stale.to_owned(),
            allow_missing: true,
        };
        rows.push(row(By::Ana, "UserService/DeleteUser", &delete, "ETAG_MISMATCH", ""));
    }
    for name in NAMES {
        rows.push(row(By::Ana, RPC, &named(name), INVALID, "user.name"));
    }
    rows
}
