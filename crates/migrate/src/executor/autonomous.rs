use super::fate::Fate;
use super::steps::{Course, Halt};
use super::{Executor, Job};
use crate::backend::{Failure, FailureKind, Kind};
use crate::journal::{self, Mark, State};
use crate::statement::{Effect, ObjectKind, Source, Statement, Step, source};

impl Executor<'_> {
    /// Announces the statements with a picture of the catalog, and runs them: one, or a prepared one
    /// and what belongs to it.
    pub(super) async fn run_autonomous<'s, 'a>(
        &mut self,
        job: Job<'_>,
        step: &'s Step<'a>,
        effect: &Effect,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<(), Halt<'s, 'a>> {
        let Some(first) = step.statements.first() else { return Ok(()) };
        let here = |failure| Halt::new(first, failure);
        let Some(picture) =
            self.announce_step(job, first, effect, mark, course).await.map_err(here)?
        else {
            return Ok(());
        };
        for (at, statement) in step.statements.iter().enumerate() {
            let run = self.run_patiently(job, step, at, effect).await;
            let Err(failure) = run else { continue };
            let has_begun = self.has_begun(step, at, &failure).await;
            let has_begun = has_begun.map_err(|failure| Halt::new(statement, failure))?;
            let is_open = self.settle(statement, effect, &picture, mark, &failure, has_begun).await;
            let is_open = is_open.map_err(|failure| Halt::new(statement, failure))?;
            if !is_open {
                course.announced = None;
            }
            return Err(Halt { is_open: is_open && has_begun, ..Halt::new(statement, failure) });
        }
        course.announced = None;
        self.confirm(effect, mark, course).await.map_err(here)
    }

    /// Announces a step, and gives the picture that was taken; nothing if it turns out that it has run.
    async fn announce_step(
        &mut self,
        job: Job<'_>,
        statement: &Statement<'_>,
        effect: &Effect,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<Option<String>, Failure> {
        // An earlier attempt left something that could not be cleared away at once: what was there
        // before that attempt counts.
        if let Some(picture) = course.announced.clone() {
            if self.fate(statement, effect, &picture).await? != Fate::Done {
                return Ok(Some(picture));
            }
            self.write(&journal::confirmed(mark)).await?;
            course.announced = None;
            return Ok(None);
        }
        let objects = effect.objects();
        let picture = if objects.is_empty() { String::new() } else { self.picture(effect).await? };
        let told = Some(picture.as_str()).filter(|_| !objects.is_empty());
        self.note_alone(job, mark, State::Started, told, course).await?;
        course.announced = Some(picture.clone());
        Ok(Some(picture))
    }

    /// Whether a part of the step may have run for good when the statement at this place failed.
    async fn has_begun(
        &mut self,
        step: &Step<'_>,
        at: usize,
        failure: &Failure,
    ) -> Result<bool, Failure> {
        if failure.kind == FailureKind::Lost
            || step.statements.iter().take(at).any(Statement::is_routine)
        {
            return Ok(true);
        }
        let Some(statement) = step.statements.get(at).filter(|s| s.is_routine()) else {
            return Ok(false);
        };
        let engine = self.backend.engine();
        let text = match source(engine, step, at) {
            Source::Unknown => return Ok(!is_misspelt(statement, failure)),
            Source::Text(text) => text,
            Source::Variable(name) => {
                let sql = format!("SELECT CAST({name} AS CHAR)");
                let rows = self.backend.read(&sql, &[], &[Kind::Text]).await?;
                let text = rows.first().and_then(|row| row.find_text(0));
                text.unwrap_or_default().to_owned()
            }
        };
        // What is prepared is one statement, and undone as a whole unless it is a call.
        Ok(text.is_empty() || Statement::may_commit(engine, &text))
    }

    /// Runs a statement, which may wait longer for its locks than others where nobody waits behind it,
    /// or where a second attempt is not for the runner to make.
    async fn run_patiently(
        &mut self,
        job: Job<'_>,
        step: &Step<'_>,
        at: usize,
        effect: &Effect,
    ) -> Result<(), Failure> {
        let Some(statement) = step.statements.get(at) else { return Ok(()) };
        let objects = effect.objects();
        let is_concurrent = objects.iter().any(|object| object.kind.is_concurrent());
        let is_last =
            statement.is_routine() && source(self.backend.engine(), step, at) == Source::Unknown;
        let limit = match (is_concurrent, is_last) {
            (true, _) => self.options.ddl_retry_for,
            (false, true) => self.options.ddl_lock_timeout,
            (false, false) => return self.run(job, statement).await,
        };
        self.backend.be_patient(limit).await?;
        let run = self.run(job, statement).await;
        if run.as_ref().is_err_and(|failure| failure.kind == FailureKind::Lost) {
            return run;
        }
        self.backend.hurry().await?;
        run?;
        self.backend.check_made(objects).await
    }

    /// Whether it has run is told by the catalog, so the confirmation may come with what is written
    /// next; not where the catalog does not tell, or where a second run would undo the first.
    async fn confirm(
        &mut self,
        effect: &Effect,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<(), Failure> {
        let is_exchange = effect.objects().iter().any(|o| o.kind == ObjectKind::Identity);
        if effect.is_undecidable() || is_exchange {
            return self.write(&journal::confirmed(mark)).await;
        }
        course.unconfirmed = usize::try_from(mark.step).ok();
        Ok(())
    }

    /// Writes down what a failed or cancelled statement has left; whether that is still open.
    async fn settle(
        &mut self,
        statement: &Statement<'_>,
        effect: &Effect,
        picture: &str,
        mark: Mark<'_>,
        failure: &Failure,
        has_begun: bool,
    ) -> Result<bool, Failure> {
        if failure.kind == FailureKind::Lost {
            return Ok(true);
        }
        let fate = match self.fate(statement, effect, picture).await {
            Ok(fate) => fate,
            Err(error) if error.kind == FailureKind::Lost => return Err(error),
            Err(error) => {
                // The announcement stays, and whoever comes next clears up.
                tracing::warn!(%error, "what the statement left could not be cleared away yet");
                return Ok(true);
            }
        };
        let is_cancelled = failure.kind == FailureKind::Cancelled;
        match fate {
            Fate::Done => self.write(&journal::confirmed(mark)).await?,
            // A routine may have committed its first half.
            Fate::Unknown if is_cancelled || has_begun => return Ok(true),
            Fate::NotRun | Fate::Unknown => self.write(&journal::erased(mark)).await?,
        }
        Ok(false)
    }
}

/// A block that the server could not read; one that prepares statements may have failed at one of them.
fn is_misspelt(statement: &Statement<'_>, failure: &Failure) -> bool {
    let prepares = ["call", "prepare", "execute"];
    let mut words = statement.sql.split(|c: char| !c.is_alphanumeric());
    failure.is_syntax() && !words.any(|word| prepares.iter().any(|p| word.eq_ignore_ascii_case(p)))
}
