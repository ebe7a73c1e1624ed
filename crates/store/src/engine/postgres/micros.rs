//! Times as the server sends them, beyond those that the driver's type has: years up to 294276, and infinity.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgRow, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Postgres as Driver, Row as _, Type};
use time::OffsetDateTime;

/// 2000-01-01T00:00:00Z in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

/// Microseconds since 1970; infinity is the highest number, and before all times the lowest of the server.
/// <https://www.postgresql.org/docs/current/datatype-datetime.html>
struct Micros(i64);

impl Type<Driver> for Micros {
    fn type_info() -> PgTypeInfo {
        <OffsetDateTime as Type<Driver>>::type_info()
    }
}

impl<'r> Decode<'r, Driver> for Micros {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => {
                let since_2000 = <i64 as Decode<Driver>>::decode(value)?;
                Ok(Self(since_2000.saturating_add(EPOCH)))
            }
            PgValueFormat::Text => Err("a time came as text".into()),
        }
    }
}

/// The time of a column in microseconds since 1970.
pub(crate) fn raw_micros(row: &PgRow, at: usize) -> Result<Option<i64>, sqlx::Error> {
    row.try_get(at).map(|micros: Option<Micros>| micros.map(|micros| micros.0))
}
