mod collation;
mod head;
mod proof;
mod unwritable;
mod write;

use std::collections::BTreeSet;

use super::slug;
use crate::history::{Along, rename};
use crate::source::SourceFile;
use crate::{Access, DatabaseUrl, Error, History, Options, Revision, Runner, Source, Target};

pub use proof::SquashReport;

/// A squash: one baseline takes the place of a revision and all that it builds upon.
///
/// Its up file makes what they make, rows included. It has the version of the newest of them, so that
/// files that build upon that one stay as they are, and so do those that name another: checksums of
/// applied files must not change.
#[derive(Clone, Debug)]
pub struct Squash {
    history: History,
    source: Source,
    version: i64,
    squashed: BTreeSet<i64>,
    /// Version and name, as files are called.
    stem: String,
    /// The directives of the up file.
    head: String,
}

impl Squash {
    /// Finds what is squashed by a baseline of this name in one engine's files.
    ///
    /// Fails with [`Error::Usage`] where there are fewer than two revisions, where one that stays
    /// could not build upon the baseline, and where the baseline's file has a name that is taken.
    pub fn plan(
        source: Source,
        to: &Target,
        message: &str,
        longest_slug: usize,
    ) -> Result<Self, Error> {
        let history = History::build(source.clone())?;
        let newest = history.resolve(to)?;
        let version = newest.version;
        let squashed = history.ancestors([version], Along::Needs);
        if squashed.len() < 2 {
            let message =
                format!("{version} builds upon nothing: there is nothing to squash it with");
            return Err(Error::usage("NOTHING_TO_SQUASH", message));
        }
        let digits = newest.up.file.split_once('_').map_or("", |(digits, _)| digits);
        let stem = format!("{digits}_{}", slug(message, longest_slug)?);
        let head = head::of(&history, &squashed, version);
        let squash = Self { history, source, version, squashed, stem, head };
        squash.check_name()?;
        squash.check_rest()?;
        Ok(squash)
    }

    /// The revisions that are squashed, oldest first.
    #[must_use]
    pub fn squashed(&self) -> Vec<&Revision> {
        self.history.chosen(&self.squashed)
    }

    /// The first of them that a database lacks which has others of them: the baseline cannot take their place
    /// there. Writes nothing.
    pub async fn first_missing(
        &self,
        url: &DatabaseUrl,
        options: &Options,
    ) -> Result<Option<&Revision>, Error> {
        let history = self.history.clone();
        let mut runner = Runner::connect(url, Access::Read, history, options.clone()).await?;
        let missing = runner.missing_of(&self.squashed).await;
        runner.close().await;
        Ok(missing?.and_then(|version| self.history.find(version)))
    }

    /// The history of the squashed revisions alone.
    fn before(&self) -> History {
        self.history.only(|version| self.squashed.contains(&version))
    }

    fn up_file(&self) -> String {
        format!("{}.up.sql", self.stem)
    }

    fn down_file(&self) -> String {
        format!("{}.down.sql", self.stem)
    }

    /// The names of the files that go.
    fn removed(&self) -> Vec<String> {
        let scripts = |revision: &Revision| {
            let down = revision.down.as_ref().map(|down| down.file.clone());
            std::iter::once(revision.up.file.clone()).chain(down).collect::<Vec<_>>()
        };
        self.squashed().into_iter().flat_map(scripts).collect()
    }

    fn check_name(&self) -> Result<(), Error> {
        let own = [self.up_file(), self.down_file()];
        match self.removed().iter().find(|file| own.contains(file)) {
            None => Ok(()),
            Some(file) => {
                let message = format!("{file} is one of the files that go: write another -m");
                Err(Error::usage("NAME_TAKEN", message))
            }
        }
    }

    /// Refuses to squash where a revision that stays would build upon something else afterwards.
    fn check_rest(&self) -> Result<(), Error> {
        let after = self.after().map_err(|error| self.unfit(&error.to_string()))?;
        let aliases = self.squashed.iter().map(|old| (*old, self.version)).collect();
        for revision in after.revisions().iter().filter(|r| r.version != self.version) {
            let Some(before) = self.history.find(revision.version) else { continue };
            let mut parents = before.parents.clone();
            rename(&mut parents, &aliases);
            // Where another parent brings the baseline, it is left out.
            if revision.parents.iter().any(|parent| *parent != self.version) {
                parents
                    .retain(|parent| revision.parents.contains(parent) || *parent != self.version);
            }
            if revision.parents != parents {
                let cause = format!(
                    "{} does not say what it builds upon, and would build upon something else",
                    revision.up.file
                );
                return Err(self.unfit(&cause));
            }
        }
        Ok(())
    }

    fn unfit(&self, cause: &str) -> Error {
        let message = format!(
            "squashing up to {} leaves files that are no history: {cause}; name a later revision in --to, \
             one that joins the branches",
            self.version
        );
        Error::usage("CANNOT_SQUASH", message)
    }

    /// The files as they will be, the baseline without its statements.
    fn after(&self) -> Result<History, Error> {
        let removed: BTreeSet<String> = self.removed().into_iter().collect();
        let mut source = self.source.clone();
        source.files.retain(|file| !removed.contains(&file.name));
        source.files.push(SourceFile { name: self.up_file(), text: self.head.clone().into() });
        History::build(source)
    }
}
