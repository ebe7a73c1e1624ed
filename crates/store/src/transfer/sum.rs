//! The digests of tables and of the file.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::tables::Table;

/// What a table's rows come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 of their lines, in hexadecimal.
    pub sha256: String,
}

/// The sum of a table while its rows go by.
pub(super) struct Summing {
    table: &'static Table,
    rows: u64,
    digest: Sha256,
}

impl Summing {
    pub(super) fn of(table: &'static Table) -> Self {
        Self { table, rows: 0, digest: Sha256::new() }
    }

    /// Adds a row by its line, the line's end included.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        self.digest.update(line);
    }

    pub(super) fn end(self) -> TableSum {
        let sha256 = hexadecimal(&self.digest.finalize());
        TableSum { table: self.table.name.to_owned(), rows: self.rows, sha256 }
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
