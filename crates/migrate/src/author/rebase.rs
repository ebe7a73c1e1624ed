mod chosen;
mod head;
mod misordered;

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::{Style, version};
use crate::folder::Move;
use crate::history::{Kind, parse_file_name};
use crate::{Error, Folder, History, Problem, Source};
use chosen::{Chosen, Stray};
use head::Change;

/// What a rebase would do: the revision, and those that name it, get versions higher than all
/// others. Nothing is written yet.
///
/// For revisions that were merged after a newer one was applied, for one of two heads, and for files
/// that are no history yet because a version is taken or not higher than that of a parent, or because
/// they name one that no file has. None of them may be applied anywhere: whoever has applied one has it
/// under its old version.
#[derive(Clone, Debug)]
pub struct Rebase {
    moved: Vec<Renumbered>,
    changes: Vec<Change>,
    /// Of files of a version that others have: what tells them from those.
    stray: Option<Stray>,
    /// Whether the files are no history yet, and `history` is that of the others.
    is_partial: bool,
    history: History,
}

/// A revision that gets another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbered {
    /// The version it had.
    pub from: i64,
    /// The version it has.
    pub to: i64,
    /// Its name.
    pub name: String,
}

/// A rebase that was carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebased {
    /// The files as they are called now.
    pub files: Vec<PathBuf>,
    /// Those of them whose text is another one, and with it the checksum.
    pub changed: Vec<PathBuf>,
}

impl Rebase {
    /// Finds the revisions that `texts` mean and decides what has to change.
    ///
    /// Several keep their order, and are rebased as one; only those of files that are a history can
    /// be. A text is a target or, where several files have one version, a file's name without its
    /// suffix, as in `7_add_users`, or all of it where that is the same too. `onto` is the target that
    /// the first is to build upon, instead of the one head of the others. Fails with [`Error::Usage`]
    /// where it is unclear which revision, or which parent, is meant.
    pub fn plan(
        source: Source,
        texts: &[&str],
        onto: Option<&str>,
        style: &Style,
        now: Option<OffsetDateTime>,
    ) -> Result<Self, Error> {
        let chosen = match (History::build(source.clone()), texts) {
            (Ok(history), _) => Chosen::of_history(history, source, texts, onto)?,
            (Err(Error::History(problem)), [text]) => match *problem {
                Problem::DuplicateVersion { .. } => Chosen::stray(source, text, onto)?,
                Problem::ParentNotOlder { .. }
                | Problem::UnknownParent { .. }
                | Problem::Cycle { .. } => Chosen::misordered(source, text, onto)?,
                other => return Err(other.into()),
            },
            (Err(error), _) => return Err(error),
        };
        chosen.plan(style, now)
    }

    /// The revisions that get another version, oldest first.
    #[must_use]
    pub fn moved(&self) -> &[Renumbered] {
        &self.moved
    }

    /// What the first one's file says that it depends on and cannot, itself or what no file has: it is taken out.
    #[must_use]
    pub fn dropped(&self) -> &[i64] {
        self.changes.first().map_or(&[], |change| change.dropped.as_slice())
    }

    /// Whether the files are no history as they are: [`history`](Self::history) lacks the revision.
    #[must_use]
    pub fn is_stray(&self) -> bool {
        self.is_partial
    }

    /// The checksum that tells whether it is this file of several of one name that is applied.
    #[must_use]
    pub fn checksum(&self) -> Option<&[u8]> {
        self.stray.as_ref()?.checksum.as_deref()
    }

    /// What a database can be compared with before anything is written.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Moves the files, in every engine's folder: all of them or none.
    ///
    /// Fails where the outcome would be no history, or where somebody took a version meanwhile.
    pub fn carry_out(&self, folder: &Folder) -> Result<Rebased, Error> {
        let _lock = folder.lock();
        if let Some(taken) = self.moved.iter().find(|moved| !version::is_free(folder, moved.to)) {
            let message = format!("{} was taken meanwhile: run it again", taken.to);
            return Err(Error::usage("VERSION_TAKEN", message));
        }
        let (mut moves, mut rebased) = (Vec::new(), Rebased::default());
        for place in folder.places() {
            self.collect(&place, &mut moves, &mut rebased)?;
        }
        folder.move_all(&moves)?;
        Ok(rebased)
    }

    /// Adds what has to be moved in this folder, after a look at what would come out.
    fn collect(
        &self,
        place: &Path,
        moves: &mut Vec<Move>,
        rebased: &mut Rebased,
    ) -> Result<(), Error> {
        let mut after = Source::folder(place)?;
        for file in &mut after.files {
            let Some((revision, change)) = self.step(&file.name) else { continue };
            // Nobody reads in a down file what it builds upon.
            let is_down = parse_file_name(&file.name).is_some_and(|name| name.kind == Kind::Down);
            let text = change.apply(&file.text, is_down);
            let from = place.join(&file.name);
            let to = place.join(version::renamed(&file.name, revision.to));
            if text != file.text {
                rebased.changed.push(to.clone());
            }
            rebased.files.push(to.clone());
            file.name = version::renamed(&file.name, revision.to);
            file.text = text.clone().into();
            moves.push(Move { from, to, text });
        }
        match History::build(after) {
            // Several mistakes are mended one by one.
            Err(Error::History(problem)) if self.is_partial && self.is_left(&problem) => Ok(()),
            built => built.map(|_| ()),
        }
    }

    /// Whether another rebase mends the problem, which is none of this one's making.
    fn is_left(&self, problem: &Problem) -> bool {
        match problem {
            Problem::DuplicateVersion { .. }
            | Problem::ParentNotOlder { .. }
            | Problem::Cycle { .. } => true,
            Problem::UnknownParent { parent, .. } => {
                !self.moved.iter().any(|moved| moved.from == *parent)
            }
            _ => false,
        }
    }

    /// The revision that a file belongs to, if it moves, and what changes in it.
    fn step(&self, file: &str) -> Option<(&Renumbered, &Change)> {
        let mut steps = self.moved.iter().zip(&self.changes);
        if let Some(stray) = &self.stray {
            return steps.next().filter(|_| stray.has(file));
        }
        let version = parse_file_name(file)?.version;
        steps.find(|(revision, _)| revision.from == version)
    }
}

#[cfg(test)]
mod tests;
