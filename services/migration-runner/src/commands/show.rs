use artisan_migrate::Target;
use serde::Serialize;

use super::Outcome;
use crate::config::Config;
use crate::failure::Failure;

/// A revision and its files' text.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) revises: Vec<String>,
    pub(crate) phase: &'static str,
    pub(crate) file: String,
    pub(crate) up: String,
    pub(crate) down: Option<String>,
}

/// Needs no database: the files alone are shown.
pub(super) fn run(config: &Config, target: &Target) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let revision = history.resolve(target)?;
    Ok(Outcome::Show(Shown {
        version: revision.version.to_string(),
        name: revision.name.clone(),
        revises: revision.parents.iter().map(ToString::to_string).collect(),
        phase: revision.directives.phase.name(),
        file: revision.up.file.clone(),
        up: revision.up.text.to_string(),
        down: revision.down.as_ref().map(|down| down.text.to_string()),
    }))
}
