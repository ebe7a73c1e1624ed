mod advice;
mod exit;
pub(crate) mod full_disk;
mod problem;
mod squash;
mod way_out;

use std::fmt;

pub use problem::{Link, Problem};
pub use squash::SquashProblem;
pub use way_out::{Stamp, WayOut};

use crate::url::UrlError;

/// Why a runner did not do what it was asked; one variant per thing the caller can do next.
///
/// [`exit_code`](Error::exit_code) and [`reason`](Error::reason) are stable; the texts are for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request or the configuration is wrong: mend it, a retry does not help.
    #[error("{message}")]
    Usage {
        /// A stable word for the case.
        reason: &'static str,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// The database URL cannot be read.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// No answer within the time allowed for connecting, or the connection broke: try again.
    #[error("the database at {database} cannot be reached: {cause}")]
    Unreachable {
        /// Where, without secrets.
        database: String,
        /// What the last attempt said.
        cause: String,
    },
    /// The connection broke in the middle: try again, the next run continues.
    #[error("the connection to the database broke while {doing}: {cause}")]
    ConnectionLost {
        /// What the runner was doing.
        doing: &'static str,
        /// The network's or the server's words.
        cause: String,
    },
    /// The server answered and refused: wrong credentials, or no such database.
    #[error("the database at {database} refuses the connection: {cause}")]
    Refused {
        /// Where, without secrets.
        database: String,
        /// The server's words.
        cause: String,
    },
    /// `wait` ended by its own timeout: try again.
    #[error("waited in vain: {waiting_for}")]
    WaitTimedOut {
        /// What had not come.
        waiting_for: String,
        /// What brings it.
        remedy: &'static str,
    },
    /// Another runner kept the lock: try again.
    #[error("another runner works on this database: {holder}")]
    RunnerLocked {
        /// Who, as far as the server tells.
        holder: String,
    },
    /// A table stayed locked by somebody: try again when they are done.
    #[error("{statement}")]
    TableLocked {
        /// The statement that could not run.
        statement: Box<FailedStatement>,
        /// Who holds the table, as far as the server tells.
        holder: String,
    },
    /// A statement failed: mend the file and run again.
    #[error("{0}")]
    MigrationFailed(Box<FailedStatement>),
    /// A disk is full, as was seen by a statement of the runner's own: make room and run again.
    #[error("the disk is full, as was seen while {doing}: {cause}")]
    DiskFull {
        /// What the runner was doing.
        doing: &'static str,
        /// The server's words.
        cause: String,
        /// Where room is to be made.
        disk: &'static str,
    },
    /// Files and database contradict each other, or the files do among themselves.
    #[error("{0}")]
    History(Box<Problem>),
    /// A contract revision has made the database unfit for this program: deploy a newer one.
    #[error(
        "the database is newer than this program allows: revision {version} removed what it needs \
         and serves only programs that know revision {floor}"
    )]
    TooNew {
        /// The contract revision.
        version: i64,
        /// The oldest head that it still serves.
        floor: i64,
        /// Where `downgrade --from-database` can go back to: the scripts for that were kept.
        back_to: Option<i64>,
    },
    /// Pending revisions were found by a command that looks for them.
    #[error("{message}")]
    Pending {
        /// What was found, and what that means.
        message: String,
        /// The command that mends the first of it.
        command: String,
    },
    /// What autogenerate wrote does not do what it has to: nothing was kept of it.
    #[error("{0}")]
    Unproven(String),
    /// Asked to end, and did, with nothing half-done that the next run cannot continue.
    #[error("ended by request; the next run continues")]
    Stopped,
    /// The server said something this program does not expect.
    #[error("the database answered with an error while {doing}: {cause}")]
    Unexpected {
        /// What the runner was doing.
        doing: &'static str,
        /// The server's words.
        cause: String,
    },
}

/// A statement of a migration that did not run, and all that its author needs to know.
#[derive(Clone, Debug)]
pub struct FailedStatement {
    /// The file's name.
    pub file: String,
    /// The line of the error if the server told it, else of the statement.
    pub line: usize,
    /// The revision.
    pub version: i64,
    /// The statement's text.
    pub sql: String,
    /// The server's code, if it has one.
    pub code: Option<String>,
    /// The server's words.
    pub cause: String,
    /// What of the file is in the database now.
    pub applied: Applied,
    /// Whether revisions were to be undone, and this file of an earlier run had to be finished before.
    pub is_in_the_way: bool,
    /// Whether they are to be undone together with this file's revision, and every down file is there.
    pub is_undone: bool,
}

/// What a failed file left in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Nothing: all of it was rolled back.
    Nothing,
    /// Nothing, and nothing of the files before it that were to run: the file was refused by its text.
    NothingYet,
    /// Nothing either: it failed in a scratch database, which is gone.
    Scratch,
    /// Its first statements: the next run continues behind them.
    Statements {
        /// How many are applied.
        done: usize,
        /// How many the file has.
        of: usize,
    },
    /// What an earlier run has left of it: this one has not gone on.
    Earlier {
        /// How many of its statements are surely applied, the first ones.
        done: usize,
        /// How many the file has.
        of: usize,
    },
    /// Its first statements, and perhaps a part of the one that failed: the server cannot take it back,
    /// and a person has to look.
    Unsure {
        /// How many are surely applied.
        done: usize,
        /// How many the file has.
        of: usize,
    },
}

impl FailedStatement {
    /// Whether the server says that an object or column of this name exists already.
    ///
    /// `SQLite` has one code for all mistakes in a statement, and is never recognised.
    pub(crate) fn makes_what_is_there(&self) -> bool {
        let there = ["42P07", "42710", "42701", "1050", "1060", "1061"];
        self.applied == Applied::Nothing
            && self.code.as_deref().is_some_and(|code| there.contains(&code))
    }

    /// Whether a part of it may have run.
    pub(crate) fn is_unsure(&self) -> bool {
        matches!(self.applied, Applied::Unsure { .. })
    }

    /// The disk that is full, if that is what the server says: no change of the file mends it.
    pub(crate) fn full_disk(&self) -> Option<&'static str> {
        full_disk::named(self.code.as_deref()?, &self.cause)
    }

    /// The limit by which the server has ended the statement: no change of the file mends that either.
    pub(crate) fn time_limit(&self) -> Option<&'static str> {
        match self.code.as_deref()? {
            // query_canceled.
            "57014" => Some("the statement_timeout of this user or database"),
            // ER_QUERY_TIMEOUT; MariaDB's ER_STATEMENT_TIMEOUT.
            "3024" => Some("max_execution_time"),
            "1969" => Some("max_statement_time"),
            // ER_QUERY_INTERRUPTED.
            "1317" => Some("whatever ends statements there"),
            _ => None,
        }
    }

    /// Whether the server says that this user may not do it: no change of the file mends that.
    pub(crate) fn lacks_a_right(&self) -> bool {
        let denied = ["42501", "1044", "1142", "1143", "1227", "1370"];
        self.code.as_deref().is_some_and(|code| denied.contains(&code))
    }
}

impl fmt::Display for FailedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_in_the_way {
            f.write_str(
                "a half-applied file is finished before anything is undone, and failed again: ",
            )?;
        }
        write!(f, "{}:{}: {}", self.file, self.line, self.cause)?;
        match &self.code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing of this file; everything before it"),
            Self::NothingYet => {
                f.write_str("nothing of this file, nor of the others that are pending")
            }
            Self::Scratch => f.write_str(
                "no change: this was a scratch database, where the files are run from the first on",
            ),
            Self::Statements { done, of } => {
                write!(
                    f,
                    "the first {done} of the file's {of} statements, and everything before it"
                )
            }
            Self::Earlier { done, of } => write!(
                f,
                "what an earlier run has left of this file, surely the first {done} of its {of} \
                 statements, and everything before it"
            ),
            Self::Unsure { done, of } => {
                write!(
                    f,
                    "the first {done} of the file's {of} statements, everything before it, and perhaps \
                     a part of this one, which the server could not take back"
                )
            }
        }
    }
}

impl Error {
    /// The same, of a run in a scratch database.
    pub(crate) fn in_scratch(mut self) -> Self {
        if let Self::MigrationFailed(statement) = &mut self {
            statement.applied = Applied::Scratch;
        }
        self
    }

    /// The same, where revisions were to be undone and a half-applied file is in the way.
    pub(crate) fn in_the_way(mut self, undone: &[i64]) -> Self {
        if let Self::MigrationFailed(statement) = &mut self {
            statement.is_in_the_way = !statement.file.ends_with(".down.sql");
            statement.is_undone = undone.contains(&statement.version);
        }
        self
    }

    pub(crate) fn usage(reason: &'static str, message: impl Into<String>) -> Self {
        Self::Usage { reason, message: message.into() }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::History(Box::new(problem))
    }
}
