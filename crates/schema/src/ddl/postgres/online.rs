//! What can be done without a long lock, once all else is done.

mod validation;

use std::collections::BTreeSet;

use super::casts;
use super::constraints;
use super::demands::{self, demanding};
use super::disturbed::Disturbed;
use super::indexes;
use super::parts::index_changes_in_place;
use super::script::part_of;
use super::sides::Sides;
use crate::catalog::postgres::names::{Extra, chosen, literal, qualified, quoted};
use crate::ddl::{Script, Statement};
use crate::difference::{Difference, TableDifference};
use crate::model::{
    Check, Column, Index, IndexKey, IndexPart, Kind, Name, Schema, Table, TableOptions, Unique,
};

/// Tables with columns, sorted, that foreign keys refer to.
type Needed = BTreeSet<(Name, Vec<String>)>;

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
            deferred.put_off_indexes(table, from, (&disturbed, &needed));
            deferred.put_off_changed_indexes(table, from, (&disturbed, &needed));
            deferred.put_off_uniques(table, &needed);
            deferred.put_off_validation(difference, table);
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
    fn put_off_indexes(
        &mut self,
        table: &TableDifference,
        from: &Table,
        (disturbed, needed): (&Disturbed, &Needed),
    ) {
        let name = &table.name;
        let is_disturbed =
            |index: &Index| disturbed.indexes.contains(&(name.clone(), index.name.clone()));
        for index in &table.indexes.added {
            let is_swapped =
                table.uniques.dropped.iter().any(|one| one.name.as_ref() == Some(&index.name));
            if is_swapped || is_needed(needed, name, index) {
                continue;
            }
            if let Some(of) = self.table(name) {
                of.indexes.retain(|one| one.name != index.name);
            }
            let mut made = create_index(name, index);
            made.sql = demanding(&made.sql, &demands::of_index(name, Some(from), index));
            let purpose = format!("create_{}", index.name);
            let down = vec![drop_index(name, index)];
            self.add(purpose, true, vec![made], down);
            let statistics = indexes::statistics_changes(name, None, index);
            if !statistics.is_empty() {
                let said = |sql| statement("alter index", name, &index.name, sql);
                let up = statistics.into_iter().map(said).collect();
                self.add(format!("look_closer_at_{}", index.name), false, up, Vec::new());
            }
            if let Some(text) = &index.comment {
                let (up, down) = comments(name, index, text);
                self.add(format!("comment_on_{}", index.name), false, vec![up], vec![down]);
            }
        }
        for index in &table.indexes.dropped {
            let is_free = index.predicate.is_none() && stays(table, from, index);
            let is_taken =
                table.uniques.added.iter().any(|one| one.name.as_ref() == Some(&index.name));
            if is_disturbed(index) || !is_free || is_taken || is_needed(needed, name, index) {
                continue;
            }
            if let Some(of) = self.table(name) {
                of.indexes.push(index.clone());
                of.normalise();
            }
            if let Some(text) = &index.comment {
                let (set, taken) = comments(name, index, text);
                let purpose = format!("take_comment_off_{}", index.name);
                self.add(purpose, false, vec![taken], vec![set]);
            }
            let purpose = format!("drop_{}", index.name);
            let down = vec![create_index(name, index)];
            self.add(purpose, true, vec![drop_index(name, index)], down);
        }
    }

    /// An index that is made anew is made beside the old one, and takes its name when that is gone.
    fn put_off_changed_indexes(
        &mut self,
        table: &TableDifference,
        from: &Table,
        (disturbed, needed): (&Disturbed, &Needed),
    ) {
        let name = &table.name;
        for (number, (old, new)) in table.indexes.changed.iter().enumerate() {
            let is_disturbed = disturbed.indexes.contains(&(name.clone(), old.name.clone()));
            let is_kept = index_changes_in_place(old, new);
            // A comment and statistics would be one more file each.
            let has_comment =
                old.comment.is_some() || new.comment.is_some() || indexes::has_statistics(new);
            let is_free = old.predicate.is_none() && stays(table, from, old);
            let is_needed = is_needed(needed, name, old);
            if is_disturbed || is_kept || has_comment || !is_free || is_needed {
                continue;
            }
            let Some(of) = self.table(name) else { continue };
            of.indexes.retain(|one| one.name != new.name);
            of.indexes.push(old.clone());
            of.normalise();
            let aside = Index { name: format!("renamed_{}", number + 1), ..new.clone() };
            let (purpose, beside) =
                (format!("create_new_{}", new.name), vec![create_index(name, &aside)]);
            self.add(purpose, true, beside, vec![drop_index(name, &aside)]);
            let (purpose, gone) = (format!("drop_old_{}", old.name), vec![drop_index(name, old)]);
            self.add(purpose, true, gone, vec![create_index(name, old)]);
            let renamed = |from: &str, to: &str| {
                let index = qualified(&name.sibling(from));
                let sql = format!("ALTER INDEX {index} RENAME TO {}", quoted(to));
                vec![statement("rename index", name, to, sql)]
            };
            let (up, down) = (renamed(&aside.name, &new.name), renamed(&new.name, &aside.name));
            self.add(format!("rename_{}", new.name), false, up, down);
        }
    }

    /// A unique constraint takes over an index that was made while the table is written to.
    fn put_off_uniques(&mut self, table: &TableDifference, needed: &Needed) {
        let name = &table.name;
        for unique in &table.uniques.added {
            let Some(constraint) = unique.name.clone() else { continue };
            // One takes the place of the other in one transaction, so that rows stay unique between.
            let is_swapped = table.indexes.dropped.iter().any(|one| one.name == constraint);
            if is_swapped || needed.contains(&(name.clone(), sorted(&unique.columns))) {
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
            let purpose = format!("create_{constraint}");
            let down = vec![drop_index(name, &index)];
            let mut made = create_index(name, &index);
            made.sql = demanding(&made.sql, &[demands::of_unique(name, &unique.columns)]);
            self.add(purpose, true, vec![made], down);
            let up = vec![statement("add unique constraint", name, &constraint, sql)];
            let drop =
                format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(name), quoted(&constraint));
            // The index goes with its constraint, and is what the revision before has made.
            let again = indexes::create(name, &index, false);
            let down = vec![
                statement("drop unique constraint", name, &constraint, drop),
                statement("create index", name, &constraint, again),
            ];
            self.add(format!("add_{constraint}"), false, up, down);
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
            // The default, the comment and how it is stored change at once.
            let is_plain = Column { nullable: old.nullable, ..new.clone() }
                == Column {
                    default: new.default.clone(),
                    comment: new.comment.clone(),
                    attributes: new.attributes.clone(),
                    ..old.clone()
                };
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
            let alter = |change, part: &str, what: String| {
                statement(change, name, part, format!("ALTER TABLE {} {what}", qualified(name)))
            };
            // It reads all rows, which the table's lock must not wait for.
            let validate = format!("VALIDATE CONSTRAINT {quoted_check}");
            let mut validate = alter("validate constraint", &constraint, validate);
            validate.sql = demanding(&validate.sql, &[demands::of_required(name, &new.name)]);
            self.add(format!("validate_{constraint}"), false, vec![validate], Vec::new());
            let required = format!("ALTER COLUMN {column} SET NOT NULL");
            let up = vec![
                alter("alter column", &new.name, required),
                alter("drop check", &constraint, format!("DROP CONSTRAINT {quoted_check}")),
            ];
            let down = vec![
                alter("add check", &constraint, made),
                alter("alter column", &new.name, format!("ALTER COLUMN {column} DROP NOT NULL")),
            ];
            self.add(format!("require_{}_{}", name.local, new.name), false, up, down);
        }
    }
}

/// Whether all that an index stands on stays as it is.
fn stays(table: &TableDifference, from: &Table, index: &Index) -> bool {
    index.parts.iter().all(|part| match &part.key {
        IndexKey::Column(column) => is_untouched(table, from, column),
        IndexKey::Expression(_) => false,
    })
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
fn keys_that_are_needed(difference: &Difference, sides: &Sides<'_>) -> Needed {
    let tables = difference.to.tables.iter();
    let keys =
        tables.flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key)));
    keys.map(|(name, key)| (sides.referenced(name, key), sorted(&key.referenced_columns))).collect()
}

/// Whether foreign keys stand on what such an index is made of.
fn is_needed(needed: &Needed, table: &Name, index: &Index) -> bool {
    let columns: Option<Vec<String>> =
        index.parts.iter().map(|part| part.column().map(str::to_owned)).collect();
    index.unique && columns.is_some_and(|all| needed.contains(&(table.clone(), sorted(&all))))
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

/// What sets the comment of an index, and what takes it off.
fn comments(table: &Name, index: &Index, text: &str) -> (Statement, Statement) {
    let name = qualified(&table.sibling(index.name.clone()));
    let comment = |text: &str| {
        statement("comment", table, &index.name, format!("COMMENT ON INDEX {name} IS {text}"))
    };
    (comment(&literal(text)), comment("NULL"))
}

fn statement(change: &'static str, table: &Name, part: &str, sql: String) -> Statement {
    Statement { sql, change, kind: Kind::Table, object: part_of(table, part), loses: None }
}
