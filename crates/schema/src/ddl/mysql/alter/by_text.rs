//! Values of a list that become numbers, or the other way round: the servers take the place in the list for the
//! number, and not its text, each in cases of its own. By way of a text the values stay what they are.
//! <https://dev.mysql.com/doc/refman/8.4/en/enum.html#enum-literals>

use std::collections::{BTreeMap, BTreeSet};

use super::super::clause::{Alteration, Clause};
use super::super::column::column;
use super::super::table::home;
use super::super::text::name;
use super::super::types::Type;
use super::Changing;
use crate::ddl::Statement;
use crate::difference::TableDifference;
use crate::model::{Column, Dialect, Kind, Name};

/// The statements that make texts of the values, and refuse those that the new type lacks: a text that is a number and
/// not in the list would be taken for a place in it.
pub(super) fn before(
    changing: &Changing<'_>,
    alone: &BTreeSet<&str>,
    remade: &BTreeSet<String>,
) -> Vec<Statement> {
    let later = changing.renamed.iter().filter(|(_, new)| !alone.contains(*new));
    let former: BTreeMap<&str, &str> = later.map(|(old, new)| (*new, *old)).collect();
    let now = |new: &'_ str| former.get(new).map_or(new, |old| *old).to_owned();
    let (mut first, mut guards, mut demands) = (Vec::new(), Vec::new(), Vec::new());
    let (mut rewritten, mut decimals, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for (old, new) in &changing.difference.columns.changed {
        let (from, to) = (Type::parse(&old.data_type), Type::parse(&new.data_type));
        let is_said = new.generated.is_none() && !remade.contains(&new.name);
        if !is_said || !from.is_taken_by_place(&to) {
            continue;
        }
        let now = now(&new.name);
        let modify = |data_type: String, collation: Option<String>| {
            let text = Column {
                nullable: old.nullable,
                collation,
                ..Column::new(now.as_str(), data_type)
            };
            let sql = column(home(changing.schema, changing.from), &text);
            Clause::of(&now, "change column", format!("MODIFY COLUMN {sql}"))
        };
        let collation = old.collation.clone().or_else(|| new.collation.clone());
        let width = from.written_width().max(to.written_width());
        first.push(modify(format!("varchar({width})"), collation));
        if let Some(condition) = guard(&name(&now), &from, &to) {
            let guard = format!("_migrate_{}", guards.len() + 1);
            let sql = format!("ADD CONSTRAINT {guard} CHECK ({condition})");
            first.push(Clause::of(&guard, "add check", sql));
            let sql = format!("DROP CONSTRAINT {guard}");
            guards.push(Clause::of(&guard, "drop check", sql));
            let column = format!("{}.{}", changing.name.local, new.name);
            demands.push(format!("{column} of a row is not in {}", new.data_type));
        }
        rewritten.extend(rewriting(&name(&now), &from, &to));
        // `MariaDB` makes no number of a text that is above those with a sign.
        if changing.dialect() == Dialect::MariaDb && (to.is_bits() || to.is_unsigned_64()) {
            decimals.push(modify("decimal(20,0)".to_owned(), None));
        }
        // The bytes of a text would be its bits.
        if to.is_bits() {
            numbers.push(modify("bigint unsigned".to_owned(), None));
        }
    }
    let mut first = changing.alteration(first);
    first.demands = demands;
    let said = |one: Alteration| one.statement(changing.name);
    let texts = [first, changing.alteration(guards)].into_iter().filter_map(said);
    let touched = changing.from.columns.iter().filter(|one| one.on_update.is_some());
    let touched: Vec<String> = touched.map(|one| now(&one.name)).collect();
    let numbers = [decimals, numbers].map(|clauses| changing.alteration(clauses));
    let numbers = numbers.into_iter().filter_map(said);
    texts.chain(update(changing.name, &rewritten, &touched)).chain(numbers).collect()
}

/// Whether rows are written, so that triggers would run.
pub(in super::super) fn rewrites(difference: &TableDifference) -> bool {
    difference.columns.changed.iter().any(|(old, new)| {
        let (from, to) = (Type::parse(&old.data_type), Type::parse(&new.data_type));
        from.is_taken_by_place(&to) && rewriting("", &from, &to).is_some()
    })
}

/// The statement that writes numbers as the lists do; times of the last change stay.
fn update(table: &Name, rewritten: &[String], touched: &[String]) -> Option<Statement> {
    if rewritten.is_empty() {
        return None;
    }
    let kept = touched.iter().map(|one| format!("{0} = {0}", name(one)));
    let all: Vec<String> = rewritten.iter().cloned().chain(kept).collect();
    let sql = format!(
        "-- the list writes these numbers otherwise than the server\nUPDATE {} SET {}",
        name(&table.local),
        all.join(", ")
    );
    let object = table.clone();
    Some(Statement { sql, change: "fill column", kind: Kind::Table, object, loses: None })
}

/// The values of a list that numbers of the other type are not written as.
fn written_otherwise<'a>(from: &'a Type<'_>, list: &'a [String]) -> Vec<&'a String> {
    let is_otherwise = |value: &&String| {
        let written = from.writes(value).filter(|_| from.reads(value));
        written.is_some_and(|written| !list.contains(&written))
    };
    list.iter().filter(is_otherwise).collect()
}

/// The assignment that makes the texts of numbers those of the list, where it has any that the server writes otherwise:
/// of two for one number the one that the server writes.
fn rewriting(column: &str, from: &Type<'_>, to: &Type<'_>) -> Option<String> {
    let list = to.values()?;
    if written_otherwise(from, &list).is_empty() {
        return None;
    }
    let number = from.number_of(column);
    let numbers = list.iter().filter(|value| from.reads(value));
    let (first, others): (Vec<_>, Vec<_>) =
        numbers.partition(|value| from.writes(value).as_ref() == Some(value));
    let case =
        |value: &String| format!(" WHEN {number} = {} THEN {value}", value.trim_matches('\''));
    let cases: String = first.into_iter().chain(others).map(case).collect();
    Some(format!("{column} = CASE{cases} ELSE {column} END"))
}

/// What a text has to meet so that the new type takes it for what it is.
fn guard(column: &str, from: &Type<'_>, to: &Type<'_>) -> Option<String> {
    let is_in = |values: Vec<String>| format!("{column} IN ({})", values.join(", "));
    match (from.values(), to.values()) {
        (Some(values), _) => {
            let count = values.len();
            let kept: Vec<String> = values.into_iter().filter(|value| to.reads(value)).collect();
            let is_whole = kept.len() == count && !from.is_set();
            let condition = if kept.is_empty() { format!("{column} IS NULL") } else { is_in(kept) };
            (!is_whole).then_some(condition)
        }
        (None, Some(values)) if !written_otherwise(from, &values).is_empty() => {
            let numbers = values.iter().filter(|value| from.reads(value));
            let numbers: Vec<&str> = numbers.map(|value| value.trim_matches('\'')).collect();
            Some(format!("{} IN ({})", from.number_of(column), numbers.join(", ")))
        }
        // Each number is one member.
        (None, values) => values.map(is_in),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(from: &str, to: &str) -> Option<String> {
        guard("c", &Type::parse(from), &Type::parse(to))
    }

    #[test]
    fn what_would_be_a_place_in_the_list_is_refused() {
        assert_eq!(guarded("enum('10','-2')", "int"), None);
        assert_eq!(guarded("enum('10','a')", "int").as_deref(), Some("c IN ('10')"));
        assert_eq!(guarded("enum('a')", "decimal(4,1)").as_deref(), Some("c IS NULL"));
        assert_eq!(guarded("set('1','2')", "bigint").as_deref(), Some("c IN ('1', '2')"));
        assert_eq!(guarded("int", "enum('1','2')").as_deref(), Some("c IN ('1', '2')"));
        let numbers = "CAST(c AS DECIMAL(65,2)) IN (1.5, 2)";
        assert_eq!(guarded("decimal(5,2)", "enum('1.5','2','x')").as_deref(), Some(numbers));
        assert_eq!(guarded("enum('1.5','2')", "int").as_deref(), Some("c IN ('2')"));
    }

    #[test]
    fn each_number_is_written_as_the_list_has_it() {
        let rewritten = rewriting("c", &Type::parse("int"), &Type::parse("enum('02','1','2')"));
        assert_eq!(rewritten, None, "the server's own is there");
        let rewritten = rewriting("c", &Type::parse("int"), &Type::parse("enum('2','1','010')"));
        let rewritten = rewritten.unwrap_or_default();
        for case in ["= 2 THEN '2'", "= 1 THEN '1'", "= 010 THEN '010'"] {
            assert!(rewritten.contains(case), "{rewritten}");
        }
    }
}
