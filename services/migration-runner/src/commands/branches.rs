use artisan_migrate::{History, Revision, RevisionFacts, VersionName};
use serde::Serialize;

use super::entry::{Marks, entry};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};
use crate::table::aligned;

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
    #[serde(skip)]
    text: String,
}

#[derive(Serialize)]
struct Fork {
    #[serde(flatten)]
    revision: VersionName,
    file: String,
    children: Vec<VersionName>,
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
    let forks = all.clone().filter(|revision| history.children(revision.version).len() > 1);
    let forks: Vec<&Revision> = forks.collect();
    let labels = all.filter_map(|revision| {
        let label = revision.directives.branch.clone()?;
        Some(Label { label, revision: revision.into() })
    });
    let labels: Vec<Label> = labels.collect();
    let text = if args.verbose {
        let verbose = |fork: &&Revision| {
            let facts = RevisionFacts::new(&history, fork);
            entry(&facts, Marks::default(), None, config) + &aligned(&children(&history, fork))
        };
        forks.iter().map(verbose).collect()
    } else {
        let rows = |fork: &&Revision| {
            let own = Marks::default().row(&RevisionFacts::new(&history, fork));
            [vec![own], children(&history, fork)].concat()
        };
        aligned(&forks.iter().flat_map(rows).collect::<Vec<_>>())
    };
    let text = text + &labelled(&labels);
    let forks = forks.into_iter().map(|fork| Fork {
        revision: fork.into(),
        file: fork.up.file.clone(),
        children: history.children(fork.version).into_iter().map(Into::into).collect(),
    });
    Ok(Outcome::new(Branches { forks: forks.collect(), labels, text }))
}

/// A row for each revision that builds upon the fork.
fn children(history: &History, fork: &Revision) -> Vec<[String; 3]> {
    let told = |child: &Revision| {
        let [version, name, marks] = Marks::default().row(&RevisionFacts::new(history, child));
        [format!("  -> {version}"), name, marks]
    };
    history.children(fork.version).into_iter().map(told).collect()
}

fn labelled(labels: &[Label]) -> String {
    let row = |label: &Label| {
        let VersionName { version, name } = label.revision.clone();
        [format!("label {}:", label.label), version, name]
    };
    aligned(&labels.iter().map(row).collect::<Vec<_>>())
}

impl Report for Branches {
    fn text(&self) -> String {
        self.text.clone()
    }

    fn summary(&self) -> String {
        format!("{} branch points, {} labels", self.forks.len(), self.labels.len())
    }
}
