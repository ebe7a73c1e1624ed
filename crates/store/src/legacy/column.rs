/// Declares the columns in the order in which they are read.
macro_rules! columns {
    ($($variant:ident = $table:literal . $column:literal,)+) => {
        /// A column of the predecessor that is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "table and column")]
        pub enum LegacyColumn { $($variant,)+ }

        impl LegacyColumn {
            /// Every column, in the order in which they are read.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The table.
            #[must_use]
            pub const fn table(self) -> &'static str {
                match self { $(Self::$variant => $table,)+ }
            }

            /// The column's name in its table.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $column,)+ }
            }

            /// `table.column`.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $(Self::$variant => concat!($table, ".", $column),)+ }
            }

            /// The column of that path.
            #[must_use]
            pub fn from_path(path: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|column| column.path() == path)
            }
        }

        /// What a page of users selects; `TEXT` is the type that an engine casts to.
        pub(super) const SELECTED: &[&str] =
            &[$(concat!("CAST(", $table, ".", $column, " AS TEXT)"),)+];
    };
}

columns! {
    UserId = "users"."user_id",
    Email = "users"."email",
    Password = "users"."password",
    RegistrationDate = "users"."registration_date",
    Status = "users"."status",
    AddressId = "users"."address_id",
    AddressRow = "addresses"."address_id",
    Street = "addresses"."street",
    Number = "addresses"."number",
    Complement = "addresses"."complement",
    Neighborhood = "addresses"."neighborhood",
    City = "addresses"."city",
    State = "addresses"."state",
    ZipCode = "addresses"."zip_code",
    Country = "addresses"."country",
    ArtisanId = "artisans"."artisan_id",
    StoreName = "artisans"."store_name",
    Bio = "artisans"."bio",
    ArtisanPhone = "artisans"."phone",
    ArtisanStatus = "artisans"."status",
    BuyerId = "buyers"."buyer_id",
    FullName = "buyers"."full_name",
    BuyerPhone = "buyers"."phone",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        for column in LegacyColumn::ALL {
            assert_eq!(LegacyColumn::from_path(column.path()), Some(*column));
        }
        assert_eq!(LegacyColumn::from_path("users.role"), None);
        assert_eq!(LegacyColumn::ALL.iter().position(|c| *c == LegacyColumn::BuyerPhone), Some(22));
    }
}
