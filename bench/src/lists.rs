//! Many users at once, and lists of many users.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::batch_create_users_request::Item;
use artisan_proto::artisan::user::v1::batch_create_users_response::result::Result as Created;
use artisan_proto::artisan::user::v1::create_session_response::Result as SignedIn;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    BatchCreateUsersRequest, CreateSessionRequest, ListUsersRequest, User,
};
use artisan_testkit::Engine;
use clap::Args;
use tokio::process::Command;
use tonic::Request;
use tonic::transport::Channel;

use crate::account::{example, signing_key};
use crate::bare::sqlx::parse_engine;
use crate::database::Database;
use crate::failure::Failure;
use crate::load::grpc::connect;
use crate::process::{Process, free_port};
use crate::{noop, report};

const ADMIN: (&str, &str) = ("root@example.com", "Root-password-1");
/// As werkzeug writes it.
const HASH: &str = "pbkdf2:sha256:600000$saltSALT\
    $e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833";
const BATCH: u64 = 1000;
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
    let (_service, port) = start(programs, database.url(), folder.path()).await?;
    let service = Service::sign_in(port).await?;

    let begin = Instant::now();
    let batches = users.div_ceil(BATCH);
    let workers = (0..CONCURRENCY).map(|worker| {
        let service = service.clone();
        async move {
            for batch in (worker..batches).step_by(usize::try_from(CONCURRENCY).unwrap_or(1)) {
                service.load(batch).await?;
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

    let pages = service.walk().await?;
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

async fn start(programs: &Path, url: &str, folder: &Path) -> Result<(Process, u16), Failure> {
    let own = programs.join("user-service");
    let (port, admin) = (free_port()?, free_port()?);
    let mut command = Command::new(own);
    command.env("DATABASE_URL", url).env("TOKEN_SIGNING_KEY", signing_key()?);
    command.env("GRPC_ADDR", format!("127.0.0.1:{port}"));
    command.env("ADMIN_ADDR", format!("127.0.0.1:{admin}"));
    command.env("BOOTSTRAP_ADMIN_EMAIL", ADMIN.0).env("BOOTSTRAP_ADMIN_PASSWORD", ADMIN.1);
    command.env("RUST_LOG", "info").env("LOG_FORMAT", "json").env("REQUEST_TIMEOUT", "60s");
    command.env("ACCESS_TOKEN_TTL", "2h");
    let mut process = Process::start("user-service", &mut command, folder)?;
    process.ready(admin).await?;
    Ok((process, port))
}

/// The service, called by its administrator.
#[derive(Clone)]
struct Service {
    channel: Channel,
    token: String,
}

impl Service {
    async fn sign_in(port: u16) -> Result<Self, Failure> {
        let channel = connect(port).await?;
        let (email, password) = (ADMIN.0.to_owned(), ADMIN.1.to_owned());
        let credentials = CreateSessionRequest { email, password };
        let session = AuthServiceClient::new(channel.clone()).create_session(credentials).await;
        match session.map_err(Failure::call)?.into_inner().result {
            Some(SignedIn::Tokens(tokens)) => Ok(Self { channel, token: tokens.access_token }),
            Some(SignedIn::Challenge(_)) | None => Err(Failure::call("signing in gave no token")),
        }
    }

    fn request<T>(&self, message: T) -> Result<Request<T>, Failure> {
        let mut request = Request::new(message);
        let bearer = format!("Bearer {}", self.token).parse().map_err(Failure::call)?;
        request.metadata_mut().insert("authorization", bearer);
        Ok(request)
    }

    /// Loads one batch of users; each of them must be made.
    async fn load(&self, batch: u64) -> Result<(), Failure> {
        let item = |number: u64| {
            let email = format!("user{number}@example.com");
            let user = Some(User { email, ..example() });
            Item { user, password_hash: HASH.to_owned(), ..Item::default() }
        };
        let requests = (batch * BATCH..(batch + 1) * BATCH).map(item).collect();
        let request = self.request(BatchCreateUsersRequest { requests })?;
        let mut users = UserServiceClient::new(self.channel.clone());
        let answer = users.batch_create_users(request).await.map_err(Failure::call)?.into_inner();
        let made = |result: &Option<Created>| matches!(result, Some(Created::User(_)));
        if answer.results.iter().all(|result| made(&result.result)) {
            Ok(())
        } else {
            Err(Failure::call("a user was not imported"))
        }
    }

    /// Reads every page, one after the other; what each took.
    async fn walk(&self) -> Result<Vec<Duration>, Failure> {
        let mut users = UserServiceClient::new(self.channel.clone());
        let (mut times, mut page_token) = (Vec::new(), String::new());
        loop {
            let list = ListUsersRequest {
                page_size: PAGE,
                page_token,
                filter: "state = ACTIVE".to_owned(),
                ..ListUsersRequest::default()
            };
            let request = self.request(list)?;
            let begin = Instant::now();
            let page = users.list_users(request).await.map_err(Failure::call)?.into_inner();
            if page.next_page_token.is_empty() {
                return Ok(times);
            }
            times.push(begin.elapsed());
            page_token = page.next_page_token;
        }
    }
}
