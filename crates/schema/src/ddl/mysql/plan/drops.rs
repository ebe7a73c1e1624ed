use std::collections::BTreeSet;

use super::super::alter::drop_foreign_key;
use super::super::clause::Alteration;
use super::super::mode::Mode;
use super::super::order::{Order, is_before};
use super::super::text::name;
use super::parent;
use crate::ddl::Statement;
use crate::difference::Difference;
use crate::model::{Kind, Name};

/// The tables that go, each before those to which it points.
pub(super) struct Drops<'a> {
    difference: &'a Difference,
    sorted: Vec<&'a Name>,
    first: BTreeSet<&'a Name>,
}

impl<'a> Drops<'a> {
    pub(super) fn of(difference: &'a Difference, first: &BTreeSet<&'a Name>) -> Self {
        let mut order = Order::of(difference.tables.dropped.keys());
        for (name, table) in &difference.tables.dropped {
            for key in &table.foreign_keys {
                let parent = parent(name, key);
                let parent =
                    parent.and_then(|parent| difference.tables.dropped.get_key_value(&parent));
                if let Some((parent, _)) = parent {
                    order.put(&name, &parent);
                }
            }
        }
        Self { difference, sorted: order.sorted(), first: first.clone() }
    }

    /// Those that stand in the way of others.
    pub(super) fn first(&self) -> Vec<Statement> {
        self.statements(true)
    }

    /// All others.
    pub(super) fn last(&self) -> Vec<Statement> {
        self.statements(false)
    }

    fn statements(&self, is_first: bool) -> Vec<Statement> {
        let chosen: Vec<&Name> = self
            .sorted
            .iter()
            .copied()
            .filter(|name| self.first.contains(name) == is_first)
            .collect();
        // Tables that point to each other: `MariaDB` drops none of them, not even in one statement.
        let mut statements: Vec<Statement> =
            chosen.iter().filter_map(|name| self.freed(name)).collect();
        statements.extend(chosen.into_iter().map(|table| Statement {
            sql: format!("DROP TABLE {}", name(&table.local)),
            change: "drop table",
            kind: Kind::Table,
            object: table.clone(),
            loses: Some(format!("the rows of {table}")),
        }));
        statements
    }

    /// The statement that drops the foreign keys of one table to those that go before it.
    fn freed(&self, table: &Name) -> Option<Statement> {
        let dropped = self.difference.tables.dropped.get(table)?;
        let to_earlier = dropped.foreign_keys.iter().filter(|key| {
            let parent = parent(table, key).filter(|parent| parent != table);
            parent.is_some_and(|parent| {
                self.sorted.contains(&&parent) && is_before(&self.sorted, &&parent, &table)
            })
        });
        let clauses = to_earlier.filter_map(|key| key.name.as_deref().map(drop_foreign_key));
        let dialect = self.difference.from.dialect;
        Alteration::of(dialect, Mode::of([dropped]), clauses.collect()).statement(table)
    }
}
