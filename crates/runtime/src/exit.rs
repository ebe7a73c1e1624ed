//! Exit codes, the same in every program.

use std::process::ExitCode;

/// How a program ends; operators and Kubernetes decide by the number whether a retry helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Unexpected, or cut off at the end of the shutdown's grace.
    Failed = 1,
    /// Wrong usage or configuration: no retry helps before somebody changes it.
    Config = 2,
    /// Something this program needs did not answer in time: a retry helps.
    Unreachable = 3,
    /// A wait ended by its own timeout: a retry helps.
    TimedOut = 4,
}

impl Exit {
    /// The number the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
