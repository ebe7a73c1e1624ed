//! How late reads come while many sign in, and what the service holds meanwhile.

mod clients;
mod table;

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use artisan_testkit::Engine;
use clap::Args;

use self::clients::{Client, SignIns};
use self::table::Table;
use crate::account::{self, Account};
use crate::bare::sqlx::parse_engine;
use crate::database::Database;
use crate::failure::Failure;
use crate::load::grpc::GrpcLoad;
use crate::load::paced;
use crate::{admin, memory, noop, report};

/// How many sign in at any time.
pub(crate) const CLIENTS: u8 = 32;
/// The connections of those who read; as many again are of those who sign in.
pub(crate) const CONNECTIONS: usize = 4;
/// Whom the service believes about clients' addresses, as an operator names a gateway: attempts are counted by
/// them, and all from one address would wait for each other's counts.
const TRUSTED: (&str, &str) = ("TRUSTED_PROXIES", "127.0.0.1/32");

/// How much to measure, and where.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of the programs
    #[arg(long)]
    programs: PathBuf,
    /// The engines to measure on, whose servers their variables name
    #[arg(long, value_parser = parse_engine, required = true)]
    engine: Vec<Engine>,
    /// How many users are read a second
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// One short round
    #[arg(long)]
    quick: bool,
}

/// How often users are read alone and then beside sign-ins, and for how many seconds each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) rounds: u32,
    pub(crate) seconds: u32,
    /// Users read a second.
    pub(crate) rate: u32,
}

/// Measures on one engine after the other.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let (rounds, seconds) = if options.quick { (1, 5) } else { (3, 20) };
    let effort = Effort { rounds, seconds, rate: options.rate };
    for engine in &options.engine {
        measure(*engine, options, effort).await?;
    }
    Ok(())
}

async fn measure(engine: Engine, options: &Options, effort: Effort) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let database = Database::create(engine).await?;
    noop::migrate(&options.programs.join("migrate"), database.url())?;
    let (service, port) =
        admin::start(&options.programs, database.url(), folder.path(), &[TRUSTED]).await?;
    let reads = Reads::prepare(port, &account::register(port).await?).await?;
    let clients = Client::register(port).await?;
    reads.warm_up().await?;

    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    let mut sign_ins = SignIns::default();
    for round in 1..=effort.rounds {
        report::note(format!("round {round} of {}", effort.rounds));
        alone.extend(reads.run(effort).await?);
        let stop = Cell::new(false);
        let reading = async {
            let times = reads.run(effort).await;
            stop.set(true);
            times
        };
        let (times, made) = tokio::try_join!(reading, clients::sign_in(&clients, &stop))?;
        beside.extend(times);
        sign_ins.extend(made);
    }
    alone.sort_unstable();
    beside.sort_unstable();
    sign_ins.times.sort_unstable();
    report::line(Table {
        engine,
        version: &database.version,
        effort,
        alone: &alone,
        beside: &beside,
        sign_ins: &sign_ins,
        peak: memory::peak(service.pid())?,
    });
    Ok(())
}

/// Those who read one user, over several connections in turn.
struct Reads(Vec<GrpcLoad>);

impl Reads {
    async fn prepare(port: u16, account: &Account) -> Result<Self, Failure> {
        let mut loads = Vec::new();
        for _ in 0..CONNECTIONS {
            loads.push(GrpcLoad::new(port, &account.name, &account.signed_in.token).await?);
        }
        Ok(Self(loads))
    }

    async fn warm_up(&self) -> Result<(), Failure> {
        for load in &self.0 {
            load.run(200).await?;
        }
        Ok(())
    }

    /// Reads at the rate for the seconds of a round; what each took, sorted.
    async fn run(&self, effort: Effort) -> Result<Vec<Duration>, Failure> {
        let calls = u64::from(effort.rate) * u64::from(effort.seconds);
        let call = |number: u64| {
            let turn = usize::try_from(number).unwrap_or_default() % CONNECTIONS;
            let load = self.0.get(turn).cloned();
            async move { load.ok_or_else(|| Failure::call("no connection"))?.call().await }
        };
        paced(calls, f64::from(effort.rate), call).await
    }
}
