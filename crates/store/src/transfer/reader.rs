//! Reads a file line by line, and believes none of them.

use std::io::{self, BufRead, Read as _};

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::cell::{Cell, write_row};
use super::error::{FileError, FileProblem};
use super::line::{FORMAT, FORMAT_VERSION, Footer, Header, Heading, line_of};
use super::sum::{Summing, TableSum, hexadecimal};
use super::tables::{TABLES, Table};

/// No row is as long: the longest columns have 65,535 bytes, or 2,000 code points.
const LONGEST: u64 = 1 << 20;

/// Why a line was not read.
#[derive(Debug)]
pub(super) enum ReadError {
    Input(io::Error),
    File(FileError),
}

/// What stands in the file behind the first line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Rows of this table follow.
    Table(&'static Table),
    /// A row of it, all columns as they must be.
    Row(Vec<Cell>),
    /// The end: everything before it is as it was exported.
    End(Vec<TableSum>),
}

pub(super) struct Reader<R> {
    input: R,
    /// The line that was read last, with its end, and its number.
    line: Vec<u8>,
    number: u64,
    /// The row as an export spells it.
    spelt: Vec<u8>,
    table: Option<Current>,
    sums: Vec<TableSum>,
    digest: Sha256,
}

/// The table whose rows are read.
struct Current {
    table: &'static Table,
    summing: Summing,
    last: Option<Vec<Cell>>,
}

impl<R: BufRead> Reader<R> {
    /// Reads the first line; the rows must be of that schema.
    pub(super) fn open(input: R, schema: i64) -> Result<(Self, Header), ReadError> {
        let mut reader = Self {
            input,
            line: Vec::new(),
            number: 0,
            spelt: Vec::new(),
            table: None,
            sums: Vec::new(),
            digest: Sha256::new(),
        };
        let header = match reader.advance() {
            Ok(()) => reader.header(schema),
            Err(ReadError::File(FileError { problem: FileProblem::TooLong, .. })) => {
                Err(FileProblem::Foreign)
            }
            Err(error) => return Err(error),
        };
        let header = header.map_err(|problem| reader.wrong(problem))?;
        reader.digest.update(&reader.line);
        Ok((reader, header))
    }

    pub(super) fn next(&mut self) -> Result<Piece, ReadError> {
        self.advance()?;
        let piece = if self.line.first() == Some(&b'[') {
            self.row().map(Piece::Row)
        } else {
            let ended = self.table.take().map(|current| current.summing.end());
            self.sums.extend(ended);
            match TABLES.get(self.sums.len()) {
                Some(table) => self.heading(table).map(|()| Piece::Table(table)),
                None => self.footer().map(|()| Piece::End(self.sums.clone())),
            }
        };
        let piece = piece.map_err(|problem| self.wrong(problem))?;
        if let Piece::End(_) = piece {
            self.nothing_follows()?;
        }
        self.digest.update(&self.line);
        Ok(piece)
    }

    fn wrong(&self, problem: FileProblem) -> ReadError {
        ReadError::File(FileError { line: self.number, problem })
    }

    fn advance(&mut self) -> Result<(), ReadError> {
        self.line.clear();
        self.number += 1;
        let mut limited = self.input.by_ref().take(LONGEST);
        let read = limited.read_until(b'\n', &mut self.line).map_err(ReadError::Input)?;
        if self.line.last() == Some(&b'\n') {
            return Ok(());
        }
        let is_full = u64::try_from(read).is_ok_and(|read| read == LONGEST);
        let problem = if is_full { FileProblem::TooLong } else { FileProblem::Truncated };
        Err(self.wrong(problem))
    }

    fn header(&self, schema: i64) -> Result<Header, FileProblem> {
        let json: Json = serde_json::from_slice(&self.line).map_err(|_| FileProblem::Foreign)?;
        if json.get("format").and_then(Json::as_str) != Some(FORMAT) {
            return Err(FileProblem::Foreign);
        }
        match json.get("version").and_then(Json::as_u64) {
            Some(FORMAT_VERSION) => {}
            Some(version) => return Err(FileProblem::Version(version)),
            None => return Err(FileProblem::Foreign),
        }
        let header: Header = serde_json::from_value(json).map_err(|_| FileProblem::Spelling)?;
        if header.schema != schema.to_string() {
            return Err(FileProblem::Schema { found: header.schema, known: schema });
        }
        self.is_spelt(&line_of(&header)).map(|()| header)
    }

    fn heading(&mut self, table: &'static Table) -> Result<(), FileProblem> {
        if self.line != line_of(&Heading::of(table)) {
            let expected = format!("the line with the columns of table {}", table.name);
            return Err(FileProblem::Unexpected { expected });
        }
        self.table = Some(Current { table, summing: Summing::of(table), last: None });
        Ok(())
    }

    fn row(&mut self) -> Result<Vec<Cell>, FileProblem> {
        let expected = || FileProblem::Unexpected { expected: "the line of a table".to_owned() };
        let Some(Current { table, summing, last }) = &mut self.table else {
            return Err(expected());
        };
        let values: Vec<Json> =
            serde_json::from_slice(&self.line).map_err(|_| FileProblem::Spelling)?;
        if values.len() != table.columns.len() {
            return Err(FileProblem::Columns(table.name));
        }
        let mut row = Vec::with_capacity(values.len());
        for (column, value) in table.columns.iter().zip(values) {
            let value = column.kind.parse(value);
            row.push(value.map_err(|problem| FileProblem::Value {
                table: table.name,
                column: column.name,
                problem,
            })?);
        }
        self.spelt.clear();
        write_row(&row, &mut self.spelt);
        if self.spelt != self.line {
            return Err(FileProblem::Spelling);
        }
        let key = row.get(..table.key).unwrap_or_default();
        if last.as_deref().is_some_and(|last| last >= key) {
            return Err(FileProblem::Order(table.name));
        }
        *last = Some(key.to_vec());
        summing.add(&self.line);
        Ok(row)
    }

    fn footer(&mut self) -> Result<(), FileProblem> {
        let expected = || "the last line, with the digests,".to_owned();
        let footer: Footer = serde_json::from_slice(&self.line)
            .map_err(|_| FileProblem::Unexpected { expected: expected() })?;
        self.is_spelt(&line_of(&footer))?;
        for (number, table) in TABLES.iter().enumerate() {
            if footer.tables.get(number) != self.sums.get(number) {
                return Err(FileProblem::Digest(table.name));
            }
        }
        let digest = hexadecimal(&self.digest.finalize_reset());
        let rows: u64 = self.sums.iter().map(|sum| sum.rows).sum();
        let is_whole = footer.sha256 == digest && footer.rows == rows && footer.tables == self.sums;
        if is_whole { Ok(()) } else { Err(FileProblem::Whole) }
    }

    fn is_spelt(&self, line: &[u8]) -> Result<(), FileProblem> {
        if self.line == line { Ok(()) } else { Err(FileProblem::Spelling) }
    }

    fn nothing_follows(&mut self) -> Result<(), ReadError> {
        let rest = self.input.fill_buf().map_err(ReadError::Input)?;
        if rest.is_empty() {
            return Ok(());
        }
        self.number += 1;
        Err(self.wrong(FileProblem::Trailing))
    }
}

#[cfg(test)]
mod tests;
