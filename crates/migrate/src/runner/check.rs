use super::Runner;
use crate::report::{CheckReport, Difference};
use crate::{Error, plan};

impl Runner {
    /// Whether the database is where the files are. Writes nothing.
    ///
    /// Fails where the history is inconsistent, several heads apart: those are told in the report.
    pub async fn check_pending(&mut self) -> Result<CheckReport, Error> {
        let standing = self.standing().await?;
        self.check(&standing).await?;
        plan::check_order(&self.history, &standing)?;
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
        let heads = self.history.heads().into_iter().map(Into::into).collect();
        Ok(CheckReport { heads, differences })
    }
}
