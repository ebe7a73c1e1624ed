mod columns;
mod keys;
mod materialise;

use std::collections::{BTreeMap, BTreeSet};

use super::clause::{Alteration, Clause};
use super::dependents::Dependents;
use super::early::Early;
use super::options;
use super::text::name;
use crate::difference::{Difference, TableDifference};
use crate::model::{Dialect, ForeignKey, Index, Name, Schema, Table};

/// A table that stays and changes.
#[derive(Debug)]
pub(super) struct Changing<'a> {
    pub(super) schema: &'a Schema,
    pub(super) name: &'a Name,
    pub(super) from: &'a Table,
    pub(super) to: &'a Table,
    pub(super) difference: TableDifference,
    /// Its columns that are renamed: old names to new ones.
    pub(super) renamed: BTreeMap<&'a str, &'a str>,
    /// Columns whose values are computed when read, and are kept from now on.
    pub(super) materialised: BTreeSet<String>,
}

impl<'a> Changing<'a> {
    /// The tables that stay and differ, or have columns with other names.
    pub(super) fn all(difference: &'a Difference) -> BTreeMap<&'a Name, Self> {
        let mut all = BTreeMap::new();
        for (name, from) in &difference.from.tables {
            let Some((name, to)) = difference.to.tables.get_key_value(name) else { continue };
            let renamed = difference.renames.of_table(name);
            let changes = TableDifference::between(&difference.from, name, from, to);
            if changes.is_empty() && renamed.is_empty() {
                continue;
            }
            let schema = &difference.to;
            let materialised = BTreeSet::new();
            let mut changing =
                Self { schema, name, from, to, difference: changes, renamed, materialised };
            changing.materialised = materialise::possible(&changing);
            all.insert(name, changing);
        }
        all
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.schema.dialect
    }

    /// What has to be done before the one ALTER TABLE, in another.
    pub(super) fn before(&self, alone: &BTreeSet<&'a str>) -> Vec<Alteration> {
        let renames = self.renamed.iter().filter(|(_, new)| alone.contains(*new));
        // The servers rename the columns of foreign keys only where nothing rewrites the table.
        let clauses: Vec<Clause> = renames.map(|(old, new)| columns::rename(old, new)).collect();
        let renaming = (!clauses.is_empty()).then(|| self.alteration(clauses));
        renaming.into_iter().chain(materialise::before(self, alone)).collect()
    }

    /// The clauses that `MySQL` takes in a statement of their own only: it makes one fulltext index at a time.
    pub(super) fn behind(&self, all: &mut Alteration) -> Vec<Alteration> {
        let is_fulltext = |clause: &Clause| clause.sql.starts_with("ADD FULLTEXT ");
        let mut seen = false;
        let (later, clauses) = std::mem::take(&mut all.clauses).into_iter().partition(|clause| {
            let is_later = self.dialect() == Dialect::MySql && seen && is_fulltext(clause);
            seen |= is_fulltext(clause);
            is_later
        });
        all.clauses = clauses;
        let later: Vec<Clause> = later;
        later.into_iter().map(|clause| self.alteration(vec![clause])).collect()
    }

    /// The one ALTER TABLE; `is_here` says which of the foreign keys that it gets can be added in it.
    pub(super) fn alteration_of_all(
        &self,
        alone: &BTreeSet<&'a str>,
        early: &Early,
        is_here: impl Fn(&ForeignKey) -> bool,
    ) -> Alteration {
        let dependents = Dependents::of(self);
        let mut clauses = keys::dropped(self, &dependents, early);
        let columns = columns::Columns::of(self, &dependents, alone);
        clauses.extend(columns.clauses());
        clauses.extend(keys::added(self, &dependents));
        let keys = self.incoming(early).into_iter().filter(|key| is_here(key));
        clauses.extend(keys.map(keys::added_foreign_key));
        if let Some((from, to)) = &self.difference.options {
            let said = options::of_altered(from, to).into_iter();
            clauses.extend(said.map(|sql| Clause::of_table("change options", sql)));
        }
        if let Some((_, to)) = &self.difference.comment {
            let text = options::comment(to.as_deref().unwrap_or_default());
            clauses.push(Clause::of_table("change comment", text));
        }
        let mut alteration = self.alteration(clauses);
        alteration.loses = columns.loses();
        alteration.loses.extend(self.lost_options());
        alteration.demands = columns.demands();
        alteration
    }

    /// The foreign keys that it gets, those included that were dropped for a while.
    pub(super) fn incoming(&self, early: &Early) -> Vec<&ForeignKey> {
        let stays =
            self.to.foreign_keys.iter().filter(|key| {
                self.from.foreign_keys.contains(key) && early.has_key(self.name, key)
            });
        self.difference.foreign_keys.incoming().chain(stays).collect()
    }

    pub(super) fn alteration(&self, clauses: Vec<Clause>) -> Alteration {
        let is_versioned =
            |table: &Table| table.options.parameters.contains_key(options::VERSIONED);
        let keeps_history = is_versioned(self.from) && is_versioned(self.to);
        Alteration { clauses, keeps_history, ..Alteration::default() }
    }

    fn lost_options(&self) -> Option<String> {
        let (from, to) = self.difference.options.as_ref()?;
        let is_lost = |engine: &str| {
            matches!(engine, "BLACKHOLE" | "MEMORY") && from.engine.as_deref() != Some(engine)
        };
        if let Some(engine) = to.engine.as_deref().filter(|engine| is_lost(engine)) {
            return Some(format!("the rows of {}, which {engine} does not keep", self.name));
        }
        let is_versioned =
            |parameters: &BTreeMap<String, String>| parameters.contains_key(options::VERSIONED);
        let loses = is_versioned(&from.parameters) && !is_versioned(&to.parameters);
        loses.then(|| format!("the history of the rows of {}", self.name))
    }
}

/// The clauses that make an index anew, which the server then keeps whatever foreign keys there are.
pub(super) fn keep_index(dialect: Dialect, table: &Table, index: &Index) -> [Clause; 2] {
    keys::made_anew(dialect, table, index)
}

/// Whether the server may have made an index for a foreign key, and called it after its first column.
pub(super) fn may_be_made_for(index: &Index, key: &ForeignKey) -> bool {
    keys::may_be_made_for(index, key) && key.name.as_deref() != Some(&index.name)
}

/// The clause that drops a foreign key.
pub(super) fn drop_foreign_key(key: &str) -> Clause {
    Clause::of(key, "drop foreign key", format!("DROP FOREIGN KEY {}", name(key)))
}

/// The clause that drops a check of a table.
pub(super) fn drop_check(dialect: Dialect, table: &Table, check: &str) -> Clause {
    let keys = table.foreign_keys.iter().filter_map(|key| key.name.as_deref());
    let mut names = keys.chain(table.uniques.iter().filter_map(|unique| unique.name.as_deref()));
    // `MySQL` asks which of two constraints of one name is meant, and `MariaDB` knows no word to say so.
    let is_ambiguous =
        dialect == Dialect::MySql && names.any(|one| one.eq_ignore_ascii_case(check));
    let word = if is_ambiguous { "CHECK" } else { "CONSTRAINT" };
    Clause::of(check, "drop check", format!("DROP {word} {}", name(check)))
}

/// The clause that adds a foreign key.
pub(super) fn add_foreign_key(key: &ForeignKey) -> Clause {
    keys::added_foreign_key(key)
}
