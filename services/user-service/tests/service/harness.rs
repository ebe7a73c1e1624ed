//! The service on a database of its own, called through its routes.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::create_session_response::Result as Signed;
use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    Address, Artisan, Buyer, CreateSessionRequest, CreateUserRequest, SessionTokens, User,
};
use artisan_runtime::secret::Secret;
use artisan_store::{Store, StoreOptions};
use artisan_testkit::{Engine, TestDatabase};
use artisan_user_service::App;
use artisan_user_service::clock::{Clock, IdSource, Sources};
use artisan_user_service::config::{BootstrapAdmin, MailSettings, ServiceConfig};
use artisan_user_service::hash::{Argon2Settings, HashPoolSettings};
use artisan_user_service::token::SigningKeys;
use prost_types::Timestamp;
use time::OffsetDateTime;
use tonic::service::Routes;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Another program, which calls for itself.
pub(crate) const SERVICE: &str = "spiffe://shop.example/orders";
pub(crate) const PASSWORD: &str = "Senha-Forte-1";
const ADMIN: &str = "admin@example.com";

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn set_back(&self, by: Duration) {
        self.0.fetch_sub(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        let micros = self.0.fetch_add(1, Ordering::SeqCst);
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap()
    }
}

#[derive(Debug)]
pub(crate) struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}

pub(crate) struct Harness {
    pub(crate) database: TestDatabase,
    pub(crate) app: App,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) config: ServiceConfig,
}

/// The key of all tests, in PEM.
pub(crate) static SIGNING_KEY: LazyLock<Zeroizing<String>> =
    LazyLock::new(|| SigningKeys::generate_pem().unwrap());

pub(crate) fn config() -> ServiceConfig {
    ServiceConfig {
        signing_keys: SigningKeys::from_pem(&SIGNING_KEY).unwrap(),
        token_issuer: "artisan-platform".to_owned(),
        token_audience: "artisan".to_owned(),
        access_token_ttl: Duration::from_mins(15),
        refresh_token_ttl: Duration::from_hours(720),
        request_timeout: Duration::from_secs(30),
        max_concurrent_calls: 1_000,
        service_callers: vec![SERVICE.to_owned()],
        trusted_proxies: Vec::new(),
        // As cheap as argon2 goes: these tests are not about its cost.
        hashing: HashPoolSettings {
            threads: 1,
            queue: 64,
            argon2: Argon2Settings { memory_kib: 8, iterations: 1 },
        },
        mail: None,
        nats: None,
    }
}

impl Harness {
    pub(crate) async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, config()).await
    }

    pub(crate) async fn start_with(database: TestDatabase, config: ServiceConfig) -> Self {
        migrate(&database).await;
        Self::start_unmigrated(database, config)
    }

    pub(crate) fn start_unmigrated(database: TestDatabase, config: ServiceConfig) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(1_795_000_000_000_000)));
        let store = Store::connect(database.url(), StoreOptions::default()).unwrap();
        let sources = Sources::new(clock.clone(), Arc::new(RandomIds));
        let app = App::build(&config, store, sources).unwrap();
        Self { database, app, clock, config }
    }

    /// Another program on the same database, with the same clock.
    pub(crate) fn replica(&self) -> App {
        let store = Store::connect(self.database.url(), StoreOptions::default()).unwrap();
        let sources = Sources::new(self.clock.clone(), Arc::new(RandomIds));
        App::build(&self.config, store, sources).unwrap()
    }

    /// The same service after a restart with other settings for mails.
    pub(crate) fn again_with(mut self, mail: Option<MailSettings>) -> Self {
        self.config.mail = mail;
        self.app = self.replica();
        self
    }

    /// The same service after a restart on another store.
    pub(crate) fn again_on(mut self, store: Store) -> Self {
        let sources = Sources::new(self.clock.clone(), Arc::new(RandomIds));
        self.app = App::build(&self.config, store, sources).unwrap();
        self
    }

    pub(crate) fn users(&self) -> UserServiceClient<Routes> {
        UserServiceClient::new(self.app.routes())
    }

    pub(crate) fn auth(&self) -> AuthServiceClient<Routes> {
        AuthServiceClient::new(self.app.routes())
    }

    /// Registers anonymously.
    pub(crate) async fn register(&self, user: User) -> Result<User, Status> {
        let request = CreateUserRequest { user: Some(user), ..CreateUserRequest::default() };
        Ok(self.users().create_user(request).await?.into_inner())
    }

    pub(crate) async fn sign_in(&self, email: &str, pass: &str) -> Result<SessionTokens, Status> {
        let request = CreateSessionRequest { email: email.to_owned(), password: pass.to_owned() };
        match self.auth().create_session(request).await?.into_inner().result {
            Some(Signed::Tokens(tokens)) => Ok(tokens),
            Some(Signed::Challenge(_)) | None => panic!("no tokens"),
        }
    }

    /// Registers, signs in, and gives the user and the access token.
    pub(crate) async fn registered(&self, user: User) -> (User, String) {
        let user = self.register(user).await.unwrap();
        let tokens = self.sign_in(&user.email, PASSWORD).await.unwrap();
        (user, tokens.access_token)
    }

    /// The access token of the first administrator, who is made by the first call.
    pub(crate) async fn admin(&self) -> String {
        let password = Secret::new(PASSWORD.to_owned());
        let admin = BootstrapAdmin { email: ADMIN.to_owned(), password };
        self.app.bootstrap_admin(&admin).await.unwrap();
        self.sign_in(ADMIN, PASSWORD).await.unwrap().access_token
    }
}

/// Applies the embedded migrations, as the job that runs before the service does.
pub(crate) async fn migrate(database: &TestDatabase) {
    let files = match database.engine() {
        Engine::Sqlite => artisan_migrations::SQLITE,
        Engine::MariaDb | Engine::MySql => artisan_migrations::MYSQL,
        Engine::Postgres => artisan_migrations::POSTGRES,
    };
    let files = files.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.unwrap();
}

/// A call in the name of a token's user.
pub(crate) fn by<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

/// Code, reason and fields of an error; every error must have a reason in our domain.
pub(crate) fn problem(status: &Status) -> (Code, String, Vec<String>) {
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("no ErrorInfo: {status:?}"));
    assert_eq!(info.domain, artisan_user_service::DOMAIN);
    let is_reason = |c: char| c.is_ascii_uppercase() || c == '_';
    assert!(info.reason.chars().all(is_reason), "{}", info.reason);
    let violations = details.bad_request().map(|bad| bad.field_violations.clone());
    let fields = violations.unwrap_or_default().into_iter().map(|violation| violation.field);
    (status.code(), info.reason.clone(), fields.collect())
}

pub(crate) fn problem_of<T>(result: Result<T, Status>) -> (Code, String, Vec<String>) {
    problem(&result.err().unwrap())
}

/// The same with the fields as one string, to be compared in one line.
pub(crate) fn said(code: Code, reason: &str, fields: &[&str]) -> (Code, String, Vec<String>) {
    (code, reason.to_owned(), fields.iter().map(ToString::to_string).collect())
}

/// A time that must be there, to be compared.
pub(crate) fn seconds(time: Option<Timestamp>) -> i64 {
    time.unwrap().seconds
}

/// The artisan of the predecessor's documentation.
pub(crate) fn artisan(email: &str) -> User {
    let profile = Artisan {
        store_name: "Artisan's Workshop".to_owned(),
        bio: "Peças únicas em couro e cerâmica — feitas à mão 🧵".to_owned(),
        phone: "71987654321".to_owned(),
        ..Artisan::default()
    };
    User {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        profile: Some(Profile::Artisan(profile)),
        address: Some(address()),
        ..User::default()
    }
}

/// The buyer of the predecessor's documentation.
pub(crate) fn buyer(email: &str) -> User {
    let profile = Buyer { full_name: "João da Silva".to_owned(), phone: "71912345678".to_owned() };
    User {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        profile: Some(Profile::Buyer(profile)),
        ..User::default()
    }
}

pub(crate) fn address() -> Address {
    Address {
        street: "Rua das Flores".to_owned(),
        number: "123".to_owned(),
        complement: "Apto 101".to_owned(),
        neighborhood: "Centro".to_owned(),
        city: "Salvador".to_owned(),
        state: "BA".to_owned(),
        zip_code: "40000-000".to_owned(),
        country: String::new(),
    }
}
