use std::collections::BTreeSet;

use artisan_schema::Scope;
use artisan_schema::model::Schema;

use super::{Doing, Runner};
use crate::dump::{self, Contents, Drift, SchemaReport};
use crate::scratch::ScratchPlace;
use crate::{Error, History, Problem, Source};

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

    /// How the live schema differs from what its applied revisions make in a scratch database, and in which single
    /// partitions, which are not managed, in words.
    ///
    /// Writes nothing to the database itself. Fails where the applied revisions cannot be replayed: an
    /// edited file, a revision that these files do not know, or one that is half-applied.
    pub async fn verify_drift(
        &mut self,
        place: ScratchPlace<'_>,
    ) -> Result<(Vec<Drift>, Vec<String>), Error> {
        let applied = self.applied().await?;
        let expected = place.replay(applied, &self.options).await?;
        let found = self.schema().await?;
        Ok(dump::drift(&expected, &found))
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
