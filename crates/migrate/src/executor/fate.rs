use super::Executor;
use crate::backend::Failure;
use crate::statement::{Effect, Object, ObjectKind, Statement};

/// What became of an autonomous statement whose end nobody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Done,
    NotRun,
    Unknown,
}

impl Executor<'_> {
    /// Decides by the catalog whether the statement has run, and clears away what is half-made.
    pub(super) async fn fate(
        &mut self,
        statement: &Statement<'_>,
        effect: &Effect,
        before: &str,
    ) -> Result<Fate, Failure> {
        let objects = match effect {
            Effect::Repeatable => return Ok(Fate::NotRun),
            Effect::Unknown => return Ok(Fate::Unknown),
            Effect::Catalog(objects) if objects.is_empty() => return Ok(Fate::Unknown),
            Effect::Catalog(objects) => objects,
        };
        self.backend.tidy(objects, before).await?;
        if self.backend.picture(objects).await? == before {
            return Ok(Fate::NotRun);
        }
        self.finish_drop(statement, objects).await?;
        Ok(Fate::Done)
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
