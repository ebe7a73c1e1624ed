use std::fmt;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Position, Roles, User, UserId, UserState};

/// The id of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub Uuid);

impl fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The SHA-256 of a refresh token: what is stored, so that a copy of the database opens no session.
///
/// A plain hash is enough, since tokens are random and long.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub(crate) [u8; 32]);

impl TokenHash {
    /// The hash of a token.
    #[must_use]
    pub fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenHash(..)")
    }
}

/// A sign-in, which lives on as long as its refresh token is rotated in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When the user signed in.
    pub create_time: OffsetDateTime,
    /// When its refresh token was last rotated; at first the time of the sign-in.
    pub refresh_time: OffsetDateTime,
    /// When it ends unless it is refreshed before.
    pub expire_time: OffsetDateTime,
    /// When it was revoked, if it was.
    pub revoke_time: Option<OffsetDateTime>,
}

impl Session {
    /// Whether it is neither revoked nor expired.
    #[must_use]
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.revoke_time.is_none() && now < self.expire_time
    }

    /// Its place in the list of a user's sessions.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { create_time: self.create_time, id: UserId(self.id.0) }
    }
}

/// Which sessions of a user shall be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSessions {
    /// Whose.
    pub user: UserId,
    /// How many at most.
    pub page_size: u32,
    /// The place after which it begins; the newest if absent.
    pub after: Option<Position>,
}

/// A part of a list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPage {
    /// The sessions, newest first, ended ones too.
    pub sessions: Vec<Session>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<Position>,
}

/// A session to be created, with its first refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// The id, made by the caller.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The hash of the first refresh token.
    pub token_hash: TokenHash,
    /// Now, by the caller's clock.
    pub create_time: OffsetDateTime,
    /// When the session and its token end.
    pub expire_time: OffsetDateTime,
}

/// The exchange of a refresh token for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The hash of the token that the client has shown.
    pub presented: TokenHash,
    /// The hash of the token that the client will get.
    pub successor: TokenHash,
    /// Now, by the caller's clock.
    pub now: OffsetDateTime,
    /// When the session and the next token end.
    pub expire_time: OffsetDateTime,
}

/// A session after its refresh token was rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// The session.
    pub session: Session,
    /// Its user as they are now.
    pub user: User,
}

/// Who stands behind an access token, as the database knows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The session that the token names.
    pub session: Session,
    /// The state of its user.
    pub user_state: UserState,
    /// Whether its user was deleted.
    pub is_deleted: bool,
    /// The roles of its user.
    pub roles: Roles,
}

impl Caller {
    /// Whether the session is live and its user may sign in.
    #[must_use]
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.session.is_live(now) && self.user_state == UserState::Active && !self.is_deleted
    }
}
