//! The generated routes: each is found, and its request is bound from path, query, body and headers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail with the test")]

use artisan_proto::artisan::user::v1::*;
use artisan_proto::{google, http};
use artisan_transcode::{BindError, Inputs, Lookup, Route, RouteTable};
use prost::Message;

fn table() -> RouteTable {
    RouteTable::new(http::ROUTES)
}

/// A path that a template takes.
fn sample(template: &str) -> String {
    let mut path = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (variable, after) = after.split_once('}').unwrap();
        let (_, segments) = variable.split_once('=').unwrap_or((variable, "*"));
        path += before;
        path += &segments.replace('*', "0193d5a0-0000-7000-8000-000000000000");
        rest = after;
    }
    path + rest
}

#[test]
fn every_route_is_found_by_its_own_path() {
    let table = table();
    assert!(http::ROUTES.len() >= 28);
    for route in http::ROUTES {
        let path = sample(route.template);
        match table.find(route.verb, &path) {
            Lookup::Found(found, _) => {
                assert_eq!((found.verb, found.template), (route.verb, route.template), "{path}");
            }
            other => panic!("{} {path}: {other:?}", route.verb),
        }
    }
}

#[test]
fn every_method_has_a_route() {
    let pool = prost_reflect::DescriptorPool::decode(artisan_proto::FILE_DESCRIPTOR_SET).unwrap();
    for service in pool.services() {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            assert!(http::ROUTES.iter().any(|route| route.grpc_path == path), "{path}");
        }
    }
}

/// Binds a request as the gateway does; the inputs' captures are replaced.
fn bind<M: Message + Default>(verb: &str, path: &str, inputs: Inputs<'_>) -> Result<M, BindError> {
    let (route, captures) = found(verb, path);
    let bytes = (route.bind)(&Inputs { captures: &captures, ..inputs })?;
    Ok(M::decode(bytes.as_slice()).unwrap())
}

fn found<'p>(verb: &str, path: &'p str) -> (&'static Route, artisan_transcode::Captures<'p>) {
    match table().find(verb, path) {
        Lookup::Found(route, captures) => (route, captures),
        other => panic!("{verb} {path}: {other:?}"),
    }
}

fn body(text: &str) -> Inputs<'_> {
    Inputs { body: text.as_bytes(), ..Inputs::default() }
}

fn query(text: &str) -> Inputs<'_> {
    Inputs { query: Some(text), ..Inputs::default() }
}

/// Field and description of each violation.
fn violations<M: std::fmt::Debug>(result: Result<M, BindError>) -> Vec<(String, String)> {
    match result {
        Err(BindError::Fields(found)) => {
            found.into_iter().map(|violation| (violation.field, violation.description)).collect()
        }
        other => panic!("no violations: {other:?}"),
    }
}

fn fields<M: std::fmt::Debug>(result: Result<M, BindError>) -> Vec<String> {
    violations(result).into_iter().map(|(field, _)| field).collect()
}

#[test]
fn a_path_fills_its_field() {
    let request: GetUserRequest = bind("GET", "/v1/users/me", Inputs::default()).unwrap();
    assert_eq!(request.name, "users/me");
    let request: RevokeSessionRequest =
        bind("DELETE", "/v1/users/a/sessions/b", Inputs::default()).unwrap();
    assert_eq!(request.name, "users/a/sessions/b");
}

#[test]
fn a_user_is_created_from_a_body_and_a_query() {
    let json = r#"{
        "email": "oficina@example.com", "password": "S3nha!forte",
        "artisan": {"storeName": "Artisan's Workshop", "bio": "Peças únicas", "state": "PENDING"},
        "address": {"street": "Rua das Flores", "neighborhood": "Pelourinho", "city": "Salvador",
                    "state": "BA", "zip_code": "40026-280", "number": null}
    }"#;
    let inputs = Inputs { query: Some("userId=0193&validate_only=true"), ..body(json) };
    let request: CreateUserRequest = bind("POST", "/v1/users", inputs).unwrap();
    assert_eq!((request.user_id.as_str(), request.validate_only), ("0193", true));
    let user = request.user.unwrap();
    assert_eq!(user.address.unwrap().zip_code, "40026-280");
    let Some(user::Profile::Artisan(artisan)) = user.profile else { panic!("no artisan") };
    assert_eq!(artisan.store_name, "Artisan's Workshop");
    assert_eq!(artisan.state(), artisan::State::Pending);
}

#[test]
fn wrong_bodies_are_refused_with_the_field_named() {
    let create = |json| bind::<CreateUserRequest>("POST", "/v1/users", body(json));
    for (json, field) in [
        (r#"{"email": 7}"#, "user.email"),
        (r#"{"address": {"zipCode": []}}"#, "user.address.zip_code"),
        (r#"{"address": {"zip": "1"}}"#, "user.address.zip"),
        (r#"{"nickname": "x"}"#, "user.nickname"),
        (r#"{"roles": ["ADMIN", "KING"]}"#, "user.roles[1]"),
        (r#"{"roles": ["ADMIN", null]}"#, "user.roles[1]"),
        (r#"{"createTime": "yesterday"}"#, "user.create_time"),
        (r#"{"email": "a@b.c", "email": "d@e.f"}"#, "user.email"),
        (r#"{"address": {"zipCode": "1", "zip_code": "2"}}"#, "user.address.zip_code"),
        (r#"{"artisan": {}, "buyer": {}}"#, "user.buyer"),
        ("[]", "user"),
        (r#""secret""#, "user"),
    ] {
        assert_eq!(fields(create(json)), [field], "{json}");
    }
    let import = bind::<BatchCreateUsersRequest>(
        "POST",
        "/v1/users:batchCreate",
        body(r#"{"requests": [{}, {}, {"user": {"email": false}}]}"#),
    );
    assert_eq!(fields(import), ["requests[2].user.email"]);
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let error =
        bind::<CreateUserRequest>("POST", "/v1/users", body("{\n \"email\": }")).unwrap_err();
    let BindError::Syntax { line, column, .. } = error else { panic!("{error:?}") };
    assert_eq!((line, column), (2, 11));
    for bytes in [&b"{\"email\":\"\xff\"}"[..], b"{} x", b"{"] {
        let inputs = Inputs { body: bytes, ..Inputs::default() };
        let error = bind::<CreateUserRequest>("POST", "/v1/users", inputs).unwrap_err();
        assert!(matches!(error, BindError::Syntax { .. }), "{error:?}");
    }
}

#[test]
fn no_error_tells_a_value() {
    for json in [
        r#"{"password": ["hunter2"]}"#,
        r#"{"password": "hunter2", "password": "hunter2"}"#,
        r#"{"state": "hunter2"}"#,
        r#"{"createTime": "hunter2"}"#,
        r#"{"password": "hunter2" hunter2}"#,
        r#"{"password": "hunter2\x"}"#,
    ] {
        let error = bind::<CreateUserRequest>("POST", "/v1/users", body(json)).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn oneofs_take_null_as_nothing() {
    let request: CreateUserRequest =
        bind("POST", "/v1/users", body(r#"{"artisan": null, "buyer": {}}"#)).unwrap();
    assert!(matches!(request.user.unwrap().profile, Some(user::Profile::Buyer(_))));
    let request: CreateUserRequest = bind("POST", "/v1/users", body("null")).unwrap();
    assert_eq!(request.user, None);
}

#[test]
fn query_parameters_come_in_both_spellings_and_lists_repeat() {
    let request: ListUsersRequest = bind(
        "GET",
        "/v1/users",
        query(
            "pageSize=10&page_token=a%2Bb+c&showDeleted=true&filter=&order_by=create_time%20desc",
        ),
    )
    .unwrap();
    assert_eq!((request.page_size, request.show_deleted), (10, true));
    assert_eq!(
        (request.page_token.as_str(), request.order_by.as_str()),
        ("a+b c", "create_time desc")
    );
    let request: BatchGetUsersRequest =
        bind("GET", "/v1/users:batchGet", query("names=users/1&names=users%2F2&")).unwrap();
    assert_eq!(request.names, ["users/1", "users/2"]);
}

#[test]
fn wrong_parameters_are_all_named_at_once() {
    let found = violations(bind::<ListUsersRequest>(
        "GET",
        "/v1/users",
        query("pageSize=ten&showDeleted=yes&page=2&filter=a&filter=b&pageToken=%zz&filter.x=1"),
    ));
    let expected = [
        ("page_size", "must be an integer"),
        ("show_deleted", "must be true or false"),
        ("page", "is not a known query parameter"),
        ("filter", "is given twice"),
        ("page_token", "is not percent-encoded UTF-8"),
        ("filter.x", "is not a known query parameter"),
    ];
    assert_eq!(found, expected.map(|(field, text)| (field.to_owned(), text.to_owned())));
}

#[test]
fn a_field_has_one_place() {
    assert_eq!(
        fields(bind::<GetUserRequest>("GET", "/v1/users/1", query("name=users/2"))),
        ["name"]
    );
    let update = |text| bind::<UpdateUserRequest>("PATCH", "/v1/users/1", query(text));
    assert_eq!(fields(update("user.email=a")), ["user.email"]);
    assert_eq!(fields(update("user.name=users/2")), ["user.name"]);
    let activate =
        bind::<ActivateUserRequest>("POST", "/v1/users/1:activate", query("name=users/2"));
    assert_eq!(fields(activate), ["name"]);
}

#[test]
fn the_path_goes_before_the_body() {
    let request: ChangePasswordRequest = bind(
        "POST",
        "/v1/users/1:changePassword",
        body(r#"{"name": "users/2", "newPassword": "x"}"#),
    )
    .unwrap();
    assert_eq!((request.name.as_str(), request.new_password.as_str()), ("users/1", "x"));
}

#[test]
fn a_body_is_optional_where_one_is_taken_and_refused_elsewhere() {
    let request: ActivateUserRequest = bind("POST", "/v1/users/1:activate", body(" \n")).unwrap();
    assert_eq!(request.name, "users/1");
    let error = bind::<GetUserRequest>("GET", "/v1/users/1", body("{}")).unwrap_err();
    assert_eq!(error, BindError::UnexpectedBody);
}

fn mask(verb_query: Option<&str>, json: &str) -> Option<Vec<String>> {
    let inputs = Inputs { query: verb_query, ..body(json) };
    let request: UpdateUserRequest = bind("PATCH", "/v1/users/1", inputs).unwrap();
    assert_eq!(request.user.as_ref().map_or("", |user| &user.name), "users/1");
    request.update_mask.map(|mask| mask.paths)
}

#[test]
fn the_keys_of_a_patch_make_its_mask() {
    for (json, paths) in [
        (r#"{"email": "a@b.c"}"#, &["email"][..]),
        (r#"{"artisan": {"storeName": "x", "bio": null}}"#, &["artisan.store_name", "artisan.bio"]),
        (r#"{"address": null, "email": ""}"#, &["address", "email"]),
        (r#"{"address": {}}"#, &["address"]),
        // What addresses the user and what is output only is no change.
        (
            r#"{"name": "users/1", "etag": "\"x\"", "state": "ACTIVE", "roles": ["ADMIN"],
                "createTime": "2026-01-01T00:00:00Z", "address": {"zip_code": "1"}}"#,
            &["address.zip_code"],
        ),
    ] {
        assert_eq!(mask(None, json).unwrap(), paths, "{json}");
    }
    assert_eq!(mask(None, "{}"), None);
}

#[test]
fn an_explicit_mask_wins() {
    let paths = mask(Some("updateMask=artisan.storeName,email"), r#"{"email": "a"}"#).unwrap();
    assert_eq!(paths, ["artisan.store_name", "email"]);
    assert_eq!(mask(Some("update_mask=artisan.store_name"), "{}").unwrap(), ["artisan.store_name"]);
    assert_eq!(mask(Some("updateMask=*"), "{}").unwrap(), ["*"]);
}

#[test]
fn if_match_fills_the_etag() {
    let inputs = Inputs { if_match: Some("\"v1\""), ..body("{\"email\":\"a\"}") };
    let request: UpdateUserRequest = bind("PATCH", "/v1/users/1", inputs).unwrap();
    assert_eq!(request.user.unwrap().etag, "\"v1\"");
    assert_eq!(request.update_mask.unwrap().paths, ["email"]);
    let inputs = Inputs { if_match: Some("\"v1\""), ..Inputs::default() };
    let request: DeleteUserRequest = bind("DELETE", "/v1/users/1", inputs).unwrap();
    assert_eq!(request.etag, "\"v1\"");
    let inputs =
        Inputs { if_match: Some("\"v1\""), query: Some("etag=%22v2%22"), ..Inputs::default() };
    assert_eq!(fields(bind::<DeleteUserRequest>("DELETE", "/v1/users/1", inputs)), ["etag"]);
    let inputs = Inputs { if_match: Some("v1"), ..body("{}") };
    assert_eq!(fields(bind::<UpdateUserRequest>("PATCH", "/v1/users/1", inputs)), ["user.etag"]);
}

#[test]
fn an_idempotency_key_fills_the_request_id() {
    let inputs = Inputs { idempotency_key: Some("\"k-1\""), ..body("{}") };
    let request: CreateUserRequest = bind("POST", "/v1/users", inputs).unwrap();
    assert_eq!(request.request_id, "k-1");
    let same = Inputs { query: Some("requestId=k-1"), ..inputs };
    let request: CreateUserRequest = bind("POST", "/v1/users", same).unwrap();
    assert_eq!(request.request_id, "k-1");
    let other = Inputs { query: Some("requestId=k-2"), ..inputs };
    assert_eq!(fields(bind::<CreateUserRequest>("POST", "/v1/users", other)), ["request_id"]);
    let list = Inputs { idempotency_key: Some("\"a\", \"b\""), ..inputs };
    assert_eq!(fields(bind::<CreateUserRequest>("POST", "/v1/users", list)), ["request_id"]);
}

#[test]
fn responses_are_rendered_with_tag_and_location() {
    let (route, _) = found("POST", "/v1/users");
    assert!(route.creates);
    let user = User {
        name: "users/0193".to_owned(),
        etag: "\"v1\"".to_owned(),
        state: user::State::Active.into(),
        create_time: Some(prost_types::Timestamp { seconds: 1, nanos: 500_000_000 }),
        profile: Some(user::Profile::Buyer(Buyer {
            full_name: "João".into(), ..Buyer::default()
        })),
        roles: vec![1, 9],
        ..User::default()
    };
    let bytes = user.encode_to_vec();
    let mut out = b"before ".to_vec();
    (route.render)(&bytes, &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "before {\"name\":\"users/0193\",\"state\":\"ACTIVE\",\"buyer\":{\"fullName\":\"João\"},\
         \"roles\":[\"ADMIN\",9],\"createTime\":\"1970-01-01T00:00:01.500Z\",\"etag\":\"\\\"v1\\\"\"}"
    );
    assert_eq!(route.etag.unwrap()(&bytes).as_deref(), Some("\"v1\""));
    assert_eq!(route.location.unwrap()(&bytes).as_deref(), Some("/v1/users/0193"));
    assert_eq!(route.etag.unwrap()(&User::default().encode_to_vec()), None);
    let (sessions, _) = found("POST", "/v1/sessions");
    assert!(!sessions.creates && sessions.etag.is_none());
}

#[test]
fn a_broken_response_is_an_error_and_leaves_nothing_behind() {
    let (route, _) = found("GET", "/v1/users/me");
    let mut out = b"x".to_vec();
    assert!((route.render)(&[0xff], &mut out).is_err());
    let user = User {
        name: "n".into(),
        create_time: Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
        ..User::default()
    };
    assert!((route.render)(&user.encode_to_vec(), &mut out).is_err());
    assert_eq!(out, b"x");
}

#[test]
fn the_details_of_an_error_are_readable() {
    let info = google::rpc::ErrorInfo {
        reason: "EMAIL_TAKEN".into(),
        domain: "artisan.user.v1".into(),
        ..Default::default()
    };
    let any = |name: &str, value: Vec<u8>| prost_types::Any {
        type_url: format!("type.googleapis.com/{name}"),
        value,
    };
    let status = google::rpc::Status {
        code: 6,
        message: "taken".into(),
        details: vec![
            any("google.rpc.ErrorInfo", info.encode_to_vec()),
            any("other.Type", vec![1]),
        ],
    };
    let json = artisan_transcode::json::to_vec(&status, http::TYPES).unwrap();
    assert_eq!(
        String::from_utf8(json).unwrap(),
        "{\"code\":6,\"message\":\"taken\",\"details\":[\
         {\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"EMAIL_TAKEN\",\
         \"domain\":\"artisan.user.v1\"},{\"@type\":\"type.googleapis.com/other.Type\",\"value\":\"AQ==\"}]}"
    );
}
