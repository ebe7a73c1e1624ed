//! What the services are compared with: the libraries below them, and nothing else.

pub(crate) mod proxy;
pub(crate) mod sqlx;
pub(crate) mod statements;
pub(crate) mod tonic;
