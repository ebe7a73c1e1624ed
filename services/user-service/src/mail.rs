//! Mails: what is written into them, and how they are sent.
//!
//! A handler writes a mail into the outbox together with the change that it tells of; a worker in every
//! replica claims what is due, one replica for each mail, and sends it. A mail that was sent twice, because
//! its sender died before it could say so, has the same Message-ID both times.

mod deliver;
mod language;
mod letter;
mod template;
mod token;
mod transport;

use std::time::Duration;

use artisan_store::{MailId, MailLimits, Notice, TokenMail};
use opentelemetry::global;
use opentelemetry::metrics::Counter;
use time::OffsetDateTime;
use tokio::sync::Notify;

use crate::clock::Sources;
use crate::config::MailSettings;
use crate::error::Error;
use crate::token::SigningKeys;

pub use deliver::Deliveries;
pub(crate) use deliver::Postman;
pub use language::Language;
pub(crate) use token::MailTokens;
use transport::Transport;

/// How often mails may be asked for. What goes beyond for an address is dropped in silence, since the
/// answer must not tell whether the address has an account; what goes beyond for an account is refused.
pub(crate) const LIMITS: MailLimits =
    MailLimits { window: time::Duration::hours(1), per_address: 5, per_account: 10 };

/// How long it makes sense to tell somebody of a change.
const NOTICE_TTL: Duration = Duration::from_hours(3 * 24);

/// Everything that mails need.
#[derive(Debug)]
pub(crate) struct Mails {
    settings: MailSettings,
    tokens: MailTokens,
    transport: Transport,
    due: Notify,
    deliveries: Counter<u64>,
}

impl Mails {
    pub(crate) fn new(settings: &MailSettings, keys: &SigningKeys) -> Self {
        Self {
            settings: settings.clone(),
            tokens: MailTokens::new(keys),
            transport: Transport::new(settings),
            due: Notify::new(),
            deliveries: global::meter("artisan_user_service")
                .u64_counter("mail.deliveries")
                .with_unit("{mail}")
                .with_description("Mails by what became of them.")
                .build(),
        }
    }

    /// A mail that asks for an address to be verified.
    pub(crate) fn verification(&self, sources: &Sources) -> Result<TokenMail, Error> {
        self.with_token(sources, self.settings.verification_ttl)
    }

    /// A mail that lets a password be replaced.
    pub(crate) fn reset(&self, sources: &Sources) -> Result<TokenMail, Error> {
        self.with_token(sources, self.settings.reset_ttl)
    }

    fn with_token(&self, sources: &Sources, ttl: Duration) -> Result<TokenMail, Error> {
        let (seed, token_hash) = self.tokens.generate()?;
        let now = sources.now();
        let id = MailId(sources.next_id());
        Ok(TokenMail { id, seed, token_hash, create_time: now, expire_time: now + ttl })
    }

    /// Something was written into the outbox: it need not wait for the next look.
    pub(crate) fn wake(&self) {
        self.due.notify_one();
    }
}

/// A mail that tells of a change.
pub(crate) fn notice(sources: &Sources) -> Notice {
    let now = sources.now();
    Notice { id: MailId(sources.next_id()), create_time: now, expire_time: now + NOTICE_TTL }
}

/// How long to wait until then.
pub(crate) fn until(then: OffsetDateTime, now: OffsetDateTime) -> Duration {
    Duration::try_from(then - now).unwrap_or_default().max(Duration::from_secs(1))
}
