use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Holder;
use crate::owner;

/// An exclusive lock of the operating system on a file beside the database.
///
/// The system releases it when the process ends, in whatever way. The file stays: removing it would
/// let two processes lock two files of one name. Its text names the holder, for people only.
#[derive(Debug)]
pub(super) struct FileLock {
    path: PathBuf,
    file: Option<File>,
}

impl FileLock {
    pub(super) fn beside(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push(".migrate-lock");
        Self { path: PathBuf::from(name), file: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// One attempt; `Some` names the holder if there is another one.
    pub(super) fn try_lock(&mut self) -> io::Result<Option<Holder>> {
        if self.file.is_some() {
            return Ok(None);
        }
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(&self.path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                file.write_all(owner::for_people().as_bytes())?;
                self.file = Some(file);
                Ok(None)
            }
            Err(TryLockError::WouldBlock) => {
                let text = std::fs::read_to_string(&self.path).unwrap_or_default();
                let session = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                Ok(Some(Holder { session, ..Holder::default() }))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub(super) fn unlock(&mut self) {
        // Closing the file releases the lock.
        self.file = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_attempt_names_the_holder_and_the_first_can_be_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.db");
        let (mut first, mut second) = (FileLock::beside(&database), FileLock::beside(&database));
        assert_eq!(first.try_lock().unwrap(), None);
        let holder = second.try_lock().unwrap().unwrap();
        assert!(holder.to_string().contains(&std::process::id().to_string()));
        first.unlock();
        assert_eq!(second.try_lock().unwrap(), None);
    }
}
