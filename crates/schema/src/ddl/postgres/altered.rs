//! Tables that stay and change.

use std::collections::BTreeSet;

use super::columns;
use super::order::Graph;
use super::script::{Script, part_of};
use super::tables::storage_parameters;
use super::{constraints, indexes, sequences};
use crate::catalog::postgres::names::{qualified, quoted};
use crate::difference::Part;
use crate::model::{Column, ForeignKey, Index, Kind, Name, Reference, Table};

/// Said where a column was declared elsewhere.
const LAST: &str = "-- the column comes last: PostgreSQL puts none between others\n";

impl Script<'_> {
    /// Changes a table that stays; what had to go is gone already.
    pub(super) fn alter_table(
        &mut self,
        name: &Name,
        waiting: &BTreeSet<Reference>,
        postponed: &mut Vec<(Name, ForeignKey)>,
    ) {
        let sides = self.sides;
        let (Some(from), Some(to)) = (sides.old_table(name), sides.new_table(name)) else { return };
        self.rename_parts(name);
        self.drop_columns(name);
        self.alter_columns(name, from, to);
        self.add_columns(name, from, to);
        self.change_options(name, from, to);
        self.add_parts(name, to);
        self.change_parts(name);
        let keys = self.parts.get(name).map(|parts| parts.foreign_keys.on.clone());
        for key in keys.unwrap_or_default() {
            let referenced = Reference::to(Kind::Table, sides.referenced(name, &key));
            if referenced.name != *name && waiting.contains(&referenced) {
                postponed.push((name.clone(), key));
            } else {
                self.add_foreign_key(name, &key);
            }
        }
        let subject = qualified(name);
        let comments = (from.comment.as_ref(), to.comment.as_ref());
        self.comment(("TABLE", &subject), Kind::Table, name.clone(), comments);
    }

    fn rename_parts(&mut self, name: &Name) {
        let Some(parts) = self.parts.get(name) else { return };
        let table = qualified(name);
        let constraints = parts.renamed().into_iter().map(|(old, new)| {
            let sql =
                format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {}", quoted(old), quoted(new));
            ("rename constraint", part_of(name, new), sql)
        });
        let indexes = parts.indexes.renamed.iter().map(|(old, new)| {
            let index = qualified(&name.sibling(old.name.clone()));
            let sql = format!("ALTER INDEX {index} RENAME TO {}", quoted(&new.name));
            ("rename index", part_of(name, &new.name), sql)
        });
        for (change, object, sql) in constraints.chain(indexes).collect::<Vec<_>>() {
            self.say(change, Kind::Table, object, sql);
        }
    }

    fn drop_columns(&mut self, name: &Name) {
        let Some(difference) = self.altered.get(name) else { return };
        for column in &difference.columns.dropped {
            // Generated ones went before what they are computed from.
            let part = (name.clone(), column.name.clone());
            let is_of_rows = [&self.disturbed.rows, &self.disturbed.table_rows];
            if column.generated.is_some() || is_of_rows.iter().any(|rows| rows.contains(&part)) {
                continue;
            }
            let object = part_of(name, &column.name);
            let loses = Some(format!("the values of {object}"));
            let clause = format!("DROP COLUMN {}", quoted(&column.name));
            self.alter("drop column", name, object, &[clause], loses);
        }
    }

    /// Changes columns: those whose types change at once, so that the table is rewritten once.
    fn alter_columns(&mut self, name: &Name, from: &Table, to: &Table) {
        let mut together = Vec::new();
        let mut losses = Vec::new();
        let mut cast_columns = Vec::new();
        let (mut demanded, mut zoned) = (Vec::new(), Vec::new());
        let mut behind = Vec::new();
        for (old, new) in self.columns_that_stay(name, from, to) {
            let object = part_of(name, &new.name);
            let cast = self.cast(name, &old, &new);
            let counting = sequences::changes(self.sides, name, &old, &new);
            for sql in counting.before {
                self.say("alter column", Kind::Table, object.clone(), sql);
            }
            let clauses = columns::changes(&old, &new, cast.as_ref());
            let demands = self.demands_of_column(name, &old, &new, cast.is_some());
            if cast.is_some() {
                demanded.extend(demands);
                losses.extend(self.lost(name, &old, &new));
                zoned.extend(self.zoned((&old.data_type, &new.data_type), &object.to_string()));
                together.extend(clauses);
                cast_columns.push(object.clone());
            } else {
                let both = (clauses.as_slice(), demands.as_slice());
                self.alter_demanding("alter column", name, object.clone(), both, None);
            }
            behind.extend(counting.behind.into_iter().map(|sql| (object.clone(), sql)));
            self.own_sequence(name, &old, &new);
        }
        let object = match cast_columns.as_slice() {
            [one] => one.clone(),
            _ => name.clone(),
        };
        let lost = (!losses.is_empty()).then(|| losses.join("; "));
        self.alter_demanding("alter column type", name, object, (&together, &demanded), lost);
        if let Some(last) = self.statements.last_mut() {
            let lines: Vec<String> = zoned.iter().map(|one| format!("-- check: {one}\n")).collect();
            last.sql.insert_str(0, &lines.concat());
        }
        for (object, sql) in behind {
            self.say("alter column", Kind::Table, object, sql);
        }
        for (old, new) in self.columns_that_stay(name, from, to) {
            self.comment_on_column(name, Some(&old), &new);
        }
    }

    /// The columns that stay and have something done to them, as they are and as they are to be; a default that
    /// was taken off is not there any more.
    fn columns_that_stay(&self, name: &Name, from: &Table, to: &Table) -> Vec<(Column, Column)> {
        let pairs = from.columns.iter().filter_map(|old| {
            let new = to.column(&old.name)?;
            let part = (name.clone(), old.name.clone());
            if self.is_column_anew(name, &old.name) {
                return None;
            }
            let mut old = old.clone();
            let is_cast = self.disturbed.cast.contains(&part);
            if self.disturbed.is_default_off(&part) {
                old.default = None;
            }
            (is_cast || old != *new).then(|| (old, new.clone()))
        });
        pairs.collect()
    }

    /// Gives a sequence that counts for no column to its owner.
    fn own_sequence(&mut self, name: &Name, old: &Column, new: &Column) {
        let (was, is) = (columns::owned_sequence(old), columns::owned_sequence(new));
        if was == is {
            return;
        }
        if let Some(sequence) = is {
            let sql = sequences::owned_by(sequence, name, &new.name);
            self.say("alter sequence", Kind::Table, part_of(name, &new.name), sql);
        }
    }

    fn add_columns(&mut self, name: &Name, from: &Table, to: &Table) {
        let is_new = |column: &&Column| {
            from.column(&column.name).is_none() || self.is_column_anew(name, &column.name)
        };
        let new: Vec<&Column> = to.columns.iter().filter(is_new).collect();
        let last = to.columns.iter().rposition(|column| !is_new(&column));
        let before_others: Vec<&str> =
            to.columns.iter().take(last.unwrap_or_default()).map(|c| c.name.as_str()).collect();
        let (generated, plain): (Vec<&Column>, Vec<&Column>) =
            new.into_iter().partition(|column| column.generated.is_some());
        for column in plain.into_iter().chain(generated) {
            let column = &self.coming(name, column);
            let object = part_of(name, &column.name);
            for sql in self.before_serial(name, column) {
                self.say("create sequence", Kind::Table, object.clone(), sql);
            }
            let clause = format!("ADD COLUMN {}", columns::definition(name, column));
            let demands = Self::demands_of_added(name, column);
            self.alter_demanding("add column", name, object, (&[clause], &demands), None);
            if before_others.contains(&column.name.as_str())
                && let Some(added) = self.statements.last_mut()
            {
                added.sql.insert_str(0, LAST);
            }
            self.finish_column(name, column);
        }
    }

    fn change_options(&mut self, name: &Name, from: &Table, to: &Table) {
        let changes =
            indexes::parameter_changes(&storage_parameters(from), &storage_parameters(to));
        for clause in changes {
            self.alter("alter table", name, name.clone(), &[clause], None);
        }
        if from.options.unlogged && !to.options.unlogged {
            self.alter("alter table", name, name.clone(), &["SET LOGGED".to_owned()], None);
        }
    }

    /// Tables that are not logged any more: those that refer to others first, as a logged one must not
    /// refer to one that is not.
    pub(super) fn remove_logging(&mut self, graph: &Graph) {
        for key in graph.ordered().into_iter().rev() {
            let sides = (self.sides.old_table(&key.name), self.sides.new_table(&key.name));
            if key.kind == Kind::Table
                && let (Some(from), Some(to)) = sides
                && !from.options.unlogged
                && to.options.unlogged
            {
                self.alter(
                    "alter table",
                    &key.name,
                    key.name.clone(),
                    &["SET UNLOGGED".to_owned()],
                    None,
                );
            }
        }
    }

    fn add_parts(&mut self, name: &Name, to: &Table) {
        let Some(parts) = self.parts.get(name) else { return };
        let options = &to.options;
        let mut found = Vec::new();
        let named = |part: Option<&str>| part.unwrap_or_default().to_owned();
        if let Some(key) = &parts.key_on {
            let text = constraints::primary_key(key, options);
            let demands = self.demands_of_key(name, key);
            found.push(("add primary key", named(key.name.as_deref()), text, demands));
        }
        for one in &parts.uniques.on {
            let text = constraints::unique(one, options);
            let demands = self.demands_of_unique(name, one);
            found.push(("add unique constraint", named(one.name()), text, demands));
        }
        for one in &parts.checks.on {
            let text = constraints::check(one, options);
            found.push(("add check", named(one.name()), text, self.demands_of_check(name, one)));
        }
        for one in &parts.exclusions.on {
            let text = constraints::exclusion(one);
            let demands = self.demands_of_exclusion(name, one);
            found.push(("add exclusion", named(one.name()), text, demands));
        }
        let indexes: Vec<Index> = parts.indexes.on.clone();
        for (change, part, text, demands) in found {
            let clause = [format!("ADD {text}")];
            let object = part_of(name, &part);
            self.alter_demanding(change, name, object, (&clause, &demands), None);
        }
        for index in indexes {
            self.create_index(name, &index);
        }
    }

    /// Changes constraints and indexes in place.
    fn change_parts(&mut self, name: &Name) {
        let Some(parts) = self.parts.get(name) else { return };
        let checks = parts.checks.in_place.iter();
        let mut clauses: Vec<(String, String)> = checks
            .filter_map(|(_, new)| new.name.clone())
            .map(|check| (check.clone(), format!("VALIDATE CONSTRAINT {}", quoted(&check))))
            .collect();
        for (old, new) in &parts.foreign_keys.in_place {
            let Some(key) = &new.name else { continue };
            if old.deferral != new.deferral {
                let deferral = match constraints::deferral(new.deferral) {
                    "" => " NOT DEFERRABLE",
                    words => words,
                };
                clauses.push((key.clone(), format!("ALTER CONSTRAINT {}{deferral}", quoted(key))));
            }
            if old.validated != new.validated {
                clauses.push((key.clone(), format!("VALIDATE CONSTRAINT {}", quoted(key))));
            }
        }
        let indexes = parts.indexes.in_place.clone();
        for (part, clause) in clauses {
            self.alter("alter constraint", name, part_of(name, &part), &[clause], None);
        }
        for (old, new) in indexes {
            self.change_index(name, &old, &new);
        }
    }

    fn change_index(&mut self, table: &Name, old: &Index, new: &Index) {
        let subject = qualified(&table.sibling(new.name.clone()));
        let object = || part_of(table, &new.name);
        for clause in indexes::parameter_changes(&old.parameters, &new.parameters) {
            let sql = format!("ALTER INDEX {subject} {clause}");
            self.say("alter index", Kind::Table, object(), sql);
        }
        if !old.usable && new.usable {
            self.say("alter index", Kind::Table, object(), format!("REINDEX INDEX {subject}"));
        }
        for sql in indexes::statistics_changes(table, Some(old), new) {
            self.say("alter index", Kind::Table, object(), sql);
        }
        let comments = (old.comment.as_ref(), new.comment.as_ref());
        self.comment(("INDEX", &subject), Kind::Table, object(), comments);
    }
}
