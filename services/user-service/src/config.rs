//! The service's settings, read from the environment once.

mod mail;
mod relay;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use artisan_runtime::cidr::Cidr;
use artisan_runtime::env::{Checker, ConfigError, Env, HumanDuration, List, Var};
use artisan_runtime::secret::Secret;
use artisan_runtime::tls::ServerTls;
use artisan_store::{Email, Password, Store};
use serde::Deserialize;

use crate::bootstrap::explain;
use crate::hash::{Argon2Settings, HashPoolSettings};
use crate::mail::Language;
use crate::token::SigningKeys;

use mail::RawMail;
pub use mail::{MailRoute, MailSettings};
pub use relay::NatsSettings;

/// Far more than a busy replica has in flight, and few enough for its memory.
const MAX_CONCURRENT_CALLS: usize = 1_000;
/// Far beyond the cores of a machine; a system that has no more threads to give ends the process.
const MAX_HASH_THREADS: usize = 1_024;

/// Everything that the environment decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// `DATABASE_URL`. May hold a password.
    pub database_url: Secret,
    /// `DATABASE_READ_URL`: a replica that takes reads. May hold a password.
    pub database_read_url: Option<Secret>,
    /// `DATABASE_MAX_CONNECTIONS`, of each of the two.
    pub database_max_connections: u32,
    /// `DATABASE_ACQUIRE_TIMEOUT`.
    pub database_acquire_timeout: Duration,
    /// `GRPC_ADDR`.
    pub grpc_addr: SocketAddr,
    /// `ADMIN_ADDR`.
    pub admin_addr: SocketAddr,
    /// `DRAIN_DELAY`.
    pub drain_delay: Duration,
    /// `SHUTDOWN_GRACE`.
    pub shutdown_grace: Duration,
    /// `TLS_CERT`, `TLS_KEY` and `TLS_CLIENT_CA`; plain text without them.
    pub tls: Option<ServerTls>,
    /// `MAX_CONNECTION_AGE`; no connection is too old without it.
    pub max_connection_age: Option<Duration>,
    /// `BOOTSTRAP_ADMIN_EMAIL` and `BOOTSTRAP_ADMIN_PASSWORD`.
    pub bootstrap_admin: Option<BootstrapAdmin>,
    /// What the handlers need.
    pub service: ServiceConfig,
}

/// The part of the settings that the handlers need.
#[derive(Clone, Debug)]
pub struct ServiceConfig {
    /// `TOKEN_SIGNING_KEY`.
    pub signing_keys: SigningKeys,
    /// `TOKEN_ISSUER`.
    pub token_issuer: String,
    /// `TOKEN_AUDIENCE`.
    pub token_audience: String,
    /// `ACCESS_TOKEN_TTL`.
    pub access_token_ttl: Duration,
    /// `REFRESH_TOKEN_TTL`.
    pub refresh_token_ttl: Duration,
    /// `REQUEST_TIMEOUT`.
    pub request_timeout: Duration,
    /// `MAX_CONCURRENT_CALLS`.
    pub max_concurrent_calls: usize,
    /// `SERVICE_CALLERS`: the names under which other programs call for themselves.
    pub service_callers: Vec<String>,
    /// `TRUSTED_PROXIES`: where gateways are that say whose call it is.
    pub trusted_proxies: Vec<Cidr>,
    /// `HASH_THREADS`, `HASH_QUEUE`, `ARGON2_MEMORY_KIB` and `ARGON2_ITERATIONS`.
    pub hashing: HashPoolSettings,
    /// `SMTP_URL` and what belongs to it; no mail is sent without it.
    pub mail: Option<MailSettings>,
    /// `NATS_URL`; events are not relayed without it.
    pub nats: Option<NatsSettings>,
}

/// The administrator to make while there is none.
#[derive(Clone, Debug)]
pub struct BootstrapAdmin {
    /// The e-mail address to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: Secret,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Raw {
    database_url: Var<Secret>,
    database_read_url: Var<Secret>,
    database_max_connections: Var<u32>,
    database_acquire_timeout: Var<HumanDuration>,
    grpc_addr: Var<SocketAddr>,
    admin_addr: Var<SocketAddr>,
    drain_delay: Var<HumanDuration>,
    shutdown_grace: Var<HumanDuration>,
    tls_cert: Var<String>,
    tls_key: Var<String>,
    tls_client_ca: Var<String>,
    max_connection_age: Var<HumanDuration>,
    max_concurrent_calls: Var<usize>,
    service_callers: Var<List<String>>,
    bootstrap_admin_email: Var<String>,
    bootstrap_admin_password: Var<Secret>,
    token_signing_key: Var<SigningKeys>,
    token_issuer: Var<String>,
    token_audience: Var<String>,
    access_token_ttl: Var<HumanDuration>,
    refresh_token_ttl: Var<HumanDuration>,
    request_timeout: Var<HumanDuration>,
    trusted_proxies: Var<List<Cidr>>,
    argon2_memory_kib: Var<u32>,
    argon2_iterations: Var<u32>,
    hash_threads: Var<usize>,
    hash_queue: Var<usize>,
    smtp_url: Var<Secret>,
    smtp_ca: Var<String>,
    mail_from: Var<String>,
    mail_link_url: Var<String>,
    mail_language: Var<Language>,
    password_reset_ttl: Var<HumanDuration>,
    email_verification_ttl: Var<HumanDuration>,
    nats_url: Var<Secret>,
}

impl Config {
    /// Reads the environment; the error names every bad variable.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let raw: Raw = env.load()?;
        let mut check = Checker::new();
        let any = |port| SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));

        let (database_url, database_read_url) =
            databases(&mut check, raw.database_url, raw.database_read_url);
        let database_max_connections =
            at_least_one(&mut check, raw.database_max_connections, "DATABASE_MAX_CONNECTIONS", 10);
        let database_acquire_timeout =
            ttl(&mut check, raw.database_acquire_timeout, "DATABASE_ACQUIRE_TIMEOUT", 3);
        let grpc_addr = check.or(raw.grpc_addr, "GRPC_ADDR", any(50051));
        let admin_addr = check.or(raw.admin_addr, "ADMIN_ADDR", any(9090));
        let drain_delay = seconds(&mut check, raw.drain_delay, "DRAIN_DELAY", 5);
        let shutdown_grace = seconds(&mut check, raw.shutdown_grace, "SHUTDOWN_GRACE", 30);
        let (cert, key, client_ca) = (raw.tls_cert, raw.tls_key, raw.tls_client_ca);
        let tls = ServerTls::from_variables(&mut check, cert, key, client_ca);
        let max_connection_age =
            seconds(&mut check, raw.max_connection_age, "MAX_CONNECTION_AGE", 30 * 60);
        let bootstrap_admin =
            bootstrap_admin(&mut check, raw.bootstrap_admin_email, raw.bootstrap_admin_password);

        let signing_keys = check.required(raw.token_signing_key, "TOKEN_SIGNING_KEY");
        let issuer = check.or(raw.token_issuer, "TOKEN_ISSUER", default_issuer());
        let audience = check.or(raw.token_audience, "TOKEN_AUDIENCE", default_audience());
        let access_ttl = ttl(&mut check, raw.access_token_ttl, "ACCESS_TOKEN_TTL", 15 * 60);
        let refresh_ttl =
            ttl(&mut check, raw.refresh_token_ttl, "REFRESH_TOKEN_TTL", 30 * 24 * 60 * 60);
        let request_timeout = ttl(&mut check, raw.request_timeout, "REQUEST_TIMEOUT", 10);
        let max_concurrent_calls = at_least_one(
            &mut check,
            raw.max_concurrent_calls,
            "MAX_CONCURRENT_CALLS",
            MAX_CONCURRENT_CALLS,
        );
        let service_callers = service_callers(&mut check, raw.service_callers);
        let proxies = check.or(raw.trusted_proxies, "TRUSTED_PROXIES", List::default());
        let argon2 = argon2(&mut check, raw.argon2_memory_kib, raw.argon2_iterations);
        let threads = at_least_one(&mut check, raw.hash_threads, "HASH_THREADS", spare_cores());
        if threads > MAX_HASH_THREADS {
            check.problem("HASH_THREADS", format!("must be at most {MAX_HASH_THREADS}"));
        }
        let queue = check.or(raw.hash_queue, "HASH_QUEUE", 64);
        let mail = RawMail {
            smtp_url: raw.smtp_url,
            smtp_ca: raw.smtp_ca,
            from: raw.mail_from,
            link_url: raw.mail_link_url,
            language: raw.mail_language,
            reset_ttl: raw.password_reset_ttl,
            verification_ttl: raw.email_verification_ttl,
        };
        let mail = MailSettings::read(&mut check, mail);
        let nats = NatsSettings::read(&mut check, raw.nats_url);

        check.build(|| {
            Some(Self {
                database_url: database_url?,
                database_read_url,
                database_max_connections,
                database_acquire_timeout,
                grpc_addr,
                admin_addr,
                drain_delay,
                shutdown_grace,
                tls,
                max_connection_age: (!max_connection_age.is_zero()).then_some(max_connection_age),
                bootstrap_admin,
                service: ServiceConfig {
                    signing_keys: signing_keys?,
                    token_issuer: issuer,
                    token_audience: audience,
                    access_token_ttl: access_ttl,
                    refresh_token_ttl: refresh_ttl,
                    request_timeout,
                    max_concurrent_calls,
                    service_callers,
                    trusted_proxies: proxies.0,
                    hashing: HashPoolSettings { threads, queue, argon2 },
                    mail,
                    nats,
                },
            })
        })
    }
}

pub(crate) fn default_issuer() -> String {
    "artisan-platform".to_owned()
}

pub(crate) fn default_audience() -> String {
    "artisan".to_owned()
}

/// One core is left to everything that is not hashing.
fn spare_cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1))
}

fn seconds(check: &mut Checker, var: Var<HumanDuration>, name: &str, default: u64) -> Duration {
    check.or(var, name, HumanDuration(Duration::from_secs(default))).0
}

/// A duration that makes no sense as zero, nor beyond a century.
fn ttl(check: &mut Checker, var: Var<HumanDuration>, name: &str, default: u64) -> Duration {
    let value = seconds(check, var, name, default);
    if value.is_zero() || value > Duration::from_hours(24 * 36_525) {
        check.problem(name, "must be longer than 0s and shorter than a century");
    }
    value
}

fn at_least_one<T: PartialEq + From<u8>>(
    check: &mut Checker,
    var: Var<T>,
    name: &str,
    default: T,
) -> T {
    let value = check.or(var, name, default);
    if value == T::from(0) {
        check.problem(name, "must be at least 1");
    }
    value
}

/// The two URLs, of which each can be used.
fn databases(
    check: &mut Checker,
    url: Var<Secret>,
    read_url: Var<Secret>,
) -> (Option<Secret>, Option<Secret>) {
    let url = check.required(url, "DATABASE_URL");
    let checked = url.as_ref().map(|url| Store::check(url.expose()));
    let is_good = matches!(checked, Some(Ok(())));
    if let Some(Err(error)) = checked {
        check.problem("DATABASE_URL", error.to_string());
    }
    let read_url = check.optional(read_url, "DATABASE_READ_URL");
    if let Some(read_url) = &read_url {
        // What a replica has to be like is known with the database only.
        let primary = url.as_ref().filter(|_| is_good).unwrap_or(read_url);
        if let Err(error) = Store::check_replica(read_url.expose(), primary.expose()) {
            check.problem("DATABASE_READ_URL", error.to_string());
        }
    }
    (url, read_url)
}

/// Names as certificates and tokens have them.
fn service_callers(check: &mut Checker, var: Var<List<String>>) -> Vec<String> {
    let names = check.or(var, "SERVICE_CALLERS", List::default()).0;
    if names.iter().any(|name| name.contains(char::is_whitespace)) {
        check.problem("SERVICE_CALLERS", "holds a name with white space; commas separate them");
    }
    names
}

fn argon2(check: &mut Checker, memory: Var<u32>, iterations: Var<u32>) -> Argon2Settings {
    let memory_kib = check.or(memory, "ARGON2_MEMORY_KIB", 19_456);
    // 1 GiB and 64 passes are far beyond what a sign-in can wait for.
    if !(8..=1 << 20).contains(&memory_kib) {
        check.problem("ARGON2_MEMORY_KIB", "must be between 8 and 1048576");
    }
    let iterations = check.or(iterations, "ARGON2_ITERATIONS", 2);
    if !(1..=64).contains(&iterations) {
        check.problem("ARGON2_ITERATIONS", "must be between 1 and 64");
    }
    Argon2Settings { memory_kib, iterations }
}

fn bootstrap_admin(
    check: &mut Checker,
    email: Var<String>,
    password: Var<Secret>,
) -> Option<BootstrapAdmin> {
    let email = check.optional(email, "BOOTSTRAP_ADMIN_EMAIL");
    let password = check.optional(password, "BOOTSTRAP_ADMIN_PASSWORD");
    match (email, password) {
        (Some(email), Some(password)) => {
            let admin = BootstrapAdmin { email, password };
            if let Err(error) = Email::parse(&admin.email) {
                check.problem("BOOTSTRAP_ADMIN_EMAIL", explain(&error));
            }
            if let Err(error) = Password::parse(admin.password.expose()) {
                check.problem("BOOTSTRAP_ADMIN_PASSWORD", explain(&error));
            }
            Some(admin)
        }
        (None, None) => None,
        (Some(_), None) => {
            check.problem("BOOTSTRAP_ADMIN_PASSWORD", "is needed with BOOTSTRAP_ADMIN_EMAIL");
            None
        }
        (None, Some(_)) => {
            check.problem("BOOTSTRAP_ADMIN_EMAIL", "is needed with BOOTSTRAP_ADMIN_PASSWORD");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_variable_is_named_and_no_secret_repeated() {
        let env = Env::from_pairs([
            ("DATABASE_URL", "hunter2"),
            ("DATABASE_READ_URL", "sqlite://hunter2"),
            ("TOKEN_SIGNING_KEY", "hunter2"),
            ("GRPC_ADDR", "nowhere"),
            ("ARGON2_MEMORY_KIB", "1"),
            ("BOOTSTRAP_ADMIN_EMAIL", "root@example.com"),
            ("ACCESS_TOKEN_TTL", "0s"),
            ("TLS_KEY", "/key.pem"),
            ("SMTP_URL", "smtp://me:hunter2@host?tls=perhaps"),
            ("SMTP_CA", "/nowhere/ca.pem"),
            ("MAIL_LINK_URL", "shop"),
            ("MAIL_LANGUAGE", "klingon"),
            ("PASSWORD_RESET_TTL", "0s"),
            ("TRUSTED_PROXIES", "everybody"),
            ("NATS_URL", "http://me:hunter2@host"),
        ]);
        let error = Config::from_env(&env).unwrap_err().to_string();
        for name in [
            "DATABASE_URL",
            "DATABASE_READ_URL",
            "TOKEN_SIGNING_KEY",
            "GRPC_ADDR",
            "ARGON2_MEMORY_KIB",
            "BOOTSTRAP_ADMIN_PASSWORD",
            "ACCESS_TOKEN_TTL",
            "TLS_CERT",
            "SMTP_URL",
            "SMTP_CA",
            "MAIL_FROM",
            "MAIL_LINK_URL",
            "MAIL_LANGUAGE",
            "PASSWORD_RESET_TTL",
            "TRUSTED_PROXIES",
            "NATS_URL",
        ] {
            assert!(error.contains(name), "{name} is not in: {error}");
        }
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn each_value_that_serves_nothing_is_refused_with_what_is_wrong() {
        for (name, value, words) in [
            ("DATABASE_URL", "oracle://h/hunter2", "must begin with"),
            ("DATABASE_URL", "sqlite::memory:", "in memory"),
            ("DATABASE_READ_URL", "nowhere", "must begin with"),
            ("DATABASE_READ_URL", "postgres://u:hunter2@h:99999/d", "cannot be read"),
            ("DATABASE_READ_URL", "mysql://h/d", "same engine"),
            ("DATABASE_READ_URL", "sqlite://a.db", "no replicas"),
            ("DATABASE_ACQUIRE_TIMEOUT", "0s", "longer than 0s"),
            ("DATABASE_MAX_CONNECTIONS", "0", "must be at least 1"),
            ("HASH_THREADS", "0", "must be at least 1"),
            ("HASH_THREADS", "1025", "must be at most 1024"),
            ("MAX_CONCURRENT_CALLS", "0", "must be at least 1"),
            ("SERVICE_CALLERS", "billing, a b", "white space"),
        ] {
            let key = SigningKeys::generate_pem().unwrap();
            let good = [("DATABASE_URL", "postgres://u@h/d"), ("TOKEN_SIGNING_KEY", key.as_str())];
            let others = good.into_iter().filter(|(other, _)| *other != name);
            let env = Env::from_pairs(others.chain([(name, value)]));
            let error = Config::from_env(&env).unwrap_err();
            let [problem] = error.problems() else { panic!("{name}={value}: {error}") };
            assert_eq!(problem.variable, name, "{value}");
            assert!(problem.message.contains(words), "{error}");
            assert!(!problem.message.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn defaults_are_those_of_the_table() {
        let key = SigningKeys::generate_pem().unwrap();
        let env = Env::from_pairs([
            ("DATABASE_URL", "sqlite://artisan.db"),
            ("TOKEN_SIGNING_KEY", key.as_str()),
        ]);
        let config = Config::from_env(&env).unwrap();
        assert_eq!(config.grpc_addr.to_string(), "0.0.0.0:50051");
        assert_eq!(config.service.access_token_ttl, Duration::from_mins(15));
        assert_eq!(config.service.hashing.queue, 64);
        assert!(config.service.hashing.threads >= 1);
        assert_eq!(config.max_connection_age, Some(Duration::from_mins(30)));
        assert_eq!(config.service.max_concurrent_calls, 1_000);
        assert!(config.service.service_callers.is_empty());
        assert!(config.tls.is_none() && config.bootstrap_admin.is_none());
        assert!(config.database_read_url.is_none());
        assert!(config.service.mail.is_none() && config.service.nats.is_none());
    }
}
