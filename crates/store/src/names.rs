//! Enumerations that are stored by name.

/// Declares an enumeration whose names are the same in the contract and in the database.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// The name in the contract and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

named! {
    /// Whether an account may sign in.
    UserState {
        /// It may.
        Active = "ACTIVE",
        /// An admin has deactivated it.
        Inactive = "INACTIVE",
        /// It has yet to be activated.
        Pending = "PENDING",
    }
}

named! {
    /// Whether an artisan may sell.
    ArtisanState {
        /// They may.
        Active = "ACTIVE",
        /// They have yet to be admitted.
        Pending = "PENDING",
        /// An admin has suspended them.
        Suspended = "SUSPENDED",
    }
}

named! {
    /// What an account may do beyond its own resources.
    Role {
        /// Everything.
        Admin = "ADMIN",
    }
}

named! {
    /// What a mail tells, or asks for.
    MailKind {
        /// To show that the address is one's own, by a token.
        VerifyEmail = "VERIFY_EMAIL",
        /// To set a new password, by a token.
        ResetPassword = "RESET_PASSWORD",
        /// The account shall get another address; sent to the one that it has.
        EmailChangeRequested = "EMAIL_CHANGE_REQUESTED",
        /// The account has another address now; sent to the one that it had.
        EmailChanged = "EMAIL_CHANGED",
        /// The password was replaced by means of a mail.
        PasswordReset = "PASSWORD_RESET",
    }
}

named! {
    /// What can happen to a user. Only additions: the names stand in the database for good.
    EventKind {
        /// It was created.
        UserCreated = "user.created",
        /// Fields of it changed.
        UserUpdated = "user.updated",
        /// It was deleted, and can be restored.
        UserDeleted = "user.deleted",
        /// It was removed for good by itself or an admin.
        UserErased = "user.erased",
        /// It was removed for good after its time as a deleted one.
        UserPurged = "user.purged",
        /// It was restored.
        UserUndeleted = "user.undeleted",
        /// It may sign in again.
        UserActivated = "user.activated",
        /// It may not sign in any more.
        UserDeactivated = "user.deactivated",
        /// Its roles were replaced.
        UserRolesSet = "user.roles_set",
        /// It signed in.
        SessionCreated = "session.created",
        /// One of its sessions was revoked.
        SessionRevoked = "session.revoked",
        /// All of its sessions were revoked.
        SessionsRevoked = "session.all_revoked",
        /// A refresh token was used twice, and its session revoked.
        SessionReused = "session.refresh_token_reused",
        /// Its password was replaced by another one.
        PasswordChanged = "password.changed",
        /// The same password is kept in another form.
        PasswordRehashed = "password.rehashed",
        /// A mail that lets it be replaced was asked for.
        PasswordResetRequested = "password.reset_requested",
        /// It was replaced by means of a mail.
        PasswordReset = "password.reset",
        /// Another address was asked for, and waits to be verified.
        EmailChangeRequested = "email.change_requested",
        /// The address was replaced by one that is verified.
        EmailChanged = "email.changed",
        /// The address was verified.
        EmailVerified = "email.verified",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for state in [UserState::Active, UserState::Inactive, UserState::Pending] {
            assert_eq!(UserState::from_name(state.as_str()), Some(state));
        }
        assert_eq!(ArtisanState::from_name("SUSPENDED"), Some(ArtisanState::Suspended));
        assert_eq!(Role::from_name("admin"), None);
    }
}
