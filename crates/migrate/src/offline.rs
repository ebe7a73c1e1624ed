//! What an upgrade, a downgrade or a stamp would run, as a script for the engine's own client.
//!
//! No database is asked: the caller says where it stands. The script begins by making the runner's
//! tables if they are missing, and by failing if the database does not stand where it was said to.

mod session;
mod text;

use std::collections::BTreeSet;

use crate::backend::{Dialect, Write, tables};
use crate::executor::Job;
use crate::history::{Phase, Script};
use crate::ledger::Standing;
use crate::plan::Plan;
use crate::runner::stamp;
use crate::statement::{chooses_database, statements};
use crate::{Engine, Error, History, Phases, Revision, Target, TargetRange, journal, ledger, plan};
use text::Text;

/// Writes scripts for one engine.
#[derive(Clone, Debug)]
pub struct Offline<'h> {
    engine: Engine,
    history: &'h History,
    dialect: Dialect,
    schemas: Vec<String>,
}

impl<'h> Offline<'h> {
    /// For this engine and these files; `table_name` is sqlx's table, as in
    /// [`Options::table_name`](crate::Options::table_name).
    #[must_use]
    pub fn new(engine: Engine, history: &'h History, table_name: &str) -> Self {
        let dialect = Dialect::new(engine, table_name);
        Self { engine, history, dialect, schemas: Vec::new() }
    }

    /// Makes these schemas before the runner's tables, as
    /// [`Options::create_schemas`](crate::Options::create_schemas) has it.
    #[must_use]
    pub fn creating(self, schemas: &[String]) -> Self {
        Self { schemas: schemas.to_vec(), ..self }
    }

    /// From the older end of the range, which is said to be where the database stands, to the newer.
    pub fn upgrade(&self, range: &TargetRange, phases: Phases) -> Result<String, Error> {
        let standing = self.standing(&range.from)?;
        self.refuse_backwards(&range.from, &range.to, "downgrade")?;
        let plan = plan::upgrade(self.history, &standing, &range.to, phases)?;
        self.refuse_unscriptable(plan.run.iter().map(|revision| &revision.up))?;
        let mut text = self.begin(&standing);
        if let Some(held_back) = self.held_back(&plan, range, &standing) {
            tracing::warn!("{held_back}");
            text.comment(&held_back);
        }
        for revision in plan.run {
            text.comment(&format!("revision {} {}", revision.version, revision.name));
            text.script(Job::applying(revision, false));
        }
        Ok(text.finish())
    }

    /// From the newer end, which is said to be where the database stands, back to the older.
    pub fn downgrade(&self, range: &TargetRange) -> Result<String, Error> {
        let standing = self.standing(&range.from)?;
        self.refuse_backwards(&range.to, &range.from, "upgrade")?;
        let undone = plan::downgrade(self.history, &standing, &range.to)?;
        let scripts: Vec<(&Revision, &Script)> =
            undone.into_iter().map(down).collect::<Result<_, _>>()?;
        self.refuse_unscriptable(scripts.iter().map(|(_, script)| *script))?;
        let mut text = self.begin(&standing);
        for (revision, script) in scripts {
            text.comment(&format!("undo revision {} {}", revision.version, revision.name));
            text.script(Job::reverting(revision.version, &revision.name, script));
        }
        Ok(text.finish())
    }

    /// Records the targets and all that they build upon, and forgets what comes after them.
    ///
    /// Unless it is to `purge`, the script fails where something is recorded that the files do not
    /// know, or that is half-applied.
    pub fn stamp(&self, targets: &[Target], purge: bool) -> Result<String, Error> {
        let wanted = stamp::wanted(self.history, targets)?;
        let mut text = Text::new(&self.dialect);
        self.create(&mut text);
        if !purge {
            let known: Vec<i64> = self.history.revisions().iter().map(|r| r.version).collect();
            text.expect_known(&known);
        }
        let all = self.history.revisions().iter();
        let mut gone = stamp::forgotten(self.history, targets)?;
        gone.extend(&wanted);
        let mut writes = if purge || gone.len() == all.len() {
            vec![
                Write::new("DELETE FROM {applied}", []),
                Write::new("DELETE FROM _migrate_revisions", []),
                Write::new("DELETE FROM _migrate_journal", []),
            ]
        } else {
            let gone = gone.into_iter();
            gone.flat_map(|version| {
                [ledger::deleted(version), ledger::forgotten(version), journal::cleared(version)]
            })
            .collect()
        };
        for revision in all.filter(|revision| wanted.contains(&revision.version)) {
            writes.push(ledger::inserted(revision, true, -1));
            writes.extend(ledger::noted(revision));
        }
        text.transaction(&[], &writes);
        Ok(text.finish())
    }

    /// Makes the runner's tables, and nothing else.
    #[must_use]
    pub fn ensure_version(&self) -> String {
        let mut text = Text::new(&self.dialect);
        self.create(&mut text);
        text.finish()
    }

    fn standing(&self, target: &Target) -> Result<Standing, Error> {
        Ok(Standing::assumed(self.versions(target)?))
    }

    /// Refuses a range whose `later` end is older than the other: `command` goes that way.
    fn refuse_backwards(
        &self,
        earlier: &Target,
        later: &Target,
        command: &str,
    ) -> Result<(), Error> {
        let ends = (self.versions(earlier), self.versions(later));
        let (Ok(earlier_has), Ok(later_has)) = ends else { return Ok(()) };
        if later_has.len() < earlier_has.len() && later_has.is_subset(&earlier_has) {
            let range = if command == "downgrade" {
                format!("{earlier}:{later}")
            } else {
                format!("{later}:{earlier}")
            };
            let message =
                format!("{range} goes the other way: write `migrate {command} {range} --sql`");
            return Err(Error::usage("WRONG_DIRECTION", message));
        }
        Ok(())
    }

    /// What belongs to another phase, and the command that prints it.
    fn held_back(
        &self,
        plan: &Plan<'_>,
        range: &TargetRange,
        standing: &Standing,
    ) -> Option<String> {
        let first = plan.held_back.first()?;
        let phase = first.directives.phase;
        let has = |version| standing.has(version) || plan.run.iter().any(|r| r.version == version);
        let from = match self.history.applied_heads(has).as_slice() {
            [head] => head.version.to_string(),
            _ => "A".to_owned(),
        };
        let (when, option) = match phase {
            Phase::Expand => ("", ""),
            Phase::Contract => (" once no old program runs any more", " --phase contract"),
        };
        let text = format!(
            "stops before {} {}, which belongs to the phase {}: write `migrate upgrade {from}:{} --sql{option}`{when}",
            first.version,
            first.name,
            phase.name(),
            range.to
        );
        Some(text)
    }

    /// Refuses texts that no client would run as they stand, and files with a `USE`: behind it the revision would
    /// be recorded elsewhere, and nothing tells the name to go back to.
    fn refuse_unscriptable<'s>(
        &self,
        mut scripts: impl Iterator<Item = &'s Script> + Clone,
    ) -> Result<(), Error> {
        scripts.clone().try_for_each(|script| script.refuse_unfit(self.engine))?;
        let found = scripts.find_map(|script| {
            let all = statements(self.engine, &script.text).into_iter();
            let mut chosen = all.filter(|s| chooses_database(self.engine, s.sql));
            chosen.next().map(|s| format!("{}:{}: `{}`", script.file, s.line, s.sql))
        });
        let Some(statement) = found else { return Ok(()) };
        let message = format!(
            "{statement} would have a client record the revision in that database: run `migrate upgrade`, \
             which comes back, or write the database's name before the tables' in place of it"
        );
        Err(Error::usage("CHOOSES_DATABASE", message))
    }

    fn versions(&self, target: &Target) -> Result<BTreeSet<i64>, Error> {
        stamp::wanted(self.history, std::slice::from_ref(target))
    }

    fn begin(&self, standing: &Standing) -> Text {
        let mut text = Text::new(&self.dialect);
        self.create(&mut text);
        text.expect(&standing.rows().map(|row| row.version).collect::<Vec<_>>());
        text
    }

    fn create(&self, text: &mut Text) {
        for sql in ledger::schemas(self.engine, &self.schemas) {
            text.statement(&sql);
        }
        for (_, sql) in tables(self.engine) {
            text.statement(&self.dialect.name(sql));
        }
    }
}

fn down(revision: &Revision) -> Result<(&Revision, &Script), Error> {
    let version = revision.version;
    let missing = || crate::Problem::Irreversible { version, file: Some(revision.up.file.clone()) };
    let script = revision.down.as_ref().ok_or_else(missing)?;
    Ok((revision, script))
}
