use artisan_migrate::{Revision, VersionName};
use serde::Serialize;

use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name parents, label, phase and file of each.
    #[arg(short, long)]
    verbose: bool,
    /// Leave out those that others depend on by `-- depends-on:`; that is so in any case, and the
    /// option is taken for Alembic's sake.
    #[arg(long)]
    resolve_dependencies: bool,
}

#[derive(Serialize)]
struct Heads {
    heads: Vec<Head>,
    #[serde(skip)]
    is_verbose: bool,
}

#[derive(Serialize)]
struct Head {
    #[serde(flatten)]
    revision: VersionName,
    revises: Vec<String>,
    branch: Option<String>,
    phase: &'static str,
    file: String,
}

/// Needs no database: the files alone tell.
pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let heads = history.heads().into_iter().map(head).collect();
    let is_verbose = args.verbose;
    Ok(Outcome::new(Heads { heads, is_verbose }))
}

fn head(revision: &Revision) -> Head {
    Head {
        revision: revision.into(),
        revises: revision.parents.iter().map(ToString::to_string).collect(),
        branch: revision.directives.branch.clone(),
        phase: revision.directives.phase.name(),
        file: revision.up.file.clone(),
    }
}

impl Report for Heads {
    fn text(&self) -> String {
        lines(self.heads.iter().map(|head| {
            let line = format!("{} (head)", named(&head.revision));
            if !self.is_verbose {
                return line;
            }
            let label = head.branch.as_ref().map(|label| format!("    branch {label}\n"));
            format!(
                "{line}\n    revises {}\n{}    phase {}\n    {}",
                head.revises.join(", "),
                label.unwrap_or_default(),
                head.phase,
                head.file
            )
        }))
    }
}
