use super::{Executor, Job};
use crate::backend::{Failure, FailureKind};
use crate::error::{Applied, FailedStatement};
use crate::statement::Statement;
use crate::{Engine, Error};

impl Executor<'_> {
    /// The error of a statement that did not run, with all that its author needs.
    pub(super) async fn explain(
        &mut self,
        job: Job<'_>,
        statement: &Statement<'_>,
        failure: Failure,
        applied: Applied,
    ) -> Error {
        let engine = self.engine();
        match failure.kind {
            FailureKind::Lost | FailureKind::NotReady => {
                let place = format!("{}:{}", job.script.file, statement.line);
                let message = format!("{place}: `{}`: {}", statement.summary(), failure.message);
                Failure { message, ..failure }.while_doing("a migration ran")
            }
            FailureKind::Superseded => failure.while_doing("a migration ran"),
            FailureKind::ReadOnly if !job.script.only_reads_before(engine, statement) => {
                failure.read_only()
            }
            // The file is not to blame, and no statement of it.
            FailureKind::Forbidden if failure.is_own => {
                failure.while_doing("a migration was recorded")
            }
            // Between two attempts there is nothing to cancel.
            FailureKind::Cancelled | FailureKind::Busy if self.options.stop.is_requested() => {
                Error::Stopped
            }
            FailureKind::Busy => {
                let holder = self.holder(statement).await;
                let holder =
                    holder.unwrap_or_else(|| "the server does not say who holds it".to_owned());
                let statement = Box::new(failed(job, statement, engine, failure, applied));
                Error::TableLocked { statement, holder }
            }
            FailureKind::Cancelled
            | FailureKind::Forbidden
            | FailureKind::Statement
            | FailureKind::Missing
            | FailureKind::Refused
            | FailureKind::Insecure
            | FailureKind::ReadOnly
            | FailureKind::Unlockable => {
                Error::MigrationFailed(Box::new(failed(job, statement, engine, failure, applied)))
            }
        }
    }
}

pub(super) fn failed(
    job: Job<'_>,
    statement: &Statement<'_>,
    engine: Engine,
    failure: Failure,
    applied: Applied,
) -> FailedStatement {
    let before = statement.sql.chars().take(failure.position.unwrap_or_default());
    let line = statement.line + before.filter(|c| *c == '\n').count();
    FailedStatement {
        file: job.script.file.clone(),
        line,
        version: job.version,
        sql: statement.sql.to_owned(),
        cause: hinted(job, statement, engine, &failure),
        code: failure.code,
        applied,
        is_in_the_way: false,
        is_undone: false,
    }
}

/// The server's words, and ours where they alone do not say what to write.
fn hinted(job: Job<'_>, statement: &Statement<'_>, engine: Engine, failure: &Failure) -> String {
    let message = &failure.message;
    let is_hinted = match engine {
        Engine::Postgres => failure.code.as_deref() == Some("25001"),
        // One code stands for all mistakes there.
        Engine::Sqlite => !job.script.no_transaction && refuses_transactions(statement.sql),
        Engine::MySql | Engine::MariaDb => false,
    };
    match job.script.unread_no_transaction().filter(|_| is_hinted) {
        Some(unread) => format!("{message}; line {}: {}", unread.line, unread.message),
        None if is_hinted => {
            format!("{message}; write `-- no-transaction` into the file's first line")
        }
        None => message.clone(),
    }
}

/// Whether `SQLite` runs this outside a transaction only: <https://www.sqlite.org/lang_vacuum.html>,
/// <https://www.sqlite.org/pragma.html#pragma_journal_mode>.
fn refuses_transactions(sql: &str) -> bool {
    let words = sql.to_ascii_lowercase().replace('=', " ");
    let mut words = words.split_whitespace();
    match (words.next(), words.next()) {
        (Some("vacuum"), _) => true,
        (Some("pragma"), Some(name)) => name.rsplit('.').next() == Some("journal_mode"),
        _ => false,
    }
}
