//! What sequences have counted to: it goes over to others, and into other bounds.

use super::sequences::plain;
use crate::catalog::postgres::names::{literal, qualified, quoted};
use crate::model::{Column, Name, Sequence};

/// A sequence, under the name that it has when its count is read.
pub(super) type Counter<'a> = (&'a str, &'a Sequence);

/// The statement that moves the counter of a sequence into other bounds, where it is beyond. One at its start that has
/// given out nothing begins anew, like one that was yet to reach the bounds. Others go on behind the nearest bound, so
/// that on the way back they are not taken for unused: the counter may have been set without being called.
pub(super) fn within(name: &str, old: &Sequence, new: &Sequence) -> String {
    let Sequence { minimum, maximum, start, .. } = new;
    let is_ahead = if new.increment > 0 {
        format!("last_value < {minimum}")
    } else {
        format!("last_value > {maximum}")
    };
    let is_unused = format!("NOT is_called AND (last_value = {} OR {is_ahead})", old.start);
    format!(
        "-- check: the counter of {name} is moved into {minimum} to {maximum} where it stands beyond\n\
         SELECT setval({}, CASE WHEN {is_unused} THEN {start} ELSE LEAST(GREATEST(last_value, {minimum}), {maximum}) END, \
         NOT ({is_unused})) FROM {name} WHERE last_value NOT BETWEEN {minimum} AND {maximum}",
        literal(name)
    )
}

/// The statement that moves a sequence that is there to the count of another, where that one is further.
pub(super) fn catch_up((name, sequence): Counter<'_>, other: Counter<'_>) -> String {
    let counts = [(name, sequence), other].map(|one| count_within(one, sequence));
    set_to_furthest((name, sequence), &counts, "counted IS NOT NULL")
}

/// The statement that gives a new sequence the furthest count of others, where they have counted past its start; none
/// without others.
pub(super) fn carry_on((name, sequence): Counter<'_>, others: &[Counter<'_>]) -> Option<String> {
    let counts: Vec<String> = others.iter().map(|one| count_within(*one, sequence)).collect();
    let past = if sequence.increment > 0 { ">=" } else { "<=" };
    let is_past = format!("counted {past} {}", sequence.start);
    (!counts.is_empty()).then(|| set_to_furthest((name, sequence), &counts, &is_past))
}

/// The statement that sets the sequence of a column to the furthest of some counts and the column's values, so that
/// no value is given out twice.
pub(super) fn furthest(
    (name, own): Counter<'_>,
    counts: &[Counter<'_>],
    table: &Name,
    column: &Column,
) -> String {
    let mut counted: Vec<String> = counts.iter().map(|one| count_within(*one, own)).collect();
    let is_text = column.data_type.starts_with("text") || column.data_type.starts_with("character");
    if !is_text {
        let column_name = quoted(&column.name);
        let best = if own.increment < 0 { "min" } else { "max" };
        // Values beyond its bounds are none that it gives out.
        let whole = plain(&column.data_type).maximum;
        let bound = match own.increment < 0 {
            true if own.minimum > -whole - 1 => format!(" WHERE {column_name} >= {}", own.minimum),
            false if own.maximum < whole => format!(" WHERE {column_name} <= {}", own.maximum),
            _ => String::new(),
        };
        let table = qualified(table);
        counted.push(format!("SELECT {best}({column_name})::bigint, true FROM {table}{bound}"));
    }
    set_to_furthest((name, own), &counted, "counted IS NOT NULL")
}

fn set_to_furthest((name, of): Counter<'_>, counts: &[String], condition: &str) -> String {
    let direction = if of.increment < 0 { "ASC" } else { "DESC" };
    format!(
        "SELECT setval({}, counted, is_called) FROM (SELECT counted, is_called FROM ({}) AS counts (counted, is_called) \
         WHERE {condition} ORDER BY counted {direction}, is_called DESC LIMIT 1) AS furthest",
        literal(name),
        counts.join(" UNION ALL ")
    )
}

/// The query for the count of a sequence, in the bounds of another: one that is yet to reach them is at the nearest and
/// has not given it out, one that is behind them has.
fn count_within((name, of): Counter<'_>, bounds: &Sequence) -> String {
    let minimum = (of.minimum < bounds.minimum).then_some(bounds.minimum);
    let maximum = (of.maximum > bounds.maximum).then_some(bounds.maximum);
    let mut value = "last_value".to_owned();
    if let Some(minimum) = minimum {
        value = format!("GREATEST({value}, {minimum})");
    }
    if let Some(maximum) = maximum {
        value = format!("LEAST({value}, {maximum})");
    }
    let (is_ahead, is_behind) = if bounds.increment > 0 {
        (minimum.map(|one| format!(">= {one}")), maximum.map(|one| format!("> {one}")))
    } else {
        (maximum.map(|one| format!("<= {one}")), minimum.map(|one| format!("< {one}")))
    };
    let mut is_called = "is_called".to_owned();
    if let Some(reached) = is_ahead {
        is_called = format!("{is_called} AND last_value {reached}");
    }
    if let Some(passed) = is_behind {
        is_called = format!("{is_called} OR last_value {passed}");
    }
    format!("SELECT {value}, {is_called} FROM {name}")
}
