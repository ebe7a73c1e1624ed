use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest, Sha384};

use super::{Revision, directives};
use crate::SquashProblem;

/// Revisions for which a baseline stands, as a database may have them applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Squashed {
    /// Their versions, the baseline's own among them.
    pub versions: Vec<i64>,
    /// What their files amount to; see `digest`. A line that a person wrote may lack it.
    pub digest: Option<u128>,
}

impl Squashed {
    /// Reads `1, 2, 3`, or `1, 2, 3 = ` and a digest; `own` is the version of the file.
    pub(super) fn parse(value: &str, own: Option<i64>) -> Result<Self, String> {
        let (list, digest) = match value.split_once('=') {
            None => (value, None),
            Some((list, digest)) => (list, Some(digest.trim())),
        };
        let versions = directives::versions(list.trim())?;
        if own.is_some() && versions.iter().max().copied() != own {
            return Err("`squashes` must name the version of this very file, and only older ones \
                        beside it"
                .to_owned());
        }
        let digest = digest.map(|digest| match u128::from_str_radix(digest, 16) {
            Ok(digest) => Ok(digest),
            Err(_) => Err(format!("`{digest}` is no digest: leave out what stands behind the =")),
        });
        Ok(Self { versions, digest: digest.transpose()? })
    }
}

impl fmt::Display for Squashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<String> = self.versions.iter().map(ToString::to_string).collect();
        f.write_str(&versions.join(", "))?;
        self.digest.map_or(Ok(()), |digest| write!(f, " = {digest:032x}"))
    }
}

/// What files amount to, by their versions and checksums.
///
/// Such digests of parts make that of the whole by `^`, so that a baseline can be squashed again
/// without the files that it stands for. It tells files from others, and withstands no forger.
pub(crate) fn digest<'c>(files: impl IntoIterator<Item = (i64, &'c [u8])>) -> u128 {
    files.into_iter().fold(0, |digest, (version, checksum)| {
        let mut file = Sha384::new();
        file.update(version.to_be_bytes());
        file.update(checksum);
        let file = file.finalize();
        digest ^ file.iter().take(16).fold(0, |bytes, byte| bytes << 8 | u128::from(*byte))
    })
}

impl Revision {
    /// The versions for which it stands beside its own.
    pub(crate) fn squashed(&self) -> BTreeSet<i64> {
        let lines = self.directives.squashes.iter();
        let all = lines.flat_map(|line| line.versions.iter().copied());
        all.filter(|version| *version != self.version).collect()
    }
}

/// Lets those who name a squashed revision build upon its baseline.
///
/// Fails where the file of a squashed revision is still there.
pub(super) fn resolve(revisions: &mut [Revision]) -> Result<(), SquashProblem> {
    let mut aliases = BTreeMap::new();
    for baseline in revisions.iter() {
        aliases.extend(baseline.squashed().into_iter().map(|old| (old, baseline.version)));
    }
    if aliases.is_empty() {
        return Ok(());
    }
    if let Some((file, baseline)) =
        revisions.iter().find_map(|r| Some((r.up.file.clone(), *aliases.get(&r.version)?)))
    {
        return Err(SquashProblem::File { file, baseline });
    }
    for revision in revisions.iter_mut() {
        rename(&mut revision.parents, &aliases);
        rename(&mut revision.directives.depends_on, &aliases);
    }
    let baselines: BTreeSet<i64> = aliases.into_values().collect();
    for baseline in baselines {
        drop_redundant(revisions, baseline);
    }
    Ok(())
}

/// The versions as they are called now, each once.
pub(crate) fn rename(versions: &mut Vec<i64>, aliases: &BTreeMap<i64, i64>) {
    if versions.iter().any(|version| aliases.contains_key(version)) {
        let renamed = versions.iter().map(|old| aliases.get(old).copied().unwrap_or(*old));
        let mut seen = BTreeSet::new();
        *versions = renamed.filter(|version| seen.insert(*version)).collect();
    }
}

/// A merge of two branches, one of which was squashed, has the baseline below its other parent.
fn drop_redundant(revisions: &mut [Revision], baseline: i64) {
    let mut above = BTreeSet::new();
    for revision in revisions.iter_mut() {
        let is_above = revision.parents.iter().any(|parent| above.contains(parent));
        if is_above && revision.parents.contains(&baseline) {
            revision.parents.retain(|parent| *parent != baseline);
        }
        if is_above || revision.parents.contains(&baseline) {
            above.insert(revision.version);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{History, Source};

    fn history(files: &[(&'static str, &'static str)]) -> Result<History, String> {
        let history = History::build(Source::embedded(files.iter().copied()));
        history.map_err(|error| error.reason().to_owned() + ": " + &error.to_string())
    }

    #[test]
    fn line_is_read_as_it_is_written() {
        for text in ["3", "1, 2, 3", "1, 3 = 000000000000000000000000000000ff"] {
            assert_eq!(Squashed::parse(text, Some(3)).unwrap().to_string(), text);
        }
        for bad in ["", "1, 2", "3, 4", "1, 3 = x", "1, 3 =", "a, 3"] {
            assert!(Squashed::parse(bad, Some(3)).is_err(), "{bad}");
        }
    }

    #[test]
    fn digest_of_parts_makes_that_of_the_whole() {
        let all = [(1, &[1_u8][..]), (2, &[2])];
        let parts = digest(all.into_iter().take(1)) ^ digest(all.into_iter().skip(1));
        assert_eq!(digest(all), parts);
        assert_ne!(digest(all), digest([(1, &[2][..]), (2, &[1])]));
    }

    #[test]
    fn squashed_version_is_another_name_of_its_baseline() {
        let history = history(&[
            ("3_base.sql", "-- squashes: 1, 2, 3\n"),
            ("4_a.sql", "-- revises: 1\n-- depends-on: 2\n"),
            ("5_b.sql", "-- revises: 2, 4\n"),
        ]);
        let history = history.unwrap();
        let parents = |version| history.find(version).unwrap().parents.clone();
        assert_eq!((parents(4), parents(5)), (vec![3], vec![4]));
        assert_eq!(history.find(4).unwrap().directives.depends_on, [3]);
        assert!(history.knows(2) && !history.knows(9));
        assert_eq!(history.heads().len(), 1);
    }

    #[test]
    fn squashed_file_that_is_still_there_is_named() {
        let left = history(&[("2_b.sql", ""), ("3_base.sql", "-- squashes: 1, 2, 3\n")]);
        let left = left.unwrap_err();
        assert!(left.starts_with("SQUASHED_FILE") && left.contains("2_b.sql"), "{left}");
    }
}
