use artisan_schema::Scope;
use artisan_schema::model::Schema;

use super::Autogenerate;
use super::desired::check_made;
use crate::backend::{Backend, connect};
use crate::history::Script;
use crate::scratch::{Collation, Likeness, Look, desired};
use crate::{Access, Error, Event, History, Observer, Phases, Runner, Target};

const READING: &str = "the schema was read";

/// The two scratch databases, and what was found in them.
pub(super) struct Sides {
    /// Follows the files, in the first.
    pub(super) runner: Runner,
    /// Stands in the second.
    wanted: Box<dyn Backend>,
    scope: Scope,
    /// What makes the schema that is wanted.
    pub(super) texts: Vec<Script>,
    /// What the files make.
    pub(super) from: Schema,
    /// What is wanted.
    pub(super) to: Schema,
}

impl Autogenerate<'_> {
    /// Makes both schemas in databases of their own and works with them.
    pub(super) async fn within_both<T>(
        &self,
        work: impl AsyncFnOnce(&mut Sides) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let history = History::build(self.source.clone())?.without_misspelt();
        let quiet = self.place.confined(&history, Look::Undone, self.options).await?;
        let desired = self.desired.cleaned(self.place.target.engine())?;
        tell(&self.options.observer, desired.warnings);
        let (texts, may_be_empty) = (desired.texts, desired.may_be_empty);
        self.place.guard_texts(&texts, &quiet).await?;
        let likeness = Likeness { collation: Collation::OfTarget, has_search_path: true };
        let both = async |here: &crate::DatabaseUrl, there: &crate::DatabaseUrl| {
            let wanted = connect(there, Access::Write, &quiet).await?;
            let runner = Runner::connect(here, Access::Write, history, quiet.clone()).await;
            let mut sides = match runner {
                Ok(runner) => Sides::new(runner, wanted, texts, self.scope.clone()),
                Err(error) => {
                    wanted.close().await;
                    return Err(error);
                }
            };
            let filled = sides.fill(self).await.map_err(Error::in_scratch).and_then(|()| {
                if may_be_empty {
                    return Ok(());
                }
                check_made(&sides.texts, &sides.from, &sides.to)
            });
            let result = match filled {
                Ok(()) => work(&mut sides).await,
                Err(error) => Err(error),
            };
            sides.close().await;
            result
        };
        self.place.within_two(likeness, &quiet, both).await
    }
}

impl Sides {
    fn new(runner: Runner, wanted: Box<dyn Backend>, texts: Vec<Script>, scope: Scope) -> Self {
        let empty = || Schema::empty(artisan_schema::model::Dialect::Sqlite);
        Self { runner, wanted, texts, scope, from: empty(), to: empty() }
    }

    async fn fill(&mut self, asked: &Autogenerate<'_>) -> Result<(), Error> {
        let Self { runner, wanted, scope, texts, .. } = self;
        let (observer, stop) = (&asked.options.observer, &asked.options.stop);
        let confines = runner.confines().clone();
        let wanted = async {
            for text in texts {
                tell(observer, desired::run(wanted.as_mut(), text, &confines, stop).await?);
            }
            let to = wanted.model(scope).await;
            to.map_err(|failure| failure.while_doing(READING))
        };
        let made = async {
            runner.upgrade(&Target::Heads, Phases::All).await?;
            runner.model(scope).await
        };
        // Each in a database of its own: a server with several cores does both at once. Neither is given up
        // in the middle of a statement when the other fails.
        let (to, from) = tokio::join!(wanted, made);
        let (to, from) = (asked.desired.completed(to?), from?);
        (self.from, self.to) = self.settled(from, to).await?;
        let idle = self.scope.unmatched();
        let idle = idle
            .map(|pattern| format!("nothing is named like `{pattern}`, which is to be ignored"));
        tell(observer, idle.collect());
        Ok(())
    }

    /// What the files make now, in the words of the schema that is wanted.
    pub(super) async fn read(&mut self) -> Result<Schema, Error> {
        let now = self.runner.model(&self.scope).await?;
        let (now, _) = self.settled(now, self.to.clone()).await?;
        Ok(now)
    }

    async fn settled(&mut self, from: Schema, to: Schema) -> Result<(Schema, Schema), Error> {
        let settled = self.wanted.settled(from, to).await;
        settled.map_err(|failure| failure.while_doing(READING))
    }

    /// What is in either of them and not looked at.
    pub(super) fn unmanaged(&self) -> Vec<String> {
        let mut all = [self.from.unmanaged.as_slice(), &self.to.unmanaged].concat();
        all.sort();
        all.dedup();
        all
    }

    async fn close(self) {
        self.runner.close().await;
        self.wanted.close().await;
    }
}

fn tell(observer: &Observer, warnings: Vec<String>) {
    for message in warnings {
        observer.tell(&Event::Noticed { message });
    }
}
