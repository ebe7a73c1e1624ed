use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::engine::{Engine, Row};

/// A row that no version of this program writes.
#[derive(Debug)]
pub(crate) struct Inconsistent {
    column: &'static str,
    problem: &'static str,
}

impl fmt::Display for Inconsistent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "column {} {}", self.column, self.problem)
    }
}

impl std::error::Error for Inconsistent {}

pub(crate) fn inconsistent(column: &'static str, problem: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(Inconsistent { column, problem }))
}

/// The columns of a row, read from left to right.
pub(crate) struct Columns<'r, E: Engine> {
    row: &'r Row<E>,
    at: usize,
}

impl<'r, E: Engine> Columns<'r, E> {
    pub(crate) fn of(row: &'r Row<E>) -> Self {
        Self { row, at: 0 }
    }

    /// Passes over columns that are of no interest.
    pub(crate) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    fn next<T>(
        &mut self,
        read: impl FnOnce(&Row<E>, usize) -> Result<Option<T>, sqlx::Error>,
    ) -> Result<Option<T>, sqlx::Error> {
        let at = self.at;
        self.at += 1;
        read(self.row, at)
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>, sqlx::Error> {
        self.next(E::text)
    }

    pub(crate) fn maybe_time(&mut self) -> Result<Option<OffsetDateTime>, sqlx::Error> {
        self.next(E::time)
    }

    pub(crate) fn maybe_hash(&mut self) -> Result<Option<Vec<u8>>, sqlx::Error> {
        self.next(E::hash)
    }

    pub(crate) fn maybe_id(&mut self) -> Result<Option<Uuid>, sqlx::Error> {
        self.next(E::id)
    }

    pub(crate) fn maybe_number(&mut self) -> Result<Option<i64>, sqlx::Error> {
        self.next(E::number)
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<String, sqlx::Error> {
        required(self.next(E::text)?, name)
    }

    pub(crate) fn id(&mut self, name: &'static str) -> Result<Uuid, sqlx::Error> {
        required(self.next(E::id)?, name)
    }

    pub(crate) fn hash(&mut self, name: &'static str) -> Result<Vec<u8>, sqlx::Error> {
        required(self.next(E::hash)?, name)
    }

    pub(crate) fn flag(&mut self, name: &'static str) -> Result<bool, sqlx::Error> {
        required(self.next(E::flag)?, name)
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Result<i64, sqlx::Error> {
        required(self.next(E::number)?, name)
    }

    pub(crate) fn time(&mut self, name: &'static str) -> Result<OffsetDateTime, sqlx::Error> {
        required(self.next(E::time)?, name)
    }
}

fn required<T>(value: Option<T>, name: &'static str) -> Result<T, sqlx::Error> {
    value.ok_or_else(|| inconsistent(name, "is null"))
}
