//! What of a file must not begin.

use super::explain::failed;
use super::{Executor, Job};
use crate::backend::{Failure, FailureKind};
use crate::error::Applied;
use crate::statement::{
    Layout, Statement, is_ignored_in_transaction, layout, miscounting, refused, statements,
};
use crate::{Engine, Error};

/// A pragma without effect in a transaction, upon which the rest of the file relies.
const IGNORED: &str = "SQLite ignores this in a transaction, and dropping a table would delete the rows that \
    refer to it: write `-- no-transaction` into the file's first line, and BEGIN and COMMIT around the change";
/// What SQLite's `total_changes()` and `ROW_COUNT()` of MySQL and MariaDB would tell.
const MISCOUNTED: &str = "the runner writes rows of its own between this statement and those before it, and they \
    would be counted: count within one transaction of the file, or within the routine";
/// Servers are asked how much they take where a statement is longer; they can be set to less, but are not.
const LONG: usize = 1 << 20;

impl Job<'_> {
    /// Refuses a file that would be refused when its turn comes, before anything of the run has begun.
    ///
    /// Fails with [`Error::Usage`] (`NEVER_RUN`) where something would be passed over, and with
    /// [`Error::MigrationFailed`] where a statement would take the lock or its transactions from under the
    /// runner.
    pub(crate) fn refuse(self, engine: Engine) -> Result<(), Error> {
        self.script.refuse_unfit(engine)?;
        self.refuse_statements(engine)
    }

    /// The same, by its statements alone.
    pub(crate) fn refuse_statements(self, engine: Engine) -> Result<(), Error> {
        let statements = statements(engine, &self.script.text);
        let Some((statement, reason)) = find(engine, self, &statements) else { return Ok(()) };
        let failure = Failure::new(FailureKind::Statement, reason);
        let failed = failed(self, &statement, engine, failure, Applied::NothingYet);
        Err(Error::MigrationFailed(Box::new(failed)))
    }
}

/// The first statement that must not begin, and what to write instead.
pub(super) fn find<'a>(
    engine: Engine,
    job: Job<'a>,
    statements: &[Statement<'a>],
) -> Option<(Statement<'a>, &'static str)> {
    if let Some((statement, reason)) = refused(engine, statements) {
        return Some((statement.clone(), reason));
    }
    match layout(engine, job.script) {
        Layout::Whole(statements) => {
            let mut statements = statements.into_iter();
            let ignored = statements.find(|s| is_ignored_in_transaction(engine, s.sql));
            ignored.map(|statement| (statement, IGNORED))
        }
        Layout::Steps(steps) => {
            miscounting(engine, &steps).map(|statement| (statement, MISCOUNTED))
        }
    }
}

impl Executor<'_> {
    /// A statement that is longer than what the server takes: it would break the connection, and say so to
    /// nobody who is sending still.
    pub(super) async fn find_too_long<'a>(
        &mut self,
        statements: &[Statement<'a>],
    ) -> Result<Option<(Statement<'a>, String)>, Failure> {
        // The words that may go before it, and what the protocol adds.
        let around = self.backend.begin().len() + LONGEST_PROTOCOL;
        let length = |statement: &Statement<'_>| statement.sent().len() + around;
        if !statements.iter().any(|statement| length(statement) > LONG) {
            return Ok(None);
        }
        let Some(most) = self.backend.longest_statement().await? else { return Ok(None) };
        let found = statements.iter().find(|statement| length(statement) > most);
        Ok(found.map(|long| (long.clone(), too_long(long.sent().len(), most))))
    }
}

/// Enough for what stands between two statements of one message, and for the byte before it.
const LONGEST_PROTOCOL: usize = 8;

fn too_long(length: usize, most: usize) -> String {
    format!(
        "the statement has {length} bytes, and the server's max_allowed_packet is {most}: write several \
         statements in its place, or set max_allowed_packet of the server to more"
    )
}
