use std::fmt;

use time::OffsetDateTime;

use crate::User;

/// A write that must happen once, however often its caller repeats it.
#[derive(Clone, Copy)]
pub struct Once<'a> {
    /// What names the call: a hash of who calls, of the method and of the caller's id for the request.
    pub key_hash: [u8; 32],
    /// What the call must be to be the same: a keyed hash of the request.
    pub fingerprint: [u8; 32],
    /// The answer to the caller, which is kept.
    pub answer: &'a (dyn Fn(&User) -> Vec<u8> + Send + Sync),
    /// Now, by the caller's clock.
    pub now: OffsetDateTime,
    /// Until when a repetition is recognised.
    pub expire_time: OffsetDateTime,
}

impl fmt::Debug for Once<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Once")
            .field("expire_time", &self.expire_time)
            .finish_non_exhaustive()
    }
}

/// What a call meets that was made before.
#[derive(Clone, PartialEq, Eq)]
pub enum Repeated {
    /// It was this very call, and this was the answer.
    Same(Vec<u8>),
    /// It was another call under the same id.
    Other,
}

/// An answer may hold personal data.
impl fmt::Debug for Repeated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Same(_) => "Same(..)",
            Self::Other => "Other",
        })
    }
}

/// How a write that must happen once has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "matched at once where it is made")]
pub enum Done {
    /// It happened now.
    Now(User),
    /// It had happened before; nothing was written.
    Before(Repeated),
}
