//! Tables: made, altered, renamed and dropped.

use std::collections::{BTreeMap, BTreeSet};

use super::casts::Conversion;
use super::columns::{self, Cast};
use super::demands::{self, demanding};
use super::disturbed::{is_computed_no_more, is_remade};
use super::moved::Moved;
use super::order::Graph;
use super::script::{Script, is_routine, part_of};
use super::{casts, constraints, indexes, sequences};
use crate::catalog::postgres::names::{
    Extra, SEQUENCE_NAME, last_part, literal, qualified, quoted, sequence_name,
};
use crate::difference::steps;
use crate::model::{Column, ForeignKey, Index, Kind, Name, Reference, Table, Thing};

impl Script<'_> {
    /// Makes a table with all that can stand in its statement, then what cannot.
    pub(super) fn create_table(
        &mut self,
        name: &Name,
        waiting: &BTreeSet<Reference>,
        postponed: &mut Vec<(Name, ForeignKey)>,
    ) {
        let Some(table) = self.sides.new_table(name) else { return };
        let object = || name.clone();
        let columns: Vec<Column> =
            table.columns.iter().map(|column| self.coming(name, column)).collect();
        for column in &columns {
            for sql in self.before_serial(name, column) {
                self.say("create sequence", Kind::Table, object(), sql);
            }
        }
        let mut lines: Vec<String> =
            columns.iter().map(|column| columns::definition(name, column)).collect();
        let options = &table.options;
        lines.extend(table.primary_key.iter().map(|key| constraints::primary_key(key, options)));
        lines.extend(table.uniques.iter().map(|one| constraints::unique(one, options)));
        let (valid, other): (Vec<_>, Vec<_>) =
            table.checks.iter().partition(|check| check.validated || !check.enforced);
        lines.extend(valid.into_iter().map(|one| constraints::check(one, options)));
        lines.extend(table.exclusions.iter().map(constraints::exclusion));
        for key in &table.foreign_keys {
            let referenced = self.sides.referenced(name, key);
            let is_there = referenced == *name
                || !waiting.contains(&Reference::to(Kind::Table, referenced.clone()));
            // Inside of the statement, nothing is left unvalidated.
            if is_there && key.validated {
                lines.push(constraints::foreign_key(key, &referenced, options));
            } else {
                postponed.push((name.clone(), key.clone()));
            }
        }
        let unlogged = if options.unlogged { "UNLOGGED " } else { "" };
        let mut sql = format!("CREATE {unlogged}TABLE {} (", qualified(name));
        if !lines.is_empty() {
            sql = format!("{sql}\n    {}\n", lines.join(",\n    "));
        }
        sql += ")";
        let parameters = storage_parameters(table);
        if !parameters.is_empty() {
            sql = format!("{sql} WITH ({})", indexes::parameters(&parameters));
        }
        self.say("create table", Kind::Table, object(), sql);
        for check in other {
            let text = constraints::check(check, options);
            self.say(
                "add check",
                Kind::Table,
                object(),
                format!("ALTER TABLE {} ADD {text}", qualified(name)),
            );
        }
        for column in &columns {
            self.finish_column(name, column);
        }
        self.comment(
            ("TABLE", &qualified(name)),
            Kind::Table,
            object(),
            (None, table.comment.as_ref()),
        );
        for index in &table.indexes {
            self.create_index(name, index);
        }
    }

    /// What a column has that the statement which makes it cannot say.
    pub(super) fn finish_column(&mut self, table: &Name, column: &Column) {
        let object = || part_of(table, &column.name);
        self.alter("alter column", table, object(), &columns::further_clauses(column), None);
        for sql in sequences::around(table, column).1 {
            self.say("alter sequence", Kind::Table, object(), sql);
        }
        if let Some(sequence) = columns::owned_sequence(column) {
            let sql = sequences::owned_by(sequence, table, &column.name);
            self.say("alter sequence", Kind::Table, object(), sql);
        }
        self.comment_on_column(table, None, column);
    }

    pub(super) fn comment_on_column(&mut self, table: &Name, old: Option<&Column>, new: &Column) {
        let subject = format!("{}.{}", qualified(table), quoted(&new.name));
        let was = old.and_then(|old| old.comment.as_ref());
        let object = part_of(table, &new.name);
        self.comment(("COLUMN", &subject), Kind::Table, object, (was, new.comment.as_ref()));
    }

    /// Comments on something if its comment changes.
    pub(super) fn comment(
        &mut self,
        (what, subject): (&str, &str),
        kind: Kind,
        object: Name,
        (old, new): (Option<&String>, Option<&String>),
    ) {
        if old != new {
            let text = new.map_or_else(|| "NULL".to_owned(), |text| literal(text));
            self.say("comment", kind, object, format!("COMMENT ON {what} {subject} IS {text}"));
        }
    }

    /// One `ALTER TABLE` with some clauses, and what makes it fail.
    pub(super) fn alter_demanding(
        &mut self,
        change: &'static str,
        table: &Name,
        object: Name,
        (clauses, demands): (&[String], &[String]),
        loses: Option<String>,
    ) {
        self.alter(change, table, object, clauses, loses);
        if let Some(last) = self.statements.last_mut().filter(|_| !clauses.is_empty()) {
            last.sql = demanding(&last.sql, demands);
        }
    }

    /// One `ALTER TABLE` with some clauses; nothing without any.
    pub(super) fn alter(
        &mut self,
        change: &'static str,
        table: &Name,
        object: Name,
        clauses: &[String],
        loses: Option<String>,
    ) {
        let table = qualified(table);
        let sql = match clauses {
            [] => return,
            [clause] => format!("ALTER TABLE {table} {clause}"),
            _ => format!("ALTER TABLE {table}\n    {}", clauses.join(",\n    ")),
        };
        match loses {
            Some(loses) => self.say_loss((change, Kind::Table), object, sql, loses),
            None => self.say(change, Kind::Table, object, sql),
        }
    }

    /// Makes an index; one over what a routine gives that takes rows of its table waits for that.
    pub(super) fn create_index(&mut self, table: &Name, index: &Index) {
        if self.waits_for_routine(&Thing::Index(table.clone(), index.name.clone())) {
            self.late_indexes.push((table.clone(), index.clone()));
            return;
        }
        let object = || part_of(table, &index.name);
        let old = self.sides.old_table(table);
        let is_recomputed = self.disturbed.is_recomputed(table, &index.name);
        let unlike = Table::default();
        let old = old.map(|old| if is_recomputed { &unlike } else { old });
        let demands = demands::of_index(table, old, index);
        let sql = demanding(&indexes::create(table, index, false), &demands);
        self.say("create index", Kind::Table, object(), sql);
        for sql in indexes::statistics_changes(table, None, index) {
            self.say("alter index", Kind::Table, object(), sql);
        }
        let subject = qualified(&table.sibling(index.name.clone()));
        self.comment(("INDEX", &subject), Kind::Table, object(), (None, index.comment.as_ref()));
    }

    fn waits_for_routine(&self, thing: &Thing) -> bool {
        let mut all = self.sides.difference.to.dependencies.0.iter();
        all.any(|(dependent, on)| {
            let on = on.object();
            dependent == thing && is_routine(&on) && self.unmade.contains(&on)
        })
    }

    /// Drops tables, those that refer to others first.
    pub(super) fn drop_tables(&mut self) {
        let dropped = &self.sides.difference.tables.dropped;
        let objects: BTreeSet<Reference> =
            dropped.keys().map(|name| Reference::to(Kind::Table, name.clone())).collect();
        let from = &self.sides.difference.from;
        let mut graph = Graph::of(from, &objects);
        graph.add_wishes(self.sides, from);
        let mut ordered = graph.ordered();
        ordered.reverse();
        // What stands in a cycle refers to something that goes before it.
        let mut left = objects;
        for key in &ordered {
            left.remove(key);
            for other in left.iter().map(|other| &other.name) {
                let Some(table) = dropped.get(other) else { continue };
                let refers = |one: &&ForeignKey| self.sides.referenced(other, one) == key.name;
                let names =
                    table.foreign_keys.iter().filter(refers).filter_map(|one| one.name.clone());
                for name in names.collect::<Vec<_>>() {
                    let sql = format!(
                        "ALTER TABLE {} DROP CONSTRAINT {}",
                        qualified(other),
                        quoted(&name)
                    );
                    self.say("drop foreign key", Kind::Table, part_of(other, &name), sql);
                }
            }
        }
        for key in ordered {
            let sql = format!("DROP TABLE {}", qualified(&key.name));
            let loses = format!("all rows of {}", key.name);
            self.say_loss(("drop table", Kind::Table), key.name, sql, loses);
        }
    }

    /// Renames tables and columns, and the sequences that the server named after them.
    pub(super) fn rename(&mut self) {
        let difference = self.sides.difference;
        let waiting = self.rename_free_sequences();
        let moved = self.rename_tables();
        // What is made anew is gone by now, and comes under its new name.
        let stays = |table: &Name, column: &str| !self.is_column_anew(table, column);
        for (table, old, new) in difference.column_steps_of(stays) {
            let sql = format!(
                "ALTER TABLE {} RENAME COLUMN {} TO {}",
                qualified(table),
                quoted(&old),
                quoted(&new)
            );
            self.say("rename column", Kind::Table, part_of(table, &new), sql);
        }
        self.rename_sequences(moved);
        for (old, new) in waiting {
            self.rename_sequence(&old, new);
        }
        self.make_room();
    }

    /// Renames the sequences that stand alone, before tables and the sequences of columns need their names. Those whose
    /// new names these still have are named away, and given back for later.
    fn rename_free_sequences(&mut self) -> Vec<(Name, Name)> {
        let sides = self.sides;
        let held = self.held_by_tables();
        let mut waiting = Vec::new();
        let mut free = sides.difference.renames.sequences.clone();
        for (number, new) in free.values_mut().filter(|new| held.contains(*new)).enumerate() {
            let aside = new.sibling(format!("renamed_{}_free_seq", number + 1));
            waiting.push((aside.clone(), std::mem::replace(new, aside)));
        }
        for (old, new) in sides.difference.sequence_steps(&free) {
            self.rename_sequence(&old, new);
        }
        waiting
    }

    fn rename_sequence(&mut self, old: &Name, new: Name) {
        let sql = format!("ALTER SEQUENCE {} RENAME TO {}", qualified(old), quoted(&new.local));
        self.say("rename sequence", Kind::Sequence, new, sql);
    }

    fn rename_sequences(&mut self, mut moved: Moved) {
        let sides = self.sides;
        let mut renamed = BTreeMap::new();
        for (name, table) in &sides.difference.from.tables {
            for column in &table.columns {
                let is_named = column.attributes.contains_key(SEQUENCE_NAME);
                if column.identity.is_none() || is_named {
                    continue;
                }
                let former_column = sides.former_column(name, &column.name);
                let old = sequence_name(sides.former_table(name), former_column);
                let old = Name { schema: name.schema.clone(), ..old };
                let aside = moved.remove(&(name.clone(), old.local.clone()));
                let old = aside.map_or(old, |aside| name.sibling(aside));
                let new = sequence_name(name, &column.name);
                if old != new && sides.new_table(name).is_some() {
                    renamed.insert(old, new);
                }
            }
        }
        let back = moved.into_iter();
        renamed
            .extend(back.map(|((table, name), aside)| (table.sibling(aside), table.sibling(name))));
        let aside =
            |number: usize, name: &Name| Some(name.sibling(format!("renamed_{number}_seq")));
        for (old, new) in steps(&renamed, aside) {
            let (before, last) = (qualified(&old), qualified(&new));
            let sql = format!("ALTER SEQUENCE {before} RENAME TO {}", last_part(&last));
            self.say("rename sequence", Kind::Sequence, new, sql);
        }
    }

    /// How the type of a column changes, if it does.
    pub(super) fn cast(&self, table: &Name, old: &Column, new: &Column) -> Option<Cast> {
        let name = quoted(&new.name);
        let is_made_anew = self.disturbed.cast.contains(&(table.clone(), new.name.clone()));
        let difference = self.sides.difference;
        let from = casts::resolved(&difference.from, &old.data_type);
        let to = casts::resolved(&difference.to, &new.data_type);
        let conversion = self.conversion(&name);
        if is_made_anew {
            let uncut = casts::uncut(&from, &to);
            let through_text = match &uncut {
                // As the server reads a literal, which does not cut either.
                Some(_) if new.data_type.ends_with("[]") => {
                    format!("{name}::text::{}", new.data_type)
                }
                Some(uncut) => format!("{name}::text::{uncut}"),
                None => {
                    let array = if new.data_type.ends_with("[]") { "[]" } else { "" };
                    format!("{name}::text{array}::{}", new.data_type)
                }
            };
            let composite = self.disturbed.types.iter().find_map(|key| {
                let is_own =
                    key.kind == Kind::CompositeType && qualified(&key.name) == old.data_type;
                let old = difference.from.definitions.get(key).filter(|_| is_own)?;
                let definition = difference.to.definitions.get(key)?;
                self.composite_cast(&name, (old, definition), &new.data_type)
            });
            let target = uncut.as_deref().unwrap_or(&new.data_type);
            let direct = casts::utc(&name, &from, &to)
                .or_else(|| conversion.kept(&from, &to, &new.data_type))
                .or_else(|| conversion.is_cast(&from, &to).then(|| format!("{name}::{target}")));
            let is_wrapped = from.ends_with("[]") != to.ends_with("[]");
            let rewrapped = conversion.using(&from, &to, &new.data_type).filter(|_| is_wrapped);
            let unreadable = self.unreadable(&name, &old.data_type, &new.data_type);
            return Some(Cast {
                using: unreadable.or(rewrapped).or(composite).or(direct).or(Some(through_text)),
                resets_default: true,
            });
        }
        if old.data_type == new.data_type && old.collation == new.collation {
            return None;
        }
        let using = conversion.using(&from, &to, &new.data_type);
        let resets_default = using.is_some() || old.default != new.default;
        Some(Cast { using, resets_default })
    }

    /// What becomes of values by the casts that are there while the statements run.
    pub(super) fn conversion<'c>(&'c self, column: &'c str) -> Conversion<'c> {
        let casts = &self.sides.difference.from.attached.casts;
        Conversion { column, casts, is_way_back: self.is_way_back }
    }

    /// What a change of a column's type may lose, in words.
    pub(super) fn lost(&self, table: &Name, old: &Column, new: &Column) -> Option<String> {
        let place = part_of(table, &new.name).to_string();
        let narrowed = self.narrowed((&old.data_type, &new.data_type), &place);
        let lost: Vec<String> = narrowed
            .iter()
            .map(|(place, target)| format!("what {target} cannot hold of {place}"))
            .collect();
        (!lost.is_empty()).then(|| lost.join("; "))
    }

    /// Whether a column of both sides is dropped and added.
    pub(super) fn is_column_anew(&self, table: &Name, column: &str) -> bool {
        self.disturbed.remade.contains(&(table.clone(), column.to_owned()))
            || self.sides.column(table, column).is_some_and(|(old, new)| is_remade(old, new))
    }

    /// Drops generated columns that go or are made anew, under the old names.
    pub(super) fn drop_generated_columns(&mut self) {
        let sides = self.sides;
        let mut gone: Vec<(&Name, &Column, Option<String>)> = Vec::new();
        let mut kept: Vec<(&Name, &Column)> = Vec::new();
        for name in sides.staying() {
            let (Some(from), Some(to)) = (sides.old_table(name), sides.new_table(name)) else {
                continue;
            };
            for column in &from.columns {
                let new = to.column(&column.name);
                if new.is_some_and(|new| is_computed_no_more(column, new)) {
                    kept.push((name, column));
                }
                let is_gone = column.generated.is_some() && new.is_none();
                if is_gone || self.is_column_anew(name, &column.name) {
                    let held = column.generated.is_none();
                    let loses =
                        held.then(|| format!("the values of {}", part_of(name, &column.name)));
                    gone.push((name, column, loses));
                }
            }
        }
        // Before what they were computed from changes or goes.
        for (name, column) in kept {
            let former = quoted(sides.former_column(name, &column.name));
            let clause = format!("ALTER COLUMN {former} DROP EXPRESSION");
            let object = part_of(name, &column.name);
            self.alter("alter column", sides.former_table(name), object, &[clause], None);
        }
        // Before what they are computed from, which may be on its way to be computed itself.
        gone.sort_by_key(|(_, column, _)| column.generated.is_none());
        for (name, column, loses) in gone {
            let former = sides.former_column(name, &column.name);
            let clause = format!("DROP COLUMN {}", quoted(former));
            let object = part_of(name, &column.name);
            self.alter("drop column", sides.former_table(name), object, &[clause], loses);
        }
    }
}

/// The storage parameters of a table, without what its options say of constraints.
pub(super) fn storage_parameters(table: &Table) -> std::collections::BTreeMap<String, String> {
    let all = table.options.parameters.iter();
    let own = all.filter(|(name, _)| Extra::constraint(name).is_none());
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}
