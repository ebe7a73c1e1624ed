//! Users, credentials and sessions: the domain types, the store and its SQL.
//!
//! What a caller gives is parsed first: [`Email::parse`], [`Password::parse`], [`Address::parse`] and
//! their like, each naming every field that is wrong; a [`Checker`] collects the findings of several.
//! What was parsed goes into the [`Store`], which is the same on `SQLite`, `MySQL`, `MariaDB` and
//! `PostgreSQL`. Ids and times are the caller's.
//!
//! The SQL stands in `sql`, written once for all engines; `engine` holds what differs. The `users`
//! row is the lock of everything that hangs on a user: whoever writes below it locks or updates it
//! first, so that no session outlives a deletion and no refresh token is exchanged twice.

mod address;
mod backoff;
mod columns;
mod db;
mod decode;
mod email;
mod engine;
mod error;
mod fault;
mod names;
mod options;
mod password;
mod profile;
mod schema;
mod session;
mod sessions;
mod sql;
mod store;
mod text;
mod url;
mod user;
mod users;
mod violation;

pub use address::{Address, AddressFields};
pub use email::Email;
pub use error::{
    Cause, ConnectError, CreateSessionError, CreateUserError, DeleteUserError,
    ReplacePasswordError, RevokeSessionError, RotateError, StoreError, UpdateUserError,
};
pub use names::{ArtisanState, Role, UserState};
pub use options::StoreOptions;
pub use password::Password;
pub use profile::{Artisan, Buyer, Profile, ProfileKind};
pub use session::{Caller, NewSession, Refreshed, Rotation, Session, SessionId, TokenHash};
pub use store::Store;
pub use text::{Line, Prose};
pub use user::{
    Credential, DeleteUser, EnsuredAdmin, ListUsers, NewUser, Page, Position, Revision, Roles,
    UpdateUser, User, UserId,
};
pub use violation::{Checker, Invalid, Violation};
