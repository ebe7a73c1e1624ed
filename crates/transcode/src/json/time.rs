use prost_types::{Duration, Timestamp};

use super::{JsonReader, JsonWriter, ParamError, ProtoJson, ReadError, WriteError};

const NANOS_PER_SECOND: i32 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
const TIMESTAMP_SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
/// 10,000 years of 365.25 days; a part of a second more is taken, as the conformance suite has it.
const LONGEST_DURATION: u64 = 315_576_000_000;

const TIMESTAMP_FORM: &str = "must be an RFC 3339 timestamp, such as 2026-01-31T12:00:00Z";
const DURATION_FORM: &str = "must be a number of seconds with an s behind it, such as 1.5s";

/// RFC 3339 with `Z` and 0, 3, 6 or 9 digits of the second.
impl ProtoJson for Timestamp {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        if !TIMESTAMP_SECONDS.contains(&self.seconds)
            || !(0..NANOS_PER_SECOND).contains(&self.nanos)
        {
            return Err(WriteError::Timestamp);
        }
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(SECONDS_PER_DAY));
        let second = self.seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let ([y0, y1], [y2, y3]) = (two_digits(year / 100), two_digits(year % 100));
        let ([m0, m1], [d0, d1]) = (two_digits(month), two_digits(day));
        let ([h0, h1], [n0, n1]) = (two_digits(hour), two_digits(minute));
        let [s0, s1] = two_digits(second);
        writer.append(|out| {
            out.extend_from_slice(&[
                b'"', y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':',
                s0, s1,
            ]);
            push_fraction(self.nanos.unsigned_abs(), out);
        });
        writer.raw("Z\"");
        Ok(())
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        *self = Self::from_param(&reader.string_or(TIMESTAMP_FORM)?)?;
        Ok(())
    }

    fn from_param(text: &str) -> Result<Self, ParamError> {
        let timestamp = parse_timestamp(text).ok_or(ParamError::new(TIMESTAMP_FORM))?;
        if !TIMESTAMP_SECONDS.contains(&timestamp.seconds) {
            return Err(ParamError::new("must be in the years 0001 to 9999"));
        }
        Ok(timestamp)
    }
}

/// Seconds with 0, 3, 6 or 9 digits after the point, and `s`.
impl ProtoJson for Duration {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        let is_sign_mixed = self.seconds.signum() * i64::from(self.nanos.signum()) < 0;
        if self.seconds.unsigned_abs() > LONGEST_DURATION
            || self.nanos.unsigned_abs() >= NANOS_PER_SECOND.unsigned_abs()
            || is_sign_mixed
        {
            return Err(WriteError::Duration);
        }
        writer.raw(if self.seconds < 0 || self.nanos < 0 { "\"-" } else { "\"" });
        writer.integer(self.seconds.unsigned_abs());
        writer.append(|out| push_fraction(self.nanos.unsigned_abs(), out));
        writer.raw("s\"");
        Ok(())
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        *self = Self::from_param(&reader.string_or(DURATION_FORM)?)?;
        Ok(())
    }

    fn from_param(text: &str) -> Result<Self, ParamError> {
        let duration = parse_duration(text).ok_or(ParamError::new(DURATION_FORM))?;
        if duration.seconds.unsigned_abs() > LONGEST_DURATION {
            return Err(ParamError::new("must be within 315576000000 seconds"));
        }
        Ok(duration)
    }
}

fn two_digits(value: i64) -> [u8; 2] {
    let value = u8::try_from(value % 100).unwrap_or(0);
    [b'0' + value / 10, b'0' + value % 10]
}

/// Appends the point and 3, 6 or 9 digits, if there is anything behind the point.
fn push_fraction(nanos: u32, out: &mut Vec<u8>) {
    if nanos == 0 {
        return;
    }
    let mut text = *b".000000000";
    let mut rest = nanos;
    for digit in text.iter_mut().skip(1).rev() {
        *digit += u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    out.extend_from_slice(match text.as_slice() {
        [start @ .., b'0', b'0', b'0', b'0', b'0', b'0'] | [start @ .., b'0', b'0', b'0'] => start,
        whole => whole,
    });
}

fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = (number(date, 0..4)?, number(date, 5..7)?, number(date, 8..10)?);
    let time = rest.strip_prefix('T')?;
    let (time, rest) = time.split_at_checked(8)?;
    let (hour, minute, second) = (number(time, 0..2)?, number(time, 3..5)?, number(time, 6..8)?);
    let separators = [date.get(4..5)?, date.get(7..8)?, time.get(2..3)?, time.get(5..6)?];
    if separators != ["-", "-", ":", ":"] || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let (nanos, zone) = parse_fraction(rest)?;
    let seconds =
        days_from_civil(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
            - parse_zone(zone)?;
    Some(Timestamp { seconds, nanos })
}

/// The offset from UTC in seconds.
fn parse_zone(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, offset) = match zone.split_at_checked(1)? {
        ("+", offset) => (1, offset),
        ("-", offset) => (-1, offset),
        _ => return None,
    };
    let (hour, minute) = (number(offset, 0..2)?, number(offset, 3..5)?);
    let is_well_formed = offset.len() == 5 && offset.get(2..3) == Some(":");
    (is_well_formed && hour <= 23 && minute <= 59).then_some(sign * (hour * 3600 + minute * 60))
}

fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.strip_suffix('s')?;
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let seconds: i64 = text.get(..digits)?.parse().ok()?;
    let (nanos, rest) = parse_fraction(text.get(digits..)?)?;
    rest.is_empty().then_some(Duration { seconds: i64::from(sign) * seconds, nanos: sign * nanos })
}

/// Reads `.` and one to nine digits, if there is a point, and gives what follows.
fn parse_fraction(text: &str) -> Option<(i32, &str)> {
    let Some(text) = text.strip_prefix('.') else { return Some((0, text)) };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=9).contains(&digits) {
        return None;
    }
    let (fraction, rest) = text.split_at_checked(digits)?;
    let scale = 10_i32.checked_pow(u32::try_from(9 - digits).ok()?)?;
    Some((fraction.parse::<i32>().ok()? * scale, rest))
}

fn number(text: &str, range: std::ops::Range<usize>) -> Option<i64> {
    let digits = text.get(range)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. Years are counted from March, so that the leap day ends them; 400 of them
/// have 146,097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::super::{from_slice, to_vec};
    use super::*;

    fn timestamp(text: &str) -> Result<Timestamp, ParamError> {
        Timestamp::from_param(text)
    }

    fn written<M: ProtoJson>(message: &M) -> Result<String, WriteError> {
        to_vec(message, &[]).map(|json| String::from_utf8(json).unwrap())
    }

    #[test]
    fn timestamps_are_read_in_any_zone_and_written_in_utc() {
        for (text, seconds, nanos, out) in [
            ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
            ("2000-02-29T23:59:59.5Z", 951_868_799, 500_000_000, "2000-02-29T23:59:59.500Z"),
            ("1969-12-31T23:59:59.000001Z", -1, 1_000, "1969-12-31T23:59:59.000001Z"),
            (
                "2026-11-23T09:00:00.123456789-03:00",
                1_795_435_200,
                123_456_789,
                "2026-11-23T12:00:00.123456789Z",
            ),
            ("1970-01-01T08:00:01+08:00", 1, 0, "1970-01-01T00:00:01Z"),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
            (
                "9999-12-31T23:59:59.999999999Z",
                253_402_300_799,
                999_999_999,
                "9999-12-31T23:59:59.999999999Z",
            ),
        ] {
            let value = Timestamp { seconds, nanos };
            assert_eq!(timestamp(text), Ok(value), "{text}");
            assert_eq!(written(&value), Ok(format!("\"{out}\"")), "{text}");
        }
    }

    #[test]
    fn other_forms_of_time_are_refused() {
        for text in [
            "",
            "1970-01-01",
            "1970-01-01T00:00:00",
            "1970-01-01t00:00:00Z",
            "1970-01-01T00:00:00z",
            "1970-01-01 00:00:00Z",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00.1234567890Z",
            "1970-13-01T00:00:00Z",
            "1970-00-01T00:00:00Z",
            "1970-02-29T00:00:00Z",
            "1970-01-32T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:60:00Z",
            "1970-01-01T00:00:60Z",
            "1970-01-01T00:00:00+0100",
            "1970-01-01T00:00:00+24:00",
            "1970-01-01T00:00:00Z ",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "10000-01-01T00:00:00Z",
            "+970-01-01T00:00:00Z",
            "1970-01-01T00:00:00é",
        ] {
            assert!(timestamp(text).is_err(), "{text}");
        }
        for (seconds, nanos) in
            [(-62_135_596_801, 0), (253_402_300_800, 0), (0, -1), (0, 1_000_000_000)]
        {
            assert_eq!(written(&Timestamp { seconds, nanos }), Err(WriteError::Timestamp));
        }
    }

    #[test]
    fn every_day_of_the_calendar_comes_back() {
        let mut previous = None;
        for days in (-719_162..=2_932_896).step_by(13) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
            assert!((1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month));
            assert!(previous < Some((year, month, day)));
            previous = Some((year, month, day));
        }
    }

    #[test]
    fn durations_have_a_sign_and_up_to_nine_digits() {
        for (text, seconds, nanos, out) in [
            ("0s", 0, 0, "0s"),
            ("1.5s", 1, 500_000_000, "1.500s"),
            ("-0.000001s", 0, -1_000, "-0.000001s"),
            ("-3.000000001s", -3, -1, "-3.000000001s"),
            ("315576000000s", 315_576_000_000, 0, "315576000000s"),
            (
                "-315576000000.999999999s",
                -315_576_000_000,
                -999_999_999,
                "-315576000000.999999999s",
            ),
        ] {
            let value = Duration { seconds, nanos };
            let json = format!("\"{text}\"");
            assert_eq!(from_slice::<Duration>(json.as_bytes(), &[]).unwrap(), value, "{text}");
            assert_eq!(written(&value), Ok(format!("\"{out}\"")));
        }
        for text in [
            "",
            "s",
            "1",
            "1.s",
            ".5s",
            "1.0000000001s",
            "+1s",
            "1 s",
            "--1s",
            "315576000001s",
            "-315576000001s",
            "1e3s",
            "99999999999999999999s",
        ] {
            assert!(Duration::from_param(text).is_err(), "{text}");
        }
        for (seconds, nanos) in
            [(1, -1), (-1, 1), (0, 1_000_000_000), (315_576_000_001, 0), (i64::MIN, 0)]
        {
            assert_eq!(written(&Duration { seconds, nanos }), Err(WriteError::Duration));
        }
    }
}
