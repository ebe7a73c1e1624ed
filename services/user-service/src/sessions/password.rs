use artisan_proto::artisan::user::v1::ChangePasswordRequest;
use artisan_store::{ChangePassword, ChangePasswordError, Checker, Password};
use tonic::Request;
use zeroize::Zeroizing;

use super::Sessions;
use super::attempt::Attempt;
use crate::auth::Admission;
use crate::error::Error;
use crate::layer::Deadline;

impl Sessions {
    /// Replaces the caller's password and ends all their sessions but the one that calls.
    pub(super) async fn change_password_of(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Result<(), Error> {
        let (_, extensions, request) = request.into_parts();
        let ChangePasswordRequest { name, current_password, new_password } = request;
        let current = Zeroizing::new(current_password);
        let new = Zeroizing::new(new_password);
        let admission = Admission::in_force(&extensions)?;
        let deadline = Deadline::in_force(&extensions);
        let id = admission.reach(&name, "name")?;
        let keep = admission.caller()?.session;
        check(&current, &new)?;

        let attempt = Attempt::within(&self.0, id, keep).await?;
        let hash = self.0.store.find_password_hash(id).await?;
        let verdict = self.0.hashing.verify(current, hash.clone(), deadline).await?;
        let Some(current_hash) = hash.filter(|_| verdict.is_right) else {
            attempt.failed();
            verdict.may_be_told().await;
            return Err(Error::CurrentPassword);
        };
        attempt.succeeded(id).await?;
        let new_hash = self.0.hashing.hash(new, deadline).await?;
        let (current_hash, new_hash) = (current_hash.as_str(), new_hash.as_str());
        let time = self.0.sources.now();
        let change = ChangePassword { id, current_hash, new_hash, keep, time };
        let changed = self.0.store_of(&extensions).change_password(&change).await;
        changed.map_err(|error| match error {
            ChangePasswordError::NotFound => Error::UserNotFound,
            ChangePasswordError::Stale => Error::CurrentPassword,
            ChangePasswordError::Store(error) => error.into(),
        })?;
        tracing::info!(user.id = %id.0, "password changed");
        Ok(())
    }
}

/// Everything that is wrong is found at once, and before anything is hashed.
fn check(current: &str, new: &str) -> Result<(), Error> {
    let mut checker = Checker::new();
    if current.is_empty() {
        checker.add("current_password", "is required");
    }
    let parsed = checker.take("new_password", Password::parse(new));
    if parsed.is_some() && current == new {
        checker.add("new_password", "must differ from the current one");
    }
    Ok(checker.finish(parsed.map(drop))?)
}
