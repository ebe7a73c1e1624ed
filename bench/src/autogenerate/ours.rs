use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use artisan_schema::ddl::{Style, scripts};
use artisan_schema::difference::{Difference, Renames};
use artisan_schema::model::Schema;
use artisan_schema::{Scope, catalog, read};
use artisan_testkit::Engine;
use sqlx::{Connection as _, PgConnection};

use super::schema::Tables;
use crate::failure::Failure;

/// How many tables a revision makes.
const TABLES_A_REVISION: usize = 10;

/// A folder of revisions with the desired schema beside them.
#[derive(Debug)]
pub(super) struct Project {
    program: PathBuf,
    files: PathBuf,
    differing: usize,
}

impl Project {
    pub(super) fn write(tables: &Tables, folder: &Path, programs: &Path) -> Result<Self, Failure> {
        let files = folder.join("migrations");
        let write = |name: &str, text: &str| std::fs::write(files.join(name), text);
        let write_all = || {
            std::fs::create_dir_all(&files)?;
            for first in (0..tables.count).step_by(TABLES_A_REVISION) {
                let range = first..tables.count.min(first + TABLES_A_REVISION);
                write(&format!("{:04}_tables.sql", first + 1), &Tables::present(range))?;
            }
            write("schema.sql", &tables.wanted())
        };
        write_all().map_err(Failure::system("writing the project"))?;
        Ok(Self { program: programs.join("migrate"), files, differing: tables.differing() })
    }

    /// Makes the tables as they are.
    pub(super) fn upgrade(&self, url: &str) -> Result<(), Failure> {
        self.run(url, &["upgrade", "head"]).map(drop)
    }

    /// How long the whole program takes to compare, write and prove.
    ///
    /// Fails if it finds anything else than what differs.
    pub(super) fn generate(&self, url: &str) -> Result<Duration, Failure> {
        let begin = Instant::now();
        let words = ["revision", "--autogenerate", "--sql", "-m", "more", "--output", "json"];
        let said = self.run(url, &words)?;
        let elapsed = begin.elapsed();
        let document: serde_json::Value = serde_json::from_str(&said).map_err(Failure::call)?;
        let found = document.get("differences").and_then(|all| all.as_array()).map(Vec::len);
        if found == Some(self.differing) {
            return Ok(elapsed);
        }
        Err(Failure::Call(format!("{} tables differ, but it found {found:?}", self.differing)))
    }

    fn run(&self, url: &str, words: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--dir").arg(&self.files);
        command.env("DATABASE_URL", url).env("RUST_LOG", "warn");
        let output = command.output().map_err(Failure::system("starting migrate"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = format!("{}\n{said}", output.status);
        Err(Failure::Program { program: "migrate".to_owned(), reason })
    }
}

/// How long the comparison takes: both catalogs read, the difference found, the statements written.
pub(super) async fn compare(tables: &Tables, here: &str, there: &str) -> Result<Duration, Failure> {
    let scope = Scope::application();
    let begin = Instant::now();
    let read_both = async { tokio::try_join!(read(here, &scope), read(there, &scope)) };
    let (from, to) = read_both.await.map_err(Failure::call)?;
    let (from, to) = settled(tables.engine, there, from, to).await?;
    let up = Difference::between(&from, &to, &Renames::default());
    let back = Difference::between(&to, &from, &Renames::default());
    let scripts = scripts(&up, &back, Style::default());
    let elapsed = begin.elapsed();
    let found = scripts.iter().flat_map(|script| &script.up).count();
    if found == tables.differing() {
        return Ok(elapsed);
    }
    Err(Failure::Call(format!("{} tables differ, but {found} were found", tables.differing())))
}

/// On PostgreSQL, expressions that mean the same are brought into the same words.
async fn settled(
    engine: Engine,
    url: &str,
    from: Schema,
    to: Schema,
) -> Result<(Schema, Schema), Failure> {
    if engine != Engine::Postgres {
        return Ok((from, to));
    }
    let mut connection = PgConnection::connect(url).await?;
    let settled = catalog::postgres::settled(&mut connection, from, to).await;
    connection.close().await?;
    settled.map_err(Failure::call)
}
