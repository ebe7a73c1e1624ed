#![expect(clippy::doc_markdown, reason = "these comments are the help text, shown as they stand")]

mod drift;

use std::fmt::Write;

use artisan_migrate::{
    Access, Drift, Error, RevisionSettings, Runner, SchemaScope, ScratchPlace, VerifyReport,
};

use super::{close, connect};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

/// Without an option, both comparisons are made.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// Compare the checksums of the files with those of what was applied.
    #[arg(long)]
    checksums: bool,
    /// Replay the applied revisions into a scratch database, and compare its schema with the live
    /// one. On a server this needs the right to create a database, or SCRATCH_DATABASE_URL.
    #[arg(long)]
    drift: bool,
    /// Write a revision that makes what the live schema has and the files lack, and record it as applied.
    #[arg(long, conflicts_with_all = ["checksums", "revert"])]
    adopt: bool,
    /// Print the SQL that makes the live schema what the files make, and run nothing.
    #[arg(long, conflicts_with = "checksums")]
    revert: bool,
    /// With --adopt: what the revision is called.
    #[arg(short, long, requires = "adopt", default_value = "adopt drift")]
    message: String,
    /// With --adopt or --revert: a table, or a column as TABLE.COLUMN, of the files that the live schema has not,
    /// and that was dropped and not renamed; may be repeated.
    #[arg(long, value_name = "NAME", conflicts_with = "checksums")]
    confirm_drop: Vec<String>,
    /// With --adopt or --revert: a table, or a column as TABLE.COLUMN, that was renamed; may be repeated.
    #[arg(
        long,
        value_name = "OLD=NEW",
        value_parser = super::revision::autogenerate::renamed,
        conflicts_with = "checksums"
    )]
    confirm_rename: Vec<(String, String)>,
    /// Leave out what is named so: `legacy_*`, and on PostgreSQL `audit.*` for another schema; may be
    /// repeated [default: autogenerate.ignore of migrate.toml].
    #[arg(long, value_name = "PATTERN", conflicts_with = "checksums")]
    ignore: Vec<String>,
}

impl Args {
    /// What is looked at: the patterns of the command line before those of `migrate.toml`.
    fn scope(&self, settings: &RevisionSettings) -> SchemaScope {
        let ignored =
            if self.ignore.is_empty() { settings.ignored_objects() } else { &self.ignore };
        SchemaScope::application().ignoring(ignored.to_vec())
    }
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    if args.adopt || args.revert {
        return drift::run(args, config).await;
    }
    let target = config.url()?;
    let place = ScratchPlace { target, other: config.scratch_url.as_ref() };
    let mut runner = connect(config, Access::Read).await?;
    let report = verify(args, &mut runner, place).await;
    close(runner, &report).await;
    Ok(Outcome::advising(report?, config.named_dir()))
}

async fn verify(
    args: &Args,
    runner: &mut Runner,
    place: ScratchPlace<'_>,
) -> Result<VerifyReport, Error> {
    // Drift is measured against what was applied, so that the files have to be that in any case.
    let mut report = runner.verify_checksums().await?;
    if args.drift || !args.checksums {
        let scope = args.scope(&RevisionSettings::load()?);
        let (differences, unmanaged) = runner.verify_drift(place, &scope).await?;
        report.differences = Some(differences);
        report.unmanaged = unmanaged;
    }
    Ok(report)
}

impl Report for VerifyReport {
    fn text(&self) -> String {
        let mut text = format!("{} applied files are as they were applied\n", self.checked);
        // Writing to a string cannot fail.
        for row in &self.unknown {
            let _ = writeln!(text, "{} is applied, and has no file here", named(row));
        }
        if !self.unknown.is_empty() {
            text.push_str("next: run `migrate repair`\n");
        }
        text += &lines(self.unmanaged.iter().map(|what| format!("not looked at: {what}")));
        match self.differences.as_deref() {
            None => {}
            Some([]) => text.push_str("the schema is what they make\n"),
            Some(differences) => differences.iter().for_each(|found| told(&mut text, found)),
        }
        text
    }

    fn summary(&self) -> String {
        if let Some(first) = self.unknown.first() {
            return format!("{} is applied, and has no file here", named(first));
        }
        match self.differences.as_deref() {
            None | Some([]) => format!("{} files are as they were applied", self.checked),
            Some(differences) => format!("{} objects differ", differences.len()),
        }
    }

    fn exit_code(&self) -> u8 {
        let is_equal = self.differences.as_ref().is_none_or(Vec::is_empty);
        if is_equal && self.unknown.is_empty() { 0 } else { 9 }
    }
}

/// The object, then `-` before lines that only the files have and `+` before those of the database.
pub(super) fn told(text: &mut String, drift: &Drift) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}: {}", drift.kind, drift.object);
    let is_extra = drift.kind == "unexpected";
    let expected = if is_extra { "" } else { drift.sql.as_str() };
    let found = if is_extra { Some(drift.sql.as_str()) } else { drift.found.as_deref() };
    let found = found.unwrap_or_default();
    for line in expected.lines().filter(|line| !found.lines().any(|other| other == *line)) {
        let _ = writeln!(text, "  - {line}");
    }
    for line in found.lines().filter(|line| !expected.lines().any(|other| other == *line)) {
        let _ = writeln!(text, "  + {line}");
    }
}
