use crate::Error;
use crate::error::full_disk;

/// An error of the driver or the server, sorted by what the runner does about it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    /// The server's code, if it sent one.
    pub(crate) code: Option<String>,
    /// The server's words.
    pub(crate) message: String,
    /// Where in the statement, in characters from 0, if the server said so.
    pub(crate) position: Option<usize>,
    /// Whether it was a statement of the runner's own that failed.
    pub(crate) is_own: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The server refuses the statement.
    Statement,
    /// A lock was not had in time, or a deadlock was resolved: worth another attempt.
    Busy,
    /// The statement was cancelled.
    Cancelled,
    /// There is no such object.
    Missing,
    /// The connection is gone, or could not be made.
    Lost,
    /// Wrong credentials, no such database, or a file that is none.
    Refused,
    /// The server and this program agree on no encryption.
    Insecure,
    /// The file that the runner locks beside a database cannot be made, opened or locked.
    Unlockable,
    /// This user lacks a right.
    Forbidden,
    /// A replica, or a file that this user may not write.
    ReadOnly,
    /// The server is there but not ready: it starts, stops, or has no connection left.
    NotReady,
    /// Another runner has taken over the lease of this one.
    Superseded,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, code: None, message: message.into(), position: None, is_own: false }
    }

    /// The same, of a statement of the runner's own.
    pub(crate) fn of_the_runner(self) -> Self {
        Self { is_own: true, ..self }
    }

    /// A column that does not hold what it should.
    pub(crate) fn shape(column: usize) -> Self {
        Self::new(FailureKind::Statement, format!("unexpected value in column {column}"))
    }

    /// Sorts a driver's error; `sort` knows the engine's codes.
    pub(super) fn from_driver(error: &sqlx::Error, sort: impl Fn(&str) -> FailureKind) -> Self {
        let Some(reply) = error.as_database_error() else {
            return Self::new(kind_of(error), without_prefix(error));
        };
        // MySQL's own number says more than the SQLSTATE that it shares with others.
        let code = reply
            .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
            .map(|error| error.number().to_string())
            .or_else(|| reply.code().map(std::borrow::Cow::into_owned));
        let kind = code.as_deref().map_or(FailureKind::Statement, sort);
        let position = reply.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().and_then(
            |error| match error.position() {
                Some(sqlx::postgres::PgErrorPosition::Original(at)) => at.checked_sub(1),
                _ => None,
            },
        );
        Self { kind, code, message: message(reply), position, is_own: false }
    }

    /// What kept a schema from being read; `sort` knows the engine's errors.
    pub(super) fn from_schema(
        error: artisan_schema::Error,
        sort: impl Fn(&sqlx::Error) -> Self,
    ) -> Self {
        use artisan_schema::Error;
        match error {
            Error::Connect(source) | Error::Catalog { source, .. } => sort(&source),
            Error::UnknownEngine | Error::NoSchema | Error::Definition { .. } => {
                Self::new(FailureKind::Statement, error.to_string())
            }
        }
    }

    /// The error for something the runner itself asked the server.
    pub(crate) fn while_doing(self, doing: &'static str) -> Error {
        match self.kind {
            FailureKind::Lost | FailureKind::NotReady => {
                Error::ConnectionLost { doing, cause: self.message }
            }
            FailureKind::Refused | FailureKind::Insecure => {
                let message = format!("the database answered with an error while {doing}: {self}");
                Error::usage("DATABASE_REFUSED", message)
            }
            FailureKind::Unlockable => {
                let message = format!(
                    "{self}; runners keep each other out by a lock on that file: let this user write \
                     to it and to its folder, and keep the database where files can be locked, which \
                     not every network file system allows"
                );
                Error::usage("LOCK_FILE_UNUSABLE", message)
            }
            FailureKind::Superseded => Error::RunnerLocked { holder: self.message },
            FailureKind::ReadOnly => self.read_only(),
            FailureKind::Forbidden => {
                let message = format!(
                    "the database user lacks a right, as was seen while {doing}: {self}; name a user who \
                     has it in MIGRATION_DATABASE_URL (`migrate grants ROLE` prints what reading takes)"
                );
                Error::usage("NOT_ALLOWED", message)
            }
            FailureKind::Statement
            | FailureKind::Busy
            | FailureKind::Cancelled
            | FailureKind::Missing => match self.full_disk() {
                Some(disk) => Error::DiskFull { doing, cause: self.to_string(), disk },
                None => Error::Unexpected { doing, cause: self.to_string() },
            },
        }
    }
}

impl Failure {
    /// Whether two transactions were in each other's way and this one was rolled back: at once, and
    /// on a cluster's node even at COMMIT.
    pub(crate) fn is_conflict(&self) -> bool {
        self.code.as_deref() == Some("1213")
    }

    fn full_disk(&self) -> Option<&'static str> {
        full_disk::named(self.code.as_deref()?, &self.message)
    }

    /// Whether `MySQL` or `MariaDB` has no such database.
    pub(crate) fn is_unknown_schema(&self) -> bool {
        self.code.as_deref() == Some("1049")
    }

    /// Whether `MySQL` or `MariaDB` could not read the statement, so that nothing of it has run.
    pub(crate) fn is_syntax(&self) -> bool {
        self.code.as_deref() == Some("1064")
    }

    /// The error for a database that only answers questions.
    pub(crate) fn read_only(&self) -> Error {
        let message = format!(
            "the database cannot be written: {self}; name the primary, or a user or file with the \
             right to write, in DATABASE_URL"
        );
        Error::usage("DATABASE_READ_ONLY", message)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

fn message(reply: &dyn sqlx::error::DatabaseError) -> String {
    let mut text = reply.message().to_owned();
    if let Some(reply) = reply.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        for (label, more) in [("detail", reply.detail()), ("hint", reply.hint())] {
            text.extend(more.map(|more| format!("; {label}: {more}")));
        }
    }
    text
}

fn kind_of(error: &sqlx::Error) -> FailureKind {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            FailureKind::Lost
        }
        sqlx::Error::Tls(_) => FailureKind::Insecure,
        sqlx::Error::Configuration(_) => FailureKind::Refused,
        _ => FailureKind::Statement,
    }
}

/// rustls adds the address of a page for programmers.
fn without_link(text: &str) -> String {
    text.split(": https://docs.rs/").next().unwrap_or(text).to_owned()
}

/// The inner error's words: the driver's own prefix says nothing that the caller does not.
fn without_prefix(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(inner) => without_link(&inner.to_string()),
        sqlx::Error::Tls(inner) => format!("TLS: {inner}"),
        sqlx::Error::Configuration(inner) => inner.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use artisan_testkit::TestDatabase;

    use super::*;
    use crate::backend::connect;
    use crate::{Access, DatabaseUrl, Options, ledger};

    artisan_testkit::on_engine!(sqlite, Sqlite, disk_that_is_full_for_the_ledger_is_told);

    async fn disk_that_is_full_for_the_ledger_is_told(database: TestDatabase) {
        let url = DatabaseUrl::parse(database.url()).unwrap();
        let options = Options::default();
        let mut backend = connect(&url, Access::Write, &options).await.unwrap();
        backend.run("PRAGMA max_page_count = 2").await.unwrap();
        let failure = ledger::create_tables(backend.as_mut(), &[]).await.unwrap_err();
        backend.close().await;
        let error = failure.while_doing("the tables were created");
        assert_eq!((error.exit_code(), error.reason()), (6, "DISK_FULL"), "{error}");
        assert!(error.next().unwrap().contains("make room on the disk"));
    }

    #[test]
    fn page_for_programmers_is_not_told() {
        let text = "peer closed connection without sending TLS close_notify: \
                    https://docs.rs/rustls/latest/rustls/manual/_03_howto/index.html#unexpected-eof";
        let error = sqlx::Error::Io(std::io::Error::other(text));
        let told = Failure::from_driver(&error, |_| FailureKind::Statement).message;
        assert_eq!(told, "peer closed connection without sending TLS close_notify");
    }
}
