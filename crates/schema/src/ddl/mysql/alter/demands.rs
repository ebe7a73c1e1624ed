//! What the rows have to meet, or else the statement fails.

use super::super::types::Type;
use super::{Changing, nulls};
use crate::model::{Check, Column, Dialect, ForeignKey, Index, Name, PrimaryKey, Unique};

/// What the columns, keys and checks that come demand of the rows; of foreign keys, see [`of_foreign_key`].
pub(super) fn of(changing: &Changing<'_>) -> Vec<String> {
    let mut demands = not_null(changing);
    demands.extend(values(changing));
    demands.extend(without_value(changing));
    demands.extend(unique(changing));
    demands.extend(checks(changing));
    demands
}

/// What a foreign key demands.
pub(super) fn of_foreign_key(table: &Name, key: &ForeignKey) -> String {
    let (columns, parent) = (all_of(table, &key.columns), &key.referenced_table);
    format!("{columns} of a row is not in {parent}")
}

fn not_null(changing: &Changing<'_>) -> Vec<String> {
    let refused = nulls::refused(changing).filter(|(_, is_refused)| *is_refused);
    refused.map(|(new, _)| nulls::demand(changing, new)).collect()
}

/// Values that the server refuses to make others of.
fn values(changing: &Changing<'_>) -> Vec<String> {
    let changed = changing.difference.columns.changed.iter();
    let demands = changed.filter_map(|(old, new)| {
        let column = format!("{}.{}", changing.name.local, new.name);
        let (from, to) = (Type::parse(&old.data_type), Type::parse(&new.data_type));
        if from.is_set() && to.values().is_some() && !to.is_set() {
            return Some(format!("{column} of a row is several values, or none that the list has"));
        }
        let system = |column: &Column| column.attributes.get("SRID").cloned();
        let srid = system(new).filter(|srid| system(old).as_ref() != Some(srid))?;
        Some(format!("{column} of a row is not of the reference system {srid}"))
    });
    demands.collect()
}

/// New columns that must have a value, of types that have none of their own which the usual `sql_mode` of `MySQL` takes;
/// that of `MariaDB` takes dates of zeros, and the server an empty geometry.
fn without_value(changing: &Changing<'_>) -> Vec<String> {
    const TYPES: [&str; 11] = [
        "date",
        "datetime",
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geomcollection",
        "geometrycollection",
    ];
    let lacks = |column: &&Column| {
        let word = column.data_type.split(['(', ' ']).next().unwrap_or_default();
        let has_value = column.nullable || column.default.is_some() || column.generated.is_some();
        changing.dialect() == Dialect::MySql
            && changing.from.column(&column.name).is_none()
            && !has_value
            && TYPES.contains(&word)
    };
    let columns = changing.to.columns.iter().filter(lacks);
    let told = |column: &Column| {
        format!(
            "there are rows: {}.{} must have a value and has no default",
            changing.name.local, column.name
        )
    };
    columns.map(told).collect()
}

/// Keys that refuse equal values where no key did; a column that comes with the key and gets a value of its own
/// in each row is no matter of the rows.
fn unique(changing: &Changing<'_>) -> Vec<String> {
    let difference = &changing.difference;
    // Other letters are the same then.
    let is_alike = |name: &String| {
        let collation = |column: Option<&Column>| column.and_then(|one| one.collation.clone());
        let (old, new) = (changing.from.column(name), changing.to.column(name));
        let (Some(was), Some(is)) = (old, new) else { return true };
        // Numbers have one text each, but for those that are shown with fewer digits than they have.
        let is_shown_whole =
            !["float", "double"].iter().any(|word| was.data_type.starts_with(word));
        let is_number = was.collation.is_none()
            && is_shown_whole
            && Type::parse(&was.data_type).is_taken_by_place(&Type::parse(&is.data_type));
        is_number || ends_in_bytes(is) || collation(old) == collation(new)
    };
    let had = |columns: &[String]| {
        let primary = changing.from.primary_key.iter().map(|key| &key.columns);
        let uniques = changing.from.uniques.iter().map(|unique| &unique.columns);
        let mut before = primary.chain(uniques);
        before.any(|before| before.iter().all(|one| columns.contains(one)))
    };
    let differs = |name: &String| {
        let column = changing.to.column(name).filter(|_| changing.from.column(name).is_none());
        let calls = |default: &String| !default.starts_with('\'') && default.contains('(');
        column.is_some_and(|column: &Column| {
            column.identity.is_some() || column.default.as_ref().is_some_and(calls)
        })
    };
    let primary = difference.primary_key.iter().filter_map(|(_, to)| to.as_ref());
    let primary = primary.map(|key: &PrimaryKey| &key.columns);
    let uniques = difference.uniques.added.iter();
    let uniques = uniques.chain(difference.uniques.changed.iter().map(|(_, new)| new));
    let columns = primary.chain(uniques.map(|unique: &Unique| &unique.columns));
    let columns = columns.filter(|columns| !had(columns) && !columns.iter().any(differs));
    let all = changing.to.primary_key.iter().map(|key| &key.columns);
    let all = all.chain(changing.to.uniques.iter().map(|unique| &unique.columns));
    let recollated = all.filter(|columns| had(columns) && !columns.iter().all(is_alike));
    let whole = columns.chain(recollated).map(|columns| all_of(changing.name, columns));
    let indexes = difference.indexes.incoming().filter(|index| index.unique);
    let indexes = indexes.map(|index: &Index| format!("what {} is over", index.name));
    whole.chain(indexes).map(|what| format!("{what} is the same in two rows")).collect()
}

fn checks(changing: &Changing<'_>) -> Vec<String> {
    let added = changing.difference.checks.added.iter();
    let added = added.chain(changing.difference.checks.changed.iter().map(|(_, new)| new));
    let demand = |check: &Check| {
        let own = check.name.as_deref().unwrap_or_default();
        format!("a row does not meet check {own}")
    };
    added.filter(|check| check.enforced).map(demand).collect()
}

/// Whether no two letters of a column are the same.
fn ends_in_bytes(column: &Column) -> bool {
    column.collation.as_ref().is_none_or(|name| name.ends_with("_bin") || name == "binary")
}

/// Whether a column gets a check with which `MariaDB` compares no row, unless it copies them.
pub(super) fn has_checked_columns(changing: &Changing<'_>) -> bool {
    let check = |column: &Column| column.attributes.get("CHECK").cloned();
    changing.dialect() == Dialect::MariaDb
        && changing.to.columns.iter().any(|new| {
            let old = changing.from.column(&new.name).and_then(check);
            let own = check(new);
            own.is_some() && own != old
        })
}

fn all_of(table: &Name, columns: &[String]) -> String {
    let all: Vec<String> =
        columns.iter().map(|column| format!("{}.{column}", table.local)).collect();
    all.join(", ")
}
