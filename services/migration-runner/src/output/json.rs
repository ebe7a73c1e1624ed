use artisan_migrate::{Applied, Error, FailedStatement};
use serde::Serialize;

use crate::advice;
use crate::failure::Failure;

/// The version of the documents' shape.
const FORMAT: u8 = 1;

#[derive(Serialize)]
struct Document<'a, T> {
    format: u8,
    command: &'a str,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct Failed<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    exit: u8,
    reason: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<StatementBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<&'a str>,
    /// The files that this run finished before.
    finished: &'a [String],
}

#[derive(Serialize)]
struct StatementBody<'a> {
    version: String,
    file: &'a str,
    line: usize,
    sql: &'a str,
    code: Option<&'a str>,
    cause: &'a str,
    /// How many of the file's statements are applied.
    applied: usize,
}

pub(super) fn document(command: &str, body: &impl Serialize) -> String {
    line(&Document { format: FORMAT, command, body })
}

pub(super) fn failure(
    command: &str,
    failure: &Failure,
    finished: &[String],
    dir: Option<&std::path::Path>,
) -> String {
    let (statement, holder) = match failure {
        Failure::Migrate(Error::MigrationFailed(statement)) => (Some(body(statement)), None),
        Failure::Migrate(Error::TableLocked { statement, holder }) => {
            (Some(body(statement)), Some(holder.as_str()))
        }
        Failure::Migrate(Error::RunnerLocked { holder }) => (None, Some(holder.as_str())),
        _ => (None, None),
    };
    let error = ErrorBody {
        exit: failure.exit_code(),
        reason: failure.reason(),
        message: failure.to_string(),
        next: failure.next().map(|next| advice::with_place(&next, dir)),
        statement,
        holder,
        finished,
    };
    line(&Document { format: FORMAT, command, body: Failed { error } })
}

pub(super) fn usage(command: &str, message: &str) -> String {
    let error = ErrorBody {
        exit: 2,
        reason: "USAGE",
        message: message.to_owned(),
        next: None,
        statement: None,
        holder: None,
        finished: &[],
    };
    line(&Document { format: FORMAT, command, body: Failed { error } })
}

fn body(statement: &FailedStatement) -> StatementBody<'_> {
    StatementBody {
        version: statement.version.to_string(),
        file: &statement.file,
        line: statement.line,
        sql: &statement.sql,
        code: statement.code.as_deref(),
        cause: &statement.cause,
        applied: match statement.applied {
            Applied::Nothing | Applied::NothingYet | Applied::Scratch => 0,
            Applied::Statements { done, .. }
            | Applied::Earlier { done, .. }
            | Applied::Unsure { done, .. } => done,
        },
    }
}

fn line(document: &impl Serialize) -> String {
    // Maps with text keys and plain values always serialise.
    let mut line = serde_json::to_string(document).unwrap_or_default();
    line.push('\n');
    line
}
