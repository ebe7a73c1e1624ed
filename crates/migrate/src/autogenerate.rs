//! From the difference between the schema that the files make and the one that is wanted to the files of a
//! new revision, proven before they are written.
//!
//! Both schemas are made in scratch databases of the target's engine and read with the same queries, so
//! that the server's own way of writing things down cancels out. What is generated is applied to the
//! first of them, taken back, and applied once more, by the runner itself; each time the catalog has to be
//! what it should be. Nothing is ever guessed: what may be a rename is asked about.

mod compare;
mod decide;
mod desired;
mod files;
mod opaque;
mod portable;
mod proof;
mod shown;
mod strict;

use artisan_schema::Scope;
use artisan_schema::ddl::{self, Statement};
use artisan_schema::difference::Lookalike;

use compare::Sides;
pub use decide::Answer;
pub use desired::Desired;
pub(crate) use shown::UNTOLD;

use crate::author::{Draft, Drafted};
use crate::scratch::ScratchPlace;
use crate::{Difference, Error, Event, Options, Source};

/// What is compared, and where.
#[derive(Debug)]
pub struct Autogenerate<'a> {
    /// Where scratch databases are made.
    pub place: ScratchPlace<'a>,
    /// Time limits, and the ties to the program around it.
    pub options: &'a Options,
    /// The files of the target's engine.
    pub source: Source,
    /// The schema that is wanted.
    pub desired: &'a Desired,
    /// What is looked at.
    pub scope: Scope,
    /// How the statements are written.
    pub style: ddl::Style,
    /// Tables (`users`) and columns (`users.email`) that are dropped, whatever they look like.
    pub dropped: Vec<String>,
    /// Tables (`people` to `users`) and columns (`users.mail` to `users.email`) that keep what they hold.
    pub renamed: Vec<(String, String)>,
}

/// What came out.
#[derive(Debug)]
pub struct Generated {
    /// The new revisions, in order; none if nothing differs.
    pub drafted: Vec<Drafted>,
    /// What they change.
    pub changes: Vec<Difference>,
    /// What of the data is lost on the way up, for people.
    pub losses: Vec<String>,
    /// What is there and not looked at, for people.
    pub unmanaged: Vec<String>,
}

/// What the files lack of the desired schema.
#[derive(Debug)]
pub struct Compared {
    /// What would have to be done.
    pub differences: Vec<Difference>,
    /// What is there and not looked at, for people.
    pub unmanaged: Vec<String>,
}

/// Whoever knows whether what looks like a rename is one.
pub type Asker<'a> = dyn Fn(&Lookalike) -> Answer + 'a;

impl Autogenerate<'_> {
    /// The files of the revisions that lead to the desired schema, proven and not yet written.
    ///
    /// Fails with [`Error::Usage`] where the desired schema cannot be made, and where something may be a
    /// rename and nobody knows; with [`Error::Unproven`] where what was generated does not lead there and
    /// back.
    pub async fn generate(&self, draft: &Draft, ask: &Asker<'_>) -> Result<Generated, Error> {
        self.within_both(async |sides| {
            let scripts = self.written(sides, ask)?;
            portable::tell(self.place.target.engine(), &scripts, &self.options.observer);
            self.tell_unless_strict(&scripts).await?;
            let files =
                files::Files::new(self.place.target.engine(), &self.source, draft, &scripts)?;
            if !scripts.is_empty() {
                proof::prove(sides, &files).await?;
            }
            let up: Vec<&Statement> = scripts.iter().flat_map(|script| &script.up).collect();
            Ok(Generated {
                losses: up.iter().filter_map(|one| one.loses.clone()).collect(),
                changes: up.iter().map(|statement| change(statement)).collect(),
                unmanaged: sides.unmanaged(),
                drafted: files.drafted,
            })
        })
        .await
    }

    /// What would have to be done so that the files make the desired schema; renames count as such
    /// only where the desired schema says so, and others are told.
    pub async fn compare(&self) -> Result<Compared, Error> {
        self.within_both(async |sides| {
            let scripts = self.written(sides, &|one| {
                let message = decide::told_as_drop(one, self.desired.is_marked());
                self.options.observer.tell(&Event::Noticed { message });
                Answer::Drop
            })?;
            let up = scripts.iter().flat_map(|script| &script.up);
            Ok(Compared { differences: up.map(change).collect(), unmanaged: sides.unmanaged() })
        })
        .await
    }

    /// The statements that lead from the desired schema back to the one that the files make.
    ///
    /// Fails as [`Autogenerate::generate`] does where something may be a rename and nobody knows.
    pub async fn way_back(&self, ask: &Asker<'_>) -> Result<String, Error> {
        let scripts = self.within_both(async |sides| self.written(sides, ask)).await?;
        self.tell_unless_strict(&scripts).await?;
        Ok(scripts.iter().rev().map(|script| files::text(&script.down)).collect())
    }

    /// The statements of both ways, unless they would lose what no comparison shows.
    fn written(&self, sides: &Sides, ask: &Asker<'_>) -> Result<Vec<ddl::Script>, Error> {
        let decided = self.decide(sides, ask)?;
        let scripts = ddl::scripts(&decided.up, &decided.back, self.style);
        self.check_shown(&scripts, sides)?;
        opaque::check(&scripts, sides)?;
        opaque::check_told(&decided, &scripts)?;
        Ok(scripts)
    }
}

fn change(statement: &Statement) -> Difference {
    Difference {
        kind: statement.change,
        object: statement.object.to_string(),
        sql: Some(files::with_loss(statement)),
    }
}
