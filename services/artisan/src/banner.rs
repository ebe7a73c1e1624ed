//! What a newcomer reads after `cargo run`.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

/// Where everything is, once it listens.
#[derive(Debug)]
pub(crate) struct Banner<'a> {
    /// The HTTP and JSON interface.
    pub http: &'a str,
    /// The gRPC interface.
    pub grpc: SocketAddr,
    /// Probes and metrics.
    pub admin: SocketAddr,
    /// The database, without its password.
    pub database: &'a str,
    /// The administrator, unless the environment names one.
    pub administrator: Option<Administrator<'a>>,
    /// Tells this start's example address from those of earlier starts.
    pub suffix: &'a str,
}

/// The administrator, and where the password is.
#[derive(Debug)]
pub(crate) struct Administrator<'a> {
    /// Whom to sign in as.
    pub email: &'a str,
    /// The file with the password, where the account still has that one.
    pub password_file: Option<&'a Path>,
    /// The password itself, for a terminal only.
    pub password: Option<&'a str>,
}

impl Banner<'_> {
    /// The text, ready for standard output.
    pub(crate) fn render(&self) -> String {
        let mut text = format!(
            "\nartisan-platform {version}\n\n  \
             HTTP      {http}  (try {http}/docs)\n  \
             gRPC      {grpc}  (reflection is on)\n  \
             admin     http://{admin}/metrics\n  \
             database  {database}\n",
            version = env!("CARGO_PKG_VERSION"),
            http = self.http,
            grpc = self.grpc,
            admin = self.admin,
            database = self.database,
        );
        if let Some(administrator) = &self.administrator {
            administrator.render(&mut text);
        }
        self.render_examples(&mut text);
        text
    }

    fn render_examples(&self, text: &mut String) {
        let base = self.http;
        let email = format!("joao.{}@example.com", self.suffix);
        let json = "-H 'content-type: application/json'";
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\nRegister, sign in, read yourself:\n\n\
             curl -s {base}/v1/users {json} -d '{{\"email\":\"{email}\",\"password\":\"Senha-123\",\
             \"buyer\":{{\"fullName\":\"João da Silva\"}},\"address\":{{\"street\":\"Rua Chile\",\
             \"neighborhood\":\"Centro Histórico\",\"city\":\"Salvador\",\"state\":\"BA\",\
             \"zipCode\":\"40020-000\"}}}}'\n\
             TOKEN=$(curl -s {base}/v1/sessions {json} -d \
             '{{\"email\":\"{email}\",\"password\":\"Senha-123\"}}' | \
             sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')\n\
             curl -s {base}/v1/users/me -H \"authorization: Bearer $TOKEN\"\n\n\
             Ctrl-C ends it; the data stays.\n",
        );
    }
}

impl Administrator<'_> {
    fn render(&self, text: &mut String) {
        let _ = write!(text, "  administrator  {}", self.email);
        let _ = match self.password_file {
            Some(file) => write!(text, ", password in {}", file.display()),
            None => write!(text, "; `artisan reset-admin` makes a new password"),
        };
        if let Some(password) = self.password {
            let _ = write!(text, ": {password}");
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lines_begin_with_what_can_be_pasted() {
        let address: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let banner = Banner {
            http: "http://127.0.0.1:8080",
            grpc: address,
            admin: address,
            database: "sqlite://data/artisan.db",
            administrator: Some(Administrator {
                email: "admin@artisan.localhost",
                password_file: Some(Path::new("data/admin-password")),
                password: None,
            }),
            suffix: "x1",
        };
        let text = banner.render();
        let lines = text.lines().filter(|l| l.starts_with("curl") || l.starts_with("TOKEN="));
        assert_eq!(lines.count(), 3);
        assert!(text.contains("data/admin-password\n"), "no password without a terminal");
    }
}
