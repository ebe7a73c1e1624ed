use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use artisan_testkit::Engine;

use super::revisions::Revisions;
use super::{Options, alembic, client};
use crate::failure::Failure;
use crate::{memory, report};

/// What each contestant is asked to do, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Apply,
    Noop,
    Current,
    Revert,
}

impl Work {
    pub(super) const ALL: [Self; 4] = [Self::Apply, Self::Noop, Self::Current, Self::Revert];
}

/// A program that can apply the revisions.
#[derive(Debug)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Ours { program: PathBuf, files: PathBuf },
    SqlxCli { program: PathBuf, files: PathBuf },
    SqlxLibrary { program: PathBuf, files: PathBuf },
    Alembic { program: PathBuf, folder: PathBuf },
    Client { engine: Engine, program: PathBuf, up: PathBuf, down: Option<PathBuf> },
}

pub(super) const OURS: &str = "migrate";
pub(super) const SQLX_CLI: &str = "sqlx-cli";
pub(super) const ALEMBIC: &str = "Alembic";
pub(super) const CLIENT: &str = "client, transaction a file";
pub(super) const CLIENT_ALONE: &str = "client, autocommit";

/// Everybody who can be had; who cannot is named.
pub(super) fn all(
    engine: Engine,
    options: &Options,
    revisions: &Revisions,
) -> Result<Vec<Contestant>, Failure> {
    let files = || revisions.sqlx.clone();
    let own = std::env::current_exe().map_err(Failure::system("finding this program"))?;
    let mut all = vec![
        Contestant {
            name: OURS,
            kind: Kind::Ours { program: options.programs.join("migrate"), files: files() },
        },
        Contestant {
            name: SQLX_CLI,
            kind: Kind::SqlxCli { program: options.sqlx.clone(), files: files() },
        },
        Contestant {
            name: "sqlx, the library",
            kind: Kind::SqlxLibrary { program: own, files: files() },
        },
    ];
    match &options.alembic {
        Some(program) => all.push(Contestant {
            name: ALEMBIC,
            kind: Kind::Alembic { program: program.clone(), folder: revisions.alembic.clone() },
        }),
        None => report::note("Alembic is NOT measured: it could not be installed"),
    }
    match client::find(engine) {
        Some(program) => {
            let with = |name, up: &Path, down: Option<&PathBuf>| {
                let (program, up, down) = (program.clone(), up.to_owned(), down.cloned());
                Contestant { name, kind: Kind::Client { engine, program, up, down } }
            };
            all.push(with(CLIENT, &revisions.up, Some(&revisions.down)));
            all.push(with(CLIENT_ALONE, &revisions.up_alone, None));
            if matches!(engine, Engine::Sqlite | Engine::Postgres) {
                all.push(with("client, one transaction", &revisions.up_together, None));
            }
        }
        None => report::note(format!("{}: its own client is NOT measured", engine.name())),
    }
    Ok(all)
}

impl Contestant {
    /// The command that does this work; `None` where the contestant has none.
    pub(super) fn command(&self, work: Work, url: &str) -> Option<Command> {
        match &self.kind {
            Kind::Ours { program, files } => {
                let arguments: &[&str] = match work {
                    Work::Apply | Work::Noop => &["upgrade", "head"],
                    Work::Current => &["current"],
                    Work::Revert => &["downgrade", "base"],
                };
                let mut command = Command::new(program);
                command.args(arguments).arg("--dir").arg(files).env("DATABASE_URL", plain(url));
                // As in a terminal: without the log beside the result.
                command.env("RUST_LOG", "warn");
                Some(command)
            }
            Kind::SqlxCli { program, files } => {
                let arguments: &[&str] = match work {
                    Work::Apply | Work::Noop => &["migrate", "run"],
                    Work::Current => &["migrate", "info"],
                    Work::Revert => &["migrate", "revert", "--target-version", "0"],
                };
                create_file(url);
                let mut command = Command::new(program);
                command.args(arguments).arg("--source").arg(files).arg("--no-dotenv");
                command.env("DATABASE_URL", plain(url));
                Some(command)
            }
            Kind::SqlxLibrary { program, files } => {
                let mut command = Command::new(program);
                command.args(["sqlx-library", "--url", &plain(url), "--source"]).arg(files);
                match work {
                    Work::Apply | Work::Noop => {}
                    Work::Current => return None,
                    Work::Revert => drop(command.arg("--undo")),
                }
                Some(command)
            }
            Kind::Alembic { program, folder } => {
                let arguments: &[&str] = match work {
                    Work::Apply | Work::Noop => &["upgrade", "head"],
                    Work::Current => &["current"],
                    Work::Revert => &["downgrade", "base"],
                };
                let mut command = Command::new(program);
                command.args(arguments).current_dir(folder).env("ALEMBIC_URL", alembic::url(url));
                Some(command)
            }
            Kind::Client { engine, program, up, down } => match work {
                Work::Apply => client::command(*engine, program, url, up),
                Work::Revert => client::command(*engine, program, url, down.as_deref()?),
                Work::Noop | Work::Current => None,
            },
        }
    }
}

/// The URL for sqlx's driver, which asks for TLS where the server has it: the others do not, and its
/// handshake waits 40 ms for a delayed acknowledgement, as the socket is without `TCP_NODELAY` and the
/// server asks for another key.
fn plain(url: &str) -> String {
    if url.starts_with("mysql:") { format!("{url}?ssl-mode=disabled") } else { url.to_owned() }
}

/// sqlx's command line does not make a missing file.
fn create_file(url: &str) {
    if let Some(path) = url.strip_prefix("sqlite://") {
        // If this fails, the program that needs the file says so.
        let _ = std::fs::OpenOptions::new().create(true).append(true).open(path);
    }
}

/// Runs it to its end; the most memory that it was seen to hold, in KiB.
pub(super) fn run(name: &str, command: &mut Command) -> Result<u64, Failure> {
    let log = tempfile::NamedTempFile::new().map_err(Failure::system("making a log"))?;
    let errors = log.reopen().map_err(Failure::system("opening a log"))?;
    command.stdout(Stdio::null()).stderr(errors);
    let mut child = command.spawn().map_err(Failure::system("starting a contestant"))?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(Failure::system("waiting for it"))? {
            break status;
        }
        peak = memory::peak(child.id()).unwrap_or(peak);
        // A thousand looks a second cost the other core a percent.
        std::thread::sleep(std::time::Duration::from_millis(1));
    };
    if status.success() {
        return Ok(peak);
    }
    let said = std::fs::read_to_string(log.path()).unwrap_or_default();
    Err(Failure::Program { program: name.to_owned(), reason: format!("{status}\n{said}") })
}
