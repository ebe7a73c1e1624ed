use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{unwritable, write};
use crate::Error;

/// A file that gets another name in its folder, and the text that it has there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) text: String,
}

/// What names the moves of a directory until all are done. sqlx ignores a file of this name.
pub(super) fn journal(root: &Path) -> PathBuf {
    root.join(".migrate-rebase")
}

/// Writes files and removes others, all or nothing; as [`all`].
pub(super) fn replace(
    root: &Path,
    written: &[(PathBuf, String)],
    removed: &[PathBuf],
) -> Result<(), Error> {
    let none = || String::new();
    let mut named = Vec::new();
    for (path, _) in written {
        named.push((none(), below(root, path)?));
    }
    // Behind what takes their place.
    for path in removed {
        named.push((below(root, path)?, none()));
    }
    let staged = written.iter().map(|(path, text)| (removed.first(), path, text));
    begin(root, &staged.collect::<Vec<_>>(), &named)
}

/// Moves the files, all or none.
///
/// The new texts are staged first, where most of what can fail does fail, with nothing changed. Then
/// the journal is written, and from there on it only goes forward: whoever finds a journal can
/// finish it. So a file is never lost, and never read under two names.
pub(super) fn all(root: &Path, moves: &[Move]) -> Result<(), Error> {
    let mut named = Vec::new();
    for step in moves {
        named.push((below(root, &step.from)?, below(root, &step.to)?));
    }
    begin(root, &staged(moves), &named)
}

/// A file to stage: one whose permissions it gets, its path, and its text.
type Staged<'a> = (Option<&'a PathBuf>, &'a PathBuf, &'a String);

fn staged(moves: &[Move]) -> Vec<Staged<'_>> {
    moves.iter().map(|step| (Some(&step.from), &step.to, &step.text)).collect()
}

fn begin(root: &Path, files: &[Staged<'_>], named: &[(String, String)]) -> Result<(), Error> {
    let staged = stage(files).and_then(|()| {
        let lines = named.iter().fold(String::new(), |mut lines, (from, to)| {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{from}\t{to}");
            lines
        });
        write::create(&journal(root), &lines).map_err(|error| unwritable(&journal(root), &error))
    });
    if let Err(error) = staged {
        for (_, to, _) in files {
            let _ = fs::remove_file(part(to));
        }
        return Err(error);
    }
    finish(root).map(|_| ())
}

/// Does what the journal says and is not done; the new paths. Nothing without a journal.
pub(super) fn finish(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let journal = journal(root);
    let lines = match fs::read_to_string(&journal) {
        Ok(lines) => lines,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unwritable(&journal, &error)),
    };
    let mut moved = Vec::new();
    for (from, to) in lines.lines().filter_map(|line| line.split_once('\t')) {
        let path = |name: &str| (!name.is_empty()).then(|| root.join(name));
        let (from, to) = (path(from), path(to));
        step(from.as_deref(), to.as_deref()).map_err(|error| {
            interrupted(&journal, to.as_ref().or(from.as_ref()).unwrap_or(&journal), &error)
        })?;
        moved.extend(to);
    }
    fs::remove_file(&journal).map_err(|error| unwritable(&journal, &error))?;
    Ok(moved)
}

/// One move, wherever it was interrupted: staged, then renamed, then the old name removed. A file
/// may be only written, or only removed.
fn step(from: Option<&Path>, to: Option<&Path>) -> io::Result<()> {
    if let Some(to) = to {
        publish(to)?;
    }
    match from.map_or(Ok(()), fs::remove_file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Gives what was staged its name.
fn publish(to: &Path) -> io::Result<()> {
    let part = part(to);
    if part.exists() {
        if to.exists() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "another file has this name"));
        }
        fs::rename(&part, to)?;
    } else if !to.exists() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "what was staged for it is gone"));
    }
    write::sync_folder(to);
    Ok(())
}

fn stage(files: &[Staged<'_>]) -> Result<(), Error> {
    for (like, to, text) in files {
        if to.exists() {
            let message = format!("{} exists already: run it again", to.display());
            return Err(Error::usage("VERSION_TAKEN", message));
        }
        let part = part(to);
        let staged = write::write(&part, text).and_then(|()| match like {
            None => Ok(()),
            Some(like) => fs::set_permissions(&part, fs::metadata(like)?.permissions()),
        });
        staged.map_err(|error| unwritable(to, &error))?;
    }
    Ok(())
}

fn part(to: &Path) -> PathBuf {
    write::staged(to, "part")
}

/// The path below the directory, as a line of the journal has it.
fn below(root: &Path, path: &Path) -> Result<String, Error> {
    let name = path.strip_prefix(root).ok().and_then(Path::to_str);
    let name = name.filter(|name| !name.contains(['\t', '\n', '\r']));
    name.map(str::to_owned).ok_or_else(|| {
        let message = format!("{} has a name that cannot be moved", path.display());
        Error::usage("BAD_FILE_NAME", message)
    })
}

fn interrupted(journal: &Path, to: &Path, error: &io::Error) -> Error {
    let message = format!(
        "cannot write {}: {error}; the rest is noted in {}, no file is lost: mend that and run the \
         same `migrate rebase` or `migrate squash` again, which finishes it",
        to.display(),
        journal.display()
    );
    Error::usage("REBASE_INTERRUPTED", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(root: &Path) -> Vec<String> {
        let entries = fs::read_dir(root).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn pair(root: &Path) -> Vec<Move> {
        let step = |from: &str, to: &str| {
            fs::write(root.join(from), from).unwrap();
            Move { from: root.join(from), to: root.join(to), text: to.to_owned() }
        };
        vec![step("1_a.up.sql", "3_a.up.sql"), step("1_a.down.sql", "3_a.down.sql")]
    }

    #[test]
    fn nothing_changes_where_one_name_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let moves = pair(root.path());
        fs::write(root.path().join("3_a.down.sql"), "other").unwrap();
        assert_eq!(all(root.path(), &moves).unwrap_err().reason(), "VERSION_TAKEN");
        assert_eq!(names(root.path()), ["1_a.down.sql", "1_a.up.sql", "3_a.down.sql"]);
        assert_eq!(fs::read_to_string(root.path().join("3_a.down.sql")).unwrap(), "other");
    }

    /// After each step of the work the process ends; then somebody finishes it.
    #[test]
    fn interrupted_moves_are_finished_from_every_state() {
        type Breaks = fn(&Path);
        let states: [Breaks; 4] = [
            |_| {},
            |root| fs::rename(root.join(".3_a.up.sql.part"), root.join("3_a.up.sql")).unwrap(),
            |root| {
                fs::rename(root.join(".3_a.up.sql.part"), root.join("3_a.up.sql")).unwrap();
                fs::remove_file(root.join("1_a.up.sql")).unwrap();
            },
            |root| {
                let paths = (root.join("1_a.down.sql"), root.join("3_a.down.sql"));
                step(Some(&paths.0), Some(&paths.1)).unwrap();
            },
        ];
        for (number, reach) in states.iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let moves = pair(root.path());
            stage(&staged(&moves)).unwrap();
            let lines = "1_a.up.sql\t3_a.up.sql\n1_a.down.sql\t3_a.down.sql\n";
            fs::write(journal(root.path()), lines).unwrap();
            reach(root.path());
            assert_eq!(finish(root.path()).unwrap().len(), 2, "state {number}");
            assert_eq!(names(root.path()), ["3_a.down.sql", "3_a.up.sql"], "state {number}");
            assert_eq!(fs::read_to_string(root.path().join("3_a.up.sql")).unwrap(), "3_a.up.sql");
            assert_eq!(finish(root.path()).unwrap(), Vec::<PathBuf>::new());
        }
    }
}
