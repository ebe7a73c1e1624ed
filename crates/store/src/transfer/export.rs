use std::io::Write;

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::cell::{Cell, KeyOf, write_row};
use super::error::ExportError;
use super::lease::HeldLease;
use super::line::{Footer, Header, Heading, line_of};
use super::source::Source;
use super::sum::{Summing, TableSum, hexadecimal};
use super::tables::{TABLES, Table};
use super::{Observer, Progress};
use crate::error::StoreError;

/// How many rows go by between two tellings of the progress.
const TOLD_EVERY: u64 = 10_000;

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The first line of the file.
    pub header: Header,
    /// What it holds of each table.
    pub tables: Vec<TableSum>,
    /// The lease of somebody who served then, and may have written since.
    pub lease: Option<HeldLease>,
}

impl Exported {
    /// How many rows the file holds.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// Writes all rows of a database, in constant memory. When it ends well the output is flushed and ends
/// with the last line; else it is of no use.
pub async fn export(
    source: &mut Source,
    time: OffsetDateTime,
    output: &mut (dyn Write + Send),
    observer: Observer<'_>,
) -> Result<Exported, ExportError> {
    let mut output = Output { output, digest: Sha256::new() };
    let lease = source.find_lease(time).await?;
    let header = Header::new(source.schema(), source.system(), time);
    output.write(&line_of(&header))?;
    let mut tables: Vec<TableSum> = Vec::with_capacity(TABLES.len());
    let mut rows: u64 = 0;
    for table in TABLES {
        output.write(&line_of(&Heading::of(table)))?;
        let sum = walk(source, table, |row, line| {
            check(table, row)?;
            output.write(line)?;
            rows += 1;
            if rows.is_multiple_of(TOLD_EVERY) {
                observer(Progress::Exported { rows });
            }
            Ok::<_, ExportError>(())
        });
        tables.push(sum.await?);
    }
    let sha256 = hexadecimal(&output.digest.finalize_reset());
    output.write(&line_of(&Footer { rows, tables: tables.clone(), sha256 }))?;
    output.output.flush().map_err(ExportError::Output)?;
    observer(Progress::Exported { rows });
    Ok(Exported { header, tables, lease })
}

struct Output<'a> {
    output: &'a mut (dyn Write + Send),
    digest: Sha256,
}

impl Output<'_> {
    fn write(&mut self, line: &[u8]) -> Result<(), ExportError> {
        self.digest.update(line);
        self.output.write_all(line).map_err(ExportError::Output)
    }
}

/// Finds on this side what another engine would refuse on the other.
fn check(table: &'static Table, row: &[Cell]) -> Result<(), ExportError> {
    for (column, cell) in table.columns.iter().zip(row) {
        column.kind.check(cell).map_err(|problem| ExportError::Value {
            table: table.name,
            key: KeyOf(table, row).to_string(),
            column: column.name,
            problem,
        })?;
    }
    Ok(())
}

/// Reads a table from its first row to its last, and gives each row with its line.
pub(super) async fn walk<R: From<StoreError>>(
    source: &mut Source,
    table: &'static Table,
    mut each: impl FnMut(&[Cell], &[u8]) -> Result<(), R>,
) -> Result<TableSum, R> {
    let mut summing = Summing::of(table);
    let mut line = Vec::new();
    let mut page = source.page(table, None).await?;
    while let Some(last) = page.last() {
        for row in &page {
            line.clear();
            write_row(row, &mut line);
            summing.add(&line);
            each(row, &line)?;
        }
        page = source.page(table, Some(last)).await?;
    }
    Ok(summing.end())
}
