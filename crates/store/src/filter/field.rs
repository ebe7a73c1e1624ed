use super::condition::{Table, TextColumn};

/// What a filter can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Text(TextColumn),
    State,
    CreateTime,
    /// A part of the user that is there or not.
    Part(Table),
    /// Which kind the profile is of.
    Kind,
    Roles,
}

/// Each field by its path in the contract; a few have a short name too.
const FIELDS: &[(&str, Field)] = &[
    ("email", Field::Text(TextColumn::Email)),
    ("state", Field::State),
    ("create_time", Field::CreateTime),
    ("profile", Field::Kind),
    ("artisan", Field::Part(Table::Artisans)),
    ("artisan.store_name", Field::Text(TextColumn::StoreName)),
    ("buyer", Field::Part(Table::Buyers)),
    ("buyer.full_name", Field::Text(TextColumn::FullName)),
    ("address", Field::Part(Table::Addresses)),
    ("address.city", Field::Text(TextColumn::City)),
    ("address.state", Field::Text(TextColumn::AddressState)),
    ("roles", Field::Roles),
];

const SHORT: &[(&str, &str)] = &[
    ("store_name", "artisan.store_name"),
    ("full_name", "buyer.full_name"),
    ("city", "address.city"),
];

/// Fields of a user that no index serves.
const NOT_INDEXED: &[&str] = &[
    "name",
    "uid",
    "password",
    "email_verified",
    "update_time",
    "delete_time",
    "purge_time",
    "etag",
    "artisan.bio",
    "artisan.phone",
    "artisan.state",
    "buyer.phone",
    "address.street",
    "address.number",
    "address.complement",
    "address.neighborhood",
    "address.zip_code",
    "address.country",
];

/// What a name means.
pub(super) enum Named {
    Field(&'static str, Field),
    NotIndexed(&'static str),
    Unknown,
}

/// Looks a field up by its path, in the spelling of the contract or of its JSON.
pub(super) fn find(path: &str) -> Named {
    let snake = to_snake(path);
    let short = SHORT.iter().find(|(short, _)| *short == snake);
    let path = short.map_or(snake.as_str(), |(_, path)| path);
    if let Some((name, field)) = FIELDS.iter().find(|(name, _)| *name == path) {
        return Named::Field(name, *field);
    }
    match NOT_INDEXED.iter().find(|name| **name == path) {
        Some(name) => Named::NotIndexed(name),
        None => Named::Unknown,
    }
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(name, _)| *name)
}

/// `storeName` is `store_name`.
fn to_snake(path: &str) -> String {
    let mut snake = String::with_capacity(path.len() + 4);
    for letter in path.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
