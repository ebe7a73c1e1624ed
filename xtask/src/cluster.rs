//! The runner and the user service on a Galera cluster whose nodes die and hang, behind a pooler, with
//! replicas, and on a group with several primaries: real servers, started for this run.

use std::process::{Command, Stdio};

use clap::Args;

use crate::cleanup::{Guard, Leftover};
use crate::command;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{
    Care, Cluster, Origin, PoolMode, Replicated, Server, pooler, several_primaries, start,
};
use crate::workspace::cargo;

const TESTS: [&str; 6] = [
    "--package",
    "artisan-migration-runner",
    "--package",
    "artisan-user-service",
    "--test",
    "cluster",
];

/// Which of its tests to run.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Arguments for the test program
    #[arg(last = true)]
    libtest: Vec<String>,
}

/// Builds the tests while the servers start, and runs them one after the other: each may take a
/// node away from all others.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    report::step("building the tests while the cluster, the group and the poolers start");
    let (places, built) = std::thread::scope(|scope| {
        let places = scope.spawn(Places::start);
        let built = command::run(cargo().args(["test", "--no-run"]).args(TESTS));
        let panicked = |_| Err(Failure::new("starting the servers panicked"));
        (places.join().unwrap_or_else(panicked), built)
    });
    let places = places?;
    built?;
    places.show();
    report::step("running the tests");
    let mut command = cargo();
    command.arg("test").args(TESTS).args(["--", "--ignored", "--test-threads=1"]);
    command.args(&options.libtest);
    run_tests(places.name_in(&mut command))
}

/// The servers of this run.
struct Places {
    cluster: Cluster,
    group: Server,
    // The poolers go before what stands behind them.
    by_transaction: Server,
    by_session: Server,
    behind: Server,
    postgres: Replicated,
    mariadb: Replicated,
}

impl Places {
    fn start() -> Result<Self, Failure> {
        let cluster = Cluster::start().doing("the cluster DID NOT RUN")?;
        let group = several_primaries().doing("the replication group DID NOT RUN")?;
        let behind = start(Engine::Postgres, &Origin::ALL, Care::Throwaway)
            .doing("PostgreSQL DID NOT RUN")?;
        let before = |mode| pooler(&behind, mode).doing("PgBouncer DID NOT RUN");
        let by_transaction = before(PoolMode::Transaction)?;
        let by_session = before(PoolMode::Session)?;
        let postgres = Replicated::postgres().doing("the replica of PostgreSQL DID NOT RUN")?;
        let mariadb = Replicated::mariadb().doing("the replica of MariaDB DID NOT RUN")?;
        Ok(Self { cluster, group, by_transaction, by_session, behind, postgres, mariadb })
    }

    fn show(&self) {
        report::note(format!("cluster: three nodes of {}", self.cluster.version));
        let Server { version, origin, .. } = &self.group;
        report::note(format!("group with several primaries: {version} ({origin})"));
        let Server { version, origin, .. } = &self.behind;
        report::note(format!("behind the poolers: {version} ({origin})"));
        for replicated in [&self.postgres, &self.mariadb] {
            let Server { version, origin, .. } = &replicated.replica;
            report::note(format!("with a replica: {version} ({origin})"));
        }
    }

    fn name_in<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let first = self.cluster.urls.first().map(String::as_str).unwrap_or_default();
        command
            .env("TEST_CLUSTER_URLS", self.cluster.urls.join(" "))
            .env("TEST_MARIADB_URL", first)
            .env("TEST_MYSQL_URL", &self.group.url)
            .env("TEST_POSTGRES_URL", &self.behind.url)
            .env("TEST_TRANSACTION_POOLER_URL", &self.by_transaction.url)
            .env("TEST_SESSION_POOLER_URL", &self.by_session.url)
            .env("TEST_POSTGRES_REPLICATED_URLS", self.postgres.urls())
            .env("TEST_MARIADB_REPLICATED_URLS", self.mariadb.urls())
    }
}

/// In a folder and a process group of their own, so that nothing is left behind: a test may have
/// stopped a runner.
fn run_tests(command: &mut Command) -> Result<(), Failure> {
    let folder = tempfile::tempdir().doing("making a folder for the tests")?.keep();
    command.env("TMPDIR", &folder);
    let _folder = Guard::new(Leftover::Folder(folder));
    let started = Guard::spawn_group(command.stdin(Stdio::null()));
    let (guard, mut child) = started.doing("starting the tests")?;
    let status = child.wait().doing("waiting for the tests")?;
    drop(guard);
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("the tests ended with {status}")))
}
