use std::collections::BTreeSet;

use crate::Engine;
use crate::ddl::{Action, Column, CreateTable, Name, What};
use crate::lint::file::At;
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    MG046, "blanket-grant", Warning, EVERY,
        "whoever gets it may do more than the program needs, with tables that do not exist yet as well",
        "grant what is needed, on what it is needed for: `GRANT SELECT, INSERT ON orders TO app;`",
        "https://www.postgresql.org/docs/current/sql-grant.html";
    MG047, "float-for-money", Warning, EVERY,
        "binary fractions cannot hold 0.10, and sums drift",
        "use NUMERIC(19, 4), or a whole number of the smallest unit",
        "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_money";
    MG048, "column-twice", Error, EVERY,
        "the server refuses it",
        "delete one of them",
        "https://squawkhq.com/docs/ban-duplicate-column-assignments";
    MG049, "identifier-too-long", Error, EVERY,
        "PostgreSQL cuts names at 63 bytes in silence, MySQL refuses more than 64 characters",
        "choose a shorter name",
        "https://squawkhq.com/docs/identifier-too-long";
    MG050, "name-not-plain", Info, EVERY,
        "it needs quotes in every statement, or means another object on another system",
        "name it in small letters, digits and underscores",
        "https://atlasgo.io/lint/analyzers";
    MG053, "wide-index", Info, EVERY,
        "an index of more than three columns is seldom used for its last ones, and costs each write",
        "keep the columns that narrow the search most",
        "https://github.com/ankane/strong_migrations#keeping-non-unique-indexes-to-three-columns-or-less";
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    match &at.read.what {
        What::Grant { is_blanket: true } => out.tell(&MG046, at, at.read.statement.summary()),
        What::CreateTable(table) => check_table(at, table, out),
        What::AlterTable(alter) => {
            for action in &alter.actions {
                if let Action::AddColumn { column, .. } | Action::Redefine { column, .. } = action {
                    check_column(at, column, out);
                }
            }
        }
        What::CreateIndex(index) => {
            names(at, index.name.iter(), out);
            if index.columns.len() > 3 && !index.is_unique {
                let count = index.columns.len();
                out.tell(&MG053, at, format!("an index of {count} columns on {}", index.table));
            }
        }
        _ => {}
    }
}

fn check_table(at: &At<'_>, table: &CreateTable, out: &mut Out<'_>) {
    names(at, std::iter::once(&table.name), out);
    let mut seen = BTreeSet::new();
    for column in &table.columns {
        if !seen.insert(column.name.key()) {
            out.tell(&MG048, at, format!("column {} of {}", column.name, table.name));
        }
        check_column(at, column, out);
    }
    names(at, table.constraints.iter().filter_map(|constraint| constraint.name.as_ref()), out);
}

fn check_column(at: &At<'_>, column: &Column, out: &mut Out<'_>) {
    names(at, std::iter::once(&column.name), out);
    if column.ty.is_float() && is_money(column.name.key()) {
        out.tell(&MG047, at, format!("column {} is {}", column.name, column.ty));
    }
}

fn is_money(key: &str) -> bool {
    let words =
        ["price", "amount", "cost", "total", "balance", "salary", "fee", "money", "payment", "tax"];
    key.split('_').any(|word| words.contains(&word) || words.contains(&word.trim_end_matches('s')))
}

fn names<'n>(at: &At<'_>, names: impl Iterator<Item = &'n Name>, out: &mut Out<'_>) {
    let longest = match at.file.engine {
        Engine::Postgres => 63,
        Engine::MySql | Engine::MariaDb => 64,
        Engine::Sqlite => usize::MAX,
    };
    for name in names {
        let last = name.last();
        let length =
            if at.file.engine == Engine::Postgres { last.len() } else { last.chars().count() };
        if length > longest {
            out.tell(&MG049, at, name);
        }
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_quoted = name.text().contains(['"', '`', '[']);
        let folds = at.file.engine == Engine::Postgres && !is_quoted;
        let shown = if folds { last.to_lowercase() } else { last.to_owned() };
        if !shown.chars().all(is_plain) {
            out.tell(&MG050, at, name);
        }
    }
}
