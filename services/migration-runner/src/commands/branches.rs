use artisan_migrate::{History, Revision, RevisionFacts, VersionName};
use serde::Serialize;

use super::entry::{Marks, entry};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tell all about each revision from which branches go off.
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Serialize)]
struct Branches {
    /// The revisions upon which several others build.
    #[serde(rename = "branches")]
    forks: Vec<Fork>,
    /// The labels, and which revision bears each.
    labels: Vec<Label>,
}

#[derive(Serialize)]
struct Fork {
    #[serde(flatten)]
    revision: VersionName,
    file: String,
    children: Vec<VersionName>,
    /// How it is told to people, and how its children are.
    #[serde(skip)]
    text: String,
}

#[derive(Serialize)]
struct Label {
    label: String,
    #[serde(flatten)]
    revision: VersionName,
}

/// Needs no database: the files alone tell.
pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let all = history.revisions().iter();
    let forks = all.clone().filter_map(|revision| fork(&history, revision, args, config));
    let labels = all.filter_map(|revision| {
        let label = revision.directives.branch.clone()?;
        Some(Label { label, revision: revision.into() })
    });
    Ok(Outcome::new(Branches { forks: forks.collect(), labels: labels.collect() }))
}

fn fork(history: &History, revision: &Revision, args: &Args, config: &Config) -> Option<Fork> {
    let children = history.children(revision.version);
    if children.len() < 2 {
        return None;
    }
    let facts = RevisionFacts::new(history, revision);
    let marks = Marks::default();
    let head = if args.verbose {
        entry(&facts, marks, None, config)
    } else {
        format!("{} {}{}\n", facts.version, facts.name, marks.of(&facts))
    };
    let told = |child: &&Revision| {
        let facts = RevisionFacts::new(history, child);
        format!("  -> {} {}{}", facts.version, facts.name, marks.of(&facts))
    };
    let text = head + &lines(children.iter().map(told));
    let children = children.into_iter().map(Into::into).collect();
    Some(Fork { revision: revision.into(), file: revision.up.file.clone(), children, text })
}

impl Report for Branches {
    fn text(&self) -> String {
        let forks: String = self.forks.iter().map(|fork| fork.text.as_str()).collect();
        let labels = self.labels.iter();
        let labels =
            lines(labels.map(|label| format!("label {}: {}", label.label, named(&label.revision))));
        forks + &labels
    }

    fn summary(&self) -> String {
        format!("{} branch points, {} labels", self.forks.len(), self.labels.len())
    }
}
