//! The release binaries and the bare ones, each in a process of its own, on one database.

use std::path::{Path, PathBuf};

use artisan_testkit::Engine;
use tokio::process::Command;

use crate::account::{self, Account, SignedIn};
use crate::admin::BOOTSTRAP;
use crate::failure::Failure;
use crate::load::grpc::GrpcLoad;
use crate::load::http::HttpLoad;
use crate::memory;
use crate::process::{Conversation, Process, free_port};
use crate::run::{BARE_SQL, BARE_TONIC, BARE_USER, GATEWAY, GRPC, HTTP};
use crate::subject::{Load, Subject};

mod lists;

pub(crate) use lists::ONE_IN as LISTS_ONE_IN;

/// A program and the port that its calls go to.
pub(crate) struct Served {
    process: Process,
    pub(crate) port: u16,
}

/// The release binaries, serving one database.
pub(crate) struct Stack {
    pub(crate) user_service: Served,
    gateway: Served,
    artisan: Served,
    bare: Vec<Process>,
}

impl Stack {
    /// Starts what serves, and waits until it is ready.
    pub(crate) async fn start(programs: &Path, url: &str, folder: &Path) -> Result<Self, Failure> {
        let key = account::signing_key()?;
        let serve = |name: &'static str, url: &str| {
            let mut command = Command::new(program(programs, name));
            command.env("DATABASE_URL", url).env("TOKEN_SIGNING_KEY", &key);
            // A connection for each call under way, as bare sqlx has.
            command.env("DATABASE_MAX_CONNECTIONS", crate::load::CONCURRENCY.to_string());
            command.env("RUST_LOG", "info").env("LOG_FORMAT", "json").env("ACCESS_TOKEN_TTL", "2h");
            Starting { name, command, folder: folder.to_owned() }
        };
        let user_service = serve("user-service", url).start("GRPC_ADDR", &[]).await?;
        let upstream = format!("http://127.0.0.1:{}", user_service.port);
        let gateway =
            serve("gateway", "").start("HTTP_ADDR", &[("USER_SERVICE_URL", &upstream)]).await?;
        let grpc = format!("127.0.0.1:{}", free_port()?);
        // It makes the administrator of the database: the others hash no password before they are looked at.
        let [email, password] = BOOTSTRAP;
        let settings = [("GRPC_ADDR", grpc.as_str()), email, password];
        let artisan = serve("artisan", url).start("HTTP_ADDR", &settings).await?;
        Ok(Self { user_service, gateway, artisan, bare: Vec::new() })
    }

    /// What each holds before its first call, in KiB.
    pub(crate) fn idle(&self) -> Result<Vec<(&'static str, u64)>, Failure> {
        let programs = [
            ("user-service", &self.user_service),
            ("gateway", &self.gateway),
            ("artisan", &self.artisan),
        ];
        let resident =
            |(name, served): (_, &Served)| Ok((name, memory::resident(served.process.pid())?));
        programs.into_iter().map(resident).collect()
    }

    /// Makes calls to the service over gRPC.
    pub(crate) async fn call_service(&self, account: &Account, calls: u64) -> Result<(), Failure> {
        let Account { name, signed_in, .. } = account;
        let token = &signed_in.token;
        GrpcLoad::new(self.user_service.port, name, token).await?.run(calls).await
    }

    /// Starts what is bare, and prepares the calls to everything.
    pub(crate) async fn subjects(
        &mut self,
        engine: Engine,
        url: &str,
        account: &Account,
        folder: &Path,
    ) -> Result<Vec<Subject>, Failure> {
        let Account { name, user, signed_in: SignedIn { session, token } } = account;
        let (tonic, mut words) = own_role(folder, "bare-tonic", &[])?;
        let tonic_port = words.hear().await?.parse().map_err(Failure::call)?;
        let (user, session) = (user.to_string(), session.to_string());
        let user = ["--engine", engine.name(), "--url", url, "--user", &user];
        let both = [user.as_slice(), &["--session", &session]].concat();
        let (sqlx_user, mut user_orders) = own_role(folder, "bare-sqlx", &user)?;
        let (sqlx_both, mut both_orders) = own_role(folder, "bare-sqlx", &both)?;
        user_orders.hear().await?;
        both_orders.hear().await?;
        let grpc = &self.user_service;
        let subjects = vec![
            subject(
                BARE_TONIC,
                vec![tonic.pid()],
                Load::Grpc(GrpcLoad::new(tonic_port, name, token).await?),
            ),
            subject(BARE_USER, vec![sqlx_user.pid()], Load::Itself(user_orders)),
            subject(BARE_SQL, vec![sqlx_both.pid()], Load::Itself(both_orders)),
            subject(
                GRPC,
                vec![grpc.process.pid()],
                Load::Grpc(GrpcLoad::new(grpc.port, name, token).await?),
            ),
            subject(
                HTTP,
                vec![self.artisan.process.pid()],
                Load::Http(HttpLoad::new(self.artisan.port, name, token)),
            ),
            subject(
                GATEWAY,
                vec![self.gateway.process.pid(), grpc.process.pid()],
                Load::Http(HttpLoad::new(self.gateway.port, name, token)),
            ),
        ];
        self.bare.extend([tonic, sqlx_user, sqlx_both]);
        Ok(subjects)
    }
}

fn subject(name: &'static str, processes: Vec<u32>, load: Load) -> Subject {
    Subject { name, processes, load, one_in: 1, samples: Vec::new() }
}

/// This program in another role.
pub(crate) fn own_role(
    folder: &Path,
    role: &str,
    arguments: &[&str],
) -> Result<(Process, Conversation), Failure> {
    let own = std::env::current_exe().map_err(Failure::system("finding this program"))?;
    let mut command = Command::new(own);
    let mut process = Process::start(role, command.arg(role).args(arguments), folder)?;
    let conversation = process.conversation()?;
    Ok((process, conversation))
}

/// The program's path; cargo names one after its crate unless told otherwise.
pub(crate) fn program(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    if path.is_file() { path } else { folder.join(format!("artisan-{name}")) }
}

struct Starting {
    name: &'static str,
    command: Command,
    folder: PathBuf,
}

impl Starting {
    async fn start(mut self, address: &str, more: &[(&str, &str)]) -> Result<Served, Failure> {
        let (port, admin) = (free_port()?, free_port()?);
        self.command.env(address, format!("127.0.0.1:{port}"));
        self.command.env("ADMIN_ADDR", format!("127.0.0.1:{admin}"));
        self.command.envs(more.iter().copied());
        let mut process = Process::start(self.name, &mut self.command, &self.folder)?;
        process.ready(admin).await?;
        Ok(Served { process, port })
    }
}
