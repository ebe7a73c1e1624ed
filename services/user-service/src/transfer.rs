//! Everything that the platform holds, from a database to a file and from a file to a database, at the
//! schema of this release: [`artisan_store::transfer`] says how.

use std::time::Duration;

use artisan_runtime::exit::Exit;
use artisan_runtime::secret::Secret;
use artisan_store::{ConnectError, StoreError};

use crate::schema::known_versions;

pub use artisan_store::transfer::{
    DatabaseError, ExportError, Exported, Header, HeldLease, ImportError, ImportOptions, Imported,
    ImportedTable, Observer, Place, Progress, Source, TableSum, Target, export, import,
};

/// The exit code for a schema that does not fit.
const EXIT_SCHEMA: u8 = 7;
/// The exit code for a database that is newer than this release.
const EXIT_NEWER: u8 = 8;
/// The exit code for rows that are others than those of the file.
const EXIT_FINDINGS: u8 = 9;

/// The database as it stands, to be exported.
pub async fn open_source(url: &Secret, timeout: Duration) -> Result<Source, DatabaseError> {
    Source::open(url.expose(), &known_versions(), timeout).await
}

/// The database that shall be imported into.
pub fn open_target(url: &Secret, timeout: Duration) -> Result<Target, ConnectError> {
    Target::connect(url.expose(), &known_versions(), timeout)
}

/// The exit code of a process whose export ended with this.
#[must_use]
pub fn export_exit_code(error: &ExportError) -> u8 {
    match error {
        ExportError::Database(error) => database_exit_code(error),
        ExportError::Value { .. } => EXIT_FINDINGS,
        ExportError::Output(_) => Exit::Failed.code(),
    }
}

/// The exit code of a process whose import ended with this.
#[must_use]
pub fn import_exit_code(error: &ImportError) -> u8 {
    match error {
        ImportError::Database(error) | ImportError::Interrupted(error) => database_exit_code(error),
        ImportError::Input(_) => Exit::Failed.code(),
        ImportError::File(_) | ImportError::Changed(_) => Exit::Config.code(),
        ImportError::Foreign { .. }
        | ImportError::Differs { .. }
        | ImportError::Taken { .. }
        | ImportError::Served(_) => EXIT_FINDINGS,
    }
}

/// The exit code of a process that imported: 9 where the database holds something else than the file.
#[must_use]
pub fn imported_exit_code(imported: &Imported) -> u8 {
    let differs = imported.tables.iter().any(ImportedTable::differs);
    if differs { EXIT_FINDINGS } else { Exit::Done.code() }
}

/// The exit code of a process whose database cannot be read or written.
#[must_use]
pub fn database_exit_code(error: &DatabaseError) -> u8 {
    match error {
        DatabaseError::Url(_)
        | DatabaseError::NoFile(_)
        | DatabaseError::NoDatabase(_)
        | DatabaseError::Pooled
        | DatabaseError::Store(StoreError::Refused(_)) => Exit::Config.code(),
        DatabaseError::Behind { .. } => EXIT_SCHEMA,
        DatabaseError::Ahead { .. } => EXIT_NEWER,
        DatabaseError::Store(StoreError::Unavailable(_) | StoreError::Contended(_)) => {
            Exit::Unreachable.code()
        }
        DatabaseError::Store(StoreError::Internal(_)) => Exit::Failed.code(),
    }
}
