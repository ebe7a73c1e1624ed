//! What `artisan export` wrote, into the database of this platform.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use artisan_runtime::env::Env;
use artisan_user_service::clock::Sources;
use artisan_user_service::transfer::{
    self, DatabaseError, ImportError, ImportOptions, Imported, Place, Progress,
};
use serde_json::{Value, json};

use super::CONNECT_TIMEOUT;
use crate::config;
use crate::failure::Failure;
use crate::tell::Teller;

/// What was found and done.
#[derive(Debug)]
pub(crate) struct FileReport {
    dry_run: bool,
    database: Place,
    pub(super) imported: Imported,
}

/// Imports the file.
pub(super) async fn run(path: &Path, dry_run: bool) -> Result<FileReport, Failure> {
    let url = config::given_database_url(&Env::from_process()?)?;
    let mut file = open(path)?;
    let target = transfer::open_target(&url, CONNECT_TIMEOUT).map_err(DatabaseError::from)?;
    let tellers = Tellers::default();
    let options = ImportOptions { dry_run, now: Sources::system().now() };
    let observer = |progress| tellers.tell(progress);
    let imported = transfer::import(&target, &mut file, options, &observer).await;
    target.close().await;
    let imported = imported.map_err(|source| match source {
        ImportError::Database(error) => Failure::Database(error),
        ImportError::Interrupted(_)
        | ImportError::Foreign { .. }
        | ImportError::Differs { .. }
        | ImportError::Taken { .. }
        | ImportError::Served(_) => Failure::Target(source),
        ImportError::Input(_) | ImportError::File(_) | ImportError::Changed(_) => {
            Failure::Import { path: path.display().to_string(), source }
        }
    })?;
    Ok(FileReport { dry_run, database: target.place().clone(), imported })
}

/// The file is read twice, which a pipe cannot be.
fn open(path: &Path) -> Result<File, Failure> {
    let failed = |source| Failure::Unreadable { path: path.display().to_string(), source };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_file() {
        return Ok(file);
    }
    let why = "it is read twice, and has to be a file: no pipe, no folder";
    Err(failed(io::Error::new(io::ErrorKind::InvalidInput, why)))
}

/// One for each part of the way, so that the beginning of each is told.
#[derive(Default)]
struct Tellers {
    checked: Teller,
    written: Teller,
    verified: Teller,
}

impl Tellers {
    fn tell(&self, progress: Progress) {
        match progress {
            Progress::Checked { rows } => {
                self.checked.now_and_then(false, &format!("{rows} rows of the file are checked"));
            }
            Progress::Written { done, total } => {
                let text = format!("{done} of {total} rows are here");
                self.written.now_and_then(done == total, &text);
            }
            Progress::Verified { done, total } => {
                let text = format!("{done} of {total} rows are compared");
                self.verified.now_and_then(done == total, &text);
            }
            Progress::Exported { .. } => {}
        }
    }
}

impl FileReport {
    fn is_verified(&self) -> Option<bool> {
        let differs = self.imported.tables.iter().any(transfer::ImportedTable::differs);
        (!self.dry_run).then_some(!differs)
    }

    /// One JSON document.
    pub(super) fn to_json(&self) -> Value {
        let header = &self.imported.header;
        let tables = self.imported.tables.iter().map(|table| {
            let written = table.written.as_ref();
            json!({
                "table": table.file.table,
                "rows": table.file.rows,
                "sha256": table.file.sha256,
                "here": table.here,
                "written": written.map(|(rows, _)| rows),
                "verified": written.map(|_| !table.differs()),
            })
        });
        json!({
            "format": 1,
            "command": "import",
            "dry_run": self.dry_run,
            "database": {"engine": self.database.engine, "path": self.database.path},
            "file": {"engine": header.engine, "schema": header.schema, "time": header.time},
            "tables": tables.collect::<Vec<_>>(),
            "verified": self.is_verified(),
        })
    }
}

/// For people: one thing a line.
impl fmt::Display for FileReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (header, tables) = (&self.imported.header, &self.imported.tables);
        let (engine, schema, time) = (&header.engine, &header.schema, &header.time);
        writeln!(f, "file       {engine}, schema {schema}, exported {time}")?;
        writeln!(f, "database   {}", self.database)?;
        for table in tables {
            let (name, rows, here) = (&table.file.table, table.file.rows, table.here);
            match &table.written {
                None => writeln!(f, "table      {name}: {rows} rows, {here} are here already")?,
                Some((written, _)) => writeln!(
                    f,
                    "table      {name}: {rows} rows, {written} written, {here} were here already"
                )?,
            }
        }
        for table in tables.iter().filter(|table| table.differs()) {
            let name = &table.file.table;
            writeln!(
                f,
                "differs    {name}: the database holds other rows than the file; somebody writes \
                 there. Run the same command again, which names a row"
            )?;
        }
        let rows: u64 = tables.iter().map(|table| table.file.rows).sum();
        match self.is_verified() {
            None => writeln!(f, "A dry run: nothing was written."),
            Some(true) => writeln!(
                f,
                "verified   {rows} rows in {} tables were read back, and are those of the file",
                tables.len()
            ),
            Some(false) => Ok(()),
        }
    }
}
