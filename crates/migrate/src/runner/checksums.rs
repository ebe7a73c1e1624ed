use super::{Doing, Runner};
use crate::ledger::{self, Standing};
use crate::report::VerifyReport;
use crate::{Error, Problem, Revision, plan};

impl Runner {
    /// Compares the files of applied revisions with what was applied.
    ///
    /// Fails with [`Problem::Edited`] on the first that differs.
    pub async fn verify_checksums(&mut self) -> Result<VerifyReport, Error> {
        let standing = self.standing().await?;
        self.check_checksums(&standing).await?;
        let applied = |revision: &&Revision| standing.has(revision.version);
        let checked = self.history.revisions().iter().filter(applied).count();
        let unknown = plan::unknown(&self.history, &standing).into_iter();
        let unknown =
            unknown.filter_map(|version| standing.find(version)).map(Into::into).collect();
        Ok(VerifyReport { checked, unknown, differences: None, unmanaged: Vec::new() })
    }

    pub(super) async fn check_checksums(&mut self, standing: &Standing) -> Result<(), Error> {
        standing.check_baselines(&self.history)?;
        let edited = self.history.revisions().iter().find(|revision| {
            let row = standing.find(revision.version).filter(|row| row.success);
            row.is_some_and(|row| row.checksum != revision.checksum())
        });
        let Some(edited) = edited else { return Ok(()) };
        let recorded =
            ledger::recorded(self.backend.as_mut()).await.doing("checksums were read")?;
        let outline = recorded.iter().find(|recorded| recorded.version == edited.version);
        let stored = standing.find(edited.version).map(|row| row.checksum.as_slice());
        let only_white_space = outline.is_some_and(|r| r.outline == edited.up.outline())
            || stored.is_some_and(|checksum| edited.up.differs_in_line_ends_only(checksum));
        let (version, file) = (edited.version, edited.up.file.clone());
        Err(Problem::Edited { version, file, only_white_space }.into())
    }
}
