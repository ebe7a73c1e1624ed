use std::collections::{BTreeMap, BTreeSet};

use super::disturbed::{Disturbed, Part as Named};
use super::order::Graph;
use super::parts::TableParts;
use super::sides::Sides;
use super::types;
use crate::catalog::postgres::names::{qualified, quoted};
use crate::ddl::Statement;
use crate::difference::{Difference, Part, TableDifference};
use crate::model::{Index, Kind, Name, Reference, Thing};

/// The statements of one way, while they are written.
pub(super) struct Script<'a> {
    pub(super) sides: &'a Sides<'a>,
    /// Whether they undo what those of the way up have done.
    pub(super) is_way_back: bool,
    pub(super) disturbed: Disturbed,
    /// What differs in tables that stay.
    pub(super) altered: BTreeMap<&'a Name, &'a TableDifference>,
    /// What happens to the parts of tables that stay.
    pub(super) parts: BTreeMap<&'a Name, TableParts>,
    pub(super) statements: Vec<Statement>,
    /// What is still to be made.
    pub(super) unmade: BTreeSet<Reference>,
    /// Indexes, with their tables, over what routines give that are still to be made.
    pub(super) late_indexes: Vec<(Name, Index)>,
}

/// All statements that make `difference.to` of what is there, in order.
pub(super) fn statements(difference: &Difference) -> Vec<Statement> {
    statements_of(difference, false)
}

/// All statements that undo the way up, in order.
pub(super) fn statements_back(back: &Difference) -> Vec<Statement> {
    statements_of(back, true)
}

fn statements_of(difference: &Difference, is_way_back: bool) -> Vec<Statement> {
    let sides = Sides::new(difference);
    let mut script = Script::new(&sides, is_way_back);
    script.remember_rights();
    script.take_parts_off();
    script.release_sequences();
    script.loosen_rows(script.disturbed.rows.clone());
    script.loosen_domains();
    script.drop_indexes_over_routines();
    script.drop_definitions();
    script.loosen_rows(script.disturbed.table_rows.clone());
    script.drop_tables();
    script.take_keys_off();
    script.drop_routines();
    script.make_schemas();
    script.rename();
    script.name_types_away();
    script.name_sequences_away();
    script.make();
    script.drop_what_is_left();
    script.comment_on_constraints();
    script.grant_again();
    script.statements
}

impl<'a> Script<'a> {
    fn new(sides: &'a Sides<'a>, is_way_back: bool) -> Self {
        let disturbed = Disturbed::of(sides);
        let altered: BTreeMap<&Name, &TableDifference> =
            sides.difference.altered.iter().map(|table| (&table.name, table)).collect();
        let parts = sides.staying().into_iter().filter_map(|name| {
            let (from, to) = (sides.old_table(name)?, sides.new_table(name)?);
            let difference = altered.get(name).copied();
            let parts = TableParts::of(&disturbed, name, difference, (from, to));
            (!parts.is_empty()).then_some((name, parts))
        });
        let parts = parts.collect();
        let (statements, unmade, late_indexes) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { sides, is_way_back, disturbed, altered, parts, statements, unmade, late_indexes }
    }

    /// Adds a statement about an object.
    pub(super) fn say(&mut self, change: &'static str, kind: Kind, object: Name, sql: String) {
        self.statements.push(Statement { sql, change, kind, object, loses: None });
    }

    /// Adds a statement about an object that loses data.
    pub(super) fn say_loss(
        &mut self,
        (change, kind): (&'static str, Kind),
        object: Name,
        sql: String,
        loses: String,
    ) {
        self.statements.push(Statement { sql, change, kind, object, loses: Some(loses) });
    }

    /// Takes off what stands on columns and on other tables' keys, under the old names.
    fn take_parts_off(&mut self) {
        let sides = self.sides;
        // Before the unique indexes of other tables that they stand on.
        let mut keys_off = Vec::new();
        let mut found = Vec::new();
        for (name, parts) in &self.parts {
            let drop = |change, part: &str| {
                let table = qualified(sides.former_table(name));
                (
                    change,
                    part_of(name, part),
                    format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(part)),
                )
            };
            let keys = parts.foreign_keys.off.iter().filter_map(Part::name);
            keys_off.extend(keys.map(|one| drop("drop foreign key", one)));
            let checks = parts.checks.off.iter().filter_map(Part::name);
            found.extend(checks.map(|one| drop("drop check", one)));
            let exclusions = parts.exclusions.off.iter().filter_map(Part::name);
            found.extend(exclusions.map(|one| drop("drop exclusion", one)));
            let indexes = parts.indexes.off.iter().map(|index| {
                let index_name = sides.former_table(name).sibling(index.name.clone());
                let sql = format!("DROP INDEX {}", qualified(&index_name));
                ("drop index", part_of(name, &index.name), sql)
            });
            found.extend(indexes);
        }
        for (table, column) in &self.disturbed.defaults {
            // That of a column which is dropped goes too: it may stand on a routine that does.
            let part = (table.clone(), column.clone());
            if sides.new_table(table).is_some() && self.disturbed.is_default_off(&part) {
                let sql = format!(
                    "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
                    qualified(sides.former_table(table)),
                    quoted(sides.former_column(table, column))
                );
                found.push(("drop default", part_of(table, column), sql));
            }
        }
        for (change, object, sql) in keys_off.into_iter().chain(found) {
            self.say(change, Kind::Table, object, sql);
        }
    }

    /// Drops the indexes of tables that go over what routines give that take rows of tables, and go before them.
    fn drop_indexes_over_routines(&mut self) {
        let difference = self.sides.difference;
        for (dependent, on) in &difference.from.dependencies.0 {
            let Thing::Index(table, index) = dependent else { continue };
            let routine = on.object();
            let goes = difference.tables.dropped.contains_key(table)
                && self.disturbed.definitions.contains(&routine);
            let name = qualified(&table.sibling(index.clone()));
            if goes && is_routine(&routine) && self.stands_on_tables(&routine) {
                // It may stand on several of them, and by several of its parts.
                let sql = format!("DROP INDEX {name}");
                let is_said = self.statements.iter().any(|statement| statement.sql == sql);
                if !is_said {
                    self.say("drop index", Kind::Table, part_of(table, index), sql);
                }
            }
        }
    }

    /// Drops views, triggers, rules and the routines that stand on tables, what stands on others first.
    fn drop_definitions(&mut self) {
        let from = &self.sides.difference.from;
        let mut ordered = Graph::of(from, &self.disturbed.definitions).ordered();
        ordered.reverse();
        for key in ordered {
            if !is_routine(&key) || self.stands_on_tables(&key) {
                self.drop_definition(&key);
            }
        }
    }

    /// Whether a routine takes or gives rows of a table, or its body does, or another that it stands on.
    fn stands_on_tables(&self, key: &Reference) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![key];
        while let Some(key) = waiting.pop() {
            let Some(definition) = self.sides.difference.from.definitions.get(key) else {
                continue;
            };
            for one in &definition.needs {
                if matches!(one.kind, Kind::Table | Kind::View | Kind::MaterializedView) {
                    return true;
                }
                if is_routine(one) && seen.insert(one) {
                    waiting.push(one);
                }
            }
        }
        false
    }

    /// Columns that hold rows of what goes hold their texts meanwhile; those that go, go before it.
    fn loosen_rows(&mut self, columns: BTreeSet<Named>) {
        let sides = self.sides;
        for (table, column) in columns {
            let former = quoted(sides.former_column(&table, &column)).clone();
            let object = part_of(&table, &column);
            let name = sides.former_table(&table).clone();
            if sides.column(&table, &column).is_some() {
                let clause = format!("ALTER COLUMN {former} TYPE text USING {former}::text");
                self.alter("alter column type", &name, object, &[clause], None);
            } else {
                let loses = Some(format!("the values of {object}"));
                let clause = format!("DROP COLUMN {former}");
                self.alter("drop column", &name, object, &[clause], loses);
            }
        }
    }

    pub(super) fn drop_definition(&mut self, key: &Reference) {
        let Some(definition) = self.sides.difference.from.definitions.get(key) else { return };
        // What is kept may go with what it belongs to.
        if definition.drop.is_empty() {
            return;
        }
        self.say(drop_words(key.kind), key.kind, key.name.clone(), definition.drop.clone());
    }

    /// Takes off keys that views may have stood on, and generated columns, under the old names.
    fn take_keys_off(&mut self) {
        let sides = self.sides;
        let mut found = Vec::new();
        for (name, parts) in &self.parts {
            let table = qualified(sides.former_table(name));
            let uniques = parts.uniques.off.iter().filter_map(Part::name);
            let uniques = uniques.map(|one| ("drop unique constraint", one));
            let key = parts.key_off.iter().filter_map(|key| key.name.as_deref());
            let key = key.map(|one| ("drop primary key", one));
            for (change, one) in uniques.chain(key) {
                let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(one));
                found.push((change, part_of(name, one), sql));
            }
        }
        for (change, object, sql) in found {
            self.say(change, Kind::Table, object, sql);
        }
        self.drop_generated_columns();
    }

    /// Drops the routines that are made anew and stand on no table.
    fn drop_routines(&mut self) {
        let from = &self.sides.difference.from;
        let mut ordered = Graph::of(from, &self.disturbed.definitions).ordered();
        ordered.reverse();
        for key in ordered {
            if is_routine(&key) && !self.stands_on_tables(&key) {
                self.drop_definition(&key);
            }
        }
    }

    fn make_schemas(&mut self) {
        for schema in self.sides.difference.schemas.added.keys() {
            let sql = format!("CREATE SCHEMA {}", quoted(schema));
            self.say("create schema", Kind::Schema, Name::local(schema), sql);
        }
    }

    /// Names the types away that are made anew: their columns are cast from the old to the new.
    fn name_types_away(&mut self) {
        for key in self.disturbed.types.clone() {
            self.name_type_away(&key);
        }
    }

    /// Drops routines, types, sequences, extensions and schemas, once nothing needs them any more.
    fn drop_what_is_left(&mut self) {
        let difference = self.sides.difference;
        let dropped = difference.definitions.dropped.keys().filter(|key| key.kind != Kind::Comment);
        let mut left: BTreeSet<Reference> =
            dropped.filter(|key| !self.disturbed.definitions.contains(key)).cloned().collect();
        left.extend(self.disturbed.types.iter().cloned());
        let enums = difference.enums.dropped.keys();
        left.extend(enums.map(|name| Reference::to(Kind::Enum, name.clone())));
        let sequences = self.dropped_sequences().into_iter();
        left.extend(sequences.map(|name| Reference::to(Kind::Sequence, name.clone())));
        let mut ordered = Graph::of(&difference.from, &left).ordered();
        ordered.reverse();
        for key in ordered {
            self.drop_left(&key);
        }
        for schema in difference.schemas.dropped.keys() {
            let sql = format!("DROP SCHEMA {}", quoted(schema));
            self.say("drop schema", Kind::Schema, Name::local(schema), sql);
        }
    }

    fn drop_left(&mut self, key: &Reference) {
        let is_away = self.disturbed.types.contains(key);
        let name = if is_away { types::old_name(&key.name) } else { key.name.clone() };
        let sql = match key.kind {
            Kind::Enum | Kind::CompositeType => format!("DROP TYPE {}", qualified(&name)),
            Kind::Domain => format!("DROP DOMAIN {}", qualified(&name)),
            Kind::Sequence => format!("DROP SEQUENCE {}", self.last_name(&key.name)),
            _ => {
                let Some(definition) = self.sides.difference.from.definitions.get(key) else {
                    return;
                };
                if is_routine(key) {
                    // The rows that it takes are those of a table that is renamed by now.
                    self.sides.difference.renames.rows_in(&definition.drop)
                } else {
                    definition.drop.clone()
                }
            }
        };
        match self.lost_count(key) {
            Some(loses) => {
                self.say_loss((drop_words(key.kind), key.kind), key.name.clone(), sql, loses);
            }
            None if sql.is_empty() => {}
            None => self.say(drop_words(key.kind), key.kind, key.name.clone(), sql),
        }
    }
}

pub(super) const fn is_routine(key: &Reference) -> bool {
    matches!(key.kind, Kind::Function | Kind::Procedure)
}

/// A part of a table as an object: `users.email`.
pub(super) fn part_of(table: &Name, part: &str) -> Name {
    table.sibling(format!("{}.{part}", table.local))
}

/// What dropping an object is called.
pub(super) const fn drop_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "drop schema",
        Kind::Extension => "drop extension",
        Kind::Collation => "drop collation",
        Kind::Enum => "drop enum",
        Kind::CompositeType => "drop type",
        Kind::Domain => "drop domain",
        Kind::Sequence => "drop sequence",
        Kind::Function => "drop function",
        Kind::Procedure => "drop procedure",
        Kind::Table => "drop table",
        Kind::VirtualTable => "drop virtual table",
        Kind::View => "drop view",
        Kind::MaterializedView => "drop materialized view",
        Kind::Rule => "drop rule",
        Kind::Trigger => "drop trigger",
        Kind::Event => "drop event",
        Kind::Comment => "drop comment",
        Kind::Kept => "take off",
    }
}

/// What making an object is called.
pub(super) const fn create_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "create schema",
        Kind::Extension => "create extension",
        Kind::Collation => "create collation",
        Kind::Enum => "create enum",
        Kind::CompositeType => "create type",
        Kind::Domain => "create domain",
        Kind::Sequence => "create sequence",
        Kind::Function => "create function",
        Kind::Procedure => "create procedure",
        Kind::Table => "create table",
        Kind::VirtualTable => "create virtual table",
        Kind::View => "create view",
        Kind::MaterializedView => "create materialized view",
        Kind::Rule => "create rule",
        Kind::Trigger => "create trigger",
        Kind::Event => "create event",
        Kind::Comment => "comment",
        Kind::Kept => "put on again",
    }
}
