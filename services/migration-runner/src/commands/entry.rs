//! How a revision is told: the marks behind it, and all that is known about it.

use artisan_migrate::{RevisionFacts, RevisionReport};

use crate::config::Config;
use crate::outcome::lines;
use crate::style::{self, Tone};
use crate::table::aligned;

/// Wide enough for the longest heading of [`entry`].
const HEADINGS: usize = 17;

/// What stands behind a revision, as Alembic writes it, and what it does not know.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) current: bool,
    pub(super) interrupted: bool,
}

impl Marks {
    /// `(shop) (head) (current)`, or nothing.
    pub(super) fn of(self, facts: &RevisionFacts) -> String {
        let marks = [
            (facts.branch.as_deref().unwrap_or_default(), Tone::Place, facts.branch.is_some()),
            ("head", Tone::Place, facts.head),
            ("effective head", Tone::Place, facts.effective_head),
            ("current", Tone::Good, self.current),
            ("branchpoint", Tone::Place, facts.branchpoint),
            ("mergepoint", Tone::Place, facts.mergepoint),
            ("contract", Tone::Careful, facts.phase == "contract"),
            ("interrupted", Tone::Bad, self.interrupted),
        ];
        let marks = marks.iter().filter(|(.., is)| *is);
        let painted = marks.map(|(mark, tone, _)| style::out(*tone, &format!("({mark})")));
        painted.collect::<Vec<_>>().join(" ")
    }

    /// A row of a table: version, name and marks.
    pub(super) fn row(self, facts: &RevisionFacts) -> [String; 3] {
        [facts.version.clone(), facts.name.clone(), self.of(facts)]
    }
}

/// `<base>`, or the versions that it builds upon.
pub(super) fn parents(facts: &RevisionFacts) -> String {
    if facts.revises.is_empty() { "<base>".to_owned() } else { facts.revises.join(", ") }
}

/// Whether a database that was asked has it.
pub(super) fn state(report: &RevisionReport) -> String {
    match &report.installed_on {
        _ if report.interrupted => "half-applied".to_owned(),
        Some(time) if report.applied => format!("applied on {time}"),
        _ if report.applied => "applied".to_owned(),
        _ => "pending".to_owned(),
    }
}

/// All about a revision, a line each; what it has not is left out.
pub(super) fn entry(
    facts: &RevisionFacts,
    marks: Marks,
    state: Option<String>,
    config: &Config,
) -> String {
    let some = |versions: &[String]| (!versions.is_empty()).then(|| versions.join(", "));
    let rev = aligned(&[marks.row(facts)]).trim_end().to_owned();
    let path = |file: &Option<String>| file.as_ref().map(|file| config.shown_path(file));
    let told = [
        ("Rev", Some(rev)),
        (if facts.mergepoint { "Merges" } else { "Parent" }, Some(parents(facts))),
        ("Also depends on", some(&facts.depends_on)),
        ("Squashes", some(&facts.squashes)),
        (if facts.branchpoint { "Branches into" } else { "Child" }, some(&facts.children)),
        ("Branch name", facts.branch.clone()),
        ("Phase", Some(facts.phase.to_owned())),
        ("Floor", facts.floor.clone()),
        ("State", state),
        ("Path", Some(path(&facts.file).unwrap_or_else(|| "no file here".to_owned()))),
        ("Path of down", path(&facts.down_file)),
    ];
    lines(told.into_iter().filter_map(|(heading, text)| {
        let heading = format!("{heading}:");
        Some(format!("{heading:HEADINGS$}{}", text?))
    }))
}
