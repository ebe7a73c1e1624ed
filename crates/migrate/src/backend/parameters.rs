//! Parameters of a URL that no driver reads.

/// Names the parameters that are passed over: those that are not `known`.
pub(super) fn warn_of_unknown(url: &str, is_known: impl Fn(&str) -> bool) {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
    for key in parameters.map(key_of).filter(|key| !is_known(key)) {
        // SQLAlchemy and PyMySQL write `ssl_ca`.
        let meant = key.replace('_', "-");
        if meant != key && is_known(&meant) {
            tracing::warn!(key, "a parameter of the URL is passed over: write `{meant}`");
        } else {
            tracing::warn!(key, "a parameter of the URL is passed over");
        }
    }
}

pub(super) fn key_of(parameter: &str) -> &str {
    parameter.split('=').next().unwrap_or_default()
}
