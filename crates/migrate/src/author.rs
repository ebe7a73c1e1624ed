//! Making the files of new revisions.

mod rebase;
mod version;

use std::fmt::Write as _;
use std::path::PathBuf;

use time::OffsetDateTime;

use crate::history::{Along, Phase, check_label};
use crate::{Error, Folder, History, Revision, Target};

pub use rebase::{Rebased, Stray, rebase};

/// How many characters of the message a file's name takes at most.
const LONGEST_SLUG: usize = 40;
/// How often another version is tried when somebody else was faster.
const ATTEMPTS: u32 = 1000;

/// What a new revision is to be.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What it does; becomes its name.
    pub message: String,
    /// The revisions that it builds upon, as targets; the one head if there are none.
    pub heads: Vec<String>,
    /// Whether it may build upon what others build upon already.
    pub splice: bool,
    /// The label of the branch that it begins.
    pub branch: Option<String>,
    /// What has to be applied before without being its lineage, as targets.
    pub depends_on: Vec<String>,
    /// Its version, if not the next one.
    pub version: Option<i64>,
    /// Whether it has no way back.
    pub simple: bool,
    /// Whether it runs outside a transaction.
    pub no_transaction: bool,
    /// When in a rollout it may run.
    pub phase: Phase,
    /// The time that its version tells, in UTC.
    pub now: Option<OffsetDateTime>,
}

/// The files of a new revision, not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The versions that it builds upon.
    pub revises: Vec<i64>,
    /// Names and texts.
    pub files: Vec<(String, String)>,
}

/// A revision whose files were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What was written.
    pub drafted: Drafted,
    /// Where.
    pub paths: Vec<PathBuf>,
}

/// Decides version, parents and texts of a new revision.
///
/// Fails where the message makes no name, where there are several heads and none is chosen, and
/// where a chosen one is no head and `splice` does not allow it.
pub fn draft(history: &History, draft: &Draft) -> Result<Drafted, Error> {
    let name = slug(&draft.message)?;
    resolved(history, &draft.depends_on)?;
    if let Some(label) = &draft.branch {
        check_label(label).map_err(|message| Error::usage("BAD_LABEL", message))?;
        if let Some(bearer) = history.find_label(label) {
            let message = format!("{} bears the label {label} already", bearer.up.file);
            return Err(Error::usage("LABEL_TAKEN", message));
        }
    }
    let parents = parents(history, draft)?;
    let version = match draft.version {
        Some(version) => version::given(history, version, &parents)?,
        None => version::next(history, draft.now),
    };
    Ok(drafted(history, draft, version, name, parents))
}

/// Writes a new revision; where somebody takes its version meanwhile, the next one is taken.
pub fn write(folder: &Folder, history: &History, draft: &Draft) -> Result<Written, Error> {
    let mut next = self::draft(history, draft)?;
    for _ in 0..ATTEMPTS {
        if version::is_free(folder, next.version)
            && let Some(paths) = create(folder, &next)?
        {
            // Another process may have taken the version under another name at this very moment:
            // of two, the one that sorts later gives way.
            if version::is_first(folder, next.version, &next.name) {
                return Ok(Written { drafted: next, paths });
            }
            for path in paths {
                std::fs::remove_file(&path)
                    .map_err(|error| crate::folder::unwritable(&path, &error))?;
            }
        }
        if draft.version.is_some() {
            let (version, name) = (next.version, next.name);
            let message = format!("{version} is taken: {version}_{name} cannot be written");
            return Err(Error::usage("VERSION_TAKEN", message));
        }
        let (version, name, parents) = (next.version + 1, next.name, next.revises);
        next = drafted(history, draft, version, name, parents);
    }
    Err(Error::usage(
        "VERSION_TAKEN",
        "no free version was found: is something else writing there?",
    ))
}

fn create(folder: &Folder, drafted: &Drafted) -> Result<Option<Vec<PathBuf>>, Error> {
    let mut paths = Vec::new();
    for (file, text) in &drafted.files {
        match folder.create(file, text)? {
            Some(written) => paths.extend(written),
            None => return Ok(None),
        }
    }
    Ok(Some(paths))
}

fn parents(history: &History, draft: &Draft) -> Result<Vec<i64>, Error> {
    if draft.heads.is_empty() {
        return Ok(history.head()?.map(|head| head.version).into_iter().collect());
    }
    let mut parents = Vec::new();
    for revision in resolved(history, &draft.heads)? {
        if !draft.splice && !history.children(revision.version).is_empty() {
            let message = format!(
                "{} is no head, others build upon it: write --splice to begin a branch there",
                revision.version
            );
            return Err(Error::usage("NOT_A_HEAD", message));
        }
        parents.push(revision.version);
    }
    Ok(parents)
}

/// The revisions that targets mean; `base` is none.
fn resolved<'h>(history: &'h History, texts: &[String]) -> Result<Vec<&'h Revision>, Error> {
    let mut revisions = Vec::new();
    for text in texts {
        let target: Target =
            text.parse().map_err(|message: String| Error::usage("BAD_TARGET", message))?;
        revisions.extend(match target {
            // What another one depends on is a head of its branch all the same.
            Target::Heads => history.lineage_heads(),
            target => history.resolve_all(&target)?,
        });
    }
    Ok(revisions)
}

/// Checks the revisions of a merge: two or more, none twice, none the ancestor of another.
pub fn merge_parents(history: &History, texts: &[String]) -> Result<Vec<String>, Error> {
    let versions: Vec<i64> = resolved(history, texts)?.iter().map(|r| r.version).collect();
    let bad = |message: String| Error::usage("BAD_MERGE", message);
    if versions.len() < 2 {
        return Err(bad(
            "a merge takes two revisions or more: name them, or write heads".to_owned()
        ));
    }
    for (at, version) in versions.iter().enumerate() {
        if versions.iter().skip(at + 1).any(|other| other == version) {
            return Err(bad(format!("{version} is named twice")));
        }
        let later = history.successors([*version], Along::Lineage);
        if let Some(child) = versions.iter().find(|v| *v != version && later.contains(v)) {
            return Err(bad(format!("{version} is part of {child} already: leave it out")));
        }
    }
    Ok(versions.iter().map(ToString::to_string).collect())
}

fn drafted(
    history: &History,
    draft: &Draft,
    version: i64,
    name: String,
    parents: Vec<i64>,
) -> Drafted {
    let mut head = String::new();
    if draft.no_transaction {
        head.push_str("-- no-transaction\n");
    }
    // Writing to a string cannot fail.
    if parents.is_empty() && !history.revisions().is_empty() {
        head.push_str("-- revises: base\n");
    } else if says_parents(history, &parents) {
        let _ = writeln!(head, "-- revises: {}", list(&parents));
    }
    let depends = resolved(history, &draft.depends_on).unwrap_or_default();
    if !depends.is_empty() {
        let depends: Vec<i64> = depends.iter().map(|revision| revision.version).collect();
        let _ = writeln!(head, "-- depends-on: {}", list(&depends));
    }
    if let Some(label) = &draft.branch {
        let _ = writeln!(head, "-- branch: {label}");
    }
    if draft.phase == Phase::Contract {
        head.push_str("-- phase: contract\n");
    }
    let up = format!("{head}-- {}\n", draft.message.replace(['\n', '\r'], " "));
    let down = if draft.no_transaction { "-- no-transaction\n" } else { "" };
    let down = format!("{down}-- undo: {}\n", draft.message.replace(['\n', '\r'], " "));
    let files = if draft.simple {
        vec![(format!("{version}_{name}.sql"), up)]
    } else {
        vec![(format!("{version}_{name}.up.sql"), up), (format!("{version}_{name}.down.sql"), down)]
    };
    Drafted { version, name, revises: parents, files }
}

/// Whether the order of the versions alone would tell other parents.
fn says_parents(history: &History, parents: &[i64]) -> bool {
    let newest = history.revisions().last().map(|revision| revision.version);
    let is_plain = parents.iter().copied().eq(newest);
    let others = history
        .revisions()
        .iter()
        .any(|revision| !revision.directives.revises.is_empty() || revision.directives.begins_anew);
    !parents.is_empty() && (!is_plain || others)
}

pub(crate) fn list(versions: &[i64]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The message as a name: lower-case words joined by underscores, as much as a name takes.
fn slug(message: &str) -> Result<String, Error> {
    let words: Vec<String> = message
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut slug = String::new();
    for word in &words {
        let joint = usize::from(!slug.is_empty());
        if slug.len() + joint + word.len() > LONGEST_SLUG && !slug.is_empty() {
            break;
        }
        slug.push_str(if joint == 1 { "_" } else { "" });
        slug.push_str(word);
    }
    slug.truncate(LONGEST_SLUG);
    if slug.is_empty() {
        let message =
            "the message has no letter or digit to make a name of: write -m \"add users\"";
        return Err(Error::usage("BAD_MESSAGE", message));
    }
    Ok(slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn history(files: &[(&'static str, &'static str)]) -> History {
        History::build(Source::embedded(files.iter().copied())).unwrap()
    }

    fn new(message: &str) -> Draft {
        Draft { message: message.to_owned(), ..Draft::default() }
    }

    #[test]
    fn message_becomes_a_short_name() {
        assert_eq!(slug("Add users' e-mail").unwrap(), "add_users_e_mail");
        assert_eq!(slug(&"word ".repeat(30)).unwrap().len(), 39);
        assert_eq!(slug(&"x".repeat(99)).unwrap().len(), 40);
        assert_eq!(slug("¿?").unwrap_err().reason(), "BAD_MESSAGE");
    }

    #[test]
    fn linear_history_needs_no_directive_and_a_branched_one_does() {
        let linear = history(&[("1_a.sql", ""), ("2_b.sql", "")]);
        let drafted = draft(&linear, &new("c")).unwrap();
        assert_eq!((drafted.version, drafted.revises.as_slice()), (3, [2].as_slice()));
        assert_eq!(drafted.files[0], ("3_c.up.sql".to_owned(), "-- c\n".to_owned()));
        let branch = Draft { heads: vec!["1".to_owned()], splice: true, ..new("c") };
        let drafted = draft(&linear, &branch).unwrap();
        assert!(drafted.files[0].1.starts_with("-- revises: 1\n"));
        let branch = Draft { splice: false, ..branch };
        assert_eq!(draft(&linear, &branch).unwrap_err().reason(), "NOT_A_HEAD");
    }

    #[test]
    fn merge_names_each_head_once() {
        let forked = history(&[("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n")]);
        assert_eq!(draft(&forked, &new("d")).unwrap_err().reason(), "MULTIPLE_HEADS");
        let parents = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            merge_parents(&forked, &texts).map_err(|error| error.reason())
        };
        assert_eq!(parents(&["heads"]).unwrap(), ["2", "3"]);
        for bad in [&["2"][..], &["2", "2"], &["1", "3"]] {
            assert_eq!(parents(bad), Err("BAD_MERGE"), "{bad:?}");
        }
    }

    #[test]
    fn revision_may_begin_anew_or_build_upon_a_branch() {
        let history = history(&[
            ("1_a.sql", ""),
            ("2_b.sql", ""),
            ("3_c.sql", "-- revises: 1\n-- branch: shop\n-- depends-on: 2\n"),
        ]);
        let head = |heads: &str, draft: Draft| {
            let heads = vec![heads.to_owned()];
            let drafted = super::draft(&history, &Draft { heads, ..draft });
            drafted.map(|drafted| drafted.files[0].1.clone()).map_err(|error| error.reason())
        };
        assert_eq!(head("base", new("d")).unwrap(), "-- revises: base\n-- d\n");
        assert_eq!(head("shop@head", new("d")).unwrap(), "-- revises: 3\n-- d\n");
        let depends = Draft { depends_on: vec!["shop".to_owned()], ..new("d") };
        assert_eq!(head("2", depends).unwrap(), "-- revises: 2\n-- depends-on: 3\n-- d\n");
        let depends = Draft { depends_on: vec!["nothing".to_owned()], ..new("d") };
        assert_eq!(head("2", depends), Err("UNKNOWN_REVISION"));
        for (label, reason) in [("shop", "LABEL_TAKEN"), ("a b", "BAD_LABEL")] {
            let labelled = Draft { branch: Some(label.to_owned()), ..new("d") };
            assert_eq!(head("2", labelled), Err(reason));
        }
        assert_eq!(merge_parents(&history, &["heads".to_owned()]).unwrap(), ["2", "3"]);
    }
}
