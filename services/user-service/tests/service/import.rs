//! Many users at once, with the hashes of another system.

use artisan_proto::artisan::user::v1::batch_create_users_request::Item;
use artisan_proto::artisan::user::v1::batch_create_users_response::result::Result as Created;
use artisan_proto::artisan::user::v1::{BatchCreateUsersRequest, GetUserRequest, User};
use artisan_proto::google::rpc;
use artisan_testkit::{TestDatabase, on_every_engine};
use prost::Message;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::harness::{Harness, PASSWORD, artisan, buyer, by, problem, problem_of, said};

on_every_engine! {
    imported_users_sign_in_and_their_hashes_become_ours,
    a_wrong_end_of_a_long_password_does_not_become_the_password,
    each_user_of_a_batch_has_a_result_of_its_own,
    a_batch_is_bounded,
    a_user_without_password_cannot_sign_in,
}

/// Of the harness's password, made by Python's hashlib and by crypt(3).
const HASHES: &[&str] = &[
    "pbkdf2:sha256:1000$saltSALT$e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833",
    "scrypt:16384:8:1$saltSALT$8af9d8043a7152cd4d46a42a0c8e3d10da41db109726f3a32cb71ad7bc776d0d9ef2b71a40e73db05ef81eb629c009271f91e85ef6bb9673eb70e55cc238c809",
    "$pbkdf2-sha512$i=1000,l=64$8PHy8/T19vf4+fr7/P3+/w$OnAn2lRY9robDDdETZTgerPBbhcfc9jq7ekEkBPmxLIEPhKEIwzHO39pXF42mP/bBJYr/VZG5vncUN44V6kU9Q",
    "$scrypt$ln=10,r=8,p=1$8PHy8/T19vf4+fr7/P3+/w$0Ir3c2syLGtna1VJ7Cw0YU8YRs/jJODYTfngIceUMTY",
    "$2b$04$abcdefghijklmnopqrstuuO7W8erOyu1MBFdod3pTGeK6TfsEX1ye",
    "$argon2id$m=64,t=2,p=1$c29tZXNhbHQ$TBbEgdcj7xHY6q/KI08tXulbQzGlmrIitFJVZwtTcHA",
];

fn item(user: User, password_hash: &str) -> Item {
    let user = User { password: String::new(), ..user };
    Item { user: Some(user), password_hash: password_hash.to_owned(), ..Item::default() }
}

async fn import(
    harness: &Harness,
    admin: &str,
    requests: Vec<Item>,
) -> Result<Vec<Result<User, Status>>, Status> {
    let request = by(admin, BatchCreateUsersRequest { requests });
    let answer = harness.users().batch_create_users(request).await?.into_inner();
    let result = |created: Option<Created>| match created.unwrap() {
        Created::User(user) => Ok(user),
        Created::Error(rpc::Status { code, message, details }) => {
            let encoded = rpc::Status { code, message: message.clone(), details }.encode_to_vec();
            Err(Status::with_details(Code::from(code), message, encoded.into()))
        }
    };
    Ok(answer.results.into_iter().map(|created| result(created.result)).collect())
}

async fn imported_users_sign_in_and_their_hashes_become_ours(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let email = |number: usize| format!("u{number}@example.com");
    let mut requests: Vec<Item> =
        HASHES.iter().enumerate().map(|(number, hash)| item(buyer(&email(number)), hash)).collect();
    // One comes with the password itself.
    requests.push(Item { user: Some(artisan(&email(HASHES.len()))), ..Item::default() });
    let count = requests.len();
    let results = import(&harness, &admin, requests).await.unwrap();
    let users: Vec<User> = results.into_iter().map(Result::unwrap).collect();
    for (number, user) in users.iter().enumerate() {
        let name = user.name.clone();
        let read = harness.users().get_user(by(&admin, GetUserRequest { name })).await.unwrap();
        assert_eq!(read.into_inner(), *user);
        let wrong = harness.sign_in(&email(number), "Senha-Forte-2").await;
        assert_eq!(problem_of(wrong).1, "CREDENTIALS_WRONG", "{number}");
        harness.sign_in(&email(number), PASSWORD).await.unwrap();
    }
    assert_eq!(users.len(), count);
    // Each is argon2id now: the rest of its own kind is gone, and it still verifies.
    let foreign = "password_hash NOT LIKE '$argon2id$v=19$m=8,t=1,p=1$%'";
    let broken = format!("UPDATE credentials SET password_hash = 'x' WHERE {foreign}");
    harness.database.execute(&broken).await;
    for number in 0..count {
        harness.sign_in(&email(number), PASSWORD).await.unwrap();
    }
}

async fn a_wrong_end_of_a_long_password_does_not_become_the_password(database: TestDatabase) {
    const HASH: &str = "$2b$04$abcdefghijklmnopqrstuuv0OzlEKq5Hv.FtuOg8fzozmJov7FuES";
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let requests = vec![item(buyer("long@example.com"), HASH)];
    import(&harness, &admin, requests).await.unwrap().remove(0).unwrap();
    // bcrypt knows the first 72 bytes, and nobody can tell where the password ended.
    let right = format!("{PASSWORD} ").repeat(7);
    let (exact, wrong) = (&right[..72], format!("{}another end", &right[..72]));
    for typed in [wrong.as_str(), exact, right.as_str()] {
        harness.sign_in("long@example.com", typed).await.unwrap();
    }
    let short = harness.sign_in("long@example.com", &right[..71]).await;
    assert_eq!(problem_of(short).1, "CREDENTIALS_WRONG");
}

async fn each_user_of_a_batch_has_a_result_of_its_own(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let taken = harness.register(buyer("taken@example.com")).await.unwrap();
    let own = Uuid::new_v4().to_string();
    let hash = HASHES[0];
    let requests = vec![
        Item { user_id: own.clone(), ..item(buyer("a@example.com"), hash) },
        item(buyer("Taken@example.com"), hash),
        Item { user_id: taken.uid, ..item(buyer("b@example.com"), hash) },
        item(buyer("A@example.com"), hash),
        item(buyer("no address"), "md5$x$y"),
        Item {
            password_hash: hash.to_owned(),
            user: Some(buyer("c@example.com")),
            ..Item::default()
        },
        item(
            buyer("d@example.com"),
            "$2b$31$abcdefghijklmnopqrstuuO7W8erOyu1MBFdod3pTGeK6TfsEX1ye",
        ),
        Item {
            user: Some(User { password: "x".to_owned(), ..buyer("e@example.com") }),
            ..Item::default()
        },
        Item::default(),
        Item { user_id: "7".to_owned(), ..item(buyer("f@example.com"), hash) },
        item(artisan("z@example.com"), hash),
    ];
    let count = requests.len();
    let results = import(&harness, &admin, requests).await.unwrap();
    assert_eq!(results.len(), count);
    let invalid = |fields: &[&str]| said(Code::InvalidArgument, "VALIDATION_FAILED", fields);
    let exists = |reason, field| said(Code::AlreadyExists, reason, &[field]);
    let expected = [
        None,
        Some(exists("EMAIL_TAKEN", "requests[1].user.email")),
        Some(exists("USER_ID_TAKEN", "requests[2].user_id")),
        Some(exists("EMAIL_TAKEN", "requests[3].user.email")),
        Some(invalid(&["requests[4].user.email", "requests[4].password_hash"])),
        Some(invalid(&["requests[5].password_hash"])),
        Some(invalid(&["requests[6].password_hash"])),
        None,
        Some(invalid(&["requests[8].user.email", "requests[8].user.profile"])),
        Some(invalid(&["requests[9].user_id"])),
        None,
    ];
    for (number, (result, expected)) in results.iter().zip(expected).enumerate() {
        if number == 7 {
            assert_eq!(problem(result.as_ref().unwrap_err()).1, "VALIDATION_FAILED");
            continue;
        }
        assert_eq!(result.as_ref().err().map(problem), expected, "item {number}");
    }
    assert_eq!(results[0].as_ref().unwrap().uid, own);
}

async fn a_batch_is_bounded(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let many = |count: usize| -> Vec<Item> {
        (0..count).map(|n| item(artisan(&format!("u{n}@example.com")), HASHES[0])).collect()
    };
    let expected = || said(Code::InvalidArgument, "VALIDATION_FAILED", &["requests"]);
    assert_eq!(problem_of(import(&harness, &admin, many(1001)).await), expected());
    assert_eq!(problem_of(import(&harness, &admin, Vec::new()).await), expected());
    // More than what other methods take as a message.
    let results = import(&harness, &admin, many(1000)).await.unwrap();
    assert!(results.iter().all(Result::is_ok));
}

async fn a_user_without_password_cannot_sign_in(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let results = import(&harness, &admin, vec![item(buyer("a@example.com"), "")]).await.unwrap();
    assert!(results[0].is_ok());
    let refused = harness.sign_in("a@example.com", PASSWORD).await;
    assert_eq!(problem_of(refused).1, "CREDENTIALS_WRONG");
}
