use super::{Executor, Job};
use crate::Error;
use crate::backend::{Failure, FailureKind};
use crate::error::{Applied, FailedStatement};
use crate::statement::Statement;

impl Executor<'_> {
    /// The error of a statement that did not run, with all that its author needs.
    pub(super) async fn explain(
        &mut self,
        job: Job<'_>,
        statement: &Statement<'_>,
        failure: Failure,
        applied: Applied,
    ) -> Error {
        match failure.kind {
            FailureKind::Lost | FailureKind::NotReady | FailureKind::Superseded => {
                failure.while_doing("a migration ran")
            }
            FailureKind::ReadOnly => failure.read_only(),
            // The file is not to blame, and no statement of it.
            FailureKind::Forbidden if failure.is_own => {
                failure.while_doing("a migration was recorded")
            }
            FailureKind::Cancelled if self.options.stop.is_requested() => Error::Stopped,
            FailureKind::Busy => {
                let holder = self.holder(statement).await;
                let holder =
                    holder.unwrap_or_else(|| "the server does not say who holds it".to_owned());
                let statement = Box::new(failed(job, statement, failure, applied));
                Error::TableLocked { statement, holder }
            }
            FailureKind::Cancelled
            | FailureKind::Forbidden
            | FailureKind::Statement
            | FailureKind::Missing
            | FailureKind::Refused
            | FailureKind::Unlockable => {
                Error::MigrationFailed(Box::new(failed(job, statement, failure, applied)))
            }
        }
    }
}

fn failed(
    job: Job<'_>,
    statement: &Statement<'_>,
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
        cause: hinted(job, &failure),
        code: failure.code,
        applied,
    }
}

/// The server's words, and ours where they alone do not say what to write.
fn hinted(job: Job<'_>, failure: &Failure) -> String {
    let message = &failure.message;
    let is_hinted = failure.code.as_deref() == Some("25001");
    match job.script.unread_no_transaction().filter(|_| is_hinted) {
        Some(unread) => format!("{message}; line {}: {}", unread.line, unread.message),
        None if is_hinted => {
            format!("{message}; write `-- no-transaction` into the file's first line")
        }
        None => message.clone(),
    }
}
