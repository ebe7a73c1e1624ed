use std::time::Duration;

use artisan_proto::artisan::user::v1::user::Profile as ProtoProfile;
use artisan_proto::artisan::user::v1::{self as proto, UpdateUserRequest, artisan};
use artisan_store::{
    Address, Backoff, Checker, Done, Email, Once, Revision, Store, UpdateUser, UpdateUserError,
    UserId,
};
use tonic::Request;

use super::Users;
use super::mask::{Path, paths_of};
use super::merge::merge;
use crate::auth::Admission;
use crate::convert::{etag_allows, take_address, take_profile, user_to_proto};
use crate::error::{Error, Violation};
use crate::requests::answer_again;

/// How often a change without an etag is merged anew with what others wrote meanwhile: each time one of
/// them gets through.
const ATTEMPTS: u32 = 40;
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// What a request wants of whom.
struct Change {
    id: UserId,
    wanted: proto::User,
    paths: Vec<Path>,
    by_admin: bool,
    validate_only: bool,
}

impl Users {
    /// Writes the masked fields; with an etag, only onto the version that it names.
    pub(super) async fn update(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<proto::User, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let store = self.0.store_of(request.extensions());
        let request = request.into_inner();
        let name = request.user.as_ref().map(|user| user.name.as_str());
        let id = admission
            .reach(name.ok_or_else(|| Error::field("user", "is required"))?, "user.name")?;
        let request_id = self.0.requests.read(admission, "UpdateUser", &request)?;
        let wanted = request.user.unwrap_or_default();
        let mask = request.update_mask.as_ref().map(|mask| mask.paths.as_slice());
        let paths = paths_of(mask, &wanted).map_err(Error::Invalid)?;
        let by_admin = admission.is_admin();
        let change = Change { id, wanted, paths, by_admin, validate_only: request.validate_only };
        let once = request_id
            .filter(|_| !change.validate_only)
            .map(|request_id| request_id.once(self.0.sources.now()));
        if let Some(once) = &once
            && let Some(repeated) = store.find_request(once).await?
        {
            return answer_again(repeated);
        }
        let mut backoff = Backoff::new(ATTEMPTS, FIRST_PAUSE);
        loop {
            let result = self.try_update(&store, &change, once.as_ref()).await;
            // The etag may be stale because the same call has just replaced it.
            if let (Err(_), Some(once)) = (&result, &once)
                && let Some(repeated) = store.find_request(once).await?
            {
                return answer_again(repeated);
            }
            match result {
                // Without an etag the client did not see the version that somebody replaced.
                Err(Error::EtagMismatch) if is_any(&change.wanted.etag) => {}
                result => return result,
            }
            if !backoff.wait().await {
                return Err(Error::Contended("the user changed during every attempt".into()));
            }
        }
    }

    async fn try_update(
        &self,
        store: &Store,
        change: &Change,
        once: Option<&Once<'_>>,
    ) -> Result<proto::User, Error> {
        let found = store.find_user(change.id).await?.ok_or(Error::UserNotFound)?;
        if found.delete_time.is_some() {
            return Err(Error::UserDeleted);
        }
        if !etag_allows(&change.wanted.etag, found.revision) {
            return Err(Error::EtagMismatch);
        }
        let current = user_to_proto(&found);
        let mut merged = merge(&current, &change.wanted, &change.paths).map_err(Error::Invalid)?;
        let is_new = merged.address != current.address;
        let address = merged.address.as_mut().filter(|new| is_new && new.country.is_empty());
        if let Some(address) = address {
            Address::DEFAULT_COUNTRY.clone_into(&mut address.country);
        }
        if !change.by_admin && artisan_state(&merged) != artisan_state(&current) {
            return Err(Error::FieldDenied("user.artisan.state"));
        }
        let (update, email) = self.parse_changes(change.id, found.revision, &current, &merged)?;
        if email.is_some() {
            self.0.mails()?;
        }
        // The address acts only once it was verified: until then it stays as it is.
        merged.email.clone_from(&current.email);
        if change.validate_only {
            return Ok(merged);
        }
        // Alone it is meant; among others it may be what a client has read and writes back.
        if email.is_none() && change.paths == [Path::Email] {
            store.withdraw_email_change(change.id, self.0.sources.now()).await?;
        }
        if merged == current && email.is_none() {
            let Some(once) = once else { return Ok(merged) };
            let repeated = store.remember_request(&found, once).await?;
            return repeated.map_or(Ok(merged), answer_again);
        }
        let updated = match (email, once) {
            (Some(email), once) => self.change_email(store, &update, email, once).await?,
            (None, Some(once)) => {
                store.update_user_once(&update, once).await.map_err(update_error)?
            }
            (None, None) => Done::Now(store.update_user(&update).await.map_err(update_error)?),
        };
        match updated {
            Done::Now(user) => Ok(user_to_proto(&user)),
            Done::Before(repeated) => answer_again(repeated),
        }
    }

    /// Checks what changes, and only that: what an older version let in does not stand in the way.
    fn parse_changes(
        &self,
        id: UserId,
        revision: Revision,
        current: &proto::User,
        merged: &proto::User,
    ) -> Result<(UpdateUser, Option<Email>), Error> {
        let mut checker = Checker::new();
        let email = if merged.email == current.email {
            None
        } else {
            checker.take("user.email", Email::parse(&merged.email))
        };
        let profile = if merged.profile == current.profile {
            None
        } else {
            if artisan_state(merged) == Some(artisan::State::Unspecified as i32) {
                checker.add("user.artisan.state", "must be ACTIVE, PENDING or SUSPENDED");
            }
            take_profile(&mut checker, merged.profile.as_ref())
        };
        let address = (merged.address != current.address).then(|| {
            merged.address.as_ref().and_then(|address| take_address(&mut checker, address))
        });
        let expected = Some(revision);
        let update_time = self.0.sources.now();
        let update = UpdateUser { id, expected, profile, address, update_time };
        Ok(checker.finish(Some((update, email)))?)
    }
}

fn artisan_state(user: &proto::User) -> Option<i32> {
    match &user.profile {
        Some(ProtoProfile::Artisan(artisan)) => Some(artisan.state),
        Some(ProtoProfile::Buyer(_)) | None => None,
    }
}

pub(super) fn update_error(error: UpdateUserError) -> Error {
    match error {
        UpdateUserError::NotFound => Error::UserNotFound,
        UpdateUserError::Deleted => Error::UserDeleted,
        UpdateUserError::Stale => Error::EtagMismatch,
        UpdateUserError::KindChanged => kind_changed(),
        UpdateUserError::Store(error) => error.into(),
    }
}

fn is_any(etag: &str) -> bool {
    etag.is_empty() || etag == "*"
}

fn kind_changed() -> Error {
    Error::Invalid(vec![Violation::new("user.profile", "the kind of profile cannot be changed")])
}
