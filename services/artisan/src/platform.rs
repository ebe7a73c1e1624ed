//! The order of start-up: files, database, ports, services.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use artisan_gateway::{Gateway, Upstream};
use artisan_runtime::http::Limits;
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::telemetry::Telemetry;
use artisan_runtime::{admin, http};
use artisan_user_service::clock::Sources;
use artisan_user_service::{App, ServeError};
use tokio::net::TcpListener;

use crate::administrator::{self, Administrator};
use crate::banner::{self, Banner};
use crate::config::Config;
use crate::failure::Failure;
use crate::folder_lock::FolderLock;
use crate::private_file;

/// The ports, taken before anything is written.
#[derive(Debug)]
pub(crate) struct Ports {
    http: TcpListener,
    grpc: TcpListener,
    admin: TcpListener,
}

impl Ports {
    /// Takes them all, or says which cannot be had.
    pub(crate) async fn bind(config: &Config) -> Result<Self, Failure> {
        Ok(Self {
            http: http::bind(config.gateway.http_addr, "HTTP_ADDR").await?,
            grpc: http::bind(config.users.grpc_addr, "GRPC_ADDR").await?,
            admin: http::bind(config.users.admin_addr, "ADMIN_ADDR").await?,
        })
    }
}

/// Writes what is missing, migrates the database and assembles the user service. The configuration has to be
/// read under the lock.
pub(crate) async fn prepare(config: &Config, _lock: &FolderLock) -> Result<App, Failure> {
    if let Some(key) = &config.new_key {
        let path = config.place.signing_key();
        let failed = |source| Failure::File { path: path.display().to_string(), source };
        private_file::write(&path, key).map_err(failed)?;
    }
    let url = config.users.database_url.expose();
    let files = match config.database_url.engine() {
        artisan_migrate::Engine::Sqlite => artisan_migrations::SQLITE,
        artisan_migrate::Engine::MySql | artisan_migrate::Engine::MariaDb => {
            artisan_migrations::MYSQL
        }
        artisan_migrate::Engine::Postgres => artisan_migrations::POSTGRES,
    };
    let files = files.iter().map(|file| (file.name, file.text));
    let report = artisan_migrate::upgrade_to_head(url, files).await?;
    tracing::info!(database = %config.database_url, applied = report.applied.len(), "migrated");
    Ok(App::connect(&config.users, Sources::system())?)
}

/// Serves until the end of the process.
pub(crate) async fn serve(
    config: &Config,
    app: &App,
    ports: Ports,
    telemetry: &Telemetry,
    lock: FolderLock,
) -> Result<Outcome, Failure> {
    let shutdown = Shutdown::on_signals(config.users.drain_delay, config.users.shutdown_grace)
        .map_err(Failure::Signals)?;
    let named = config.users.bootstrap_admin.as_ref();
    let administrator = administrator::ensure(app, named, &config.place).await?;
    drop(lock);
    let readiness = app.readiness();
    readiness.follow(&shutdown);
    let addresses = Addresses::of(&ports).map_err(Failure::Signals)?;

    let upstream = Upstream::in_process(app.routes());
    let gateway = Gateway::new(config.gateway.clone(), upstream, Some(shutdown.clone()));
    let router = gateway.router(readiness.clone());
    let probes = admin::router(readiness.clone(), telemetry.clone());
    let transport = config.gateway.transport().map_err(ServeError::from)?;
    let web = http::serve_with(ports.http, router, shutdown.clone(), Limits::default(), transport);
    let web = tokio::spawn(web);
    let probing = tokio::spawn(http::serve(ports.admin, probes, shutdown.clone()));
    say(config, &addresses, administrator.as_ref());
    let served = app.serve(ports.grpc, readiness, shutdown).await?;
    let outcome = served.and(web.await?).and(probing.await?);
    Ok(outcome)
}

/// Where the ports really are: port 0 takes any.
struct Addresses {
    http: SocketAddr,
    grpc: SocketAddr,
    admin: SocketAddr,
}

impl Addresses {
    fn of(ports: &Ports) -> std::io::Result<Self> {
        Ok(Self {
            http: ports.http.local_addr()?,
            grpc: ports.grpc.local_addr()?,
            admin: ports.admin.local_addr()?,
        })
    }
}

fn say(config: &Config, addresses: &Addresses, administrator: Option<&Administrator>) {
    let on_terminal = std::io::stdout().is_terminal();
    let suffix = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    let suffix = format!("{suffix:x}");
    let database = config.database_url.to_string();
    let scheme = if config.gateway.tls.is_some() { "https" } else { "http" };
    let http = format!("{scheme}://{}", addresses.http);
    let banner = Banner {
        http: &http,
        grpc: addresses.grpc,
        admin: addresses.admin,
        database: &database,
        administrator: administrator.map(|administrator| banner::Administrator {
            email: administrator.shown_email(on_terminal),
            password_file: administrator.is_in_file.then_some(administrator.file.as_path()),
            password: administrator.password.as_ref().filter(|_| on_terminal).map(|p| p.as_str()),
        }),
        suffix: &suffix,
    };
    // Whoever started the program may not listen; that is no reason to stop serving.
    if let Err(error) = writeln!(std::io::stdout(), "{}", banner.render()) {
        tracing::debug!(%error, "nobody reads the banner");
    }
}
