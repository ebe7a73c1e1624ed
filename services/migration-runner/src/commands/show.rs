use std::fmt::Write;

use artisan_migrate::Target;
use serde::Serialize;

use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// head, a version, the beginning of one, or a name.
    target: Target,
}

/// A revision and its files' text.
#[derive(Serialize)]
struct Shown {
    version: String,
    name: String,
    revises: Vec<String>,
    phase: &'static str,
    file: String,
    up: String,
    down: Option<String>,
}

/// Needs no database: the files alone are shown.
pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let revision = history.resolve(&args.target)?;
    Ok(Outcome::new(Shown {
        version: revision.version.to_string(),
        name: revision.name.clone(),
        revises: revision.parents.iter().map(ToString::to_string).collect(),
        phase: revision.directives.phase.name(),
        file: revision.up.file.clone(),
        up: revision.up.text.to_string(),
        down: revision.down.as_ref().map(|down| down.text.to_string()),
    }))
}

impl Report for Shown {
    fn text(&self) -> String {
        let mut text = format!("Revision: {}\nName: {}\n", self.version, self.name);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Revises: {}", self.revises.join(", "));
        let _ = writeln!(text, "Phase: {}\nFile: {}\n", self.phase, self.file);
        let _ = writeln!(text, "{}", self.up.trim_end());
        if let Some(down) = &self.down {
            let _ = writeln!(text, "\n-- down\n{}", down.trim_end());
        }
        text
    }
}
