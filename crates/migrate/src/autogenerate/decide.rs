use std::collections::BTreeSet;

use artisan_schema::Annotations;
use artisan_schema::difference::{Difference, Lookalike, Renames, lookalikes};
use artisan_schema::model::{Kind, Name, Schema};

use super::compare::Sides;
use super::{Asker, Autogenerate};
use crate::history::Script;
use crate::{Error, Event};

/// What somebody says of something that is dropped and something that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is the same, under another name.
    Rename,
    /// They have nothing to do with each other.
    Drop,
    /// Nobody is there to ask.
    Unknown,
}

/// The difference once renames are decided, and the way back.
pub(super) struct Decided {
    pub(super) up: Difference,
    pub(super) back: Difference,
}

impl Autogenerate<'_> {
    /// Finds what differs; what may be a rename is one if the desired schema says so, or whoever is asked.
    pub(super) fn decide(&self, sides: &Sides, ask: &Asker<'_>) -> Result<Decided, Error> {
        let (from, to) = (&sides.from, &sides.to);
        let marked = self.with_confirmed(annotated(&sides.texts, from, to)?, from, to);
        let mut renames = self.exchanged(from, to, marked)?;
        check_applied(from, to, &renames)?;
        let (mut refused, mut open) = (BTreeSet::new(), Vec::new());
        // An answer settles others: what is renamed looks like nothing else any more.
        let up = loop {
            let up = Difference::between(from, to, &renames);
            let found = lookalikes(&up);
            let next = found.into_iter().find(|one| !refused.contains(one));
            let Some(next) = next else { break up };
            match self.said(&next).unwrap_or_else(|| ask(&next)) {
                Answer::Rename => add(&mut renames, &next),
                Answer::Drop => {}
                Answer::Unknown => open.push(next.clone()),
            }
            refused.insert(next);
            if self.options.stop.is_requested() {
                return Err(Error::Stopped);
            }
        };
        self.check_said(&up)?;
        if !open.is_empty() {
            return Err(undecided(&open, self.desired.is_marked()));
        }
        let back = Difference::between(to, from, &up.renames.inverted());
        Ok(Decided { up, back })
    }

    /// The renames without the exchanges of names that are done.
    ///
    /// Afterwards all names are there as they were before: what shows it is that their columns are as they are to be
    /// with the exchange and not without it, or the other way round. Where neither is so, nobody can tell: a second
    /// exchange would undo the first, and one that is taken for done leaves the data where it was.
    fn exchanged(
        &self,
        from: &Schema,
        to: &Schema,
        mut renames: Renames,
    ) -> Result<Renames, Error> {
        for exchange in renames.exchanges(from, to) {
            let without = renames.without(&exchange);
            let unlike = |renames| Difference::between(from, to, renames).unlike(&exchange);
            match (unlike(&renames), unlike(&without)) {
                (0, 1..) => {}
                (1.., 0) => {
                    let message = format!(
                        "{} are marked as exchanged and have their types already: the exchange is taken for done, and \
                         the marks can go",
                        members(&exchange)
                    );
                    self.options.observer.tell(&Event::Noticed { message });
                    renames = without;
                }
                _ => return Err(indistinct(&exchange)),
            }
        }
        Ok(renames)
    }

    /// The renames, and those that the command line confirms: what is said needs not look alike.
    fn with_confirmed(&self, mut renames: Renames, from: &Schema, to: &Schema) -> Renames {
        let only_in = |one: &Schema, other: &Schema, name: &str| {
            let mut names = names_of_tables(one).filter(|table| table.to_string() == name);
            names.find(|table| !names_of_tables(other).any(|other| other == *table)).cloned()
        };
        for (old, new) in &self.renamed {
            if let (Some(old), Some(new)) = (only_in(from, to, old), only_in(to, from, new)) {
                renames.tables.entry(old).or_insert(new);
            }
        }
        for table in Difference::between(from, to, &renames).altered {
            let columns = table.columns;
            let pairs = columns
                .dropped
                .iter()
                .flat_map(|old| columns.added.iter().map(move |new| (old, new)));
            for (old, new) in pairs {
                let (old, new) = (old.name.clone(), new.column.name.clone());
                let one = Lookalike::Column { table: table.name.clone(), old, new };
                if self.said(&one) == Some(Answer::Rename) {
                    add(&mut renames, &one);
                }
            }
        }
        renames
    }

    /// What the command line says of it.
    fn said(&self, one: &Lookalike) -> Option<Answer> {
        let (old, new) = names(one);
        if self.dropped.contains(&old) {
            return Some(Answer::Drop);
        }
        let is_same = |(from, to): &&(String, String)| {
            *from == old
                && (*to == new || matches!(one, Lookalike::Column { new, .. } if to == new))
        };
        self.renamed.iter().find(is_same).map(|_| Answer::Rename)
    }

    /// Refuses names that nothing has to which it could be said.
    fn check_said(&self, up: &Difference) -> Result<(), Error> {
        let dropped = dropped(up);
        let idle = self.dropped.iter().find(|name| !dropped.contains(name));
        let candidates = if dropped.is_empty() {
            "nothing is dropped".to_owned()
        } else {
            format!("these are dropped: {}", dropped.join(", "))
        };
        if let Some(name) = idle {
            let message = format!(
                "nothing was written: --confirm-drop {} names nothing that would be dropped; {candidates}",
                shell(name)
            );
            return Err(Error::usage("NOT_DROPPED", message));
        }
        let Some((old, new)) = self.renamed.iter().find(|(old, _)| dropped.contains(old)) else {
            return Ok(());
        };
        let message = format!(
            "nothing was written: --confirm-rename {}={} names no pair of which one is gone and one is new; \
             {candidates}",
            shell(old),
            shell(new)
        );
        Err(Error::usage("NOT_RENAMED", message))
    }
}

/// Tables, and on `SQLite` virtual ones.
fn names_of_tables(schema: &Schema) -> impl Iterator<Item = &Name> {
    let others = schema.definitions.keys().filter(|one| one.kind == Kind::VirtualTable);
    schema.tables.keys().chain(others.map(|one| &one.name))
}

/// The tables and columns that are dropped.
fn dropped(up: &Difference) -> Vec<String> {
    let tables = up.tables.dropped.keys().map(ToString::to_string);
    let columns = up.altered.iter().flat_map(|table| {
        let dropped = table.columns.dropped.iter();
        dropped.map(move |column| format!("{}.{}", table.name, column.name))
    });
    tables.chain(columns).collect()
}

/// What the desired schema says of renames, in the spelling of both schemas.
fn annotated(texts: &[Script], from: &Schema, to: &Schema) -> Result<Renames, Error> {
    let mut renames = Renames::default();
    for text in texts {
        let found = Annotations::parse(to.dialect, &text.text)
            .map_err(|error| Error::usage("BAD_ANNOTATION", format!("{}: {error}", text.file)))?;
        renames.tables.extend(found.renames.tables);
        renames.columns.extend(found.renames.columns);
        renames.sequences.extend(found.renames.sequences);
    }
    Ok(renames.spelt_as(from, to))
}

/// The names that are exchanged, for people.
fn members(exchange: &Renames) -> String {
    let tables = exchange.tables.keys().map(ToString::to_string);
    let columns = exchange.columns.keys().map(|(table, column)| format!("{table}.{column}"));
    let sequences = exchange.sequences.keys().map(ToString::to_string);
    tables.chain(columns).chain(sequences).collect::<Vec<_>>().join(" and ")
}

fn indistinct(exchange: &Renames) -> Error {
    let message = format!(
        "nothing was written: {} are marked as exchanged, and their types and options do not show whether it is done: \
         if it is not, write the exchange by hand (`migrate revision`); then take the marks away",
        members(exchange)
    );
    Error::usage("BAD_ANNOTATION", message)
}

/// The old and the new name, those of columns with their table.
fn names(one: &Lookalike) -> (String, String) {
    match one {
        Lookalike::Table { old, new } => (old.to_string(), new.to_string()),
        Lookalike::Column { table, old, new } => {
            (format!("{table}.{old}"), format!("{table}.{new}"))
        }
    }
}

/// Refuses an annotation that would do nothing although it says something: what it names is not there and what it
/// stands at is new, or what it names is there and stays. One whose rename is done is left alone.
fn check_applied(from: &Schema, to: &Schema, renames: &Renames) -> Result<(), Error> {
    let applied = Difference::between(from, to, renames).renames;
    let former = |new: &Name| {
        let old = applied.tables.iter().find(|(_, name)| *name == new);
        from.tables.get(old.map_or(new, |(old, _)| old))
    };
    for (old, new) in renames.tables.iter().filter(|(old, _)| !applied.tables.contains_key(*old)) {
        let has = |schema: &Schema, name| {
            schema.tables.contains_key(name) || schema.virtual_table(name).is_some()
        };
        let is_refilled = renames.tables.values().any(|other| other == old);
        // Another one has the name since, and this is done.
        if has(from, new) && is_refilled {
            continue;
        }
        let both = from.virtual_table(old).zip(to.virtual_table(new));
        let is_same = both.is_some_and(|(was, is)| was.create == is.create);
        if is_same && (is_refilled || renames.tables.contains_key(new)) {
            return Err(passed_on(old, new));
        }
        if from.virtual_table(old).is_some() && to.virtual_table(old).is_none() {
            return Err(other_module(old, new));
        }
        let (was_there, is_new) = (has(from, old), !has(from, new));
        if was_there || is_new && has(to, new) {
            return Err(unapplied(&old.to_string(), &format!("table {new}"), was_there, is_new));
        }
    }
    let sequences = renames.sequences.iter();
    for (old, new) in sequences.filter(|(old, _)| !applied.sequences.contains_key(*old)) {
        let (was_there, is_new) =
            (from.sequences.contains_key(old), !from.sequences.contains_key(new));
        let is_refilled = renames.sequences.values().any(|other| other == old);
        if (was_there || is_new && to.sequences.contains_key(new)) && (is_new || !is_refilled) {
            let what = format!("sequence {new}");
            if let Some(column) = from.column_counting_with(old) {
                return Err(owned(&old.to_string(), &what, &column));
            }
            return Err(unapplied(&old.to_string(), &what, was_there, is_new));
        }
    }
    for (key @ (table, old), new) in &renames.columns {
        if applied.columns.contains_key(key) {
            continue;
        }
        let has = |name: &str| former(table).is_some_and(|table| table.column(name).is_some());
        let (was_there, is_new) = (has(old), !has(new));
        let is_refilled =
            renames.columns.iter().any(|((of, _), other)| of == table && other == old);
        if !is_new && is_refilled {
            continue;
        }
        if was_there || is_new {
            return Err(unapplied(old, &format!("column {table}.{new}"), was_there, is_new));
        }
    }
    Ok(())
}

fn unapplied(old: &str, what: &str, was_there: bool, is_new: bool) -> Error {
    let cause = match (was_there, is_new) {
        (true, true) => format!("the desired schema keeps {old} as well"),
        (true, false) => "both are there already".to_owned(),
        (false, _) => format!("there is no {old} that could have been renamed"),
    };
    let in_two = if was_there && !is_new {
        "; if it is to go and the other to have its name, that takes two revisions: let the desired schema drop it, \
         write that one, then rename"
    } else {
        ""
    };
    let message = format!(
        "nothing was written: {what} is marked `@renamed from={old}`, and {cause}: mend the name, or take the mark \
         away{in_two}"
    );
    Error::usage("BAD_ANNOTATION", message)
}

fn owned(old: &str, what: &str, column: &str) -> Error {
    let message = format!(
        "nothing was written: {what} is marked `@renamed from={old}`, and {old} is the sequence of column {column} itself, \
         which is not renamed on its own: take the mark away; if the column counts with another sequence instead, that one \
         goes on from its count"
    );
    Error::usage("BAD_ANNOTATION", message)
}

fn passed_on(old: &Name, new: &Name) -> Error {
    let message = format!(
        "nothing was written: table {new} is marked `@renamed from={old}`, and virtual tables that pass a name on are \
         renamed one by one: let the desired schema rename the one whose new name is free, write that revision, then \
         go on with the next"
    );
    Error::usage("BAD_ANNOTATION", message)
}

fn other_module(old: &Name, new: &Name) -> Error {
    let message = format!(
        "nothing was written: table {new} is marked `@renamed from={old}`, and {old} is a virtual table of another module \
         or other arguments, whose rows would be lost: rename it in a revision of its own, or take the mark away"
    );
    Error::usage("BAD_ANNOTATION", message)
}

fn add(renames: &mut Renames, one: &Lookalike) {
    match one.clone() {
        Lookalike::Table { old, new } => renames.tables.insert(old, new).map(drop),
        Lookalike::Column { table, old, new } => {
            renames.columns.insert((table, old), new).map(drop)
        }
    };
}

/// For whoever sees something dropped and made that may be one thing under another name.
pub(super) fn told_as_drop(one: &Lookalike, is_marked: bool) -> String {
    let mark = if is_marked {
        mark(one, is_marked)
    } else {
        "`migrate revision --autogenerate` asks".to_owned()
    };
    format!("{}: told as a drop here; if it was renamed, {mark}", alike(one))
}

fn alike(one: &Lookalike) -> String {
    let (old, new) = names(one);
    let what = match one {
        Lookalike::Table { .. } => "table",
        Lookalike::Column { .. } => "column",
    };
    format!("{what} {old} is gone and {new} is new, and they look alike")
}

/// How somebody says that it is a rename.
fn mark(one: &Lookalike, is_marked: bool) -> String {
    let (old, new) = names(one);
    if !is_marked {
        return format!("write --confirm-rename {}={}", shell(&old), shell(&new));
    }
    let from = match one {
        Lookalike::Table { old, new } if old.schema != new.schema => {
            let schema = old.schema.as_deref().unwrap_or("public");
            format!("{}.{}", mark_of(schema), mark_of(&old.local))
        }
        Lookalike::Table { old, .. } => mark_of(&old.local),
        Lookalike::Column { old, .. } => mark_of(old),
    };
    format!("write `-- @renamed from={from}` behind its declaration")
}

/// What each of them may be, and how to say it.
fn undecided(open: &[Lookalike], is_marked: bool) -> Error {
    let lines = open.iter().map(|one| {
        let mark = mark(one, is_marked);
        let dropped = shell(&names(one).0);
        format!(
            "\n  {}: if it was renamed, {mark}; if it is dropped with all that it holds, write --confirm-drop {dropped}",
            alike(one)
        )
    });
    let message =
        format!("nothing was written: is it a rename, or a loss?{}", lines.collect::<String>());
    Error::usage("RENAME_OR_DROP", message)
}

/// A name as an annotation has it: in quotes where an engine would read it otherwise without.
fn mark_of(name: &str) -> String {
    let is_bare = |character: char| {
        character == '_' || character.is_alphanumeric() && !character.is_uppercase()
    };
    if name.chars().all(is_bare) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A word as a shell has it.
fn shell(word: &str) -> String {
    let is_bare =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
    if word.chars().all(is_bare) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
