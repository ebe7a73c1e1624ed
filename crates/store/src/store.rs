use time::OffsetDateTime;
use tracing::Instrument as _;

use crate::db::Db;
use crate::engine::{Engine as _, MySql, Postgres, Sqlite, mysql_pool, postgres_pool, sqlite_pool};
use crate::error::{
    ConnectError, CreateSessionError, CreateUserError, DeleteUserError, ReplacePasswordError,
    RevokeSessionError, RotateError, StoreError, UpdateUserError,
};
use crate::url::{DatabaseUrl, Scheme};
use crate::{
    Caller, Credential, DeleteUser, Email, EnsuredAdmin, ListUsers, NewSession, NewUser, Page,
    Refreshed, Roles, Rotation, Session, SessionId, StoreOptions, UpdateUser, User, UserId, schema,
    sessions, users,
};

/// The accounts in a database of any of the engines. Clones share the connections.
///
/// Reads are one query each, and are tried again when an idle connection turns out to be dead.
/// Writes are one transaction each; a transaction that lost against another one is done again, a
/// bounded number of times. A call that is dropped before it ends has its transaction rolled back.
/// Times are cut to microseconds.
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

    /// The user of that e-mail in any case, a deleted one too.
    pub async fn find_user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError> {
        call!(self, "db.users.find_by_email", "find_user_by_email", |db| {
            users::find_by_email(db, email)
        })
    }

    /// A page of users, oldest first. The place between two pages is that of the last user shown,
    /// so that a page costs the same wherever it is, and no user is shown twice or left out.
    pub async fn list_users(&self, list: &ListUsers) -> Result<Page, StoreError> {
        call!(self, "db.users.list", "list_users", |db| users::list(db, list))
    }

    /// Changes a user as a whole, provided that it still has the expected revision.
    pub async fn update_user(&self, change: &UpdateUser) -> Result<User, UpdateUserError> {
        call!(self, "db.users.update", "update_user", |db| users::update(db, change))
    }

    /// Marks a user as deleted and revokes the sessions. The e-mail stays taken.
    pub async fn delete_user(&self, deletion: &DeleteUser) -> Result<User, DeleteUserError> {
        call!(self, "db.users.delete", "delete_user", |db| users::delete(db, deletion))
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
    /// rotation once more, with the same successor, is the same rotation.
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

    /// Every session of a user, newest first.
    pub async fn list_sessions(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        call!(self, "db.sessions.list", "list_sessions", |db| sessions::list(db, user))
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

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("system", &self.system()).finish_non_exhaustive()
    }
}
