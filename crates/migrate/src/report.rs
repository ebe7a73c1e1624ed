use std::time::Duration;

use serde::Serialize;

use crate::History;
use crate::dump::Drift;
use crate::history::{Along, Phase, Revision};
use crate::ledger::AppliedRow;

/// A revision by its version, which is a string so that no reader of JSON rounds it, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionName {
    /// The version.
    pub version: String,
    /// The name.
    pub name: String,
}

/// A revision that was applied or reverted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The version.
    pub version: String,
    /// The name.
    pub name: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// A pending revision that belongs to another phase than the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// The version.
    pub version: String,
    /// The name.
    pub name: String,
    /// The phase that it belongs to: `expand` or `contract`.
    pub phase: &'static str,
}

impl From<&Revision> for HeldBack {
    fn from(revision: &Revision) -> Self {
        let VersionName { version, name } = revision.into();
        Self { version, name, phase: revision.directives.phase.name() }
    }
}

/// The outcome of an upgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UpgradeReport {
    /// What was applied, in order.
    pub applied: Vec<Moved>,
    /// Baselines whose one row took the place of those of the revisions that they stand for.
    pub merged: Vec<VersionName>,
    /// What is pending but belongs to another phase.
    pub held_back: Vec<HeldBack>,
    /// Applied revisions that the files do not know.
    pub unknown: Vec<VersionName>,
    /// Those of them of which a file should be here: see [`CurrentReport::missing_files`].
    pub missing_files: Vec<VersionName>,
}

/// The outcome of a downgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DowngradeReport {
    /// What was reverted, in order.
    pub reverted: Vec<Moved>,
}

/// Where the database stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CurrentReport {
    /// The engine's name.
    pub engine: &'static str,
    /// Whether there is a database: a missing `SQLite` file is told from an empty one.
    pub exists: bool,
    /// The applied revisions that no other applied one builds upon.
    pub current: Vec<VersionName>,
    /// The same of all files.
    pub heads: Vec<VersionName>,
    /// How many revisions are not applied.
    pub pending: usize,
    /// Files that are half-applied.
    pub interrupted: Vec<VersionName>,
    /// Applied revisions that the files do not know.
    pub unknown: Vec<VersionName>,
    /// Those of them that are no newer than the newest of the files, or all where there are no files: a
    /// file was deleted, or a branch is not merged.
    pub missing_files: Vec<VersionName>,
    /// Applied revisions that went into a baseline of the files, where others that did are missing.
    pub squashed: Vec<VersionName>,
    /// Why `upgrade` would refuse these files for that.
    pub blocked: Option<CheckError>,
}

/// All revisions, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryReport {
    /// The revisions.
    pub revisions: Vec<RevisionReport>,
}

/// What the files say about a revision.
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own, and a key in JSON")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionFacts {
    /// The version.
    pub version: String,
    /// The name.
    pub name: String,
    /// The versions it builds upon.
    pub revises: Vec<String>,
    /// The versions that must be applied before without being its parents.
    pub depends_on: Vec<String>,
    /// The versions for which it stands beside its own.
    pub squashes: Vec<String>,
    /// The versions that build upon it.
    pub children: Vec<String>,
    /// The label that it bears.
    pub branch: Option<String>,
    /// `expand` or `contract`.
    pub phase: &'static str,
    /// The oldest head that may still be served after this contract revision.
    pub floor: Option<String>,
    /// Whether nothing builds upon it or depends on it.
    pub head: bool,
    /// Whether nothing builds upon it, but something depends on it.
    pub effective_head: bool,
    /// Whether several build upon it.
    pub branchpoint: bool,
    /// Whether it builds upon several.
    pub mergepoint: bool,
    /// The up file's name; absent for a revision that only the database knows.
    pub file: Option<String>,
    /// The down file's name.
    pub down_file: Option<String>,
}

/// One revision of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionReport {
    /// What the files say.
    #[serde(flatten)]
    pub facts: RevisionFacts,
    /// Whether it is where the database stands.
    pub current: bool,
    /// Whether it is applied.
    pub applied: bool,
    /// Whether it is half-applied.
    pub interrupted: bool,
    /// When it was applied, in RFC 3339.
    pub installed_on: Option<String>,
}

/// What is wrong with the ledger, and what was mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// What is still wrong.
    pub findings: Vec<Finding>,
    /// What was changed, a line each.
    pub changed: Vec<String>,
}

/// Something that is wrong with the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable word: `interrupted`, `undecided`, `dirty`, `line-ends`, `content`, `squashed`,
    /// `unknown-version`, `out-of-order`, `lost-value` or `edited-half-applied`.
    pub kind: &'static str,
    /// The version that it is about.
    pub version: Option<String>,
    /// What it is and what to look at.
    pub explanation: String,
    /// The commands that mend it, one of which is to be chosen.
    pub commands: Vec<String>,
}

impl Finding {
    pub(crate) fn new(
        kind: &'static str,
        version: Option<i64>,
        explanation: String,
        commands: Vec<String>,
    ) -> Self {
        Self { kind, version: version.map(|version| version.to_string()), explanation, commands }
    }
}

/// The rights that a serving role needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantsReport {
    /// The engine's name.
    pub engine: &'static str,
    /// The statements, each with its delimiter; none where the engine has no roles.
    pub grants: Vec<String>,
}

/// The outcome of a stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StampReport {
    /// What is recorded as applied now and was not.
    pub added: Vec<VersionName>,
    /// What was recorded and is not any more.
    pub removed: Vec<VersionName>,
}

/// Whether the database is where the files are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The revisions that no other one builds upon; one, where all is well.
    pub heads: Vec<VersionName>,
    /// What is not as it should be.
    pub differences: Vec<Difference>,
    /// What is there and not looked at, in words; none where no schema was compared.
    pub unmanaged: Vec<String>,
    /// What mends the first of it; absent where nothing is to be done.
    pub next: Option<String>,
    /// What no difference is, but a contradiction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<CheckError>,
}

/// Why an answer is, or would be, a failure, in the shape that failures have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckError {
    /// The exit code of the process.
    pub exit: u8,
    /// A stable word for the case.
    pub reason: &'static str,
    /// The case in words.
    pub message: String,
    /// What to do.
    pub next: String,
    /// Always empty: nothing was run.
    pub finished: Vec<String>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `pending`, `interrupted`, or `unknown` for an applied revision that the files do not know.
    pub kind: &'static str,
    /// What it is about: the version and name of a revision.
    pub object: String,
    /// The SQL that mends it, where a statement does; a revision is mended by its file.
    pub sql: Option<String>,
}

impl Difference {
    pub(crate) fn new(kind: &'static str, object: String) -> Self {
        Self { kind, object, sql: None }
    }
}

/// The outcome of a wait that was not in vain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitReport {
    /// The newest expand revision, which is applied.
    pub head: Option<VersionName>,
    /// How long it took to come, in milliseconds.
    pub waited_ms: u64,
}

/// The outcome of taking over a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AdoptReport {
    /// The revision that the database is at now; with differences, what it would have been.
    pub revision: Option<VersionName>,
    /// The files that were written.
    pub files: Vec<String>,
    /// What `alembic_version` says, which is left as it is.
    pub alembic: Vec<String>,
    /// The baseline.
    pub sql: Option<String>,
    /// How the baseline's schema would differ from the live one; nothing is written then.
    pub differences: Vec<Drift>,
}

/// The outcome of comparing files and schema with what was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// How many applied files were compared.
    pub checked: usize,
    /// Applied revisions that the files do not know.
    pub unknown: Vec<VersionName>,
    /// How the live schema differs from what the files make; absent if nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<Vec<Drift>>,
    /// What differs and is not managed, and what the server does not tell, in words.
    pub unmanaged: Vec<String>,
}

impl From<&Revision> for VersionName {
    fn from(revision: &Revision) -> Self {
        Self { version: revision.version.to_string(), name: revision.name.clone() }
    }
}

impl From<&AppliedRow> for VersionName {
    fn from(row: &AppliedRow) -> Self {
        Self { version: row.version.to_string(), name: row.description.replace(' ', "_") }
    }
}

impl Moved {
    pub(crate) fn new(version: i64, name: &str, took: Duration) -> Self {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Self { version: version.to_string(), name: name.to_owned(), ms }
    }
}

impl RevisionFacts {
    /// What these files say about one of their revisions.
    #[must_use]
    pub fn new(history: &History, revision: &Revision) -> Self {
        let texts = |versions: &[i64]| versions.iter().map(ToString::to_string).collect();
        let (version, directives) = (revision.version, &revision.directives);
        let children: Vec<i64> = history.children(version).iter().map(|r| r.version).collect();
        let is_needed = !history.above(version, Along::Needs).is_empty();
        Self {
            version: version.to_string(),
            name: revision.name.clone(),
            revises: texts(&revision.parents),
            depends_on: texts(&directives.depends_on),
            squashes: revision.squashed().iter().map(ToString::to_string).collect(),
            branch: directives.branch.clone(),
            phase: directives.phase.name(),
            floor: directives.floor.map(|floor| floor.to_string()),
            head: !is_needed,
            effective_head: is_needed && children.is_empty(),
            branchpoint: children.len() > 1,
            mergepoint: revision.parents.len() > 1,
            children: texts(&children),
            file: Some(revision.up.file.clone()),
            down_file: revision.down.as_ref().map(|down| down.file.clone()),
        }
    }

    /// Of a revision that only the database knows.
    fn unknown(row: &AppliedRow) -> Self {
        let VersionName { version, name } = row.into();
        Self {
            version,
            name,
            revises: Vec::new(),
            depends_on: Vec::new(),
            squashes: Vec::new(),
            children: Vec::new(),
            branch: None,
            phase: Phase::Expand.name(),
            floor: None,
            head: false,
            effective_head: false,
            branchpoint: false,
            mergepoint: false,
            file: None,
            down_file: None,
        }
    }
}

impl RevisionReport {
    /// A revision of the files, and what the database says about it, if it says anything.
    pub(crate) fn new(facts: RevisionFacts, row: Option<&AppliedRow>) -> Self {
        Self {
            facts,
            current: false,
            applied: row.is_some_and(|row| row.success),
            interrupted: row.is_some_and(|row| !row.success),
            installed_on: row.and_then(installed_on),
        }
    }

    /// A revision that only the database knows.
    pub(crate) fn unknown(row: &AppliedRow) -> Self {
        Self::new(RevisionFacts::unknown(row), Some(row))
    }
}

/// The time in RFC 3339, whole seconds.
pub(crate) fn installed_on(row: &AppliedRow) -> Option<String> {
    let time = row.installed_on?.replace_nanosecond(0).ok()?;
    time.format(&time::format_description::well_known::Rfc3339).ok()
}
