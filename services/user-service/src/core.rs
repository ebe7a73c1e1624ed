//! What all handlers share.

use std::time::Duration;

use artisan_runtime::cidr::Cidr;
use artisan_store::Store;
use zeroize::Zeroizing;

use crate::clock::Sources;
use crate::error::Error;
use crate::hash::HashPool;
use crate::mail::Mails;
use crate::page::PageTokens;
use crate::requests::RequestIds;
use crate::sessions::Attempts;
use crate::token::AccessTokens;
use crate::watch::Feed;

/// The state behind the handlers.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) hashing: HashPool,
    pub(crate) tokens: AccessTokens,
    pub(crate) pages: PageTokens,
    pub(crate) feed: Feed,
    pub(crate) requests: RequestIds,
    pub(crate) attempts: Attempts,
    /// What refresh tokens are made of, together with the one before.
    pub(crate) refreshing: Zeroizing<[u8; 32]>,
    /// Networks of gateways that are believed when they say whose call it is.
    pub(crate) trusted_proxies: Vec<Cidr>,
    pub(crate) sources: Sources,
    pub(crate) access_token_ttl: Duration,
    pub(crate) refresh_token_ttl: Duration,
    /// None when this service sends no mail.
    pub(crate) mail: Option<Mails>,
}

impl Core {
    /// What mails need, for calls that are of no use without one.
    pub(crate) fn mails(&self) -> Result<&Mails, Error> {
        self.mail.as_ref().ok_or(Error::MailNotConfigured)
    }

    /// Something may have been written into the outbox.
    pub(crate) fn wake_mails(&self) {
        if let Some(mails) = &self.mail {
            mails.wake();
        }
    }
}
