//! Moments that become times of no zone, and the other way round.

use super::Changing;
use crate::model::Column;

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
    said.collect()
}
