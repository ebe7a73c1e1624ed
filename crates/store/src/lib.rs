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

mod abandoned;
mod address;
mod backoff;
mod columns;
mod connections;
mod db;
mod decode;
mod email;
mod engine;
mod error;
mod event;
mod events;
mod fault;
mod filter;
mod housekeeping;
mod keyset;
mod legacy;
mod list;
mod mail;
mod mails;
mod metrics;
mod names;
mod once;
mod options;
mod password;
mod profile;
mod query;
mod replica;
mod schema;
mod session;
mod sessions;
mod sign_in;
mod sign_ins;
mod snapshot;
mod sql;
#[doc(hidden)]
pub mod statements;
mod store;
mod text;
pub mod transfer;
mod url;
mod user;
mod users;
mod violation;

pub use address::{Address, AddressFields};
pub use backoff::Backoff;
pub use email::Email;
pub use error::{
    BeginSignInError, Cause, ChangeAccountError, ChangeEmailError, ChangePasswordError,
    ConnectError, CreateSessionError, CreateUserError, DeleteUserError, ReplacePasswordError,
    RequestVerificationError, ResetPasswordError, RevokeSessionError, RotateError, StoreError,
    Taken, UpdateUserError, VerifyEmailError,
};
pub use event::{Author, Event, EventDetails, EventId, EventPage, ListEvents};
pub use filter::{Filter, FilterError, FilterProblem};
pub use housekeeping::{Lease, Swept};
pub use legacy::{LegacyColumn, LegacyCounts, LegacyError, LegacySource, LegacyUser};
pub use list::{ListUsers, Order, OrderKey, Page, Place};
pub use mail::{
    EmailChange, Mail, MailId, MailLimits, Notice, PasswordReset, PasswordResetRequest,
    PreparedMail, Seed, TokenMail,
};
pub use names::{ArtisanState, EventKind, MailKind, Role, UserState};
pub use once::{Done, Once, Repeated};
pub use options::StoreOptions;
pub use password::Password;
pub use profile::{Artisan, Buyer, Profile, ProfileKind};
pub use replica::RecentWrites;
pub use session::{
    Caller, ListSessions, NewSession, Refreshed, Rotation, Session, SessionId, SessionPage,
    TokenHash,
};
pub use sign_in::{BegunSignIn, SignInAttempt, SignInEnd};
pub use store::Store;
pub use text::{Line, Prose};
pub use user::{
    AccountChange, ChangeAccount, ChangePassword, Credential, DeleteUser, EnsuredAdmin, NewUser,
    Position, Revision, Roles, UpdateUser, User, UserId,
};
pub use violation::{Checker, Invalid, Violation};
