use std::sync::Arc;

use time::OffsetDateTime;
use tracing::Instrument as _;

use crate::db::Db;
use crate::engine::{Engine as _, MySql, Postgres, Sqlite, mysql_pool, postgres_pool, sqlite_pool};
use crate::error::{
    ChangeAccountError, ChangePasswordError, ConnectError, CreateSessionError, CreateUserError,
    DeleteUserError, ReplacePasswordError, RevokeSessionError, RotateError, StoreError, Taken,
    UpdateUserError,
};
use crate::url::{DatabaseUrl, Scheme};
use crate::{
    Author, Caller, ChangeAccount, ChangePassword, Credential, DeleteUser, Done, Email,
    EnsuredAdmin, Event, EventPage, Lease, ListEvents, ListSessions, ListUsers, NewSession,
    NewUser, Once, Page, Refreshed, Repeated, Roles, Rotation, Session, SessionId, SessionPage,
    StoreOptions, Swept, UpdateUser, User, UserId, events, housekeeping, schema, sessions, users,
};

/// The accounts in a database of any of the engines. Clones share the connections.
///
/// Reads are one query each, and are tried again when an idle connection turns out to be dead.
/// Writes are one transaction each; a transaction that lost against another one is done again, a
/// bounded number of times. A call that is dropped before it ends has its transaction rolled back.
/// Times are cut to microseconds.
///
/// Every write to a user but the rotation of a refresh token, which the session itself tells of,
/// records an event in its transaction.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
}

#[derive(Clone)]
enum Backend {
    Sqlite(Db<Sqlite>),
    MySql(Db<MySql>),
    Postgres(Db<Postgres>),
}

/// Runs a call on the engine that was chosen at the start, in a span after OpenTelemetry's
/// conventions for databases; neither SQL nor values are recorded.
macro_rules! call {
    ($store:ident, $span:literal, $operation:literal, |$db:ident| $call:expr) => {
        match &$store.backend {
            Backend::Sqlite($db) => call!(@run Sqlite, $span, $operation, $call),
            Backend::MySql($db) => call!(@run MySql, $span, $operation, $call),
            Backend::Postgres($db) => call!(@run Postgres, $span, $operation, $call),
        }
    };
    (@run $engine:ident, $span:literal, $operation:literal, $call:expr) => {{
        let span = tracing::info_span!(
            $span,
            otel.kind = "client",
            otel.status_code = tracing::field::Empty,
            db.system.name = $engine::SYSTEM,
            db.operation.name = $operation,
            error.type = tracing::field::Empty,
        );
        // The drivers' futures are large: kept apart, they do not swell every caller's.
        Box::pin($call).instrument(span).await
    }};
}

mod mails;
mod relay;
mod replica;
mod sign_ins;
mod transfer;

impl Store {
    /// A store on the database that the URL names; must be called within a tokio runtime.
    ///
    /// Nothing is connected yet: a server may come up later, and calls answer
    /// [`StoreError::Unavailable`] until then. A URL that can never work is refused at once.
    pub fn connect(url: &str, options: StoreOptions) -> Result<Self, ConnectError> {
        let url = DatabaseUrl::parse(url)?;
        let backend = match url.scheme {
            Scheme::Sqlite => Backend::Sqlite(Db::new(sqlite_pool(&url.text, options)?)),
            Scheme::MySql => Backend::MySql(Db::new(mysql_pool(&url.text, options)?)),
            Scheme::Postgres => Backend::Postgres(Db::new(postgres_pool(&url.text, options)?)),
        };
        Ok(Self { backend })
    }

    /// The same accounts, written in this name: the events say so.
    #[must_use]
    pub fn by(&self, author: Author) -> Self {
        let author = Arc::new(author);
        let backend = match &self.backend {
            Backend::Sqlite(db) => Backend::Sqlite(db.by(&author)),
            Backend::MySql(db) => Backend::MySql(db.by(&author)),
            Backend::Postgres(db) => Backend::Postgres(db.by(&author)),
        };
        Self { backend }
    }

    /// The engine, by its name in OpenTelemetry's conventions.
    #[must_use]
    pub const fn system(&self) -> &'static str {
        match &self.backend {
            Backend::Sqlite(_) => Sqlite::SYSTEM,
            Backend::MySql(_) => MySql::SYSTEM,
            Backend::Postgres(_) => Postgres::SYSTEM,
        }
    }

    /// Closes every connection, after the calls that use one have ended.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(db) => db.close().await,
            Backend::MySql(db) => db.close().await,
            Backend::Postgres(db) => db.close().await,
        }
    }

    /// Whether a pooler stands before the server and gives each transaction another session. Prepared
    /// statements are of a session, so that there one call gets the rows of another one.
    pub async fn is_pooled(&self) -> Result<bool, StoreError> {
        call!(self, "db.is_pooled", "is_pooled", |db| db.is_pooled())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        call!(self, "db.ping", "ping", |db| schema::ping(db))
    }

    /// Which of the required migrations are not applied, or only half; all of them when nothing was
    /// ever migrated.
    pub async fn missing_versions(&self, required: &[i64]) -> Result<Vec<i64>, StoreError> {
        call!(self, "db.schema.missing_versions", "missing_versions", |db| {
            schema::missing_versions(db, required)
        })
    }
}

/// Users.
impl Store {
    /// Creates a user with everything that belongs to it, or nothing of it. That the e-mail is
    /// free is decided by the database's constraint, whatever happens at the same instant.
    pub async fn create_user(&self, new: &NewUser) -> Result<User, CreateUserError> {
        call!(self, "db.users.create", "create_user", |db| users::create(db, new))
    }

    /// The user of that id, a deleted one too.
    pub async fn find_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        call!(self, "db.users.find", "find_user", |db| users::find(db, id))
    }

    /// Whether a user may be made with this id: it stays that of whoever had it, erased ones too.
    pub async fn is_id_free(&self, id: UserId) -> Result<bool, StoreError> {
        call!(self, "db.users.is_id_free", "is_id_free", |db| users::is_id_free(db, id))
    }

    /// Those of the users that exist, deleted ones too, each once and in no particular order; one
    /// query for every thousand.
    pub async fn find_users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        call!(self, "db.users.find_many", "find_users", |db| users::find_many(db, ids))
    }

    /// The user of that e-mail in any case, a deleted one too.
    pub async fn find_user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError> {
        call!(self, "db.users.find_by_email", "find_user_by_email", |db| {
            users::find_by_email(db, email)
        })
    }

    /// A page of users. The place between two pages is that of the last user shown, so that a page
    /// costs the same wherever it is, and no user is shown twice or left out.
    pub async fn list_users(&self, list: &ListUsers) -> Result<Page, StoreError> {
        call!(self, "db.users.list", "list_users", |db| users::list(db, list))
    }

    /// How the database would answer [`Self::list_users`], in its own words: for tests and operators,
    /// never for clients.
    #[doc(hidden)]
    pub async fn explain_list_users(&self, list: &ListUsers) -> Result<String, StoreError> {
        call!(self, "db.users.explain_list", "explain", |db| users::explain_list(db, list))
    }

    /// Changes a user as a whole, provided that it still has the expected revision.
    pub async fn update_user(&self, change: &UpdateUser) -> Result<User, UpdateUserError> {
        call!(self, "db.users.update", "update_user", |db| users::update(db, change))
    }

    /// Marks a user as deleted and revokes the sessions. The e-mail stays taken.
    pub async fn delete_user(&self, deletion: &DeleteUser) -> Result<User, DeleteUserError> {
        call!(self, "db.users.delete", "delete_user", |db| users::delete(db, deletion))
    }

    /// Does what an administrator decided about an account, provided that it still has the expected
    /// revision. Of two admins who take the role from each other at the same instant one stays.
    pub async fn change_account(&self, change: &ChangeAccount) -> Result<User, ChangeAccountError> {
        call!(self, "db.users.change_account", "change_account", |db| {
            users::change_account(db, change)
        })
    }

    /// The roles of a user as they are now; none if the user is unknown or may not sign in.
    pub async fn find_roles(&self, id: UserId) -> Result<Option<Roles>, StoreError> {
        call!(self, "db.users.find_roles", "find_roles", |db| users::find_roles(db, id))
    }

    /// How many admins may sign in.
    pub async fn count_active_admins(&self) -> Result<u64, StoreError> {
        call!(self, "db.users.count_admins", "count_active_admins", |db| {
            users::count_active_admins(db)
        })
    }

    /// The oldest admin who may sign in.
    pub async fn find_admin(&self) -> Result<Option<User>, StoreError> {
        call!(self, "db.users.find_admin", "find_admin", |db| users::find_admin(db))
    }

    /// Creates the user unless there is an admin who may sign in; of several that do this at the
    /// same time one creates, whatever their e-mails.
    pub async fn ensure_admin(&self, new: &NewUser) -> Result<EnsuredAdmin, CreateUserError> {
        call!(self, "db.users.ensure_admin", "ensure_admin", |db| users::ensure_admin(db, new))
    }
}

/// Writes that happen once.
impl Store {
    /// What a call meets that was made before under the same id; nothing if there was none.
    pub async fn find_request(&self, once: &Once<'_>) -> Result<Option<Repeated>, StoreError> {
        call!(self, "db.requests.find", "find_request", |db| users::find_request(db, once))
    }

    /// [`Self::create_user`], unless the same call has created the user already. Of several at the
    /// same instant one creates, and the others hear what it was.
    pub async fn create_user_once(
        &self,
        new: &NewUser,
        once: &Once<'_>,
    ) -> Result<Done, CreateUserError> {
        call!(self, "db.users.create_once", "create_user", |db| users::create_once(db, new, once))
    }

    /// [`Self::update_user`], unless the same call has changed the user already.
    pub async fn update_user_once(
        &self,
        change: &UpdateUser,
        once: &Once<'_>,
    ) -> Result<Done, UpdateUserError> {
        call!(self, "db.users.update_once", "update_user", |db| {
            users::update_once(db, change, once)
        })
    }

    /// Remembers a call that had nothing to write; what it meets if it was made before.
    pub async fn remember_request(
        &self,
        user: &User,
        once: &Once<'_>,
    ) -> Result<Option<Repeated>, StoreError> {
        call!(self, "db.requests.remember", "remember_request", |db| {
            users::remember(db, user, once)
        })
    }
}

/// Many users, and users who go for good.
impl Store {
    /// Creates users in one transaction: each of them whole, or for a reason of its own not at all.
    /// An empty password hash makes a user without a password. At most a few thousand at a time.
    pub async fn create_users(
        &self,
        users: &[NewUser],
    ) -> Result<Vec<Result<User, Taken>>, StoreError> {
        call!(self, "db.users.create_batch", "create_users", |db| {
            users::create_batch(db, users, None)
        })
    }

    /// [`Self::create_users`] for users who are older than this: the events tell of now.
    pub async fn import_users(
        &self,
        users: &[NewUser],
        now: OffsetDateTime,
    ) -> Result<Vec<Result<User, Taken>>, StoreError> {
        call!(self, "db.users.import", "import_users", |db| {
            users::create_batch(db, users, Some(now))
        })
    }

    /// Whose the addresses are, by [`Email::key`]: of those that are taken, in no particular order.
    pub async fn find_email_owners(
        &self,
        keys: &[String],
    ) -> Result<Vec<(String, UserId)>, StoreError> {
        call!(self, "db.users.find_email_owners", "find_email_owners", |db| {
            users::find_email_owners(db, keys)
        })
    }

    /// Which of the ids stand in any event: of users who are here, or were here once.
    pub async fn find_mentioned(&self, ids: &[UserId]) -> Result<Vec<UserId>, StoreError> {
        call!(self, "db.events.find_mentioned", "find_mentioned", |db| {
            users::find_mentioned(db, ids)
        })
    }

    /// Removes a user, a deleted one too, and everything that identifies. The e-mail is free again.
    /// Never [`DeleteUserError::AlreadyDeleted`] or [`DeleteUserError::Stale`].
    pub async fn erase_user(&self, id: UserId, now: OffsetDateTime) -> Result<(), DeleteUserError> {
        call!(self, "db.users.erase", "erase_user", |db| users::erase(db, id, now))
    }

    /// Removes at most so many of the deleted users whose purge time has come; who they were. None
    /// if another replica holds the lease.
    pub async fn purge_users(
        &self,
        lease: &Lease,
        limit: u32,
    ) -> Result<Option<Vec<UserId>>, StoreError> {
        call!(self, "db.users.purge", "purge_users", |db| housekeeping::purge(db, lease, limit))
    }

    /// Forgets request ids, refresh tokens and attempts to sign in that have expired, and sessions that
    /// ended long ago: at most so many of each. None if another replica holds the lease.
    pub async fn sweep_expired(
        &self,
        lease: &Lease,
        limit: u32,
    ) -> Result<Option<Swept>, StoreError> {
        call!(self, "db.expired.sweep", "sweep_expired", |db| {
            housekeeping::sweep(db, lease, limit)
        })
    }
}

/// Credentials.
impl Store {
    /// The user of that e-mail in any case with the password's hash, a user who may not sign in too.
    pub async fn find_credential(&self, email: &Email) -> Result<Option<Credential>, StoreError> {
        call!(self, "db.credentials.find", "find_credential", |db| {
            users::find_credential(db, email)
        })
    }

    /// Stores another hash of the same password, provided that the old one still stands; whether it
    /// did. Sessions stay.
    pub async fn rehash(
        &self,
        id: UserId,
        old: &str,
        new: &str,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        call!(self, "db.credentials.rehash", "rehash", |db| users::rehash(db, id, old, new, now))
    }

    /// The password's hash of a user, a deleted one too.
    pub async fn find_password_hash(&self, id: UserId) -> Result<Option<String>, StoreError> {
        call!(self, "db.credentials.find_hash", "find_password_hash", |db| {
            users::find_hash(db, id)
        })
    }

    /// Stores the hash of another password, provided that the one it was compared with still
    /// stands, and revokes all sessions but one.
    pub async fn change_password(
        &self,
        change: &ChangePassword<'_>,
    ) -> Result<(), ChangePasswordError> {
        call!(self, "db.credentials.change", "change_password", |db| {
            users::change_password(db, change)
        })
    }

    /// Stores the hash of another password and revokes every session.
    pub async fn replace_password(
        &self,
        id: UserId,
        hash: &str,
        now: OffsetDateTime,
    ) -> Result<(), ReplacePasswordError> {
        call!(self, "db.credentials.replace", "replace_password", |db| {
            users::replace_password(db, id, hash, now)
        })
    }
}

/// Sessions.
impl Store {
    /// Creates a session and its first refresh token, provided that the user may sign in now.
    pub async fn create_session(&self, new: &NewSession) -> Result<Session, CreateSessionError> {
        call!(self, "db.sessions.create", "create_session", |db| sessions::create(db, new))
    }

    /// Exchanges a refresh token for its successor. A token is exchanged once: whoever shows it
    /// again gets [`RotateError::Reused`] and ends the session, at the same instant too. The same
    /// rotation once more, with the same successor, is the same rotation, for ten seconds and as long as
    /// the successor was not used.
    pub async fn rotate_refresh_token(
        &self,
        rotation: &Rotation,
    ) -> Result<Refreshed, RotateError> {
        call!(self, "db.sessions.rotate", "rotate_refresh_token", |db| {
            sessions::rotate(db, rotation)
        })
    }

    /// The session of that id, whatever its state.
    pub async fn find_session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        call!(self, "db.sessions.find", "find_session", |db| sessions::find(db, id))
    }

    /// The session of that id with its user's state and roles, in one query.
    pub async fn find_caller(&self, id: SessionId) -> Result<Option<Caller>, StoreError> {
        call!(self, "db.sessions.find_caller", "find_caller", |db| sessions::find_caller(db, id))
    }

    /// The same with the user of an id, if there is one: one query for both.
    pub async fn find_caller_and_user(
        &self,
        id: SessionId,
        user: UserId,
    ) -> Result<Option<(Caller, Option<User>)>, StoreError> {
        call!(self, "db.sessions.find_caller_and_user", "find_caller_and_user", |db| {
            sessions::find_caller_and_user(db, id, user)
        })
    }

    /// Every session of a user, newest first.
    pub async fn list_sessions(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        call!(self, "db.sessions.list", "list_sessions", |db| sessions::list(db, user))
    }

    /// A page of a user's sessions, newest first, ended ones too.
    pub async fn list_session_page(&self, list: &ListSessions) -> Result<SessionPage, StoreError> {
        call!(self, "db.sessions.list_page", "list_session_page", |db| {
            sessions::list_page(db, list)
        })
    }

    /// Revokes a session of a user; one that was revoked before keeps its time.
    pub async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        now: OffsetDateTime,
    ) -> Result<Session, RevokeSessionError> {
        call!(self, "db.sessions.revoke", "revoke_session", |db| {
            sessions::revoke(db, user, session, now)
        })
    }

    /// Revokes every session of a user; how many were not revoked before.
    pub async fn revoke_sessions(
        &self,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        call!(self, "db.sessions.revoke_all", "revoke_sessions", |db| {
            sessions::revoke_all(db, user, now)
        })
    }
}

/// Events.
impl Store {
    /// A page of what happened to a user, newest first.
    pub async fn list_events(&self, list: &ListEvents) -> Result<EventPage, StoreError> {
        call!(self, "db.events.list", "list_events", |db| events::list(db, list))
    }

    /// Gives the next numbers to events that were committed without one, at most so many; how many
    /// it were. Of several that do this at the same time one does it after the other, so that each
    /// event has one number, and a number becomes visible after all lower ones.
    pub async fn number_events(&self, limit: u32) -> Result<u64, StoreError> {
        call!(self, "db.events.number", "number_events", |db| events::number(db, limit))
    }

    /// The highest number that was given; 0 before the first.
    pub async fn last_event_number(&self) -> Result<i64, StoreError> {
        call!(self, "db.events.last_number", "last_event_number", |db| events::last_number(db))
    }

    /// Events of all users by their numbers, those after a number, so many at most.
    pub async fn list_numbered_events(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        call!(self, "db.events.list_numbered", "list_numbered_events", |db| {
            events::list_numbered(db, after, limit)
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("system", &self.system()).finish_non_exhaustive()
    }
}
