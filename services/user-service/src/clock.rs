//! Time and identifiers as parameters, so that tests decide both.

use std::fmt::Debug;
use std::sync::Arc;

use time::OffsetDateTime;
use uuid::{NoContext, Timestamp, Uuid};

/// Tells the time, in UTC.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> OffsetDateTime;
}

/// Makes identifiers.
pub trait IdSource: Debug + Send + Sync {
    /// An identifier that was never given before.
    fn next_id(&self) -> Uuid;
}

/// Where the service takes its time and its identifiers from.
#[derive(Clone, Debug)]
pub struct Sources {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl Sources {
    /// Sources that a test sets.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        Self { clock, ids }
    }

    /// The machine's clock and random UUIDv7 identifiers.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Arc::new(System), Arc::new(System))
    }

    /// The present instant, cut to the microseconds that every engine keeps.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let now = self.clock.now();
        now.replace_microsecond(now.microsecond()).unwrap_or(now)
    }

    /// A new identifier.
    #[must_use]
    pub fn next_id(&self) -> Uuid {
        self.ids.next_id()
    }
}

#[derive(Debug)]
struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

impl IdSource for System {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes identifiers")]
    fn next_id(&self) -> Uuid {
        early_id(self.now()).unwrap_or_else(Uuid::now_v7)
    }
}

/// The identifier of a time before 1970, which a UUID cannot tell: a clock that is so wrong stops nobody.
fn early_id(now: OffsetDateTime) -> Option<Uuid> {
    let is_early = now < OffsetDateTime::UNIX_EPOCH;
    is_early.then(|| Uuid::new_v7(Timestamp::from_unix(NoContext, 0, 0)))
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn time_is_cut_to_microseconds() {
        let now = Sources::system().now();
        assert_eq!(now.nanosecond() % 1_000, 0);
    }

    #[test]
    fn times_before_1970_have_identifiers() {
        let early = |seconds| early_id(OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds));
        let (one, other) = (early(-1).unwrap(), early(-86_400).unwrap());
        assert_ne!(one, other);
        assert_eq!((one.get_version_num(), one.get_timestamp().unwrap().to_unix()), (7, (0, 0)));
        assert!(early(0).is_none());
    }

    #[test]
    fn identifiers_are_version_seven() {
        assert_eq!(Sources::system().next_id().get_version_num(), 7);
    }
}
