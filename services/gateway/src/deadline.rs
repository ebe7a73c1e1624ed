//! How long a request may take.

use std::time::Duration;

use artisan_runtime::env::HumanDuration;
use axum::http::HeaderMap;
use tokio::time::{Instant, sleep_until, timeout_at};
use tonic::Status;

use crate::problem::Problem;
use crate::status;

/// The headers by which clients ask for less time than they would get.
const GRPC_TIMEOUT: &str = "grpc-timeout";
const REQUEST_TIMEOUT: &str = "x-request-timeout";

/// The most that `grpc-timeout` can say: 8 digits of hours.
const LONGEST: Duration = Duration::from_hours(99_999_999);

/// The moment at which a request is given up; streams have none unless their client sets one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Option<Instant>,
}

/// The deadline has passed.
#[derive(Debug)]
pub(crate) struct Elapsed;

impl Deadline {
    /// The deadline of a request that begins now: what its client asks for, but never more than `max`.
    pub(crate) fn of(headers: &HeaderMap, max: Option<Duration>) -> Result<Self, Problem> {
        let asked = asked(headers)?;
        if asked.is_some_and(|asked| asked.is_zero()) {
            return Err(status::problem(&Status::deadline_exceeded(""), false));
        }
        let allowed = match (asked, max) {
            (Some(asked), Some(max)) => Some(asked.min(max)),
            (asked, max) => asked.or(max),
        };
        Ok(Self { at: allowed.map(|allowed| Instant::now() + allowed.min(LONGEST)) })
    }

    /// The deadline of what may take this long from now on.
    pub(crate) fn after(time: Duration) -> Self {
        Self { at: Some(Instant::now() + time) }
    }

    /// The time that is left; nothing when there is no deadline.
    pub(crate) fn remaining(self) -> Option<Duration> {
        self.at.map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Whether this much time is left.
    pub(crate) fn leaves(self, time: Duration) -> bool {
        self.remaining().is_none_or(|remaining| remaining > time)
    }

    /// Whether no time is left.
    pub(crate) fn has_passed(self) -> bool {
        self.at.is_some_and(|at| at <= Instant::now())
    }

    /// Waits until the deadline; for ever where there is none.
    pub(crate) async fn passed(self) {
        match self.at {
            Some(at) => sleep_until(at).await,
            None => std::future::pending().await,
        }
    }

    /// Waits for a future, at most until the deadline.
    pub(crate) async fn within<F: Future>(self, future: F) -> Result<F::Output, Elapsed> {
        match self.at {
            Some(at) => timeout_at(at, future).await.map_err(|_| Elapsed),
            None => Ok(future.await),
        }
    }
}

fn asked(headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
    if let Some(value) = headers.get(GRPC_TIMEOUT) {
        let duration = value.to_str().ok().and_then(parse_grpc);
        return duration.map(Some).ok_or_else(|| {
            Problem::invalid(
                "INVALID_TIMEOUT",
                "grpc-timeout must be up to 8 digits and one of H, M, S, m, u, n",
            )
        });
    }
    if let Some(value) = headers.get(REQUEST_TIMEOUT) {
        let duration = value.to_str().ok().and_then(|text| text.parse::<HumanDuration>().ok());
        return duration.map(|duration| Some(duration.0)).ok_or_else(|| {
            Problem::invalid(
                "INVALID_TIMEOUT",
                "x-request-timeout must be a number with a unit, as in 250ms or 3s",
            )
        });
    }
    Ok(None)
}

/// The grammar of the gRPC specification: at most 8 digits and a unit.
fn parse_grpc(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count * 3600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse_grpc;

    #[test]
    fn timeouts_of_grpc_are_understood() {
        assert_eq!(parse_grpc("1H"), Some(Duration::from_hours(1)));
        assert_eq!(parse_grpc("99999999m"), Some(Duration::from_millis(99_999_999)));
        assert_eq!(parse_grpc("500u"), Some(Duration::from_micros(500)));
        for text in ["", "S", "1", "1s", "123456789S", "-1S", "1.5S", "1é"] {
            assert_eq!(parse_grpc(text), None, "{text:?}");
        }
    }
}
