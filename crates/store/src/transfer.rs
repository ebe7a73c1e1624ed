//! Everything that the platform holds, from a database of one engine to a file, and from there to one
//! of another.
//!
//! The file is JSON Lines. The first line says what it is, then each table follows: a line with its
//! columns, and a line for each row, in the order of the primary key. The last line has the number of
//! rows and a SHA-256 for each table, and one over all lines before it. Every value has one spelling,
//! so that the same rows are the same bytes whatever engine they come from: `docs/export.md`.
//!
//! An import reads the file twice. First everything is checked, the file in itself and what the
//! database has already, and nothing is written; then rows that are not there yet are inserted, a
//! batch in a transaction. So one that was cut off goes on when it is begun again, and two at once do no
//! harm. At last the database is read again, in the same order, and its digests are compared with the
//! file's.

mod batch;
mod cell;
mod deadline;
mod error;
mod export;
mod import;
mod insert;
mod lease;
mod line;
mod merge;
mod place;
mod reader;
mod rows;
mod source;
mod sum;
mod tables;
mod target;

pub use cell::ValueProblem;
pub use error::{DatabaseError, ExportError, FileError, FileProblem, ImportError};
pub use export::{Exported, export};
pub use import::{ImportOptions, Imported, ImportedTable, import};
pub use lease::HeldLease;
pub use line::{FORMAT, FORMAT_VERSION, Header};
pub use place::Place;
pub use source::Source;
pub use sum::TableSum;
pub use tables::{Column, Kind, TABLES, Table};
pub use target::Target;

pub(crate) use cell::Cell;
pub(crate) use insert::{InsertError, insert_rows};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many rows are in the file.
    Exported {
        /// How many.
        rows: u64,
    },
    /// So many rows of the file are checked; nothing is written yet.
    Checked {
        /// How many.
        rows: u64,
    },
    /// So many rows are in the database.
    Written {
        /// How many.
        done: u64,
        /// Of how many.
        total: u64,
    },
    /// So many rows of the database are read again.
    Verified {
        /// How many.
        done: u64,
        /// Of how many.
        total: u64,
    },
}

/// Who is told how far it is.
pub type Observer<'a> = &'a (dyn Fn(Progress) + Send + Sync);
