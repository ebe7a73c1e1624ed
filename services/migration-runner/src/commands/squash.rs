use std::fmt::Write;
use std::path::PathBuf;

use artisan_migrate::author::{Squash, SquashReport};
use artisan_migrate::{DatabaseUrl, Engine, Error, RevisionSettings, ScratchPlace, Source, Target};

use super::revision::naming;
use super::verify::told;
use super::written_folder;
use crate::config::{Config, from_option};
use crate::failure::Failure;
use crate::notice;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The newest revision that is squashed, with all that it builds upon: one that every database
    /// has, as others must be upgraded to it with the files from before.
    #[arg(long, value_name = "REV")]
    to: Target,
    /// What the baseline is called.
    #[arg(short, long, default_value = "baseline")]
    message: String,
    /// A database of another server that has these files, as where MySQL and MariaDB share a folder: the
    /// baseline must make the same there; may be repeated.
    #[arg(long, value_name = "URL")]
    also: Vec<String>,
    /// Where the squashed files are copied to before they are removed.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write rows that time or chance decides as they came out of one replay, the same for every
    /// database from then on. Without it they are refused.
    #[arg(long)]
    freeze: bool,
    /// Prove and print the baseline; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Works on the files of the database's engine; the database itself is not touched.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let folder = written_folder(config)?;
    let files = folder.finish()?;
    if !files.is_empty() {
        let files = files.iter().map(|path| path.display().to_string()).collect();
        let report = SquashReport { files, repeatable: true, ..SquashReport::default() };
        return Ok(Outcome::new(report));
    }
    let target = config.url()?;
    let engine = target.engine();
    let source = Source::directory(folder.root(), engine)?;
    let source = source.ignoring(config.settings.ignored_chars.clone());
    let style = naming(&RevisionSettings::load()?, config)?;
    let squash = Squash::plan(source, &args.to, &args.message, style.longest_slug)?;
    warn_of_part(&squash, target, config).await?;
    let place = ScratchPlace { target, other: config.scratch_url.as_ref() };
    let others = others(args, engine)?;
    let also: Vec<ScratchPlace<'_>> =
        others.iter().map(|target| ScratchPlace { target, other: None }).collect();
    let mut report = squash.prove(place, &also, &config.options, args.freeze).await?;
    if !args.dry_run && report.differences.is_empty() {
        squash.carry_out(&folder, engine, &mut report, args.keep.as_deref())?;
    }
    Ok(Outcome::new(report))
}

/// Warns where the database has not all that is squashed, or nothing tells whether it has.
async fn warn_of_part(
    squash: &Squash,
    target: &DatabaseUrl,
    config: &Config,
) -> Result<(), Failure> {
    match squash.first_missing(target, &config.options).await {
        Ok(None) => {}
        Ok(Some(missing)) => notice::warning(&format!(
            "{target} has not all that is squashed, as {} {} is not applied there: run `migrate upgrade` with \
             the files from before the squash on it first, and on every database like it, as those from after \
             it refuse a database that has only a part",
            missing.version, missing.name
        )),
        Err(Error::Stopped) => return Err(Error::Stopped.into()),
        Err(error) => notice::warning(&format!(
            "nobody looked whether {target} has all that is squashed: {error}; the files from after the \
             squash refuse a database that has only a part"
        )),
    }
    Ok(())
}

/// The databases of `--also`, which read the files of this engine.
fn others(args: &Args, engine: Engine) -> Result<Vec<DatabaseUrl>, Failure> {
    let others = args.also.iter().map(|url| from_option(url, None));
    let others = others.collect::<Result<Vec<_>, _>>()?;
    match others.iter().find(|other| other.engine().folder() != engine.folder()) {
        None => Ok(others),
        Some(other) => {
            let message = format!("{other} in --also does not read the files of {engine}");
            Err(Failure::Usage { reason: "OTHER_ENGINE", message })
        }
    }
}

impl Report for SquashReport {
    fn text(&self) -> String {
        if !self.differences.is_empty() {
            return refused(self);
        }
        let Some(revision) = &self.revision else {
            let made = self.files.iter().map(|file| format!("made {file}"));
            let heading = "finished what was interrupted; run it again if it was another command\n";
            return heading.to_owned() + &lines(made);
        };
        let mut text = String::new();
        if let Some(sql) = self.sql.as_ref().filter(|_| self.files.is_empty()) {
            text.push_str(sql);
        }
        text.push_str(&lines(self.files.iter().map(|file| format!("made {file}"))));
        text.push_str(&lines(self.removed.iter().map(|file| format!("removed {file}"))));
        // Writing to a string cannot fail.
        let count = self.squashed.len();
        let _ = writeln!(text, "{} makes what {count} revisions made: proven", named(revision));
        if !self.repeatable {
            text.push_str("what time or chance decides is that of one replay\n");
        }
        if self.down_sql.is_none() {
            text.push_str("no statements were found that undo it: it has no down file\n");
        }
        text
    }

    fn quiet(&self) -> String {
        if self.files.is_empty() { self.text() } else { String::new() }
    }

    fn summary(&self) -> String {
        match &self.revision {
            _ if !self.differences.is_empty() => "the baseline is not proven".to_owned(),
            None => "finished what was interrupted".to_owned(),
            Some(revision) => format!("{} squashed {}", named(revision), self.squashed.len()),
        }
    }

    /// 11: what was made could not be proven, and no file was written.
    fn exit_code(&self) -> u8 {
        if self.differences.is_empty() { 0 } else { 11 }
    }
}

/// What differs, and what may be done about it.
fn refused(report: &SquashReport) -> String {
    let mut text = String::new();
    for drift in &report.differences {
        told(&mut text, drift);
    }
    let next = if report.repeatable {
        "the baseline would not make what the squashed files make; nothing was written: squash up to a \
         revision before these objects, by --to\n"
    } else {
        "two replays of the squashed files do not make the same: time or chance decides it; nothing was \
         written: write --freeze to keep what one replay made for every database\n"
    };
    text + next
}
