//! One program at a time makes or changes what lies beside a database.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::failure::Failure;
use crate::private_file;

/// Never removed: whoever waits for a file that is gone waits for another one than the next.
const NAME: &str = ".lock";
/// Longer than another start waits for the migrations of a third one.
const PATIENCE: Duration = Duration::from_mins(10);
const PAUSE: Duration = Duration::from_millis(50);

/// Held while the key, the database and the password are made; the system lets go of it when the process ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    /// None where nothing can be written, or the file system has no locks.
    _file: Option<File>,
}

impl FolderLock {
    /// Makes the folder where it is missing, and waits until nobody else holds it.
    pub(crate) async fn take(folder: &Path) -> Result<Self, Failure> {
        let path = || folder.display().to_string();
        let made = private_file::create_folder(folder);
        made.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                Failure::NoFolder { path: path() }
            }
            _ => Failure::File { path: path(), source },
        })?;
        let lock = folder.join(NAME);
        let file = match private_file::open_shared(&lock) {
            Ok(file) => file,
            Err(source) if lock.try_exists().unwrap_or(false) => {
                return Err(Failure::File { path: lock.display().to_string(), source });
            }
            // Nothing is made there: what has to be says so itself.
            Err(error) => {
                tracing::debug!(%error, "the folder is not locked");
                return Ok(Self { _file: None });
            }
        };
        let end = Instant::now() + PATIENCE;
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: Some(file) }),
                Err(TryLockError::WouldBlock) if !is_told => {
                    tracing::info!(folder = %path(), "waiting for another artisan that starts there");
                    is_told = true;
                }
                Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(PAUSE).await,
                Err(TryLockError::WouldBlock) => return Err(Failure::Busy { path: path() }),
                Err(TryLockError::Error(error)) => {
                    tracing::warn!(folder = %path(), %error, "the file system has no locks: start one artisan at a time");
                    return Ok(Self { _file: None });
                }
            }
        }
    }
}
