//! What a failed call says about the way to the service.

use std::error::Error as _;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::connection::TransportError;

/// How a call failed, by what may be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The service has not seen the call: it is safe to send again, whatever it is.
    NeverSent,
    /// The connection ended, and nobody knows what became of the call.
    Lost,
    /// The service says that it cannot serve at the moment.
    Unavailable,
    /// The service's answer, or one that no other replica would better.
    Final,
}

impl Failure {
    pub(super) fn of(status: &Status) -> Self {
        let Some(mut error) = status.source() else {
            let is_unavailable = status.code() == Code::Unavailable && !is_contended(status);
            return if is_unavailable { Self::Unavailable } else { Self::Final };
        };
        let mut failure = Self::Final;
        loop {
            if let Some(TransportError::NeverSent(_)) = error.downcast_ref() {
                return Self::NeverSent;
            }
            if let Some(error) = error.downcast_ref::<hyper::Error>() {
                failure = if error.is_canceled() { return Self::NeverSent } else { Self::Lost };
            }
            if let Some(error) = error.downcast_ref::<h2::Error>() {
                return of_h2(error);
            }
            match error.source() {
                Some(source) => error = source,
                None => return failure,
            }
        }
    }

    /// As metrics name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NeverSent => "never_sent",
            Self::Lost => "connection_lost",
            Self::Unavailable => "unavailable",
            Self::Final => "final",
        }
    }
}

/// Whether many changed one and the same thing: that tells nothing of the replica, nor of others' calls.
fn is_contended(status: &Status) -> bool {
    status.get_error_details().error_info().is_some_and(|info| info.reason == "DATABASE_CONTENDED")
}

/// A GOAWAY names the last call that was looked at (RFC 9113, section 6.8), and a refused stream was not
/// looked at either (section 8.7): then it is safe to send whatever it is (gRFC A6, "transparent retries").
/// A stream that is reset otherwise says nothing about its connection.
fn of_h2(error: &h2::Error) -> Failure {
    let is_unseen = match error.reason() {
        Some(h2::Reason::NO_ERROR) => error.is_go_away(),
        Some(h2::Reason::REFUSED_STREAM) => error.is_reset(),
        Some(_) | None => false,
    };
    if is_unseen && error.is_remote() {
        Failure::NeverSent
    } else if error.is_reset() {
        Failure::Final
    } else {
        Failure::Lost
    }
}

/// What the service wants of those who would try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pushback {
    /// It says nothing.
    None,
    /// Not before this time has passed.
    After(Duration),
    /// Not at all.
    Never,
}

impl Pushback {
    /// What stands in gRPC's own trailer (gRFC A6), else in `google.rpc.RetryInfo`.
    pub(super) fn of(status: &Status) -> Self {
        if let Some(value) = status.metadata().get("grpc-retry-pushback-ms") {
            let millis = value.to_str().ok().and_then(|text| text.parse().ok());
            return millis.map_or(Self::Never, |millis| Self::After(Duration::from_millis(millis)));
        }
        let info = status.get_error_details().retry_info().and_then(|info| info.retry_delay);
        info.map_or(Self::None, Self::After)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic::{Code, Status};
    use tonic_types::{ErrorDetails, StatusExt};

    use super::{Failure, Pushback};

    #[test]
    fn only_unavailable_is_an_answer_that_others_may_better() {
        assert_eq!(Failure::of(&Status::unavailable("")), Failure::Unavailable);
        for code in [Code::DeadlineExceeded, Code::ResourceExhausted, Code::Internal, Code::Aborted]
        {
            assert_eq!(Failure::of(&Status::new(code, "")), Failure::Final);
        }
    }

    #[test]
    fn contention_for_one_row_is_no_fault_of_the_replica() {
        let because = |reason: &str| {
            let details = ErrorDetails::with_error_info(reason, "artisan.example", []);
            Failure::of(&Status::with_error_details(Code::Unavailable, "", details))
        };
        assert_eq!(because("DATABASE_CONTENDED"), Failure::Final);
        assert_eq!(because("DATABASE_UNAVAILABLE"), Failure::Unavailable);
    }

    #[test]
    fn pushback_is_read_from_the_trailer_and_from_the_details() {
        let with = |value: &'static str| {
            let mut status = Status::unavailable("");
            status.metadata_mut().insert("grpc-retry-pushback-ms", value.parse().unwrap());
            Pushback::of(&status)
        };
        assert_eq!(with("250"), Pushback::After(Duration::from_millis(250)));
        for never in ["-1", "soon", ""] {
            assert_eq!(with(never), Pushback::Never, "{never:?}");
        }
        let details = ErrorDetails::with_retry_info(Some(Duration::from_secs(2)));
        let status = Status::with_error_details(Code::Unavailable, "", details);
        assert_eq!(Pushback::of(&status), Pushback::After(Duration::from_secs(2)));
        assert_eq!(Pushback::of(&Status::unavailable("")), Pushback::None);
    }
}
