use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::{Engine, Error};

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
    pub fn create(&self, file: &str, text: &str) -> Result<Option<Vec<PathBuf>>, Error> {
        let mut written = Vec::new();
        for place in self.places() {
            let path = place.join(file);
            match create_new(&path, text) {
                Ok(()) => written.push(path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    remove(&written);
                    return Ok(None);
                }
                Err(error) => {
                    remove(&written);
                    return Err(unwritable(&path, &error));
                }
            }
        }
        Ok(Some(written))
    }
}

/// Takes back what was written before a failure; what cannot be removed is named by that failure.
fn remove(written: &[PathBuf]) {
    for path in written {
        let _ = fs::remove_file(path);
    }
}

fn create_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn holds_migrations(folder: &Path) -> bool {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.path().extension().is_some_and(|extension| extension == "sql"))
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
}
