use super::super::{Doing, Runner};
use crate::executor::{counts, edited as edited_step};
use crate::journal::{self, Direction, Entry, State, digests};
use crate::ledger::{self, Standing};
use crate::report::Finding;
use crate::statement::{Lost, Step, StepKind, begun};
use crate::{Error, Problem, Revision, SquashProblem, plan};

impl Runner {
    /// Everything that is wrong with the ledger. Writes nothing.
    pub(super) async fn findings(&mut self) -> Result<Vec<Finding>, Error> {
        let standing = self.standing().await?;
        let interrupted = standing.interrupted();
        let entries = match interrupted.as_slice() {
            [] => Vec::new(),
            _ => journal::read_begun(self.backend.as_mut()).await.doing("the journal was read")?,
        };
        let mut findings = Vec::new();
        for version in interrupted {
            let own: Vec<&Entry> =
                entries.iter().filter(|entry| entry.version == version).collect();
            let lost = self.lost(version, &entries).await?;
            findings.push(match lost {
                Some(lost) => lost_value(version, &lost),
                None => self.interrupted(version, &own),
            });
        }
        for (revision, only_white_space) in self.edited(&standing).await? {
            findings.push(edited(&revision, only_white_space));
        }
        let newest = standing.rows().map(|row| row.version).max();
        let is_part = |version: i64| self.history.find_baseline(version).is_some();
        if let Err(problem) = standing.check_baselines(&self.history) {
            findings.push(squashed(&problem));
        }
        let unknown_versions = plan::unknown(&self.history, &standing).into_iter();
        let unknown_versions: Vec<i64> = unknown_versions.filter(|v| !is_part(*v)).collect();
        for version in unknown_versions {
            let is_kept = newest == Some(version) && self.stored_script(version).await.is_ok();
            findings.push(unknown(version, is_kept));
        }
        if let Err(problem) = plan::check_order(&self.history, &standing) {
            let (version, commands) = match &problem {
                Problem::MissingVersion { version, way_out, .. } => {
                    (Some(*version), Some(way_out.to_string()))
                }
                _ => (None, None),
            };
            findings.push(Finding::new(
                "out-of-order",
                version,
                problem.to_string(),
                commands.into_iter().collect(),
            ));
        }
        Ok(findings)
    }

    /// The applied revisions whose files differ from what was applied, and whether only in white
    /// space.
    pub(super) async fn edited(
        &mut self,
        standing: &Standing,
    ) -> Result<Vec<(Revision, bool)>, Error> {
        let recorded =
            ledger::recorded(self.backend.as_mut()).await.doing("checksums were read")?;
        let mut edited = Vec::new();
        for revision in self.history.revisions() {
            let row = standing.find(revision.version).filter(|row| row.success);
            let Some(row) = row.filter(|row| row.checksum != revision.checksum()) else { continue };
            let outline = recorded.iter().find(|recorded| recorded.version == revision.version);
            let only_white_space = outline.is_some_and(|r| r.outline == revision.up.outline())
                || revision.up.differs_in_line_ends_only(&row.checksum);
            edited.push((revision.clone(), only_white_space));
        }
        Ok(edited)
    }

    fn interrupted(&self, version: i64, entries: &[&Entry]) -> Finding {
        let both = vec![
            format!("migrate repair --done {version}"),
            format!("migrate repair --not-done {version}"),
        ];
        if entries.is_empty() {
            let explanation = "it was left half-applied by another program, or by a script of --sql, \
                               which keep no journal: look what of it is in the database, and make \
                               that all or nothing by hand. If it is all, say --done; if nothing, \
                               say --not-done";
            return Finding::new("dirty", Some(version), explanation.to_owned(), both);
        }
        let Some(revision) = self.history.find(version) else {
            return half_applied_and_unknown(version);
        };
        let goes_down = entries.iter().any(|entry| entry.direction == Direction::Down);
        let script = revision.down.as_ref().filter(|_| goes_down).unwrap_or(&revision.up);
        let engine = self.backend.engine();
        let own: Vec<&Entry> = entries.iter().filter(|entry| entry.step >= 0).copied().collect();
        let steps = begun(engine, script, &digests(own.iter().copied()));
        if let Some(line) = edited_step(engine, &steps, &own) {
            return half_applied_and_edited(version, &format!("{}:{line}", script.file));
        }
        let (done, of) =
            counts(&steps, own.iter().filter(|entry| entry.state == State::Done).count());
        let known = format!("{done} of {of} statements of {} are known to be done", script.file);
        let next = if goes_down { "migrate downgrade current" } else { "migrate upgrade head" };
        let started = entries.iter().find(|entry| entry.state == State::Started);
        let undecided = started.filter(|_| !script.rerun_safe).and_then(|s| undecided(&steps, s));
        if let Some(statement) = undecided {
            let explanation = format!(
                "{known}, and nothing tells whether this has run: {statement}. If it has, say --done, \
                 else --not-done; then run `{next}`"
            );
            return Finding::new("undecided", Some(version), explanation, both);
        }
        let catalog = started.map_or("", |_| ", and looks whether the one begun has run");
        let explanation = format!("{known}; the next run goes on from there{catalog}");
        Finding::new("interrupted", Some(version), explanation, vec![next.to_owned()])
    }
}

/// The statement that was begun and of which the catalog tells nothing.
fn undecided(steps: &[Step<'_>], started: &Entry) -> Option<String> {
    let mut journalled = steps.iter().filter(|step| step.kind != StepKind::Session);
    let step = journalled.nth(usize::try_from(started.step).ok()?)?;
    let statement = step.statements.first()?;
    let is_undecidable = match &step.kind {
        StepKind::Autonomous(effect) => effect.is_undecidable(),
        // Announced since no transaction surely takes back all of its rows.
        StepKind::Transaction(_) | StepKind::Undone(_) => true,
        StepKind::Session => false,
    };
    is_undecidable.then(|| format!("line {}, {}", statement.line, statement.summary()))
}

/// `upgrade` goes on with nothing that it does not know.
fn half_applied_and_unknown(version: i64) -> Finding {
    let explanation =
        "it is half-applied, and these files do not know it: restore its file, with which \
                       `migrate upgrade` goes on; or undo by hand what it did, and forget it"
            .to_owned();
    let commands = vec![
        format!("git log --all --oneline -- '*{version}_*'"),
        format!("migrate repair --forget {version}"),
    ];
    Finding::new("unknown-version", Some(version), explanation, commands)
}

fn half_applied_and_edited(version: i64, place: &str) -> Finding {
    let explanation = format!(
        "{place}: this is applied already, and was changed since: restore the statements that are applied, \
         change only those behind them, and run `migrate upgrade`"
    );
    let commands = vec![format!("git log --all -p -- '*{version}_*'")];
    Finding::new("edited-half-applied", Some(version), explanation, commands)
}

fn lost_value(version: i64, lost: &Lost) -> Finding {
    let Lost { memory, line, from } = lost;
    let explanation = format!(
        "line {line} reads {memory}, which only the interrupted session knew: run the file from line {from} on \
         by hand, or from behind that statement if it has run, with the value put in, and say --done; or undo \
         by hand what stands before, and say --not-done"
    );
    let commands = vec![
        format!("migrate repair --done {version}"),
        format!("migrate repair --not-done {version}"),
    ];
    Finding::new("lost-value", Some(version), explanation, commands)
}

fn edited(revision: &Revision, only_white_space: bool) -> Finding {
    let (version, file) = (revision.version, &revision.up.file);
    if only_white_space {
        let explanation =
            format!("{file} differs from what was applied in white space or line ends");
        let commands = vec!["migrate repair --eol".to_owned()];
        return Finding::new("line-ends", Some(version), explanation, commands);
    }
    let explanation = format!(
        "the content of {file} differs from what was applied: restore it, and put the change into a \
         new revision; or accept that databases with the old content stay as they are"
    );
    let commands = vec![format!("migrate repair --accept {version}")];
    Finding::new("content", Some(version), explanation, commands)
}

/// A baseline whose revisions are not in the database as they were squashed.
fn squashed(problem: &SquashProblem) -> Finding {
    let baseline = problem.baseline();
    let explanation = format!("{problem}: take the files from before the squash, which this finds");
    let commands = vec![format!("git log --all --oneline -- '*{baseline}_*'")];
    Finding::new("squashed", Some(baseline), explanation, commands)
}

/// Only the newest revision can be undone by the script that was kept: others build upon the rest.
fn unknown(version: i64, is_kept: bool) -> Finding {
    let kept = if is_kept { ", or undo it by the script that was kept" } else { "" };
    let explanation = format!(
        "it is applied, and these files do not know it: use the files that the database was migrated \
         with, or restore the one that was deleted{kept}; if it was deleted on purpose, forget it"
    );
    let undo = is_kept.then(|| "migrate downgrade -1 --from-database".to_owned());
    let mut commands = vec![format!("git log --all --oneline -- '*{version}_*'")];
    commands.extend(undo);
    commands.push(format!("migrate repair --forget {version}"));
    Finding::new("unknown-version", Some(version), explanation, commands)
}
