//! Times that come to be others than somebody may think.

use super::Changing;
use crate::model::{Column, Dialect};

/// What the server converts by the time zone of the session.
pub(super) fn of(changing: &Changing<'_>) -> Vec<String> {
    let is_moment = |column: &Column| column.data_type.starts_with("timestamp");
    let changed = changing.difference.columns.changed.iter();
    let zoned = changed.filter(|(old, new)| {
        old.generated.is_none() && new.generated.is_none() && is_moment(old) != is_moment(new)
    });
    let table = &changing.name.local;
    let said = zoned.map(|(_, new)| {
        let place = format!("{table}.{}", new.name);
        format!(
            "the times of {place} are taken as those of the session's time zone, UTC for migrate"
        )
    });
    said.chain(zeros(changing)).collect()
}

/// New columns that must have a value and are given none: the usual `sql_mode` of `MariaDB` takes dates of zeros.
fn zeros<'a>(changing: &'a Changing<'_>) -> impl Iterator<Item = String> + 'a {
    let is_dated = |column: &&Column| {
        let word = column.data_type.split(['(', ' ']).next().unwrap_or_default();
        let has_value = column.nullable || column.default.is_some() || column.generated.is_some();
        changing.dialect() == Dialect::MariaDb
            && changing.from.column(&column.name).is_none()
            && !has_value
            && matches!(word, "date" | "datetime" | "timestamp")
    };
    changing.to.columns.iter().filter(is_dated).map(|column| {
        format!(
            "{}.{} must have a value and has no default: it is 0000-00-00 in rows that are there, unless the server \
             refuses that",
            changing.name.local, column.name
        )
    })
}
