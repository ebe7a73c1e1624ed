//! NULLs in columns that take none from now on: where the server would put a value in their place and not refuse
//! them, a check of their own does.

use std::collections::{BTreeMap, BTreeSet};

use super::super::clause::{Alteration, Clause};
use super::super::text::name;
use super::Changing;
use crate::model::{Column, Dialect, Identity};

/// The columns that refuse NULLs from now on, and whether the server refuses those that are there.
pub(super) fn refused<'a>(
    changing: &'a Changing<'_>,
) -> impl Iterator<Item = (&'a Column, bool)> + 'a {
    let changed = changing.difference.columns.changed.iter();
    let narrowed = changed.filter(|(old, new)| {
        old.nullable && !new.nullable && old.generated.is_none() && new.generated.is_none()
    });
    narrowed.map(|(_, new)| (new, !is_filled(changing, new)))
}

/// What the line before the statement says.
pub(super) fn demand(changing: &Changing<'_>, column: &Column) -> String {
    format!("{}.{} is NULL in a row", changing.name.local, column.name)
}

/// Each NULL becomes a number, or the current time, where rows are copied:
/// <https://mariadb.com/kb/en/timestamp/#null-values>, and `MySQL` does the same.
fn is_filled(changing: &Changing<'_>, new: &Column) -> bool {
    let is_moment = new.data_type.starts_with("timestamp") && !is_in_place(changing);
    is_moment || new.identity == Some(Identity::AutoIncrement)
}

/// Whether `MySQL` surely copies no row, so that it refuses NULLs.
fn is_in_place(changing: &Changing<'_>) -> bool {
    let Changing { from, difference, renamed, .. } = changing;
    let columns = &difference.columns;
    let is_same = |(old, new): &(Column, Column)| {
        let (default, on_update) = (new.default.clone(), new.on_update.clone());
        *new == Column { nullable: new.nullable, default, on_update, ..old.clone() }
    };
    let has_others = !columns.added.is_empty()
        || !columns.dropped.is_empty()
        || columns.is_reordered
        || difference.primary_key.is_some()
        || !difference.foreign_keys.is_empty()
        || !difference.checks.is_empty()
        || difference.options.is_some();
    changing.dialect() == Dialect::MySql
        && from.options.engine.as_deref() == Some("InnoDB")
        && renamed.is_empty()
        && !has_others
        && columns.changed.iter().all(is_same)
}

/// The statements that refuse the rows, and leave the table as it was.
pub(super) fn before(
    changing: &Changing<'_>,
    alone: &BTreeSet<&str>,
    remade: &BTreeSet<String>,
) -> [Alteration; 2] {
    let later = changing.renamed.iter().filter(|(_, new)| !alone.contains(*new));
    let former: BTreeMap<&str, &str> = later.map(|(old, new)| (*new, *old)).collect();
    let (mut checks, mut drops, mut demands) = (Vec::new(), Vec::new(), Vec::new());
    let filled =
        refused(changing).filter(|(new, is_refused)| !is_refused && !remade.contains(&new.name));
    for (at, (new, _)) in filled.enumerate() {
        let now = former.get(new.name.as_str()).map_or(new.name.as_str(), |old| *old);
        let guard = format!("_migrate_{}", at + 1);
        let sql = format!("ADD CONSTRAINT {guard} CHECK ({} IS NOT NULL)", name(now));
        checks.push(Clause::of(&guard, "add check", sql));
        let sql = format!("DROP CONSTRAINT {guard}");
        drops.push(Clause::of(&guard, "drop check", sql));
        demands.push(demand(changing, new));
    }
    let mut checks = changing.alteration(checks);
    checks.demands = demands;
    [checks, changing.alteration(drops)]
}
