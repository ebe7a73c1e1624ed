//! How attempts to sign in are held back after some have failed, without anybody being locked out.

use time::{Duration, OffsetDateTime};

use crate::{TokenHash, UserId};

/// How many attempts of one account may fail at one place before the next ones have to wait.
const FREE: i64 = 10;
/// The same where the account has been signed in from.
const FREE_WHERE_KNOWN: i64 = 20;
/// The same at other places while somebody guesses the account's password from many of them: the right
/// password gets in at the first attempt.
const FREE_UNDER_ATTACK: i64 = 1;
/// How many failures from places where an account is not known say that somebody guesses.
const ATTACK: i64 = 50;
/// How many attempts of all accounts may fail at one origin.
const FREE_OF_ORIGIN: i64 = 100;
const FIRST_PAUSE: Duration = Duration::seconds(1);
const LONGEST_PAUSE: Duration = Duration::minutes(15);
const LONGEST_PAUSE_OF_ORIGIN: Duration = Duration::minutes(1);
/// Where several clients may share the place, one must not hold up the others for long.
const LONGEST_SHARED_PAUSE: Duration = Duration::seconds(2);
/// How long failures are remembered after the last one.
const REMEMBERED: Duration = Duration::hours(24);
/// How long an account is known where it was signed in from.
const KNOWN: Duration = Duration::days(90);

/// An attempt to sign in, and what it counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInAttempt {
    /// The account together with the place that it is tried from.
    pub place: TokenHash,
    /// Whether others may be at the same place, because clients cannot be told apart there.
    pub is_shared: bool,
    /// The account wherever it is tried from, whether it exists or not.
    pub account: Option<TokenHash>,
    /// The place whatever account is tried.
    pub origin: Option<TokenHash>,
    /// Now, by the caller's clock.
    pub time: OffsetDateTime,
}

/// An attempt that was let through, and is counted as failed until something else is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "it counts as failed until `Store::end_sign_in` says something else"]
pub struct BegunSignIn {
    pub(crate) attempt: SignInAttempt,
    pub(crate) is_known: bool,
}

/// How an attempt has ended that has not failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInEnd {
    /// The password is that of this user.
    Right(UserId),
    /// The password was not looked at.
    Unchecked,
}

/// What is counted for one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) failures: i64,
    pub(crate) last: OffsetDateTime,
    pub(crate) is_known: bool,
}

/// The counts that an attempt meets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) place: Option<Count>,
    pub(crate) account: Option<Count>,
    pub(crate) origin: Option<Count>,
}

impl Counts {
    pub(crate) fn is_known(&self, now: OffsetDateTime) -> bool {
        let within = |count: &Count| count.is_known && (now - count.last).abs() < KNOWN;
        self.place.as_ref().is_some_and(within)
    }

    /// Until when the attempt has to wait, if it has to.
    pub(crate) fn pause(&self, is_shared: bool, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let is_known = self.is_known(now);
        let is_attacked = recent(self.account, now) >= ATTACK;
        let (free, longest) = match (is_shared, is_known, is_attacked) {
            (true, _, _) => (FREE_WHERE_KNOWN, LONGEST_SHARED_PAUSE),
            (false, true, _) => (FREE_WHERE_KNOWN, LONGEST_PAUSE),
            (false, false, true) => (FREE_UNDER_ATTACK, LONGEST_PAUSE),
            (false, false, false) => (FREE, LONGEST_PAUSE),
        };
        let place = pause(self.place, free, longest, now);
        // Where the account is known, what others do there with other accounts is no reason.
        let origin = if is_known { None } else { self.origin };
        place.max(pause(origin, FREE_OF_ORIGIN, LONGEST_PAUSE_OF_ORIGIN, now))
    }
}

/// The failures that still count: by a clock that was set back, what lies far ahead is as far away.
pub(crate) fn recent(count: Option<Count>, now: OffsetDateTime) -> i64 {
    let recent = count.filter(|count| (now - count.last).abs() < REMEMBERED);
    recent.map_or(0, |count| count.failures)
}

/// Twice as long after each failure beyond the free ones.
fn pause(
    count: Option<Count>,
    free: i64,
    longest: Duration,
    now: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let beyond = recent(count, now).checked_sub(free).filter(|beyond| *beyond >= 0)?;
    let beyond = u32::try_from(beyond).unwrap_or(u32::MAX);
    let pause = FIRST_PAUSE.checked_mul(2_i32.saturating_pow(beyond)).unwrap_or(longest);
    let pause = pause.min(longest);
    let last = count?.last;
    ((now - last).abs() < pause).then(|| last + pause)
}

/// When a count is of no use any more.
pub(crate) fn forgotten(is_known: bool, now: OffsetDateTime) -> OffsetDateTime {
    now + if is_known { KNOWN } else { REMEMBERED }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-29 12:00 UTC);

    fn count(failures: i64) -> Count {
        Count { failures, last: NOW, is_known: false }
    }

    fn seconds(counts: Counts, is_shared: bool) -> Option<i64> {
        counts.pause(is_shared, NOW).map(|until| (until - NOW).whole_seconds())
    }

    #[test]
    fn each_failure_beyond_the_free_ones_doubles_the_pause() {
        let at =
            |failures| seconds(Counts { place: Some(count(failures)), ..Counts::default() }, false);
        let found = [9, 10, 11, 12, 19, 20, 99, i64::MAX].map(at);
        let expected =
            [None, Some(1), Some(2), Some(4), Some(512), Some(900), Some(900), Some(900)];
        assert_eq!(found, expected);
    }

    #[test]
    fn who_shares_a_place_is_never_held_up_for_long() {
        let counts = Counts { place: Some(count(1_000_000)), ..Counts::default() };
        assert_eq!(seconds(counts, true), Some(2));
    }

    #[test]
    fn the_first_attempt_elsewhere_passes_while_somebody_guesses() {
        let attacked = Counts { account: Some(count(1_000_000)), ..Counts::default() };
        assert_eq!(seconds(attacked, false), None);
        assert_eq!(seconds(Counts { place: Some(count(1)), ..attacked }, false), Some(1));
    }

    #[test]
    fn where_an_account_is_known_neither_the_account_nor_the_origin_holds_it_up() {
        let known = Count { failures: 0, last: NOW, is_known: true };
        let flood =
            Counts { account: Some(count(1_000)), origin: Some(count(1_000)), place: Some(known) };
        assert_eq!(seconds(flood, false), None);
        assert_eq!(seconds(Counts { place: None, ..flood }, false), Some(60));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let counts = Counts { place: Some(count(1_000)), ..Counts::default() };
        let before = NOW - Duration::days(2);
        assert_eq!(counts.pause(false, before), None);
        assert_eq!(recent(counts.place, before), 0);
    }
}
