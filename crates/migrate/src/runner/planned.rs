mod outline;
mod resumed;
mod sizes;

use super::Runner;
use super::untransactional::refuse_untransactional;
use crate::backend::Kind;
use crate::error::Error;
use crate::executor::Job;
use crate::impact::ServerVersion;
use crate::ledger::Standing;
use crate::report::VersionName;
use crate::{Engine, History, Impact, Phases, Target, plan};
use outline::{Outline, Todo};

/// What a run would do now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PlanReport {
    /// The engine's name.
    pub engine: &'static str,
    /// The server's version; the assumed one where no database was asked.
    pub server_version: String,
    /// `up` or `down`.
    pub direction: &'static str,
    /// What would run, in that order.
    pub revisions: Vec<PlannedRevision>,
    /// What is pending but belongs to another phase.
    pub held_back: Vec<VersionName>,
    /// The tables that are touched and in the database, by name.
    pub tables: Vec<TableSize>,
}

/// A revision that would run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PlannedRevision {
    /// The version.
    pub version: String,
    /// The name.
    pub name: String,
    /// `expand` or `contract`.
    pub phase: &'static str,
    /// `up` or `down`: what is half-applied is finished first, in the direction in which it went.
    pub direction: &'static str,
    /// The file's name.
    pub file: String,
    /// `one-transaction` or `step-by-step`.
    pub layout: &'static str,
    /// How many of the statements an interrupted run has done already.
    pub done: usize,
    /// Its statements.
    pub statements: Vec<PlannedStatement>,
}

/// A statement that would run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PlannedStatement {
    /// The line in the file on which it begins.
    pub line: usize,
    /// All of it.
    pub sql: String,
    /// Its first words.
    pub summary: String,
    /// Whether an interrupted run has done it already.
    pub done: bool,
    /// The strongest lock that it takes on a table that is in use; absent if there is none.
    pub lock: Option<&'static str>,
    /// What it does to each table that is in use.
    pub impacts: Vec<Impact>,
}

/// How big a table is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TableSize {
    /// The name as a statement has it.
    pub table: String,
    /// Rows and indexes; absent where the engine does not tell.
    pub bytes: Option<i64>,
    /// An estimate; absent where the engine has none.
    pub rows: Option<i64>,
}

impl PlanReport {
    /// What an upgrade of an empty database would do; nothing is asked.
    pub fn of_empty(
        engine: Engine,
        history: &History,
        target: &Target,
        phases: Phases,
    ) -> Result<Self, Error> {
        let standing = Standing::default();
        let plan = plan::upgrade(history, &standing, target, phases)?;
        plan.run.iter().try_for_each(|revision| Job::applying(revision, false).refuse(engine))?;
        let todos = plan.run.into_iter().map(Todo::up);
        let outline =
            Outline { engine, version: ServerVersion::assumed(engine), history, applied: &[] };
        let held_back = plan.held_back.into_iter().map(Into::into).collect();
        Ok(outline.report("up", &todos.collect::<Vec<_>>(), held_back).0)
    }
}

impl Runner {
    /// What an upgrade would do now, statement by statement. Writes nothing.
    ///
    /// Refuses what the upgrade would refuse.
    pub async fn plan(&mut self, target: &Target, phases: Phases) -> Result<PlanReport, Error> {
        let standing = self.standing().await?;
        self.refuse_stuck(&standing).await?;
        self.check(&standing).await?;
        let version = self.server_version().await;
        let phases = self.phases(&standing, phases).await?;
        let half = self.half_applied(&standing).await?;
        let mut todos = self.resumed(&half).await?;
        let target = plan::fixed(&self.history, &standing, target)?;
        let plan = plan::upgrade(&self.history, &half.finished(&standing), &target, phases)?;
        let mut jobs = plan.run.iter().map(|revision| Job::applying(revision, false));
        jobs.try_for_each(|job| job.refuse(self.engine()))?;
        if !plan.run.is_empty() {
            refuse_untransactional(self.backend.as_mut(), &self.options).await?;
        }
        todos.extend(plan.run.iter().copied().map(Todo::up));
        let held_back = plan.held_back.iter().map(|revision| (*revision).into()).collect();
        let applied = half.made(&standing);
        let outline =
            Outline { engine: self.engine(), version, history: &self.history, applied: &applied };
        let (mut report, tables) = outline.report("up", &todos, held_back);
        report.tables = self.sizes(&tables).await;
        Ok(report)
    }

    /// What a downgrade would do now, by the files. Writes nothing.
    pub async fn plan_down(&mut self, target: &Target) -> Result<PlanReport, Error> {
        let standing = self.standing().await?;
        self.refuse_stuck(&standing).await?;
        self.check(&standing).await?;
        let version = self.server_version().await;
        let half = self.half_applied(&standing).await?;
        let mut todos = self.resumed(&half).await?;
        let finished = half.finished(&standing);
        let begun = standing.finished(|_| true);
        let mut undone = plan::downgrade(&self.history, &begun, target)?;
        undone.retain(|revision| finished.has(revision.version));
        if let Some(stuck) = undone.iter().find(|revision| revision.down.is_none()) {
            return Err(self.irreversible(stuck.version).into());
        }
        let downs = undone.iter().filter_map(|revision| Some((revision, revision.down.as_ref()?)));
        for (revision, script) in downs {
            Job::reverting(revision.version, &revision.name, script).refuse(self.engine())?;
        }
        todos.extend(undone.into_iter().filter_map(Todo::down));
        let applied = half.made(&standing);
        let outline =
            Outline { engine: self.engine(), version, history: &self.history, applied: &applied };
        let (mut report, tables) = outline.report("down", &todos, Vec::new());
        report.tables = self.sizes(&tables).await;
        Ok(report)
    }

    async fn server_version(&mut self) -> ServerVersion {
        let engine = self.engine();
        let sql = match engine {
            Engine::Sqlite => "SELECT sqlite_version()",
            Engine::MySql | Engine::MariaDb => "SELECT VERSION()",
            Engine::Postgres => "SELECT current_setting('server_version')",
        };
        let rows = self.backend.read(sql, &[], &[Kind::Text]).await.unwrap_or_default();
        let text = rows.first().and_then(|row| row.find_text(0));
        let version = text.and_then(|text| text.parse().ok());
        version.unwrap_or(ServerVersion::assumed(engine))
    }
}
