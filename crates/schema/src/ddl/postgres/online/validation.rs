use super::{Deferred, statement};
use crate::catalog::postgres::names::{qualified, quoted};
use crate::ddl::Statement;
use crate::ddl::postgres::constraints;
use crate::ddl::postgres::demands::{self, demanding};
use crate::ddl::postgres::parts::{check_changes_in_place, foreign_key_changes_in_place};
use crate::ddl::postgres::script::statements_back;
use crate::difference::{Changes, Difference, Renames, TableDifference};
use crate::model::{Schema, Table};

/// A constraint that is validated later.
struct Unvalidated {
    name: String,
    demand: String,
    /// Whether it is there already, so that the way back does not drop it.
    is_there: bool,
}

impl Deferred {
    /// Constraints hold for new rows at once, and for those that are there once they were looked at.
    pub(super) fn put_off_validation(&mut self, difference: &Difference, table: &TableDifference) {
        let name = &table.name;
        let found = self.table(name).map(|of| unvalidated(table, of));
        for one in found.unwrap_or_default() {
            let constraint = &one.name;
            let sql = format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {}",
                qualified(name),
                quoted(constraint)
            );
            let sql = demanding(&sql, &[one.demand]);
            let up = vec![statement("validate constraint", name, constraint, sql)];
            let down = if one.is_there {
                taken_back(&difference.to, table, constraint)
            } else {
                Vec::new()
            };
            self.add(format!("validate_{constraint}"), false, up, down);
        }
    }
}

/// What a table is to have, no longer validated.
fn unvalidated(table: &TableDifference, of: &mut Table) -> Vec<Unvalidated> {
    let name = &table.name;
    let mut found = Vec::new();
    for key in &mut of.foreign_keys {
        if key.validated && table.foreign_keys.incoming().any(|one| one == key) {
            let old = changed_in_place(&table.foreign_keys, key, foreign_key_changes_in_place);
            if old.is_some_and(|old| old.validated) {
                continue;
            }
            let is_there = old.is_some();
            key.validated = false;
            let demand = demands::of_foreign_key(name, key, &constraints::referenced(name, key));
            found.extend(key.name.clone().map(|name| Unvalidated { name, demand, is_there }));
        }
    }
    for check in &mut of.checks {
        if check.validated && check.enforced && table.checks.incoming().any(|one| one == check) {
            let is_there = changed_in_place(&table.checks, check, check_changes_in_place).is_some();
            check.validated = false;
            let demand = demands::of_check(name, check);
            found.extend(check.name.clone().map(|name| Unvalidated { name, demand, is_there }));
        }
    }
    of.normalise();
    found
}

/// The constraint as it is, if it becomes what is wanted where it stands.
fn changed_in_place<'a, T: PartialEq>(
    changes: &'a Changes<T>,
    wanted: &T,
    is_in_place: impl Fn(&T, &T) -> bool,
) -> Option<&'a T> {
    let both = changes.changed.iter().find(|(old, new)| new == wanted && is_in_place(old, new));
    both.map(|(old, _)| old)
}

/// What makes a constraint one again that was never validated.
fn taken_back(to: &Schema, table: &TableDifference, constraint: &str) -> Vec<Statement> {
    let mut before = to.clone();
    if let Some(of) = before.tables.get_mut(&table.name) {
        let is_it = |name: Option<&String>| name.is_some_and(|name| name == constraint);
        for key in of.foreign_keys.iter_mut().filter(|key| is_it(key.name.as_ref())) {
            key.validated = false;
        }
        for check in of.checks.iter_mut().filter(|check| is_it(check.name.as_ref())) {
            check.validated = false;
        }
        of.normalise();
    }
    statements_back(&Difference::between(to, &before, &Renames::default()))
}
