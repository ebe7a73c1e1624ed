//! A user's sessions, seen and ended.

use artisan_proto::artisan::user::v1::{
    ListSessionsRequest, ListSessionsResponse, RevokeAllSessionsRequest, RevokeSessionRequest,
};
use artisan_store::{ListSessions, RevokeSessionError, SessionId};
use tonic::Request;

use super::{Sessions, session_to_proto};
use crate::auth::Admission;
use crate::error::Error;
use crate::names::{parse_uuid, split_session_name};
use crate::page::page_size;

impl Sessions {
    /// One page, newest first, ended sessions too.
    pub(super) async fn list(
        &self,
        request: Request<ListSessionsRequest>,
    ) -> Result<ListSessionsResponse, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let request = request.into_inner();
        let user = admission.reach(&request.parent, "parent")?;
        let page_size = page_size(request.page_size)?;
        let id = user.0.to_string();
        let query = ["ListSessions", id.as_str()];
        let after = self.0.pages.read(&query, &request.page_token)?;
        let page = self.0.store.list_session_page(&ListSessions { user, page_size, after }).await?;
        if page.sessions.is_empty() && after.is_none() {
            self.0.store.find_user(user).await?.ok_or(Error::UserNotFound)?;
        }
        let next_page_token = match page.next {
            Some(last) => self.0.pages.write(&query, last)?,
            None => String::new(),
        };
        let sessions = page.sessions.iter().map(session_to_proto).collect();
        Ok(ListSessionsResponse { sessions, next_page_token })
    }

    /// Ends a session; one that was ended before stays so.
    pub(super) async fn revoke(&self, request: Request<RevokeSessionRequest>) -> Result<(), Error> {
        let (_, extensions, RevokeSessionRequest { name }) = request.into_parts();
        let wrong = || Error::field("name", "must be users/{uuid}/sessions/{uuid}");
        let (user, session) = split_session_name(&name).ok_or_else(wrong)?;
        let user = Admission::in_force(&extensions)?.reach(user, "name")?;
        let session = SessionId(parse_uuid(session).ok_or_else(wrong)?);
        let (store, now) = (self.0.store_of(&extensions), self.0.sources.now());
        store.revoke_session(user, session, now).await.map(drop).map_err(|error| match error {
            RevokeSessionError::NotFound => Error::SessionNotFound,
            RevokeSessionError::Store(error) => error.into(),
        })
    }

    /// Ends all sessions, the caller's own among them.
    pub(super) async fn revoke_all(
        &self,
        request: Request<RevokeAllSessionsRequest>,
    ) -> Result<(), Error> {
        let (_, extensions, RevokeAllSessionsRequest { parent }) = request.into_parts();
        let user = Admission::in_force(&extensions)?.reach(&parent, "parent")?;
        let (store, now) = (self.0.store_of(&extensions), self.0.sources.now());
        if store.revoke_sessions(user, now).await? == 0 {
            store.find_user(user).await?.ok_or(Error::UserNotFound)?;
        }
        Ok(())
    }
}
