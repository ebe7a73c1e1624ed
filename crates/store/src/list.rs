use std::fmt;

use crate::{Filter, Invalid, Position, User};

/// A place in the list of users.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// Behind this user in the order of creation.
    Created(Position),
    /// Behind the user with this e-mail key. Personal data: it must not be readable in a URL.
    Email(String),
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(position) => position.fmt(formatter),
            Self::Email(_) => formatter.write_str("Email(..)"),
        }
    }
}

/// What a list is sorted by: what one index carries, so that a page costs the same wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The field.
    pub key: OrderKey,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A field that a list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKey {
    /// By creation, and by id within an instant.
    CreateTime,
    /// By e-mail address, without regard to case.
    Email,
}

impl Default for Order {
    /// Oldest first: new users come last, so that pages never shift.
    fn default() -> Self {
        Self { key: OrderKey::CreateTime, descending: false }
    }
}

impl Order {
    /// Reads an order (AIP-132), such as `create_time desc`; an empty one is the default.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (field, direction) = match words.as_slice() {
            [] => return Ok(Self::default()),
            [field] => (*field, "asc"),
            [field, direction] => (*field, *direction),
            _ => return Err(refused()),
        };
        let key = match field {
            "create_time" | "createTime" => OrderKey::CreateTime,
            "email" => OrderKey::Email,
            _ => return Err(refused()),
        };
        match direction {
            "asc" => Ok(Self { key, descending: false }),
            "desc" => Ok(Self { key, descending: true }),
            _ => Err(refused()),
        }
    }

    /// The order in its one spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match (self.key, self.descending) {
            (OrderKey::CreateTime, false) => "create_time",
            (OrderKey::CreateTime, true) => "create_time desc",
            (OrderKey::Email, false) => "email",
            (OrderKey::Email, true) => "email desc",
        }
    }

    /// The place of a user in this order.
    #[must_use]
    pub fn place(self, user: &User) -> Place {
        match self.key {
            OrderKey::CreateTime => Place::Created(user.position()),
            OrderKey::Email => Place::Email(user.email.key()),
        }
    }
}

fn refused() -> Invalid {
    Invalid::value("must be one of create_time and email, with desc behind it to reverse it")
}

/// What a list shall show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListUsers {
    /// How many at most.
    pub page_size: u32,
    /// The place after which it begins, of the same order; the start if absent.
    pub after: Option<Place>,
    /// Whether deleted users are shown too.
    pub show_deleted: bool,
    /// Whom else to leave out; nobody if absent.
    pub filter: Option<Filter>,
    /// Who comes first.
    pub order: Order,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The users, in the order that was asked for.
    pub users: Vec<User>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_written() {
        for text in ["create_time", "create_time desc", "email", "email desc"] {
            assert_eq!(Order::parse(text).expect("an order").as_str(), text);
        }
        assert_eq!(Order::parse("  ").expect("the default"), Order::default());
        assert_eq!(Order::parse(" email  asc ").expect("an order").as_str(), "email");
    }

    #[test]
    fn what_no_index_carries_is_refused() {
        for text in ["name", "email DESC", "email, create_time", "email desc x", "; DROP", "-email"]
        {
            assert!(Order::parse(text).is_err(), "{text}");
        }
    }
}
