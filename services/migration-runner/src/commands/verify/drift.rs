use artisan_migrate::author::Draft;
use artisan_migrate::autogenerate::{Autogenerate, Desired};
use artisan_migrate::split::for_client;
use artisan_migrate::{
    Access, DdlStyle, Engine, Error, Folder, History, RevisionSettings, ScratchPlace, Source,
    Target,
};
use serde::Serialize;

use crate::commands::revision::{self, autogenerate};
use crate::commands::{close, connect_with, written_folder};
use crate::config::{Config, now};
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

/// The SQL that takes back what somebody did past the revisions.
#[derive(Serialize)]
struct Revert {
    sql: String,
    #[serde(skip)]
    engine: Engine,
}

/// Records what somebody did past the revisions, or prints what takes it back.
pub(super) async fn run(args: &super::Args, config: &Config) -> Result<Outcome, Failure> {
    let settings = RevisionSettings::load()?;
    let url = config.url()?;
    let source = config.source(url.engine())?;
    let (engine, source) = if args.adopt {
        // The revision comes behind all others, so that they have to be there.
        let engine = autogenerate::check_head(&source, config).await.map_err(with_way_out)?;
        (engine, source)
    } else {
        applied(source, config).await?
    };
    let scope = args.scope(&settings);
    let live = Desired::live(url, engine, &scope, &config.options).await?.or_empty();
    let asked = Autogenerate {
        place: ScratchPlace { target: url, other: config.scratch_url.as_ref() },
        options: &config.options,
        source,
        desired: &live,
        scope,
        style: DdlStyle::default(),
        dropped: args.confirm_drop.clone(),
        renamed: args.confirm_rename.clone(),
    };
    if args.adopt {
        return record(&asked, &args.message, &settings, engine, config).await;
    }
    let sql =
        asked.way_back(&|one| autogenerate::ask_on_terminal(one, &config.options.stop)).await?;
    Ok(Outcome::new(Revert { sql, engine }))
}

/// The engine, and the files of what is applied: what is pending is no drift.
async fn applied(source: Source, config: &Config) -> Result<(Engine, Source), Failure> {
    let history = History::build(source.clone())?;
    let mut runner = connect_with(config, history, Access::Read).await?;
    let applied = runner.applied_files(source).await;
    let engine = runner.engine();
    close(runner, &applied).await;
    Ok((engine, applied?))
}

/// What is pending may fail on the very drift that is to be adopted.
fn with_way_out(failure: Failure) -> Failure {
    match failure {
        Failure::Migrate(Error::Pending { message, command }) => {
            let message = format!(
                "{message}; where what is pending fails on the drift, run what `migrate verify --revert` \
                 prints before it"
            );
            Failure::Migrate(Error::Pending { message, command })
        }
        other => other,
    }
}

async fn record(
    asked: &Autogenerate<'_>,
    message: &str,
    settings: &RevisionSettings,
    engine: Engine,
    config: &Config,
) -> Result<Outcome, Failure> {
    let folder: Folder = written_folder(config)?.of_engine(engine);
    let style = revision::naming(settings, config)?;
    let draft = Draft { message: message.to_owned(), now: Some(now()), style, ..Draft::default() };
    let generated = asked
        .generate(&draft, &|one| autogenerate::ask_on_terminal(one, &config.options.stop))
        .await?;
    let made: Vec<i64> = generated.drafted.iter().map(|one| one.version).collect();
    let outcome = autogenerate::finish(generated, &folder, false, settings)?;
    if !made.is_empty() {
        let source = Source::directory(folder.root(), engine)?;
        let history = History::build(source.ignoring(config.settings.ignored_chars.clone()))?;
        let mut runner = connect_with(config, history, Access::Change).await?;
        let stamped = runner.stamp(&[Target::Heads], false).await;
        close(runner, &stamped).await;
        stamped?;
    }
    Ok(outcome)
}

impl Report for Revert {
    fn text(&self) -> String {
        if self.sql.is_empty() {
            "-- the schema is what the files make\n".to_owned()
        } else {
            for_client(self.engine, &self.sql)
        }
    }

    fn summary(&self) -> String {
        if self.sql.is_empty() {
            "nothing drifted".to_owned()
        } else {
            "printed what reverts the drift".to_owned()
        }
    }
}
