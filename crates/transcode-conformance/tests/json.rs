//! Rules of ProtoJSON that its conformance suite asks for, case by case.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail with the test")]

use artisan_transcode::json;
use artisan_transcode_conformance::kitchen::http;
use artisan_transcode_conformance::kitchen::kitchen::v1::Everything;
use artisan_transcode_conformance::kitchen::kitchen::v1::everything::One;

fn read(text: &str) -> Result<Everything, String> {
    json::from_slice(text.as_bytes(), http::TYPES).map_err(|error| error.to_string())
}

fn written(message: &Everything) -> String {
    String::from_utf8(json::to_vec(message, http::TYPES).unwrap()).unwrap()
}

/// What `text` becomes when it is read and written.
fn through(text: &str) -> Result<String, String> {
    read(text).map(|message| written(&message))
}

#[test]
fn canonical_forms_come_back() {
    for text in [
        "{}",
        r#"{"double":0.1,"float":0.1,"int32":-1,"int64":"-1","uint64":"1","bool":true}"#,
        r#"{"double":"NaN","float":"-Infinity"}"#,
        r#"{"bytes":"+/8="}"#,
        r#"{"color":"RED","colors":["GREEN",7]}"#,
        r#"{"maybeInt32":0,"maybeText":"","maybeColor":"COLOR_UNSPECIFIED","maybeBool":false}"#,
        r#"{"texts":["a",""],"values":[null,1,"x",[],{}]}"#,
        r#"{"textToText":{"":"x"}}"#,
        r#"{"boolToColor":{"true":"RED"}}"#,
        r#"{"uint64ToInt64":{"18446744073709551615":"-9223372036854775808"}}"#,
        r#"{"time":"2026-01-01T00:00:00Z","duration":"-0.500s","mask":"a.bC,d"}"#,
        r#"{"struct":{"a":[null]},"value":null,"list":[1]}"#,
        r#"{"int64Value":"0","boolValue":false,"stringValue":"","bytesValue":""}"#,
        r#"{"empty":{}}"#,
        r#"{"nested":{"type":{"name":"x"}}}"#,
        r#"{"oneNull":null}"#,
        r#"{"oneBytes":""}"#,
        r#"{"a \"quoted\" näme":"x"}"#,
    ] {
        assert_eq!(through(text).as_deref(), Ok(text));
    }
}

#[test]
fn other_forms_are_read_too() {
    for (text, canonical) in [
        (
            r#"{"int32":1e3,"int64":123.0,"uint64":"1.5e1"}"#,
            r#"{"int32":1000,"int64":"123","uint64":"15"}"#,
        ),
        (r#"{"double":"1.5","float":"1e3"}"#, r#"{"double":1.5,"float":1000}"#),
        (r#"{"bytes":"-_8"}"#, r#"{"bytes":"+/8="}"#),
        (
            r#"{"maybe_int32":1,"text_to_text":{"a":"b"}}"#,
            r#"{"maybeInt32":1,"textToText":{"a":"b"}}"#,
        ),
        (r#"{"renamed":"x"}"#, r#"{"a \"quoted\" näme":"x"}"#),
        (r#"{"color":"CRIMSON"}"#, r#"{"color":"RED"}"#),
        (r#"{"color":-2}"#, r#"{"color":"GREEN"}"#),
        (r#"{"time":"2026-01-01T01:30:00+01:30"}"#, r#"{"time":"2026-01-01T00:00:00Z"}"#),
        (r#"{"t\u0065xt":"\ud83d\ude00"}"#, r#"{"text":"😀"}"#),
        (r#"{"oneNull":"NULL_VALUE"}"#, r#"{"oneNull":null}"#),
    ] {
        assert_eq!(through(text).as_deref(), Ok(canonical), "{text}");
    }
}

#[test]
fn null_is_nothing() {
    for field in [
        "double",
        "int32",
        "text",
        "bytes",
        "color",
        "nested",
        "maybeInt32",
        "texts",
        "types",
        "textToText",
        "time",
        "duration",
        "mask",
        "struct",
        "any",
        "stringValue",
        "oneText",
        "list",
    ] {
        assert_eq!(through(&format!("{{\"{field}\":null}}")).as_deref(), Ok("{}"), "{field}");
    }
    let Ok(message) = read(r#"{"oneText":null,"oneInt64":"5"}"#) else { panic!("refused") };
    assert_eq!(message.one, Some(One::OneInt64(5)));
}

#[test]
fn what_is_not_so_is_refused_with_its_path() {
    for (text, error) in [
        (r#"{"int32":0.5}"#, "int32 must be an integer"),
        (r#"{"int32":2147483648}"#, "int32 must fit in 32 bits"),
        (r#"{"uint64":-1}"#, "uint64 must be from 0 to 18446744073709551615"),
        (r#"{"float":3.5e38}"#, "float is too large"),
        (r#"{"double":"1.5x"}"#, "double must be a number"),
        (r#"{"bool":"true"}"#, "bool must be true or false"),
        (r#"{"text":1}"#, "text must be a string"),
        (r#"{"color":"PINK"}"#, "color must be one of RED, CRIMSON, GREEN"),
        (r#"{"texts":"a"}"#, "texts must be an array"),
        (r#"{"texts":["a",null]}"#, "texts[1] must not be null"),
        (r#"{"types":[{},{"type":{"text":1}}]}"#, "types[1].type.text must be a string"),
        (r#"{"textToText":{"a":null}}"#, "text_to_text[a] must not be null"),
        (r#"{"textToText":{"a":"1","a":"2"}}"#, "text_to_text[a] is given twice"),
        (r#"{"int32ToType":{"x":{}}}"#, "int32_to_type[x] has a key of the wrong type"),
        (r#"{"int32ToType":{"1":{"text":1}}}"#, "int32_to_type[1].text must be a string"),
        (r#"{"boolToColor":{"1":"RED"}}"#, "bool_to_color[1] has a key of the wrong type"),
        (r#"{"text":"a","text":"b"}"#, "text is given twice"),
        (r#"{"maybeInt32":1,"maybe_int32":1}"#, "maybe_int32 is given twice"),
        (r#"{"oneText":"a","oneInt64":1}"#, "one_int64 excludes another field that is given"),
        (r#"{"oneNull":null,"oneInt64":1}"#, "one_int64 excludes another field that is given"),
        (r#"{"unknown":{}}"#, "unknown is not a known field"),
        (r#"{"mask":"a_b"}"#, "mask must have its paths in lowerCamelCase"),
        (
            r#"{"duration":"1"}"#,
            "duration must be a number of seconds with an s behind it, such as 1.5s",
        ),
        (r#"{"empty":{"a":1}}"#, "empty.a is not a known field"),
        ("[]", "the value must be an object"),
        ("{} {}", "unexpected text after the value at line 1 column 4"),
    ] {
        assert_eq!(read(text).map(|_| ()), Err(error.to_owned()), "{text}");
    }
}

#[test]
fn an_any_says_its_type_wherever_it_likes() {
    let inside = r#"{"any":{"@type":"type.googleapis.com/kitchen.v1.Everything.Type","text":"x"}}"#;
    assert_eq!(through(inside).as_deref(), Ok(inside));
    let last = r#"{"any":{"text":"x","@type":"type.googleapis.com/kitchen.v1.Everything.Type"}}"#;
    assert_eq!(through(last).as_deref(), Ok(inside));
    let value = r#"{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}}"#;
    assert_eq!(through(value).as_deref(), Ok(value));
    let nested = r#"{"any":{"@type":"a/google.protobuf.Any","value":{"@type":"a/google.protobuf.Int64Value","value":"7"}}}"#;
    assert_eq!(through(nested).as_deref(), Ok(nested));
    assert_eq!(through(r#"{"any":{}}"#).as_deref(), Ok(r#"{"any":{}}"#));
    for (text, error) in [
        (r#"{"any":{"text":"x"}}"#, "any.@type is required"),
        (r#"{"any":{"@type":"kitchen.v1.Everything"}}"#, "any.@type names an unknown type"),
        (r#"{"any":{"@type":"a/b.C"}}"#, "any.@type names an unknown type"),
        (r#"{"any":{"@type":"a/google.protobuf.Duration"}}"#, "any.value is required"),
        (
            r#"{"any":{"@type":"a/google.protobuf.Duration","value":"1s","x":1}}"#,
            "any.x is not a known field",
        ),
    ] {
        assert_eq!(read(text).map(|_| ()), Err(error.to_owned()), "{text}");
    }
}

#[test]
fn messages_nest_as_deep_as_protobuf_lets_them() {
    let nested = |depth: usize| "{\"self\":".repeat(depth) + "{}" + &"}".repeat(depth);
    assert!(read(&nested(99)).is_ok());
    assert!(read(&nested(100)).unwrap_err().starts_with("nested too deeply"));
    let values = |depth: usize| format!("{{\"value\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&values(99)).is_ok());
    assert!(read(&values(100)).is_err());
}

proptest::proptest! {
    #[test]
    fn nothing_makes_the_reader_panic(
        text in r#"(\{"(self|any|value|texts|textToText|time|one[A-Z][a-z]+|@type)":|[\[\]{},]|"[a-z/.]{0,9}"|-?[0-9]{1,22}(e[0-9]{1,3})?|null|true){0,12}"#,
    ) {
        let _ = read(&text);
    }
}
