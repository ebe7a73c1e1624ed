use super::Runner;
use crate::history::Phase;
use crate::ledger::Standing;
use crate::report::{CheckError, CheckReport, Difference};
use crate::{Error, History, Problem, plan};

impl Runner {
    /// Fails unless the database is where the files are, with what has to be run first. Writes nothing.
    pub async fn check_at_head(&mut self) -> Result<(), Error> {
        let report = self.check_pending().await?;
        let Some(first) = report.differences.first() else { return Ok(()) };
        // `upgrade head` would not know to which one.
        self.history.head()?;
        let count = report.differences.len();
        let message = format!(
            "the database is not where the files are ({} {}, {count} in all): what is generated would \
             repeat or miss that",
            first.kind, first.object
        );
        let command = report.next.unwrap_or_else(|| "migrate upgrade head".to_owned());
        Err(Error::Pending { message, command })
    }

    /// Whether the database is where the files are. Writes nothing.
    ///
    /// Fails where the history is inconsistent, several heads apart: those are told in the report.
    pub async fn check_pending(&mut self) -> Result<CheckReport, Error> {
        let standing = self.standing().await?;
        self.refuse_stuck(&standing).await?;
        self.check(&standing).await?;
        plan::check_order(&self.history, &standing)?;
        plan::refuse_unread(&self.history, &standing)?;
        for revision in plan::pending(&self.history, &standing) {
            revision.up.refuse_unfit(self.engine())?;
        }
        let half = standing.interrupted();
        let interrupted = half.iter().filter_map(|version| standing.find(*version)).map(|row| {
            let description = row.description.replace(' ', "_");
            Difference::new("interrupted", format!("{} {description}", row.version))
        });
        let mut differences: Vec<Difference> = interrupted.collect();
        let pending = plan::pending(&self.history, &standing).into_iter();
        differences.extend(pending.filter(|r| !half.contains(&r.version)).map(|revision| {
            Difference::new("pending", format!("{} {}", revision.version, revision.name))
        }));
        // An older image may go on with them, but CI is to know.
        differences.extend(plan::unknown(&self.history, &standing).into_iter().filter_map(|v| {
            let row = standing.find(v).filter(|row| row.success)?;
            let name = row.description.replace(' ', "_");
            Some(Difference::new("unknown", format!("{v} {name}")))
        }));
        let next = next_of(&self.history, &differences, &standing);
        let several = self.history.head().err();
        let half = half.first().map(|version| Problem::HalfApplied { version: *version });
        let error = several.or(half).map(CheckError::new);
        let heads = self.history.heads().into_iter().map(Into::into).collect();
        Ok(CheckReport { heads, differences, unmanaged: Vec::new(), next, error })
    }
}

impl CheckError {
    pub(super) fn new(problem: Problem) -> Self {
        let (reason, next) = (problem.reason(), problem.next());
        let error = Error::from(problem);
        let (exit, message) = (error.exit_code(), error.to_string());
        Self { exit, reason, message, next, finished: Vec::new() }
    }
}

/// The command that mends the first thing that is wrong.
fn next_of(history: &History, differences: &[Difference], standing: &Standing) -> Option<String> {
    if history.heads().len() > 1 {
        return Some("migrate merge heads".to_owned());
    }
    let first = differences.first()?;
    match first.kind {
        "unknown" => return Some("migrate repair".to_owned()),
        "pending" if !standing.is_empty() => {}
        _ => return Some("migrate upgrade head".to_owned()),
    }
    Some(match plan::phase(plan::pending(history, standing), Phase::Expand) {
        Ok(plan) if !plan.run.is_empty() => "migrate upgrade head".to_owned(),
        // `head` stands behind a contract revision, and would be refused.
        Err(Problem::ExpandBehindContract { before: Some(before), .. }) => {
            format!("migrate upgrade {before}")
        }
        Ok(_) | Err(_) => {
            "migrate upgrade --phase contract, once no old program runs any more".to_owned()
        }
    })
}
