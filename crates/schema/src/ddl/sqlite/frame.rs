//! What stands around statements that need foreign keys off: a transaction of its own, and questions
//! whose answers make it fail.

use std::collections::BTreeSet;

use super::super::Statement;
use super::plan::{Plan, both};
use super::{rebuild, unknown};
use crate::catalog::sqlite::literal;
use crate::model::{ForeignKey, IndexPart, Name, Schema, Table};

/// The table that takes the answers. Its checks refuse the wrong ones, as the rows of a
/// `PRAGMA foreign_key_check` are looked at by nobody.
pub(super) const CHECKED: &str = "_migrate_rebuild";

/// Puts the frame around the statements; it becomes part of the first and the last one.
pub(super) fn framed(plan: &Plan<'_>, mut statements: Vec<Statement>) -> Vec<Statement> {
    let needs_frame = plan.needs_frame();
    let is_rebuilding = plan.rebuilt().next().is_some();
    let (before, after) = dangling(plan).unzip();
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
             CREATE TEMP TABLE _migrate_rebuild (\n  dangling INTEGER,\n  \
             is_copied INTEGER CONSTRAINT \"every row was copied\" CHECK (is_copied),\n  \
             is_sound INTEGER CONSTRAINT \"every row refers to one that is there\" CHECK (is_sound),\n  \
             unknown TEXT,\n  \
             is_known INTEGER CONSTRAINT \"nothing was made past the files: see migrate verify\" CHECK (is_known)\n)"
                .to_owned(),
        );
        head.extend(before);
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
            let away = rebuild::step_aside(plan);
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

/// How many rows refer to none, of the tables whose references the rebuilds touch: the question before,
/// and that afterwards, whether there are more.
fn dangling(plan: &Plan<'_>) -> Option<(String, String)> {
    let difference = plan.difference;
    let touched = both(difference).into_iter().filter(|name| {
        let Some(table) = difference.to.tables.get(*name) else { return false };
        let refers = table.foreign_keys.iter().any(|key| {
            plan.is_rebuilt(name) || plan.is_rebuilt(&Name::local(&*key.referenced_table))
        });
        refers && is_checkable(&difference.to, table)
    });
    let touched: BTreeSet<&Name> = touched.collect();
    if touched.is_empty() {
        return None;
    }
    let rows = |names: &mut dyn Iterator<Item = &Name>| {
        let names: Vec<String> = names.map(|name| format!("({})", literal(&name.local))).collect();
        let names = names.join(", ");
        format!("FROM (VALUES {names}) AS checked,\n     pragma_foreign_key_check(checked.column1)")
    };
    // The question before is asked before tables are renamed.
    let former = difference.renames.inverted();
    let is_known = |name: &&&Name| {
        difference
            .from
            .tables
            .get(**name)
            .is_some_and(|table| is_checkable(&difference.from, table))
    };
    let known: Vec<&Name> =
        touched.iter().filter(is_known).map(|name| former.table(name)).collect();
    let before = if known.is_empty() {
        format!("INSERT INTO {CHECKED} (dangling) VALUES (0)")
    } else {
        let known = rows(&mut known.into_iter());
        format!("INSERT INTO {CHECKED} (dangling)\nSELECT count(*)\n{known}")
    };
    let after = format!(
        "INSERT OR ROLLBACK INTO {CHECKED} (is_sound)\n\
         SELECT count(*) <= (SELECT max(dangling) FROM {CHECKED})\n{}",
        rows(&mut touched.iter().copied())
    );
    Some((before, after))
}

/// Whether every foreign key of the table refers to columns that some key covers; else `SQLite` checks
/// nothing and fails: <https://www.sqlite.org/foreignkeys.html#fk_indexes>
fn is_checkable(schema: &Schema, table: &Table) -> bool {
    table.foreign_keys.iter().all(|key| {
        let parent = schema.table(&key.referenced_table);
        parent.is_some_and(|parent| is_covered(parent, key))
    })
}

/// Whether a key of the parent has these columns, in any order, and compares them as they compare.
fn is_covered(parent: &Table, key: &ForeignKey) -> bool {
    let is_same = |columns: &[&str]| {
        let wanted: BTreeSet<&str> = key.referenced_columns.iter().map(String::as_str).collect();
        columns.len() == key.columns.len()
            && columns.iter().copied().collect::<BTreeSet<_>>() == wanted
    };
    let is_plain = |word: &str| {
        let details = parent.options.parameters.get(word);
        details.is_none_or(|details| !details.contains(" COLLATE "))
    };
    let names =
        |columns: &[String]| is_same(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    let primary = parent.primary_key.as_ref();
    let mut uniques = parent.uniques.iter();
    let indexes = parent.indexes.iter().filter(|one| one.unique && one.predicate.is_none());
    let mut indexes = indexes.filter_map(|index| {
        let plain = |part: &'_ IndexPart| part.collation.is_none();
        let is_plain = index.parts.iter().all(plain);
        is_plain.then(|| index.parts.iter().map(IndexPart::column).collect::<Option<Vec<_>>>())?
    });
    primary.is_some_and(|primary| names(&primary.columns) && is_plain("PRIMARY KEY"))
        || uniques.any(|unique| {
            let word = format!("UNIQUE ({})", unique.columns.join(", "));
            names(&unique.columns) && is_plain(&word)
        })
        || indexes.any(|columns| is_same(&columns))
}
