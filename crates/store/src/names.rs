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
