use artisan_proto::artisan::user::v1::{ListUserEventsRequest, ListUserEventsResponse, UserEvent};
use artisan_store::{Event, ListEvents};
use tonic::Request;

use super::Users;
use crate::auth::Admission;
use crate::convert::timestamp;
use crate::error::Error;
use crate::names::{event_name, user_name};
use crate::page::page_size;

impl Users {
    /// One page of what happened to a user, newest first.
    pub(super) async fn list_events(
        &self,
        request: Request<ListUserEventsRequest>,
    ) -> Result<ListUserEventsResponse, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let request = request.into_inner();
        let user = admission.reach(&request.parent, "parent")?;
        let page_size = page_size(request.page_size)?;
        let id = user.0.to_string();
        let query = ["ListUserEvents", id.as_str()];
        let after = self.0.pages.read(&query, &request.page_token)?;
        let store = self.0.store_for_reading(admission);
        let page = store.list_events(&ListEvents { user, page_size, after }).await?;
        // The trail of an erased user outlives the user, so that its being there decides first.
        if page.events.is_empty() && after.is_none() {
            store.find_user(user).await?.ok_or(Error::UserNotFound)?;
        }
        let next_page_token = match page.next {
            Some(last) => self.0.pages.write(&query, last)?,
            None => String::new(),
        };
        let user_events = page.events.iter().map(event_to_proto).collect();
        Ok(ListUserEventsResponse { user_events, next_page_token })
    }
}

/// The event as clients see it.
pub(crate) fn event_to_proto(event: &Event) -> UserEvent {
    UserEvent {
        name: event_name(event.user_id.0, event.id.0),
        r#type: event.kind.clone(),
        actor: event.actor.map(|actor| user_name(actor.0)).unwrap_or_default(),
        create_time: Some(timestamp(event.create_time)),
        changed_fields: event.details.changed_fields.clone(),
        request_id: event.request_id.clone(),
    }
}
