mod effects;

use crate::ddl::Schema;
use crate::lint::file::File;
use crate::lint::finding::{Out, Place};
use crate::lint::rule::rules;
use effects::{Undone, made};

rules! {
    MG002, "no-down-file", Warning, EVERY,
        "`downgrade` cannot undo it, and a rollback of the release stops here",
        "write the down file; where nothing can be undone, waive this rule and say why",
        "docs/migrate.md#commands";
    MG003, "incomplete-down-file", Warning, EVERY,
        "after `downgrade` the schema is not what it was, and the next `upgrade` fails on what was left",
        "undo each statement of the up file, last first",
        "docs/migrate.md#commands";
    MG007, "down-file-of-another-name", Warning, EVERY,
        "the version alone pairs them: a down file that belongs to another revision would undo this one",
        "give both files the same name",
        "docs/migrate.md#commands";
}

const START: Place = Place { line: 1, column: 1, end_line: 1 };

pub(super) fn check(up: &File<'_>, down: Option<&File<'_>>, before: &Schema, out: &mut Out<'_>) {
    let Some(down) = down else {
        if !up.reads.is_empty() {
            out.place(&MG002, START, &up.script.file);
        }
        return;
    };
    let name = stem(&up.script.file);
    if stem(&down.script.file) != name {
        out.down(&MG007, &down.script.file, format!("it goes with {}", up.script.file));
    }
    let undone = Undone::of(down);
    if undone.is_opaque {
        return;
    }
    for effect in made(up, before) {
        if !undone.covers(&effect) {
            out.down(
                &MG003,
                &down.script.file,
                format!("{effect} of line {} is not undone", effect.line),
            );
        }
    }
}

/// `1_a` of `1_a.up.sql`.
fn stem(file: &str) -> &str {
    let name = file.strip_suffix(".sql").unwrap_or(file);
    name.strip_suffix(".up").or_else(|| name.strip_suffix(".down")).unwrap_or(name)
}
