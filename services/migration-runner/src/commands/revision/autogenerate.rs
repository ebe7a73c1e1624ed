mod ask;

pub(in crate::commands) use ask::on_terminal as ask_on_terminal;

use artisan_migrate::author::Draft;
use artisan_migrate::autogenerate::{Autogenerate, Generated};
use artisan_migrate::{
    Access, DdlStyle, Difference, Error, Folder, RevisionSettings, ScratchPlace, Source,
};
use serde::Serialize;

use super::{Made, hooks};
use crate::commands::{close, connect_with, desired};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
#[group(id = "generated")]
pub(crate) struct Args {
    /// Write the statements that lead from what the files make to the desired schema, and back, once they
    /// are proven in scratch databases.
    #[arg(long)]
    pub(super) autogenerate: bool,
    #[command(flatten)]
    desired: desired::Args,
    /// A table, or a column as TABLE.COLUMN, that is dropped and was not renamed; may be repeated.
    #[arg(long, value_name = "NAME", requires = "autogenerate")]
    confirm_drop: Vec<String>,
    /// A table, or a column as TABLE.COLUMN, that was renamed, where the desired schema cannot say it; may be
    /// repeated.
    #[arg(long, value_name = "OLD=NEW", requires = "autogenerate", value_parser = renamed)]
    confirm_rename: Vec<(String, String)>,
    /// Write statements that never lock a table for long, in several revisions where one transaction
    /// cannot hold them (PostgreSQL: CONCURRENTLY, NOT VALID and VALIDATE; MySQL, MariaDB: LOCK = NONE, and
    /// nothing where the server would have to keep writers out).
    #[arg(long, requires = "autogenerate")]
    online: bool,
}

/// The two names of a rename.
pub(in crate::commands) fn renamed(text: &str) -> Result<(String, String), String> {
    let names = text.split_once('=').filter(|(old, new)| !old.is_empty() && !new.is_empty());
    let names = names.map(|(old, new)| (old.to_owned(), new.to_owned()));
    names.ok_or_else(|| "write OLD=NEW, such as users.mail=users.email".to_owned())
}

/// What was generated.
#[derive(Serialize)]
struct Outcomes {
    /// The revisions, in order; none if nothing differs.
    revisions: Vec<Made>,
    /// What they change.
    differences: Vec<Difference>,
    /// What of the data is lost on the way up.
    losses: Vec<String>,
    /// What is there and not looked at.
    unmanaged: Vec<String>,
}

/// Compares, proves, writes.
pub(super) async fn run(
    args: &Args,
    draft: &Draft,
    is_printed: bool,
    settings: &RevisionSettings,
    config: &Config,
) -> Result<Outcome, Failure> {
    let target = config.url()?;
    let folder = Folder::open(&config.dir())?.of_engine(target.engine());
    let source = Source::directory(folder.root(), target.engine())?;
    let source = source.ignoring(config.settings.ignored_chars.clone());
    let engine = check_head(&source, config).await?;
    let scope = args.desired.scope(settings);
    let desired = args.desired.get(config, engine, &scope).await?;
    let scratch = args.desired.scratch(config)?;
    let asked = Autogenerate {
        place: ScratchPlace { target, other: scratch.as_ref() },
        options: &config.options,
        source,
        desired: &desired,
        scope,
        style: DdlStyle { online: args.online },
        dropped: args.confirm_drop.clone(),
        renamed: args.confirm_rename.clone(),
    };
    let generated = asked
        .generate(draft, &|one| ask::on_terminal(one, &config.options.stop))
        .await
        .map_err(|error| match error {
            Error::Unproven(_) if args.online => Failure::Online(error),
            other => Failure::Migrate(other),
        })?;
    finish(generated, &folder, is_printed, settings)
}

/// Refuses where the database is not at the head of the files, as Alembic does; tells its engine.
pub(in crate::commands) async fn check_head(
    source: &Source,
    config: &Config,
) -> Result<artisan_migrate::Engine, Failure> {
    let history = artisan_migrate::History::build(source.clone())?;
    let mut runner = connect_with(config, history, Access::Read).await?;
    let engine = runner.engine();
    let report = runner.check_at_head().await;
    close(runner, &report).await;
    report?;
    Ok(engine)
}

pub(in crate::commands) fn finish(
    generated: Generated,
    folder: &Folder,
    is_printed: bool,
    settings: &RevisionSettings,
) -> Result<Outcome, Failure> {
    let Generated { drafted, changes, losses, unmanaged } = generated;
    let mut revisions = Vec::new();
    let texts: Vec<_> = drafted.iter().flat_map(|one| one.files.clone()).collect();
    let paths = if is_printed { Vec::new() } else { folder.create_new(&texts)? };
    let ran = hooks::run(if paths.is_empty() { &[] } else { settings.hooks() }, &paths)?;
    for one in drafted {
        let names: Vec<&String> = one.files.iter().map(|(name, _)| name).collect();
        let is_own = |path: &&std::path::PathBuf| {
            path.file_name().is_some_and(|name| names.iter().any(|own| name == own.as_str()))
        };
        let files = paths.iter().filter(is_own).map(|path| path.display().to_string()).collect();
        let sql = is_printed.then(|| super::printed(&one));
        revisions.push(Made { files, sql, hooks: ran.clone(), ..Made::new(one) });
    }
    Ok(Outcome::new(Outcomes { revisions, differences: changes, losses, unmanaged }))
}

impl Report for Outcomes {
    fn text(&self) -> String {
        let unmanaged = self.unmanaged.iter().map(|what| format!("not looked at: {what}"));
        if self.revisions.is_empty() {
            let nothing = "the files make the desired schema: nothing to generate".to_owned();
            return lines(unmanaged.chain([nothing]));
        }
        if self.revisions.iter().any(|made| made.sql.is_some()) {
            return self.revisions.iter().map(Report::text).collect();
        }
        let differences = self.differences.iter().map(|one| format!("{} {}", one.kind, one.object));
        let losses = self.losses.iter().map(|loss| format!("destructive: {loss}"));
        let mut text = lines(unmanaged.chain(differences).chain(losses));
        text.extend(self.revisions.iter().map(Report::text));
        text + "proven: up leads to the desired schema, down leads back, and nothing is left to generate\n"
    }

    fn summary(&self) -> String {
        match self.revisions.as_slice() {
            [] => "nothing to generate".to_owned(),
            made => format!("made {} revisions", made.len()),
        }
    }
}
