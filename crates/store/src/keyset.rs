//! Pages that begin behind a place: one row more than a page holds tells whether there is another.

use time::macros::datetime;
use uuid::Uuid;

use crate::engine::Value;
use crate::{Position, UserId};

/// Behind everything that there is.
const NEWEST: Position =
    Position { create_time: datetime!(9000-01-01 0:00 UTC), id: UserId(Uuid::max()) };

/// The values of a statement that lists what belongs to a user, newest first.
pub(crate) fn values(user: UserId, after: Option<Position>, page_size: u32) -> [Value<'static>; 5] {
    let after = after.unwrap_or(NEWEST);
    let time = Value::Time(after.create_time);
    [Value::Id(user.0), time, time, Value::Id(after.id.0), limit(page_size)]
}

/// How many rows are asked for.
pub(crate) fn limit(page_size: u32) -> Value<'static> {
    Value::Number(i64::from(page_size) + 1)
}

/// What belongs to the page, and the place after which the next one begins; none if there is none.
pub(crate) fn cut<T, P>(
    mut found: Vec<T>,
    page_size: u32,
    place: impl Fn(&T) -> P,
) -> (Vec<T>, Option<P>) {
    let page_size = usize::try_from(page_size).unwrap_or(usize::MAX);
    let has_more = found.len() > page_size;
    found.truncate(page_size);
    let next = if has_more { found.last().map(place) } else { None };
    (found, next)
}
