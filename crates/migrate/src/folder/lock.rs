use std::fs::File;
use std::path::Path;

/// Keeps other processes of this machine from writing into a directory at the same time.
///
/// The system releases it when the process ends. Where a directory cannot be locked (Windows, some
/// network file systems) nothing is: no file is ever written over another one all the same.
#[derive(Debug)]
pub(crate) struct Lock {
    _directory: Option<File>,
}

impl Lock {
    pub(super) fn take(directory: &Path) -> Self {
        let file = File::open(directory).ok().filter(|file| file.lock().is_ok());
        Self { _directory: file }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn second_one_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path());
        let other = File::open(folder.path()).unwrap();
        assert!(other.try_lock().is_err());
        drop(first);
        other.try_lock().unwrap();
    }
}
