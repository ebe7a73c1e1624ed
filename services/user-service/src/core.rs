//! What all handlers share.

use std::time::Duration;

use artisan_store::Store;

use crate::clock::Sources;
use crate::hash::HashPool;
use crate::page::PageTokens;
use crate::token::AccessTokens;

/// The state behind the handlers.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) hashing: HashPool,
    pub(crate) tokens: AccessTokens,
    pub(crate) pages: PageTokens,
    pub(crate) sources: Sources,
    pub(crate) access_token_ttl: Duration,
    pub(crate) refresh_token_ttl: Duration,
}
