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

/// Moves the files, all or none.
///
/// The new texts are staged first, where most of what can fail does fail, with nothing changed. Then
/// the journal is written, and from there on it only goes forward: whoever finds a journal can
/// finish it. So a file is never lost, and never read under two names.
pub(super) fn all(root: &Path, moves: &[Move]) -> Result<(), Error> {
    let named = moves.iter().map(|step| named(root, step)).collect::<Result<Vec<_>, _>>()?;
    let staged = stage(moves).and_then(|()| {
        let lines = named.iter().fold(String::new(), |mut lines, (from, to)| {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{from}\t{to}");
            lines
        });
        write::create(&journal(root), &lines).map_err(|error| unwritable(&journal(root), &error))
    });
    if let Err(error) = staged {
        for step in moves {
            let _ = fs::remove_file(part(&step.to));
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
        let (from, to) = (root.join(from), root.join(to));
        step(&from, &to).map_err(|error| interrupted(&journal, &to, &error))?;
        moved.push(to);
    }
    fs::remove_file(&journal).map_err(|error| unwritable(&journal, &error))?;
    Ok(moved)
}

/// One move, wherever it was interrupted: staged, then renamed, then the old name removed.
fn step(from: &Path, to: &Path) -> io::Result<()> {
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
    match fs::remove_file(from) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn stage(moves: &[Move]) -> Result<(), Error> {
    for step in moves {
        if step.to.exists() {
            let message = format!("{} exists already: run it again", step.to.display());
            return Err(Error::usage("VERSION_TAKEN", message));
        }
        let part = part(&step.to);
        let staged = write::write(&part, &step.text).and_then(|()| {
            let permissions = fs::metadata(&step.from)?.permissions();
            fs::set_permissions(&part, permissions)
        });
        staged.map_err(|error| unwritable(&step.to, &error))?;
    }
    Ok(())
}

fn part(to: &Path) -> PathBuf {
    write::staged(to, "part")
}

/// Both paths below the directory, as a line of the journal has them.
fn named(root: &Path, step: &Move) -> Result<(String, String), Error> {
    let below = |path: &Path| {
        let name = path.strip_prefix(root).ok().and_then(Path::to_str);
        let name = name.filter(|name| !name.contains(['\t', '\n', '\r']));
        name.map(str::to_owned).ok_or_else(|| {
            let message = format!("{} has a name that cannot be moved", path.display());
            Error::usage("BAD_FILE_NAME", message)
        })
    };
    Ok((below(&step.from)?, below(&step.to)?))
}

fn interrupted(journal: &Path, to: &Path, error: &io::Error) -> Error {
    let message = format!(
        "cannot write {}: {error}; the rest is noted in {}, no file is lost: mend that and run the \
         same `migrate rebase` again, which finishes it",
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
            |root| step(&root.join("1_a.down.sql"), &root.join("3_a.down.sql")).unwrap(),
        ];
        for (number, reach) in states.iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let moves = pair(root.path());
            stage(&moves).unwrap();
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
