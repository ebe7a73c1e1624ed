use std::fs;

use time::OffsetDateTime;

use crate::{Error, Folder, History};

/// The least version that is a time: numbers below are counted.
const FIRST_TIME: i64 = 10_000_000_000_000;

/// The next version: a time in UTC, or one more where the versions are counted, and in any case
/// higher than all that exist.
pub(super) fn next(history: &History, now: Option<OffsetDateTime>) -> i64 {
    let newest = history.revisions().last().map(|revision| revision.version);
    let after = newest.map_or(1, |newest| newest.saturating_add(1));
    match newest {
        Some(newest) if newest < FIRST_TIME => after,
        Some(_) | None => now.map_or(after, |now| time_version(now).max(after)),
    }
}

/// `YYYYMMDDHHMMSS`
fn time_version(now: OffsetDateTime) -> i64 {
    let now = now.to_offset(time::UtcOffset::UTC);
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

/// A version that was asked for: free, and higher than those of its parents.
pub(super) fn given(history: &History, version: i64, parents: &[i64]) -> Result<i64, Error> {
    if let Some(taken) = history.find(version) {
        let message = format!("{version} is taken by {}", taken.up.file);
        return Err(Error::usage("VERSION_TAKEN", message));
    }
    match parents.iter().max().filter(|parent| **parent >= version) {
        Some(parent) => {
            let message = format!("{version} is not higher than {parent}, upon which it builds");
            Err(Error::usage("VERSION_TOO_LOW", message))
        }
        None => Ok(version),
    }
}

/// Whether no file has the version.
pub(super) fn is_free(folder: &Folder, version: i64) -> bool {
    names(folder, version).is_empty()
}

/// Whether no other name of the version sorts before this one.
pub(super) fn is_first(folder: &Folder, version: i64, name: &str) -> bool {
    names(folder, version).iter().all(|other| other.as_str() >= name)
}

/// The names that the version has, without suffixes.
fn names(folder: &Folder, version: i64) -> Vec<String> {
    let prefix = format!("{version}_");
    let entries = folder.places().into_iter().filter_map(|place| fs::read_dir(place).ok());
    entries
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let rest = file.strip_prefix(&prefix)?.strip_suffix(".sql")?;
            let name = rest.strip_suffix(".up").or_else(|| rest.strip_suffix(".down"));
            Some(name.unwrap_or(rest).to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn version_is_the_time_and_higher_than_all() {
        let now = time::macros::datetime!(2026-11-27 13:05:09 UTC);
        let with = |files: &[(&'static str, &'static str)]| {
            let history = History::build(Source::embedded(files.iter().copied())).unwrap();
            next(&history, Some(now))
        };
        assert_eq!(with(&[]), 20_261_127_130_509);
        assert_eq!(with(&[("20261127130509_a.sql", "")]), 20_261_127_130_510);
        assert_eq!(with(&[("20301127130509_a.sql", "")]), 20_301_127_130_510);
        assert_eq!(with(&[("1_a.sql", ""), ("7_b.sql", "")]), 8);
    }
}
