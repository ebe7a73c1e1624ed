use std::io::{BufReader, Read, Seek, SeekFrom};

use time::OffsetDateTime;

use super::batch::Batch;
use super::error::ImportError;
use super::export::walk;
use super::line::Header;
use super::merge::Merge;
use super::reader::{Piece, ReadError, Reader};
use super::sum::TableSum;
use super::tables::TABLES;
use super::target::Target;
use super::{FileError, FileProblem, Observer, Progress};
use crate::error::StoreError;

/// How many rows go by between two tellings of the progress.
const TOLD_EVERY: u64 = 10_000;

/// What is imported, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// Check everything and write nothing.
    pub dry_run: bool,
    /// What time it is: a lease that ends later tells that somebody serves on the database.
    pub now: OffsetDateTime,
}

/// What was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The first line of the file.
    pub header: Header,
    /// What became of each table.
    pub tables: Vec<ImportedTable>,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedTable {
    /// What the file holds of it.
    pub file: TableSum,
    /// How many of the rows were in the database before.
    pub here: u64,
    /// How many of them this run has written, and what the database held afterwards; nothing where
    /// nothing was to be written.
    pub written: Option<(u64, TableSum)>,
}

impl ImportedTable {
    /// Whether the database held something else than the file when it was read again.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.written.as_ref().is_some_and(|(_, found)| *found != self.file)
    }
}

/// Imports a file, which is read from its beginning, twice, in constant memory.
pub async fn import(
    target: &Target,
    file: &mut (impl Read + Seek + Send),
    options: ImportOptions,
    observer: Observer<'_>,
) -> Result<Imported, ImportError> {
    let mut imported = check(target, file, options.now, observer).await?;
    if !options.dry_run {
        let mut batch = Batch::into(target);
        let ended = write(&mut batch, target.schema(), file, &imported, observer).await;
        ended.map_err(|error| interrupted(error, &batch))?;
        let ended = verify(target, &mut imported, batch.written(), observer).await;
        ended.map_err(|error| interrupted(error, &batch))?;
    }
    Ok(imported)
}

fn begin<F: Read + Seek>(
    file: &mut F,
    schema: i64,
) -> Result<(Reader<BufReader<&mut F>>, Header), ReadError> {
    file.seek(SeekFrom::Start(0)).map_err(ReadError::Input)?;
    Reader::open(BufReader::with_capacity(1 << 16, file), schema)
}

/// Checks the file, and that the database has nothing else than rows of it.
async fn check(
    target: &Target,
    file: &mut (impl Read + Seek + Send),
    now: OffsetDateTime,
    observer: Observer<'_>,
) -> Result<Imported, ImportError> {
    let (mut reader, header) = begin(file, target.schema()).map_err(unchecked)?;
    let mut source = target.open().await?;
    let mut merge = Merge::with(&mut source);
    let mut here = Vec::with_capacity(TABLES.len());
    let mut rows: u64 = 0;
    loop {
        match reader.next().map_err(unchecked)? {
            Piece::Table(table) => {
                merge.begin(table).await?;
                here.push(0);
            }
            Piece::Row(row) => {
                let is_here = merge.has(&row).await?;
                if let Some(here) = here.last_mut() {
                    *here += u64::from(is_here);
                }
                rows += 1;
                if rows.is_multiple_of(TOLD_EVERY) {
                    observer(Progress::Checked { rows });
                }
            }
            Piece::End(sums) => {
                merge.end()?;
                // The last, since who served there has left rows, too, as a rule: those are told first.
                if let Some(lease) = source.find_lease(now).await? {
                    return Err(ImportError::Served(lease));
                }
                observer(Progress::Checked { rows });
                let tables = sums.into_iter().zip(here);
                let tables = tables.map(|(file, here)| ImportedTable { file, here, written: None });
                return Ok(Imported { header, tables: tables.collect() });
            }
        }
    }
}

fn interrupted(error: ImportError, batch: &Batch<'_>) -> ImportError {
    match error {
        ImportError::Database(error) if batch.has_written() => ImportError::Interrupted(error),
        other => other,
    }
}

fn unchecked(error: ReadError) -> ImportError {
    match error {
        ReadError::Input(error) => ImportError::Input(error),
        ReadError::File(error) => ImportError::File(error),
    }
}

fn changed(error: ReadError) -> ImportError {
    match error {
        ReadError::Input(error) => ImportError::Input(error),
        ReadError::File(error) => ImportError::Changed(error),
    }
}

/// Writes what is not there.
async fn write(
    batch: &mut Batch<'_>,
    schema: i64,
    file: &mut (impl Read + Seek + Send),
    checked: &Imported,
    observer: Observer<'_>,
) -> Result<(), ImportError> {
    let (mut reader, _) = begin(file, schema).map_err(changed)?;
    let total = checked.tables.iter().map(|table| table.file.rows).sum();
    let mut done: u64 = 0;
    loop {
        match reader.next().map_err(changed)? {
            Piece::Table(table) => batch.begin(table).await?,
            Piece::Row(row) => {
                done += 1;
                let table = checked.tables.get(batch.written().len().saturating_sub(1));
                // Those were compared already.
                if table.is_some_and(|table| table.here == table.file.rows) {
                    continue;
                }
                if batch.add(row).await? {
                    observer(Progress::Written { done, total });
                }
            }
            Piece::End(sums) if sums.iter().eq(checked.tables.iter().map(|table| &table.file)) => {
                batch.flush().await?;
                observer(Progress::Written { done, total });
                return Ok(());
            }
            Piece::End(_) => {
                let error = FileError { line: 1, problem: FileProblem::Whole };
                return Err(ImportError::Changed(error));
            }
        }
    }
}

/// Reads the database again.
async fn verify(
    target: &Target,
    imported: &mut Imported,
    written: &[u64],
    observer: Observer<'_>,
) -> Result<(), ImportError> {
    let mut source = target.open().await?;
    let total = imported.tables.iter().map(|table| table.file.rows).sum();
    let mut done: u64 = 0;
    let tables = TABLES.iter().zip(written).zip(&mut imported.tables);
    for ((table, written), imported) in tables {
        let found = walk(&mut source, table, |_, _| {
            done += 1;
            if done.is_multiple_of(TOLD_EVERY) {
                observer(Progress::Verified { done, total });
            }
            Ok::<_, StoreError>(())
        });
        imported.written = Some((*written, found.await?));
    }
    observer(Progress::Verified { done, total });
    Ok(())
}
