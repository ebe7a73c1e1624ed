use artisan_proto::http::to_json;
use artisan_store::Event;
use serde_json::{Value, json};

use super::RelayError;
use crate::DOMAIN;
use crate::convert::timestamp;
use crate::names::user_name;
use crate::users::event_to_proto;

/// The media type of [`CloudEvent::body`].
pub(super) const CONTENT_TYPE: &str = "application/cloudevents+json";

/// An event as others are told of it: `CloudEvents` 1.0 in structured mode.
/// <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>
#[derive(Debug)]
pub(super) struct CloudEvent {
    pub(super) id: String,
    /// Of the `CloudEvent`, and the subject under which it is sent.
    pub(super) kind: String,
    pub(super) body: Vec<u8>,
}

impl CloudEvent {
    pub(super) fn of(event: &Event, number: i64) -> Result<Self, RelayError> {
        let (id, kind) = (event.id.to_string(), format!("{DOMAIN}.{}", event.kind));
        let data = to_json(&event_to_proto(event)).map_err(RelayError::encoding)?;
        let data: Value = serde_json::from_slice(&data).map_err(RelayError::encoding)?;
        let body = json!({
            "specversion": "1.0",
            "id": id,
            "source": format!("//{DOMAIN}"),
            "type": kind,
            "subject": user_name(event.user_id.0),
            "time": timestamp(event.create_time).to_string(),
            // Of one length, so that their order as text is that of the numbers.
            "sequence": format!("{number:020}"),
            "datacontenttype": "application/json",
            "data": data,
        });
        Ok(Self { id, kind, body: body.to_string().into_bytes() })
    }
}
