use artisan_schema::Scope;
use artisan_schema::model::Schema;

use super::Autogenerate;
use crate::backend::{Backend, connect};
use crate::scratch::{Collation, Look, desired};
use crate::{Access, Error, History, Phases, Runner, Target};

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
        for text in asked.desired.texts() {
            desired::run(self.wanted.as_mut(), text, self.runner.confines()).await?;
        }
        self.runner.upgrade(&Target::Heads, Phases::All).await?;
        (self.from, self.to) = self.read().await?;
        Ok(())
    }

    /// Both schemas as they are now.
    pub(super) async fn read(&mut self) -> Result<(Schema, Schema), Error> {
        let doing = "the schema was read";
        let from = self.runner.model(&self.scope).await?;
        let to = self.wanted.model(&self.scope).await;
        let to = to.map_err(|failure| failure.while_doing(doing))?;
        let settled = self.wanted.settled(from, to).await;
        settled.map_err(|failure| failure.while_doing(doing))
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
