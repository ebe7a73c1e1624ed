//! Many users at once, and lists of many users.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::ListUsersRequest;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_testkit::Engine;
use clap::Args;

use crate::admin::{self, Admin, BATCH};
use crate::bare::sqlx::parse_engine;
use crate::database::Database;
use crate::failure::Failure;
use crate::{noop, report};

const CONCURRENCY: u64 = 4;
const PAGE: i32 = 100;
/// Pages whose median counts, at the beginning and at the end.
const SAMPLES: usize = 50;

/// How many users, and where.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of the programs
    #[arg(long)]
    programs: PathBuf,
    /// The engines to measure on, whose servers their variables name
    #[arg(long, value_parser = parse_engine, required = true)]
    engine: Vec<Engine>,
    /// How many users are loaded; page 10,000 of 100 needs a million
    #[arg(long, default_value_t = 1_000_000)]
    users: u64,
}

/// Measures on one engine after the other.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    for engine in &options.engine {
        measure(*engine, &options.programs, options.users).await?;
    }
    Ok(())
}

async fn measure(engine: Engine, programs: &Path, users: u64) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let database = Database::create(engine).await?;
    noop::migrate(&programs.join("migrate"), database.url())?;
    let settings = [("REQUEST_TIMEOUT", "60s"), ("ACCESS_TOKEN_TTL", "2h")];
    let (_service, port) = admin::start(programs, database.url(), folder.path(), &settings).await?;
    let admin = Admin::sign_in(port).await?;

    let begin = Instant::now();
    let batches = users.div_ceil(BATCH);
    let workers = (0..CONCURRENCY).map(|worker| {
        let admin = admin.clone();
        async move {
            for batch in (worker..batches).step_by(usize::try_from(CONCURRENCY).unwrap_or(1)) {
                admin.import(batch).await?;
            }
            Ok::<_, Failure>(())
        }
    });
    futures_util::future::try_join_all(workers).await?;
    let took = begin.elapsed().as_secs_f64();
    let loaded = batches * BATCH;
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = loaded as f64 / took;
    report::line(format!("{}: {loaded} users in {took:.1} s, {rate:.0} a second", engine.name()));

    let pages = walk(&admin).await?;
    let (first, last) =
        (median(pages.iter().take(SAMPLES)), median(pages.iter().rev().take(SAMPLES)));
    report::line(format!(
        "{}: a page of {PAGE} takes {first:?} at the beginning and {last:?} at page {}",
        engine.name(),
        pages.len()
    ));
    Ok(())
}

fn median<'a>(times: impl Iterator<Item = &'a Duration>) -> Duration {
    let mut times: Vec<Duration> = times.copied().collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Reads every page, one after the other; what each took.
async fn walk(admin: &Admin) -> Result<Vec<Duration>, Failure> {
    let mut users = UserServiceClient::new(admin.channel.clone());
    let (mut times, mut page_token) = (Vec::new(), String::new());
    loop {
        let list = ListUsersRequest {
            page_size: PAGE,
            page_token,
            filter: "state = ACTIVE".to_owned(),
            ..ListUsersRequest::default()
        };
        let request = admin.request(list)?;
        let begin = Instant::now();
        let page = users.list_users(request).await.map_err(Failure::call)?.into_inner();
        if page.next_page_token.is_empty() {
            return Ok(times);
        }
        times.push(begin.elapsed());
        page_token = page.next_page_token;
    }
}
