use artisan_migrate::author::{Rebase, Rebased, Renumbered};
use artisan_migrate::{Access, RevisionSettings};
use serde::Serialize;

use super::revision::naming;
use super::{connect_with, written_folder};
use crate::config::{Config, now};
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revisions that get new versions in the order that they have, with all that name them; none may be
    /// applied anywhere. Where two files have one version, the file's name without its suffix, as in
    /// `7_add_users`, or all of it where that is the same too, as in `7_add_users.sql`.
    #[arg(value_name = "REV", required = true)]
    revisions: Vec<String>,
    /// The revision that the first builds upon afterwards; `base` is none. Without it the one head of
    /// the others or, if there are several, that of its own branch.
    #[arg(long, value_name = "REV")]
    onto: Option<String>,
}

#[derive(Serialize)]
struct Done {
    from: Option<String>,
    to: Option<String>,
    name: Option<String>,
    /// All that have another version, oldest first.
    moved: Vec<Moved>,
    files: Vec<String>,
    /// The files whose text is another one, and with it the checksum.
    changed: Vec<String>,
    /// What the first depended on by its file, and no longer does: itself, or what no file has.
    dropped: Vec<String>,
}

#[derive(Clone, Serialize)]
struct Moved {
    from: String,
    to: String,
    name: String,
}

/// Looks into the database first, if one is configured: an applied revision keeps its version.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let folder = written_folder(config)?;
    let finished = folder.finish()?;
    if !finished.is_empty() {
        let rebased = Rebased { files: finished, ..Rebased::default() };
        return Ok(Outcome::new(Done::new(&[], &[], &rebased)));
    }
    let settings = RevisionSettings::load()?;
    let style = naming(&settings, config)?;
    let (_, source) = config.folder_files()?;
    let texts: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    let plan = Rebase::plan(source, &texts, args.onto.as_deref(), &style, Some(now()))?;
    if config.url().is_ok() {
        refuse_applied(&plan, config).await?;
    }
    let rebased = plan.carry_out(&folder)?;
    Ok(Outcome::new(Done::new(plan.moved(), plan.dropped(), &rebased)))
}

async fn refuse_applied(plan: &Rebase, config: &Config) -> Result<(), Failure> {
    let mut runner = connect_with(config, plan.history().clone(), Access::Read).await?;
    let mut refused = Ok(());
    for moved in plan.moved() {
        refused = if plan.is_stray() {
            runner.refuse_recorded(moved.from, &moved.name, plan.checksum()).await
        } else {
            runner.refuse_applied(&moved.from.to_string(), "rebased").await
        };
        if refused.is_err() {
            break;
        }
    }
    runner.close().await;
    Ok(refused?)
}

impl Done {
    fn new(moved: &[Renumbered], dropped: &[i64], rebased: &Rebased) -> Self {
        let shown = |paths: &[std::path::PathBuf]| {
            paths.iter().map(|path| path.display().to_string()).collect()
        };
        let moved: Vec<Moved> = moved.iter().map(Moved::new).collect();
        let first = moved.first().cloned();
        Self {
            from: first.as_ref().map(|first| first.from.clone()),
            to: first.as_ref().map(|first| first.to.clone()),
            name: first.map(|first| first.name),
            moved,
            files: shown(&rebased.files),
            changed: shown(&rebased.changed),
            dropped: dropped.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Moved {
    fn new(moved: &Renumbered) -> Self {
        let (from, to) = (moved.from.to_string(), moved.to.to_string());
        Self { from, to, name: moved.name.clone() }
    }
}

impl Report for Done {
    fn text(&self) -> String {
        let heading = if self.moved.is_empty() {
            "finished what was interrupted; run it again if it was another command\n"
        } else {
            ""
        };
        let moved = |moved: &Moved| format!("{} {} is now {}", moved.from, moved.name, moved.to);
        let made = |file: &String| {
            let note = if self.changed.contains(file) { ", with another text" } else { "" };
            format!("made {file}{note}")
        };
        let dropped = |version: &String| {
            let first = self.to.as_deref().unwrap_or_default();
            format!("{first} no longer depends on {version}")
        };
        let all = self.moved.iter().map(moved).chain(self.files.iter().map(made));
        let all = all.chain(self.dropped.iter().map(dropped));
        heading.to_owned() + &lines(all)
    }

    fn quiet(&self) -> String {
        String::new()
    }
}
