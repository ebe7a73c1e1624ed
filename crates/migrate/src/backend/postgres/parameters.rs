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
pub(super) fn known(url: &str) -> String {
    let Some((place, query)) = url.split_once('?') else { return url.to_owned() };
    let is_known = |parameter: &&str| {
        let key = parameter.split('=').next().unwrap_or_default();
        let is_known = KNOWN.contains(&key) || key.starts_with("options");
        if !is_known {
            tracing::warn!(key, "a parameter of the URL is passed over");
        }
        is_known
    };
    let known: Vec<&str> = query.split('&').filter(is_known).collect();
    if known.is_empty() { place.to_owned() } else { format!("{place}?{}", known.join("&")) }
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
