//! What stands around statements that need foreign keys off: a transaction of its own, and questions
//! whose answers make it fail.

use super::super::Statement;
use super::plan::Plan;
use super::{aside, dangling, unknown};

/// The table that takes the answers. Its checks refuse the wrong ones, as the rows of a
/// `PRAGMA foreign_key_check` are looked at by nobody.
pub(super) const CHECKED: &str = "_migrate_rebuild";

/// Puts the frame around the statements; it becomes part of the first and the last one.
pub(super) fn framed(plan: &Plan<'_>, mut statements: Vec<Statement>) -> Vec<Statement> {
    let needs_frame = plan.needs_frame();
    let is_rebuilding = plan.rebuilt().next().is_some();
    let (before, after) = dangling::questions(plan).unzip();
    let mut head = Vec::new();
    let mut tail = Vec::new();
    if needs_frame {
        head.push("PRAGMA foreign_keys = OFF".to_owned());
    }
    head.push("BEGIN IMMEDIATE".to_owned());
    if is_rebuilding {
        head.push(
            "-- What SQLite cannot alter steps aside, is made anew, and its rows are copied. If rows are in \
             the way,\n-- OR ROLLBACK undoes everything, so that nothing is dropped that was not copied.\n\
             CREATE TEMP TABLE _migrate_rebuild (\n  reference TEXT,\n  dangling INTEGER,\n  \
             is_copied INTEGER CONSTRAINT \"every row was copied\" CHECK (is_copied),\n  \
             is_sound INTEGER CONSTRAINT \"every row refers to one that is there\" CHECK (is_sound),\n  \
             unknown TEXT,\n  \
             is_known INTEGER CONSTRAINT \"nothing was made past the files: see migrate verify\" CHECK (is_known)\n)"
                .to_owned(),
        );
        head.extend(before.flatten());
        tail.extend(after);
        tail.push(format!("DROP TABLE {CHECKED}"));
    }
    tail.push("COMMIT".to_owned());
    if needs_frame {
        tail.push("PRAGMA foreign_keys = ON".to_owned());
    }
    let legacy = |statements: &mut Vec<Statement>| {
        let rebuilds = |one: &Statement| one.change == "rebuild table";
        if let Some(first) = statements.iter_mut().find(|one| rebuilds(one)) {
            let (unknown, is_known) = unknown::questions(plan);
            let away = aside::step(plan);
            first.sql = format!(
                "{unknown};\n\nPRAGMA legacy_alter_table = ON;\n\n{away};\n\n{is_known};\n\n{}",
                first.sql
            );
        }
        if let Some(last) = statements.iter_mut().rfind(|one| rebuilds(one)) {
            last.sql = format!("{};\n\nPRAGMA legacy_alter_table = OFF", last.sql);
        }
    };
    legacy(&mut statements);
    if let Some(first) = statements.first_mut() {
        first.sql = format!("{};\n\n{}", head.join(";\n\n"), first.sql);
    }
    if let Some(last) = statements.last_mut() {
        last.sql = format!("{};\n\n{}", last.sql, tail.join(";\n\n"));
    }
    statements
}
