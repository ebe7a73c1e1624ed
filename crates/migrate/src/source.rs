use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

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

    /// The same, with these characters left out of checksums, as `sqlx.toml` may say.
    #[must_use]
    pub fn ignoring(mut self, chars: BTreeSet<char>) -> Self {
        self.ignored_chars = chars;
        self
    }

    /// The files of a flat folder, or of the engine's folder in one that holds `sqlite`, `mysql` and
    /// `postgres`. Files that sqlx ignores are ignored.
    ///
    /// Fails with [`Error::Usage`] when the folder or a file cannot be read.
    pub fn directory(path: &Path, engine: Engine) -> Result<Self, Error> {
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

    fn folder(path: &Path) -> Result<Self, Error> {
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(path, &error))?;
            // A link is followed, as sqlx does; everything else is known without another look.
            let is_file =
                entry.file_type().is_ok_and(|kind| kind.is_file()) || entry.path().is_file();
            files.extend(read(&entry.path(), is_file)?);
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { files, ignored_chars: BTreeSet::new() })
    }
}

fn read(path: &Path, is_file: bool) -> Result<Option<SourceFile>, Error> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(name) = name.filter(|name| is_migration(name) && is_file) else {
        return Ok(None);
    };
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Ok(Some(SourceFile { name, text: Cow::Owned(text) }))
}

/// Whether sqlx would look at a file of this name.
fn is_migration(name: &str) -> bool {
    name.contains('_') && Path::new(name).extension().is_some_and(|extension| extension == "sql")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::usage("DIRECTORY_UNREADABLE", format!("cannot read {}: {error}", path.display()))
}
