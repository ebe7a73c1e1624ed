//! What the user service holds for those who watch and see nothing happen.

mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{WatchUsersRequest, WatchUsersResponse};
use artisan_testkit::Engine;
use clap::Args;
use futures_util::future::try_join_all;
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};
use tonic::Streaming;
use tonic::transport::Channel;

use self::table::Table;
use crate::account::{create, example};
use crate::admin::{self, Admin};
use crate::bare::sqlx::parse_engine;
use crate::database::Database;
use crate::failure::Failure;
use crate::load::grpc::connect;
use crate::process::Process;
use crate::{cpu, memory, noop, report};

/// How many watch over one connection: half of what the service takes.
const STREAMS: u64 = 500;
/// How many begin to watch at a time, far below `MAX_CONCURRENT_CALLS`; who watches is no call under way.
const BEGINNING: usize = 64;
/// How long the event of a write may take to all of them.
const DELIVERY: Duration = Duration::from_mins(1);

/// How many, and where.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of the programs
    #[arg(long)]
    programs: PathBuf,
    /// The engines to measure on, whose servers their variables name
    #[arg(long, value_parser = parse_engine, required = true)]
    engine: Vec<Engine>,
    /// How many watch
    #[arg(long, default_value_t = 10_000)]
    watchers: u64,
    /// How many seconds they see nothing: after a minute, each is asked whether it still may watch
    #[arg(long, default_value_t = 70)]
    seconds: u32,
}

/// Measures on one engine after the other.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    for engine in &options.engine {
        measure(*engine, &options.programs, options).await?;
    }
    Ok(())
}

async fn measure(engine: Engine, programs: &Path, options: &Options) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let database = Database::create(engine).await?;
    noop::migrate(&programs.join("migrate"), database.url())?;
    // Nothing is set that it has no default for, beside the address and the key.
    let (service, port) = admin::start(programs, database.url(), folder.path(), &[]).await?;
    let admin = Admin::sign_in(port).await?;

    let before = memory::resident(service.pid())?;
    let begin = Instant::now();
    let mut watching = watch(port, &admin, options.watchers).await?;
    let beginning = begin.elapsed();
    report::note(format!("{} watch after {beginning:.1?}", watching.len()));
    let used = cpu_of(&service, &database)?;
    tokio::time::sleep(Duration::from_secs(options.seconds.into())).await;
    let used = cpu_of(&service, &database)?.saturating_sub(used);
    let with = memory::resident(service.pid())?;
    let delivery = deliver(&admin, &mut watching).await?;
    report::line(Table {
        engine,
        version: &database.version,
        watchers: options.watchers,
        connections: options.watchers.div_ceil(STREAMS),
        before,
        with,
        // The kernel counts in batches: what is held now may not be among it yet.
        peak: memory::peak(service.pid())?.max(with),
        cpu: used.as_secs_f64() / f64::from(options.seconds),
        delivery,
    });
    Ok(())
}

fn cpu_of(service: &Process, database: &Database) -> Result<Duration, Failure> {
    Ok(cpu::used(&[service.pid()])? + cpu::used(&database.processes())?)
}

/// Begins so many streams, from now on and of all users.
async fn watch(port: u16, admin: &Admin, watchers: u64) -> Result<Vec<Watch>, Failure> {
    let mut channels = Vec::new();
    for _ in 0..watchers.div_ceil(STREAMS) {
        channels.push(connect(port).await?);
    }
    let turns = (0..watchers).zip(channels.iter().cycle());
    iter(turns.map(|(_, channel)| begin(channel.clone(), admin)))
        .buffer_unordered(BEGINNING)
        .try_collect()
        .await
}

type Watch = Streaming<WatchUsersResponse>;

async fn begin(channel: Channel, admin: &Admin) -> Result<Watch, Failure> {
    let request = admin.request(WatchUsersRequest::default())?;
    let answer = UserServiceClient::new(channel).watch_users(request).await;
    answer.map(tonic::Response::into_inner).map_err(Failure::call)
}

/// Makes a user; the time until all have seen it. One who does not is a fault, not slowness.
async fn deliver(admin: &Admin, watching: &mut [Watch]) -> Result<Duration, Failure> {
    let begin = Instant::now();
    let name = create(admin.channel.clone(), example()).await?.name;
    let count = watching.len();
    let seeing = try_join_all(watching.iter_mut().map(|watch| see(watch, &name)));
    match tokio::time::timeout(DELIVERY, seeing).await {
        Ok(seen) => seen.map(|_| begin.elapsed()),
        Err(_) => Err(Failure::call(format!("not all of {count} watchers saw a write"))),
    }
}

/// Waits for the user's event, which is the first.
async fn see(watch: &mut Watch, name: &str) -> Result<(), Failure> {
    let seen = watch.message().await.map_err(Failure::call)?.and_then(|answer| answer.user);
    match seen {
        Some(user) if user.name == name => Ok(()),
        Some(user) => Err(Failure::call(format!("{} was seen instead of {name}", user.name))),
        None => Err(Failure::call(format!("a stream ended before it told of {name}"))),
    }
}
