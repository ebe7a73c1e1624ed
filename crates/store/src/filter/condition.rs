use time::OffsetDateTime;

use super::FilterError;
use super::FilterProblem::{NotIndexed, Value as BadValue};
use super::field::Field;
use super::value::{Given, after_prefix};
use crate::email::key_of;
use crate::engine::to_micros;
use crate::{Profile, Role, User, UserState};

/// A table beside `users` that holds a part of some users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Artisans,
    Buyers,
    Addresses,
}

/// A text that an index is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextColumn {
    Email,
    StoreName,
    FullName,
    City,
    AddressState,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Has,
}

/// One condition, checked and typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Text {
        column: TextColumn,
        operator: Operator,
        value: String,
    },
    /// From the prefix on, up to the first text behind all that begin with it.
    Prefix {
        column: TextColumn,
        from: String,
        until: Option<String>,
    },
    State(Vec<UserState>),
    CreateTime {
        operator: Operator,
        value: OffsetDateTime,
    },
    Part(Table),
    Role(Role),
    Always,
}

const STATES: [UserState; 3] = [UserState::Active, UserState::Inactive, UserState::Pending];

impl Condition {
    /// Makes a condition of what was written, if an index can answer it.
    pub(super) fn of(field: Field, operator: Operator, given: Given) -> Result<Self, FilterError> {
        match field {
            Field::Text(column) => text(column, operator, given),
            Field::State => state(operator, &given),
            Field::CreateTime => create_time(operator, &given),
            Field::Part(table) => part(table, operator, &given),
            Field::Kind => kind(operator, &given),
            Field::Roles => role(operator, &given),
        }
    }

    /// The opposite as a condition of its own, where there is one; else the condition itself.
    pub(super) fn complement(self) -> Result<Self, Self> {
        match self {
            Self::State(states) => {
                let others = STATES.into_iter().filter(|state| !states.contains(state));
                Ok(Self::State(others.collect()))
            }
            other => Err(other),
        }
    }

    pub(super) fn holds(&self, user: &User) -> bool {
        match self {
            Self::Text { column, operator, value } => {
                column.of(user).is_some_and(|text| operator.holds(text.as_str(), value.as_str()))
            }
            Self::Prefix { column, from, .. } => {
                column.of(user).is_some_and(|text| text.starts_with(from.as_str()))
            }
            Self::State(states) => states.contains(&user.state),
            Self::CreateTime { operator, value } => operator.holds(&user.create_time, value),
            Self::Part(Table::Artisans) => matches!(user.profile, Some(Profile::Artisan(_))),
            Self::Part(Table::Buyers) => matches!(user.profile, Some(Profile::Buyer(_))),
            Self::Part(Table::Addresses) => user.address.is_some(),
            Self::Role(role) => user.roles.contains(*role),
            Self::Always => true,
        }
    }
}

impl Operator {
    fn holds<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal | Self::Has => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

impl TextColumn {
    /// The text of a user; for an address the form that is unique.
    fn of(self, user: &User) -> Option<String> {
        let address = user.address.as_ref();
        match (self, &user.profile) {
            (Self::Email, _) => Some(user.email.key()),
            (Self::StoreName, Some(Profile::Artisan(artisan))) => {
                Some(artisan.store_name.as_str().to_owned())
            }
            (Self::FullName, Some(Profile::Buyer(buyer))) => {
                Some(buyer.full_name.as_str().to_owned())
            }
            (Self::StoreName | Self::FullName, _) => None,
            (Self::City, _) => address.map(|address| address.city.as_str().to_owned()),
            (Self::AddressState, _) => address.map(|address| address.state.as_str().to_owned()),
        }
    }
}

fn text(column: TextColumn, operator: Operator, given: Given) -> Result<Condition, FilterError> {
    if given.is_any() && operator == Operator::Has {
        return Ok(match column {
            TextColumn::Email => Condition::Always,
            TextColumn::StoreName => Condition::Part(Table::Artisans),
            TextColumn::FullName => Condition::Part(Table::Buyers),
            TextColumn::City | TextColumn::AddressState => Condition::Part(Table::Addresses),
        });
    }
    let value = if column == TextColumn::Email { key_of(&given.text) } else { given.text };
    if !given.is_prefix {
        return Ok(Condition::Text { column, operator, value });
    }
    match operator {
        Operator::Equal | Operator::Has if value.is_empty() => {
            Err(bad(given.position, "* needs letters before it; `field:*` asks whether it is set"))
        }
        Operator::Equal | Operator::Has => {
            let until = after_prefix(&value);
            Ok(Condition::Prefix { column, from: value, until })
        }
        _ => Err(bad(given.position, "* is allowed with = and : only; negate with NOT")),
    }
}

fn state(operator: Operator, given: &Given) -> Result<Condition, FilterError> {
    if given.is_any() && operator == Operator::Has {
        return Ok(Condition::Always);
    }
    let state = UserState::from_name(&given.text).filter(|_| !given.is_prefix);
    let state = state.ok_or_else(|| bad(given.position, "state is ACTIVE, INACTIVE or PENDING"))?;
    let is = Condition::State(vec![state]);
    if equality(operator, given)? { Ok(is) } else { is.complement().or_else(Ok) }
}

/// Whether the operator asks for the value itself; those that sort make no sense here.
fn equality(operator: Operator, given: &Given) -> Result<bool, FilterError> {
    match operator {
        Operator::Equal | Operator::Has => Ok(true),
        Operator::NotEqual => Ok(false),
        _ => Err(FilterError::new(
            NotIndexed,
            given.position,
            "this field is compared with =, != and : only",
        )),
    }
}

fn create_time(operator: Operator, given: &Given) -> Result<Condition, FilterError> {
    if given.is_any() && operator == Operator::Has {
        return Ok(Condition::Always);
    }
    let format = &time::format_description::well_known::Rfc3339;
    let parsed = OffsetDateTime::parse(&given.text, format).ok().filter(|_| !given.is_prefix);
    let value = parsed.ok_or_else(|| {
        bad(given.position, "must be a time after RFC 3339, such as \"2026-11-23T12:00:00Z\"")
    })?;
    // What every engine can compare with: MariaDB knows no earlier timestamp. Nobody was created outside.
    let value = to_micros(value.clamp(OffsetDateTime::UNIX_EPOCH, LAST_TIME));
    Ok(Condition::CreateTime { operator, value })
}

const LAST_TIME: OffsetDateTime = time::macros::datetime!(9999-12-30 0:00 UTC);

fn part(table: Table, operator: Operator, given: &Given) -> Result<Condition, FilterError> {
    if given.is_any() && operator == Operator::Has {
        return Ok(Condition::Part(table));
    }
    Err(bad(given.position, "this field has fields of its own: ask `field:*` whether it is set"))
}

fn kind(operator: Operator, given: &Given) -> Result<Condition, FilterError> {
    let table = match given.text.as_str() {
        "artisan" | "ARTISAN" if !given.is_prefix => Table::Artisans,
        "buyer" | "BUYER" if !given.is_prefix => Table::Buyers,
        _ => return Err(bad(given.position, "profile is artisan or buyer")),
    };
    match operator {
        Operator::Equal | Operator::Has => Ok(Condition::Part(table)),
        _ => Err(bad(given.position, "profile is compared with = and : only; negate with NOT")),
    }
}

fn role(operator: Operator, given: &Given) -> Result<Condition, FilterError> {
    let role = Role::from_name(&given.text).filter(|_| !given.is_prefix);
    let role = role.ok_or_else(|| bad(given.position, "a role is ADMIN"))?;
    match operator {
        Operator::Has => Ok(Condition::Role(role)),
        _ => Err(bad(given.position, "roles is asked with : only, such as roles:ADMIN")),
    }
}

fn bad(position: usize, description: &str) -> FilterError {
    FilterError::new(BadValue, position, description)
}
