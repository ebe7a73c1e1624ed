use artisan_migrate::{History, Revision, VersionName};
use serde::Serialize;

use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name the file of each revision.
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
    is_verbose: bool,
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
    let all = history.revisions();
    let forks = all.iter().filter_map(|revision| fork(&history, revision)).collect();
    let labels = all.iter().filter_map(|revision| {
        let label = revision.directives.branch.clone()?;
        Some(Label { label, revision: revision.into() })
    });
    let labels = labels.collect();
    Ok(Outcome::new(Branches { forks, labels, is_verbose: args.verbose }))
}

fn fork(history: &History, revision: &Revision) -> Option<Fork> {
    let children = history.children(revision.version);
    let children: Vec<VersionName> = children.into_iter().map(Into::into).collect();
    let file = revision.up.file.clone();
    (children.len() > 1).then(|| Fork { revision: revision.into(), file, children })
}

impl Report for Branches {
    fn text(&self) -> String {
        let forks = self.forks.iter().map(|fork| {
            let file = if self.is_verbose { format!("  {}", fork.file) } else { String::new() };
            let head = format!("{} (branchpoint){file}\n", named(&fork.revision));
            head + &lines(fork.children.iter().map(|child| format!("  -> {}", named(child))))
        });
        let labels = self.labels.iter();
        let labels =
            lines(labels.map(|label| format!("{} ({})", named(&label.revision), label.label)));
        forks.collect::<String>() + &labels
    }
}
