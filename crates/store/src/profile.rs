use crate::{ArtisanState, Checker, Invalid, Line, Prose};

/// What a user is in the marketplace; its kind never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Somebody who sells.
    Artisan(Artisan),
    /// Somebody who buys.
    Buyer(Buyer),
}

/// The kind of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// Somebody who sells.
    Artisan,
    /// Somebody who buys.
    Buyer,
}

impl Profile {
    /// Which of the two it is.
    #[must_use]
    pub const fn kind(&self) -> ProfileKind {
        match self {
            Self::Artisan(_) => ProfileKind::Artisan,
            Self::Buyer(_) => ProfileKind::Buyer,
        }
    }
}

/// Somebody who sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artisan {
    /// The name of the shop.
    pub store_name: Line<1, 255>,
    /// What the artisan tells about the work; may be empty.
    pub bio: Prose<1000>,
    /// A telephone number as given; may be empty.
    pub phone: Line<0, 20>,
    /// Whether they may sell; set by admins.
    pub state: ArtisanState,
}

impl Artisan {
    /// Checks every field; the violations name fields such as `store_name`.
    pub fn parse(
        store_name: &str,
        bio: &str,
        phone: &str,
        state: ArtisanState,
    ) -> Result<Self, Invalid> {
        let mut checker = Checker::new();
        let store_name = checker.take("store_name", Line::parse(store_name));
        let bio = checker.take("bio", Prose::parse(bio));
        let phone = checker.take("phone", Line::parse(phone));
        let complete = || Some(Self { store_name: store_name?, bio: bio?, phone: phone?, state });
        checker.finish(complete())
    }
}

/// Somebody who buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// The whole name.
    pub full_name: Line<1, 255>,
    /// A telephone number as given; may be empty.
    pub phone: Line<0, 20>,
}

impl Buyer {
    /// Checks every field; the violations name fields such as `full_name`.
    pub fn parse(full_name: &str, phone: &str) -> Result<Self, Invalid> {
        let mut checker = Checker::new();
        let full_name = checker.take("full_name", Line::parse(full_name));
        let phone = checker.take("phone", Line::parse(phone));
        let complete = || Some(Self { full_name: full_name?, phone: phone? });
        checker.finish(complete())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let phone = "1".repeat(21);
        let invalid = Artisan::parse("", &"x".repeat(1001), &phone, ArtisanState::Active);
        let found = invalid.expect_err("three are wrong").into_violations();
        let fields: Vec<_> = found.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["store_name", "bio", "phone"]);
        let found = Buyer::parse(" ", &phone).expect_err("two are wrong").into_violations();
        let fields: Vec<_> = found.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["full_name", "phone"]);
    }
}
