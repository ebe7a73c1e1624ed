use artisan_proto::artisan::user::v1 as pb;
use uuid::Uuid;

use super::{By, INVALID, Row, VALID, World, row};

const WATCH: &str = "UserService/WatchUsers";
const GET: &str = "UserService/BatchGetUsers";
const ROLES: &str = "UserService/SetUserRoles";
const CREATE: &str = "UserService/BatchCreateUsers";

pub(super) fn lists(world: &World) -> Vec<Row> {
    const RPC: &str = "UserService/ListUsers";
    let base = pb::ListUsersRequest::default;
    let filter = |filter: &str| pb::ListUsersRequest { filter: filter.to_owned(), ..base() };
    let order = |order: &str| pb::ListUsersRequest { order_by: order.to_owned(), ..base() };
    let page = |token: &str| pb::ListUsersRequest { page_token: token.to_owned(), ..base() };
    let many = |count: usize| vec!["state = ACTIVE"; count].join(" AND ");
    let deep =
        |levels: usize| format!("{}state = ACTIVE{}", "(".repeat(levels), ")".repeat(levels));
    let rows = [
        (pb::ListUsersRequest { page_size: -1, ..base() }, INVALID, "page_size"),
        (pb::ListUsersRequest { page_size: i32::MAX, ..base() }, VALID, ""),
        (page("AAAA"), "PAGE_TOKEN_INVALID", "page_token"),
        (page(&"A".repeat(3_000)), "PAGE_TOKEN_INVALID", "page_token"),
        (page(&world.page_token), VALID, ""),
        // Of another query, each.
        (
            pb::ListUsersRequest { show_deleted: true, ..page(&world.page_token) },
            "PAGE_TOKEN_INVALID",
            "page_token",
        ),
        (
            pb::ListUsersRequest { order_by: "email".to_owned(), ..page(&world.page_token) },
            "PAGE_TOKEN_INVALID",
            "page_token",
        ),
        (
            pb::ListUsersRequest {
                page_token: world.page_token.clone(),
                ..filter("state = ACTIVE")
            },
            "PAGE_TOKEN_INVALID",
            "page_token",
        ),
        (filter("email = \"x\" OR 1=1"), "FILTER_SYNTAX", "filter"),
        (filter("email = \"x'; DROP TABLE users; --\""), VALID, ""),
        (filter("email = \"x"), "FILTER_SYNTAX", "filter"),
        (filter("email = \"\u{0}\""), "FILTER_SYNTAX", "filter"),
        (filter("password = \"x\""), "FILTER_NOT_INDEXED", "filter"),
        (filter("u.email = \"x\""), "FILTER_FIELD_UNKNOWN", "filter"),
        (filter("email = \"*x\""), "FILTER_NOT_INDEXED", "filter"),
        (filter("create_time > \"yesterday\""), "FILTER_VALUE_INVALID", "filter"),
        (filter("state = DELETED"), "FILTER_VALUE_INVALID", "filter"),
        (filter(&many(50)), VALID, ""),
        (filter(&many(51)), "FILTER_SYNTAX", "filter"),
        (filter(&deep(20)), VALID, ""),
        (filter(&deep(21)), "FILTER_SYNTAX", "filter"),
        (filter(&format!("email = \"{}\"", "x".repeat(1_990))), VALID, ""),
        (filter(&format!("email = \"{}\"", "x".repeat(1_991))), "FILTER_SYNTAX", "filter"),
        (order("password_hash"), INVALID, "order_by"),
        (order("email; DROP TABLE users"), INVALID, "order_by"),
        (order("email, create_time"), INVALID, "order_by"),
    ];
    let rows = rows.map(|(request, reason, field)| row(By::Admin, RPC, &request, reason, field));
    let watch = |token: &str, filter: &str| pb::WatchUsersRequest {
        resume_token: token.to_owned(),
        filter: filter.to_owned(),
    };
    let wrong = "RESUME_TOKEN_INVALID";
    let more = [
        row(By::Admin, WATCH, &watch("x", ""), wrong, "resume_token"),
        row(By::Admin, WATCH, &watch(&world.page_token, ""), wrong, "resume_token"),
        row(By::Admin, WATCH, &watch(&"A".repeat(100_000), ""), wrong, "resume_token"),
        row(By::Admin, WATCH, &watch("", "1=1"), "FILTER_SYNTAX", "filter"),
    ];
    rows.into_iter().chain(more).collect()
}

pub(super) fn pages(world: &World) -> Vec<Row> {
    let events = |page_size: i32, token: &str| pb::ListUserEventsRequest {
        parent: "users/me".to_owned(),
        page_size,
        page_token: token.to_owned(),
    };
    // Both requests have the same fields under the same numbers.
    let mut rows = Vec::new();
    for rpc in ["UserService/ListUserEvents", "AuthService/ListSessions"] {
        rows.push(row(By::Ana, rpc, &events(-1, ""), INVALID, "page_size"));
        for token in ["x", &world.page_token, "\u{e9}"] {
            let reason = "PAGE_TOKEN_INVALID";
            rows.push(row(By::Ana, rpc, &events(0, token), reason, "page_token"));
        }
    }
    rows
}

pub(super) fn many(world: &World) -> Vec<Row> {
    let get = |names: &[&str]| pb::BatchGetUsersRequest {
        names: names.iter().map(ToString::to_string).collect(),
    };
    let roles = |roles: Vec<i32>| pb::SetUserRolesRequest { name: world.ana.clone(), roles };
    let create = |count: usize| pb::BatchCreateUsersRequest {
        requests: vec![pb::batch_create_users_request::Item::default(); count],
    };
    let nobody = format!("users/{}", Uuid::from_u128(1));
    let every_role: Vec<String> = (0..40).map(|number| format!("roles[{number}]")).collect();
    vec![
        row(By::Admin, GET, &get(&[]), INVALID, "names"),
        row(By::Admin, GET, &get(&vec![world.ana.as_str(); 1_000]), VALID, ""),
        row(By::Admin, GET, &get(&vec![world.ana.as_str(); 1_001]), INVALID, "names"),
        row(By::Admin, GET, &get(&[&world.ana, "x"]), INVALID, "names[1]"),
        row(By::Admin, GET, &get(&[&world.ana, &nobody]), "USER_NOT_FOUND", ""),
        row(By::Admin, ROLES, &roles(vec![0]), INVALID, "roles[0]"),
        row(By::Admin, ROLES, &roles(vec![1, 99, -1]), INVALID, "roles[1] roles[2]"),
        row(By::Admin, ROLES, &roles(vec![99; 50_000]), INVALID, &every_role.join(" ")),
        row(By::Admin, CREATE, &create(0), INVALID, "requests"),
        row(By::Admin, CREATE, &create(1_001), INVALID, "requests"),
        row(
            By::Admin,
            "UserService/UndeleteUser",
            &pb::UndeleteUserRequest { name: world.ana.clone(), etag: String::new() },
            "USER_NOT_DELETED",
            "",
        ),
    ]
}

pub(super) fn last_admin() -> Vec<Row> {
    let me = pb::GetUserRequest { name: "users/me".to_owned() };
    let rpcs =
        ["UserService/DeactivateUser", ROLES, "UserService/DeleteUser", "UserService/EraseUser"];
    rpcs.map(|rpc| row(By::Admin, rpc, &me, "LAST_ADMIN", "")).into()
}
