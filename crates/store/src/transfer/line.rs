//! The lines that are no rows: the first, one before each table, and the last.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::sum::TableSum;
use super::tables::Table;

/// What the first line names the format.
pub const FORMAT: &str = "artisan-export";
/// The version of the format that this program writes and reads.
pub const FORMAT_VERSION: u64 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`]
    pub format: String,
    /// [`FORMAT_VERSION`]
    pub version: u64,
    /// The newest migration that the database had.
    pub schema: String,
    /// The engine of the database, by its name in OpenTelemetry's conventions.
    pub engine: String,
    /// When it was exported, as RFC 3339.
    pub time: String,
}

impl Header {
    pub(super) fn new(schema: i64, engine: &str, time: OffsetDateTime) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: FORMAT_VERSION,
            schema: schema.to_string(),
            engine: engine.to_owned(),
            time: time.format(&Rfc3339).unwrap_or_default(),
        }
    }
}

/// The line before the rows of a table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heading {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
}

impl Heading {
    pub(super) fn of(table: &Table) -> Self {
        let columns = table.columns.iter().map(|column| column.name.to_owned());
        Self { table: table.name.to_owned(), columns: columns.collect() }
    }
}

/// The last line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Footer {
    /// How many rows all tables have.
    pub(super) rows: u64,
    pub(super) tables: Vec<TableSum>,
    /// The SHA-256 of all lines before this one, in hexadecimal.
    pub(super) sha256: String,
}

/// A line with its end.
pub(super) fn line_of(value: &impl Serialize) -> Vec<u8> {
    // Texts, numbers and lists of them are always JSON.
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}
