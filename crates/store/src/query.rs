//! SQL that depends on what is asked for.

use std::fmt::Write as _;

use crate::engine::{Engine, Value};

/// A query, put together of literals of this program: whatever a caller gives is a parameter, since
/// only a `&'static str` can be added to the text.
pub(crate) struct Query<'a> {
    text: String,
    values: Vec<Value<'a>>,
    numbered: bool,
}

impl<'a> Query<'a> {
    /// A query for this engine that begins so.
    pub(crate) fn new<E: Engine>(begin: &'static str) -> Self {
        Self { text: begin.to_owned(), values: Vec::new(), numbered: E::NUMBERED }
    }

    pub(crate) fn push(&mut self, sql: &'static str) -> &mut Self {
        self.text.push_str(sql);
        self
    }

    /// Adds a parameter with its value.
    pub(crate) fn bind(&mut self, value: Value<'a>) -> &mut Self {
        self.values.push(value);
        if self.numbered {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "${}", self.values.len());
        } else {
            self.text.push('?');
        }
        self
    }

    /// Adds the values of a row: `(?, ?, …)`.
    pub(crate) fn bind_row(&mut self, row: impl IntoIterator<Item = Value<'a>>) -> &mut Self {
        self.push("(");
        for (number, value) in row.into_iter().enumerate() {
            self.push(if number == 0 { "" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn values(&self) -> &[Value<'a>] {
        &self.values
    }
}
