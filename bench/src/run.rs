//! The order of a measurement.

use std::path::{Path, PathBuf};

use artisan_testkit::Engine;
use clap::Args;

use crate::account::{self, Account};
use crate::admin::Admin;
use crate::bare::sqlx::parse_engine;
use crate::bare::statements::Statements;
use crate::database::Database;
use crate::failure::Failure;
use crate::load::list::ListLoad;
use crate::stack::Stack;
use crate::table::Table;
use crate::{noop, report};

/// How much to measure, and what.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of the programs
    #[arg(long)]
    programs: PathBuf,
    /// The engines to measure on, whose servers their variables name
    #[arg(long, value_parser = parse_engine, required = true)]
    engine: Vec<Engine>,
    /// Fewer calls and one round
    #[arg(long)]
    quick: bool,
}

/// How often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Calls per round.
    pub(crate) calls: u64,
    /// Batches of [`crate::admin::BATCH`] users in the database beside the one that is read.
    pub(crate) batches: u64,
    /// Rounds, of which the median counts.
    pub(crate) rounds: usize,
    /// Runs of the migration that has nothing to do.
    pub(crate) noops: usize,
}

const FULL: Effort = Effort { calls: 20_000, batches: 10, rounds: 5, noops: 31 };
const QUICK: Effort = Effort { calls: 3_000, batches: 1, rounds: 1, noops: 5 };

/// Measures on one engine after the other.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let effort = if options.quick { QUICK } else { FULL };
    for engine in &options.engine {
        measure(*engine, &options.programs, effort).await?;
    }
    Ok(())
}

async fn measure(engine: Engine, programs: &Path, effort: Effort) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let database = Database::create(engine).await?;
    let migrate = programs.join("migrate");
    noop::migrate(&migrate, database.url())?;
    let noop = noop::measure(&migrate, database.url(), effort.noops)?;

    let mut stack = Stack::start(programs, database.url(), folder.path()).await?;
    let idle = stack.idle()?;
    let admin = Admin::sign_in(stack.user_service.port).await?;
    for batch in 0..effort.batches {
        admin.import(batch).await?;
    }
    database.settle().await?;
    let account = account::register(stack.user_service.port).await?;
    let same_sql = sends_the_same(&stack, &database, &account, &admin).await?;
    let mut subjects = stack.subjects(engine, database.url(), &account, folder.path()).await?;
    subjects.extend(stack.list_subjects(engine, database.url(), &admin, folder.path()).await?);
    for subject in &mut subjects {
        subject.warm_up(effort.calls / 10).await?;
    }
    for round in 1..=effort.rounds {
        report::note(format!("round {round} of {}", effort.rounds));
        for subject in &mut subjects {
            subject.measure(effort.calls, &database).await?;
        }
    }
    report::line(Table {
        engine,
        database: &database,
        effort,
        subjects: &subjects,
        same_sql,
        noop,
        idle: &idle,
    });
    Ok(())
}

/// Whether the service sends what bare sqlx is going to run; to be asked before that is started.
async fn sends_the_same(
    stack: &Stack,
    database: &Database,
    account: &Account,
    admin: &Admin,
) -> Result<bool, Failure> {
    let statements = Statements::of(database.engine())?;
    stack.call_service(account, 100).await?;
    let user = database.has_seen(statements.user_and_caller).await?;
    let list = ListLoad::new(stack.user_service.port, &admin.signed_in.token).await?;
    list.run(100).await?;
    let page = database.has_seen(statements.page).await?;
    list.run_refused().await?;
    let caller = database.has_seen(statements.caller).await?;
    Ok(user && page && caller)
}

/// The rows, by which the table finds those that it compares.
pub(crate) const BARE_TONIC: &str = "tonic from memory, bare";
pub(crate) const BARE_USER: &str = "its select of the user, bare";
pub(crate) const BARE_SQL: &str = "its statement, bare sqlx";
pub(crate) const GRPC: &str = "GetUser, gRPC";
pub(crate) const HTTP: &str = "GetUser, HTTP in process";
pub(crate) const GATEWAY: &str = "GetUser, HTTP by the gateway";
pub(crate) const BARE_PAGE: &str = "its select of the page, bare";
pub(crate) const BARE_LIST: &str = "its statements, bare sqlx";
pub(crate) const LIST: &str = "ListUsers of 100, gRPC";
