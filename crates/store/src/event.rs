use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Position, SessionId, UserId};

/// The id of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub Uuid);

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// In whose name something is written, and by which request: what every event says of its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// Who does it; nobody for the system itself and for anonymous callers.
    pub user: Option<UserId>,
    /// The id of the request, at most 128 characters; empty for the system itself.
    pub request_id: String,
}

/// What an event says beyond its kind: never an e-mail address, never a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventDetails {
    /// The paths of the fields that changed, as the contract names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed_fields: Vec<String>,
    /// The session that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Uuid>,
    /// How many sessions ended by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions_ended: Option<u64>,
}

impl EventDetails {
    /// About one session.
    #[must_use]
    pub fn of_session(id: SessionId) -> Self {
        Self { session: Some(id.0), ..Self::default() }
    }

    /// About so many sessions that ended.
    #[must_use]
    pub fn of_ended_sessions(count: u64) -> Self {
        Self { sessions_ended: Some(count), ..Self::default() }
    }

    /// About fields that changed.
    #[must_use]
    pub fn of_fields(fields: &[&str]) -> Self {
        let changed_fields = fields.iter().map(ToString::to_string).collect();
        Self { changed_fields, ..Self::default() }
    }
}

/// Something that happened to a user, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The id.
    pub id: EventId,
    /// To whom.
    pub user_id: UserId,
    /// What: a name of [`crate::EventKind`], or of a kind that a newer version knows.
    pub kind: String,
    /// Who did it; nobody for the system itself and for anonymous callers.
    pub actor: Option<UserId>,
    /// The id of the request that did it; empty for the system itself.
    pub request_id: String,
    /// What more there is to say.
    pub details: EventDetails,
    /// When, by the clock of the one who did it.
    pub create_time: OffsetDateTime,
    /// The number among all committed events; absent until it was given.
    pub sequence: Option<i64>,
}

impl Event {
    /// Its place in the list of a user's events.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { create_time: self.create_time, id: UserId(self.id.0) }
    }
}

/// Which events of a user shall be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListEvents {
    /// Whose.
    pub user: UserId,
    /// How many at most.
    pub page_size: u32,
    /// The place after which it begins; the newest if absent.
    pub after: Option<Position>,
}

/// A part of a list of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    /// The events, newest first.
    pub events: Vec<Event>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<Position>,
}
