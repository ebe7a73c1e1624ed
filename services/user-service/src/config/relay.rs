use std::fmt;
use std::time::Duration;

use artisan_runtime::env::{Checker, Var};
use artisan_runtime::secret::Secret;
use async_nats::{ConnectOptions, ServerAddr};
use percent_encoding::percent_decode_str;
use url::Url;

const FORMS: &str = "must be nats://USER:PASSWORD@HOST:PORT or nats://TOKEN@HOST:PORT, or with tls:// for nats://, \
     several servers separated by commas, with special characters percent-encoded";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// To which servers of NATS events go.
#[derive(Clone)]
pub struct NatsSettings {
    /// Without credentials: the client tells addresses to the log.
    pub(crate) servers: Vec<ServerAddr>,
    login: Login,
    is_encrypted: bool,
}

#[derive(Clone)]
enum Login {
    Nobody,
    Token(Secret),
    User(String, Secret),
}

impl fmt::Debug for NatsSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NatsSettings")
            .field("servers", &self.servers)
            .finish_non_exhaustive()
    }
}

impl NatsSettings {
    /// The settings; none when events are not to be relayed.
    pub(super) fn read(check: &mut Checker, url: Var<Secret>) -> Option<Self> {
        let url = check.optional(url, "NATS_URL")?;
        let parsed = Self::parse(url.expose());
        parsed.map_err(|problem| check.problem("NATS_URL", problem)).ok()
    }

    /// Reads `NATS_URL`. The first server that has credentials has them for all.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut this = Self { servers: Vec::new(), login: Login::Nobody, is_encrypted: false };
        for part in text.split(',') {
            let mut url = Url::parse(part.trim()).map_err(|_| FORMS)?;
            let is_plain = url.host_str().is_some_and(|host| !host.is_empty())
                && matches!(url.path(), "" | "/")
                && url.query().is_none()
                && url.fragment().is_none();
            if !is_plain || !matches!(url.scheme(), "nats" | "tls") {
                return Err(FORMS);
            }
            if let Login::Nobody = this.login {
                this.login = Login::of(&url)?;
            }
            url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| FORMS)?;
            this.is_encrypted |= url.scheme() == "tls";
            this.servers.push(ServerAddr::from_url(url).map_err(|_| FORMS)?);
        }
        Ok(this)
    }

    /// How to connect: to each server once, since whoever connects decides when to try again.
    pub(crate) fn options(&self) -> ConnectOptions {
        let options = ConnectOptions::new()
            .name("user-service")
            .connection_timeout(CONNECT_TIMEOUT)
            .require_tls(self.is_encrypted)
            .max_reconnects(self.servers.len())
            .reconnect_delay_callback(|_| Duration::ZERO);
        match &self.login {
            Login::Nobody => options,
            Login::Token(token) => options.token(token.expose().to_owned()),
            Login::User(name, password) => {
                options.user_and_password(name.clone(), password.expose().to_owned())
            }
        }
    }
}

impl Login {
    fn of(url: &Url) -> Result<Self, &'static str> {
        let decoded = |text: &str| match percent_decode_str(text).decode_utf8() {
            Ok(text) => Ok(text.into_owned()),
            Err(_) => Err(FORMS),
        };
        Ok(match (url.username(), url.password()) {
            ("", None) => Self::Nobody,
            (token, None) => Self::Token(decoded(token)?.into()),
            (name, Some(password)) => Self::User(decoded(name)?, decoded(password)?.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_kept_apart_from_the_addresses() {
        let settings = NatsSettings::parse("tls://me:hunter%232@one:4222, nats://two").unwrap();
        let addresses: Vec<String> =
            settings.servers.iter().map(|server| server.clone().into_inner().to_string()).collect();
        assert_eq!(addresses, ["tls://one:4222", "nats://two"]);
        assert!(settings.is_encrypted && !format!("{settings:?}").contains("hunter"));
        let Login::User(name, password) = settings.login else { panic!("no user") };
        assert_eq!((name.as_str(), password.expose()), ("me", "hunter#2"));
        let Login::Token(token) = NatsSettings::parse("nats://t0ken@host").unwrap().login else {
            panic!("no token")
        };
        assert_eq!(token.expose(), "t0ken");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in [
            "",
            "host",
            "nats://",
            "http://me:hunter2@host",
            "nats://me:hunter2@host/x",
            "nats://a,",
        ] {
            let problem = NatsSettings::parse(text).unwrap_err();
            assert!(!problem.contains("hunter2"), "{text}");
        }
    }
}
