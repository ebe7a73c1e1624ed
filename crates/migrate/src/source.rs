mod runnable;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::mem;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

pub(crate) use runnable::is_passed_over;

use crate::history::parse_file_name;
use crate::{Engine, Error};

/// A set of migration files, read but not yet validated.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) ignored_chars: BTreeSet<char>,
}

/// One file, as it stands on disk or in the program.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) name: String,
    pub(crate) text: Cow<'static, str>,
}

impl Source {
    /// Files that are part of the program: `(name, text)` pairs.
    pub fn embedded(files: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let files = files
            .into_iter()
            .map(|(name, text)| SourceFile { name: name.to_owned(), text: Cow::Borrowed(text) })
            .collect();
        Self { files, ignored_chars: BTreeSet::new() }
    }

    /// Files that a test made: `(name, text)` pairs.
    #[cfg(test)]
    pub(crate) fn from_texts(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = files.into_iter();
        let files = files.map(|(name, text)| SourceFile { name, text: text.into() }).collect();
        Self { files, ignored_chars: BTreeSet::new() }
    }

    /// The same, with these characters left out of checksums, as `sqlx.toml` may say.
    #[must_use]
    pub fn ignoring(mut self, chars: BTreeSet<char>) -> Self {
        self.ignored_chars = chars;
        self
    }

    /// The files of a flat folder, or of the engine's folder in one that holds `sqlite`, `mysql` and
    /// `postgres`. Files that sqlx ignores are ignored.
    ///
    /// Fails with [`Error::Usage`] when the folder or a file cannot be read, and when files are being
    /// moved there.
    pub fn directory(path: &Path, engine: Engine) -> Result<Self, Error> {
        if crate::folder::is_moving(path) {
            let message = format!(
                "a rebase or a squash of files in {} is under way or was interrupted: run the same \
                 `migrate rebase` or `migrate squash` again, which finishes it",
                path.display()
            );
            return Err(Error::usage("REBASE_INTERRUPTED", message));
        }
        let folder = path.join(engine.folder());
        if folder.is_dir() {
            return Self::folder(&folder);
        }
        if ["sqlite", "mysql", "postgres"].iter().any(|name| path.join(name).is_dir()) {
            let message =
                format!("{} has no folder {} for {engine}", path.display(), engine.folder());
            return Err(Error::usage("DIRECTORY_UNREADABLE", message));
        }
        Self::folder(path)
    }

    /// Whether a file has this version.
    pub(crate) fn has(&self, version: i64) -> bool {
        let mut names = self.files.iter().filter_map(|file| parse_file_name(&file.name));
        names.any(|name| name.version == version)
    }

    /// The files of this folder and of none below it.
    pub(crate) fn folder(path: &Path) -> Result<Self, Error> {
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(path, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_migration(&name) && is_file(&entry)? {
                refuse_unreadable_name(path, &entry)?;
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(Self { files: read(path, &names)?, ignored_chars: BTreeSet::new() })
    }
}

/// Refuses a name that no text can hold, or that a terminal would obey.
fn refuse_unreadable_name(folder: &Path, entry: &fs::DirEntry) -> Result<(), Error> {
    let name = entry.file_name();
    let what = match name.to_str() {
        None => "is not UTF-8",
        Some(name) if name.contains(char::is_control) => "has control characters",
        Some(_) => return Ok(()),
    };
    let (name, folder) = (shown(&name.to_string_lossy()), folder.display());
    let message = format!("the name of {name} in {folder} {what}: rename the file");
    Err(Error::usage("BAD_FILE_NAME", message))
}

/// A file's name for people: a terminal obeys control characters.
pub(crate) fn shown(name: &str) -> String {
    let escaped =
        |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    name.chars().map(escaped).collect()
}

/// How many files one thread reads at least: below that, starting another costs more than it saves.
const SHARE: usize = 1000;
/// Where most files have room, in bytes.
const BUFFER: usize = 64 * 1024;

/// Reads the files of a folder, in the order of their names.
fn read(folder: &Path, names: &[String]) -> Result<Vec<SourceFile>, Error> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = names.len().div_ceil(threads).max(SHARE);
    if names.len() <= share {
        return read_share(folder, names);
    }
    thread::scope(|scope| {
        let shares =
            names.chunks(share).map(|names| scope.spawn(move || read_share(folder, names)));
        // All are started before the first is waited for.
        let threads: Vec<ScopedJoinHandle<'_, Result<Vec<SourceFile>, Error>>> = shares.collect();
        let mut files = Vec::with_capacity(names.len());
        for thread in threads {
            files.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(files)
    })
}

fn read_share(folder: &Path, names: &[String]) -> Result<Vec<SourceFile>, Error> {
    let mut buffer = Vec::with_capacity(BUFFER);
    let read = |name: &String| {
        let path = folder.join(name);
        let text = read_text(&path, &mut buffer).map_err(|error| unreadable(&path, &error))?;
        Ok(SourceFile { name: name.clone(), text: Cow::Owned(text) })
    };
    names.iter().map(read).collect()
}

/// As `fs::read_to_string`, which asks for the size of each file, as dear as reading it.
fn read_text(path: &Path, buffer: &mut Vec<u8>) -> io::Result<String> {
    buffer.clear();
    File::open(path)?.take(u64::MAX).read_to_end(buffer)?;
    // A huge text is not held twice.
    let read = if buffer.len() > BUFFER { mem::take(buffer) } else { buffer.clone() };
    String::from_utf8(read).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// A link is followed, as sqlx does, which fails as well where it leads nowhere; everything else is known
/// without another look.
fn is_file(entry: &fs::DirEntry) -> Result<bool, Error> {
    if entry.file_type().is_ok_and(|kind| kind.is_file()) {
        return Ok(true);
    }
    let path = entry.path();
    match fs::metadata(&path) {
        Ok(found) => Ok(found.is_file()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let target = fs::read_link(&path).unwrap_or_default();
            let (path, target) = (path.display(), target.display());
            let message = format!(
                "{path} is a link to {target}, which is not there, so that it would never run: mend the \
                 link, or remove it"
            );
            Err(Error::usage("NEVER_RUN", message))
        }
        Err(error) => Err(unreadable(&path, &error)),
    }
}

/// Whether sqlx would look at a file of this name.
pub(crate) fn is_migration(name: &str) -> bool {
    name.contains('_') && Path::new(name).extension().is_some_and(|extension| extension == "sql")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let path = path.display();
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "there is no {path}: name the folder of migrations by --dir or MIGRATIONS_DIR, or make it by \
             `migrate init {path}`"
        ),
        std::io::ErrorKind::NotADirectory => {
            format!("{path} is no folder: name the folder of migrations by --dir or MIGRATIONS_DIR")
        }
        std::io::ErrorKind::InvalidData => format!("{path} is not UTF-8: save it as UTF-8"),
        _ => format!("cannot read {path}: {error}"),
    };
    Error::usage("DIRECTORY_UNREADABLE", message)
}
