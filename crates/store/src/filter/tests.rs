use proptest::prelude::*;

use super::*;

fn problem(text: &str) -> (FilterProblem, usize, Option<String>) {
    let error = Filter::parse(text).expect_err(text);
    assert!(!error.description.is_empty());
    (error.problem, error.position, error.field)
}

fn same(left: &str, right: &str) {
    let parsed = |text| Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(parsed(left).0 == parsed(right).0, "{left} and {right}");
}

#[test]
fn or_binds_closer_than_and() {
    same("state = ACTIVE AND city = A OR city = B", "state = ACTIVE AND (city = A OR city = B)");
    same("city = A OR city = B state = ACTIVE", "(city = A OR city = B) AND state = ACTIVE");
}

#[test]
fn negations_move_to_the_conditions() {
    same("NOT (city = A AND full_name = B)", "NOT city = A OR NOT full_name = B");
    same("-(city = A OR full_name = B)", "NOT city = A AND NOT full_name = B");
    same("NOT NOT city = A", "city = A");
    same("NOT state = ACTIVE", "state != ACTIVE");
}

#[test]
fn fields_have_the_names_of_the_contract_and_of_its_json() {
    same("artisan.storeName = \"A\"", "artisan.store_name=A");
    same("createTime > 2026-11-23T12:00:00Z", "create_time > '2026-11-23T09:00:00-03:00'");
    same("profile = artisan", "artisan:*");
    same("email = JOAO@Example.com", "email = joao@example.com");
}

#[test]
fn quoted_values_may_hold_everything_but_control_characters() {
    same(r#"city = "A \"B\" \\ ' ( AND""#, r#"city = 'A "B" \\ \' ( AND'"#);
    assert_eq!(problem("city = \"a\u{0}b\""), (FilterProblem::Syntax, 10, Some("city".into())));
    assert_eq!(problem(r#"city = "\n""#).1, 9);
}

#[test]
fn stars_stand_at_the_end_or_are_escaped() {
    same("city = \"Salv*\"", "city:Salv*");
    let escaped = Filter::parse(r#"city = "Salv\*""#).expect("a filter");
    assert!(escaped.0 != Filter::parse("city = Salv*").expect("a filter").0);
    for text in ["city = \"*ador\"", "city = S*r", "city = \"S**\"", "city = *a"] {
        assert_eq!(problem(text).0, FilterProblem::NotIndexed, "{text}");
    }
    for text in ["city = *", "city = \"*\"", "city > S*", "city != S*", "state = A*"] {
        assert_eq!(problem(text).0, FilterProblem::Value, "{text}");
    }
}

#[test]
fn mistakes_are_shown_where_they_are() {
    use FilterProblem::{NotIndexed, Syntax, UnknownField, Value};
    let city = || Some("city".to_owned());
    for (text, expected) in [
        ("shoe_size = 1", (UnknownField, 1, Some("shoe_size".to_owned()))),
        ("  email_verified = true", (NotIndexed, 3, Some("email_verified".to_owned()))),
        ("city = A AND artisan.bio:x", (NotIndexed, 14, Some("artisan.bio".to_owned()))),
        ("city", (Syntax, 5, city())),
        ("city ~ A", (Syntax, 6, city())),
        ("city =", (Syntax, 7, city())),
        ("city = \"A", (Syntax, 10, city())),
        ("city = (A OR B)", (Syntax, 8, city())),
        ("(city = A", (Syntax, 10, None)),
        ("city = A)", (Syntax, 9, None)),
        ("city = A AND", (Syntax, 13, None)),
        ("city = A OR OR city = B", (Syntax, 13, None)),
        ("\"Salvador\"", (Syntax, 1, None)),
        ("matches(city)", (Syntax, 8, None)),
        ("state = DELETED", (Value, 9, Some("state".to_owned()))),
        ("state > ACTIVE", (NotIndexed, 9, Some("state".to_owned()))),
        ("create_time > yesterday", (Value, 15, Some("create_time".to_owned()))),
        ("address = x", (Value, 11, Some("address".to_owned()))),
        ("roles = ADMIN", (Value, 9, Some("roles".to_owned()))),
    ] {
        assert_eq!(problem(text), expected, "{text}");
    }
}

#[test]
fn length_depth_and_number_of_conditions_are_bounded() {
    let nested = |depth| format!("{}city = A{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(problem(&nested(MAX_DEPTH + 1)).0, FilterProblem::Syntax);
    assert_eq!(problem(&"NOT ".repeat(400)).0, FilterProblem::Syntax);
    assert_eq!(problem(&"(".repeat(2000)).0, FilterProblem::Syntax);
    let many = |count| vec!["city=A"; count].join(" ");
    assert!(Filter::parse(&many(MAX_CONDITIONS)).is_ok());
    assert_eq!(problem(&many(MAX_CONDITIONS + 1)).0, FilterProblem::Syntax);
    let long = |count: usize| format!("city = \"{}\"", "é".repeat(count - 9));
    assert!(Filter::parse(&long(MAX_LENGTH)).is_ok());
    assert_eq!(problem(&long(MAX_LENGTH + 1)).0, FilterProblem::Syntax);
}

#[test]
fn debug_shows_no_value() {
    let filter = Filter::parse("email = joao@example.com").expect("a filter");
    assert_eq!(format!("{filter:?}"), "Filter(..)");
}

/// Pieces that filters are made of, and a few that they are not.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "AND",
        "OR",
        "NOT",
        "-",
        "(",
        ")",
        "=",
        "!=",
        "<=",
        ">",
        ":",
        "*",
        "\"",
        "'",
        "\\",
        " ",
        "city",
        "state",
        "ACTIVE",
        "create_time",
        "2026-11-23T12:00:00Z",
        "email",
        "a.b",
        ".",
        "é",
        "artisan",
        "--",
        ";",
        "/*",
        "?",
        "$1",
        "\u{10ffff}",
        "\0",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![".*", soup()]) {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(error.position <= text.chars().count() + 1, "{error}");
        }
    }

    /// The SQL is made of literals: a value changes the parameters and never the text.
    #[test]
    fn no_value_gets_into_the_sql(value in "[^\\x00-\\x1f\\x7f-\\x9f]{0,40}") {
        let quoted = value.replace('\\', r"\\").replace('"', "\\\"").replace('*', r"\*");
        let sql = |value: &str| {
            let filter = Filter::parse(&format!("city = \"{value}\" OR email < \"{value}\""));
            let filter = filter.expect("a filter");
            let mut query = crate::query::Query::new::<crate::engine::Postgres>("");
            predicate::<crate::engine::Postgres>(&filter, &mut query);
            query.text().to_owned()
        };
        prop_assert_eq!(sql(&quoted), sql("x"));
    }
}
