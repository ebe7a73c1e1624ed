//! The examples of `docs/autogenerate.md` with the models of an ORM are followed on every engine.

use std::process::Command;

use crate::agreement::Options;
use crate::command::run as run_command;
use crate::failure::{Doing as _, Failure};
use crate::tools;
use crate::workspace::{build_migrate, root};

/// Follows them on one engine after the other.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let (python, drizzle) = (tools::sqlalchemy()?, tools::drizzle()?);
    let migrate = build_migrate()?;
    options.on_each(|engine, server| {
        let url = server.map_or("sqlite:", |server| &server.url);
        let mut followed = Command::new(&python);
        followed.arg(root().join("xtask/tests/orm_examples.py")).arg(&migrate);
        run_command(followed.arg(&drizzle).arg(url)).doing(format!("following on {engine}"))
    })
}
