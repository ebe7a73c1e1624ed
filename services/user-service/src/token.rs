//! Tokens: signed access tokens, opaque refresh tokens, and the keys behind them.

mod jwt;
mod keys;
mod refresh;
mod verified;

pub(crate) use jwt::{AccessTokens, Bearer, TokenError};
pub(crate) use keys::PublicKey;
pub use keys::{KeyError, SigningKeys};
pub(crate) use refresh::RefreshToken;
