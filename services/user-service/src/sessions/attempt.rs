//! Passwords that somebody may be guessing.

use std::sync::Arc;

use artisan_store::{
    BeginSignInError, BegunSignIn, Email, SessionId, SignInAttempt, SignInEnd, TokenHash, UserId,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::runtime::Handle;
use zeroize::Zeroizing;

use crate::client::Place;
use crate::core::Core;
use crate::error::{Error, chain};
use crate::mail::until;

/// Makes what attempts are counted by out of what must not stand in the database.
pub(crate) struct Attempts {
    secret: Zeroizing<[u8; 32]>,
}

impl Attempts {
    pub(crate) fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        Self { secret }
    }

    fn subject(&self, parts: &[&str]) -> Result<TokenHash, Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_slice())
            .map_err(|error| Error::Internal(error.to_string().into()))?;
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Ok(TokenHash::of(mac.finalize().into_bytes().as_slice()))
    }
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempts").finish_non_exhaustive()
    }
}

/// An attempt that is under way. It counts as failed once it is known to be; dropped before that, as by a
/// deadline, it has told its caller nothing, and does not count.
pub(super) struct Attempt {
    core: Arc<Core>,
    begun: Option<BegunSignIn>,
}

impl Attempt {
    /// An attempt to sign in. Done alike for accounts that there are and those that there are not.
    pub(super) async fn to_sign_in(
        core: &Arc<Core>,
        email: &Email,
        place: Place,
    ) -> Result<Self, Error> {
        let (account, origin) = (email.key(), place.key());
        let subject = |parts: &[&str]| core.attempts.subject(parts);
        let is_shared = matches!(place, Place::Shared(_));
        let attempt = SignInAttempt {
            place: subject(&["place", &account, &origin])?,
            is_shared,
            account: (!is_shared).then(|| subject(&["account", &account])).transpose()?,
            origin: (!is_shared).then(|| subject(&["origin", &origin])).transpose()?,
            time: core.sources.now(),
        };
        Self::begin(core, attempt).await
    }

    /// An attempt to show the password within a session: who has stolen a token has only that.
    pub(super) async fn within(
        core: &Arc<Core>,
        user: UserId,
        session: SessionId,
    ) -> Result<Self, Error> {
        let parts = ["session", &user.to_string(), &session.to_string()];
        let place = core.attempts.subject(&parts)?;
        let time = core.sources.now();
        let attempt = SignInAttempt { place, is_shared: false, account: None, origin: None, time };
        Self::begin(core, attempt).await
    }

    async fn begin(core: &Arc<Core>, attempt: SignInAttempt) -> Result<Self, Error> {
        let begun = core.store.begin_sign_in(&attempt).await.map_err(|error| match error {
            BeginSignInError::Limited { until: then } => {
                Error::SignInsLimited { retry_after: until(then, attempt.time) }
            }
            BeginSignInError::Store(error) => error.into(),
        })?;
        Ok(Self { core: Arc::clone(core), begun: Some(begun) })
    }

    /// The password was wrong.
    pub(super) fn failed(mut self) {
        self.begun = None;
    }

    /// The password was that of the user.
    pub(super) async fn succeeded(mut self, user: UserId) -> Result<(), Error> {
        let Some(begun) = self.begun.take() else { return Ok(()) };
        let now = self.core.sources.now();
        Ok(self.core.store.end_sign_in(&begun, SignInEnd::Right(user), now).await?)
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let (Some(begun), Ok(runtime)) = (self.begun.take(), Handle::try_current()) else { return };
        let (store, now) = (self.core.store.clone(), self.core.sources.now());
        runtime.spawn(async move {
            if let Err(error) = store.end_sign_in(&begun, SignInEnd::Unchecked, now).await {
                tracing::debug!(error.cause = chain(&error), "an attempt stays counted");
            }
        });
    }
}
