use std::error::Error as _;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::cell::ValueProblem;
use super::lease::HeldLease;
use super::line::{FORMAT, FORMAT_VERSION};
use crate::{ConnectError, StoreError};

/// Why a database cannot be read or written as one of the platform.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The URL can never work.
    #[error(transparent)]
    Url(#[from] ConnectError),
    /// The URL names a file of `SQLite` that is not there.
    #[error("there is no file {}: look whether the path is right", .0.display())]
    NoFile(PathBuf),
    /// The URL names a file that is something else.
    #[error("{} is no SQLite database: look whether the path is right", .0.display())]
    NoDatabase(PathBuf),
    /// A pooler by transactions stands before the server, where prepared statements get other rows.
    #[error("a pooler by transactions stands before it; name the server itself")]
    Pooled,
    /// Migrations of this release are not applied.
    #[error(
        "it is not migrated to this release ({missing} is not applied); run `migrate upgrade head --phase \
         all` first"
    )]
    Behind {
        /// The first that is missing.
        missing: i64,
    },
    /// Migrations are applied that this release does not know: there may be more than it would move.
    #[error(
        "it has the migration {unknown}, which this release does not know; use the newer release"
    )]
    Ahead {
        /// The last of them.
        unknown: i64,
    },
    /// It did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why nothing was exported, or not all.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A row holds what not every engine takes.
    #[error("{table} {key}: {column} {problem}; correct the row, then export again")]
    Value {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: String,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        problem: ValueProblem,
    },
    /// The file cannot be written.
    #[error("the file cannot be written")]
    Output(#[source] io::Error),
}

/// Where a file is not as an export leaves it.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct FileError {
    /// The line, from 1 on.
    pub line: u64,
    /// What is wrong with it.
    pub problem: FileProblem,
}

/// What is wrong with a line. Values are never shown: they are people's data.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum FileProblem {
    /// The first line is that of something else.
    #[error("this is no file of `artisan export` (format {FORMAT})")]
    Foreign,
    /// The file is of another version of the format.
    #[error(
        "the format's version is {0}, and this release knows {FORMAT_VERSION}; use another release"
    )]
    Version(u64),
    /// The rows are of another schema.
    #[error(
        "the rows are of schema {found}, and this release has {known}: import with the release that \
         exported, and migrate afterwards"
    )]
    Schema {
        /// What the file says.
        found: String,
        /// What this release has.
        known: i64,
    },
    /// The file ends before its last line does.
    #[error("the file ends too early: it was cut off; export again")]
    Truncated,
    /// The line is longer than any row can be.
    #[error("the line is too long")]
    TooLong,
    /// The line is not what stands there.
    #[error("{expected} was expected")]
    Unexpected {
        /// What stands there.
        expected: String,
    },
    /// A row has another number of values than its table columns.
    #[error("the row has not the values of table {0}")]
    Columns(&'static str),
    /// A value that a column cannot hold.
    #[error("{table}.{column} {problem}")]
    Value {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        problem: ValueProblem,
    },
    /// The values are spelt in another way than an export spells them.
    #[error("the line is not spelt as `artisan export` spells it: it was edited")]
    Spelling,
    /// The row's key is not higher than that of the row before.
    #[error(
        "the row of table {0} is not behind the one before it: it was moved, or stands there twice"
    )]
    Order(&'static str),
    /// Rows, or the number of them, are not those of the last line.
    #[error(
        "the rows of table {0} are not those that were exported: rows were edited, added or removed"
    )]
    Digest(&'static str),
    /// Another line is not the one that was exported.
    #[error("the lines are not those that were exported: the file was edited")]
    Whole,
    /// Something stands behind the last line.
    #[error("something stands behind the last line")]
    Trailing,
}

/// Why nothing was imported, or not all. What was written stays.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The database cannot be written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The database did not do its part once this run had written rows.
    #[error("{}; rows of the file are in the database, and were not compared with it: {}", chain(.0), next(.0))]
    Interrupted(#[source] DatabaseError),
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Input(#[source] io::Error),
    /// The file is not as an export leaves it. Nothing was written.
    #[error("{0}; nothing was written")]
    File(#[from] FileError),
    /// The file was whole when it was checked, and was changed since.
    #[error(
        "the file was changed while it was imported: {0}; a part of its rows may be in the database: import \
         into an empty one that was migrated"
    )]
    Changed(#[source] FileError),
    /// The database holds a row that the file does not have.
    #[error(
        "the database holds what the file does not have: {table} {key}; {}. Import into an empty \
         database that was migrated, and start nothing on it before",
        written(*.is_written)
    )]
    Foreign {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: String,
        /// Whether this run has written rows before it met the row.
        is_written: bool,
    },
    /// The database holds another row under the same key.
    #[error(
        "the database holds another row than the file: {table} {key}; {}. Import into an empty \
         database that was migrated, and start nothing on it before",
        written(*.is_written)
    )]
    Differs {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: String,
        /// Whether this run has written rows before it met the row.
        is_written: bool,
    },
    /// A row cannot be written, for another reason than its key.
    #[error(
        "the database does not take the rows of the file: {table} {key}, or one behind it: another row \
         there has what must be unique; somebody writes there, or the database compares texts \
         differently; {}. Import into an empty database that was migrated, and start nothing on it before",
        written(*.is_written)
    )]
    Taken {
        /// The table.
        table: &'static str,
        /// The key of the first row that is missing there.
        key: String,
        /// Whether this run has written rows before it met the row.
        is_written: bool,
    },
    /// A process holds a lease of the database.
    #[error(
        "somebody serves on the database, or did a moment ago: {0}; nothing was written. Stop what runs \
         there, and import once the lease has ended"
    )]
    Served(HeldLease),
}

/// What to do about a database that did not do its part.
fn next(error: &DatabaseError) -> &'static str {
    match error {
        DatabaseError::Store(StoreError::Unavailable(_) | StoreError::Contended(_)) => {
            "run the same command again, it goes on from there"
        }
        DatabaseError::Url(_)
        | DatabaseError::NoFile(_)
        | DatabaseError::NoDatabase(_)
        | DatabaseError::Pooled
        | DatabaseError::Store(StoreError::Refused(_)) => {
            "somebody has changed it meanwhile; once it can be reached as before, the same command goes on"
        }
        DatabaseError::Behind { .. } | DatabaseError::Ahead { .. } => {
            "somebody has migrated it meanwhile; import into an empty one of this release"
        }
        DatabaseError::Store(StoreError::Internal(_)) => {
            "correct that, or import into an empty database that was migrated to this release"
        }
    }
}

/// An error with what caused it.
fn chain(error: &DatabaseError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    text
}

fn written(is_written: bool) -> &'static str {
    if is_written { "rows of the file are in the database" } else { "nothing was written" }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.into())
    }
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Cause;

    #[test]
    fn who_comes_again_is_told_to_and_nobody_else() {
        let told = |error: fn(Cause) -> StoreError| {
            let error = error(Cause::new("no disk"));
            let text = ImportError::Interrupted(DatabaseError::Store(error)).to_string();
            assert!(text.contains(": no disk; rows of the file are in the database"), "{text}");
            text.contains("run the same command again")
        };
        assert!(told(StoreError::Unavailable) && told(StoreError::Contended));
        assert!(!told(StoreError::Internal) && !told(StoreError::Refused));
    }
}
