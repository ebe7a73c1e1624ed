mod findings;
mod whole;

use super::{Doing, Runner};
use crate::backend::Write;
use crate::executor::Executor;
use crate::journal::{self, Mark, State};
use crate::ledger::{self, Standing};
use crate::report::RepairReport;
use crate::{Error, Revision};

/// What is to be mended; nothing of it is done unasked.
#[derive(Clone, Debug, Default)]
pub struct Repair {
    /// Take over the checksums of files that differ in white space or line ends only.
    pub eol: bool,
    /// Take over the checksums of these versions, whose content differs.
    pub accept: Vec<i64>,
    /// What was interrupted in these versions has run.
    pub done: Vec<i64>,
    /// What was interrupted in these versions has not run.
    pub not_done: Vec<i64>,
    /// Forget that these versions, which the files do not know, are applied.
    pub forget: Vec<i64>,
}

impl Repair {
    fn is_empty(&self) -> bool {
        let Self { eol, accept, done, not_done, forget } = self;
        !eol && [accept, done, not_done, forget].iter().all(|versions| versions.is_empty())
    }
}

impl Runner {
    /// Mends what was asked for, and tells what is still wrong with the ledger and what mends it.
    ///
    /// With nothing asked for, nothing is locked or written.
    pub async fn repair(&mut self, repair: &Repair) -> Result<RepairReport, Error> {
        let mut changed = Vec::new();
        if !repair.is_empty() {
            self.lock().await?;
            let mended = self.mend(repair).await;
            self.unlock(&mended).await;
            changed = mended?;
        }
        let findings = self.findings().await?;
        Ok(RepairReport { findings, changed })
    }

    async fn mend(&mut self, repair: &Repair) -> Result<Vec<String>, Error> {
        let standing = self.standing().await?;
        if !standing.is_empty() {
            let made = ledger::create_tables(self.backend.as_mut(), &[]).await;
            made.doing("the tables were created")?;
        }
        let entries = journal::read(self.backend.as_mut()).await.doing("the journal was read")?;
        let (mut writes, mut told) = (Vec::new(), Vec::new());
        let edited = self.edited(&standing).await?;
        for (revision, only_white_space) in &edited {
            let is_accepted = repair.accept.contains(&revision.version);
            if is_accepted || (repair.eol && *only_white_space) {
                writes.push(ledger::rechecked(revision));
                writes.push(ledger::remembered(revision));
                told.push(format!("{}: its checksum was taken over", revision.up.file));
            }
        }
        refuse_others(&repair.accept, &edited, &standing)?;
        for (versions, has_run) in [(&repair.done, true), (&repair.not_done, false)] {
            for version in versions {
                let own = entries.iter().filter(|entry| entry.version == *version);
                if standing.interrupted().contains(version)
                    && self.lost(*version, &entries).await?.is_some()
                {
                    writes.extend(self.whole(*version, &entries, has_run));
                    let what = if has_run { "all of it is done" } else { "nothing of it is done" };
                    told.push(format!("{version}: noted that {what}"));
                    continue;
                }
                let started = own.clone().find(|entry| entry.state == State::Started);
                let mark = started.map(|entry| Mark {
                    version: *version,
                    direction: entry.direction,
                    step: entry.step,
                    digest: "",
                });
                writes.extend(decide(&standing, *version, mark, own.count(), has_run)?);
                let what = if has_run { "has run" } else { "has not run" };
                told.push(format!("{version}: noted that what was interrupted {what}"));
            }
        }
        for version in &repair.forget {
            if self.history.find(*version).is_some() || standing.find(*version).is_none() {
                let message = format!("{version} is no revision that only the database knows");
                return Err(Error::usage("NOT_UNKNOWN", message));
            }
            let forgotten = [
                ledger::deleted(*version),
                ledger::forgotten(*version),
                journal::cleared(*version),
            ];
            writes.extend(forgotten);
            told.push(format!("{version}: forgotten; what it did to the schema stays"));
        }
        if !writes.is_empty() {
            let mut executor = Executor::new(self.backend.as_mut(), &self.options);
            executor.commit(&writes).await.doing("the ledger was written")?;
        }
        Ok(told)
    }
}

/// A version that was to be accepted, and whose file does not differ.
fn refuse_others(
    accept: &[i64],
    edited: &[(Revision, bool)],
    standing: &Standing,
) -> Result<(), Error> {
    let is_edited = |version: &&i64| edited.iter().any(|(r, _)| r.version == **version);
    match accept.iter().find(|version| !is_edited(version)) {
        None => Ok(()),
        Some(version) if standing.interrupted().contains(version) => {
            let message = format!(
                "revision {version} is half-applied, and only what is applied whole is accepted as it \
                 stands: finish it with `migrate upgrade`; `migrate repair` tells what is in the way"
            );
            Err(Error::usage("HALF_APPLIED", message))
        }
        Some(version) => {
            let message = format!("the file of {version} does not differ from what was applied");
            Err(Error::usage("NOT_EDITED", message))
        }
    }
}

/// What a word on an interrupted version changes: its journal, or the row that sqlx left.
fn decide<'m>(
    standing: &Standing,
    version: i64,
    started: Option<Mark<'m>>,
    entries: usize,
    has_run: bool,
) -> Result<Vec<Write<'m>>, Error> {
    if !standing.interrupted().contains(&version) {
        let message = format!("revision {version} is not half-applied");
        return Err(Error::usage("NOT_HALF_APPLIED", message));
    }
    match (started, has_run) {
        (Some(mark), true) => Ok(vec![journal::confirmed(mark)]),
        (Some(mark), false) => Ok(vec![journal::erased(mark)]),
        (None, _) if entries > 0 => {
            let message =
                format!("nothing is undecided in {version}: `migrate upgrade` goes on with it");
            Err(Error::usage("NOTHING_UNDECIDED", message))
        }
        (None, true) => Ok(vec![ledger::marked(version, true)]),
        (None, false) => Ok(vec![ledger::deleted(version)]),
    }
}
