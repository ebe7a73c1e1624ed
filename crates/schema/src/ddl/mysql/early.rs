use std::collections::{BTreeMap, BTreeSet};

use super::alter::{drop_check, drop_foreign_key};
use super::clause::Alteration;
use crate::ddl::Statement;
use crate::model::{ForeignKey, Name};

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

    pub(super) fn statements(&self) -> impl Iterator<Item = Statement> {
        let tables: BTreeSet<&Name> = self.keys.keys().chain(self.checks.keys()).collect();
        tables.into_iter().filter_map(|table| {
            let keys = self.keys.get(table).into_iter().flatten();
            let checks = self.checks.get(table).into_iter().flatten();
            let keys = keys.map(|key| drop_foreign_key(key));
            let clauses = keys.chain(checks.map(|check| drop_check(check))).collect();
            Alteration { clauses, ..Alteration::default() }.statement(table)
        })
    }
}
