use std::collections::BTreeSet;
use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Address, Email, Profile, Role, SessionId, UserState};

/// The id of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub Uuid);

impl fmt::Display for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// How often a user was written: rises with each write to the user, the profile, the address, the
/// state or the roles, and so identifies what a reader has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(pub i64);

/// The roles of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// No role at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether the role is among them.
    #[must_use]
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The roles in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    pub(crate) fn insert(&mut self, role: Role) {
        self.0.insert(role);
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

/// An account as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The address, as it was given.
    pub email: Email,
    /// Whether the owner has shown that mail arrives there.
    pub email_verified: bool,
    /// Whether the account may sign in.
    pub state: UserState,
    /// What the user is in the marketplace; none for an admin who is neither.
    pub profile: Option<Profile>,
    /// Where the user lives or works.
    pub address: Option<Address>,
    /// What the user may do beyond their own resources.
    pub roles: Roles,
    /// What a reader has seen of it.
    pub revision: Revision,
    /// When it was created.
    pub create_time: OffsetDateTime,
    /// When it was last written.
    pub update_time: OffsetDateTime,
    /// When it was deleted, if it was.
    pub delete_time: Option<OffsetDateTime>,
    /// When a deleted one may be purged.
    pub purge_time: Option<OffsetDateTime>,
}

impl User {
    /// Whether it may sign in: active and not deleted.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == UserState::Active && self.delete_time.is_none()
    }

    /// Its place in a list by creation.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { create_time: self.create_time, id: self.id }
    }
}

/// An account to be created, with everything that belongs to it.
#[derive(Clone)]
pub struct NewUser {
    /// The id, made by the caller.
    pub id: UserId,
    /// Whether the id may have been somebody's before: it was given, and not made anew for this user.
    pub has_given_id: bool,
    /// The address; its key must be free.
    pub email: Email,
    /// Whether mail is known to arrive there.
    pub email_verified: bool,
    /// Whether the account may sign in at once.
    pub state: UserState,
    /// What the user is in the marketplace.
    pub profile: Option<Profile>,
    /// Where the user lives or works.
    pub address: Option<Address>,
    /// The first roles.
    pub roles: Roles,
    /// The password's hash as a PHC string of at most 512 characters.
    pub password_hash: String,
    /// Now, by the caller's clock.
    pub create_time: OffsetDateTime,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NewUser").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A user and what proves their password.
#[derive(Clone)]
pub struct Credential {
    /// The user, whatever the state: decide after the hash was compared.
    pub user: User,
    /// The password's hash as a PHC string.
    pub password_hash: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credential").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A place in a list that is ordered by creation and then by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When the user at this place was created.
    pub create_time: OffsetDateTime,
    /// The id of the user at this place.
    pub id: UserId,
}

/// What shall change in a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateUser {
    /// Whose.
    pub id: UserId,
    /// The revision that the change was made from; absent to write whatever there is.
    pub expected: Option<Revision>,
    /// The whole new profile, of the kind that the user has; absent to leave it.
    pub profile: Option<Profile>,
    /// The whole new address, or its removal; absent to leave it.
    pub address: Option<Option<Address>>,
    /// Now, by the caller's clock.
    pub update_time: OffsetDateTime,
}

/// A deletion that can be undone until the purge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteUser {
    /// Whom.
    pub id: UserId,
    /// The revision that the caller has seen; absent to delete whatever there is.
    pub expected: Option<Revision>,
    /// Now, by the caller's clock.
    pub delete_time: OffsetDateTime,
    /// When nothing shall be left.
    pub purge_time: OffsetDateTime,
}

/// What an administrator decides about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// Restores a deleted one, as it was.
    Undelete,
    /// Lets it sign in; nothing is written if it may already.
    Activate,
    /// Locks it and revokes its sessions; nothing is written if it is locked already.
    Deactivate,
    /// Gives it exactly these roles and revokes its sessions; nothing is written if it has them.
    SetRoles(Roles),
}

/// Such a decision about one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeAccount {
    /// Whose.
    pub id: UserId,
    /// The revision that the caller has seen; absent to change whatever there is.
    pub expected: Option<Revision>,
    /// What.
    pub change: AccountChange,
    /// Now, by the caller's clock.
    pub time: OffsetDateTime,
}

/// The exchange of a password that was shown for another one.
#[derive(Clone, Copy)]
pub struct ChangePassword<'a> {
    /// Whose.
    pub id: UserId,
    /// The hash that the shown password was compared with.
    pub current_hash: &'a str,
    /// The hash of the new one, as a PHC string of at most 512 characters.
    pub new_hash: &'a str,
    /// The session that lives on; all others are revoked.
    pub keep: SessionId,
    /// Now, by the caller's clock.
    pub time: OffsetDateTime,
}

impl fmt::Debug for ChangePassword<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChangePassword").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Whether the first admin had to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once at start")]
pub enum EnsuredAdmin {
    /// There was none, now there is this one.
    Created(User),
    /// There is one; nothing was written.
    Exists,
}
