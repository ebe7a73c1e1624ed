use std::fs;
use std::path::PathBuf;

use artisan_migrate::{Engine, Folder};
use serde::Serialize;

use super::choices::EngineArg;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder to make; without it that of --dir, else ./migrations.
    folder: Option<PathBuf>,
    /// A folder for each of these engines in it, instead of one flat folder.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "ENGINES")]
    engines: Vec<EngineArg>,
}

#[derive(Serialize)]
struct Made {
    folder: String,
    files: Vec<String>,
}

const README: &str = "\
# Migrations

`<version>_<name>.up.sql` changes the schema, `<version>_<name>.down.sql` undoes it; both are plain SQL,
in the format of sqlx. A released file is never edited: its checksum is in the databases.

    export MIGRATIONS_DIR=migrations     # else those built into the program are used
    migrate revision -m \"add users\"    # makes the next pair of files
    migrate upgrade head                 # applies what is pending to DATABASE_URL
    migrate downgrade -1                 # one step back
    migrate current                      # where the database stands
    migrate history                      # all revisions

Comments in a file's head steer the runner: `-- revises: VERSION` names the parents of a branch or
merge, `-- phase: contract` marks what may run only after the rollout, `-- no-transaction` in the first
line runs the file outside a transaction.
";
/// A checksum counts line ends, so they must be the same in every checkout.
const ATTRIBUTES: &str = "*.sql text eol=lf\n";

pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let root = args.folder.clone().unwrap_or_else(|| config.dir());
    let engines: Vec<Engine> = args.engines.iter().copied().map(Engine::from).collect();
    let folder = Folder::init(&root, &engines)?;
    let mut wanted = vec![
        (folder.root().join("README.md"), README),
        (folder.root().join(".gitattributes"), ATTRIBUTES),
    ];
    // Git keeps no empty folder, and another README does not say that one for migrations may be empty.
    let is_other = fs::read_to_string(folder.root().join("README.md")).is_ok_and(|t| t != README);
    if !folder.engines().is_empty() || is_other {
        wanted.extend(folder.places().into_iter().map(|place| (place.join(".gitkeep"), "")));
    }
    let mut files = Vec::new();
    for (path, text) in wanted {
        if !path.exists() {
            fs::write(&path, text).map_err(|error| Failure::files(&path, &error))?;
            files.push(path.display().to_string());
        }
    }
    Ok(Outcome::new(Made { folder: root.display().to_string(), files }))
}

impl Report for Made {
    fn text(&self) -> String {
        let folder = &self.folder;
        let place = if folder == "migrations" { String::new() } else { format!(" --dir {folder}") };
        let done = if self.files.is_empty() {
            format!("{folder} is a folder of migrations already")
        } else {
            format!("made {folder}")
        };
        format!("{done}; next: migrate revision -m \"what it does\"{place}\n")
    }

    fn quiet(&self) -> String {
        String::new()
    }
}
