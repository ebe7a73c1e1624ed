use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use artisan_runtime::env::{Checker, HumanDuration, Var};
use artisan_runtime::secret::Secret;
use artisan_runtime::tls::{ClientTls, TlsFile};
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use url::Url;

use super::ttl;
use crate::mail::Language;

/// How mails are written and sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// `SMTP_URL`, with `SMTP_CA`.
    pub route: MailRoute,
    /// `MAIL_FROM`.
    pub from: Mailbox,
    /// `MAIL_LINK_URL`, without a slash at its end.
    pub link_base: String,
    /// `MAIL_LANGUAGE`: for users without an address.
    pub language: Language,
    /// `PASSWORD_RESET_TTL`.
    pub reset_ttl: Duration,
    /// `EMAIL_VERIFICATION_TTL`.
    pub verification_ttl: Duration,
}

/// Where mails go.
#[derive(Clone)]
pub enum MailRoute {
    /// To a server. May hold a password.
    Smtp(AsyncSmtpTransportBuilder),
    /// Into a folder, a file for each mail.
    Folder(PathBuf),
    /// Into the log: for development, since it shows addresses and tokens.
    Log,
}

impl fmt::Debug for MailRoute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Smtp(_) => "Smtp(..)",
            Self::Folder(_) => "Folder(..)",
            Self::Log => "Log",
        })
    }
}

/// The variables as they are read.
pub(super) struct RawMail {
    pub(super) smtp_url: Var<Secret>,
    pub(super) smtp_ca: Var<String>,
    pub(super) from: Var<String>,
    pub(super) link_url: Var<String>,
    pub(super) language: Var<Language>,
    pub(super) reset_ttl: Var<HumanDuration>,
    pub(super) verification_ttl: Var<HumanDuration>,
}

impl MailSettings {
    /// The settings; none when no mails are to be sent.
    pub(super) fn read(check: &mut Checker, raw: RawMail) -> Option<Self> {
        let route = check.optional(raw.smtp_url, "SMTP_URL");
        let ca = read_ca(check, raw.smtp_ca);
        let is_wanted = route.is_some();
        let from = needed(check, raw.from, "MAIL_FROM", is_wanted, |text| {
            text.parse::<Mailbox>()
                .map_err(|_| "is no address; write it as Name <someone@example.com>")
        });
        let link_base = needed(check, raw.link_url, "MAIL_LINK_URL", is_wanted, link_base);
        let language = check.or(raw.language, "MAIL_LANGUAGE", Language::Portuguese);
        let reset_ttl = ttl(check, raw.reset_ttl, "PASSWORD_RESET_TTL", 60 * 60);
        let verification_ttl =
            ttl(check, raw.verification_ttl, "EMAIL_VERIFICATION_TTL", 24 * 60 * 60);
        let name = from.as_ref().map_or("localhost", |from| from.email.domain());
        let route = MailRoute::parse(route?.expose(), ca.as_ref(), name);
        let route = route.map_err(|problem| check.problem("SMTP_URL", problem)).ok()?;
        let (from, link_base) = (from?, link_base?);
        Some(Self { route, from, link_base, language, reset_ttl, verification_ttl })
    }

    /// The page where a token is shown. It stands behind `#`, which browsers keep to themselves: no
    /// server's log and no `Referer` has it.
    pub(crate) fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.link_base)
    }
}

fn needed<T>(
    check: &mut Checker,
    var: Var<String>,
    name: &str,
    is_wanted: bool,
    parse: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Option<T> {
    match check.optional(var, name) {
        Some(text) => parse(&text).map_err(|problem| check.problem(name, problem)).ok(),
        None if is_wanted => {
            check.problem(name, "is needed with SMTP_URL");
            None
        }
        None => None,
    }
}

fn read_ca(check: &mut Checker, path: Var<String>) -> Option<Certificate> {
    const NAME: &str = "SMTP_CA";
    let path: String = check.optional(path, NAME)?;
    let ca = TlsFile { variable: NAME, path: path.into() };
    let pem = std::fs::read(&ca.path);
    // The mail client would take a file that holds no certificate.
    if let Err(error) = (ClientTls { ca, identity: None }).read() {
        check.problem(error.variable, error.message);
        return None;
    }
    let certificate = pem.ok().and_then(|pem| Certificate::from_pem(&pem).ok());
    if certificate.is_none() {
        check.problem(NAME, "names a file that cannot be read");
    }
    certificate
}

fn link_base(text: &str) -> Result<String, &'static str> {
    const PROBLEM: &str =
        "must be the address of the pages that users open, such as https://shop.example";
    let url = Url::parse(text).map_err(|_| PROBLEM)?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if is_plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(PROBLEM) }
}

const SMTP_FORMS: &str = "must be smtp://USER:PASSWORD@HOST:PORT (add ?tls=required, opportunistic or \
     none), smtps://USER:PASSWORD@HOST:PORT, file:FOLDER or log:, with special characters \
     percent-encoded";

impl MailRoute {
    /// Reads `SMTP_URL`. A password never travels in plain text unless that was asked for.
    fn parse(text: &str, ca: Option<&Certificate>, name: &str) -> Result<Self, &'static str> {
        if matches!(text, "log:" | "log") {
            return Ok(Self::Log);
        }
        if let Some(path) = text.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(SMTP_FORMS) } else { Ok(Self::Folder(path.into())) };
        }
        let url = Url::parse(text).map_err(|_| SMTP_FORMS)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SMTP_FORMS)?;
        // An IPv6 address stands in brackets in a URL only.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let mut asked = None;
        for (key, value) in url.query_pairs() {
            if key != "tls" {
                return Err(SMTP_FORMS);
            }
            asked = Some(value.into_owned());
        }
        let user = decode(url.username())?;
        let password = url.password().map(decode).transpose()?;
        let has_password = password.is_some();
        let parameters = || {
            let mut builder = TlsParameters::builder(host.to_owned());
            if let Some(ca) = ca {
                builder = builder.add_root_certificate(ca.clone());
            }
            builder.build().map_err(|_| "names a host that TLS cannot be used with")
        };
        let (tls, port) = match (url.scheme(), asked.as_deref()) {
            ("smtps", None) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", Some("required")) => (Tls::Required(parameters()?), 587),
            ("smtp", None) if has_password => (Tls::Required(parameters()?), 587),
            ("smtp", Some("opportunistic") | None) => (Tls::Opportunistic(parameters()?), 25),
            ("smtp", Some("none")) => (Tls::None, 25),
            _ => return Err(SMTP_FORMS),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .hello_name(ClientId::Domain(name.to_owned()));
        if let Some(password) = password {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self::Smtp(builder))
    }
}

fn decode(text: &str) -> Result<String, &'static str> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|_| SMTP_FORMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Result<String, &'static str> {
        MailRoute::parse(text, None, "example.com").map(|route| format!("{route:?}"))
    }

    #[test]
    fn servers_folders_and_the_log_are_routes() {
        for url in [
            "smtp://mail.example.com",
            "smtp://mail.example.com:2525?tls=none",
            "smtp://user:p%40ss@mail.example.com?tls=required",
            "smtp://[::1]:25?tls=opportunistic",
            "smtps://user:pass@mail.example.com",
        ] {
            assert_eq!(route(url).as_deref(), Ok("Smtp(..)"), "{url}");
        }
        assert_eq!(route("file:/var/mails").as_deref(), Ok("Folder(..)"));
        assert_eq!(route("file:///var/mails").as_deref(), Ok("Folder(..)"));
        assert_eq!(route("log:").as_deref(), Ok("Log"));
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for url in [
            "",
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://host?tls=perhaps",
            "smtp://host?ssl=true",
            "smtps://host?tls=none",
            "file:",
        ] {
            assert_eq!(route(url), Err(SMTP_FORMS), "{url}");
        }
    }

    #[test]
    fn a_file_of_authorities_holds_one() {
        for content in
            ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), content).unwrap();
            let mut check = Checker::new();
            let certificate = read_ca(&mut check, Var::parse(file.path().to_str().unwrap()));
            assert!(certificate.is_none(), "{content:?}");
            let error = check.finish().unwrap_err();
            assert_eq!(error.problems().len(), 1, "{error}");
            assert_eq!(error.problems()[0].variable, "SMTP_CA", "{error}");
        }
    }

    #[test]
    fn links_begin_with_an_address_of_pages() {
        assert_eq!(link_base("https://shop.example/").as_deref(), Ok("https://shop.example"));
        assert_eq!(link_base("http://[::1]:8080/a/").as_deref(), Ok("http://[::1]:8080/a"));
        for bad in [
            "shop.example",
            "ftp://x",
            "https://",
            "https://x/?a=1",
            "https://x/#a",
            "https://u:p@x",
        ] {
            assert!(link_base(bad).is_err(), "{bad}");
        }
    }
}
