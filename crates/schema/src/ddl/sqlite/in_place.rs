//! Whether ALTER TABLE can do it: <https://www.sqlite.org/lang_altertable.html>.

use super::text;
use crate::catalog::sqlite::{CreateTable, DefaultText, Known, quoted};
use crate::difference::{AddedColumn, TableDifference};
use crate::model::{Action, Column, Deferral, Dialect, ForeignKey, Storage, Table};
use crate::scan::scan;

/// The changes of a table that need no other one.
#[derive(Clone, Debug, Default)]
pub(super) struct InPlace {
    /// The columns that go.
    pub(super) dropped: Vec<String>,
    /// The columns that come, and their declarations.
    pub(super) added: Vec<(String, String)>,
    /// The table's statement afterwards.
    pub(super) text: String,
}

/// What a table is to become.
pub(super) enum Goal<'a> {
    /// Equal, whatever its statement looks like and wherever its columns stand.
    Equal(&'a Known),
    /// To the letter.
    Exact,
}

/// How the table of this text becomes `wanted`, if ALTER TABLE can do it.
pub(super) fn find(
    start: &str,
    difference: &TableDifference,
    wanted: &Table,
    goal: &Goal<'_>,
) -> Option<InPlace> {
    let columns = &difference.columns;
    // SQLite drops no last column.
    let is_left = wanted.columns.len() > columns.added.len();
    if !columns.changed.is_empty() || !is_left {
        return None;
    }
    let mut way = InPlace { text: start.to_owned(), ..InPlace::default() };
    way.drop(columns.dropped.iter().map(|column| column.name.as_str()).collect())?;
    way.add(&columns.added, wanted.written.text(), difference)?;
    let written = wanted.written.text();
    let is_reached = match goal {
        Goal::Exact => way.text == written,
        Goal::Equal(known) => is_equal(&way.text, wanted, known),
    };
    is_reached.then_some(way)
}

impl InPlace {
    /// Drops the columns, each when no other names it any more.
    fn drop(&mut self, mut left: Vec<&str>) -> Option<()> {
        while !left.is_empty() {
            let declared = CreateTable::parse(&self.text).ok()?;
            let is_free = |name: &str| {
                let column = declared.column(name)?;
                if column.is_key || column.is_unique {
                    return None;
                }
                let text = text::column_dropped(&self.text, name)?;
                (!names(&text, name)).then_some(text)
            };
            let (at, text) =
                left.iter().enumerate().find_map(|(at, name)| Some((at, is_free(name)?)))?;
            self.dropped.push(left.remove(at).to_owned());
            self.text = text;
        }
        Some(())
    }

    /// Adds the columns, each when those that it names are there.
    fn add(
        &mut self,
        added: &[AddedColumn],
        written: &str,
        difference: &TableDifference,
    ) -> Option<()> {
        let declared = CreateTable::parse(written).ok()?;
        let mut left: Vec<&Column> = added.iter().map(|added| &added.column).collect();
        while !left.is_empty() {
            let is_free = |column: &&Column| {
                let generated = column.generated.as_ref();
                let others = left.iter().filter(|other| other.name != column.name);
                generated.is_none_or(|generated| {
                    others.into_iter().all(|other| !is_named_in(&generated.expression, &other.name))
                })
            };
            let column = left.remove(left.iter().position(is_free)?);
            let declaration = declaration(&declared, written, column, difference)?;
            self.text = text::column_added(&self.text, &declaration)?;
            self.added.push((column.name.clone(), declaration));
        }
        Some(())
    }
}

/// Whether anything that a table declares names this column.
fn names(text: &str, column: &str) -> bool {
    let Ok(CreateTable { table, .. }) = CreateTable::parse(text) else { return true };
    let generated = table.columns.iter().filter_map(|column| column.generated.as_ref());
    let generated = generated.map(|generated| &generated.expression);
    let mut expressions = generated.chain(table.checks.iter().map(|check| &check.expression));
    let keys = table.foreign_keys.iter().map(|key| &key.columns);
    let mut lists = keys.chain(table.uniques.iter().map(|unique| &unique.columns));
    expressions.any(|text| is_named_in(text, column))
        || lists.any(|list| list.iter().any(|name| name.eq_ignore_ascii_case(column)))
}

fn is_named_in(expression: &str, column: &str) -> bool {
    let Ok(tokens) = scan(Dialect::Sqlite, expression) else { return true };
    tokens.iter().any(|token| token.name().eq_ignore_ascii_case(column))
}

/// The column as ALTER TABLE takes it; a reference that the table declares comes with it.
fn declaration(
    declared: &CreateTable,
    written: &str,
    column: &Column,
    difference: &TableDifference,
) -> Option<String> {
    let text = declared.column(&column.name)?;
    let mut declaration = written.get(text.span.clone())?.to_owned();
    let own = [column.name.clone()];
    let references = difference.foreign_keys.added.iter().filter(|key| key.columns == own);
    let references: Vec<String> = references.filter(|_| !text.refers).map(references_of).collect();
    let refers = text.refers || !references.is_empty();
    let is_computed = matches!(text.default, DefaultText::Computed(_));
    let has_default = text.default != DefaultText::Null;
    let is_stored =
        column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Stored);
    let is_virtual = column.generated.is_some() && !is_stored;
    let is_empty = !column.nullable && !has_default && !is_virtual;
    if text.is_key
        || text.is_unique
        || is_computed
        || is_stored
        || is_empty
        || refers && has_default
    {
        return None;
    }
    for reference in references {
        declaration = format!("{declaration} {reference}");
    }
    Some(declaration)
}

fn references_of(key: &ForeignKey) -> String {
    let mut text = String::new();
    if let Some(name) = &key.name {
        text = format!("CONSTRAINT {} ", quoted(name));
    }
    let columns: Vec<String> = key.referenced_columns.iter().map(|name| quoted(name)).collect();
    text = format!("{text}REFERENCES {}", quoted(&key.referenced_table));
    if !columns.is_empty() {
        text = format!("{text} ({})", columns.join(", "));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let words = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        };
        text = format!("{text} ON {event} {words}");
    }
    match key.deferral {
        Deferral::NotDeferrable => text,
        Deferral::InitiallyImmediate => text + " DEFERRABLE",
        Deferral::InitiallyDeferred => text + " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn is_equal(text: &str, wanted: &Table, known: &Known) -> bool {
    let Ok(CreateTable { mut table, .. }) = CreateTable::parse(text) else { return false };
    known.resolve(&mut table);
    let sorted = |table: &Table| {
        let mut columns = table.columns.clone();
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        columns
    };
    sorted(&table) == sorted(wanted)
        && table.primary_key == wanted.primary_key
        && table.uniques == wanted.uniques
        && table.foreign_keys == wanted.foreign_keys
        && table.checks == wanted.checks
        && table.options == wanted.options
}
