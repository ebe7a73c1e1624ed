//! Tokens for other programs, which an operator gives out.

use std::time::Duration;

use artisan_runtime::env::{Checker, ConfigError, Env, Var};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::clock::Sources;
use crate::config::{default_audience, default_issuer};
use crate::token::{AccessTokens, SigningKeys};

#[derive(Default, Deserialize)]
#[expect(clippy::struct_field_names, reason = "so are the variables")]
#[serde(default)]
struct Raw {
    token_signing_key: Var<SigningKeys>,
    token_issuer: Var<String>,
    token_audience: Var<String>,
}

/// A token with which the service of that name calls for `ttl`, as long as `SERVICE_CALLERS` has
/// the name and `TOKEN_SIGNING_KEY` the key.
pub fn service_token(
    env: &Env,
    name: &str,
    ttl: Duration,
    sources: &Sources,
) -> Result<Zeroizing<String>, ConfigError> {
    let raw: Raw = env.load()?;
    let mut check = Checker::new();
    let keys = check.required(raw.token_signing_key, "TOKEN_SIGNING_KEY");
    let issuer = check.or(raw.token_issuer, "TOKEN_ISSUER", default_issuer());
    let audience = check.or(raw.token_audience, "TOKEN_AUDIENCE", default_audience());
    let tokens = check.build(|| Some(AccessTokens::new(keys?, issuer, audience)))?;
    let now = sources.now().unix_timestamp();
    let until = now.saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX));
    let token = tokens.issue_to_service(name, (now, until));
    token
        .map(Zeroizing::new)
        .map_err(|error| ConfigError::new("TOKEN_SIGNING_KEY", error.to_string()))
}
