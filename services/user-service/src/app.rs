//! The assembly: from settings and a store to routes, and from routes to a server.

mod large;
mod serve;

use std::sync::Arc;
use std::time::Duration;

use artisan_proto::FILE_DESCRIPTOR_SET;
use artisan_proto::artisan::user::v1::auth_service_server::AuthServiceServer;
use artisan_proto::artisan::user::v1::schema_service_server::SchemaServiceServer;
use artisan_proto::artisan::user::v1::user_service_server::UserServiceServer;
use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::readiness::Readiness;
use artisan_runtime::secret::Secret;
use artisan_runtime::tls::ServerTls;
use artisan_store::{ConnectError, Store, StoreError, StoreOptions};
use thiserror::Error;
use tokio::sync::watch;
use tonic::service::Routes;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use self::large::LargeBatches;
use crate::access::Methods;
use crate::auth::Authenticator;
use crate::bootstrap::{
    BootstrapError, Bootstrapped, FoundAdmin, ResetAdminError, ensure_admin, find_admin,
    reset_admin,
};
use crate::clock::Sources;
use crate::config::{BootstrapAdmin, Config, ServiceConfig};
use crate::core::Core;
use crate::hash::HashPool;
use crate::health::{Monitor, POOLED, follow_replica};
use crate::housekeeping::{Housekeeper, Kept};
use crate::layer::{CallLimits, ENCODINGS, Gate, SharedPath};
use crate::mail::{Deliveries, Mails, Postman};
use crate::page::PageTokens;
use crate::relay::{RelayError, Relayed, Relayer};
use crate::requests::RequestIds;
use crate::schema::Schemas;
use crate::sessions::{Attempts, Sessions};
use crate::token::AccessTokens;
use crate::users::Users;
use crate::watch::Feed;

pub use serve::ServeError;

/// The largest request: a user with every field full takes about 16 KiB.
const MAX_REQUEST: usize = 256 << 10;
/// The largest batch: a thousand users, as users usually are.
const MAX_BATCH: usize = 4 << 20;

/// How long a start waits to learn whether the database lets it in.
const ACCESS_TIMEOUT: Duration = Duration::from_secs(3);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The service, assembled. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct App {
    core: Arc<Core>,
    routes: Routes,
    housekeeper: Housekeeper,
    relayer: Option<Arc<Relayer>>,
    reporter: HealthReporter,
    bootstrap: Option<BootstrapAdmin>,
    tls: Option<ServerTls>,
    max_connection_age: Option<Duration>,
    request_timeout: Duration,
}

/// The database can be reached, and will never do: correct `DATABASE_URL`.
#[derive(Debug, Error)]
pub enum AccessError {
    /// It refuses the connection.
    #[error("DATABASE_URL: check the user, the password and the database name")]
    Refused(#[source] StoreError),
    /// A pooler gives each transaction another session.
    #[error("DATABASE_URL or DATABASE_READ_URL: {POOLED}")]
    Pooled,
}

/// The database does not answer: mails wait in it.
#[derive(Debug, Error)]
#[error("the database does not answer, and mails wait in it")]
pub struct DeliveryError(#[source] StoreError);

/// Why the service cannot be assembled.
#[derive(Debug, Error)]
pub enum BuildError {
    /// `DATABASE_URL` is wrong: correct it.
    #[error("DATABASE_URL cannot be used")]
    Database(#[from] ConnectError),
    /// `DATABASE_READ_URL` is wrong: correct it, or leave it out.
    #[error("DATABASE_READ_URL cannot be used")]
    Replica(#[source] ConnectError),
    /// The threads for hashing cannot be started.
    #[error("the threads for password hashing cannot be started")]
    Hashing(#[source] std::io::Error),
    /// The contract inside this binary is broken.
    #[error("the contract's descriptor cannot be read")]
    Contract(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl App {
    /// Assembles the service on the database that the settings name. Does not wait for it.
    pub fn connect(config: &Config, sources: Sources) -> Result<Self, BuildError> {
        let options = StoreOptions {
            max_connections: config.database_max_connections,
            acquire_timeout: config.database_acquire_timeout,
        };
        let mut store = Store::connect(config.database_url.expose(), options)?;
        if let Some(url) = &config.database_read_url {
            store = store.with_replica(url.expose(), options).map_err(BuildError::Replica)?;
        }
        let mut app = Self::build(&config.service, store, sources)?;
        app.bootstrap.clone_from(&config.bootstrap_admin);
        Ok(app.over(config.tls.clone(), config.max_connection_age))
    }

    /// Assembles the service on a store.
    pub fn build(
        config: &ServiceConfig,
        store: Store,
        sources: Sources,
    ) -> Result<Self, BuildError> {
        let hashing = HashPool::start(config.hashing).map_err(BuildError::Hashing)?;
        let keys = config.signing_keys.clone();
        let requests = RequestIds::new(keys.derive_secret("request-ids"));
        let pages = PageTokens::new(keys.derive_secret("page-tokens"));
        let attempts = Attempts::new(keys.derive_secret("sign-in-attempts"));
        let refreshing = keys.derive_secret("refresh-tokens");
        let mail = config.mail.as_ref().map(|settings| Mails::new(settings, &keys));
        let (issuer, audience) = (config.token_issuer.clone(), config.token_audience.clone());
        let core = Arc::new(Core {
            feed: Feed::new(store.clone()),
            store,
            hashing,
            tokens: AccessTokens::new(keys, issuer, audience),
            pages,
            requests,
            attempts,
            refreshing,
            trusted_proxies: config.trusted_proxies.clone(),
            sources: sources.clone(),
            access_token_ttl: config.access_token_ttl,
            refresh_token_ttl: config.refresh_token_ttl,
            mail,
        });
        let methods = Methods::of_contract().map_err(|error| BuildError::Contract(error.into()))?;
        let services = config.service_callers.clone().into();
        let authenticator = Authenticator::new(Arc::clone(&core), services);
        let limits =
            CallLimits { timeout: config.request_timeout, concurrent: config.max_concurrent_calls };
        let gate = Gate::new(methods, authenticator, sources, limits);
        let reporter = HealthReporter::new();
        let routes = routes(&core, &reporter, gate)?;
        let housekeeper = Housekeeper::new(Arc::clone(&core));
        let relayer = |nats| Arc::new(Relayer::new(Arc::clone(&core), nats));
        let relayer = config.nats.clone().map(relayer);
        Ok(Self {
            core,
            routes,
            housekeeper,
            relayer,
            reporter,
            bootstrap: None,
            tls: None,
            max_connection_age: None,
            request_timeout: config.request_timeout,
        })
    }

    /// The same service, which speaks TLS where [`Self::serve`] listens, and ends connections of that
    /// age.
    #[must_use]
    pub fn over(mut self, tls: Option<ServerTls>, max_connection_age: Option<Duration>) -> Self {
        self.tls = tls;
        self.max_connection_age = max_connection_age;
        self
    }

    /// The routes with everything that a call must pass: for callers in the same process.
    #[must_use]
    pub fn routes(&self) -> Routes {
        self.routes.clone()
    }

    /// Makes an administrator, only while no active one exists.
    pub async fn bootstrap_admin(
        &self,
        admin: &BootstrapAdmin,
    ) -> Result<Bootstrapped, BootstrapError> {
        ensure_admin(&self.core, admin).await
    }

    /// Whether an active administrator exists.
    pub async fn has_admin(&self) -> Result<bool, BootstrapError> {
        let count = self.core.store.count_active_admins().await;
        count.map(|count| count > 0).map_err(|error| BootstrapError::Unavailable(error.into()))
    }

    /// The oldest active administrator, and whether this is their password.
    pub async fn find_admin(
        &self,
        password: Option<&Secret>,
    ) -> Result<Option<FoundAdmin>, BootstrapError> {
        find_admin(&self.core, password).await
    }

    /// Gives the oldest active administrator a new password and revokes the sessions; tells the
    /// e-mail address.
    pub async fn reset_admin(&self, password: &Secret) -> Result<String, ResetAdminError> {
        reset_admin(&self.core, password).await
    }

    /// Sends the mails that are due now, as [`Self::watch`] does all the time.
    pub async fn deliver_mails(&self) -> Result<Deliveries, DeliveryError> {
        let postman = Postman { core: Arc::clone(&self.core) };
        postman.deliver().await.map_err(DeliveryError)
    }

    /// Keeps readiness and the health service true, numbers and relays events and sends mails until the shutdown,
    /// whose stop ends the streams. [`Self::serve`] does it too: this is for those who only use
    /// [`Self::routes`].
    pub async fn watch(&self, readiness: Readiness, shutdown: Shutdown) {
        let (is_direct, mut direct) = watch::channel(false);
        let monitor = Monitor {
            core: Arc::clone(&self.core),
            reporter: self.reporter.clone(),
            readiness,
            bootstrap: self.bootstrap.clone(),
            is_direct,
        };
        monitor.begin().await;
        let postman = Postman { core: Arc::clone(&self.core) };
        // Behind a transaction pooler they would work with other calls' rows.
        let working = async {
            let is_direct = tokio::select! {
                biased;
                () = shutdown.stopping() => false,
                seen = direct.wait_for(|is_direct| *is_direct) => seen.is_ok(),
            };
            if !is_direct {
                // Ends the streams, as the stop has come.
                return self.core.feed.keep(&shutdown).await;
            }
            tokio::join!(
                self.core.feed.keep(&shutdown),
                postman.run(&shutdown),
                follow_replica(&self.core.store, &shutdown),
                self.housekeeper.clone().run(shutdown.clone()),
                self.relay(&shutdown)
            );
        };
        tokio::join!(monitor.run(shutdown.clone()), working);
    }

    async fn relay(&self, shutdown: &Shutdown) {
        if let Some(relayer) = &self.relayer {
            relayer.run(shutdown).await;
        }
    }

    /// Relays once everything that is committed, as [`Self::watch`] does all the time; nothing without
    /// `NATS_URL`.
    pub async fn relay_events(&self) -> Result<Relayed, RelayError> {
        match &self.relayer {
            Some(relayer) => relayer.tick().await,
            None => Ok(Relayed::default()),
        }
    }

    /// Does once what one of all replicas does from time to time: purges
    /// deleted users and forgets old request ids. [`Self::watch`] does it all the time.
    pub async fn keep_house(&self) -> Result<Kept, BootstrapError> {
        let kept = self.housekeeper.tick().await;
        kept.map_err(|error| BootstrapError::Unavailable(error.into()))
    }

    /// Fails when the database answers and will never do: wrong credentials, no such database, or a
    /// transaction pooler before it. A database that does not answer is no error here, since it may
    /// come up later; the pooler is looked for then, too.
    pub async fn check_access(&self) -> Result<(), AccessError> {
        match tokio::time::timeout(ACCESS_TIMEOUT, self.core.store.is_pooled()).await {
            Ok(Ok(true)) => Err(AccessError::Pooled),
            Ok(Err(error @ StoreError::Refused(_))) => Err(AccessError::Refused(error)),
            Ok(Ok(false)) => {
                match tokio::time::timeout(ACCESS_TIMEOUT, self.core.store.ping()).await {
                    Ok(Err(error @ StoreError::Refused(_))) => Err(AccessError::Refused(error)),
                    Ok(_) | Err(_) => Ok(()),
                }
            }
            Ok(Err(_)) | Err(_) => Ok(()),
        }
    }

    /// Waits until the database connections are returned and closed, but not for a database that
    /// hangs.
    pub async fn close(&self) {
        if tokio::time::timeout(CLOSE_TIMEOUT, self.core.store.close()).await.is_err() {
            tracing::debug!("the database keeps its connections open");
        }
    }
}

/// A generated server that takes and sends compressed messages; the servers have no trait in common.
macro_rules! compressed {
    ($server:expr) => {
        ENCODINGS.into_iter().fold($server, |server, encoding| {
            server.accept_compressed(encoding).send_compressed(encoding)
        })
    };
}

fn routes(core: &Arc<Core>, reporter: &HealthReporter, gate: Gate) -> Result<Routes, BuildError> {
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let contract = |error: tonic_reflection::server::Error| BuildError::Contract(error.into());
    let users = |limit| {
        compressed!(UserServiceServer::new(Users(Arc::clone(core))))
            .max_decoding_message_size(limit)
    };
    let users = LargeBatches::new(users(MAX_REQUEST), users(MAX_BATCH));
    let sessions = compressed!(AuthServiceServer::new(Sessions(Arc::clone(core))));
    let schemas = compressed!(SchemaServiceServer::new(Schemas(Arc::clone(core))));
    let routes = Routes::default()
        .add_service(users)
        .add_service(sessions.max_decoding_message_size(MAX_REQUEST))
        .add_service(schemas.max_decoding_message_size(MAX_REQUEST))
        .add_service(HealthServer::new(HealthService::from_health_reporter(reporter.clone())))
        .add_service(reflection().build_v1().map_err(contract)?)
        .add_service(reflection().build_v1alpha().map_err(contract)?);
    let path = SharedPath(Arc::new(gate));
    Ok(Routes::from(routes.into_axum_router().layer(path)).prepare())
}
