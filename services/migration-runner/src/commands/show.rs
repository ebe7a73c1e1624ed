use artisan_migrate::{History, Revision, RevisionFacts, Target};
use serde::Serialize;

use super::entry::{Marks, entry};
use super::resolve;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// head, heads, a version, the beginning of one, a name, a label, REV-N or LABEL@head; `current`,
    /// +N and -N ask the database where it stands.
    #[arg(required = true, value_name = "REV", allow_negative_numbers = true)]
    targets: Vec<Target>,
}

/// What a target stands for, which may be several revisions or, where nothing is applied, none.
#[derive(Serialize)]
struct Shown {
    /// The only one, for those who asked for one.
    #[serde(flatten)]
    only: Option<ShownRevision>,
    revisions: Vec<ShownRevision>,
    #[serde(skip)]
    text: String,
}

/// A revision and its files' text.
#[derive(Clone, Serialize)]
struct ShownRevision {
    #[serde(flatten)]
    facts: RevisionFacts,
    up: String,
    down: Option<String>,
}

/// Needs a database only where the targets do.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let found = resolve(config, &history, &args.targets).await?;
    let revisions: Vec<ShownRevision> = found
        .iter()
        .filter_map(|version| history.find(*version))
        .map(|revision| shown(&history, revision))
        .collect();
    let texts: Vec<String> = revisions.iter().map(|revision| revision.text(config)).collect();
    let only = match revisions.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    Ok(Outcome::new(Shown { only, revisions, text: texts.join("\n") }))
}

fn shown(history: &History, revision: &Revision) -> ShownRevision {
    ShownRevision {
        facts: RevisionFacts::new(history, revision),
        up: revision.up.text.to_string(),
        down: revision.down.as_ref().map(|down| down.text.to_string()),
    }
}

impl ShownRevision {
    fn text(&self, config: &Config) -> String {
        let facts = entry(&self.facts, Marks::default(), None, config);
        let down = self.down.as_ref();
        let down = down.map(|down| format!("\n-- down\n{}\n", down.trim_end()));
        format!("{facts}\n{}\n{}", self.up.trim_end(), down.unwrap_or_default())
    }
}

impl Report for Shown {
    fn text(&self) -> String {
        if self.revisions.is_empty() { "no revision\n".to_owned() } else { self.text.clone() }
    }
}
