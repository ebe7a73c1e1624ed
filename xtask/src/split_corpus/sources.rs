//! The engines' own test files, from the distribution's source packages in the cache folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::tally::Tally;
use super::{Unit, mysqltest, psql, tcl};
use crate::command::{capture, find_program};
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Apt, Suite};
use crate::workspace::cache;

/// The test files of one engine.
#[derive(Debug)]
pub(crate) struct Corpus {
    engine: Engine,
    folder: PathBuf,
    /// The source package's name and version.
    pub(crate) name: String,
}

impl Corpus {
    /// Downloads and unpacks the files unless that was done before.
    pub(crate) fn open(engine: Engine) -> Result<Self, Failure> {
        let corpora = cache()?.join("corpora");
        let folder = corpora.join(engine.name());
        if !folder.is_dir() {
            report::note(format!("unpacking {engine}'s tests into {}", folder.display()));
            std::fs::create_dir_all(&corpora).doing("making the cache folder")?;
            unpack(engine, &folder)?;
        }
        let name = children(&folder)?.into_iter().next().unwrap_or_default();
        Ok(Self { engine, name: name.to_string_lossy().into_owned(), folder })
    }

    /// The texts to compare on; what is left out is counted.
    pub(crate) fn units(&self, tally: &mut Tally) -> Result<Vec<Unit>, Failure> {
        let mut files = Vec::new();
        collect(&self.folder.join(&self.name), &mut files)?;
        let mut units = Vec::new();
        for path in files {
            let bytes = std::fs::read(&path).doing(format!("reading {}", path.display()))?;
            let Ok(text) = String::from_utf8(bytes) else {
                tally.leave_out("files that are not UTF-8", 1);
                continue;
            };
            if text.contains('\0') {
                tally.leave_out("files with NUL, which no client reads", 1);
                continue;
            }
            if path.ends_with("sql/psql.sql") {
                tally.leave_out("file about psql's own commands (psql.sql)", 1);
                continue;
            }
            tally.files += 1;
            let name = path.strip_prefix(&self.folder).unwrap_or(&path);
            units.extend(self.extract(&name.to_string_lossy(), &text, tally));
        }
        Ok(units)
    }

    fn extract(&self, file: &str, text: &str, tally: &mut Tally) -> Vec<Unit> {
        match self.engine {
            Engine::Sqlite => tcl::units(file, text),
            Engine::MariaDb | Engine::MySql => vec![mysqltest::unit(file, text, tally)],
            Engine::Postgres => vec![psql::unit(file, text, tally)],
        }
    }
}

/// A package, whose sources are wanted, and the files in them.
struct Wanted {
    package: String,
    suite: Suite,
    files: &'static [&'static str],
}

impl Wanted {
    fn of(engine: Engine) -> Result<Self, Failure> {
        let suite = Suite::OwnRelease;
        Ok(match engine {
            Engine::Sqlite => {
                Self { package: "sqlite3".to_owned(), suite, files: &["*/test/*.test"] }
            }
            Engine::MariaDb => Self {
                package: "mariadb-server".to_owned(),
                suite,
                files: &["*/mysql-test/main/*.test", "*/mysql-test/suite/*.test"],
            },
            Engine::MySql => Self {
                package: "mysql-server".to_owned(),
                suite: Suite::Unstable,
                files: &["*/mysql-test/t/*.test", "*/mysql-test/suite/*.test"],
            },
            Engine::Postgres => Self {
                package: format!("postgresql-{}", psql_version()?),
                suite,
                files: &["*/src/test/regress/sql/*.sql"],
            },
        })
    }
}

/// The first number of psql's version: its makers' files are the ones that it has to read.
fn psql_version() -> Result<String, Failure> {
    let psql = find_program("psql", &[]).ok_or_else(|| Failure::new("no psql in PATH"))?;
    let text = capture(Command::new(psql).arg("--version"))?;
    let number = text.split_whitespace().nth(2).and_then(|version| version.split('.').next());
    number.map(str::to_owned).ok_or_else(|| Failure::new(format!("psql's version is {text:?}")))
}

fn unpack(engine: Engine, folder: &Path) -> Result<(), Failure> {
    let wanted = Wanted::of(engine)?;
    let corpora = folder.parent().unwrap_or(folder);
    let work = tempfile::Builder::new().prefix("unpacking-").tempdir_in(corpora);
    let work = work.doing("making a folder to unpack into")?;
    let apt = Apt::update_sources(&work.path().join("apt"), wanted.suite)?;
    let archive = apt.download_source(&wanted.package)?;
    let root = work.path().join("root");
    std::fs::create_dir(&root).doing("making a folder to unpack into")?;
    let mut tar = Command::new("tar");
    tar.arg("-xf").arg(archive).arg("-C").arg(&root).arg("--wildcards").args(wanted.files);
    capture(&mut tar)?;
    // Renamed at the end: what stands there is always whole.
    std::fs::rename(&root, folder).doing("moving the unpacked files")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for name in children(folder)? {
        let path = folder.join(name);
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).doing(format!("listing {}", folder.display()))?;
    let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.file_name().into()).collect();
    names.sort_unstable();
    Ok(names)
}
