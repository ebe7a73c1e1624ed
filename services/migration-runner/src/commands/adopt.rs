use std::fmt::Write;

use artisan_migrate::author::Draft;
use artisan_migrate::{Access, AdoptReport, Runner, ScratchPlace};

use super::close;
use crate::config::{self, Config};
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What the baseline is called.
    #[arg(short, long, default_value = "baseline")]
    message: String,
    /// The baseline's version; the current time if absent.
    #[arg(long, value_name = "VERSION")]
    rev_id: Option<i64>,
    /// Prove and print the baseline; write neither files nor to the database.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let (folder, history) = config.folder()?;
    let target = config.url()?;
    let place = ScratchPlace { target, other: config.scratch_url.as_ref() };
    let draft = Draft {
        message: args.message.clone(),
        version: args.rev_id,
        now: Some(config::now()),
        ..Draft::default()
    };
    let access = if args.dry_run { Access::Read } else { Access::Change };
    let mut runner = Runner::connect(target, access, history, config.options.clone()).await?;
    let report = runner.adopt(&folder, place, &draft, args.dry_run).await;
    close(runner, &report).await;
    Ok(Outcome::new(report?))
}

impl Report for AdoptReport {
    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        for drift in &self.differences {
            let _ = writeln!(text, "{}: {}", drift.kind, drift.object);
        }
        if !self.differences.is_empty() {
            text.push_str("the baseline would not make the live schema; nothing was written\n");
            return text;
        }
        if let Some(sql) = self.sql.as_ref().filter(|_| self.files.is_empty()) {
            text.push_str(sql);
        }
        for file in &self.files {
            let _ = writeln!(text, "made {file}");
        }
        if let Some(revision) = &self.revision {
            let _ = writeln!(text, "the schema is that of {}", named(revision));
        }
        if !self.alembic.is_empty() {
            let at = self.alembic.join(", ");
            let _ = writeln!(
                text,
                "Alembic's table says {at}; it is left as it is: `DROP TABLE IF EXISTS alembic_version` \
                 in a revision once nobody runs Alembic here any more"
            );
        }
        text
    }

    fn quiet(&self) -> String {
        if self.files.is_empty() { self.text() } else { String::new() }
    }

    fn exit_code(&self) -> u8 {
        if self.differences.is_empty() { 0 } else { 9 }
    }
}
