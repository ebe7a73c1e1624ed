use artisan_schema::Scope;

use super::{Doing, Runner};
use crate::author::{self, Draft};
use crate::backend::Kind;
use crate::dump;
use crate::report::{AdoptReport, VersionName};
use crate::scratch::ScratchPlace;
use crate::source::SourceFile;
use crate::{Error, Folder, History, Source, Target, ledger};

/// The head of a baseline: to undo it would be to drop what was there before.
const HEAD: &str = "-- lint:allow MG002 what was adopted is never undone: a down file would drop the living tables\n\n";

impl Runner {
    /// Takes over a database whose schema nobody, or Alembic, has managed so far.
    ///
    /// Where a revision of the folder makes the very schema that is live, it is recorded as applied.
    /// An empty folder gets a baseline that is proven in a scratch database first. Nothing is changed
    /// in the database but the runner's own tables; with differences in the report, nothing at all. A run
    /// that was killed after the file was written is finished by the next one.
    pub async fn adopt(
        &mut self,
        folder: &Folder,
        place: ScratchPlace<'_>,
        draft: &Draft,
        dry_run: bool,
    ) -> Result<AdoptReport, Error> {
        if !self.standing().await?.is_empty() {
            let message =
                "this database is managed already: `migrate current` tells where it stands";
            return Err(Error::usage("ALREADY_MANAGED", message));
        }
        let found = self.schema().await?;
        if found.objects.is_empty() {
            let message = "there is nothing to adopt, the database has no tables: check the URL, or run \
                           `migrate upgrade` to make them";
            return Err(Error::usage("NOTHING_TO_ADOPT", message));
        }
        found.check_told(&Scope::application())?;
        let mut report = AdoptReport { alembic: self.alembic().await?, ..AdoptReport::default() };
        if let Some(known) = self.known_state(&found, place).await? {
            report.revision = Some((&known).into());
            if !dry_run {
                self.stamp(&[Target::Revision(known.version.to_string())], false).await?;
            }
            return Ok(report);
        }
        if !self.history.revisions().is_empty() || folder.places().len() > 1 {
            let message = "the schema is none that these revisions make: adopt into an empty folder \
                           of this engine alone, or bring the schema to one of their states";
            return Err(Error::usage("NO_SUCH_STATE", message));
        }
        let drafted = author::draft(&self.history, draft)?;
        let file = format!("{}_{}.up.sql", drafted.version, drafted.name);
        let text = format!("{HEAD}{}", found.sql);
        let baseline = SourceFile { name: file.clone(), text: text.clone().into() };
        let history = History::build(Source { files: vec![baseline], ..Source::default() })?;
        let made = place.replay(history.clone(), &self.options).await.map_err(unwritable)?;
        report.differences = dump::differences(&found, &made);
        report.sql = Some(text.clone());
        report.revision =
            Some(VersionName { version: drafted.version.to_string(), name: drafted.name.clone() });
        if dry_run || !report.differences.is_empty() {
            return Ok(report);
        }
        let written = folder.create(&file, &text)?.ok_or_else(|| {
            Error::usage("VERSION_TAKEN", format!("{file} exists already: run it again"))
        })?;
        report.files = written.iter().map(|path| path.display().to_string()).collect();
        self.history = history;
        self.stamp(&[Target::Heads], false).await?;
        Ok(report)
    }

    /// The newest revision whose state is the live schema.
    async fn known_state(
        &self,
        found: &crate::SchemaReport,
        place: ScratchPlace<'_>,
    ) -> Result<Option<crate::Revision>, Error> {
        for revision in self.history.revisions().iter().rev() {
            let lineage: Vec<i64> =
                self.history.ancestry(revision.version).iter().map(|r| r.version).collect();
            let history = self.history.only(|version| lineage.contains(&version));
            let made = place.replay(history, &self.options).await?;
            if dump::drift(&made, found).0.is_empty() {
                return Ok(Some(revision.clone()));
            }
        }
        Ok(None)
    }

    /// The revisions that Alembic says the database is at.
    async fn alembic(&mut self) -> Result<Vec<String>, Error> {
        let sql = "SELECT version_num FROM alembic_version ORDER BY version_num";
        let rows =
            ledger::read_if_there(self.backend.as_mut(), "alembic_version", sql, &[Kind::Text]);
        let rows = rows.await.doing("alembic_version was read")?;
        Ok(rows.iter().filter_map(|row| row.find_text(0).map(str::to_owned)).collect())
    }
}

/// The live schema holds what no baseline of ours can make; its file was never written.
fn unwritable(error: Error) -> Error {
    let Error::MigrationFailed(failed) = error else { return error };
    if failed.lacks_a_right() || failed.full_disk().is_some() || failed.time_limit().is_some() {
        return Error::MigrationFailed(failed);
    }
    let sql: String = failed.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = format!(
        "the live schema cannot be made anew from what `migrate schema` writes of it: `{}`: {}; nothing \
         was written. Make the first revision yourself in the same folder, with the server's own dump of the \
         schema as its text, but for lines that begin with a backslash, and record it by `stamp head`",
        sql.chars().take(200).collect::<String>(),
        failed.cause,
    );
    Error::usage("NOT_ADOPTABLE", message)
}
