use std::fs;

use time::OffsetDateTime;

use super::{Style, Versioning};
use crate::history::parse_file_name;
use crate::{Error, Folder, History};

/// The least version that is a time: `YYYYMMDDHHMMSS`.
const FIRST_TIME: i64 = 10_000_000_000_000;
/// The greatest version that nobody takes for a date or a time.
const LAST_COUNTED: i64 = 9_999;
/// How many digits the first file of a counted history has, as with sqlx-cli.
const COUNTED_WIDTH: usize = 4;

/// The next version: a time, or one more where versions are counted, and in any case higher than all
/// that exist.
///
/// Fails where the newest has the highest version that there is.
pub(super) fn next(
    history: &History,
    style: &Style,
    now: Option<OffsetDateTime>,
) -> Result<i64, Error> {
    let newest = history.revisions().last().map(|revision| revision.version);
    let after = behind(newest.unwrap_or_default())?.max(1);
    Ok(match style.versioning.unwrap_or_else(|| inferred(history)) {
        Versioning::Sequential => after,
        Versioning::Timestamp => now.map_or(after, |now| time_version(now, style).max(after)),
    })
}

/// The version behind another one.
pub(super) fn behind(version: i64) -> Result<i64, Error> {
    version.checked_add(1).ok_or_else(|| {
        let message = format!(
            "a file has the version {version}, the highest that there is, so that none can come behind it: \
             give that file a lower one"
        );
        Error::usage("NO_HIGHER_VERSION", message)
    })
}

/// How the folder's versions are made, as sqlx-cli infers it: counted if the last two differ by one.
///
/// Beyond that, a gap does not turn a counted folder into one of times, and times stay times: two
/// that were made in the same second differ by one as well.
fn inferred(history: &History) -> Versioning {
    let mut newest = history.revisions().iter().rev().map(|revision| revision.version);
    let is_counted = match (newest.next(), newest.next()) {
        (Some(last), _) if last <= LAST_COUNTED => true,
        (Some(last), Some(before)) => last < FIRST_TIME && last - before == 1,
        (Some(_), None) | (None, _) => false,
    };
    if is_counted { Versioning::Sequential } else { Versioning::Timestamp }
}

fn time_version(now: OffsetDateTime, style: &Style) -> i64 {
    let now = now.to_offset(style.offset);
    let fields = [
        (i64::from(now.year()), 1),
        (i64::from(u8::from(now.month())), 100),
        (i64::from(now.day()), 100),
        (i64::from(now.hour()), 100),
        (i64::from(now.minute()), 100),
        (i64::from(now.second()), 100),
    ];
    fields.iter().fold(0, |version, (value, scale)| version * scale + value)
}

/// A version as the names of new files have it: as many digits as those of the newest file if they
/// begin with 0, as sqlx-cli counts.
pub(super) fn shown(history: &History, version: i64) -> String {
    let width = match history.revisions().last() {
        Some(newest) => width(&newest.up.file),
        None => COUNTED_WIDTH,
    };
    format!("{version:0width$}")
}

/// The file's name with another version, and as many digits as it had if they begin with 0.
pub(super) fn renamed(file: &str, version: i64) -> String {
    let rest = file.split_once('_').map_or("", |(_, rest)| rest);
    let width = width(file);
    format!("{version:0width$}_{rest}")
}

fn width(file: &str) -> usize {
    let digits = file.split_once('_').map_or("", |(digits, _)| digits);
    if digits.starts_with('0') { digits.len() } else { 0 }
}

/// A version that was asked for: free, higher than those of its parents, and not such that another
/// revision would build upon it without saying so.
pub(super) fn given(history: &History, version: i64, parents: &[i64]) -> Result<i64, Error> {
    if let Some(taken) = history.find(version) {
        let message = format!("{version} is taken by {}", taken.up.file);
        return Err(Error::usage("VERSION_TAKEN", message));
    }
    let too_low = |message: String| Err(Error::usage("VERSION_TOO_LOW", message));
    if version < 1 {
        return too_low(format!("{version} cannot be a version: write a number from 1 on"));
    }
    if let Some(parent) = parents.iter().max().filter(|parent| **parent >= version) {
        return too_low(format!("{version} is not higher than {parent}, upon which it builds"));
    }
    let after = history.revisions().iter().find(|revision| revision.version > version);
    match after.filter(|r| r.directives.revises.is_empty() && !r.directives.begins_anew) {
        Some(after) => too_low(format!(
            "{} does not say what it builds upon, and would build upon {version}: write a version \
             higher than all others, or a `-- revises:` line into that file",
            after.up.file
        )),
        None => Ok(version),
    }
}

/// Whether no file has the version.
pub(super) fn is_free(folder: &Folder, version: i64) -> bool {
    files(folder).all(|(other, _)| other != version)
}

/// Whether no other name of the version sorts before this one.
pub(super) fn is_first(folder: &Folder, version: i64, name: &str) -> bool {
    files(folder).all(|(other, name_of_other)| other != version || name_of_other.as_str() >= name)
}

/// Versions and names of all files.
fn files(folder: &Folder) -> impl Iterator<Item = (i64, String)> {
    let entries = folder.places().into_iter().filter_map(|place| fs::read_dir(place).ok());
    entries.flatten().flatten().filter_map(|entry| {
        let file = parse_file_name(entry.file_name().to_str()?)?;
        Some((file.version, file.name))
    })
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, offset};

    use super::*;
    use crate::Source;

    fn history(names: &[&'static str]) -> History {
        History::build(Source::embedded(names.iter().map(|name| (*name, "")))).unwrap()
    }

    #[test]
    fn version_is_the_time_or_counted_and_higher_than_all() {
        let now = Some(datetime!(2026-11-27 13:05:09 UTC));
        let with = |names: &[&'static str]| next(&history(names), &Style::default(), now).unwrap();
        let time = 20_261_127_130_509;
        for (names, version) in [
            (&[][..], time),
            (&["0_a.sql"], 1),
            (&["1_a.sql"], 2),
            (&["7_a.sql", "8_b.sql"], 9),
            (&["1_a.sql", "7_b.sql"], 8),
            (&["20250101_a.sql"], time),
            (&["20250101_a.sql", "20250102_b.sql"], 20_250_103),
            (&["20261127130509_a.sql"], time + 1),
            (&["20261127130508_a.sql", "20261127130509_b.sql"], time + 1),
            (&["20251127130508_a.sql", "20251127130509_b.sql"], time),
            (&["20301127130509_a.sql"], 20_301_127_130_510),
        ] {
            assert_eq!(with(names), version, "{names:?}");
        }
        let style = |versioning| Style { versioning: Some(versioning), ..Style::default() };
        let times = history(&["20251127130509_a.sql"]);
        assert_eq!(next(&times, &style(Versioning::Sequential), now).unwrap(), 20_251_127_130_510);
        let first = history(&["1_a.sql"]);
        assert_eq!(next(&first, &style(Versioning::Timestamp), now).unwrap(), time);
        let east = Style { offset: offset!(+02:00), ..Style::default() };
        assert_eq!(next(&history(&[]), &east, now).unwrap(), 20_261_127_150_509);
    }

    #[test]
    fn counted_names_keep_their_leading_zeros() {
        assert_eq!(shown(&history(&["0009_a.sql"]), 10), "0010");
        assert_eq!(shown(&history(&["9_a.sql"]), 10), "10");
        assert_eq!(shown(&history(&[]), 1), "0001");
        assert_eq!(renamed("0009_a_b.up.sql", 12), "0012_a_b.up.sql");
        assert_eq!(renamed("9_a.sql", 12), "12_a.sql");
    }

    #[test]
    fn version_between_others_must_not_become_a_parent_unasked() {
        let plain = history(&["1_a.sql", "9_b.sql"]);
        let reason = |version| given(&plain, version, &[]).unwrap_err().reason();
        assert_eq!(
            (reason(9), reason(5), reason(0)),
            ("VERSION_TAKEN", "VERSION_TOO_LOW", "VERSION_TOO_LOW")
        );
        let files = [("1_a.sql", ""), ("9_b.sql", "-- revises: 1\n")];
        let said = History::build(Source::embedded(files)).unwrap();
        assert_eq!(given(&said, 5, &[1]).unwrap(), 5);
    }
}
