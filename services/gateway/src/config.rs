//! The gateway's configuration.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use artisan_runtime::cidr::Cidr;
use artisan_runtime::env::{ByteSize, Checker, ConfigError, Env, HumanDuration, List, Var};
use artisan_runtime::http::Transport;
use artisan_runtime::tls::{ClientTls, ServerTls, TlsError, TlsFile};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Uri};

/// Everything that the gateway is told from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where clients are served (`HTTP_ADDR`).
    pub http_addr: SocketAddr,
    /// Where probes and metrics are served (`ADMIN_ADDR`).
    pub admin_addr: SocketAddr,
    /// The gRPC service behind the gateway (`USER_SERVICE_URL`).
    pub upstream: Uri,
    /// The files for an upstream at an `https` address (`USER_SERVICE_CA`, `USER_SERVICE_CERT`,
    /// `USER_SERVICE_KEY`).
    pub upstream_tls: Option<ClientTls>,
    /// Origins whose pages may call (`CORS_ORIGINS`); `*` stands for all.
    pub cors_origins: Vec<HeaderValue>,
    /// Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed (`TRUSTED_PROXIES`).
    pub trusted_proxies: Vec<Cidr>,
    /// Whether connections from there begin with a PROXY header (`PROXY_PROTOCOL`).
    pub proxy_protocol: ProxyProtocol,
    /// The files for clients that come over TLS (`TLS_CERT`, `TLS_KEY`, `TLS_CLIENT_CA`).
    pub tls: Option<ServerTls>,
    /// Requests per client and second (`RATE_LIMIT`); unlimited when absent.
    pub rate_limit: Option<u32>,
    /// The largest request body in bytes (`MAX_BODY`).
    pub max_body: usize,
    /// The time for one request, waiting for its body included (`REQUEST_TIMEOUT`); clients may
    /// ask for less.
    pub request_timeout: Duration,
    /// The time from the beginning of a shutdown to its forced end (`SHUTDOWN_GRACE`).
    pub shutdown_grace: Duration,
    /// The time between being unready and refusing connections (`DRAIN_DELAY`).
    pub drain_delay: Duration,
    /// How long `gateway wait` waits (`WAIT_TIMEOUT`).
    pub wait_timeout: Duration,
}

/// Whether trusted proxies begin each connection with the PROXY protocol, version 1 or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyProtocol {
    /// Connections begin with HTTP or TLS.
    Off,
    /// Those of trusted proxies have to begin with a header.
    On,
}

impl FromStr for ProxyProtocol {
    type Err = ParseProxyProtocolError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            "on" => Ok(Self::On),
            _ => Err(ParseProxyProtocolError),
        }
    }
}

/// The text is neither `on` nor `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is neither on nor off")]
pub struct ParseProxyProtocolError;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Raw {
    http_addr: Var<SocketAddr>,
    admin_addr: Var<SocketAddr>,
    user_service_url: Var<String>,
    user_service_ca: Var<String>,
    user_service_cert: Var<String>,
    user_service_key: Var<String>,
    cors_origins: Var<List<HeaderValue>>,
    trusted_proxies: Var<List<Cidr>>,
    proxy_protocol: Var<ProxyProtocol>,
    tls_cert: Var<String>,
    tls_key: Var<String>,
    tls_client_ca: Var<String>,
    rate_limit: Var<u32>,
    max_body: Var<ByteSize>,
    request_timeout: Var<HumanDuration>,
    shutdown_grace: Var<HumanDuration>,
    drain_delay: Var<HumanDuration>,
    wait_timeout: Var<HumanDuration>,
}

impl Config {
    /// Reads the configuration; the error names every bad variable.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let raw: Raw = env.load()?;
        let mut check = Checker::new();
        let any = |port| SocketAddr::from(([0, 0, 0, 0], port));
        let duration = |check: &mut Checker, var, name, seconds| {
            Duration::from(check.or(var, name, HumanDuration::from_secs(seconds)))
        };
        let files = (raw.user_service_ca, raw.user_service_cert, raw.user_service_key);
        let upstream_tls = upstream_tls(&mut check, files);
        let (cert, key, client_ca) = (raw.tls_cert, raw.tls_key, raw.tls_client_ca);
        let tls = ServerTls::from_variables(&mut check, cert, key, client_ca);
        let config = Self {
            upstream_tls,
            tls,
            http_addr: check.or(raw.http_addr, "HTTP_ADDR", any(8080)),
            admin_addr: check.or(raw.admin_addr, "ADMIN_ADDR", any(9091)),
            upstream: upstream(&mut check, raw.user_service_url),
            cors_origins: check.or(raw.cors_origins, "CORS_ORIGINS", List::default()).0,
            trusted_proxies: check.or(raw.trusted_proxies, "TRUSTED_PROXIES", List::default()).0,
            proxy_protocol: check.or(raw.proxy_protocol, "PROXY_PROTOCOL", ProxyProtocol::Off),
            rate_limit: check.optional(raw.rate_limit, "RATE_LIMIT").filter(|rate| *rate > 0),
            max_body: check.or(raw.max_body, "MAX_BODY", ByteSize::mib(1)).as_usize(),
            request_timeout: duration(&mut check, raw.request_timeout, "REQUEST_TIMEOUT", 10),
            shutdown_grace: duration(&mut check, raw.shutdown_grace, "SHUTDOWN_GRACE", 30),
            drain_delay: duration(&mut check, raw.drain_delay, "DRAIN_DELAY", 5),
            wait_timeout: duration(&mut check, raw.wait_timeout, "WAIT_TIMEOUT", 600),
        };
        config.check(&mut check);
        check.build(|| Some(config))
    }

    /// What lies between the network and HTTP.
    pub fn transport(&self) -> Result<Transport, TlsError> {
        let tls = self.tls.as_ref().map(ServerTls::read_web).transpose()?;
        let proxies = match self.proxy_protocol {
            ProxyProtocol::On => self.trusted_proxies.clone(),
            ProxyProtocol::Off => Vec::new(),
        };
        Ok(Transport { tls, proxies })
    }

    fn check(&self, check: &mut Checker) {
        if self.proxy_protocol == ProxyProtocol::On && self.trusted_proxies.is_empty() {
            let message =
                "believes TRUSTED_PROXIES only, and there are none; name the balancers there";
            check.problem("PROXY_PROTOCOL", message);
        }
        let is_https = self.upstream.scheme_str() == Some("https");
        if is_https && self.upstream_tls.is_none() {
            check.problem("USER_SERVICE_CA", "is needed with an https address in USER_SERVICE_URL");
        }
        if !is_https && self.upstream_tls.is_some() {
            check.problem("USER_SERVICE_URL", "must begin with https:// with USER_SERVICE_CA");
        }
        if self.request_timeout.is_zero() {
            check.problem(
                "REQUEST_TIMEOUT",
                "leaves no time for any request; write for instance 10s",
            );
        }
        if self.max_body == 0 {
            check.problem("MAX_BODY", "leaves no room for any request; write for instance 1MiB");
        }
        if self.cors_origins.iter().filter(|value| is_origin(value)).count()
            < self.cors_origins.len()
        {
            let message = "holds an item that is not an origin; write them as https://shop.example, without a path";
            check.problem("CORS_ORIGINS", message);
        }
    }
}

fn upstream(check: &mut Checker, var: Var<String>) -> Uri {
    const NAME: &str = "USER_SERVICE_URL";
    let default = Uri::from_static("http://127.0.0.1:50051");
    let Some(text) = check.optional(var, NAME) else { return default };
    // Credentials would stand in the log, and are of no use to gRPC.
    let bare = |authority: &Authority| !authority.as_str().contains('@');
    let is_address = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some_and(bare)
    };
    let Some(uri) = text.parse().ok().filter(is_address) else {
        check.problem(NAME, "is not an address; write it as http://user-service:50051, or https");
        return default;
    };
    if uri.path_and_query().is_some_and(|path| path.as_str() != "/") {
        check.problem(NAME, "must end with the host or the port: calls have paths of their own");
    }
    uri
}

/// Whether it is `*`, or what browsers send as the origin of a page.
fn is_origin(value: &HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default();
    let has_host = text.split_once("://").is_some_and(|(_, host)| {
        !host.contains(['/', '?', '#', '@']) && host.parse::<Authority>().is_ok()
    });
    text == "*" || has_host
}

/// The files of the connections to the service; what is wrong with their contents is told at once.
fn upstream_tls(
    check: &mut Checker,
    (ca, certificate, key): (Var<String>, Var<String>, Var<String>),
) -> Option<ClientTls> {
    let mut file = |var, variable| {
        let path: Option<String> = check.optional(var, variable);
        path.map(|path| TlsFile { variable, path: path.into() })
    };
    let ca = file(ca, "USER_SERVICE_CA");
    let certificate = file(certificate, "USER_SERVICE_CERT");
    let key = file(key, "USER_SERVICE_KEY");
    if certificate.is_some() != key.is_some() {
        check.problem("USER_SERVICE_CERT", "and USER_SERVICE_KEY belong together");
    }
    if ca.is_none() && certificate.is_some() {
        check.problem("USER_SERVICE_CA", "is needed with USER_SERVICE_CERT");
    }
    let tls = ClientTls { ca: ca?, identity: certificate.zip(key) };
    if let Err(error) = tls.read() {
        check.problem(error.variable, error.message);
    }
    Some(tls)
}

#[cfg(test)]
mod tests {
    use artisan_runtime::env::Env;

    use super::Config;

    #[test]
    fn defaults_are_those_of_the_documentation() {
        let config = Config::from_env(&Env::default()).unwrap();
        assert_eq!(config.http_addr, "0.0.0.0:8080".parse().unwrap());
        assert_eq!(config.admin_addr, "0.0.0.0:9091".parse().unwrap());
        assert_eq!(config.upstream.to_string(), "http://127.0.0.1:50051/");
        assert_eq!(config.max_body, 1 << 20);
        assert_eq!(config.rate_limit, None);
        assert_eq!(config.request_timeout.as_secs(), 10);
        assert_eq!(config.wait_timeout.as_secs(), 600);
    }

    #[test]
    fn every_bad_variable_is_named_at_once() {
        let variables = [
            "HTTP_ADDR",
            "TRUSTED_PROXIES",
            "PROXY_PROTOCOL",
            "RATE_LIMIT",
            "MAX_BODY",
            "DRAIN_DELAY",
            "USER_SERVICE_URL",
            "CORS_ORIGINS",
        ];
        let error = Config::from_env(&Env::from_pairs(variables.map(|name| (name, "nonsense"))))
            .unwrap_err();
        let mut named: Vec<_> = error.problems().iter().map(|p| p.variable.as_str()).collect();
        named.sort_unstable();
        let mut expected = variables.to_vec();
        expected.sort_unstable();
        assert_eq!(named, expected);
    }

    #[test]
    fn addresses_that_hold_more_than_they_may_are_refused() {
        for (variable, value) in [
            ("USER_SERVICE_URL", "http://user:hunter2@service:50051"),
            ("USER_SERVICE_URL", "http://"),
            ("USER_SERVICE_URL", "http://service:50051/path"),
            ("USER_SERVICE_URL", "http://service:50051/?a=b"),
            ("MAX_BODY", "0"),
            ("CORS_ORIGINS", "https://a b"),
            ("CORS_ORIGINS", "https://"),
            ("CORS_ORIGINS", "https://shop.example?a"),
            ("CORS_ORIGINS", "https://shop.example/"),
            ("CORS_ORIGINS", "https://shop.example/cart"),
        ] {
            let error = Config::from_env(&Env::from_pairs([(variable, value)])).unwrap_err();
            assert_eq!(error.problems().len(), 1, "{value}: {error}");
            assert_eq!(error.problems()[0].variable, variable, "{value}");
            assert!(!error.to_string().contains("empty"), "{value}: {error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
