use proptest::prelude::*;
use time::macros::datetime;

use super::*;

fn spelt(cell: &Cell) -> String {
    let mut line = Vec::new();
    cell.write(&mut line);
    String::from_utf8(line).unwrap()
}

fn parsed(kind: Kind, json: &str) -> Result<Cell, ValueProblem> {
    kind.parse(serde_json::from_str(json).unwrap())
}

#[test]
fn values_have_one_spelling() {
    let id = Uuid::from_u128(0x0193_abcd);
    for (kind, cell, json) in [
        (Kind::Id, Cell::Id(id), "\"00000000-0000-0000-0000-00000193abcd\""),
        (Kind::MaybeId, Cell::Null, "null"),
        (Kind::Text(9), Cell::Text(String::new()), "\"\""),
        (Kind::Text(9), Cell::Text("é\"\\\n\u{1}/木".to_owned()), r#""é\"\\\n\u0001/木""#),
        (Kind::MaybeText(9), Cell::Null, "null"),
        (Kind::Flag, Cell::Flag(true), "true"),
        (Kind::Number, Cell::Number(i64::MIN), "-9223372036854775808"),
        (Kind::MaybeNumber, Cell::Number(i64::MAX), "9223372036854775807"),
        (Kind::Time, Cell::Time(-1), "-1"),
        (Kind::Blob(9), Cell::Bytes(vec![0, 255]), "\"AP8=\""),
    ] {
        assert_eq!(spelt(&cell), json);
        assert_eq!(parsed(kind, json), Ok(cell), "{json}");
    }
}

#[test]
fn what_some_engine_does_not_take_is_refused() {
    for (kind, json, problem) in [
        (Kind::Id, "null", ValueProblem::Null),
        (Kind::Id, "\"x\"", ValueProblem::Type("UUID")),
        (Kind::Text(2), "\"木木木\"", ValueProblem::TooLong(2)),
        (Kind::Text(2), "\"\\u0000\"", ValueProblem::Nul),
        (Kind::Text(2), "1", ValueProblem::Type("text")),
        (Kind::Flag, "1", ValueProblem::Type("true or false")),
        (Kind::Number, "1.0", ValueProblem::Type("integer of 64 bits")),
        (Kind::Number, "9223372036854775808", ValueProblem::Type("integer of 64 bits")),
        (Kind::Time, "253402300800000000", ValueProblem::Year),
        (Kind::MaybeTime, "-30610224000000001", ValueProblem::Year),
        (Kind::Hash, "\"AP8=\"", ValueProblem::Length),
        (Kind::Hash, "\"AP8\"", ValueProblem::Type("base64")),
        (Kind::Blob(1), "\"AP8=\"", ValueProblem::TooLong(1)),
    ] {
        assert_eq!(parsed(kind, json), Err(problem), "{json}");
    }
    assert_eq!(parsed(Kind::Text(2), "\"木木\""), Ok(Cell::Text("木木".to_owned())));
}

#[test]
fn bounds_of_times_are_those_of_mysql() {
    let micros = |time: OffsetDateTime| i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap();
    assert_eq!(FIRST_TIME, micros(datetime!(1000-01-01 0:00 UTC)));
    assert_eq!(LAST_TIME, micros(datetime!(9999-12-31 23:59:59.999_999 UTC)));
}

proptest! {
    #[test]
    fn every_text_is_read_as_it_was_written(text in "[^\0]{0,50}") {
        let cell = Cell::Text(text);
        prop_assert_eq!(parsed(Kind::Text(50), &spelt(&cell)), Ok(cell));
    }

    #[test]
    fn every_blob_is_read_as_it_was_written(bytes: Vec<u8>) {
        let cell = Cell::Bytes(bytes);
        prop_assert_eq!(parsed(Kind::Blob(1000), &spelt(&cell)), Ok(cell));
    }
}
