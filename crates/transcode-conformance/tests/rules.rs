//! Every form of an HTTP rule, end to end.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail with the test")]

use artisan_transcode::{BindError, Inputs, Lookup, RouteTable};
use artisan_transcode_conformance::kitchen::http;
use artisan_transcode_conformance::kitchen::kitchen::v1::everything::{One, Type};
use artisan_transcode_conformance::kitchen::kitchen::v1::{Color, Everything};
use prost::Message as _;

fn bind(verb: &str, path: &str, inputs: Inputs<'_>) -> Result<Everything, BindError> {
    let table = RouteTable::new(http::ROUTES);
    let Lookup::Found(route, captures) = table.find(verb, path) else { panic!("{verb} {path}") };
    let bytes = (route.bind)(&Inputs { captures: &captures, ..inputs })?;
    Ok(Everything::decode(bytes.as_slice()).unwrap())
}

fn query(text: &str) -> Inputs<'_> {
    Inputs { query: Some(text), ..Inputs::default() }
}

fn body(text: &str) -> Inputs<'_> {
    Inputs { body: text.as_bytes(), ..Inputs::default() }
}

fn fields(result: Result<Everything, BindError>) -> Vec<String> {
    match result {
        Err(BindError::Fields(found)) => found.into_iter().map(|found| found.field).collect(),
        other => panic!("{other:?}"),
    }
}

fn render(verb: &str, path: &str, message: &Everything) -> String {
    let table = RouteTable::new(http::ROUTES);
    let Lookup::Found(route, _) = table.find(verb, path) else { panic!("{verb} {path}") };
    let mut out = Vec::new();
    (route.render)(&message.encode_to_vec(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn all_bindings_of_a_method_are_served() {
    let look = bind("GET", "/v1/look/a%2Fb", Inputs::default()).unwrap();
    assert_eq!(look.text, "a/b");
    let look = bind("GET", "/v1/look/a/x%2Fy/b/-7", Inputs::default()).unwrap();
    assert_eq!((look.nested.unwrap().text.as_str(), look.int32), ("a/x%2Fy", -7));
    let look = bind("SEARCH", "/v1/look", body(r#"{"text": "t"}"#)).unwrap();
    assert_eq!(look.text, "t");
    assert_eq!(fields(bind("GET", "/v1/look/a/x/b/seven", Inputs::default())), ["int32"]);
}

#[test]
fn the_path_overrules_the_body_whatever_it_says() {
    let everything = r#"{"int32": 5, "bool": true, "nested": {"text": "b", "name": "n"}}"#;
    for (path, int32, bool) in [("0/false/a", 0, false), ("7/true/a", 7, true)] {
        let place = bind("PUT", &format!("/v1/places/{path}"), body(everything)).unwrap();
        let nested = place.nested.unwrap();
        assert_eq!((place.int32, place.bool, nested.text.as_str()), (int32, bool, "a"));
        assert!(nested.kind.is_some(), "what the path does not say stays");
    }
}

#[test]
fn the_rest_of_a_path_a_body_field_and_a_response_field() {
    let inputs = Inputs { query: Some("int32=3"), ..body(r#"["a", "b"]"#) };
    let store = bind("PUT", "/v1/files/a/b%2Fc", inputs).unwrap();
    assert_eq!((store.text.as_str(), store.int32), ("a/b%2Fc", 3));
    assert_eq!(store.texts, ["a", "b"]);
    assert_eq!(fields(bind("PUT", "/v1/files/a", body("[1]"))), ["texts[0]"]);
    assert_eq!(fields(bind("PUT", "/v1/files/a", query("texts=x"))), ["texts"]);

    let answer = Everything { nested: Some(Type { text: "n".into(), ..Type::default() }), ..store };
    assert_eq!(render("PUT", "/v1/files/a", &answer), r#"{"text":"n"}"#);
    assert_eq!(render("PUT", "/v1/files/a", &Everything::default()), "null");
}

#[test]
fn scalars_maps_lists_and_members_of_oneofs_stand_alone() {
    assert_eq!(bind("POST", "/v1/count:now", body("\"12\"")).unwrap().int64, 12);
    let answer = Everything {
        text_to_text: [("k".to_owned(), "v".to_owned())].into(),
        int64s: vec![1, -2],
        one: Some(One::OneText("x".into())),
        ..Everything::default()
    };
    assert_eq!(render("POST", "/v1/count:now", &answer), r#"{"k":"v"}"#);
    assert_eq!(render("GET", "/v1/pick", &answer), r#""x""#);
    assert_eq!(render("GET", "/v1/pick", &Everything::default()), "null");
    assert_eq!(render("GET", "/v1/pick:list", &answer), r#"["1","-2"]"#);
}

#[test]
fn an_empty_request_has_no_fields() {
    let table = RouteTable::new(http::ROUTES);
    let Lookup::Found(route, _) = table.find("POST", "/v1/nothing") else { panic!() };
    assert_eq!((route.bind)(&body("{}")), Ok(Vec::new()));
    assert!((route.bind)(&body(r#"{"a":1}"#)).is_err());
    assert!((route.bind)(&query("a=1")).is_err());
    let mut out = Vec::new();
    (route.render)(&[], &mut out).unwrap();
    assert_eq!(out, b"{}");
}

#[test]
fn parameters_of_every_kind_are_read() {
    let request = bind(
        "GET",
        "/v1/pick",
        query(
            "double=1.5&float=NaN&int64=-9223372036854775808&uint64=18446744073709551615&bool=true\
             &bytes=-_8&color=CRIMSON&maybeColor=-2&nested.text=a&nested.type.type.text=b\
             &self.self.maybe_int32=1e2&colors=RED&colors=1&times=1970-01-01T00:00:01Z\
             &time=1970-01-01T00:00:00.5Z&duration=1.5s&mask=text,selfText&int64Value=7\
             &stringValue=&stringValues=x&oneTime=1970-01-01T00:00:02Z&maybe_text=",
        ),
    )
    .unwrap();
    assert!(request.float.is_nan());
    assert_eq!((request.int64, request.uint64, request.bool), (i64::MIN, u64::MAX, true));
    assert_eq!((request.bytes.as_slice(), request.color()), (&[0xfb, 0xff][..], Color::Red));
    assert_eq!((request.maybe_color, request.colors.as_slice()), (Some(-2), &[1, 1][..]));
    let nested = request.nested.unwrap();
    assert_eq!(nested.text, "a");
    assert_eq!(nested.r#type.unwrap().r#type.unwrap().text, "b");
    assert_eq!(request.self_.unwrap().self_.unwrap().maybe_int32, Some(100));
    assert_eq!(request.times.first().unwrap().seconds, 1);
    assert_eq!(request.time.unwrap().nanos, 500_000_000);
    assert_eq!(request.mask.unwrap().paths, ["text", "self_text"]);
    assert_eq!((request.int64_value, request.string_value), (Some(7), Some(String::new())));
    assert_eq!(request.maybe_text, Some(String::new()));
    assert!(matches!(request.one, Some(One::OneTime(time)) if time.seconds == 2));
}

#[test]
fn what_no_text_can_hold_is_no_parameter() {
    for name in ["textToText", "types", "struct", "value", "list", "any", "empty", "nested", "self"]
    {
        let text = format!("{name}=1");
        let found = fields(bind("GET", "/v1/pick", query(&text)));
        assert_eq!(found.len(), 1, "{name}");
    }
    let deep = "self.".repeat(5000) + "text=x";
    assert_eq!(fields(bind("GET", "/v1/pick", query(&deep))).len(), 1);
}

#[test]
fn two_members_of_a_oneof_exclude_each_other() {
    for text in
        ["oneText=a&oneInt64=1", "oneSelf.text=a&oneText=b", "self.oneText=a&self.oneInt64=1"]
    {
        assert_eq!(fields(bind("GET", "/v1/pick", query(text))).len(), 1, "{text}");
    }
    let request = bind("GET", "/v1/pick", query("oneSelf.text=a&oneSelf.bool=true")).unwrap();
    let Some(One::OneSelf(inner)) = request.one else { panic!("no member") };
    assert_eq!((inner.text.as_str(), inner.bool), ("a", true));
}

#[test]
fn the_document_has_every_binding_that_openapi_knows() {
    let document: serde_json::Value =
        serde_json::from_str(artisan_transcode_conformance::kitchen::http::OPENAPI).unwrap();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        paths,
        [
            "/v1/count:now",
            "/v1/files/{text}",
            "/v1/look/a/{a}/b/{int32}",
            "/v1/look/{text}",
            "/v1/nothing",
            "/v1/pick",
            "/v1/pick:list",
            "/v1/places/{int32}/{bool}/{text}"
        ]
    );
    let second = &document["paths"]["/v1/look/a/{a}/b/{int32}"]["get"]["operationId"];
    assert_eq!(second, "Rules_Look_2");
}

#[test]
fn parameters_that_are_wrong_are_named_and_told_why() {
    for (text, field) in [
        ("int32=1&int32=1", "int32"),
        ("int_32=1", "int_32"),
        ("color=PINK", "color"),
        ("time=yesterday", "time"),
        ("duration=1", "duration"),
        ("int64Value=x", "int64_value"),
        ("boolValue=1", "bool_value"),
        ("textToText[a]=b", "textToText[a]"),
        ("textToText.a=b", "textToText.a"),
        ("nested.text.x=1", "nested.text.x"),
        ("nested..text=1", "nested..text"),
        ("=1", ""),
        ("text=%ff", "text"),
    ] {
        assert_eq!(fields(bind("GET", "/v1/pick", query(text))), [field], "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_makes_the_binder_panic(
        verb in "GET|PUT|POST|SEARCH",
        path in "/v1/(look|files|count:now|pick|nothing)(/(a|b|%2[fF]|%|:|é|-?[0-9]{1,12})){0,5}",
        query in "((text|self[.]|nested[.]|types?|one[A-Z][a-z]{2,4}|int64s?|mask|time|[.=&+%]|[a-z0-9]{1,3})){0,12}",
        body in r#"(\{|\}|\[|\]|,|:|"(self|text|types|any|@type|oneText|[a-z]{0,3})"|-?[0-9]{1,20}|null|true|é){0,10}"#,
        header in r#"(W/|"|\\|,|\*|;|[a-z]{1,3}| ){0,6}"#,
    ) {
        let table = RouteTable::new(http::ROUTES);
        if let Lookup::Found(route, captures) = table.find(&verb, &path) {
            let _ = (route.bind)(&Inputs {
                captures: &captures,
                query: Some(&query),
                body: body.as_bytes(),
                if_match: Some(&header),
                idempotency_key: Some(&header),
            });
        }
    }

    #[test]
    fn no_bytes_make_the_renderer_panic(bytes: Vec<u8>) {
        for known in http::TYPES {
            let _ = known.render(&bytes, http::TYPES, &mut Vec::new());
        }
    }
}
