use artisan_proto::artisan::user::v1::{DeleteUserRequest, User};
use artisan_store::{DeleteUser, DeleteUserError, Store, UserId};
use time::Duration;
use tonic::Request;

use super::Users;
use crate::auth::Admission;
use crate::convert::{etag_allows, user_to_proto};
use crate::error::Error;
use crate::names::user_name;

/// How long a deleted user can be restored.
const PURGE_AFTER: Duration = Duration::days(30);

impl Users {
    /// Deletes a user softly (AIP-164) and revokes the sessions.
    pub(super) async fn delete(&self, request: Request<DeleteUserRequest>) -> Result<User, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let id = admission.reach(&request.get_ref().name, "name")?;
        let store = self.0.store_of(request.extensions());
        let DeleteUserRequest { etag, allow_missing, .. } = request.into_inner();
        match self.try_delete(&store, id, &etag).await {
            Err(Error::UserNotFound) if allow_missing => {
                Ok(User { name: user_name(id.0), ..User::default() })
            }
            Err(Error::UserDeleted) if allow_missing => {
                let user = self.0.store.find_user(id).await?.ok_or(Error::UserNotFound)?;
                Ok(user_to_proto(&user))
            }
            result => result,
        }
    }

    async fn try_delete(&self, store: &Store, id: UserId, etag: &str) -> Result<User, Error> {
        let expected = if etag.is_empty() {
            None
        } else {
            let user = store.find_user(id).await?.ok_or(Error::UserNotFound)?;
            if !etag_allows(etag, user.revision) {
                return Err(Error::EtagMismatch);
            }
            Some(user.revision)
        };
        let delete_time = self.0.sources.now();
        let delete =
            DeleteUser { id, expected, delete_time, purge_time: delete_time + PURGE_AFTER };
        let user = store.delete_user(&delete).await.map_err(|error| match error {
            DeleteUserError::NotFound => Error::UserNotFound,
            DeleteUserError::AlreadyDeleted => Error::UserDeleted,
            DeleteUserError::Stale => Error::EtagMismatch,
            DeleteUserError::LastAdmin => Error::LastAdmin,
            DeleteUserError::Store(error) => error.into(),
        })?;
        tracing::info!(user.id = %id.0, "user deleted");
        Ok(user_to_proto(&user))
    }
}
