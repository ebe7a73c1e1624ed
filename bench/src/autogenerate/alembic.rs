use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::schema::Tables;
use crate::failure::Failure;
use crate::migrate::alembic_url;

/// The same tables as models, and the comparison alone: neither Python's start nor the connection counts.
const COMPARE: &str = r#"
import os, sys, time
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text,
                        create_engine, text)

count, every = int(sys.argv[1]), int(sys.argv[2])
metadata = MetaData()
for number in range(count):
    name = f"t{number:04}"
    table = Table(
        name, metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("owner", Integer,
               ForeignKey(f"t{max(number - 1, 0):04}.id", name=f"{name}_owner"), nullable=False),
        Column("name", String(50), nullable=False),
        Column("email", String(200), nullable=False),
        Column("amount", Integer, server_default=text("0"), nullable=False),
        Column("note", Text),
        Column("seen", Date),
        Index(f"{name}_email", "email", unique=True),
        Index(f"{name}_name", "name", "amount"),
    )
    if every and number % every == 0:
        table.append_column(Column("phone", String(30)))

# The ledger of another runner is no table of the application.
options = {"include_name": lambda name, kind, parents: kind != "table" or not name.startswith("_")}
with create_engine(os.environ["ALEMBIC_URL"]).connect() as connection:
    context = MigrationContext.configure(connection, opts=options)
    begin = time.perf_counter()
    found = compare_metadata(context, metadata)
    print(len(found), time.perf_counter() - begin)
"#;

/// How long Alembic takes to compare.
///
/// Fails if it finds anything else than what differs: then the numbers would not be of the same work.
pub(super) fn compare(program: &Path, tables: &Tables, url: &str) -> Result<Duration, Failure> {
    let mut command = Command::new(program.with_file_name("python"));
    command.args(["-c", COMPARE]).arg(tables.count.to_string());
    command.arg(tables.differing_every.unwrap_or(0).to_string());
    command.env("ALEMBIC_URL", alembic_url(url));
    let output = command.output().map_err(Failure::system("starting Python"))?;
    let failed = |reason: String| Failure::Program { program: "Alembic".to_owned(), reason };
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let mut words = said.split_whitespace();
    let found: Option<usize> = words.next().and_then(|word| word.parse().ok());
    let seconds: Option<f64> = words.next().and_then(|word| word.parse().ok());
    match (found, seconds) {
        (Some(found), Some(seconds)) if found == tables.differing() => {
            Ok(Duration::from_secs_f64(seconds))
        }
        _ => Err(failed(format!("{} tables differ, but it said: {said}", tables.differing()))),
    }
}
