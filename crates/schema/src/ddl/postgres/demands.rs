//! What the rows have to meet, said before each statement that fails otherwise.

use super::faithful::bare;
use super::script::{Script, part_of};
use crate::difference::Part;
use crate::model::{
    Check, Column, Exclusion, ForeignKey, Index, IndexKey, Name, PrimaryKey, Unique,
};

/// A statement with what makes it fail, a line each.
pub(super) fn demanding(sql: &str, demands: &[String]) -> String {
    let lines: Vec<String> =
        demands.iter().map(|demand| format!("-- fails while {demand}\n")).collect();
    lines.concat() + sql
}

/// Two rows that a key does not take.
pub(super) fn of_unique(table: &Name, columns: &[String]) -> String {
    format!("two rows of {table} have the same {}", columns.join(", "))
}

/// A row that a check does not take.
pub(super) fn of_check(table: &Name, check: &Check) -> String {
    let expression = check.expression.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("a row of {table} does not meet {expression}")
}

/// A row that refers to nothing.
pub(super) fn of_foreign_key(table: &Name, key: &ForeignKey, referenced: &Name) -> String {
    format!("{} of a row of {table} is in no row of {referenced}", key.columns.join(", "))
}

/// NULL in a column.
pub(super) fn of_required(table: &Name, column: &str) -> String {
    format!("{} is NULL in a row", part_of(table, column))
}

impl Script<'_> {
    /// What the values of a column that stays have to meet.
    pub(super) fn demands_of_column(
        &self,
        table: &Name,
        old: &Column,
        new: &Column,
        is_cast: bool,
    ) -> Vec<String> {
        let mut demands = Vec::new();
        if is_cast {
            let types = (old.data_type.as_str(), new.data_type.as_str());
            let place = part_of(table, &new.name).to_string();
            let narrowed = self.narrowed(types, &place).into_iter();
            demands.extend(
                narrowed.map(|(place, target)| {
                    format!("a value of {place} does not convert to {target}")
                }),
            );
            demands.extend(self.demands_of_domains(types, &place));
        }
        let is_anew = self.disturbed.cast.contains(&(table.clone(), new.name.clone()));
        if is_anew && self.reordered(&old.data_type).is_some() {
            demands.push(format!("{} is not NULL in a row", part_of(table, &new.name)));
        }
        if old.nullable && !new.nullable {
            demands.push(of_required(table, &new.name));
        }
        demands
    }

    /// What a new column demands of a table that is there.
    pub(super) fn demands_of_added(table: &Name, column: &Column) -> Vec<String> {
        let has_value =
            column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        let demands = !column.nullable && !has_value;
        demands.then(|| format!("{table} has rows")).into_iter().collect()
    }

    fn is_recomputed(&self, table: &Name, part: Option<&String>) -> bool {
        part.is_some_and(|part| self.disturbed.is_recomputed(table, part))
    }

    /// What a key demands that was not there before.
    pub(super) fn demands_of_key(&self, table: &Name, key: &PrimaryKey) -> Vec<String> {
        let was = self.sides.old_table(table).and_then(|table| table.primary_key.as_ref());
        let is_there = !self.is_recomputed(table, key.name.as_ref())
            && was.is_some_and(|was| was.columns == key.columns);
        (!is_there).then(|| of_unique(table, &key.columns)).into_iter().collect()
    }

    pub(super) fn demands_of_unique(&self, table: &Name, unique: &Unique) -> Vec<String> {
        let old = self.sides.old_table(table);
        let same = |one: &Unique| {
            one.columns == unique.columns && one.nulls_not_distinct >= unique.nulls_not_distinct
        };
        let is_there = !self.is_recomputed(table, unique.name.as_ref())
            && old.is_some_and(|old| old.uniques.iter().any(same));
        (!is_there).then(|| of_unique(table, &unique.columns)).into_iter().collect()
    }

    pub(super) fn demands_of_check(&self, table: &Name, check: &Check) -> Vec<String> {
        let old = self.sides.old_table(table);
        let same = |one: &Check| one.validated && one.expression == check.expression;
        let is_there = !self.is_recomputed(table, check.name.as_ref())
            && old.is_some_and(|old| old.checks.iter().any(same));
        let is_asked = check.enforced && check.validated && !is_there;
        is_asked.then(|| of_check(table, check)).into_iter().collect()
    }

    pub(super) fn demands_of_exclusion(&self, table: &Name, one: &Exclusion) -> Vec<String> {
        let old = self.sides.old_table(table);
        let same = |other: &Exclusion| other.definition == one.definition;
        let is_there = !self.is_recomputed(table, Some(&one.name))
            && old.is_some_and(|old| old.exclusions.iter().any(same));
        let demand = || format!("two rows of {table} exclude each other by {}", one.name);
        (!is_there).then(demand).into_iter().collect()
    }

    pub(super) fn demands_of_foreign_key(
        &self,
        table: &Name,
        key: &ForeignKey,
        referenced: &Name,
    ) -> Vec<String> {
        let Some(old) = self.sides.old_table(table).filter(|_| key.validated) else {
            return Vec::new();
        };
        let same = |one: &ForeignKey| {
            one.validated
                && one.columns == key.columns
                && one.referenced_columns == key.referenced_columns
                && self.sides.referenced(table, one) == *referenced
        };
        let is_there =
            !self.is_recomputed(table, key.name.as_ref()) && old.foreign_keys.iter().any(same);
        (!is_there).then(|| of_foreign_key(table, key, referenced)).into_iter().collect()
    }
}

/// What a unique index demands of a table that is there.
pub(super) fn of_index(
    table: &Name,
    old: Option<&crate::model::Table>,
    index: &Index,
) -> Vec<String> {
    let Some(old) = old.filter(|_| index.unique) else { return Vec::new() };
    let same = |one: &Index| {
        one.unique
            && one.parts == index.parts
            && (one.predicate.is_none() || one.predicate == index.predicate)
            && one.nulls_not_distinct >= index.nulls_not_distinct
    };
    if old.indexes.iter().any(same) || index.name().is_none() {
        return Vec::new();
    }
    let parts = index.parts.iter().map(|part| match &part.key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expression(text) => {
            bare(bare(text)).split_whitespace().collect::<Vec<_>>().join(" ")
        }
    });
    vec![of_unique(table, &parts.collect::<Vec<_>>())]
}
