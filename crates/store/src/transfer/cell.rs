//! A value on its way: the same whatever engine it came from, and its one spelling as JSON.

use std::fmt;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::tables::{Kind, Table};
use crate::engine::Value;

/// 1000-01-01T00:00:00Z, from which on `MySQL` has dates.
const FIRST_TIME: i64 = -30_610_224_000_000_000;
/// 9999-12-31T23:59:59.999999Z, the last that all engines have.
const LAST_TIME: i64 = 253_402_300_799_999_999;
/// The bytes of a SHA-256.
const HASH: usize = 32;

/// A value. The order is that of the engines, by bytes, among cells of one column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Null,
    Id(Uuid),
    Text(String),
    Flag(bool),
    Number(i64),
    /// Microseconds since 1970.
    Time(i64),
    Bytes(Vec<u8>),
}

/// Why a column cannot hold a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueProblem {
    /// It is NULL where none may be.
    #[error("is null")]
    Null,
    /// It is of another type.
    #[error("is no {0}")]
    Type(&'static str),
    /// A text has too many code points, or a blob too many bytes.
    #[error("is longer than {0}")]
    TooLong(usize),
    /// A hash has other than 32 bytes.
    #[error("has not 32 bytes")]
    Length,
    /// A time that not every engine has.
    #[error("is a time outside of the years 1000 to 9999")]
    Year,
    /// A text that not every engine takes.
    #[error("holds the character U+0000")]
    Nul,
}

impl Kind {
    /// Reads a value from its JSON.
    pub(super) fn parse(self, json: Json) -> Result<Cell, ValueProblem> {
        let name = self.name();
        let wrong = || ValueProblem::Type(name);
        let cell = match (self, json) {
            (_, Json::Null) => Cell::Null,
            (Self::Id | Self::MaybeId, Json::String(text)) => {
                Cell::Id(Uuid::try_parse(&text).map_err(|_| wrong())?)
            }
            (Self::Text(_) | Self::MaybeText(_), Json::String(text)) => Cell::Text(text),
            (Self::Flag, Json::Bool(flag)) => Cell::Flag(flag),
            (Self::Number | Self::MaybeNumber, Json::Number(number)) => {
                Cell::Number(number.as_i64().ok_or_else(wrong)?)
            }
            (Self::Time | Self::MaybeTime, Json::Number(number)) => {
                Cell::Time(number.as_i64().ok_or_else(wrong)?)
            }
            (Self::Hash | Self::MaybeHash | Self::Blob(_), Json::String(text)) => {
                Cell::Bytes(STANDARD.decode(text).map_err(|_| wrong())?)
            }
            _ => return Err(wrong()),
        };
        self.check(&cell)?;
        Ok(cell)
    }

    /// Whether every engine's column takes the value.
    pub(super) fn check(self, cell: &Cell) -> Result<(), ValueProblem> {
        let problem = match (self, cell) {
            (
                Self::MaybeId
                | Self::MaybeText(_)
                | Self::MaybeNumber
                | Self::MaybeTime
                | Self::MaybeHash,
                Cell::Null,
            )
            | (Self::Id | Self::MaybeId, Cell::Id(_))
            | (Self::Flag, Cell::Flag(_))
            | (Self::Number | Self::MaybeNumber, Cell::Number(_)) => None,
            (_, Cell::Null) => Some(ValueProblem::Null),
            (Self::Text(limit) | Self::MaybeText(limit), Cell::Text(text)) => {
                problem_of(text, limit)
            }
            (Self::Time | Self::MaybeTime, Cell::Time(micros)) => {
                (!(FIRST_TIME..=LAST_TIME).contains(micros)).then_some(ValueProblem::Year)
            }
            (Self::Hash | Self::MaybeHash, Cell::Bytes(bytes)) => {
                (bytes.len() != HASH).then_some(ValueProblem::Length)
            }
            (Self::Blob(limit), Cell::Bytes(bytes)) => {
                (bytes.len() > limit).then_some(ValueProblem::TooLong(limit))
            }
            _ => Some(ValueProblem::Type(self.name())),
        };
        problem.map_or(Ok(()), Err)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Id | Self::MaybeId => "UUID",
            Self::Text(_) | Self::MaybeText(_) => "text",
            Self::Flag => "true or false",
            Self::Number | Self::MaybeNumber => "integer of 64 bits",
            Self::Time | Self::MaybeTime => "number of microseconds",
            Self::Hash | Self::MaybeHash | Self::Blob(_) => "base64",
        }
    }

    /// The value as a parameter: all of a column are of one kind.
    pub(super) fn value(self, cell: &Cell) -> Result<Value<'_>, ValueProblem> {
        let value = match (self, cell) {
            (Self::Id, Cell::Id(id)) => Value::Id(*id),
            (Self::MaybeId, Cell::Id(id)) => Value::MaybeId(Some(*id)),
            (Self::MaybeId, Cell::Null) => Value::MaybeId(None),
            (Self::Text(_), Cell::Text(text)) => Value::Text(text),
            (Self::MaybeText(_), Cell::Text(text)) => Value::MaybeText(Some(text)),
            (Self::MaybeText(_), Cell::Null) => Value::MaybeText(None),
            (Self::Flag, Cell::Flag(flag)) => Value::Flag(*flag),
            (Self::Number, Cell::Number(number)) => Value::Number(*number),
            (Self::MaybeNumber, Cell::Number(number)) => Value::MaybeNumber(Some(*number)),
            (Self::MaybeNumber, Cell::Null) => Value::MaybeNumber(None),
            (Self::Time, Cell::Time(micros)) => Value::Time(time(*micros)?),
            (Self::MaybeTime, Cell::Time(micros)) => Value::MaybeTime(Some(time(*micros)?)),
            (Self::MaybeTime, Cell::Null) => Value::MaybeTime(None),
            (Self::Hash | Self::Blob(_), Cell::Bytes(bytes)) => Value::Hash(bytes),
            (Self::MaybeHash, Cell::Bytes(bytes)) => Value::MaybeHash(Some(bytes)),
            (Self::MaybeHash, Cell::Null) => Value::MaybeHash(None),
            (_, Cell::Null) => return Err(ValueProblem::Null),
            _ => return Err(ValueProblem::Type(self.name())),
        };
        Ok(value)
    }
}

fn problem_of(text: &str, limit: usize) -> Option<ValueProblem> {
    // Fewer bytes than that need not be counted.
    if text.len() > limit && text.chars().count() > limit {
        Some(ValueProblem::TooLong(limit))
    } else {
        text.contains('\0').then_some(ValueProblem::Nul)
    }
}

fn time(micros: i64) -> Result<OffsetDateTime, ValueProblem> {
    let nanos = i128::from(micros) * 1000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|_| ValueProblem::Year)
}

impl Cell {
    /// About how many bytes a statement has for it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Null | Self::Id(_) | Self::Flag(_) | Self::Number(_) | Self::Time(_) => 16,
        }
    }

    /// Adds the value's one spelling.
    fn write(&self, line: &mut Vec<u8>) {
        // Writing to a Vec cannot fail.
        let _ = match self {
            Self::Null => line.write_all(b"null"),
            Self::Id(id) => write!(line, "\"{}\"", id.hyphenated()),
            Self::Text(text) => {
                let _ = serde_json::to_writer(&mut *line, text);
                Ok(())
            }
            Self::Flag(flag) => write!(line, "{flag}"),
            Self::Number(number) | Self::Time(number) => write!(line, "{number}"),
            Self::Bytes(bytes) => write!(line, "\"{}\"", STANDARD.encode(bytes)),
        };
    }
}

/// Adds a row as its line, with the line's end.
pub(super) fn write_row(row: &[Cell], line: &mut Vec<u8>) {
    line.push(b'[');
    for (number, cell) in row.iter().enumerate() {
        if number > 0 {
            line.push(b',');
        }
        cell.write(line);
    }
    line.extend_from_slice(b"]\n");
}

/// The key of a row, for people.
pub(super) struct KeyOf<'a>(pub(super) &'static Table, pub(super) &'a [Cell]);

impl fmt::Display for KeyOf<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, cell) in self.1.iter().take(self.0.key).enumerate() {
            let space = if number == 0 { "" } else { " " };
            match cell {
                Cell::Text(text) => write!(formatter, "{space}{text}")?,
                Cell::Id(id) => write!(formatter, "{space}{id}")?,
                Cell::Bytes(bytes) => write!(formatter, "{space}{}", STANDARD.encode(bytes))?,
                Cell::Number(number) | Cell::Time(number) => {
                    write!(formatter, "{space}{number}")?;
                }
                Cell::Flag(flag) => write!(formatter, "{space}{flag}")?,
                Cell::Null => write!(formatter, "{space}null")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
