use std::collections::{BTreeMap, BTreeSet};

use super::alter::{drop_check, drop_foreign_key, keep_index, may_be_made_for};
use super::clause::{Alteration, Clause};
use super::mode::Mode;
use crate::ddl::Statement;
use crate::difference::Renames;
use crate::model::{ForeignKey, Index, IndexKey, Name, Schema, Table};

/// Constraints that have to go before any table is changed, in statements of their own: neither server
/// drops a foreign key and adds one with the same name in one statement, nor changes columns that one
/// compares.
#[derive(Debug, Default)]
pub(super) struct Early {
    keys: BTreeMap<Name, BTreeSet<String>>,
    checks: BTreeMap<Name, BTreeSet<String>>,
}

impl Early {
    pub(super) fn add_key(&mut self, table: &Name, key: &ForeignKey) {
        if let Some(key) = &key.name {
            self.keys.entry(table.clone()).or_default().insert(key.clone());
        }
    }

    pub(super) fn add_check(&mut self, table: &Name, check: &str) {
        self.checks.entry(table.clone()).or_default().insert(check.to_owned());
    }

    pub(super) fn has_key(&self, table: &Name, key: &ForeignKey) -> bool {
        let own = self.keys.get(table);
        key.name.as_ref().is_some_and(|key| own.is_some_and(|own| own.contains(key)))
    }

    pub(super) fn has_check(&self, table: &Name, check: &str) -> bool {
        self.checks.get(table).is_some_and(|own| own.contains(check))
    }

    /// The statements, for tables as they are in `from`, of which columns are not renamed yet.
    pub(super) fn statements(
        &self,
        from: &Schema,
        renames: &Renames,
    ) -> impl Iterator<Item = Statement> {
        let tables: BTreeSet<&Name> = self.keys.keys().chain(self.checks.keys()).collect();
        tables.into_iter().filter_map(|name| {
            let keys = self.keys.get(name).into_iter().flatten();
            let checks = self.checks.get(name).into_iter().flatten();
            let keys = keys.map(|key| drop_foreign_key(key));
            let table = from.tables.get(name)?;
            let checks = checks.map(|check| drop_check(from.dialect, table, check));
            let mut clauses: Vec<Clause> = keys.chain(checks).collect();
            let held = table.indexes.iter().filter(|index| self.has_index(name, table, index));
            let columns = renames.of_table(name).into_iter().map(|(old, new)| (new, old)).collect();
            clauses.extend(held.flat_map(|index| {
                keep_index(from.dialect, table, &with_columns(index.clone(), &columns))
            }));
            Alteration::of(from.dialect, Mode::of([table]), clauses).statement(name)
        })
    }

    /// Whether the server may have made an index for a foreign key that goes, and not called it so: when
    /// the key comes back, it would make another and drop this one.
    fn has_index(&self, name: &Name, table: &Table, index: &Index) -> bool {
        let keys = table.foreign_keys.iter().filter(|key| self.has_key(name, key));
        keys.into_iter().any(|key| may_be_made_for(index, key))
    }
}

/// The index over columns of other names.
fn with_columns(mut index: Index, names: &BTreeMap<&str, &str>) -> Index {
    for part in &mut index.parts {
        if let IndexKey::Column(column) = &mut part.key
            && let Some(name) = names.get(column.as_str())
        {
            *column = (*name).to_owned();
        }
    }
    index
}
