//! The files of certificates that a URL names: the driver tells of one that it cannot read as of a server that
//! it cannot reach, and never names it.

use std::fs::File;

use crate::{DatabaseUrl, Engine, Error};

/// Of the authority that is trusted.
const AUTHORITY: [&str; 4] = ["ssl-ca", "ssl-root-cert", "sslca", "sslrootcert"];
/// Of the client itself.
const OWN: [&str; 4] = ["ssl-cert", "ssl-key", "sslcert", "sslkey"];

/// Refuses a URL that names a file which cannot be read.
pub(super) fn check(url: &DatabaseUrl) -> Result<(), Error> {
    let query = match url.engine() {
        Engine::Sqlite => return Ok(()),
        Engine::MySql | Engine::MariaDb | Engine::Postgres => {
            url.expose().split_once('?').map_or("", |(_, query)| query)
        }
    };
    let query = query.split('#').next().unwrap_or_default();
    let parameters = || query.split('&').filter_map(|parameter| parameter.split_once('='));
    let mut modes = parameters().filter(|(key, _)| matches!(*key, "sslmode" | "ssl-mode"));
    let mode = modes.next_back().map(|(_, value)| decoded(value));
    let (opens_own, opens_authority) = opened(url.engine(), mode);
    for (key, value) in parameters() {
        let value = decoded(value);
        let is_opened =
            opens_own && OWN.contains(&key) || opens_authority && AUTHORITY.contains(&key);
        // The driver takes the text of a certificate as well.
        if !is_opened || value.trim_start().starts_with("-----BEGIN") {
            continue;
        }
        if let Err(error) = File::open(&value) {
            let message =
                format!("{key} in the database URL names {value}, which cannot be read: {error}");
            return Err(Error::usage("TLS_FILE_UNREADABLE", message));
        }
    }
    Ok(())
}

/// Whether the driver opens the client's files, and the authority's: those only where it verifies the server.
fn opened(engine: Engine, mode: Option<String>) -> (bool, bool) {
    let of_environment = || std::env::var("PGSSLMODE").ok().filter(|_| engine == Engine::Postgres);
    let mode = mode.or_else(of_environment).unwrap_or_default().to_ascii_lowercase();
    match mode.as_str() {
        // The driver takes `allow` for no encryption.
        "disable" | "disabled" | "allow" => (false, false),
        "verify-ca" | "verify-full" | "verify_ca" | "verify_identity" => (true, true),
        _ => (true, false),
    }
}

/// A parameter's value as it is meant: `%2F` is a slash.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%');
        bytes.push(byte.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if byte.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_meant() {
        for (value, meant) in [("%2Fa%2fb", "/a/b"), ("100%", "100%"), ("a+b%zz", "a b%zz")] {
            assert_eq!(decoded(value), meant);
        }
    }
}
