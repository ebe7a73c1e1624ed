use artisan_proto::artisan::user::v1::{
    DeleteUserRequest, GetUserRequest, ListUsersRequest, ListUsersResponse,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::Code;
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::harness::{Harness, artisan, buyer, by, problem, problem_of, said};

on_every_engine! {
    pages_hold_every_user_once_in_the_order_of_registration,
    deleted_users_are_listed_only_when_asked_for,
    bad_requests_name_their_field,
    filters_and_orders_choose_whom_pages_show,
    refused_filters_say_what_where_and_what_there_is,
    page_tokens_belong_to_their_query,
    missing_user_is_not_found_to_admins_and_denied_to_others,
}

async fn list(
    harness: &Harness,
    token: &str,
    request: ListUsersRequest,
) -> Result<ListUsersResponse, tonic::Status> {
    Ok(harness.users().list_users(by(token, request)).await?.into_inner())
}

async fn pages_hold_every_user_once_in_the_order_of_registration(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut expected = vec!["admin@example.com".to_owned()];
    for number in 0..7 {
        let email = format!("u{number}@example.com");
        harness.register(buyer(&email)).await.unwrap();
        expected.push(email);
    }
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListUsersRequest { page_size: 3, page_token, ..ListUsersRequest::default() };
        let page = list(&harness, &admin, request).await.unwrap();
        assert!(page.users.len() <= 3);
        assert!(page.users.iter().all(|user| user.password.is_empty()));
        found.extend(page.users.into_iter().map(|user| user.email));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(found, expected);
}

async fn deleted_users_are_listed_only_when_asked_for(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let gone = harness.register(buyer("a@example.com")).await.unwrap();
    let delete = DeleteUserRequest { name: gone.name, ..DeleteUserRequest::default() };
    harness.users().delete_user(by(&admin, delete)).await.unwrap();
    let without = list(&harness, &admin, ListUsersRequest::default()).await.unwrap();
    assert_eq!(without.users.len(), 1);
    let request = ListUsersRequest { show_deleted: true, ..ListUsersRequest::default() };
    let with = list(&harness, &admin, request).await.unwrap();
    assert_eq!(with.users.len(), 2);
    assert!(with.users.iter().any(|user| user.purge_time.is_some()));
}

async fn bad_requests_name_their_field(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let base = ListUsersRequest::default;
    let invalid = |fields: &[&str]| said(Code::InvalidArgument, "VALIDATION_FAILED", fields);
    let cases = [
        (ListUsersRequest { page_size: -1, ..base() }, invalid(&["page_size"])),
        (ListUsersRequest { order_by: "roles".to_owned(), ..base() }, invalid(&["order_by"])),
        (ListUsersRequest { order_by: "email down".to_owned(), ..base() }, invalid(&["order_by"])),
    ];
    for (request, expected) in cases {
        assert_eq!(problem_of(list(&harness, &admin, request).await), expected);
    }
    let first = list(&harness, &admin, ListUsersRequest { page_size: 1, ..base() }).await.unwrap();
    let page_token = first.next_page_token;
    let other_query = ListUsersRequest { page_token, show_deleted: true, ..base() };
    let forged = ListUsersRequest { page_token: "AAAA".to_owned(), ..base() };
    for request in [other_query, forged] {
        let expected = said(Code::InvalidArgument, "PAGE_TOKEN_INVALID", &["page_token"]);
        assert_eq!(problem_of(list(&harness, &admin, request).await), expected);
    }
    let large = ListUsersRequest { page_size: i32::MAX, ..base() };
    assert_eq!(list(&harness, &admin, large).await.unwrap().users.len(), 2);
}

async fn filters_and_orders_choose_whom_pages_show(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    for email in ["b@example.com", "Ana@example.com", "ana.b@example.com"] {
        harness.register(buyer(email)).await.unwrap();
    }
    harness.register(artisan("shop@example.com")).await.unwrap();
    for (filter, order_by, expected) in [
        ("", "email desc", "shop@ b@ Ana@ ana.b@ admin@"),
        ("email = \"ANA*\"", "email", "ana.b@ Ana@"),
        ("buyer:*", "create_time desc", "ana.b@ Ana@ b@"),
        ("address.city = Salvador AND state = ACTIVE", "", "shop@"),
        ("roles:ADMIN OR artisan.store_name = \"Artisan's*\"", "", "admin@ shop@"),
        ("state = INACTIVE", "", ""),
    ] {
        let expected: Vec<&str> = expected.split_whitespace().collect();
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListUsersRequest {
                page_size: 2,
                page_token,
                filter: filter.to_owned(),
                order_by: order_by.to_owned(),
                show_deleted: false,
            };
            let page = list(&harness, &admin, request).await.unwrap();
            found.extend(page.users.into_iter().map(|user| user.email));
            page_token = page.next_page_token;
            assert!(!page_token.contains("example"), "{page_token}");
            if page_token.is_empty() {
                break;
            }
        }
        let found: Vec<&str> =
            found.iter().map(|email| email.strip_suffix("example.com").unwrap()).collect();
        // `ana.b` and `ana` at the domain: a full stop comes before an at sign.
        assert_eq!(found, expected, "{filter} by {order_by}");
    }
}

async fn refused_filters_say_what_where_and_what_there_is(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    for (filter, reason, position, field) in [
        ("artisan.bio = x", "FILTER_NOT_INDEXED", "1", Some("artisan.bio")),
        ("state = ACTIVE AND shoe_size = 1", "FILTER_FIELD_UNKNOWN", "20", Some("shoe_size")),
        ("address.city = \"*ador\"", "FILTER_NOT_INDEXED", "18", Some("address.city")),
        ("state = GONE", "FILTER_VALUE_INVALID", "9", Some("state")),
        ("(state = ACTIVE", "FILTER_SYNTAX", "16", None),
        ("joao@example.com", "FILTER_SYNTAX", "5", Some("joao")),
    ] {
        let request = ListUsersRequest { filter: filter.to_owned(), ..Default::default() };
        let status = list(&harness, &admin, request).await.unwrap_err();
        assert_eq!(problem(&status), said(Code::InvalidArgument, reason, &["filter"]), "{filter}");
        let metadata = status.get_details_error_info().unwrap().metadata;
        assert_eq!(metadata.get("position").map(String::as_str), Some(position), "{filter}");
        assert_eq!(metadata.get("field").map(String::as_str), field, "{filter}");
        assert!(metadata["allowed_fields"].contains("address.city"));
        assert!(!status.message().contains("example.com"));
    }
}

async fn page_tokens_belong_to_their_query(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    for email in ["a@example.com", "b@example.com"] {
        harness.register(buyer(email)).await.unwrap();
    }
    let base = || ListUsersRequest {
        page_size: 1,
        filter: "buyer:*".to_owned(),
        order_by: "email".to_owned(),
        ..ListUsersRequest::default()
    };
    let page_token = list(&harness, &admin, base()).await.unwrap().next_page_token;
    let next = || ListUsersRequest { page_token: page_token.clone(), ..base() };
    for other in [
        ListUsersRequest { filter: String::new(), ..next() },
        ListUsersRequest { filter: "buyer:* state=ACTIVE".to_owned(), ..next() },
        ListUsersRequest { order_by: "email desc".to_owned(), ..next() },
        ListUsersRequest { order_by: String::new(), ..next() },
        ListUsersRequest { show_deleted: true, ..next() },
    ] {
        let expected = said(Code::InvalidArgument, "PAGE_TOKEN_INVALID", &["page_token"]);
        assert_eq!(problem_of(list(&harness, &admin, other).await), expected);
    }
    // The size of the page may change.
    let page = list(&harness, &admin, ListUsersRequest { page_size: 9, ..next() }).await.unwrap();
    assert_eq!(page.users.len(), 1);
    assert_eq!(page.users[0].email, "b@example.com");
}

async fn missing_user_is_not_found_to_admins_and_denied_to_others(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    let get = |name: String| GetUserRequest { name };
    let missing = format!("users/{}", Uuid::new_v4());
    let found = harness.users().get_user(by(&admin, get(missing.clone()))).await;
    assert_eq!(problem_of(found), said(Code::NotFound, "USER_NOT_FOUND", &[]));
    let found = harness.users().get_user(by(&token, get(missing))).await;
    assert_eq!(problem_of(found), said(Code::PermissionDenied, "PERMISSION_DENIED", &[]));
    for name in ["", "users/", "users/1", "shops/me"] {
        let found = harness.users().get_user(by(&admin, get(name.to_owned()))).await;
        let expected = said(Code::InvalidArgument, "VALIDATION_FAILED", &["name"]);
        assert_eq!(problem_of(found), expected, "{name}");
    }
}
