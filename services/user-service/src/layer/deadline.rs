use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;
use tonic::Extensions;

use crate::error::Error;

/// What is kept of the caller's time for the way back, so that the caller hears of the deadline
/// from us, with details, before giving up by itself.
const WAY_BACK: Duration = Duration::from_millis(10);

/// When a call must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// The caller's deadline (`grpc-timeout`), at most `limit` from now.
    pub(crate) fn of(headers: &HeaderMap, limit: Duration) -> Self {
        let asked = headers.get("grpc-timeout").and_then(|value| value.to_str().ok());
        let asked =
            asked.and_then(parse_timeout).map(|time| time.saturating_sub(WAY_BACK.min(time / 10)));
        Self(Instant::now() + asked.map_or(limit, |asked| asked.min(limit)))
    }

    /// The deadline of the call that is being handled.
    pub(crate) fn in_force(extensions: &Extensions) -> Option<std::time::Instant> {
        extensions.get::<Self>().map(|deadline| deadline.0.into_std())
    }

    /// Gives the work up, and with it the SQL that it waits for, once the deadline has passed.
    pub(super) async fn bound<T>(
        deadline: Option<Self>,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        match deadline {
            None => work.await,
            Some(Self(at)) => {
                tokio::time::timeout_at(at, work).await.unwrap_or(Err(Error::DeadlineExceeded))
            }
        }
    }
}

/// `TimeoutValue TimeoutUnit` of the gRPC protocol: at most eight digits and a unit.
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_hours(value)),
        "M" => Some(Duration::from_mins(value)),
        "S" => Some(Duration::from_secs(value)),
        "m" => Some(Duration::from_millis(value)),
        "u" => Some(Duration::from_micros(value)),
        "n" => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_the_protocol_is_read() {
        assert_eq!(parse_timeout("2H"), Some(Duration::from_hours(2)));
        assert_eq!(parse_timeout("3M"), Some(Duration::from_mins(3)));
        assert_eq!(parse_timeout("99999999S"), Some(Duration::from_secs(99_999_999)));
        assert_eq!(parse_timeout("100m"), Some(Duration::from_millis(100)));
        assert_eq!(parse_timeout("7u"), Some(Duration::from_micros(7)));
        assert_eq!(parse_timeout("0n"), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_no_timeout_is_none() {
        for text in ["", "m", "1", "1x", "-1S", "+1S", "123456789S", "1.5S", "1é"] {
            assert_eq!(parse_timeout(text), None, "{text}");
        }
    }
}
