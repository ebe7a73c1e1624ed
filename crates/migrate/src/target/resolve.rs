use crate::{Error, History, Revision};

/// Finds the revision that a text means: a version, a name, a label, or the beginning of a version.
pub(crate) fn find<'h>(history: &'h History, text: &str) -> Result<&'h Revision, Error> {
    if let Some(revision) = text.parse().ok().and_then(|version| history.find(version)) {
        return Ok(revision);
    }
    let is_called = |revision: &&Revision| {
        revision.name == text
            || revision.description() == text
            || revision.directives.branch.as_deref() == Some(text)
    };
    let named: Vec<&Revision> = history.revisions().iter().filter(is_called).collect();
    let found = if named.is_empty() { by_prefix(history, text) } else { named };
    match found.as_slice() {
        [revision] => Ok(revision),
        [] => {
            let message = format!("no revision is called `{text}`: `migrate history` lists them");
            Err(Error::usage("UNKNOWN_REVISION", message))
        }
        several => {
            let message = format!("`{text}` may mean {}: write more of it", listed(several));
            Err(Error::usage("AMBIGUOUS_REVISION", message))
        }
    }
}

fn by_prefix<'h>(history: &'h History, text: &str) -> Vec<&'h Revision> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let starts = |revision: &&Revision| revision.version.to_string().starts_with(text);
    history.revisions().iter().filter(|_| is_number).filter(starts).collect()
}

/// The revision so many steps onward from another or, if negative, back; `None` is the base.
///
/// A fork on the way onward, or a merge on the way back, leaves open where to go: an error.
pub(crate) fn walk<'h>(
    history: &'h History,
    from: &'h Revision,
    steps: i64,
) -> Result<Option<&'h Revision>, Error> {
    let mut at = from;
    for _ in 0..steps.unsigned_abs() {
        let next: Vec<&Revision> = if steps > 0 {
            history.children(at.version)
        } else {
            at.parents.iter().filter_map(|parent| history.find(*parent)).collect()
        };
        at = match next.as_slice() {
            [next] => next,
            [] if steps < 0 => return Ok(None),
            [] => {
                let message = format!("nothing builds upon {}: it is a head", at.version);
                return Err(Error::usage("TOO_FAR", message));
            }
            several => return Err(ambiguous(&format!("from {}", at.version), several)),
        };
    }
    Ok(Some(at))
}

/// The error for a step that could go to several revisions.
pub(crate) fn ambiguous(place: &str, several: &[&Revision]) -> Error {
    let message = format!(
        "the next step {place} may be {}: name the revision, or write LABEL@+1 or LABEL@-1",
        listed(several)
    );
    Error::usage("AMBIGUOUS_STEP", message)
}

fn listed(revisions: &[&Revision]) -> String {
    let all: Vec<String> = revisions.iter().map(|r| r.version.to_string()).collect();
    all.join(", ")
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
            ("2026010101_make_users.sql", "-- branch: shop\n"),
            ("2026010202_make_posts.sql", ""),
        ]);
        let found = |text| find(&history, text).map(|revision| revision.version);
        assert_eq!(found("2026010101").unwrap(), 2_026_010_101);
        assert_eq!(found("make_posts").unwrap(), 2_026_010_202);
        assert_eq!(found("make users").unwrap(), 2_026_010_101);
        assert_eq!(found("shop").unwrap(), 2_026_010_101);
        assert_eq!(found("20260102").unwrap(), 2_026_010_202);
        assert_eq!(found("2026").unwrap_err().reason(), "AMBIGUOUS_REVISION");
        assert_eq!(found("drop_users").unwrap_err().reason(), "UNKNOWN_REVISION");
    }

    #[test]
    fn steps_stop_where_the_way_forks() {
        let files = [
            ("1_a.sql", ""),
            ("2_b.sql", ""),
            ("3_c.sql", "-- revises: 1\n"),
            ("4_m.sql", "-- revises: 2, 3\n"),
        ];
        let history = history(&files);
        let walked = |from: &str, steps| {
            let end = walk(&history, find(&history, from).unwrap(), steps);
            end.map(|end| end.map(|end| end.version)).map_err(|error| error.reason())
        };
        assert_eq!(walked("2", 1), Ok(Some(4)));
        assert_eq!(walked("2", -1), Ok(Some(1)));
        assert_eq!(walked("1", -1), Ok(None));
        assert_eq!(walked("1", 1), Err("AMBIGUOUS_STEP"));
        assert_eq!(walked("4", -1), Err("AMBIGUOUS_STEP"));
        assert_eq!(walked("4", 1), Err("TOO_FAR"));
    }
}
