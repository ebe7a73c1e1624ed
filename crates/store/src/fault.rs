//! From a driver's error to what the caller can do.

use tracing::Span;

use crate::engine::{Engine, Fault};
use crate::error::{Cause, StoreError};

pub(crate) fn fault_of<E: Engine>(error: &sqlx::Error) -> Fault {
    use sqlx::Error as Sql;
    match error {
        Sql::Database(error) => E::fault(error.as_ref()),
        Sql::Io(_) | Sql::Tls(_) | Sql::Protocol(_) | Sql::WorkerCrashed | Sql::BeginFailed => {
            Fault::Lost
        }
        Sql::PoolTimedOut | Sql::PoolClosed => Fault::Unavailable,
        // The driver's enumeration is open; what is left of it are defects of ours.
        _ => Fault::Other,
    }
}

/// The error that the caller sees; the span that it ends gets its kind.
pub(crate) fn store_error<E: Engine>(error: sqlx::Error) -> StoreError {
    let fault = fault_of::<E>(&error);
    let cause = match &error {
        // MySQL repeats the value that is taken, which may be an e-mail address.
        sqlx::Error::Database(refusal) if fault == Fault::Duplicate => {
            let code = refusal.code().unwrap_or_default();
            Cause::new(format!("a unique key refused the row (code {code})"))
        }
        _ => Cause::new(error),
    };
    let (kind, error) = match fault {
        Fault::Lost | Fault::ReadOnly | Fault::Unavailable => {
            ("unavailable", StoreError::Unavailable(cause))
        }
        Fault::Refused => ("refused", StoreError::Refused(cause)),
        Fault::Conflict => ("contended", StoreError::Contended(cause)),
        Fault::Duplicate | Fault::Other => ("internal", StoreError::Internal(cause)),
    };
    Span::current().record("error.type", kind).record("otel.status_code", "ERROR");
    error
}
