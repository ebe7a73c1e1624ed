mod markdown;

use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap_mangen::Man;
use serde::Serialize;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that the pages are written to, one for each command; it is made if it is missing.
    folder: PathBuf,
    /// One page in Markdown for all commands instead.
    #[arg(long)]
    markdown: bool,
}

#[derive(Serialize)]
struct Pages {
    files: Vec<String>,
}

/// Needs nothing but the program.
pub(super) fn run(args: &Args) -> Result<Outcome, Failure> {
    let failed = |error| Failure::files(&args.folder, &error);
    std::fs::create_dir_all(&args.folder).map_err(failed)?;
    let mut all = Cli::command();
    all.build();
    if args.markdown {
        let path = args.folder.join("migrate-commands.md");
        std::fs::write(&path, markdown::page(&all)).map_err(failed)?;
        return Ok(Outcome::new(Pages { files: vec![path.display().to_string()] }));
    }
    let mut files = Vec::new();
    for command in std::iter::once(&all).chain(all.get_subcommands()) {
        files.push(page(command, &args.folder).map_err(failed)?);
    }
    Ok(Outcome::new(Pages { files }))
}

fn page(command: &clap::Command, folder: &Path) -> std::io::Result<String> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text)?;
    let path = folder.join(format!("{name}.1"));
    std::fs::write(&path, text)?;
    Ok(path.display().to_string())
}

impl Report for Pages {
    fn text(&self) -> String {
        lines(self.files.iter().map(|file| format!("made {file}")))
    }

    fn quiet(&self) -> String {
        String::new()
    }
}
