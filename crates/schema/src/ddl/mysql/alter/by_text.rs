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
use crate::model::Column;

/// The statements that make texts of the values, and refuse those that the new type lacks: a text that is a number and
/// not in the list would be taken for a place in it.
pub(super) fn before(
    changing: &Changing<'_>,
    alone: &BTreeSet<&str>,
    remade: &BTreeSet<String>,
) -> Vec<Alteration> {
    let later = changing.renamed.iter().filter(|(_, new)| !alone.contains(*new));
    let former: BTreeMap<&str, &str> = later.map(|(old, new)| (*new, *old)).collect();
    let (mut first, mut guards, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    let mut demands = Vec::new();
    for (old, new) in &changing.difference.columns.changed {
        let (from, to) = (Type::parse(&old.data_type), Type::parse(&new.data_type));
        let is_said = new.generated.is_none() && !remade.contains(&new.name);
        if !is_said || !from.is_taken_by_place(&to) {
            continue;
        }
        let now = former.get(new.name.as_str()).map_or(new.name.as_str(), |old| *old);
        let modify = |data_type: String, collation: Option<String>| {
            let text = Column { nullable: old.nullable, collation, ..Column::new(now, data_type) };
            let sql = column(home(changing.schema, changing.from), &text);
            Clause::of(now, "change column", format!("MODIFY COLUMN {sql}"))
        };
        let collation = old.collation.clone().or_else(|| new.collation.clone());
        first.push(modify(format!("varchar({})", from.written_width()), collation));
        if let Some(condition) = guard(&name(now), &from, &to) {
            let guard = format!("_migrate_{}", guards.len() + 1);
            let sql = format!("ADD CONSTRAINT {guard} CHECK ({condition})");
            first.push(Clause::of(&guard, "add check", sql));
            let sql = format!("DROP CONSTRAINT {guard}");
            guards.push(Clause::of(&guard, "drop check", sql));
            let column = format!("{}.{}", changing.name.local, new.name);
            demands.push(format!("{column} of a row is not in {}", new.data_type));
        }
        // The bytes of a text would be its bits.
        if to.is_bits() {
            numbers.push(modify("bigint unsigned".to_owned(), None));
        }
    }
    let mut first = changing.alteration(first);
    first.demands = demands;
    vec![first, changing.alteration(guards), changing.alteration(numbers)]
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
        assert_eq!(guarded("enum('1.5','2')", "int").as_deref(), Some("c IN ('2')"));
    }
}
