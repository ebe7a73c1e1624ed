//! `artisan export`: everything that the platform holds, to one file.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use artisan_runtime::env::Env;
use artisan_user_service::clock::Sources;
use artisan_user_service::transfer::{self, ExportError, Exported, Place, Progress, Source};
use clap::Args;
use serde_json::{Value, json};

use crate::config;
use crate::failure::Failure;
use crate::import::{Output, error_document};
use crate::new_file::NewFile;
use crate::tell::{Teller, say};

/// How long a database may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How many bytes are written at once.
const BUFFER: usize = 1 << 18;

const EXAMPLES: &str = "\
Examples:
  artisan export accounts.jsonl                 from the database of DATABASE_URL
  artisan export - | age -r RECIPIENT > accounts.jsonl.age

The file holds password hashes and addresses: keep it as the database itself.";

/// Where to.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExportArgs {
    /// The file, which must not be there yet and only its owner may read; `-` for standard output.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the report is written: to standard output, or to standard error where the file goes there.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) output: Output,
}

impl ExportArgs {
    fn is_standard_output(&self) -> bool {
        self.file == Path::new("-")
    }
}

/// What was exported, and where to.
#[derive(Debug)]
pub(crate) struct ExportReport {
    file: PathBuf,
    database: Place,
    exported: Exported,
}

/// Exports; what it was.
pub(crate) async fn run(args: &ExportArgs) -> Result<ExportReport, Failure> {
    let url = config::database_url(&Env::from_process()?)?;
    let file = args.file.clone();
    if args.is_standard_output() {
        let mut source = transfer::open_source(&url, CONNECT_TIMEOUT).await?;
        let mut output = BufWriter::with_capacity(BUFFER, io::stdout());
        let exported = write(&mut source, &mut output).await?;
        return Ok(ExportReport { file, database: source.place().clone(), exported });
    }
    let new = NewFile::create(&file)?;
    let mut source = transfer::open_source(&url, CONNECT_TIMEOUT).await?;
    let mut output = BufWriter::with_capacity(BUFFER, new);
    let exported = write(&mut source, &mut output).await?;
    let new = output.into_inner().map_err(|error| ExportError::Output(error.into_error()))?;
    new.commit()?;
    Ok(ExportReport { file, database: source.place().clone(), exported })
}

async fn write(
    source: &mut Source,
    output: &mut (dyn Write + Send),
) -> Result<Exported, ExportError> {
    let teller = Teller::default();
    let observer = |progress| {
        if let Progress::Exported { rows } = progress {
            teller.now_and_then(false, &format!("{rows} rows are exported"));
        }
    };
    let exported = transfer::export(source, Sources::system().now(), output, &observer).await?;
    if let Some(warning) = warning(&exported) {
        say(&format!("warning: {warning}"));
    }
    Ok(exported)
}

/// What may be missing from the file.
fn warning(exported: &Exported) -> Option<String> {
    exported.lease.as_ref().map(|lease| {
        format!(
            "somebody serves on the database, or did a moment ago ({lease}): what is written there from \
             now on is not in the file"
        )
    })
}

/// Shows the report, or why there is none.
pub(crate) fn show(ended: &Result<ExportReport, Failure>, args: &ExportArgs) -> io::Result<()> {
    let text = match (ended, args.output) {
        (Ok(report), Output::Text) => report.to_string(),
        (Ok(report), Output::Json) => format!("{}\n", report.to_json()),
        (Err(_), Output::Text) => return Ok(()),
        (Err(failure), Output::Json) => error_document("export", failure),
    };
    if args.is_standard_output() {
        io::stderr().write_all(text.as_bytes())
    } else {
        io::stdout().write_all(text.as_bytes())
    }
}

impl ExportReport {
    fn to_json(&self) -> Value {
        let header = &self.exported.header;
        let tables =
            self.exported.tables.iter().map(
                |table| json!({"table": table.table, "rows": table.rows, "sha256": table.sha256}),
            );
        json!({
            "format": 1,
            "command": "export",
            "file": self.file.display().to_string(),
            "database": {"engine": self.database.engine, "path": self.database.path},
            "engine": header.engine,
            "schema": header.schema,
            "time": header.time,
            "rows": self.exported.rows(),
            "tables": tables.collect::<Vec<_>>(),
            "warnings": warning(&self.exported).into_iter().collect::<Vec<_>>(),
        })
    }
}

/// For people: one thing a line.
impl fmt::Display for ExportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.exported.header;
        writeln!(f, "source     {}, schema {}", self.database, header.schema)?;
        for table in &self.exported.tables {
            writeln!(f, "table      {}: {} rows", table.table, table.rows)?;
        }
        if let Some(warning) = warning(&self.exported) {
            writeln!(f, "warning    {warning}")?;
        }
        let (rows, tables) = (self.exported.rows(), self.exported.tables.len());
        writeln!(f, "exported   {rows} rows in {tables} tables to {}", self.file.display())
    }
}
