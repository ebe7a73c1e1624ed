use std::time::Duration;

use serde::Serialize;

use super::Squash;
use crate::clock::pause;
use crate::dump::{self, Drift};
use crate::report::VersionName;
use crate::scratch::{Look, Made};
use crate::source::SourceFile;
use crate::{Engine, Error, History, Options, ScratchPlace, Source};

/// Longer than the second in which times of rows may be told, jitter included.
const NEXT_SECOND: Duration = Duration::from_millis(1500);

/// A squash and its proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SquashReport {
    /// The baseline; absent where only an interrupted squash was finished.
    pub revision: Option<VersionName>,
    /// What it stands for, oldest first.
    pub squashed: Vec<VersionName>,
    /// The files that were written.
    pub files: Vec<String>,
    /// The files that were removed.
    pub removed: Vec<String>,
    /// The text of the up file.
    pub sql: Option<String>,
    /// The text of the down file; absent where no statements were found that undo the baseline.
    pub down_sql: Option<String>,
    /// Whether two replays of the squashed files came to the same schema and rows.
    pub repeatable: bool,
    /// What the baseline, or the second replay, makes otherwise; nothing is written then.
    pub differences: Vec<Drift>,
}

impl Squash {
    /// Makes the baseline, and compares what it makes in an empty database with what the squashed
    /// files make, schema and rows.
    ///
    /// The files are replayed twice: what differs is up to time or chance, and is refused unless that of
    /// one replay is to be frozen. The baseline has to make the same as the files in each of
    /// the `also` as well. Nothing is written; the report says what differs.
    pub async fn prove(
        &self,
        place: ScratchPlace<'_>,
        also: &[ScratchPlace<'_>],
        options: &Options,
        freeze: bool,
    ) -> Result<SquashReport, Error> {
        let mut report = self.report();
        let before = place.make(self.before(), options, Look::Rows).await?;
        report.differences = self.unwritable(&before, place, options).await?;
        if report.differences.is_empty() {
            let chance = self.up_to_chance(&before, place, options).await?;
            report.repeatable = chance.is_empty();
            report.differences = if freeze { Vec::new() } else { chance };
        }
        if !report.differences.is_empty() {
            return Ok(report);
        }
        let (sql, down) = match self.portable(&before, place, options).await? {
            Some(portable) => portable,
            None => self.texts(place.target.engine(), &before),
        };
        let baseline = self.baseline(&sql, Some(&down))?;
        let (differences, is_undone) =
            compared(&before, place, baseline, options, Look::Undone).await?;
        report.differences = [differences, self.elsewhere(&sql, also, options).await?].concat();
        report.sql = Some(sql);
        report.down_sql = Some(down).filter(|_| is_undone);
        Ok(report)
    }

    /// What a second replay of the files makes otherwise.
    async fn up_to_chance(
        &self,
        before: &Made,
        place: ScratchPlace<'_>,
        options: &Options,
    ) -> Result<Vec<Drift>, Error> {
        // Also without rows: a default or an event may keep the time in which it was made.
        pause(NEXT_SECOND).await;
        let again = place.make(self.before(), options, Look::Rows).await?;
        Ok(dump::compare(&before.objects(), &again.objects()))
    }

    /// What the baseline makes otherwise than the files in other databases.
    async fn elsewhere(
        &self,
        sql: &str,
        also: &[ScratchPlace<'_>],
        options: &Options,
    ) -> Result<Vec<Drift>, Error> {
        let mut differences = Vec::new();
        for place in also {
            let before = place.make(self.before(), options, Look::Rows).await?;
            differences.extend(self.unwritable(&before, *place, options).await?);
            let baseline = self.baseline(sql, None)?;
            let (found, _) = compared(&before, *place, baseline, options, Look::Rows).await?;
            differences.extend(found);
        }
        Ok(differences)
    }

    /// The up file, and the down file that is to undo it.
    pub(super) fn texts(&self, engine: Engine, made: &Made) -> (String, String) {
        let body = dump::with_rows(&made.schema, &made.contents);
        let drops = dump::drops(engine, &made.schema, &made.contents);
        let down = drops.iter().fold(String::new(), |text, drop| text + drop + ";\n");
        (format!("{}{}\n{body}", self.head, self.origin()), down)
    }

    fn report(&self) -> SquashReport {
        let (version, name) = self.stem.split_once('_').unwrap_or_default();
        let version = version.parse().unwrap_or(self.version).to_string();
        SquashReport {
            revision: Some(VersionName { version, name: name.to_owned() }),
            squashed: self.squashed().into_iter().map(Into::into).collect(),
            repeatable: true,
            ..SquashReport::default()
        }
    }

    fn origin(&self) -> String {
        let squashed = self.squashed();
        let named = |revision: Option<&&crate::Revision>| {
            revision.map_or(String::new(), |r| format!("{} {}", r.version, r.name))
        };
        format!("-- what {} to {} make together", named(squashed.first()), named(squashed.last()))
    }

    /// A history of the baseline alone.
    pub(super) fn baseline(&self, up: &str, down: Option<&str>) -> Result<History, Error> {
        let file = |name: String, text: &str| SourceFile { name, text: text.to_owned().into() };
        let mut files = vec![file(self.up_file(), up)];
        files.extend(down.map(|down| file(self.down_file(), down)));
        History::build(Source { files, ..Source::default() })
    }
}

/// What the baseline makes otherwise than the files, and whether its down file leaves nothing of it.
async fn compared(
    before: &Made,
    place: ScratchPlace<'_>,
    baseline: History,
    options: &Options,
    look: Look,
) -> Result<(Vec<Drift>, bool), Error> {
    match place.make(baseline, options, look).await {
        Ok(made) => {
            let differences = dump::compare(&before.objects(), &made.objects());
            Ok((differences, made.is_undone == Some(true)))
        }
        // No file of the user's has failed.
        Err(Error::MigrationFailed(statement)) => {
            let (kind, object) = ("failed", statement.to_string());
            let sql = statement.sql;
            Ok((vec![Drift { kind, object, sql, found: None }], false))
        }
        Err(error) => Err(error),
    }
}
