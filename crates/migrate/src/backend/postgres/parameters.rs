use super::super::parameters::key_of;

/// What the driver reads of a URL's parameters; `options[…]` as well.
const KNOWN: [&str; 19] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
    "username",
];

/// The URL without parameters that the driver would pass over: it logs their values, and
/// `sslpassword` is a secret.
pub(crate) fn known(url: &str) -> String {
    let Some((place, query)) = url.split_once('?') else { return url.to_owned() };
    let known: Vec<&str> =
        query.split('&').filter(|parameter| is_known(key_of(parameter))).collect();
    if known.is_empty() { place.to_owned() } else { format!("{place}?{}", known.join("&")) }
}

pub(super) fn is_known(key: &str) -> bool {
    KNOWN.contains(&key) || key.starts_with("options")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_nobody_reads_are_left_out() {
        let url = "postgres://a:b@c/d?sslmode=require&sslpassword=x&options[a]=1";
        assert_eq!(known(url), "postgres://a:b@c/d?sslmode=require&options[a]=1");
        assert_eq!(known("postgres://a/d?sslpassword=x"), "postgres://a/d");
        assert_eq!(known("postgres://a/d"), "postgres://a/d");
    }
}
