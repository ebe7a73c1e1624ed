//! A CREATE TABLE as `SQLite` keeps it: what it declares, and where.

mod column;
mod constraint;

use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) use self::column::{ColumnText, DefaultText};
use super::expression::Context;
use super::parts::{Parts, items};
use crate::model::{Column, Deferral, Dialect, ForeignKey, Name, PrimaryKey, Table, Unique};
use crate::scan::{Token, scan};

/// What a CREATE TABLE declares. `SQLite` keeps the text that it was given, and what the text does not
/// say of a table is not so; but a reference without columns is one to a primary key that
/// stands elsewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct CreateTable {
    /// The table without its indexes and without the text itself.
    pub(crate) table: Table,
    /// Where each column is declared, in order.
    pub(crate) columns: Vec<ColumnText>,
    /// Where ALTER TABLE puts a new column: before the first constraint of the table, or before the
    /// parenthesis at the end.
    pub(crate) end_of_columns: usize,
    /// Whether the primary key is a column's own, and descending: then it is not the row's number.
    has_descending_key: bool,
}

impl CreateTable {
    /// Reads the statement.
    ///
    /// # Errors
    /// The offset from which the text is not understood.
    pub(crate) fn parse(sql: &str) -> Result<Self, usize> {
        let tokens = scan(Dialect::Sqlite, sql)?;
        let mut parts = Parts::of(&tokens);
        let mut name = None;
        while let Some(token) = parts.peek().filter(|token| !token.is_sign("(")) {
            name = Some(token.name());
            parts.next();
        }
        let body = parts.group().ok_or(sql.len())?;
        let rest = parts.rest();
        let before_rest = tokens.len() - rest.len() - 1;
        let closing = tokens.get(before_rest).ok_or(sql.len())?.start;
        let items = items(body);
        let is_column = |item: &&[Token<'_>]| !begins_constraint(item);
        let (columns, constraints) =
            items.split_at(items.iter().take_while(|item| is_column(item)).count());
        let names: Vec<String> =
            columns.iter().filter_map(|item| item.first()).map(Token::name).collect();
        let name = name.unwrap_or_default();
        let mut reading = Reading {
            context: Context { table: &name, columns: &names },
            made: Self::default(),
            key: None,
            uniques: Vec::new(),
        };
        for item in columns {
            reading.column(item);
        }
        for item in constraints {
            reading.constraints(item);
        }
        // The comma stands before the first constraint.
        let first = constraints.first().and_then(|item| item.first());
        let comma = first.and_then(|first| {
            body.iter().rev().find(|token| token.start < first.start && token.is_sign(","))
        });
        reading.made.end_of_columns = comma.map_or(closing, |comma| comma.start);
        let says = |word: &str| rest.iter().any(|token| token.is(word));
        reading.made.table.options.strict = says("STRICT");
        reading.made.table.options.without_rowid = says("ROWID");
        Ok(reading.finish())
    }

    /// The declaration of a column.
    pub(crate) fn column(&self, name: &str) -> Option<&ColumnText> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The one column that is the row's number, if there is one:
    /// <https://www.sqlite.org/lang_createtable.html#rowid>
    pub(crate) fn row_number(&self) -> Option<&str> {
        let key = self.table.primary_key.as_ref()?;
        let [name] = key.columns.as_slice() else { return None };
        let is_integer = self.table.column(name)?.data_type == "INTEGER";
        let is_number = is_integer && !self.has_descending_key && !self.table.options.without_rowid;
        is_number.then_some(name.as_str())
    }
}

fn begins_constraint(item: &[Token<'_>]) -> bool {
    let words = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
    item.first().is_some_and(|first| words.iter().any(|word| first.is(word)))
}

/// A key while it is read: its columns, and what else is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Key {
    name: Option<String>,
    columns: Vec<String>,
    /// The columns with order and collation, and what happens to a row that has the key already; empty if
    /// nothing is said.
    details: String,
}

/// A statement while it is read.
struct Reading<'a> {
    context: Context<'a>,
    made: CreateTable,
    key: Option<Key>,
    uniques: Vec<Key>,
}

impl Reading<'_> {
    fn finish(mut self) -> CreateTable {
        let key = self.key.take();
        if let Some(key) = &key {
            self.made.table.primary_key =
                Some(PrimaryKey { name: key.name.clone(), columns: key.columns.clone() });
        }
        let number = self.made.row_number().map(str::to_owned);
        let parameters = &mut self.made.table.options.parameters;
        if let Some(key) = key.as_ref().filter(|key| !key.details.is_empty()) {
            parameters.insert("PRIMARY KEY".to_owned(), key.details.clone());
        }
        // A key over the same columns as another makes no second index.
        let mut seen: Vec<&[String]> = Vec::new();
        seen.extend(key.iter().filter(|_| number.is_none()).map(|key| key.columns.as_slice()));
        for unique in &self.uniques {
            if seen.contains(&unique.columns.as_slice()) {
                continue;
            }
            seen.push(&unique.columns);
            if !unique.details.is_empty() {
                let word = format!("UNIQUE ({})", unique.columns.join(", "));
                parameters.insert(word, unique.details.clone());
            }
            self.made.table.uniques.push(Unique {
                name: unique.name.clone(),
                columns: unique.columns.clone(),
                include: Vec::new(),
                nulls_not_distinct: false,
                deferral: Deferral::NotDeferrable,
            });
        }
        let options = &self.made.table.options;
        let (is_strict, has_no_rowid) = (options.strict, options.without_rowid);
        for name in key.iter().flat_map(|key| &key.columns) {
            let is_number = number.as_ref() == Some(name);
            let column = self.made.table.columns.iter_mut().find(|column| column.name == *name);
            if let Some(column) = column.filter(|_| has_no_rowid || is_strict && !is_number) {
                column.nullable = false;
            }
        }
        self.made.table.normalise();
        self.made
    }

    fn last_column(&mut self) -> Option<(&mut Column, &mut ColumnText)> {
        self.made.table.columns.last_mut().zip(self.made.columns.last_mut())
    }

    fn last_foreign_key(&mut self) -> Option<&mut ForeignKey> {
        self.made.table.foreign_keys.last_mut()
    }
}

/// The place of some tokens in their text.
fn span(tokens: &[Token<'_>]) -> Range<usize> {
    let start = tokens.first().map_or(0, |first| first.start);
    start..tokens.last().map_or(start, Token::end)
}

/// The tables that references may name.
pub(crate) struct Known {
    /// By the name in lower case: the name, the primary key and all columns.
    tables: BTreeMap<String, (String, Vec<String>, Vec<String>)>,
}

impl Known {
    pub(crate) fn of(tables: &BTreeMap<Name, Table>) -> Self {
        let tables = tables.iter().map(|(name, table)| {
            let key = table.primary_key.as_ref().map(|key| key.columns.clone());
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            let known = (name.local.clone(), key.unwrap_or_default(), columns);
            (name.local.to_ascii_lowercase(), known)
        });
        Self { tables: tables.collect() }
    }

    /// Lets references without columns name the primary key that they mean, and writes names as they
    /// were declared, as `SQLite` ignores their case.
    pub(crate) fn resolve(&self, table: &mut Table) {
        for key in &mut table.foreign_keys {
            let referenced = self.tables.get(&key.referenced_table.to_ascii_lowercase());
            let Some((name, primary, columns)) = referenced else { continue };
            key.referenced_table.clone_from(name);
            if key.referenced_columns.is_empty() {
                key.referenced_columns.clone_from(primary);
            }
            for referenced in &mut key.referenced_columns {
                let declared = columns.iter().find(|name| name.eq_ignore_ascii_case(referenced));
                if let Some(declared) = declared {
                    referenced.clone_from(declared);
                }
            }
        }
        table.normalise();
    }
}

#[cfg(test)]
mod tests;
