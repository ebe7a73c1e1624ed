use std::collections::BTreeSet;

use artisan_schema::Annotations;
use artisan_schema::difference::{Difference, Lookalike, Renames, lookalikes};
use artisan_schema::model::{Name, Schema};

use super::compare::Sides;
use super::{Asker, Autogenerate};
use crate::Error;

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
        let mut renames = self.annotated(to.dialect)?;
        check_applied(from, to, &renames)?;
        let (mut refused, mut open) = (BTreeSet::new(), Vec::new());
        // An answer settles others: what is renamed looks like nothing else any more.
        let up = loop {
            let up = Difference::between(from, to, &renames);
            let found = lookalikes(&up);
            let next = found.into_iter().find(|one| !self.is_decided(one, &refused));
            let Some(next) = next else { break up };
            match ask(&next) {
                Answer::Rename => add(&mut renames, &next),
                Answer::Drop => {}
                Answer::Unknown => open.push(next.clone()),
            }
            refused.insert(next);
        };
        if !open.is_empty() {
            return Err(undecided(&open));
        }
        let back = Difference::between(to, from, &up.renames.inverted());
        Ok(Decided { up, back })
    }

    fn annotated(&self, dialect: artisan_schema::model::Dialect) -> Result<Renames, Error> {
        let mut renames = Renames::default();
        for text in self.desired.texts() {
            let found = Annotations::parse(dialect, &text.text).map_err(|error| {
                Error::usage("BAD_ANNOTATION", format!("{}: {error}", text.file))
            })?;
            renames.tables.extend(found.renames.tables);
            renames.columns.extend(found.renames.columns);
        }
        Ok(renames)
    }

    fn is_decided(&self, one: &Lookalike, refused: &BTreeSet<Lookalike>) -> bool {
        let old = match one {
            Lookalike::Table { old, .. } => old.to_string(),
            Lookalike::Column { table, old, .. } => format!("{table}.{old}"),
        };
        refused.contains(one) || self.dropped.contains(&old)
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
        let (was_there, is_new) = (from.tables.contains_key(old), !from.tables.contains_key(new));
        if was_there || is_new && to.tables.contains_key(new) {
            return Err(unapplied(&old.to_string(), &format!("table {new}"), was_there, is_new));
        }
    }
    for (key @ (table, old), new) in &renames.columns {
        if applied.columns.contains_key(key) {
            continue;
        }
        let has = |name: &str| former(table).is_some_and(|table| table.column(name).is_some());
        let (was_there, is_new) = (has(old), !has(new));
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
    let message = format!(
        "nothing was written: {what} is marked `@renamed from={old}`, and {cause}: mend the name, or take the mark \
         away"
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

/// What each of them may be, and how to say it.
fn undecided(open: &[Lookalike]) -> Error {
    let lines = open.iter().map(|one| {
        let (what, old, new, from) = match one {
            Lookalike::Table { old, new } => {
                ("table", old.to_string(), new.to_string(), old.local.clone())
            }
            Lookalike::Column { table, old, new } => {
                ("column", format!("{table}.{old}"), format!("{table}.{new}"), old.clone())
            }
        };
        format!(
            "\n  {what} {old} is gone and {new} is new, and they look alike: if it was renamed, write \
             `-- @renamed from={}` behind its declaration; if it is dropped with all that it holds, write \
             --confirm-drop {}",
            annotated(&from),
            shell(&old)
        )
    });
    let message =
        format!("nothing was written: is it a rename, or a loss?{}", lines.collect::<String>());
    Error::usage("RENAME_OR_DROP", message)
}

/// A name as an annotation has it.
fn annotated(name: &str) -> String {
    let is_bare = |character: char| character.is_alphanumeric() || character == '_';
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
