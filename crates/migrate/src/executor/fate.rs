use super::Executor;
use crate::backend::{Failure, FailureKind, UNKNOWN_IDENTITY};
use crate::statement::{Effect, Object, ObjectKind, Statement};

/// The picture of a single object that is not there.
const ABSENT: &str = "(none)\n";
/// What pictures of this form begin with. Those of another form, or none, tell nothing.
const FORM: &str = "form 2\n";

/// What became of an autonomous statement whose end nobody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Done,
    NotRun,
    Unknown,
}

impl Fate {
    /// Whether the catalog tells nothing, whatever is in it.
    pub(super) fn is_lost(effect: &Effect, before: Option<&str>) -> bool {
        let before = before.unwrap_or_default().strip_prefix(FORM);
        match effect {
            Effect::Repeatable => false,
            Effect::Routine(_) => before != Some(ABSENT),
            Effect::Unknown => true,
            Effect::Rebuild(_) => before.is_none(),
            Effect::Catalog(objects) => before.is_none() || objects.is_empty(),
        }
    }
}

impl Executor<'_> {
    /// Decides by the catalog whether the statement has run, and clears away what is half-made.
    pub(super) async fn fate(
        &mut self,
        statement: &Statement<'_>,
        effect: &Effect,
        before: &str,
    ) -> Result<Fate, Failure> {
        if Fate::is_lost(effect, Some(before)) {
            return Ok(Fate::Unknown);
        }
        let before = before.strip_prefix(FORM).unwrap_or_default();
        let objects = match effect {
            Effect::Repeatable | Effect::Routine(_) => return Ok(Fate::NotRun),
            Effect::Rebuild(objects) => {
                self.tidy(objects, before).await?;
                return Ok(Fate::NotRun);
            }
            Effect::Unknown => return Ok(Fate::Unknown),
            Effect::Catalog(objects) => objects,
        };
        self.tidy(objects, before).await?;
        if self.backend.picture(objects).await? == before {
            let is_unsure = before.contains(UNKNOWN_IDENTITY);
            return Ok(if is_unsure { Fate::Unknown } else { Fate::NotRun });
        }
        self.finish_drop(statement, objects).await?;
        Ok(Fate::Done)
    }

    /// The catalog's picture of what the statement touches, to be held against a later one.
    pub(super) async fn picture(&mut self, effect: &Effect) -> Result<String, Failure> {
        let picture = self.backend.picture(effect.objects()).await?;
        Ok(format!("{FORM}{picture}"))
    }

    /// Clears away what is half-made. Nobody waits behind that, so it may wait; but not long for whoever
    /// has asked the runner to end: the next run does it then.
    async fn tidy(&mut self, objects: &[Object], before: &str) -> Result<(), Failure> {
        if !objects.iter().any(|object| object.kind.is_concurrent()) {
            return self.backend.tidy(objects, before).await;
        }
        let is_hurried = self.options.stop.is_requested();
        let limits = (self.options.ddl_lock_timeout, self.options.ddl_retry_for);
        self.backend.be_patient(if is_hurried { limits.0 } else { limits.1 }).await?;
        let tidied = self.backend.tidy(objects, before).await;
        if tidied.as_ref().is_err_and(|failure| failure.kind == FailureKind::Lost) {
            return tidied;
        }
        self.backend.hurry().await?;
        tidied
    }

    /// `DROP TABLE a, b` is several statements in one on MariaDB: the rest is dropped now.
    async fn finish_drop(
        &mut self,
        statement: &Statement<'_>,
        objects: &[Object],
    ) -> Result<(), Failure> {
        let mut words = statement.sql.split_whitespace();
        let is_drop = words.next().is_some_and(|word| word.eq_ignore_ascii_case("DROP"));
        let kind = words.next().unwrap_or_default();
        if !is_drop || objects.len() < 2 {
            return Ok(());
        }
        for object in objects.iter().filter(|object| object.kind == ObjectKind::Table) {
            self.backend.run(&format!("DROP {kind} IF EXISTS {}", object.name)).await?;
        }
        Ok(())
    }
}
