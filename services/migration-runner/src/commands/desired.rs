#![expect(clippy::doc_markdown, reason = "these comments are the help text, shown as they stand")]

use std::path::{Path, PathBuf};
use std::process::Stdio;

use artisan_migrate::autogenerate::Desired;
use artisan_migrate::{DatabaseUrl, Engine, Error, RevisionSettings, SchemaScope, Stop};
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::config::{Config, from_option};
use crate::failure::Failure;

/// Where the desired schema comes from, and what of it is looked at.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(id = "desired-schema")]
pub(crate) struct Args {
    /// The desired schema: a file of SQL, or a folder of them [default: schema.sql beside the migrations].
    #[arg(long, value_name = "PATH", help_heading = "Desired schema")]
    desired: Option<PathBuf>,
    /// The desired schema: that of another database of the same engine.
    #[arg(long, value_name = "URL", conflicts_with = "desired", help_heading = "Desired schema")]
    desired_url: Option<String>,
    /// The desired schema: what a command of the shell prints, such as an ORM's models as DDL.
    #[arg(
        long,
        value_name = "COMMAND",
        conflicts_with_all = ["desired", "desired_url"],
        help_heading = "Desired schema"
    )]
    desired_cmd: Option<String>,
    /// Leave out what is named so: `legacy_*`, and on PostgreSQL `audit.*` for another schema; may be
    /// repeated [default: autogenerate.ignore of migrate.toml].
    #[arg(long, value_name = "PATTERN", help_heading = "Desired schema")]
    ignore: Vec<String>,
    /// Another server for the scratch databases [env: SCRATCH_DATABASE_URL].
    #[arg(long, value_name = "URL", help_heading = "Desired schema")]
    scratch_url: Option<String>,
}

/// The file that says what the database is to be.
const FILE: &str = "schema.sql";

impl Args {
    /// The desired schema; `None` where nothing names one and there is no `schema.sql`.
    pub(super) async fn find(
        &self,
        config: &Config,
        engine: Engine,
        scope: &SchemaScope,
    ) -> Result<Option<Desired>, Failure> {
        if let Some(url) = &self.desired_url {
            let url = from_option(url, None)?;
            return Ok(Some(Desired::live(&url, engine, scope, &config.options).await?));
        }
        if let Some(command) = &self.desired_cmd {
            return Ok(Some(printed(command, &config.options.stop).await?));
        }
        if let Some(path) = &self.desired {
            return Ok(Some(Desired::read(path)?));
        }
        match config.given_dir() {
            Some(dir) => beside(dir, engine),
            None => Ok(Some(Desired::text(FILE, crate::config::embedded_schema(engine)))),
        }
    }

    /// The same, where there has to be one.
    pub(super) async fn get(
        &self,
        config: &Config,
        engine: Engine,
        scope: &SchemaScope,
    ) -> Result<Desired, Failure> {
        let missing = || {
            let path = usual(&config.dir(), engine).display().to_string();
            let message = format!(
                "there is no desired schema {path}: write there what the database is to be, or begin with \
                 what it is, by `migrate schema > {path}`; or name it by --desired, --desired-url or \
                 --desired-cmd"
            );
            Failure::Usage { reason: "NO_DESIRED_SCHEMA", message }
        };
        self.find(config, engine, scope).await?.ok_or_else(missing)
    }

    /// What is looked at: the patterns of the command line before those of `migrate.toml`.
    pub(super) fn scope(&self, settings: &RevisionSettings) -> SchemaScope {
        let ignored =
            if self.ignore.is_empty() { settings.ignored_objects() } else { &self.ignore };
        SchemaScope::application().ignoring(ignored.to_vec())
    }

    /// The server for scratch databases, if not the database's own.
    pub(super) fn scratch(&self, config: &Config) -> Result<Option<DatabaseUrl>, Failure> {
        match &self.scratch_url {
            Some(url) => from_option(url, Some("SCRATCH_DATABASE_URL")).map(Some),
            None => Ok(config.scratch_url.clone()),
        }
    }
}

/// Where `schema.sql` stands: with the engine's files.
fn usual(dir: &Path, engine: Engine) -> PathBuf {
    let own = dir.join(engine.folder());
    if own.is_dir() { own.join(FILE) } else { dir.join(FILE) }
}

fn beside(dir: &Path, engine: Engine) -> Result<Option<Desired>, Failure> {
    let path = usual(dir, engine);
    if path.exists() { Ok(Some(Desired::read(&path)?)) } else { Ok(None) }
}

/// More than any schema takes: a command that prints rows, or without an end.
const MOST: u64 = 64 << 20;

/// What the shell's command prints. Its complaints go where those of `migrate` go; it ends with `migrate`.
async fn printed(command: &str, stop: &Stop) -> Result<Desired, Failure> {
    let failed = |cause: String| Failure::Usage {
        reason: "DESIRED_COMMAND_FAILED",
        message: format!("`{command}` was to print the desired schema, and {cause}"),
    };
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([option, command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(format!("could not be started: {error}")))?;
    let mut bytes = Vec::new();
    let ended = async {
        if let Some(output) = child.stdout.take() {
            output.take(MOST + 1).read_to_end(&mut bytes).await?;
        }
        // One that goes on printing would never end.
        let is_done = u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST);
        if is_done { child.wait().await.map(Some) } else { Ok(None) }
    };
    let ended = tokio::select! {
        ended = ended => ended,
        () = stop.requested() => return Err(Error::Stopped.into()),
    };
    let ended = ended.map_err(|error| failed(format!("could not be heard: {error}")))?;
    let Some(status) = ended else {
        return Err(failed(format!("printed more than {} MiB: print no rows", MOST >> 20)));
    };
    if !status.success() {
        return Err(failed(format!("ended with {status}")));
    }
    let sql = String::from_utf8(bytes).map_err(|_| failed("printed no UTF-8".to_owned()))?;
    if sql.trim().is_empty() {
        return Err(failed("printed nothing: for an empty schema, print a comment".to_owned()));
    }
    Ok(Desired::text(format!("what `{command}` printed"), sql))
}
