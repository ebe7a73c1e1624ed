use artisan_migrate::RevisionSettings;
use artisan_migrate::author::{self, Draft};

use super::choices::version;
use super::revision::{naming, write};
use crate::config::{Config, now};
use crate::failure::Failure;
use crate::outcome::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revisions to merge, two or more; `heads` is all heads.
    #[arg(required = true, value_name = "REV")]
    revisions: Vec<String>,
    /// What it is for; becomes the name of its files.
    #[arg(short, long, default_value = "merge heads")]
    message: String,
    /// The label of the branch that begins here.
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// Its version, instead of the next one.
    #[arg(long, value_name = "VERSION", value_parser = version, allow_negative_numbers = true)]
    rev_id: Option<i64>,
    /// Allow revisions that others build upon already.
    #[arg(long)]
    splice: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let (folder, history) = config.folder()?;
    let settings = RevisionSettings::load()?;
    let draft = Draft {
        message: args.message.clone(),
        heads: author::merge_parents(&history, &args.revisions)?,
        splice: args.splice,
        branch: args.branch_label.clone(),
        version: args.rev_id,
        now: Some(now()),
        // Without templates: a merge has no statements.
        style: naming(&settings, config)?,
        ..Draft::default()
    };
    write(&folder, &history, &draft, &settings)
}
