//! What of a table's rows goes into the table that takes its place, and how.

use super::values;
use crate::catalog::sqlite::{CreateTable, DefaultText, quoted};
use crate::model::{Column, Name, Table};

/// How rows are copied.
#[derive(Debug, Default)]
pub(super) struct Copy {
    /// The columns that are filled, and with what.
    pub(super) columns: Vec<(String, String)>,
    /// What changes in the rows, for people.
    pub(super) changes: Vec<String>,
    /// What makes the copy fail, for people.
    pub(super) fails: Vec<String>,
    /// What is lost, for people.
    pub(super) loses: Vec<String>,
}

/// How the rows of `old` get into `new`, whose statement declares `new_text`.
pub(super) fn plan(name: &Name, old: &Table, new: &Table, new_text: &CreateTable) -> Copy {
    let mut copy = Copy::default();
    let number = row_number(old, new, new_text);
    copy.columns.extend(number.map(|number| (number.to_owned(), number.to_owned())));
    for column in &new.columns {
        let full = format!("{name}.{}", column.name);
        let Some(before) = old.column(&column.name) else {
            copy.add_new(&full, column, new_text);
            continue;
        };
        if column.generated.is_some() {
            if before.generated.is_none() {
                copy.loses.push(format!("what {full} holds, which is computed from now on"));
            }
            continue;
        }
        let strict = (old.options.strict, new.options.strict);
        let may_be_null = may_be_null(old, before);
        if new_text.row_number() == Some(&*column.name) {
            if may_be_null {
                copy.changes.push(format!("{full} gets a number where it is NULL, for good"));
            }
            if row_number_column(old) != Some(&*column.name) && !values::is_whole(before, strict.0)
            {
                copy.fails.push(format!("{full} of a row is no whole number"));
            }
        }
        let value = values::carried(&quoted(&column.name), (before, column), strict);
        let value = if may_be_null { copy.value(&full, column, value, new_text) } else { value };
        copy.columns.push((quoted(&column.name), value));
        copy.changes.extend(values::changed(&full, (before, column)));
        copy.loses.extend(values::lost(&full, (before, column), strict));
    }
    let is_lost =
        |column: &&Column| column.generated.is_none() && new.column(&column.name).is_none();
    let gone = old.columns.iter().filter(is_lost);
    copy.loses.extend(gone.map(|column| format!("what {name}.{} holds", column.name)));
    copy
}

/// The name of the hidden row number, where both tables have one and no column is that number.
pub(super) fn row_number(old: &Table, new: &Table, new_text: &CreateTable) -> Option<&'static str> {
    let is_copied = new_text.row_number().is_some_and(|number| old.column(number).is_some());
    if old.options.without_rowid || new.options.without_rowid || is_copied {
        return None;
    }
    let is_taken = |name: &str| {
        let mut columns = old.columns.iter().chain(&new.columns);
        columns.any(|column| column.name.eq_ignore_ascii_case(name))
    };
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !is_taken(name))
}

/// The one column that is the row's number, by the name that it has after renames.
pub(super) fn row_number_column(old: &Table) -> Option<&str> {
    let text = CreateTable::parse(old.written.text()).ok()?;
    text.row_number()?;
    old.primary_key.as_ref()?.columns.first().map(String::as_str)
}

/// Whether a column may hold NULL in rows that are there: not where it is their number
/// <https://www.sqlite.org/lang_createtable.html#rowid>, nor where it has to have a value.
fn may_be_null(old: &Table, before: &Column) -> bool {
    let key = old.primary_key.as_ref().filter(|_| old.options.without_rowid);
    let is_required = !before.nullable || key.is_some_and(|key| key.columns.contains(&before.name));
    !is_required && row_number_column(old) != Some(&*before.name)
}

impl Copy {
    fn add_new(&mut self, full: &str, column: &Column, new: &CreateTable) {
        let has_default =
            new.column(&column.name).is_some_and(|text| text.default != DefaultText::Null);
        if !column.nullable && !has_default && column.generated.is_none() {
            self.fails.push(format!("there are rows: {full} takes no NULL and has no default"));
        }
    }

    /// The value where a column that may be NULL becomes one that may not.
    fn value(&mut self, full: &str, after: &Column, value: String, new: &CreateTable) -> String {
        if after.nullable {
            return value;
        }
        match new.column(&after.name).map(|text| &text.default) {
            Some(DefaultText::Constant(default) | DefaultText::Computed(default)) => {
                let change = format!("{full} becomes {default} where it is NULL, for good");
                self.changes.push(change);
                format!("COALESCE({value}, {default})")
            }
            Some(DefaultText::Null) | None => {
                self.fails.push(format!("{full} is NULL in a row, and it has no default"));
                value
            }
        }
    }
}
