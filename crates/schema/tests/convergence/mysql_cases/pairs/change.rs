use artisan_testkit::Engine;

use super::chance::Chance;
use super::grammar::{self, COMMENTS, Schema, Table, What};

/// The schema after a few changes.
pub(super) fn changed(schema: &Schema, chance: &mut Chance, engine: Engine) -> Schema {
    let mut changed = schema.clone();
    for _ in 0..=chance.below(6) {
        if changed.tables.is_empty() || chance.once_in(8) {
            grammar::add_table(&mut changed, chance, engine);
        } else if chance.once_in(10) {
            let at = chance.below(changed.tables.len());
            changed.tables.remove(at);
            changed.views.clear();
        } else {
            let tables: Vec<usize> = changed.tables.iter().map(|table| table.number).collect();
            let at = chance.below(changed.tables.len());
            let is_new = schema.tables.iter().all(|one| one.number != changed.tables[at].number);
            change_table(&mut changed.tables[at], &tables, is_new, chance, engine);
        }
        grammar::tidy(&mut changed);
    }
    changed
}

fn change_table(
    table: &mut Table,
    tables: &[usize],
    is_new: bool,
    chance: &mut Chance,
    engine: Engine,
) {
    let columns = table.columns.len();
    match chance.below(14) {
        0 | 1 => grammar::add_column(table, tables, chance),
        2 if columns > 1 => drop(table.columns.remove(chance.below(columns))),
        3 if columns > 1 => {
            let column = table.columns.remove(chance.below(columns));
            table.columns.insert(chance.below(columns), column);
        }
        4 | 5 if columns > 0 => {
            let (number, name) = grammar::name(table, chance);
            let column = &mut table.columns[chance.below(columns)];
            // Only what is there already has a former name; for others, this one is as good.
            if column.old.is_none() && number > 0 {
                column.old = Some(std::mem::replace(&mut column.name, name));
            }
        }
        6 | 7 if columns > 0 => change_column(table, chance),
        8 => grammar::add_index(table, chance, engine),
        9 if !table.indexes.is_empty() => {
            let at = chance.below(table.indexes.len());
            table.indexes.remove(at);
        }
        10 => grammar::add_check(table, chance),
        11 if !table.checks.is_empty() => {
            let at = chance.below(table.checks.len());
            table.checks.remove(at);
        }
        12 => table.key = if table.key == "INT" { "BIGINT" } else { "INT" },
        13 if !is_new && table.old.is_none() => {
            table.old = Some(std::mem::replace(&mut table.name, format!("r{}", table.number)));
        }
        _ => {
            table.comment = chance.once_in(2).then(|| *chance.one_of(&COMMENTS));
            table.has_trigger = chance.once_in(3);
        }
    }
}

fn change_column(table: &mut Table, chance: &mut Chance) {
    let at = chance.below(table.columns.len());
    let column = &mut table.columns[at];
    match (&mut column.what, chance.below(4)) {
        (_, 0) => column.comment = chance.once_in(2).then(|| *chance.one_of(&COMMENTS)),
        (What::Plain(..), 1) => column.is_nullable = !column.is_nullable,
        (What::Plain(..), _) => column.what = grammar::plain(chance),
        (What::Computed(_, added, is_stored), _) => {
            *added += 1;
            *is_stored = chance.once_in(2);
        }
        (What::Points(_, _, action), _) => *action = " ON DELETE CASCADE",
    }
}
