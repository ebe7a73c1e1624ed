use std::sync::Arc;
use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_store::{Mail, MailKind, StoreError};
use opentelemetry::KeyValue;
use time::OffsetDateTime;

use super::transport::Failure;
use super::{LIMITS, Mails, letter};
use crate::core::Core;
use crate::error::chain;

/// How many mails a replica sends at a time.
const HANDS: usize = 4;
/// How long a mail is its sender's: longer than a server is waited for.
const LEASE: Duration = Duration::from_mins(2);
/// How often is looked for mails of other replicas, and for those that are due again.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long a mail that is being sent may hold up the end of the program.
const LAST_WORDS: Duration = Duration::from_secs(3);
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// How long a mail that was given up is kept.
const KEEP_DEAD: Duration = Duration::from_hours(30 * 24);
/// With the pauses between them about a day.
const MAX_ATTEMPTS: u32 = 16;
const FIRST_PAUSE: Duration = Duration::from_secs(15);
const LONGEST_PAUSE: Duration = Duration::from_hours(4);

/// What became of the mails that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Taken by the server.
    pub sent: u32,
    /// To be tried again later.
    pub deferred: u32,
    /// Given up, and kept.
    pub dead: u32,
    /// Of no use any more: the token was used or replaced, or there is no account.
    pub moot: u32,
}

/// Sends what is in the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Postman {
    pub(crate) core: Arc<Core>,
}

enum Fate {
    Sent,
    Moot,
    Later(String),
    Dead(String),
}

impl Fate {
    fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Moot => "moot",
            Self::Later(_) => "deferred",
            Self::Dead(_) => "dead",
        }
    }
}

impl Postman {
    /// Runs until the service stops; a mail that is being sent is finished, unless that takes long.
    pub(crate) async fn run(&self, shutdown: &Shutdown) {
        let Some(mails) = &self.core.mail else { return };
        let hands = (0..HANDS).map(|_| self.work(mails, shutdown));
        let working =
            async { tokio::join!(futures_util::future::join_all(hands), self.sweep(shutdown)) };
        // A server that hangs must not hold the program up: the mail is another replica's then.
        let last_words = async {
            shutdown.stopping().await;
            tokio::time::sleep(LAST_WORDS).await;
        };
        tokio::select! {
            _ = working => {}
            () = last_words => {}
        }
    }

    async fn work(&self, mails: &Mails, shutdown: &Shutdown) {
        let mut is_broken = false;
        loop {
            let result = self.send_due(mails, shutdown).await;
            // A database that does not answer is told of once; the health service tells more.
            if let (Err(error), false) = (&result, is_broken) {
                tracing::warn!(error.cause = chain(error), "mails wait for the database");
            }
            is_broken = result.is_err();
            tokio::select! {
                biased;
                () = shutdown.draining() => return,
                () = mails.due.notified(), if !is_broken => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn send_due(&self, mails: &Mails, shutdown: &Shutdown) -> Result<(), StoreError> {
        while !shutdown.is_draining() && self.send_next(mails).await?.is_some() {}
        Ok(())
    }

    async fn sweep(&self, shutdown: &Shutdown) {
        loop {
            tokio::select! {
                biased;
                () = shutdown.draining() => return,
                () = tokio::time::sleep(SWEEP_EVERY) => {}
            }
            let now = self.core.sources.now();
            let swept = self.core.store.sweep_mails(now, now - LIMITS.window, now - KEEP_DEAD);
            if let Err(error) = swept.await {
                tracing::debug!(error.cause = chain(&error), "old mails could not be swept");
            }
        }
    }

    /// Sends everything that is due now.
    pub(crate) async fn deliver(&self) -> Result<Deliveries, StoreError> {
        let mut deliveries = Deliveries::default();
        let Some(mails) = &self.core.mail else { return Ok(deliveries) };
        while let Some(fate) = self.send_next(mails).await? {
            match fate {
                Fate::Sent => deliveries.sent += 1,
                Fate::Moot => deliveries.moot += 1,
                Fate::Later(_) => deliveries.deferred += 1,
                Fate::Dead(_) => deliveries.dead += 1,
            }
        }
        Ok(deliveries)
    }

    async fn send_next(&self, mails: &Mails) -> Result<Option<Fate>, StoreError> {
        let store = &self.core.store;
        let now = self.core.sources.now();
        let Some(mail) = store.claim_mail(now, now + LEASE).await? else { return Ok(None) };
        let fate = self.send(mails, &mail, now).await?;
        let now = self.core.sources.now();
        let kind = mail.kind.as_str();
        let outcome =
            [KeyValue::new("mail.kind", kind), KeyValue::new("mail.outcome", fate.name())];
        mails.deliveries.add(1, &outcome);
        let is_ours = match &fate {
            Fate::Sent | Fate::Moot => store.remove_mail(&mail).await?,
            Fate::Later(failure) => {
                let due = now + pause(mail.attempts, &mail);
                tracing::warn!(
                    mail.id = %mail.id, mail.kind = kind, mail.attempts = mail.attempts, failure,
                    "a mail was not sent; it will be tried again"
                );
                store.defer_mail(&mail, due, failure).await?
            }
            Fate::Dead(failure) => {
                tracing::error!(
                    mail.id = %mail.id, mail.kind = kind, mail.attempts = mail.attempts, failure,
                    "a mail was given up; it is kept among the mails with a dead_time"
                );
                store.bury_mail(&mail, now, failure).await?
            }
        };
        if !is_ours {
            tracing::warn!(mail.id = %mail.id, "a mail took too long, and another replica has it");
        }
        Ok(Some(fate))
    }

    async fn send(
        &self,
        mails: &Mails,
        mail: &Mail,
        now: OffsetDateTime,
    ) -> Result<Fate, StoreError> {
        // Nobody was found to whom it belongs: its address is not kept.
        if mail.user_id.is_none() && (mail.attempts > MAX_ATTEMPTS || mail.expire_time <= now) {
            return Ok(Fate::Moot);
        }
        // Counted when it is claimed, so that a mail that kills its senders ends too.
        if mail.attempts > MAX_ATTEMPTS {
            return Ok(Fate::Dead("no attempt was finished".to_owned()));
        }
        if mail.expire_time <= now {
            return Ok(Fate::Dead("it came too late".to_owned()));
        }
        let hash = mail.seed.and_then(|seed| mails.tokens.first(&seed)).map(|token| token.hash);
        let Some(prepared) = self.core.store.prepare_mail(mail, hash, LIMITS, now).await? else {
            return Ok(Fate::Moot);
        };
        // Two spellings are one address to us, and two mailboxes to a mail server.
        let to_the_account = (mail.kind == MailKind::ResetPassword)
            .then(|| Mail { email: prepared.user.email.clone(), ..mail.clone() });
        let mail = to_the_account.as_ref().unwrap_or(mail);
        let token = match (prepared.token_hash, mail.seed) {
            (None, _) => None,
            (Some(hash), seed) => {
                let token = seed.and_then(|seed| mails.tokens.find(&seed, hash));
                // Another replica may have the key already, or still.
                let Some(token) = token else {
                    return Ok(later(mail, "no TOKEN_SIGNING_KEY makes its token".to_owned()));
                };
                Some(token.text)
            }
        };
        let token = token.as_ref().map(|text| text.as_str());
        let Ok(letter) = letter::write(&mails.settings, mail, &prepared, token) else {
            return Ok(Fate::Dead("it cannot be written".to_owned()));
        };
        Ok(match mails.transport.send(mail, &letter).await {
            Ok(()) => Fate::Sent,
            Err(Failure::Permanent(failure)) => Fate::Dead(failure),
            Err(Failure::Transient(failure)) => later(mail, failure),
        })
    }
}

fn later(mail: &Mail, failure: String) -> Fate {
    if mail.attempts >= MAX_ATTEMPTS { Fate::Dead(failure) } else { Fate::Later(failure) }
}

/// Twice as long each time, up to hours, and a part that differs from mail to mail.
fn pause(attempts: u32, mail: &Mail) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    let pause = doubled.min(LONGEST_PAUSE);
    let spread = u32::from(mail.id.0.as_bytes().last().copied().unwrap_or_default());
    pause + pause * spread / 1024
}
