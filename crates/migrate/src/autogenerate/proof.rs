use artisan_schema::ddl::{self, Style};
use artisan_schema::difference::{Difference, Renames};
use artisan_schema::model::{Kept, Schema};

use super::compare::Sides;
use super::files::Files;
use crate::{Error, Phases, Target};

/// Applies what was generated to the first database, takes it back, and applies it again, as the runner
/// does it anywhere: each time the schema has to be the one that it should be.
pub(super) async fn prove(sides: &mut Sides, files: &Files) -> Result<(), Error> {
    let before = sides.from.clone();
    let is_reversible = files.drafted.iter().all(|one| one.files.len() > 1);
    sides.runner.follow(files.history.clone());
    let beyond = beyond(sides);
    up(sides, "applied").await.map_err(|error| with_hint(error, &beyond))?;
    if !is_reversible {
        return Ok(());
    }
    for one in files.drafted.iter().rev() {
        // What stands before it, whatever other heads there are.
        let target = Target::Offset(Box::new(Target::Revision(one.version.to_string())), -1);
        sides.runner.downgrade(&target, false).await.map_err(failed)?;
    }
    let now = sides.read().await?;
    same(&now, &before, "taken back")?;
    kept(&now, &before)?;
    up(sides, "applied a second time").await
}

async fn up(sides: &mut Sides, done: &str) -> Result<(), Error> {
    sides.runner.upgrade(&Target::Heads, Phases::All).await.map_err(failed)?;
    same(&sides.read().await?, &sides.to, done)
}

fn same(now: &Schema, wanted: &Schema, done: &str) -> Result<(), Error> {
    let left = Difference::between(now, wanted, &Renames::default());
    if left.is_empty() {
        return Ok(());
    }
    let back = Difference::between(wanted, now, &Renames::default());
    let scripts = ddl::scripts(&left, &back, Style::default());
    let lacking = scripts.iter().flat_map(|script| &script.up);
    let lacking: Vec<String> = lacking.map(|statement| format!("{};", statement.sql)).collect();
    let lacking = lacking.join("\n");
    let message = format!(
        "nothing was written: what was generated was {done} in a scratch database, and this would still have \
         to be done there:\n{lacking}"
    );
    Err(Error::Unproven(message))
}

/// Fails if something that is not managed was there before, and is not any more.
fn kept(now: &Schema, before: &Schema) -> Result<(), Error> {
    let is_there = |one: &Kept| {
        let mut all = now.attached.kept.iter();
        all.any(|other| other.owner == one.owner && other.label == one.label)
    };
    let lost = before.attached.kept.iter().filter(|one| !is_there(one));
    let lost: Vec<String> = lost
        .map(|one| format!("\n  {} of {} {}", one.label, one.owner.kind.words(), one.owner.name))
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    let message = format!(
        "nothing was written: what was generated was taken back in a scratch database, and this, which is not \
         managed, was lost:{}\nwrite this revision by hand",
        lost.concat()
    );
    Err(Error::Unproven(message))
}

/// What the desired schema has and the files lack, and is not managed.
fn beyond(sides: &Sides) -> Vec<String> {
    let all = sides.to.unmanaged.iter();
    all.filter(|one| !sides.from.unmanaged.contains(one)).cloned().collect()
}

/// What does not run may stand on something that nobody manages.
fn with_hint(error: Error, beyond: &[String]) -> Error {
    match error {
        Error::Unproven(message) if !beyond.is_empty() => Error::Unproven(format!(
            "{message}\nthe desired schema has what is not managed and the files do not make: {}; if that is what it \
             stands on, write it by hand into a revision before this one",
            beyond.join(", ")
        )),
        other => other,
    }
}

/// A generated statement that does not run is no migration that failed.
fn failed(error: Error) -> Error {
    match error {
        Error::MigrationFailed(statement) => {
            let message = format!(
                "nothing was written: a statement that was generated does not run in a scratch database: \
                 {statement}\n{}",
                statement.sql
            );
            Error::Unproven(message)
        }
        other => other,
    }
}
