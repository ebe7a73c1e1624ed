//! What can be done without a long lock, once all else is done.

use std::collections::BTreeSet;

use super::casts;
use super::constraints;
use super::disturbed::Disturbed;
use super::indexes;
use super::script::part_of;
use super::sides::Sides;
use crate::catalog::postgres::names::{Extra, chosen, literal, qualified, quoted};
use crate::ddl::{Script, Statement};
use crate::difference::{Difference, TableDifference};
use crate::model::{
    Check, Column, Index, IndexKey, IndexPart, Kind, Name, Schema, Table, TableOptions, Unique,
};

/// What is put off, and the schema as it is to be before.
pub(super) struct Deferred {
    pub(super) before: Schema,
    pub(super) scripts: Vec<Script>,
}

impl Deferred {
    pub(super) fn of(difference: &Difference) -> Self {
        let sides = Sides::new(difference);
        let disturbed = Disturbed::of(&sides);
        let mut deferred = Self { before: difference.to.clone(), scripts: Vec::new() };
        let needed = keys_that_are_needed(difference, &sides);
        for table in &difference.altered {
            let Some(from) = sides.old_table(&table.name) else { continue };
            deferred.put_off_indexes(table, from, &disturbed);
            deferred.put_off_uniques(table, &needed);
            deferred.put_off_validation(table);
            deferred.put_off_requirements(table);
        }
        deferred
    }

    fn table(&mut self, name: &Name) -> Option<&mut Table> {
        self.before.tables.get_mut(name)
    }

    fn add(
        &mut self,
        purpose: String,
        no_transaction: bool,
        up: Vec<Statement>,
        down: Vec<Statement>,
    ) {
        let purpose = Some(purpose);
        self.scripts.push(Script { purpose, no_transaction, up, down });
    }

    /// Indexes are made and dropped while the table is written to.
    fn put_off_indexes(&mut self, table: &TableDifference, from: &Table, disturbed: &Disturbed) {
        let name = &table.name;
        let is_disturbed =
            |index: &Index| disturbed.indexes.contains(&(name.clone(), index.name.clone()));
        for index in &table.indexes.added {
            if let Some(of) = self.table(name) {
                of.indexes.retain(|one| one.name != index.name);
            }
            let mut up = vec![create_index(name, index)];
            up.extend(comment(name, index));
            let purpose = format!("create_{}", index.name);
            self.add(purpose, true, up, vec![drop_index(name, index)]);
        }
        for index in &table.indexes.dropped {
            let stays = index.parts.iter().all(|part| match &part.key {
                IndexKey::Column(column) => is_untouched(table, from, column),
                IndexKey::Expression(_) => false,
            });
            if is_disturbed(index) || index.predicate.is_some() || !stays {
                continue;
            }
            if let Some(of) = self.table(name) {
                of.indexes.push(index.clone());
                of.normalise();
            }
            let mut down = vec![create_index(name, index)];
            down.extend(comment(name, index));
            let purpose = format!("drop_{}", index.name);
            self.add(purpose, true, vec![drop_index(name, index)], down);
        }
    }

    /// A unique constraint takes over an index that was made while the table is written to.
    fn put_off_uniques(&mut self, table: &TableDifference, needed: &BTreeSet<(Name, Vec<String>)>) {
        let name = &table.name;
        for unique in &table.uniques.added {
            let Some(constraint) = unique.name.clone() else { continue };
            if needed.contains(&(name.clone(), sorted(&unique.columns))) {
                continue;
            }
            let Some(of) = self.table(name) else { continue };
            let options = of.options.clone();
            of.uniques.retain(|one| one != unique);
            of.options
                .parameters
                .retain(|option, _| Extra::constraint(option) != Some(&constraint));
            let index = behind(unique, &constraint, &options);
            let sql = format!(
                "ALTER TABLE {} ADD CONSTRAINT {} UNIQUE USING INDEX {}{}",
                qualified(name),
                quoted(&constraint),
                quoted(&constraint),
                constraints::deferral(unique.deferral)
            );
            let up = vec![
                create_index(name, &index),
                statement("add unique constraint", name, &constraint, sql),
            ];
            let drop =
                format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(name), quoted(&constraint));
            let down = vec![statement("drop unique constraint", name, &constraint, drop)];
            self.add(format!("add_{constraint}"), true, up, down);
        }
    }

    /// Constraints hold for new rows at once, and for those that are there once they were looked at.
    fn put_off_validation(&mut self, table: &TableDifference) {
        let name = &table.name;
        let mut constraints = Vec::new();
        if let Some(of) = self.table(name) {
            for key in &mut of.foreign_keys {
                if key.validated && table.foreign_keys.incoming().any(|one| one == key) {
                    key.validated = false;
                    constraints.extend(key.name.clone());
                }
            }
            for check in &mut of.checks {
                if check.validated
                    && check.enforced
                    && table.checks.incoming().any(|one| one == check)
                {
                    check.validated = false;
                    constraints.extend(check.name.clone());
                }
            }
            of.normalise();
        }
        for constraint in constraints {
            let sql = format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {}",
                qualified(name),
                quoted(&constraint)
            );
            let up = vec![statement("alter constraint", name, &constraint, sql)];
            self.add(format!("validate_{constraint}"), false, up, Vec::new());
        }
    }

    /// A column becomes required once a check has looked at its rows.
    fn put_off_requirements(&mut self, table: &TableDifference) {
        let name = &table.name;
        for (old, new) in &table.columns.changed {
            let is_of_key =
                self.before.tables.get(name).is_some_and(|of| {
                    of.primary_key.iter().any(|key| key.columns.contains(&new.name))
                });
            let is_plain = Column { nullable: true, ..new.clone() }
                == Column { nullable: true, ..old.clone() };
            if !old.nullable || new.nullable || is_of_key || !is_plain || new.identity.is_some() {
                continue;
            }
            let constraint = chosen(&name.local, &new.name, "not_null");
            let check = Check {
                name: Some(constraint.clone()),
                expression: format!("({} IS NOT NULL)", quoted(&new.name)),
                enforced: true,
                validated: false,
            };
            let Some(of) = self.table(name) else { continue };
            let made = format!("ADD {}", constraints::check(&check, &TableOptions::default()));
            of.checks.push(check);
            of.normalise();
            if let Some(column) = of.columns.iter_mut().find(|one| one.name == new.name) {
                column.nullable = true;
            }
            let (quoted_check, column) = (quoted(&constraint), quoted(&new.name));
            let alter = |change, what: String| {
                statement(
                    change,
                    name,
                    &new.name,
                    format!("ALTER TABLE {} {what}", qualified(name)),
                )
            };
            let up = vec![
                alter("alter constraint", format!("VALIDATE CONSTRAINT {quoted_check}")),
                alter("alter column", format!("ALTER COLUMN {column} SET NOT NULL")),
                alter("drop check", format!("DROP CONSTRAINT {quoted_check}")),
            ];
            let down = vec![
                alter("add check", made),
                alter("alter column", format!("ALTER COLUMN {column} DROP NOT NULL")),
            ];
            self.add(format!("require_{}_{}", name.local, new.name), true, up, down);
        }
    }
}

/// Whether a column stays as it is.
fn is_untouched(table: &TableDifference, from: &Table, column: &str) -> bool {
    let changed = table.columns.changed.iter().find(|(old, _)| old.name == column);
    from.column(column).is_some()
        && table.columns.dropped.iter().all(|dropped| dropped.name != column)
        && changed
            .is_none_or(|(old, new)| old.data_type == new.data_type || casts::are_numbers(old, new))
}

/// The keys that foreign keys of the schema as it is to be stand on: these cannot come later.
fn keys_that_are_needed(
    difference: &Difference,
    sides: &Sides<'_>,
) -> BTreeSet<(Name, Vec<String>)> {
    let tables = difference.to.tables.iter();
    let keys =
        tables.flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key)));
    keys.map(|(name, key)| (sides.referenced(name, key), sorted(&key.referenced_columns))).collect()
}

fn sorted(columns: &[String]) -> Vec<String> {
    let mut columns = columns.to_vec();
    columns.sort();
    columns
}

/// The index behind a unique constraint.
fn behind(unique: &Unique, name: &str, options: &TableOptions) -> Index {
    let parts = unique.columns.iter().map(|one| IndexPart::of(IndexKey::Column(one.clone())));
    let parameters = Extra::Index.of(options, name).unwrap_or_default();
    let parameters = parameters.split(", ").filter_map(|one| one.split_once('='));
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Index {
        unique: true,
        parts: parts.collect(),
        include: unique.include.clone(),
        nulls_not_distinct: unique.nulls_not_distinct,
        parameters: parameters.collect(),
        ..Index::new(name, "btree")
    }
}

fn create_index(table: &Name, index: &Index) -> Statement {
    statement("create index", table, &index.name, indexes::create(table, index, true))
}

fn drop_index(table: &Name, index: &Index) -> Statement {
    let name = qualified(&table.sibling(index.name.clone()));
    statement("drop index", table, &index.name, format!("DROP INDEX CONCURRENTLY {name}"))
}

fn comment(table: &Name, index: &Index) -> Option<Statement> {
    let text = index.comment.as_ref()?;
    let name = qualified(&table.sibling(index.name.clone()));
    let sql = format!("COMMENT ON INDEX {name} IS {}", literal(text));
    Some(statement("comment", table, &index.name, sql))
}

fn statement(change: &'static str, table: &Name, part: &str, sql: String) -> Statement {
    Statement { sql, change, kind: Kind::Table, object: part_of(table, part), loses: None }
}
