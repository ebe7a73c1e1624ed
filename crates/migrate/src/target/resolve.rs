use std::collections::BTreeSet;

use crate::history::Along;
use crate::{Error, History, Revision};

/// How many candidates a message names.
const NAMED: usize = 8;

/// Finds the revision that a text means: a version, a label, a name, or the beginning of a version.
pub(crate) fn find<'h>(history: &'h History, text: &str) -> Result<&'h Revision, Error> {
    find_in(history, text, None)
}

/// As [`find`], among these versions only where the text alone leaves several.
pub(crate) fn find_in<'h>(
    history: &'h History,
    text: &str,
    within: Option<&BTreeSet<i64>>,
) -> Result<&'h Revision, Error> {
    let exact = text.parse().ok().and_then(|version| history.find(version));
    if let Some(revision) = exact.or_else(|| history.find_label(text)) {
        return Ok(revision);
    }
    refuse_squashed(history, text)?;
    let all = history.revisions().iter();
    let is_called = |r: &&Revision| r.name == text || r.description() == text;
    let mut found: Vec<&Revision> = all.filter(is_called).collect();
    if found.is_empty() {
        found = by_prefix(history, text);
    }
    if let (Some(within), true) = (within, found.len() > 1) {
        found.retain(|revision| within.contains(&revision.version));
    }
    match found.as_slice() {
        [revision] => Ok(revision),
        [] => {
            let message = format!("no revision is called `{text}`: `migrate history` lists them");
            Err(Error::usage("UNKNOWN_REVISION", message))
        }
        several => {
            let is_prefix = several.iter().any(|revision| revision.name != text);
            let advice = if is_prefix { "write more of it" } else { "write the version" };
            let message = format!("`{text}` may mean {}: {advice}", listed(several));
            Err(Error::usage("AMBIGUOUS_REVISION", message))
        }
    }
}

/// What was squashed is not what its baseline is: to go back there is not to stay here.
fn refuse_squashed(history: &History, text: &str) -> Result<(), Error> {
    let baseline = text.parse().ok().and_then(|version| history.find_baseline(version));
    let Some(baseline) = baseline else { return Ok(()) };
    let message =
        format!("revision {text} was squashed: name {}, which stands for it", baseline.version);
    Err(Error::usage("UNKNOWN_REVISION", message))
}

fn by_prefix<'h>(history: &'h History, text: &str) -> Vec<&'h Revision> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Vec::new();
    }
    let starts = |revision: &&Revision| revision.version.to_string().starts_with(text);
    history.revisions().iter().filter(starts).collect()
}

/// The revision so many steps along the lineage onward from another or, if negative, back; `None`
/// is the base. With `within`, other revisions are passed over.
///
/// A fork on the way onward, or a merge on the way back, leaves open where to go: an error. So is a
/// way that ends too early.
pub(crate) fn walk<'h>(
    history: &'h History,
    from: Option<&'h Revision>,
    steps: i64,
    within: Option<&BTreeSet<i64>>,
) -> Result<Option<&'h Revision>, Error> {
    let mut at = from;
    for _ in 0..steps.unsigned_abs() {
        let mut next = match (at, steps > 0) {
            (None, true) => history.bases(),
            (Some(at), true) => history.children(at.version),
            (None, false) => return Err(too_far(from, steps)),
            (Some(at), false) => history.below(at.version, Along::Lineage),
        };
        next.retain(|next| within.is_none_or(|within| within.contains(&next.version)));
        at = match next.as_slice() {
            [next] => Some(next),
            [] if steps < 0 => None,
            [] => return Err(too_far(from, steps)),
            several => {
                let place = at.map_or("the base".to_owned(), |at| at.version.to_string());
                return Err(ambiguous(&format!("from {place}"), several));
            }
        };
    }
    Ok(at)
}

fn too_far(from: Option<&Revision>, steps: i64) -> Error {
    let from = from.map_or("the base".to_owned(), |from| from.version.to_string());
    let message = format!("{steps:+} from {from} leads out of the history: take fewer steps");
    Error::usage("TOO_FAR", message)
}

/// The error for a step that could go to several revisions.
pub(crate) fn ambiguous(place: &str, several: &[&Revision]) -> Error {
    let message = format!(
        "the next step {place} may be {}: name the revision, or write LABEL@+1 or LABEL@-1",
        listed(several)
    );
    Error::usage("AMBIGUOUS_STEP", message)
}

/// Versions and names, as many as a message takes.
pub(crate) fn listed(revisions: &[&Revision]) -> String {
    let named = revisions.iter().take(NAMED).map(|r| format!("{} {}", r.version, r.name));
    let mut named: Vec<String> = named.collect();
    if let Some(more) = revisions.len().checked_sub(NAMED).filter(|more| *more > 0) {
        named.push(format!("{more} more"));
    }
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn history(files: &[(&'static str, &'static str)]) -> History {
        History::build(Source::embedded(files.iter().copied())).unwrap()
    }

    #[test]
    fn revision_is_found_by_version_name_label_or_unique_prefix() {
        let history = history(&[
            ("2026010101_make_users.sql", "-- branch: make_posts\n"),
            ("2026010202_make_posts.sql", ""),
            ("2026010303_twice.sql", ""),
            ("2026010404_twice.sql", ""),
        ]);
        let found = |text| find(&history, text).map(|revision| revision.version);
        assert_eq!(found("2026010101").unwrap(), 2_026_010_101);
        assert_eq!(found("make_posts").unwrap(), 2_026_010_101, "a label is unique, a name is not");
        assert_eq!(found("make users").unwrap(), 2_026_010_101);
        assert_eq!(found("20260102").unwrap(), 2_026_010_202);
        let ambiguous = found("twice").unwrap_err();
        assert_eq!(ambiguous.reason(), "AMBIGUOUS_REVISION");
        let message = ambiguous.to_string();
        assert!(message.contains("2026010303 twice, 2026010404 twice"), "{message}");
        assert_eq!(found("2026").unwrap_err().reason(), "AMBIGUOUS_REVISION");
        assert_eq!(found("drop_users").unwrap_err().reason(), "UNKNOWN_REVISION");
    }

    #[test]
    fn squashed_version_is_neither_its_baseline_nor_a_prefix() {
        let history = history(&[("3_a.sql", "-- squashes: 2, 3\n"), ("20_b.sql", "")]);
        let error = find(&history, "2").unwrap_err().to_string();
        assert!(error.contains("name 3"), "{error}");
    }

    #[test]
    fn steps_stop_where_the_way_forks_or_ends() {
        let files = [
            ("1_a.sql", ""),
            ("2_b.sql", ""),
            ("3_c.sql", "-- revises: 1\n"),
            ("4_m.sql", "-- revises: 2, 3\n"),
        ];
        let history = history(&files);
        let walked = |from: &str, steps| {
            let from = (!from.is_empty()).then(|| find(&history, from).unwrap());
            let end = walk(&history, from, steps, None);
            end.map(|end| end.map(|end| end.version)).map_err(|error| error.reason())
        };
        assert_eq!(walked("2", 1), Ok(Some(4)));
        assert_eq!(walked("2", -1), Ok(Some(1)));
        assert_eq!(walked("2", -2), Ok(None));
        assert_eq!(walked("2", -3), Err("TOO_FAR"));
        assert_eq!(walked("", 1), Ok(Some(1)));
        assert_eq!(walked("1", 1), Err("AMBIGUOUS_STEP"));
        assert_eq!(walked("4", -1), Err("AMBIGUOUS_STEP"));
        assert_eq!(walked("4", 1), Err("TOO_FAR"));
        assert_eq!(walked("2", i64::MIN), Err("TOO_FAR"));
    }
}
