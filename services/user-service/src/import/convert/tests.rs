use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-29 12:00 UTC);

fn row() -> LegacyUser {
    let mut row = LegacyUser::default();
    for (path, text) in [
        ("users.user_id", "5f0c7e56-6d0c-4a3e-9f6e-2f1f0a9b8c7d"),
        ("users.email", "Maria@Example.com"),
        ("users.password", "ValidPassword123!"),
        ("users.registration_date", "2025-06-12 15:17:19"),
        ("users.status", "active"),
        ("users.address_id", "a"),
        ("addresses.address_id", "a"),
        ("addresses.street", "Rua Chile"),
        ("addresses.neighborhood", "Centro"),
        ("addresses.city", "Salvador"),
        ("addresses.state", "BA"),
        ("addresses.zip_code", "40020-000"),
        ("addresses.country", "Brasil"),
        ("buyers.buyer_id", "5f0c7e56-6d0c-4a3e-9f6e-2f1f0a9b8c7d"),
        ("buyers.full_name", "Maria"),
    ] {
        row.set(LegacyColumn::from_path(path).unwrap(), Some(text.to_owned()));
    }
    row
}

/// What is found in a row with some columns otherwise, as `table.column problem`, and whether it
/// can be taken.
fn found(columns: &[(&str, Option<&str>)]) -> (bool, Vec<String>) {
    let mut row = row();
    for (path, text) in columns {
        row.set(LegacyColumn::from_path(path).unwrap(), text.map(str::to_owned));
    }
    let (prepared, problems) = convert(&row, &Change::default(), NOW);
    let told = |problem: &Problem| format!("{} {}", problem.column.path(), problem.text);
    (prepared.is_some(), problems.iter().map(told).collect())
}

#[test]
fn a_good_row_is_taken_as_it_is() {
    let (prepared, problems) = convert(&row(), &Change::default(), NOW);
    assert_eq!(problems, []);
    let Prepared { user, password } = prepared.unwrap();
    assert_eq!(user.id.to_string(), "5f0c7e56-6d0c-4a3e-9f6e-2f1f0a9b8c7d");
    assert_eq!(user.email.as_str(), "Maria@Example.com");
    assert_eq!(user.create_time, datetime!(2025-06-12 15:17:19 UTC));
    assert_eq!(user.address.unwrap().number.as_str(), "");
    assert!(matches!(password, password::Taken::Plain(text) if *text == "ValidPassword123!"));
}

#[test]
fn each_wrong_column_is_named() {
    let (long, nothing) = ("x".repeat(256), None);
    for (column, text, problem) in [
        ("users.user_id", Some("7"), "must be a UUID"),
        ("users.email", Some("plainaddress"), "must be an e-mail address"),
        ("users.email", Some("a@example.com "), "must be an e-mail address"),
        ("users.password", Some(""), "is empty"),
        ("users.registration_date", nothing, "must be a time, such as 2025-06-12T15:17:19Z"),
        ("users.registration_date", Some("2126-01-01 00:00:00"), "must lie between 1970 and today"),
        ("users.status", Some("banned"), "must be active, inactive or pending"),
        ("users.address_id", Some(""), ""),
        ("addresses.street", Some(&long), "must not be longer than 255 characters"),
        ("addresses.city", Some(" "), "must not be blank"),
        ("addresses.country", Some(""), "must be set"),
        ("buyers.full_name", Some("a\u{0}b"), "must not have control characters"),
        ("artisans.store_name", Some("Shop"), "users.user_id is an artisan and a buyer"),
    ] {
        let (is_taken, problems) = found(&[(column, text)]);
        if problem.is_empty() {
            assert!(is_taken, "{problems:?}");
            continue;
        }
        assert!(!is_taken, "{column}");
        let expected =
            if problem.contains('.') { problem.to_owned() } else { format!("{column} {problem}") };
        assert!(problems == [expected.clone()] || problems == [problem.to_owned()], "{problems:?}");
    }
}

#[test]
fn what_is_not_there_is_asked_about() {
    let (_, problems) = found(&[("addresses.address_id", None)]);
    assert_eq!(problems, ["users.address_id names no address"]);
    let (_, problems) = found(&[("buyers.buyer_id", None), ("buyers.full_name", None)]);
    assert_eq!(problems, ["users.user_id is neither an artisan nor a buyer"]);
    let (is_taken, problems) = found(&[("users.address_id", None)]);
    assert!(is_taken && problems.is_empty(), "{problems:?}");
}

#[test]
fn an_odd_postal_code_is_only_told() {
    for (text, is_told) in
        [("40020000", false), ("40020-000", false), ("4002-0000", true), ("abc", true)]
    {
        let (is_taken, problems) = found(&[("addresses.zip_code", Some(text))]);
        assert!(is_taken);
        assert_eq!(!problems.is_empty(), is_told, "{text}: {problems:?}");
    }
    let elsewhere = [("addresses.zip_code", Some("SW1A 1AA")), ("addresses.country", Some("UK"))];
    assert_eq!(found(&elsewhere), (true, Vec::new()));
}
