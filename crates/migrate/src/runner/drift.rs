use std::collections::BTreeSet;

use artisan_schema::Scope;
use artisan_schema::model::Schema;

use super::{Doing, Runner};
use crate::backend::Kind;
use crate::dump::{self, Contents, Drift, SchemaReport};
use crate::scratch::ScratchPlace;
use crate::{Engine, Error, Event, History, Problem, Source};

impl Runner {
    /// The live schema as SQL that makes it again. Writes nothing.
    pub async fn schema(&mut self) -> Result<SchemaReport, Error> {
        let provided = &self.options.create_schemas;
        dump::read(self.backend.as_mut(), provided).await.doing("the schema was read")
    }

    /// The live schema as a model: tables with their columns, keys and references. Writes nothing.
    pub async fn model(&mut self, scope: &Scope) -> Result<Schema, Error> {
        self.backend.model(scope).await.doing("the schema was read")
    }

    /// The rows of all tables, and where sequences stand. Writes nothing.
    pub(crate) async fn contents(&mut self) -> Result<Contents, Error> {
        dump::rows::read(self.backend.as_mut()).await.doing("rows were read")
    }

    /// How the live schema differs from what its applied revisions make in a scratch database, as far as it is in
    /// scope, and what was not looked at, in words: single partitions that differ, which are not managed, and what
    /// the server does not tell; patterns that leave nothing out are told.
    ///
    /// Writes nothing to the database itself. Fails where the applied revisions cannot be replayed: an
    /// edited file, a revision that these files do not know, or one that is half-applied.
    pub async fn verify_drift(
        &mut self,
        place: ScratchPlace<'_>,
        scope: &Scope,
    ) -> Result<(Vec<Drift>, Vec<String>), Error> {
        let applied = self.applied().await?;
        let expected = place.replay(applied, &self.options).await?;
        let found = self.schema().await?;
        let (engine, current) = (self.engine(), self.current_schema().await?);
        let within = |schema: SchemaReport| schema.within(engine, scope, &current);
        let differences = dump::drift(&within(expected), &within(found));
        for pattern in scope.unmatched() {
            let message = format!("nothing is named like `{pattern}`, which is to be ignored");
            self.options.observer.tell(&Event::Noticed { message });
        }
        Ok(differences)
    }

    /// The schema of `PostgreSQL` whose objects are named without it.
    async fn current_schema(&mut self) -> Result<String, Error> {
        if self.engine() != Engine::Postgres {
            return Ok(String::new());
        }
        let sql = "SELECT coalesce(current_schema()::text, 'public')";
        let rows = self.backend.read(sql, &[], &[Kind::Text]).await;
        let rows = rows.doing("the current schema was asked for")?;
        let current = rows.first().map_or(Ok("public"), |row| row.text(0));
        current.map(str::to_owned).doing("the current schema was asked for")
    }

    /// Those of the files that belong to applied revisions. Fails where [`Runner::verify_drift`] does.
    pub async fn applied_files(&mut self, mut source: Source) -> Result<Source, Error> {
        let applied = self.applied().await?;
        let scripts = applied.revisions().iter().flat_map(|r| [Some(&r.up), r.down.as_ref()]);
        let names: BTreeSet<&str> = scripts.flatten().map(|script| script.file.as_str()).collect();
        source.files.retain(|file| names.contains(file.name.as_str()));
        Ok(source)
    }

    /// What is applied, if it can be replayed.
    async fn applied(&mut self) -> Result<History, Error> {
        let standing = self.standing().await?;
        self.check_checksums(&standing).await?;
        if let Some(&version) = standing.interrupted().first() {
            return Err(Problem::HalfApplied { version }.into());
        }
        if let Some(row) = standing.rows().find(|row| self.history.find(row.version).is_none()) {
            return Err(Problem::UnknownVersion { version: row.version, is_kept: false }.into());
        }
        Ok(self.history.only(|version| standing.has(version)))
    }
}
