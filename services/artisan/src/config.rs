//! The settings: those of the two services, with defaults for one machine.

use artisan_migrate::DatabaseUrl;
use artisan_runtime::env::{ConfigError, Env, Problem};
use artisan_runtime::secret::Secret;
use artisan_user_service::token::SigningKeys;
use zeroize::Zeroizing;

use crate::place::Place;
use crate::private_file;
use crate::signing_key;

const DEFAULTS: [(&str, &str); 5] = [
    ("DATABASE_URL", "sqlite://data/artisan.db"),
    ("GRPC_ADDR", "127.0.0.1:50051"),
    ("HTTP_ADDR", "127.0.0.1:8080"),
    ("ADMIN_ADDR", "127.0.0.1:9090"),
    // Nothing balances load before this program: there is nobody to tell before it stops.
    ("DRAIN_DELAY", "0s"),
];

/// Everything that the environment decides.
#[derive(Debug)]
pub(crate) struct Config {
    /// The user service's part.
    pub users: artisan_user_service::Config,
    /// The gateway's part.
    pub gateway: artisan_gateway::Config,
    /// The database.
    pub database_url: DatabaseUrl,
    /// Where files are made.
    pub place: Place,
    /// A key that was made in memory and is still to be written.
    pub new_key: Option<Zeroizing<String>>,
}

impl Config {
    /// Reads the environment. Writes nothing: a key that was made is in `new_key`.
    pub(crate) fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let env = DEFAULTS.iter().fold(env.clone(), |env, (name, value)| env.or(name, *value));
        let text = env.get("DATABASE_URL")?.unwrap_or_default();
        let place = Place::of(&text);
        let env = with_mails(env)?;
        let (env, new_key) = with_signing_key(env, &place)?;
        let (users, gateway, url) = (
            artisan_user_service::Config::from_env(&env),
            artisan_gateway::Config::from_env(&env),
            DatabaseUrl::parse(&text)
                .map_err(|error| ConfigError::new("DATABASE_URL", error.to_string())),
        );
        let services = ConfigError::both(users, gateway);
        let ((users, gateway), database_url) =
            ConfigError::both(services, url).map_err(|error| once(&error))?;
        Ok(Self { users, gateway, database_url, place, new_key })
    }
}

/// The database alone, for commands that need nothing else.
pub(crate) fn database_url(env: &Env) -> Result<Secret, ConfigError> {
    let env = DEFAULTS.iter().fold(env.clone(), |env, (name, value)| env.or(name, *value));
    Ok(Secret::new(env.get("DATABASE_URL")?.unwrap_or_default()))
}

/// The database of a command that must not fall back on the default.
pub(crate) fn given_database_url(env: &Env) -> Result<Secret, ConfigError> {
    const NAME: &str = "DATABASE_URL";
    let default = DEFAULTS.iter().find(|(name, _)| *name == NAME).map_or("", |(_, value)| value);
    let missing = || {
        let message = format!("must be set to import FILE: {default} would be meant without it");
        ConfigError::new(NAME, message)
    };
    let given = env.get(NAME)?.filter(|url| !url.trim().is_empty());
    given.map(Secret::new).ok_or_else(missing)
}

/// The environment with mails in the log, unless it says where they go.
fn with_mails(env: Env) -> Result<Env, ConfigError> {
    if env.get("SMTP_URL")?.is_some() {
        return Ok(env);
    }
    let http = env.get("HTTP_ADDR")?.unwrap_or_default();
    let scheme = if env.get("TLS_CERT")?.is_some() { "https" } else { "http" };
    Ok(env
        .or("SMTP_URL", "log:")
        .or("MAIL_FROM", "no-reply@artisan.localhost")
        .or("MAIL_LINK_URL", format!("{scheme}://{http}")))
}

/// The environment with a signing key: its own, the one beside the database, or a new one.
fn with_signing_key(
    env: Env,
    place: &Place,
) -> Result<(Env, Option<Zeroizing<String>>), ConfigError> {
    const NAME: &str = "TOKEN_SIGNING_KEY";
    if env.get(NAME)?.is_some() {
        return Ok((env, None));
    }
    let path = place.signing_key();
    match private_file::find(&path) {
        Ok(Some(key)) => match SigningKeys::from_pem(&key) {
            Ok(_) => Ok((env.with(NAME, key), None)),
            Err(error) => {
                let path = path.display();
                let message = format!(
                    "{path} holds no signing key ({error}); restore it, or delete it to get a new one"
                );
                Err(ConfigError::new(NAME, message))
            }
        },
        Ok(None) => {
            let key = signing_key::generate()
                .map_err(|error| ConfigError::new(NAME, format!("cannot be made: {error}")))?;
            Ok((env.with(NAME, key.as_str()), Some(key)))
        }
        Err(error) => {
            let path = path.display();
            let message =
                format!("{path} cannot be read ({error}); make it readable for this user");
            Err(ConfigError::new(NAME, message))
        }
    }
}

/// Each problem once, though both services read some variables.
fn once(error: &ConfigError) -> ConfigError {
    let mut problems: Vec<Problem> = Vec::new();
    for problem in error.problems() {
        if !problems.iter().any(|known| known.variable == problem.variable) {
            problems.push(problem.clone());
        }
    }
    problems.into()
}
