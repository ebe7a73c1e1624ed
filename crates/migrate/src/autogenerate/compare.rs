use artisan_schema::Scope;
use artisan_schema::model::Schema;

use super::Autogenerate;
use crate::backend::{Backend, connect};
use crate::scratch::{Collation, Look, desired};
use crate::{Access, Error, History, Phases, Runner, Target};

const READING: &str = "the schema was read";

/// The two scratch databases, and what was found in them.
pub(super) struct Sides {
    /// Follows the files, in the first.
    pub(super) runner: Runner,
    /// Stands in the second.
    wanted: Box<dyn Backend>,
    scope: Scope,
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
        self.place.guard_texts(self.desired.texts(), &quiet).await?;
        let collation = Collation::OfTarget;
        let both = async |here: &crate::DatabaseUrl| {
            let there = async |there: &crate::DatabaseUrl| {
                let wanted = connect(there, Access::Write, &quiet).await?;
                let runner = Runner::connect(here, Access::Write, history, quiet.clone()).await;
                let mut sides = match runner {
                    Ok(runner) => Sides::new(runner, wanted, self.scope.clone()),
                    Err(error) => {
                        wanted.close().await;
                        return Err(error);
                    }
                };
                let result = match sides.fill(self).await {
                    Ok(()) => work(&mut sides).await,
                    Err(error) => Err(error),
                };
                sides.close().await;
                result
            };
            self.place.within(collation, &quiet, there).await
        };
        self.place.within(collation, &quiet, both).await
    }
}

impl Sides {
    fn new(runner: Runner, wanted: Box<dyn Backend>, scope: Scope) -> Self {
        let empty = || Schema::empty(artisan_schema::model::Dialect::Sqlite);
        Self { runner, wanted, scope, from: empty(), to: empty() }
    }

    async fn fill(&mut self, asked: &Autogenerate<'_>) -> Result<(), Error> {
        let Self { runner, wanted, scope, .. } = self;
        let confines = runner.confines().clone();
        let wanted = async {
            for text in asked.desired.texts() {
                desired::run(wanted.as_mut(), text, &confines).await?;
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
        (self.from, self.to) = self.settled(from?, to?).await?;
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
