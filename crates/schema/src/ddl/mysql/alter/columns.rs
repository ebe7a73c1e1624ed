use std::collections::BTreeSet;

use super::super::clause::Clause;
use super::super::column::column;
use super::super::dependents::Dependents;
use super::super::fill::{Filling, is_unsafe};
use super::super::loss;
use super::super::places::{Place, Places};
use super::super::table::home;
use super::super::text::name;
use super::Changing;
use crate::model::Column;

/// The columns of a table on their way to what they are to be.
pub(super) struct Columns<'a> {
    changing: &'a Changing<'a>,
    dependents: &'a Dependents,
    /// New names of columns that have them already.
    alone: &'a BTreeSet<&'a str>,
    places: Places<'a>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(
        changing: &'a Changing<'a>,
        dependents: &'a Dependents,
        alone: &'a BTreeSet<&'a str>,
    ) -> Self {
        let stays = |column: &&Column| {
            changing.to.column(&column.name).is_some() && !dependents.remade.contains(&column.name)
        };
        let before = changing.from.columns.iter().filter(stays);
        let before: Vec<&str> = before.map(|column| column.name.as_str()).collect();
        let after: Vec<&str> = changing.to.columns.iter().map(|one| one.name.as_str()).collect();
        Self { changing, dependents, alone, places: Places::between(&before, &after) }
    }

    /// In the new order of the table, which the places rely on.
    pub(super) fn clauses(&self) -> Vec<Clause> {
        let dropped = self.changing.difference.columns.dropped.iter().map(|column| &column.name);
        let dropped = dropped.chain(&self.dependents.remade);
        let drop = |column: &String| {
            let now = self.former(column).unwrap_or(column);
            Clause::of(column, "drop column", format!("DROP COLUMN {}", name(now)))
        };
        let made = self.changing.to.columns.iter().filter_map(|column| self.clause(column));
        dropped.map(drop).chain(made).collect()
    }

    fn clause(&self, new: &Column) -> Option<Clause> {
        let old = self.old(new);
        let home = home(self.changing.schema, self.changing.to);
        let text = || {
            if self.has_default_later(new) {
                column(home, &Filling::without_default(new, old.is_none()))
            } else {
                column(home, new)
            }
        };
        let Some(old) = old else {
            let place = match self.places.of_added(&new.name) {
                Place::Last => String::new(),
                Place::Behind(before) => place(before),
            };
            let sql = format!("ADD COLUMN {}{place}", text());
            return Some(Clause::of(&new.name, "add column", sql));
        };
        let is_moved = self.places.is_moved(&new.name);
        let place = if is_moved { place(self.places.of_moved(&new.name)) } else { String::new() };
        let is_said = is_moved || old != new || self.dependents.columns.contains(&new.name);
        let clause = match self.former(&new.name) {
            Some(old) if is_said => {
                let sql = format!("CHANGE COLUMN {} {}{place}", name(old), text());
                Clause::of(&new.name, "change column", sql)
            }
            Some(old) => rename(old, &new.name),
            None if is_said => {
                let change = if old == new && is_moved { "move column" } else { "change column" };
                Clause::of(&new.name, change, format!("MODIFY COLUMN {}{place}", text()))
            }
            None => return None,
        };
        Some(clause)
    }

    /// The column as it is, if it stays.
    fn old(&self, new: &Column) -> Option<&'a Column> {
        let old = self.changing.from.column(&new.name);
        old.filter(|_| !self.dependents.remade.contains(&new.name))
    }

    fn has_default_later(&self, new: &Column) -> bool {
        let adds = || self.changing.to.columns.iter().any(|one| self.old(one).is_none());
        is_unsafe(self.changing.dialect(), new) && adds()
    }

    /// The columns that get their default later.
    pub(super) fn filling(&self) -> Filling {
        let columns = self.changing.to.columns.iter();
        let later = columns.filter(|one| self.has_default_later(one));
        let later = later
            .filter(|one| self.clause(one).is_some_and(|clause| clause.change != "rename column"));
        let (added, others) = later.cloned().partition(|one| self.old(one).is_none());
        Filling { added, others, key: None }
    }

    /// The name that a column has until this statement, if that is another.
    fn former(&self, new: &str) -> Option<&'a str> {
        let mut renamed = self.changing.renamed.iter();
        let renamed = renamed.find(|(_, name)| **name == new && !self.alone.contains(*name));
        renamed.map(|(old, _)| *old)
    }

    /// What is lost of the values.
    pub(super) fn loses(&self) -> Vec<String> {
        let table = &self.changing.name.local;
        let columns = &self.changing.difference.columns;
        let dropped = columns.dropped.iter().filter_map(|column| loss::of_dropped(table, column));
        let changed = columns.changed.iter().filter_map(|(old, new)| {
            let begins_anew = self.dependents.remade.contains(&new.name) && new.generated.is_none();
            let anew = || format!("the values of {table}.{}, which is made anew", new.name);
            if begins_anew { Some(anew()) } else { loss::of_change(table, old, new) }
        });
        dropped.chain(changed).collect()
    }
}

pub(super) fn rename(old: &str, new: &str) -> Clause {
    let sql = format!("RENAME COLUMN {} TO {}", name(old), name(new));
    Clause::of(new, "rename column", sql)
}

/// Behind a column, or before all others.
pub(super) fn place(after: Option<&str>) -> String {
    after.map_or_else(|| " FIRST".to_owned(), |after| format!(" AFTER {}", name(after)))
}
