use std::path::PathBuf;
use std::time::Duration;

use artisan_migrate::{
    DatabaseUrl, Engine, Folder, History, Observer, Options, Settings, Source, Stop,
};
use artisan_runtime::env::{Checker, ConfigError, Env, HumanDuration, Var};
use artisan_runtime::secret::Secret;
use serde::Deserialize;

use crate::cli::{Cli, Format};
use crate::failure::Failure;
use crate::notice;

/// The variables that this program reads, as the README lists them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Raw {
    migration_database_url: Var<Secret>,
    database_url: Var<Secret>,
    scratch_database_url: Var<Secret>,
    migrations_dir: Var<PathBuf>,
    lock_timeout: Var<HumanDuration>,
    connect_timeout: Var<HumanDuration>,
    wait_timeout: Var<HumanDuration>,
    ddl_lock_timeout: Var<HumanDuration>,
    ddl_retry_for: Var<HumanDuration>,
    visual: Var<String>,
    editor: Var<String>,
}

/// What the commands need to know.
#[derive(Debug)]
pub(crate) struct Config {
    url: Option<DatabaseUrl>,
    pub(crate) scratch_url: Option<DatabaseUrl>,
    dir: Option<PathBuf>,
    named_dir: Option<PathBuf>,
    editor: Option<String>,
    /// Whether the command itself refuses what is not read in the files that it is about.
    refuses_unread: bool,
    pub(crate) settings: Settings,
    pub(crate) options: Options,
    pub(crate) wait_timeout: Duration,
    /// How the answer is written.
    pub(crate) output: Format,
}

impl Config {
    /// Command line before environment, every bad variable named at once.
    pub(crate) fn new(
        cli: &Cli,
        env: &Env,
        stop: Stop,
        observer: Observer,
    ) -> Result<Self, Failure> {
        let settings = Settings::load(cli.place.config.as_deref())?;
        let raw: Raw = env.load()?;
        let mut check = Checker::new();
        let defaults = Options::default();
        let mut duration = |var, name, option: Option<HumanDuration>, default| {
            let value = check.or(var, name, HumanDuration(default));
            option.unwrap_or(value).0
        };
        let place = &cli.place;
        let minutes = Duration::from_mins(10);
        let table_name = settings.table_name.clone().unwrap_or(defaults.table_name);
        let options = Options {
            table_name,
            create_schemas: settings.create_schemas.clone(),
            asks_progress: !cli.quiet,
            lock_timeout: duration(
                raw.lock_timeout,
                "LOCK_TIMEOUT",
                place.lock_timeout,
                defaults.lock_timeout,
            ),
            connect_timeout: duration(
                raw.connect_timeout,
                "CONNECT_TIMEOUT",
                place.connect_timeout,
                defaults.connect_timeout,
            ),
            ddl_lock_timeout: duration(
                raw.ddl_lock_timeout,
                "DDL_LOCK_TIMEOUT",
                None,
                defaults.ddl_lock_timeout,
            ),
            ddl_retry_for: duration(
                raw.ddl_retry_for,
                "DDL_RETRY_FOR",
                None,
                defaults.ddl_retry_for,
            ),
            stop,
            observer,
            ..defaults
        };
        let wait_timeout = duration(raw.wait_timeout, "WAIT_TIMEOUT", None, minutes);
        let dir = check.optional(raw.migrations_dir, "MIGRATIONS_DIR");
        let visual = check.optional(raw.visual, "VISUAL");
        let editor = visual.or(check.optional(raw.editor, "EDITOR"));
        let special = check.optional(raw.migration_database_url, "MIGRATION_DATABASE_URL");
        let general = check.optional(raw.database_url, "DATABASE_URL");
        let general = named(&settings, env, general)?;
        let scratch = check.optional(raw.scratch_database_url, "SCRATCH_DATABASE_URL");
        check.finish()?;
        let scratch_url = scratch.map(|url| parsed(&url, "SCRATCH_DATABASE_URL")).transpose()?;
        let url = match &place.database_url {
            Some(text) => Some(from_option(text, Some("MIGRATION_DATABASE_URL"))?),
            None => from_environment(special, general)?,
        };
        let named_dir = place.dir.clone();
        let dir = place.dir.clone().or(dir).or(settings.migrations_dir.clone());
        let refuses_unread = ["upgrade", "plan", "check"].contains(&cli.command.name());
        let output = cli.output;
        Ok(Self {
            url,
            scratch_url,
            dir,
            named_dir,
            editor,
            refuses_unread,
            settings,
            options,
            wait_timeout,
            output,
        })
    }

    /// The database's URL, for commands that need one.
    pub(crate) fn url(&self) -> Result<&DatabaseUrl, Failure> {
        let missing = || {
            let ways = "set it, or MIGRATION_DATABASE_URL, or write --database-url";
            match &self.settings.database_url_var {
                None => ConfigError::new("DATABASE_URL", format!("not set; {ways}")),
                Some(name) => {
                    let message = format!("not set, and sqlx.toml has it hold the URL; {ways}");
                    ConfigError::new(name, message)
                }
            }
        };
        self.url.as_ref().ok_or_else(|| missing().into())
    }

    /// The folder that commands write to: that of `--dir`, else `./migrations`.
    pub(crate) fn dir(&self) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| PathBuf::from("migrations"))
    }

    /// The folder that commands write to, with what is in it.
    pub(crate) fn folder(&self) -> Result<(Folder, History), Failure> {
        let (folder, source) = self.folder_files()?;
        Ok((folder, History::build(source)?))
    }

    /// The folder that commands write to, with its files as they stand.
    pub(crate) fn folder_files(&self) -> Result<(Folder, Source), Failure> {
        let root = self.dir();
        let folder = Folder::open(&root)?;
        // Versions and names are the same for every engine.
        let engine = folder.engines().first().copied().unwrap_or(Engine::Sqlite);
        let source = Source::directory(&root, engine)?;
        Ok((folder, source.ignoring(self.settings.ignored_chars.clone())))
    }

    /// The command that edits a file.
    pub(crate) fn editor(&self) -> Option<&str> {
        self.editor.as_deref()
    }

    /// The folder of migrations, where one is given.
    pub(crate) fn given_dir(&self) -> Option<&std::path::Path> {
        self.dir.as_deref()
    }

    /// The folder that the command line names, which a command that is advised has to name as well.
    pub(crate) fn named_dir(&self) -> Option<&std::path::Path> {
        self.named_dir.as_deref()
    }

    /// A file of the history, as people find it.
    pub(crate) fn shown_path(&self, file: &str) -> String {
        let Some(dir) = &self.dir else { return format!("{file} (built in)") };
        let own = dir.join(self.engine().unwrap_or(Engine::Sqlite).folder());
        let place = if own.is_dir() { own } else { dir.clone() };
        place.join(file).display().to_string()
    }

    /// The engine of the database, where one is given.
    pub(crate) fn engine(&self) -> Option<Engine> {
        self.url.as_ref().map(DatabaseUrl::engine)
    }

    /// The files: those of `--dir`, else the embedded ones.
    pub(crate) fn history(&self) -> Result<History, Failure> {
        // Versions and names are the same for every engine.
        self.history_for(self.url.as_ref().map_or(Engine::Sqlite, DatabaseUrl::engine))
    }

    /// The files of this engine.
    pub(crate) fn history_for(&self, engine: Engine) -> Result<History, Failure> {
        let history = History::build(self.source(engine)?)?;
        if !self.refuses_unread {
            history.unread().for_each(|unread| notice::warning_once(&unread));
        }
        Ok(history)
    }

    /// The files of this engine, as they stand.
    pub(crate) fn source(&self, engine: Engine) -> Result<Source, Failure> {
        let Some(dir) = &self.dir else {
            tell_embedded();
            return Ok(embedded(engine));
        };
        let source = Source::runnable_directory(dir, engine)?;
        if source.is_empty() {
            let dir = dir.display();
            notice::line_once(&format!(
                "note: {dir} has no revision yet: make the first by `migrate revision -m MESSAGE --dir \
                 {dir}`"
            ));
        }
        Ok(source.ignoring(self.settings.ignored_chars.clone()))
    }
}

/// Tells whoever stands beside a folder of migrations that it is not what is used.
fn tell_embedded() {
    if std::path::Path::new("migrations").is_dir() {
        notice::line_once(
            "note: the migrations built into this program are used, not ./migrations: write --dir \
             migrations, or set MIGRATIONS_DIR, for those",
        );
    }
}

/// The time that a new version tells.
#[expect(clippy::disallowed_methods, reason = "the program's edge, where time comes from")]
pub(crate) fn now() -> time::OffsetDateTime {
    time::OffsetDateTime::now_utc()
}

pub(crate) fn embedded(engine: Engine) -> Source {
    let files = match engine {
        Engine::Sqlite => artisan_migrations::SQLITE,
        Engine::MySql | Engine::MariaDb => artisan_migrations::MYSQL,
        Engine::Postgres => artisan_migrations::POSTGRES,
    };
    Source::embedded(files.iter().map(|file| (file.name, file.text)))
}

/// The schema that the embedded files make.
pub(crate) const fn embedded_schema(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => artisan_migrations::SQLITE_SCHEMA,
        Engine::MySql | Engine::MariaDb => artisan_migrations::MYSQL_SCHEMA,
        Engine::Postgres => artisan_migrations::POSTGRES_SCHEMA,
    }
}

/// The URL in the variable that `sqlx.toml` names, if it names one: as for sqlx, the usual one is another
/// database's then.
fn named(settings: &Settings, env: &Env, usual: Option<Secret>) -> Result<Option<Secret>, Failure> {
    match settings.database_url_var.as_deref() {
        None => Ok(usual),
        Some(name) => Ok(env.get(name)?.map(Secret::from)),
    }
}

/// A URL from the command line, which others may read there; the variable that may be set instead, if there
/// is one.
pub(crate) fn from_option(text: &str, instead: Option<&str>) -> Result<DatabaseUrl, Failure> {
    let url = DatabaseUrl::parse(text).map_err(artisan_migrate::Error::from)?;
    if url.has_password() {
        let advice = match instead {
            Some(name) => format!("set {name} or {name}_FILE instead"),
            None => "name a user who needs none, or one who may only read".to_owned(),
        };
        notice::warning(&format!(
            "other users of this machine can read a password on the command line: {advice}"
        ));
    }
    Ok(url)
}

fn from_environment(
    special: Option<Secret>,
    general: Option<Secret>,
) -> Result<Option<DatabaseUrl>, Failure> {
    let named = special
        .map(|url| (url, "MIGRATION_DATABASE_URL"))
        .or(general.map(|url| (url, "DATABASE_URL")));
    let Some((url, name)) = named else { return Ok(None) };
    parsed(&url, name).map(Some)
}

fn parsed(url: &Secret, name: &'static str) -> Result<DatabaseUrl, Failure> {
    DatabaseUrl::parse(url.expose())
        .map_err(|error| ConfigError::new(name, format!("cannot be used: {error}")).into())
}
