//! Many rows as an array for each column: the server parses and plans as much for a thousand rows as for
//! one, where a list of values has a parameter for each of them.

use std::fmt::Write as _;

use sqlx::Arguments as _;
use sqlx::postgres::PgArguments;
use time::OffsetDateTime;

use crate::engine::{BoxError, Value, to_micros};

pub(super) fn insert<'a, R: AsRef<[Value<'a>]>>(
    head: &'static str,
    rows: &[R],
) -> Result<(String, PgArguments), BoxError> {
    let mut sql = format!("{head}SELECT * FROM unnest(");
    let mut arguments = PgArguments::default();
    for column in 0..rows.first().map_or(0, |row| row.as_ref().len()) {
        let values: Vec<Value<'_>> =
            rows.iter().filter_map(|row| row.as_ref().get(column)).copied().collect();
        add(&mut arguments, &values)?;
        write!(sql, "{}${}", if column == 0 { "" } else { ", " }, column + 1)?;
    }
    sql.push(')');
    Ok((sql, arguments))
}

/// The values of a column are all of one kind.
fn add(arguments: &mut PgArguments, values: &[Value<'_>]) -> Result<(), BoxError> {
    macro_rules! all {
        ($kind:ident $(, $convert:expr)?) => {
            arguments.add(
                values
                    .iter()
                    .map(|value| match *value {
                        Value::$kind(value) => Ok($($convert)?(value)),
                        _ => Err(BoxError::from("a column has values of several kinds")),
                    })
                    .collect::<Result<Vec<_>, _>>()?,
            )
        };
    }
    match values.first() {
        Some(Value::Id(_)) => all!(Id),
        Some(Value::MaybeId(_)) => all!(MaybeId),
        Some(Value::Text(_)) => all!(Text),
        Some(Value::MaybeText(_)) => all!(MaybeText),
        Some(Value::Flag(_)) => all!(Flag),
        Some(Value::Number(_)) => all!(Number),
        Some(Value::MaybeNumber(_)) => all!(MaybeNumber),
        Some(Value::Time(_)) => all!(Time, to_micros),
        Some(Value::MaybeTime(_)) => all!(MaybeTime, maybe_to_micros),
        Some(Value::Hash(_)) => all!(Hash),
        Some(Value::MaybeHash(_)) => all!(MaybeHash),
        None => Ok(()),
    }
}

fn maybe_to_micros(time: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
    time.map(to_micros)
}
