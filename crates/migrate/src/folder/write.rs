use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file that must not exist yet; it is there whole or not at all.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    let staged = staged(path, &std::process::id().to_string());
    let written = write(&staged, text).and_then(|()| publish(&staged, path, text));
    // A left-over has a name that nobody looks at.
    let _ = fs::remove_file(&staged);
    written?;
    sync_folder(path);
    Ok(())
}

/// Writes a file and waits until the disk has it.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A name beside the file's that sqlx and this runner ignore, as it does not end in `.sql`.
pub(super) fn staged(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{suffix}"))
}

/// Makes new names last.
pub(super) fn sync_folder(path: &Path) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    // Not every system can do that with a directory.
    let _ = File::open(parent.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
}

/// Gives a staged file its name, unless another one has it: a link never replaces anything, which a
/// renaming would.
fn publish(staged: &Path, path: &Path, text: &str) -> io::Result<()> {
    match fs::hard_link(staged, path) {
        // How file systems without links answer; who may really not write is told so below.
        Err(error)
            if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) =>
        {
            let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        }
        linked => linked,
    }
}
