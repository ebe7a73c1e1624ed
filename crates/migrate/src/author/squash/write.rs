use std::fs;
use std::path::{Path, PathBuf};

use super::{Squash, SquashReport};
use crate::folder::unwritable;
use crate::{Engine, Error, Folder, Source};

impl Squash {
    /// Writes a proven baseline and removes the files that it stands for, all or nothing; copies of
    /// them go into `kept` before, if that is given.
    ///
    /// Fails where the proof found differences, and where a file was changed meanwhile.
    pub fn carry_out(
        &self,
        folder: &Folder,
        engine: Engine,
        report: &mut SquashReport,
        kept: Option<&Path>,
    ) -> Result<(), Error> {
        let (Some(sql), []) = (&report.sql, report.differences.as_slice()) else {
            return Err(Error::usage(
                "NOT_PROVEN",
                "the baseline is not proven: nothing is written",
            ));
        };
        let _lock = folder.lock();
        let place = folder.place(engine);
        self.check_unchanged(&Source::folder(&place)?)?;
        let removed: Vec<PathBuf> = self.removed().iter().map(|file| place.join(file)).collect();
        if let Some(kept) = kept {
            check_kept(folder.root(), kept)?;
            keep(&removed, &place, kept)?;
        }
        let mut written = vec![(place.join(self.up_file()), sql.clone())];
        let down = report.down_sql.clone();
        written.extend(down.map(|down| (place.join(self.down_file()), down)));
        folder.replace(&written, &removed)?;
        report.files = written.iter().map(|(path, _)| path.display().to_string()).collect();
        report.removed = removed.iter().map(|path| path.display().to_string()).collect();
        Ok(())
    }

    fn check_unchanged(&self, now: &Source) -> Result<(), Error> {
        let files = |source: &Source| -> Vec<(String, String)> {
            let files = source.files.iter();
            files.map(|file| (file.name.clone(), file.text.to_string())).collect()
        };
        let (mut planned, mut found) = (files(&self.source), files(now));
        planned.sort();
        found.sort();
        if planned == found {
            return Ok(());
        }
        Err(Error::usage("FILES_CHANGED", "files were changed meanwhile: run it again"))
    }
}

/// Refuses a folder that the migrations' folder would take for an engine's: its other files would not be
/// looked at any more, or old ones would be among those of another engine.
fn check_kept(root: &Path, kept: &Path) -> Result<(), Error> {
    let unreadable = |error| unwritable(kept, &error);
    let whole = std::path::absolute(kept).map_err(unreadable)?;
    let root = fs::canonicalize(root).map_err(unreadable)?;
    for folder in whole.ancestors() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_engine = ["sqlite", "mysql", "mariadb", "postgres"].contains(&name.as_str());
        let parent = folder.parent().and_then(|parent| fs::canonicalize(parent).ok());
        // What lies deeper in an engine's folder that is there is not looked at.
        let is_new = folder == whole || !folder.exists();
        if is_engine && is_new && parent.as_ref() == Some(&root) {
            let message = format!(
                "{} would be taken for the migrations of an engine: name another folder in --keep",
                folder.display()
            );
            return Err(Error::usage("ENGINES_FOLDER", message));
        }
    }
    Ok(())
}

/// Copies files into another folder than theirs, over none of another text.
fn keep(files: &[PathBuf], place: &Path, folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    if fs::canonicalize(folder).ok() == fs::canonicalize(place).ok() {
        let message =
            format!("{} is where they are removed: name another folder", folder.display());
        return Err(Error::usage("SAME_FOLDER", message));
    }
    for file in files {
        let copy = folder.join(file.file_name().unwrap_or_default());
        let failed = |error| unwritable(&copy, &error);
        let text = fs::read(file).map_err(failed)?;
        if copy.exists() && fs::read(&copy).map_err(failed)? != text {
            let message =
                format!("{} is there with another text: name another folder", copy.display());
            return Err(Error::usage("FILE_TAKEN", message));
        }
        fs::write(&copy, text).map_err(failed)?;
        fs::File::open(&copy).and_then(|copy| copy.sync_all()).map_err(failed)?;
    }
    Ok(())
}
