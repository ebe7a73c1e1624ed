use super::*;
use crate::pattern::Capture;
use crate::template::{self, Part};

fn leak<T>(values: Vec<T>) -> &'static [T] {
    Box::leak(values.into_boxed_slice())
}

fn pattern(text: &str) -> Pattern {
    let template = template::parse(text).unwrap();
    let segments = template.segments.into_iter().map(|part| match part {
        Part::Literal(text) => Segment::Literal(text.leak()),
        Part::Any => Segment::Any,
        Part::Rest => Segment::Rest,
    });
    let captures = template.variables.into_iter().map(|variable| Capture {
        field: variable.field.leak(),
        start: variable.start,
        end: variable.end,
        is_multi: variable.is_multi,
    });
    Pattern {
        segments: leak(segments.collect()),
        verb: template.verb.map(|verb| &*verb.leak()),
        captures: leak(captures.collect()),
    }
}

fn table(routes: &[(&'static str, &'static str)]) -> RouteTable {
    let routes = routes.iter().map(|(verb, template)| Route {
        verb,
        template,
        pattern: pattern(template),
        grpc_path: "/s/m",
        service: "s",
        rpc: "m",
        server_streaming: false,
        accepts_body: false,
        creates: false,
        bind: |_| Ok(Vec::new()),
        render: |_, _| Ok(()),
        etag: None,
        location: None,
    });
    RouteTable::new(leak(routes.collect()))
}

/// The template found and its captures, or the name of the other outcome.
fn outcome(table: &RouteTable, verb: &str, path: &str) -> String {
    match table.find(verb, path) {
        Lookup::Found(route, captures) => {
            let captures: Vec<_> =
                captures.iter().map(|(field, value)| format!(" {field}={value}")).collect();
            route.template.to_owned() + &captures.concat()
        }
        Lookup::MethodNotAllowed(allowed) => format!("allow {}", allowed.join(",")),
        Lookup::NotFound => "not found".to_owned(),
        Lookup::Malformed => "malformed".to_owned(),
    }
}

fn users() -> RouteTable {
    table(&[
        ("GET", "/v1/{name=users/*}"),
        ("PATCH", "/v1/{user.name=users/*}"),
        ("POST", "/v1/{name=users/*}:activate"),
        ("GET", "/v1/users"),
        ("POST", "/v1/users"),
        ("GET", "/v1/users:batchGet"),
        ("GET", "/v1/{parent=users/*}/events"),
        ("DELETE", "/v1/{name=users/*/sessions/*}"),
        ("POST", "/v1/users/special"),
        ("GET", "/.well-known/jwks.json"),
    ])
}

#[test]
fn paths_lead_to_their_routes() {
    let table = users();
    for (verb, path, expected) in [
        ("GET", "/v1/users", "/v1/users"),
        ("GET", "/v1/users:batchGet", "/v1/users:batchGet"),
        ("GET", "/v1/users/me", "/v1/{name=users/*} name=users/me"),
        ("PATCH", "/v1/users/7", "/v1/{user.name=users/*} user.name=users/7"),
        ("POST", "/v1/users/7:activate", "/v1/{name=users/*}:activate name=users/7"),
        ("GET", "/v1/users/7/events", "/v1/{parent=users/*}/events parent=users/7"),
        (
            "DELETE",
            "/v1/users/7/sessions/9",
            "/v1/{name=users/*/sessions/*} name=users/7/sessions/9",
        ),
        ("GET", "/.well-known/jwks.json", "/.well-known/jwks.json"),
    ] {
        assert_eq!(outcome(&table, verb, path), expected, "{verb} {path}");
    }
}

#[test]
fn a_literal_goes_before_a_variable_and_methods_are_looked_for_in_both() {
    let table = users();
    assert_eq!(outcome(&table, "POST", "/v1/users/special"), "/v1/users/special");
    assert_eq!(
        outcome(&table, "GET", "/v1/users/special"),
        "/v1/{name=users/*} name=users/special"
    );
    assert_eq!(outcome(&table, "DELETE", "/v1/users/special"), "allow GET,PATCH,POST");
}

#[test]
fn other_methods_of_a_known_path_are_named() {
    let table = users();
    assert_eq!(outcome(&table, "DELETE", "/v1/users"), "allow GET,POST");
    assert_eq!(outcome(&table, "GET", "/v1/users/7:activate"), "allow POST");
    assert_eq!(outcome(&table, "get", "/v1/users"), "allow GET,POST");
}

#[test]
fn unknown_paths_are_not_found() {
    let table = users();
    for path in [
        "",
        "/",
        "v1/users",
        "/v1",
        "/v1/",
        "/v1/users/",
        "/v1/users/7/",
        "/v1//users",
        "/v1/users/7/x",
        "/v1/users//events",
        "/V1/users",
    ] {
        assert_eq!(outcome(&table, "GET", path), "not found", "{path}");
    }
}

#[test]
fn a_colon_before_no_known_verb_is_text() {
    let table = users();
    assert_eq!(outcome(&table, "GET", "/v1/users/a:b"), "/v1/{name=users/*} name=users/a:b");
    assert_eq!(
        outcome(&table, "GET", "/v1/users/a:b:c/events"),
        "/v1/{parent=users/*}/events parent=users/a:b:c"
    );
    assert_eq!(
        outcome(&table, "POST", "/v1/users/a:b:activate"),
        "/v1/{name=users/*}:activate name=users/a:b"
    );
    // No segment is left of the verb.
    assert_eq!(
        outcome(&table, "GET", "/v1/users/:activate"),
        "/v1/{name=users/*} name=users/:activate"
    );
    // An escaped colon never begins a verb.
    assert_eq!(
        outcome(&table, "GET", "/v1/users/7%3Aactivate"),
        "/v1/{name=users/*} name=users/7:activate"
    );
}

#[test]
fn escapes_are_decoded_but_slashes_stay_in_variables_of_several_segments() {
    let table = table(&[("GET", "/one/{x}"), ("GET", "/two/{x=a/*}"), ("GET", "/rest/{x=**}")]);
    for (path, expected) in [
        ("/one/a%2Fb%20%C3%A9", "/one/{x} x=a/b é"),
        ("/two/a/b%2Fc%20d", "/two/{x=a/*} x=a/b%2Fc d"),
        ("/rest/a/b%2fc/%64", "/rest/{x=**} x=a/b%2fc/d"),
        ("/%6Fne/y", "/one/{x} x=y"),
        ("/one/a%252Fb", "/one/{x} x=a%2Fb"),
        ("/two/a/%252F%2B+", "/two/{x=a/*} x=a/%2F++"),
        ("/rest/%2F", "/rest/{x=**} x=%2F"),
        ("/rest//a", "not found"),
        ("/rest/a//b", "/rest/{x=**} x=a//b"),
        ("/one/%zz", "malformed"),
        ("/one/%ff", "malformed"),
    ] {
        assert_eq!(outcome(&table, "GET", path), expected, "{path}");
    }
}

#[test]
fn two_stars_take_any_number_of_segments() {
    let table = table(&[
        ("GET", "/f/{path=**}"),
        ("GET", "/f/{path=**}:read"),
        ("GET", "/f/{dir=*}/index"),
        ("GET", "/g/{path=x/**}"),
    ]);
    for (path, expected) in [
        ("/f", "/f/{path=**} path="),
        ("/f/", "/f/{path=**} path="),
        ("/f/a", "/f/{path=**} path=a"),
        ("/f/a/b/c", "/f/{path=**} path=a/b/c"),
        ("/f/a/b:read", "/f/{path=**}:read path=a/b"),
        ("/f/a/index", "/f/{dir=*}/index dir=a"),
        ("/f/a/index/b", "/f/{path=**} path=a/index/b"),
        ("/g/x", "/g/{path=x/**} path=x"),
        ("/g/x/y/z", "/g/{path=x/**} path=x/y/z"),
        ("/g/y", "not found"),
    ] {
        assert_eq!(outcome(&table, "GET", path), expected, "{path}");
    }
}

#[test]
fn a_star_is_any_method_and_goes_last() {
    let table = table(&[("*", "/any/{x}"), ("GET", "/any/{y}"), ("HEAD", "/head")]);
    assert_eq!(outcome(&table, "GET", "/any/1"), "/any/{y} y=1");
    assert_eq!(outcome(&table, "PURGE", "/any/1"), "/any/{x} x=1");
    assert_eq!(outcome(&table, "HEAD", "/head"), "/head");
}

#[test]
fn the_order_of_the_routes_does_not_matter() {
    let one = table(&[("GET", "/a/{x}"), ("GET", "/a/b"), ("GET", "/{y=**}")]);
    let other = table(&[("GET", "/{y=**}"), ("GET", "/a/b"), ("GET", "/a/{x}")]);
    for path in ["/a/b", "/a/c", "/a/b/c", "/d"] {
        assert_eq!(outcome(&one, "GET", path), outcome(&other, "GET", path), "{path}");
    }
}

proptest::proptest! {
    #[test]
    fn no_path_makes_the_search_panic(path in "[/a-c:%{}*0-9éF]{0,30}") {
        let table = table(&[
            ("GET", "/{x=**}"), ("GET", "/a/{y=b/*}:c"), ("PUT", "/a/*/{z}"), ("GET", "/a/b"),
        ]);
        let _ = table.find("GET", &path);
    }
}
