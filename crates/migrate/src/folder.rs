mod lock;
mod moves;
mod write;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub(crate) use moves::Move;

use crate::history::parse_file_name;
use crate::source::is_migration;
use crate::{Engine, Error, Source};
use lock::Lock;

/// The folders of engines that one directory may hold.
const ENGINES: [Engine; 3] = [Engine::Sqlite, Engine::MySql, Engine::Postgres];

/// A directory of migrations that can be written: flat, or with a folder for each engine.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    engines: Vec<Engine>,
}

impl Folder {
    /// Opens an existing directory.
    ///
    /// Fails with [`Error::Usage`] where there is none.
    pub fn open(root: &Path) -> Result<Self, Error> {
        if !root.is_dir() {
            let message = format!(
                "there is no folder {}: make it with `migrate init {}`",
                root.display(),
                root.display()
            );
            return Err(Error::usage("DIRECTORY_UNREADABLE", message));
        }
        let engines = ENGINES.into_iter().filter(|e| root.join(e.folder()).is_dir()).collect();
        Ok(Self { root: root.to_owned(), engines })
    }

    /// Makes the directory, with a folder for each of these engines, if any.
    ///
    /// Refuses one that holds migrations already.
    pub fn init(root: &Path, engines: &[Engine]) -> Result<Self, Error> {
        let failed = |error| unwritable(root, &error);
        fs::create_dir_all(root).map_err(failed)?;
        for folder in std::iter::once(root.to_owned()).chain(ENGINES.map(|e| root.join(e.folder())))
        {
            if holds_migrations(&folder) {
                let message = format!("{} holds migrations already", folder.display());
                return Err(Error::usage("FOLDER_NOT_EMPTY", message));
            }
        }
        for engine in engines {
            fs::create_dir_all(root.join(engine.folder())).map_err(failed)?;
        }
        Self::open(root)
    }

    /// The engines that have a folder of their own; none where the directory is flat.
    #[must_use]
    pub fn engines(&self) -> &[Engine] {
        &self.engines
    }

    /// The directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folders that hold files: the directory itself, or those of its engines.
    #[must_use]
    pub fn places(&self) -> Vec<PathBuf> {
        if self.engines.is_empty() {
            return vec![self.root.clone()];
        }
        self.engines.iter().map(|engine| self.root.join(engine.folder())).collect()
    }

    /// The path of a file that exists, in each folder that has it.
    #[must_use]
    pub fn find(&self, file: &str) -> Vec<PathBuf> {
        let paths = self.places().into_iter().map(|place| place.join(file));
        paths.filter(|path| path.is_file()).collect()
    }

    /// Writes a file into each folder, none over one that exists: `None` if one does.
    ///
    /// Each file is there whole or not at all, whenever the process ends. Fails with
    /// [`Error::Usage`] where sqlx would not take the name for that of a migration.
    pub fn create(&self, file: &str, text: &str) -> Result<Option<Vec<PathBuf>>, Error> {
        self.create_all(&[(file.to_owned(), text.to_owned())])
    }

    /// The same for several files, names and texts: all of them are written, or none.
    pub fn create_all(&self, files: &[(String, String)]) -> Result<Option<Vec<PathBuf>>, Error> {
        for (file, _) in files {
            check_name(file)?;
        }
        let mut written = Vec::new();
        for place in self.places() {
            for (file, text) in files {
                let path = place.join(file);
                match write::create(&path, text) {
                    Ok(()) => written.push(path),
                    Err(error) => {
                        remove(&written);
                        let is_taken = error.kind() == ErrorKind::AlreadyExists;
                        return if is_taken { Ok(None) } else { Err(unwritable(&path, &error)) };
                    }
                }
            }
        }
        Ok(Some(written))
    }

    /// Waits until no other process of this machine writes here, and keeps others out meanwhile.
    pub(crate) fn lock(&self) -> Lock {
        Lock::take(&self.root)
    }

    /// Moves files to new names, with new texts: all or none, and see [`finish`](Self::finish).
    pub(crate) fn move_all(&self, moves: &[Move]) -> Result<(), Error> {
        moves::all(&self.root, moves)
    }

    /// The folder that holds this engine's files.
    #[must_use]
    pub fn place(&self, engine: Engine) -> PathBuf {
        let is_flat = self.engines.is_empty();
        if is_flat { self.root.clone() } else { self.root.join(engine.folder()) }
    }

    /// The folder of one engine's files, alone.
    #[must_use]
    pub fn of_engine(&self, engine: Engine) -> Self {
        Self { root: self.place(engine), engines: Vec::new() }
    }

    /// Writes several new files, names and texts: all of them, or none.
    ///
    /// Fails where somebody has taken a version or a name meanwhile.
    pub fn create_new(&self, files: &[(String, String)]) -> Result<Vec<PathBuf>, Error> {
        let _lock = self.lock();
        let taken = |version| Source::folder(&self.root).map(|source| source.has(version));
        for (file, _) in files {
            if let Some(parsed) = parse_file_name(file)
                && taken(parsed.version)?
            {
                return Err(version_taken(file));
            }
        }
        let first = files.first().map(|(file, _)| file.as_str()).unwrap_or_default();
        self.create_all(files)?.ok_or_else(|| version_taken(first))
    }

    /// Writes files and removes others: all or nothing, and see [`finish`](Self::finish).
    pub(crate) fn replace(
        &self,
        written: &[(PathBuf, String)],
        removed: &[PathBuf],
    ) -> Result<(), Error> {
        moves::replace(&self.root, written, removed)
    }

    /// Finishes what [`crate::author::Rebase`] or [`crate::author::Squash`] had begun when its process ended; the new paths.
    pub fn finish(&self) -> Result<Vec<PathBuf>, Error> {
        let _lock = self.lock();
        moves::finish(&self.root)
    }
}

fn version_taken(file: &str) -> Error {
    let message = format!("the version of {file} was taken meanwhile: run it again");
    Error::usage("VERSION_TAKEN", message)
}

/// Whether files of this directory are being moved, or were when a process ended.
pub(crate) fn is_moving(root: &Path) -> bool {
    moves::journal(root).exists()
}

fn check_name(file: &str) -> Result<(), Error> {
    if parse_file_name(file).is_some() && !file.contains(['/', '\\']) {
        return Ok(());
    }
    let message = format!("{file} is no name of a migration: write <version>_<name>.up.sql");
    Err(Error::usage("BAD_FILE_NAME", message))
}

/// Takes back what was written before a failure; what cannot be removed is named by that failure.
fn remove(written: &[PathBuf]) {
    for path in written {
        let _ = fs::remove_file(path);
    }
}

fn holds_migrations(folder: &Path) -> bool {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_str().is_some_and(is_migration))
}

pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::usage("DIRECTORY_UNWRITABLE", format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_written_into_every_folder_and_never_over_another() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::init(root.path(), &[Engine::Sqlite, Engine::Postgres]).unwrap();
        let written = folder.create("1_a.up.sql", "SELECT 1;\n").unwrap().unwrap();
        assert_eq!(written.len(), 2);
        fs::remove_file(&written[0]).unwrap();
        assert_eq!(folder.create("1_a.up.sql", "other").unwrap(), None);
        assert!(!written[0].exists(), "what was begun is taken back");
        assert_eq!(fs::read_to_string(&written[1]).unwrap(), "SELECT 1;\n");
        assert_eq!(Folder::init(root.path(), &[]).unwrap_err().reason(), "FOLDER_NOT_EMPTY");
    }

    #[test]
    fn of_several_files_none_is_left_where_one_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::init(root.path(), &[]).unwrap();
        fs::write(root.path().join("1_a.down.sql"), "kept").unwrap();
        let pair = ["1_a.up.sql", "1_a.down.sql"].map(|name| (name.to_owned(), String::new()));
        assert_eq!(folder.create_all(&pair).unwrap(), None);
        let names: Vec<_> = fs::read_dir(root.path()).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(names, [root.path().join("1_a.down.sql")], "nor is anything staged");
        assert_eq!(fs::read_to_string(&names[0]).unwrap(), "kept");
    }

    #[test]
    fn only_names_of_migrations_are_written() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::init(root.path(), &[]).unwrap();
        for bad in ["a.sql", "one_a.sql", "1_a.txt", "1_../b_c.sql", "../1_a.sql"] {
            assert_eq!(folder.create(bad, "").unwrap_err().reason(), "BAD_FILE_NAME", "{bad}");
        }
    }
}
