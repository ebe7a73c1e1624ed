use artisan_proto::artisan::user::v1::{
    EraseUserRequest, ExportUserDataRequest, ExportUserDataResponse, UserEvent,
};
use artisan_store::{DeleteUserError, ListEvents, UserId};
use tonic::Request;

use super::Users;
use super::events::event_to_proto;
use crate::auth::Admission;
use crate::convert::user_to_proto;
use crate::error::Error;
use crate::sessions::session_to_proto;

const EVENTS_AT_A_TIME: u32 = 1000;

impl Users {
    /// Everything that is held about a user, a deleted one too. What is left out are secrets: hashes
    /// of the password and of refresh tokens.
    pub(super) async fn export(
        &self,
        request: &Request<ExportUserDataRequest>,
    ) -> Result<ExportUserDataResponse, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let id = admission.reach(&request.get_ref().name, "name")?;
        let user = self.0.store.find_user(id).await?.ok_or(Error::UserNotFound)?;
        let sessions = self.0.store.list_sessions(id).await?;
        let pending = self.0.store.find_pending_email(id).await?;
        Ok(ExportUserDataResponse {
            user: Some(user_to_proto(&user)),
            sessions: sessions.iter().map(session_to_proto).collect(),
            events: self.events_of(id).await?,
            pending_email: pending.map(|email| email.as_str().to_owned()).unwrap_or_default(),
        })
    }

    /// The whole audit trail.
    async fn events_of(&self, user: UserId) -> Result<Vec<UserEvent>, Error> {
        let mut list = ListEvents { user, page_size: EVENTS_AT_A_TIME, after: None };
        let mut events = Vec::new();
        loop {
            let page = self.0.store.list_events(&list).await?;
            events.extend(page.events.iter().map(event_to_proto));
            list.after = page.next;
            if list.after.is_none() {
                return Ok(events);
            }
        }
    }

    /// Removes a user for good. What the audit trail keeps is the id, which leads to nobody any more.
    pub(super) async fn erase(&self, request: &Request<EraseUserRequest>) -> Result<(), Error> {
        let admission = Admission::in_force(request.extensions())?;
        let id = admission.reach(&request.get_ref().name, "name")?;
        self.0.store_of(request.extensions()).erase_user(id, self.0.sources.now()).await.map_err(
            |error| match error {
                DeleteUserError::NotFound => Error::UserNotFound,
                DeleteUserError::AlreadyDeleted => Error::UserDeleted,
                DeleteUserError::Stale => Error::EtagMismatch,
                DeleteUserError::LastAdmin => Error::LastAdmin,
                DeleteUserError::Store(error) => error.into(),
            },
        )?;
        tracing::info!(user.id = %id.0, "user erased");
        Ok(())
    }
}
