//! A file that is there whole or not at all, and never in the place of another one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::private_file;

/// A file that is written beside its place, and removed unless it is committed. Only its owner may read it.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: File,
    from: PathBuf,
    to: PathBuf,
}

impl NewFile {
    /// Begins one whose place must be free, in a folder that must be there.
    pub(crate) fn create(to: &Path) -> Result<Self, Failure> {
        let told = to.display().to_string();
        if fs::symlink_metadata(to).is_ok() {
            return Err(Failure::Exists { path: told });
        }
        if !names_a_file(to) {
            let why = io::Error::new(io::ErrorKind::InvalidInput, "it names no file but a folder");
            return Err(Failure::NotCreated { path: told, source: why });
        }
        let create = || {
            // Two at once are two files, and the first that is whole gets the place.
            let mut random = [0; 8];
            getrandom::fill(&mut random).map_err(io::Error::other)?;
            let mut name = to.file_name().unwrap_or_default().to_owned();
            name.push(format!(".{:016x}.partial", u64::from_ne_bytes(random)));
            let from = to.with_file_name(name);
            private_file::create(&from).map(|file| Self { file, from, to: to.to_owned() })
        };
        create().map_err(|source| Failure::NotCreated { path: told, source })
    }

    /// Makes it last, and moves it to its place if that is still free.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        let path = || self.to.display().to_string();
        let failed = |source| Failure::File { path: path(), source };
        self.file.sync_all().map_err(failed)?;
        match fs::hard_link(&self.from, &self.to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Failure::Exists { path: path() });
            }
            // Some file systems have no links.
            Err(_) => self.claim_and_rename()?,
        }
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        sync_folder(folder.unwrap_or(Path::new(".")));
        Ok(())
    }

    /// Takes the place with an empty file, which fails where one is, and puts the whole one over it.
    fn claim_and_rename(&self) -> Result<(), Failure> {
        let path = || self.to.display().to_string();
        private_file::create(&self.to).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => Failure::Exists { path: path() },
            _ => Failure::File { path: path(), source },
        })?;
        fs::rename(&self.from, &self.to).map_err(|source| {
            // The empty one is ours.
            let _ = fs::remove_file(&self.to);
            Failure::File { path: path(), source }
        })
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // In its place it has the other name only; and where it cannot be removed, its name says what it is.
        let _ = fs::remove_file(&self.from);
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// That a file has its name is kept by the folder. The file is whole and in its place already, so that a
/// folder that cannot be read, or a file system that does not know of this, is no failure.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Whether the path ends with a name: not with a slash, nor with a dot behind one.
pub(crate) fn names_a_file(path: &Path) -> bool {
    let end = path.as_os_str().as_encoded_bytes();
    path.file_name().is_some_and(|name| end.ends_with(name.as_encoded_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.into_string().unwrap()).collect()
    }

    #[test]
    fn a_committed_file_is_whole_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export");
        let mut new = NewFile::create(&path).unwrap();
        new.write_all(b"all").unwrap();
        assert!(!path.exists());
        new.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"all");
        assert_eq!(names(folder.path()), ["export"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_was_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut new = NewFile::create(&folder.path().join("export")).unwrap();
        new.write_all(b"half").unwrap();
        drop(new);
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn what_came_in_between_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export");
        let mut new = NewFile::create(&path).unwrap();
        new.write_all(b"late").unwrap();
        fs::write(&path, "early").unwrap();
        assert!(matches!(new.commit(), Err(Failure::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"early");
        assert_eq!(names(folder.path()), ["export"]);
    }

    #[test]
    fn without_links_the_place_is_claimed_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export");
        let mut new = NewFile::create(&path).unwrap();
        new.write_all(b"all").unwrap();
        new.claim_and_rename().unwrap();
        drop(new);
        assert_eq!(fs::read(&path).unwrap(), b"all");
        assert_eq!(names(folder.path()), ["export"]);
        let other = folder.path().join("other");
        let late = NewFile::create(&other).unwrap();
        fs::write(&other, "early").unwrap();
        assert!(matches!(late.claim_and_rename(), Err(Failure::Exists { .. })));
        drop(late);
        assert_eq!(fs::read(&other).unwrap(), b"early");
    }

    #[test]
    fn a_path_that_ends_in_a_slash_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for end in ["export/", "export/."] {
            let created = NewFile::create(&folder.path().join(end));
            assert!(matches!(created, Err(Failure::NotCreated { .. })), "{end}");
        }
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn a_folder_that_is_missing_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let created = NewFile::create(&folder.path().join("missing/export"));
        assert!(matches!(created, Err(Failure::NotCreated { .. })));
        assert_eq!(names(folder.path()), [""; 0]);
    }
}
