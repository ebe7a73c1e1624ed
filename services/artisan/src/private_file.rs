//! Files that only their owner may read: the signing key and the first administrator's password.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is written but not yet in its place.
#[derive(Debug)]
pub(crate) struct Staged {
    from: PathBuf,
    to: PathBuf,
}

/// Writes a file beside its place; its folder is made where it is missing.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn stage(path: &Path, text: &str) -> io::Result<Staged> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    // A file would come in the place of a file, but of nothing else.
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    // Appended: with another extension it might be the name of somebody else's file.
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.new", u64::from_ne_bytes(random)));
    let from = path.with_file_name(name);
    let mut file = create(&from)?;
    let staged = Staged { from, to: path.to_owned() };
    match file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        Ok(()) => Ok(staged),
        Err(error) => {
            let _ = staged.discard();
            Err(error)
        }
    }
}

/// Writes a file, whole or not at all.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    stage(path, text)?.commit()
}

/// Reads a file, or `None` where there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub(crate) fn find(path: &Path) -> io::Result<Option<String>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Staged {
    /// Moves the file to its place.
    pub(crate) fn commit(self) -> io::Result<()> {
        std::fs::rename(&self.from, &self.to).inspect_err(|_| {
            let _ = std::fs::remove_file(&self.from);
        })
    }

    /// Moves the file to its place; where that fails, it is kept, and tells where.
    pub(crate) fn commit_or_keep(self) -> Result<(), (PathBuf, io::Error)> {
        std::fs::rename(&self.from, &self.to).map_err(|error| (self.from, error))
    }

    /// Removes the file.
    pub(crate) fn discard(self) -> io::Result<()> {
        std::fs::remove_file(&self.from)
    }
}

/// A folder that this program makes holds people's data: nobody else may look into it.
#[cfg(unix)]
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(unix)]
pub(crate) fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
pub(crate) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Opens a file without secrets as it is, or makes an empty one: whoever it belongs to, others may open it too.
pub(crate) fn open_shared(path: &Path) -> io::Result<File> {
    let made = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    made.or_else(|error| File::open(path).map_err(|_| error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_found_and_only_the_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/secret");
        assert_eq!(find(&path).unwrap(), None);
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(find(&path).unwrap().as_deref(), Some("two"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
        }
    }

    #[test]
    fn a_file_of_another_extension_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("accounts.new");
        std::fs::write(&other, "theirs").unwrap();
        write(&folder.path().join("accounts.json"), "ours").unwrap();
        assert_eq!(find(&other).unwrap().as_deref(), Some("theirs"));
    }

    #[test]
    fn discarded_file_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        write(&path, "old").unwrap();
        stage(&path, "new").unwrap().discard().unwrap();
        assert_eq!(find(&path).unwrap().as_deref(), Some("old"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
