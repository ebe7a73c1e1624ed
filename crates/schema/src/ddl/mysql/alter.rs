pub(super) mod by_text;
mod columns;
mod demands;
mod keys;
mod materialise;
mod nulls;
mod zones;

use std::collections::{BTreeMap, BTreeSet};

use super::clause::{Alteration, Clause};
use super::dependents::Dependents;
use super::early::Early;
use super::fill::Filling;
use super::mode::Mode;
use super::options;
use super::text::name;
use crate::ddl::Statement;
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
    fn before(&self, alone: &BTreeSet<&'a str>) -> Vec<Statement> {
        let renames = self.renamed.iter().filter(|(_, new)| alone.contains(*new));
        // The servers rename the columns of foreign keys only where nothing rewrites the table.
        let clauses: Vec<Clause> = renames.map(|(old, new)| columns::rename(old, new)).collect();
        let renaming = (!clauses.is_empty()).then(|| self.alteration(clauses));
        let remade = Dependents::of(self).remade;
        let guards = nulls::before(self, alone, &remade);
        let by_text = by_text::before(self, alone, &remade);
        let before = renaming.into_iter().chain(guards).chain(materialise::before(self, alone));
        before.filter_map(|one| one.statement(self.name)).chain(by_text).collect()
    }

    /// The clauses that `MySQL` takes in a statement of their own only: it makes one fulltext index at a time,
    /// and does not see that one is made anew with another parser.
    fn behind(&self, all: &mut Alteration) -> Vec<Alteration> {
        let is_fulltext = |clause: &Clause| clause.sql.starts_with("ADD FULLTEXT ");
        let anew: BTreeSet<String> =
            self.difference.indexes.changed.iter().map(|(_, new)| new.name.clone()).collect();
        let is_anew = |clause: &Clause| clause.part.as_ref().is_some_and(|key| anew.contains(key));
        let mut seen = false;
        let later = all.take(|clause| {
            let is_own = self.dialect() == Dialect::MySql && is_fulltext(clause);
            let is_later = is_own && (seen || is_anew(clause));
            seen |= is_own;
            is_later
        });
        later.into_iter().map(|clause| self.alteration(vec![clause])).collect()
    }

    /// The clauses that have to be done before: `MySQL` changes no reference system under a spatial index.
    fn ahead(&self, all: &mut Alteration) -> Alteration {
        let keys = super::dependents::spatial(self);
        let is_drop = |key: &String| format!("DROP KEY {}", name(key));
        let drops: Vec<String> = keys.iter().map(is_drop).collect();
        self.alteration(all.take(|clause| drops.contains(&clause.sql)))
    }

    /// What `MariaDB` takes off in a statement of its own only: the history of rows, beside which it drops no column,
    /// and an option of a storage engine, which the next one does not know.
    fn options_ahead(&self, all: &mut Alteration) -> [Alteration; 2] {
        let drop = options::drop_versioning();
        let mut unversioned = self.alteration(all.take(|clause| clause.sql == drop));
        if !unversioned.clauses.is_empty() {
            let is_history = |lost: &String| Some(lost) == self.lost_options().as_ref();
            (unversioned.loses, all.loses) =
                std::mem::take(&mut all.loses).into_iter().partition(is_history);
        }
        let has_other_engine = self.from.options.engine != self.to.options.engine;
        let is_own =
            |clause: &Clause| clause.sql.starts_with('`') && clause.sql.ends_with(" = DEFAULT");
        let options = all.take(|clause| has_other_engine && is_own(clause));
        [unversioned, self.alteration(options)]
    }

    /// All statements, in order.
    pub(super) fn statements(
        &self,
        alone: &BTreeSet<&'a str>,
        early: &Early,
        is_here: impl Fn(&ForeignKey) -> bool,
    ) -> Vec<Statement> {
        let (mut all, mut filling) = self.alteration_of_all(alone, early, is_here);
        let [unversioned, options] = self.options_ahead(&mut all);
        let ahead = self.ahead(&mut all);
        let behind = self.behind(&mut all);
        if !filling.added.is_empty() {
            filling.key = all.take(|clause| clause.change == "add primary key").pop();
        }
        let filled = self.alteration(filling.clauses(self));
        let own = |one: Alteration| one.statement(self.name);
        let options = [unversioned, options].into_iter().filter_map(own);
        let mut statements: Vec<Statement> = options.chain(self.before(alone)).collect();
        statements.extend([ahead, all].into_iter().filter_map(own));
        statements.extend(filling.update(self));
        statements.extend(std::iter::once(filled).chain(behind).filter_map(own));
        statements
    }

    /// The one ALTER TABLE; `is_here` says which of the foreign keys that it gets can be added in it.
    fn alteration_of_all(
        &self,
        alone: &BTreeSet<&'a str>,
        early: &Early,
        is_here: impl Fn(&ForeignKey) -> bool,
    ) -> (Alteration, Filling) {
        let dependents = Dependents::of(self);
        let mut clauses = keys::dropped(self, &dependents, early);
        let columns = columns::Columns::of(self, &dependents, alone);
        clauses.extend(columns.clauses());
        clauses.extend(keys::added(self, &dependents));
        let keys: Vec<_> = self.incoming(early).into_iter().filter(|key| is_here(key)).collect();
        clauses.extend(keys.iter().map(|key| keys::added_foreign_key(key)));
        if let Some((from, to)) = &self.difference.options {
            let said = options::of_altered(from, to).into_iter();
            clauses.extend(said.map(|sql| Clause::of_table("change options", sql)));
        }
        if let Some((_, to)) = &self.difference.comment {
            let text = options::comment(to.as_deref().unwrap_or_default());
            clauses.push(Clause::of_table("change comment", text));
        }
        // Rows are looked at where they are copied, and not where a column gets a check.
        if demands::has_checked_columns(self) {
            clauses.push(Clause::of_table("check rows", "ALGORITHM = COPY".to_owned()));
        }
        let mut alteration = self.alteration(clauses);
        alteration.loses = columns.loses();
        alteration.loses.extend(self.lost_options());
        alteration.demands = demands::of(self);
        alteration.checks = zones::of(self);
        alteration.demands.extend(keys.iter().filter_map(|key| self.demanded_by(key)));
        for (old, new) in &self.difference.columns.changed {
            if !dependents.remade.contains(&new.name) {
                alteration.mode = alteration.mode.with_change(old, new);
            }
        }
        (alteration, columns.filling())
    }

    /// The foreign keys that it gets, those included that were dropped for a while.
    pub(super) fn incoming(&self, early: &Early) -> Vec<&ForeignKey> {
        let stays =
            self.to.foreign_keys.iter().filter(|key| {
                self.from.foreign_keys.contains(key) && early.has_key(self.name, key)
            });
        self.difference.foreign_keys.incoming().chain(stays).collect()
    }

    /// What the rows must meet for a foreign key that was not there in the same form.
    pub(super) fn demanded_by(&self, key: &ForeignKey) -> Option<String> {
        let stays = self.from.foreign_keys.iter().any(|old| {
            ForeignKey { name: None, ..old.clone() }
                == ForeignKey {
                    name: None,
                    on_delete: old.on_delete,
                    on_update: old.on_update,
                    ..key.clone()
                }
        });
        (!stays).then(|| demands::of_foreign_key(self.name, key))
    }

    pub(super) fn alteration(&self, clauses: Vec<Clause>) -> Alteration {
        let is_versioned =
            |table: &Table| table.options.parameters.contains_key(options::VERSIONED);
        let keeps_history = is_versioned(self.from) && is_versioned(self.to);
        let mode = Mode::of([self.from, self.to]);
        Alteration { keeps_history, ..Alteration::of(self.dialect(), mode, clauses) }
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
