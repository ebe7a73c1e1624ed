//! One module per command: its arguments, what it does, and how it tells what it has done.

mod adopt;
mod branches;
mod check;
mod choices;
mod completions;
mod current;
mod desired;
mod downgrade;
mod edit;
mod ensure_version;
mod entry;
mod grants;
mod graph;
mod heads;
mod history;
mod init;
mod lint;
mod man;
mod merge;
mod offline;
mod plan;
mod rebase;
mod repair;
mod revision;
mod schema;
mod show;
mod squash;
mod stamp;
mod unknown;
mod upgrade;
mod verify;
mod wait;

use artisan_migrate::{Access, Error, Folder, History, Runner, Target};
use clap::Subcommand;

use crate::config::Config;
use crate::failure::Failure;
use crate::notice;
use crate::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a folder for migrations.
    Init(init::Args),
    /// Make the files of a new revision.
    Revision(Box<revision::Args>),
    /// Apply pending revisions up to TARGET.
    Upgrade(upgrade::Args),
    /// Undo applied revisions down to TARGET.
    Downgrade(downgrade::Args),
    /// Show where the database stands.
    Current(current::Args),
    /// Exit with 9 if anything is pending, with 7 if there are several heads: for CI.
    Check(check::Args),
    /// Record revisions as applied without running them.
    Stamp(stamp::Args),
    /// Make the runner's tables, and nothing else.
    #[command(alias = "ensure_version")]
    EnsureVersion(ensure_version::Args),
    /// Explain what is wrong with what is recorded, and mend what is asked for.
    Repair(repair::Args),
    /// List revisions, newest first.
    History(history::Args),
    /// List the revisions that no other one builds upon.
    Heads(heads::Args),
    /// List the revisions upon which several others build, and the labels of branches.
    Branches(branches::Args),
    /// Draw the revisions as a graph.
    Graph(graph::Args),
    /// Make a revision that joins several heads.
    Merge(merge::Args),
    /// Give a revision that is not applied a version higher than all others.
    Rebase(rebase::Args),
    /// Put one baseline in the place of a revision and all that it builds upon, proven to be equal.
    Squash(squash::Args),
    /// Open a revision's file in an editor.
    Edit(edit::Args),
    /// Look for what breaks in migration files; needs no database.
    Lint(lint::Args),
    /// Show what `upgrade` would run now, with the locks and the sizes of the tables; writes nothing.
    Plan(plan::Args),
    /// Show revisions with all that is known about them, and their files.
    Show(show::Args),
    /// Wait until the database has every expand revision of these files.
    Wait(wait::Args),
    /// Take over a database that Alembic, or nobody, has managed so far.
    Adopt(adopt::Args),
    /// Print the live schema as SQL that makes it again, as the engine's own client takes it; `sql` of
    /// --output json has it as a driver does, on MySQL and MariaDB without DELIMITER.
    Schema(schema::Args),
    /// Compare the files of applied revisions with what was applied.
    Verify(verify::Args),
    /// Print the GRANTs that a serving role needs.
    Grants(grants::Args),
    /// Print the completions of a shell.
    Completions(completions::Args),
    /// Write man pages into a folder.
    Man(man::Args),
}

impl Command {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Revision(_) => "revision",
            Self::Merge(_) => "merge",
            Self::Rebase(_) => "rebase",
            Self::Squash(_) => "squash",
            Self::Edit(_) => "edit",
            Self::Upgrade(_) => "upgrade",
            Self::Downgrade(_) => "downgrade",
            Self::Current(_) => "current",
            Self::Check(_) => "check",
            Self::Stamp(_) => "stamp",
            Self::EnsureVersion(_) => "ensure-version",
            Self::Repair(_) => "repair",
            Self::History(_) => "history",
            Self::Heads(_) => "heads",
            Self::Branches(_) => "branches",
            Self::Graph(_) => "graph",
            Self::Lint(_) => "lint",
            Self::Plan(_) => "plan",
            Self::Show(_) => "show",
            Self::Wait(_) => "wait",
            Self::Adopt(_) => "adopt",
            Self::Schema(_) => "schema",
            Self::Verify(_) => "verify",
            Self::Grants(_) => "grants",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }

    /// Runs the command.
    pub(crate) async fn run(&self, config: &Config) -> Result<Outcome, Failure> {
        match self {
            Self::Init(args) => init::run(args, config),
            Self::Revision(args) => revision::run(args, config).await,
            Self::Merge(args) => merge::run(args, config),
            Self::Rebase(args) => rebase::run(args, config).await,
            Self::Squash(args) => squash::run(args, config).await,
            Self::Edit(args) => edit::run(args, config).await,
            Self::Upgrade(args) => upgrade::run(args, config).await,
            Self::Downgrade(args) => downgrade::run(args, config).await,
            Self::Current(args) => current::run(args, config).await,
            Self::Check(args) => check::run(args, config).await,
            Self::Stamp(args) => stamp::run(args, config).await,
            Self::EnsureVersion(args) => ensure_version::run(args, config).await,
            Self::Repair(args) => repair::run(args, config).await,
            Self::History(args) => history::run(args, config).await,
            Self::Heads(args) => heads::run(args, config),
            Self::Branches(args) => branches::run(args, config),
            Self::Graph(args) => graph::run(args, config).await,
            Self::Lint(args) => lint::run(args, config).await,
            Self::Plan(args) => plan::run(args, config).await,
            Self::Show(args) => show::run(args, config).await,
            Self::Wait(args) => wait::run(args, config).await,
            Self::Adopt(args) => adopt::run(args, config).await,
            Self::Schema(args) => schema::run(args, config).await,
            Self::Verify(args) => verify::run(args, config).await,
            Self::Grants(args) => grants::run(args, config).await,
            Self::Completions(args) => Ok(completions::run(args)),
            Self::Man(args) => man::run(args),
        }
    }
}

/// The folder whose files are to be changed: those that are built in cannot be.
fn written_folder(config: &Config) -> Result<Folder, Failure> {
    let dir = config.dir();
    if config.given_dir().is_none() && !dir.is_dir() {
        let message = format!(
            "the migrations that are built into this program cannot be changed, and there is no \
             folder {}: name one by --dir",
            dir.display()
        );
        return Err(Failure::Usage { reason: "BUILT_IN", message });
    }
    Ok(Folder::open(&dir)?)
}

async fn connect(config: &Config, access: Access) -> Result<Runner, Failure> {
    connect_with(config, config.history()?, access).await
}

async fn connect_with(
    config: &Config,
    history: History,
    access: Access,
) -> Result<Runner, Failure> {
    let url = config.url()?;
    let runner = Runner::connect(url, access, history, config.options.clone()).await?;
    if let Some(path) = runner.missing_file() {
        notice::line_once(&format!(
            "note: there is no file {}, so nothing is applied: check the path in the URL; if the database is \
             new, `migrate upgrade` makes it",
            path.display()
        ));
    }
    Ok(runner)
}

/// The versions that targets stand for; the database is asked only where they need it.
async fn resolve(
    config: &Config,
    history: &History,
    targets: &[Target],
) -> Result<Vec<i64>, Failure> {
    if targets.iter().any(Target::needs_database) {
        let mut runner = connect_with(config, history.clone(), Access::Read).await?;
        let versions = runner.resolve_all(targets).await;
        runner.close().await;
        return Ok(versions?);
    }
    let mut versions = Vec::new();
    for target in targets {
        versions.extend(history.resolve_all(target)?.iter().map(|revision| revision.version));
    }
    Ok(versions)
}

/// Ends the connection in good order, unless it is gone already.
async fn close<T>(runner: Runner, report: &Result<T, Error>) {
    if !matches!(report, Err(Error::ConnectionLost { .. })) {
        runner.close().await;
    }
}
