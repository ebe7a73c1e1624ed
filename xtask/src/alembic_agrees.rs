//! `docs/alembic-to-sqlx.py` is held against Alembic: what its files make is what Alembic makes.

use std::process::Command;

use crate::agreement::Options;
use crate::command::run as run_command;
use crate::failure::{Doing as _, Failure};
use crate::tools;
use crate::workspace::{build_migrate, root};

/// Compares on one engine after the other.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let python = tools::alembic()?.with_file_name("python");
    let migrate = build_migrate()?;
    options.on_each(|engine, server| {
        let url = server.map_or("sqlite:", |server| &server.url);
        let mut compared = Command::new(&python);
        compared.arg(root().join("xtask/tests/alembic_agrees.py")).arg(&migrate).arg(url);
        run_command(&mut compared).doing(format!("comparing on {engine}"))
    })
}
