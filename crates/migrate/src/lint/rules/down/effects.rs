use std::collections::BTreeSet;
use std::fmt;

use crate::ddl::{Action, AlterTable, Column, Name, Schema, What};
use crate::lint::file::File;

/// Something that a file leaves behind.
#[derive(Debug)]
pub(super) struct Effect {
    pub(super) line: usize,
    kind: Kind,
    /// What it is part of, or is itself.
    table: String,
    /// The part: a column, an index, a constraint.
    part: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Table,
    Column,
    Constraint,
    Index,
    Object,
    DroppedTable,
    DroppedColumn,
    DroppedIndex,
    RenamedTable,
    RenamedColumn,
    ChangedColumn,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, part, .. } = self;
        match self.kind {
            Kind::Table => write!(f, "table {table}"),
            Kind::Column => write!(f, "column {part} of {table}"),
            Kind::Constraint => write!(f, "constraint {part} of {table}"),
            Kind::Index => write!(f, "index {part}"),
            Kind::Object => write!(f, "{part} {table}"),
            Kind::DroppedTable => write!(f, "the drop of table {table}"),
            Kind::DroppedColumn => write!(f, "the drop of column {part} of {table}"),
            Kind::DroppedIndex => write!(f, "the drop of index {part}"),
            Kind::RenamedTable => write!(f, "the new name of table {table}"),
            Kind::RenamedColumn => write!(f, "the new name of column {part} of {table}"),
            Kind::ChangedColumn => write!(f, "the change of column {part} of {table}"),
        }
    }
}

/// What the up file leaves behind once all of it has run.
pub(super) fn made(up: &File<'_>, before: &Schema) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    let mut gone = BTreeSet::new();
    // A column that is cast to a type which is made anew is undone with that type.
    let renamed = up.reads.iter().filter_map(|read| match &read.what {
        What::AlterOther(alter) => alter.renamed_type(),
        _ => None,
    });
    let renamed: Vec<Name> = renamed.map(|(name, _)| name).collect();
    for read in &up.reads {
        let line = read.place.line;
        let effect = |kind, table: &str, part: &str| Effect {
            line,
            kind,
            table: table.to_owned(),
            part: part.to_owned(),
        };
        match &read.what {
            What::CreateTable(table) if !table.is_temporary && !table.replaces => {
                effects.push(effect(Kind::Table, table.name.key(), ""));
            }
            What::AlterTable(alter) => altered(line, alter, (&renamed, before), &mut effects),
            What::CreateIndex(index) => {
                if let Some(name) = &index.name {
                    effects.push(effect(Kind::Index, index.table.key(), name.key()));
                }
            }
            What::RenameTables(pairs) => {
                effects.extend(
                    pairs.iter().map(|(from, to)| effect(Kind::RenamedTable, from.key(), to.key())),
                );
            }
            What::Drop(drop) if drop.kind != "TABLE" => {
                gone.extend(drop.names.iter().map(|name| (drop.kind.as_str(), name.key())));
            }
            What::Create(created) if !created.replaces && created.kind != "CAST" => {
                let name = created.name.as_ref().map_or("", Name::key);
                // Made again in the place of one that may be the same: nobody can tell.
                if gone.contains(&(created.kind.as_str(), name)) {
                    continue;
                }
                effects.push(effect(Kind::Object, name, &created.kind.to_lowercase()));
            }
            What::Drop(drop) if drop.kind == "TABLE" => {
                for name in &drop.names {
                    let was_made =
                        effects.iter().any(|e| e.table == name.key() && e.kind == Kind::Table);
                    // What was only named away before is dropped under the name that it had.
                    let is_name = |e: &Effect| e.kind == Kind::RenamedTable && e.part == name.key();
                    let renamed = effects.iter().find(|effect| is_name(effect));
                    let old = renamed.map_or_else(|| name.key().to_owned(), |e| e.table.clone());
                    effects.retain(|effect| effect.table != name.key() && !is_name(effect));
                    if !was_made {
                        effects.push(effect(Kind::DroppedTable, &old, ""));
                    }
                }
            }
            What::DropIndex(drop) => {
                for name in &drop.names {
                    let table =
                        before.index(name).map_or(String::new(), |index| index.table.clone());
                    let count = effects.len();
                    effects.retain(|e| !(e.kind == Kind::Index && e.part == name.key()));
                    if effects.len() == count {
                        effects.push(effect(Kind::DroppedIndex, &table, name.key()));
                    }
                }
            }
            _ => {}
        }
    }
    without_rebuilds(effects)
}

fn altered(
    line: usize,
    alter: &AlterTable,
    (renamed, before): (&[Name], &Schema),
    effects: &mut Vec<Effect>,
) {
    let table = alter.table.key();
    let is_new = effects.iter().any(|effect| effect.kind == Kind::Table && effect.table == table);
    for action in &alter.actions {
        let (kind, part) = match action {
            Action::RenameTo(to) if is_new => {
                for effect in effects.iter_mut().filter(|effect| effect.table == table) {
                    to.key().clone_into(&mut effect.table);
                }
                continue;
            }
            _ if is_new => continue,
            Action::RenameTo(to) => (Kind::RenamedTable, to.key()),
            Action::AddColumn { column, .. } => (Kind::Column, column.name.key()),
            Action::DropColumn { name, .. } => {
                let count = effects.len();
                effects.retain(|e| {
                    !(e.kind == Kind::Column && e.table == table && e.part == name.key())
                });
                if effects.len() < count {
                    continue;
                }
                (Kind::DroppedColumn, name.key())
            }
            Action::AddConstraint(constraint) => match &constraint.name {
                Some(name) => (Kind::Constraint, name.key()),
                None => continue,
            },
            Action::DropConstraint { name: Some(name), .. } => {
                effects.retain(|e| !(e.kind == Kind::Constraint && e.part == name.key()));
                continue;
            }
            Action::AddIndex { name: Some(name), .. } => (Kind::Index, name.key()),
            Action::DropIndex(name) => (Kind::DroppedIndex, name.key()),
            Action::RenameColumn { to, .. } => (Kind::RenamedColumn, to.key()),
            Action::AlterType { to, .. } if renamed.iter().any(|name| to.is_named(name)) => {
                continue;
            }
            Action::AlterType { column, .. }
            | Action::SetNotNull(column)
            | Action::DropNotNull(column) => (Kind::ChangedColumn, column.key()),
            Action::Redefine { old, column }
                if is_only_placed(before, &alter.table, old, column) =>
            {
                continue;
            }
            Action::Redefine { column, .. } => (Kind::ChangedColumn, column.name.key()),
            _ => continue,
        };
        let added =
            effects.iter().any(|e| e.kind == Kind::Column && e.table == table && e.part == part);
        if !(kind == Kind::ChangedColumn && added) {
            effects.push(Effect { line, kind, table: table.to_owned(), part: part.to_owned() });
        }
    }
}

/// Whether a column gets another place and stays what it was: those around it can be moved back as well.
fn is_only_placed(before: &Schema, table: &Name, old: &Name, new: &Column) -> bool {
    let known = before.table(table).and_then(|table| table.column(old));
    known.is_some_and(|known| Column { is_placed: known.is_placed, ..new.clone() } == *known)
}

/// A table that took the name of a dropped one: what is undone is a change of that table.
fn without_rebuilds(mut effects: Vec<Effect>) -> Vec<Effect> {
    let dropped: BTreeSet<String> = of(&effects, Kind::DroppedTable);
    let made: BTreeSet<String> = of(&effects, Kind::Table);
    let rebuilt: BTreeSet<&String> = dropped.intersection(&made).collect();
    effects.retain(|effect| !(effect.kind == Kind::Table && rebuilt.contains(&effect.table)));
    effects
}

fn of(effects: &[Effect], kind: Kind) -> BTreeSet<String> {
    effects.iter().filter(|effect| effect.kind == kind).map(|effect| effect.table.clone()).collect()
}

/// What a down file does, as far as it undoes something.
#[derive(Debug, Default)]
pub(super) struct Undone {
    /// Tables that it drops, makes or renames: what was on them is settled.
    tables: BTreeSet<String>,
    /// Columns, indexes, constraints that it touches, with their table.
    parts: BTreeSet<String>,
    /// Tables of which it drops columns, whose indexes go along.
    thinned: BTreeSet<String>,
    objects: BTreeSet<String>,
    /// It runs code that cannot be looked into.
    pub(super) is_opaque: bool,
}

impl Undone {
    pub(super) fn of(down: &File<'_>) -> Self {
        let mut undone = Self::default();
        for read in &down.reads {
            undone.see(&read.what);
            let word = read.statement.sql.split_whitespace().next().unwrap_or_default();
            undone.is_opaque |= ["DO", "CALL", "EXECUTE", "PREPARE"]
                .iter()
                .any(|opaque| word.eq_ignore_ascii_case(opaque));
        }
        undone
    }

    fn see(&mut self, what: &What) {
        match what {
            What::CreateTable(table) => drop(self.tables.insert(table.name.key().to_owned())),
            What::AlterTable(alter) => self.see_alter(alter),
            What::CreateIndex(index) => {
                self.parts.extend(index.name.iter().map(|name| name.key().to_owned()));
            }
            What::DropIndex(drop) => {
                self.parts.extend(drop.names.iter().map(|name| last(name.key())));
            }
            What::RenameTables(pairs) => {
                for (from, to) in pairs {
                    self.tables.extend([from.key().to_owned(), to.key().to_owned()]);
                }
            }
            What::Create(created) => {
                self.objects.extend(created.name.iter().map(|name| name.key().to_owned()));
            }
            What::Drop(drop) => {
                let names = drop.names.iter().map(|name| name.key().to_owned());
                if drop.kind == "TABLE" {
                    self.tables.extend(names);
                } else {
                    self.objects.extend(names);
                }
            }
            What::AlterOther(alter) => {
                self.objects.extend(alter.name.iter().map(|name| name.key().to_owned()));
            }
            _ => {}
        }
    }

    fn see_alter(&mut self, alter: &AlterTable) {
        let mut part = |name: &Name| self.parts.insert(name.key().to_owned());
        for action in &alter.actions {
            match action {
                Action::AddColumn { column, .. } => drop(part(&column.name)),
                Action::DropColumn { name, .. } => {
                    part(name);
                    self.thinned.insert(alter.table.key().to_owned());
                }
                Action::AlterType { column: name, .. }
                | Action::SetNotNull(name)
                | Action::DropNotNull(name)
                | Action::DropIndex(name)
                | Action::AddIndex { name: Some(name), .. }
                | Action::DropConstraint { name: Some(name), .. } => drop(part(name)),
                Action::RenameColumn { from, to } => {
                    part(from);
                    part(to);
                }
                Action::Redefine { old, column } => {
                    part(old);
                    part(&column.name);
                }
                Action::AddConstraint(constraint) => {
                    if let Some(name) = &constraint.name {
                        part(name);
                    }
                }
                Action::RenameTo(to) => {
                    self.tables.extend([alter.table.key().to_owned(), to.key().to_owned()]);
                }
                _ => {}
            }
        }
    }

    pub(super) fn covers(&self, effect: &Effect) -> bool {
        let in_schema =
            effect.table.split_once('.').is_some_and(|(schema, _)| self.objects.contains(schema));
        if in_schema || self.tables.contains(&effect.table) {
            return true;
        }
        match effect.kind {
            Kind::Table | Kind::DroppedTable => false,
            Kind::RenamedTable => self.tables.contains(&effect.part),
            Kind::Object => {
                self.objects.contains(&effect.table)
                    || !self.tables.is_empty() && effect.part == "trigger"
            }
            Kind::Index => {
                self.parts.contains(&last(&effect.part)) || self.thinned.contains(&effect.table)
            }
            Kind::Column
            | Kind::Constraint
            | Kind::DroppedColumn
            | Kind::DroppedIndex
            | Kind::RenamedColumn
            | Kind::ChangedColumn => self.parts.contains(&last(&effect.part)),
        }
    }
}

/// An index is dropped with its schema's name and made without.
fn last(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).to_owned()
}
