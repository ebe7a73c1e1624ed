use artisan_migrate::RevisionFacts;
use serde::Serialize;

use super::entry::{Marks, entry};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};
use crate::table::aligned;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tell all about each: parents, dependencies, label, phase and files.
    #[arg(short, long)]
    verbose: bool,
    /// Leave out those that another revision depends on by `-- depends-on:`.
    #[arg(long)]
    resolve_dependencies: bool,
}

#[derive(Serialize)]
struct Heads {
    heads: Vec<RevisionFacts>,
    #[serde(skip)]
    text: String,
}

/// Needs no database: the files alone tell.
pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let heads = if args.resolve_dependencies { history.heads() } else { history.lineage_heads() };
    let heads: Vec<RevisionFacts> =
        heads.into_iter().map(|head| RevisionFacts::new(&history, head)).collect();
    let marks = Marks::default();
    let text = if args.verbose {
        lines(heads.iter().map(|head| entry(head, marks, None, config)))
    } else {
        // As in Alembic, a head is told by what it is, not by what is below it.
        let plain = |head: &RevisionFacts| RevisionFacts { mergepoint: false, ..head.clone() };
        aligned(&heads.iter().map(|head| marks.row(&plain(head))).collect::<Vec<_>>())
    };
    Ok(Outcome::new(Heads { heads, text }))
}

impl Report for Heads {
    fn text(&self) -> String {
        self.text.clone()
    }

    fn summary(&self) -> String {
        match self.heads.len() {
            1 => "1 head".to_owned(),
            count => format!("{count} heads"),
        }
    }
}
