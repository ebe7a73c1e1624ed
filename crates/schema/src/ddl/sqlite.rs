//! `SQLite` changes in place what it can. Everything else takes a new table, into which the rows are
//! copied: once for all changes of a table, and for all such tables in one transaction.
//!
//! `SQLite` keeps the CREATE statements as they were written. The way up makes the schema equal; the way
//! back restores the very statements, and rebuilds a table where ALTER TABLE would leave
//! another text.

mod aside;
mod copy;
mod dangling;
mod definitions;
mod demands;
mod drops;
mod frame;
mod full_text;
mod in_place;
mod plan;
mod rebuild;
mod text;
mod texts;
mod unknown;
mod values;
mod write;

use self::plan::{Plan, Way};
use self::texts::Texts;
use super::{Script, Style};
use crate::difference::Difference;

/// One script at most: what rebuilds a table brings its own transaction, as foreign keys are switched off
/// outside of one only.
pub(super) fn scripts(difference: &Difference, back: &Difference, _: Style) -> Vec<Script> {
    if difference.is_empty() {
        return Vec::new();
    }
    let up = Plan::new(difference, Texts::of(&difference.from), Way::Up);
    let down = Plan::new(back, up.end.clone().moved(&back.renames), Way::Back);
    let no_transaction = up.needs_frame() || down.needs_frame();
    let statements = |plan: &Plan<'_>| {
        let statements = write::statements(plan);
        if no_transaction { frame::framed(plan, statements) } else { statements }
    };
    let script =
        Script { purpose: None, no_transaction, up: statements(&up), down: statements(&down) };
    vec![script]
}
