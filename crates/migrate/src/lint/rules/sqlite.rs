use crate::ServerVersion;
use crate::ddl::{Action, Column, ConstraintKind, Default, Generated, Name, What};
use crate::lint::file::{At, Read};
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    SL101, "foreign-keys-in-transaction", Error, SQLITE,
        "SQLite ignores `PRAGMA foreign_keys` within a transaction, so dropping a table deletes or orphans the rows that refer to it",
        "make `-- no-transaction` the first line, then PRAGMA foreign_keys = OFF; BEGIN; …; COMMIT; PRAGMA foreign_keys = ON;",
        "https://www.sqlite.org/pragma.html#pragma_foreign_keys";
    SL102, "pragma-in-transaction", Warning, SQLITE,
        "SQLite refuses or ignores this setting within a transaction",
        "set it where the connection is made, or make `-- no-transaction` the first line",
        "https://www.sqlite.org/pragma.html";
    SL103, "impossible-add-column", Error, SQLITE,
        "SQLite refuses to add such a column",
        "rebuild the table: make t_new, copy the rows, drop t, rename t_new to t",
        "https://www.sqlite.org/lang_altertable.html#altertabaddcol";
    SL104, "impossible-drop-column", Error, SQLITE,
        "SQLite refuses to drop a column of a key, an index or a foreign key",
        "drop the index first, or rebuild the table",
        "https://www.sqlite.org/lang_altertable.html#altertabdropcol";
    SL105, "rebuild-deletes-children", Error, SQLITE,
        "sqlx runs the file in a transaction with foreign keys on, and dropping the table deletes the rows of the tables that refer to it",
        "make `-- no-transaction` the first line, then PRAGMA foreign_keys = OFF; BEGIN; …; COMMIT; PRAGMA foreign_keys = ON;",
        "https://www.sqlite.org/lang_altertable.html#otheralter";
    SL106, "old-table-renamed-first", Warning, SQLITE,
        "since SQLite 3.26 foreign keys, views and triggers follow the old table to its new name",
        "make t_new, copy, drop t, and rename t_new to t last",
        "https://www.sqlite.org/lang_altertable.html#otheralter";
    SL108, "unknown-alter", Error, SQLITE,
        "SQLite has no such ALTER TABLE",
        "rebuild the table: make t_new, copy the rows, drop t, rename t_new to t",
        "https://www.sqlite.org/lang_altertable.html";
    SL109, "rebuild-loses-index", Warning, SQLITE,
        "the indexes of a table go with it, and this one is not made again",
        "make it again behind the rename: `CREATE INDEX … ON t (…);`",
        "https://www.sqlite.org/lang_altertable.html#otheralter";
    SL110, "vacuum-in-transaction", Error, SQLITE,
        "SQLite refuses VACUUM within a transaction",
        "make `-- no-transaction` the first line",
        "https://www.sqlite.org/lang_vacuum.html";
    SL202, "int-primary-key", Info, SQLITE,
        "only INTEGER PRIMARY KEY is the row id; any other spelling makes a second index and allows NULL",
        "write `id INTEGER PRIMARY KEY`",
        "https://www.sqlite.org/lang_createtable.html#rowid";
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    let in_transaction = at.file.is_transaction(at.read);
    match &at.read.what {
        What::Pragma { name, value } if in_transaction => match (name.as_str(), value) {
            ("foreign_keys", Some(_)) => out.tell(&SL101, at, at.read.statement.summary()),
            (
                "journal_mode" | "synchronous" | "page_size" | "auto_vacuum" | "encoding",
                Some(_),
            ) => {
                out.tell(&SL102, at, at.read.statement.summary());
            }
            _ => {}
        },
        What::Maintain(work) if work.verb.starts_with("VACUUM") && in_transaction => {
            out.tell(&SL110, at, "VACUUM");
        }
        What::AlterTable(alter) => {
            let has_one = alter.actions.len() == 1 && !alter.if_exists;
            if !has_one || alter.actions.iter().any(|action| is_unknown(at, action)) {
                out.tell(&SL108, at, at.read.statement.summary());
            }
            for action in &alter.actions {
                check_action(at, &alter.table, action, out);
            }
        }
        What::Drop(drop) if drop.kind == "TABLE" => {
            for name in drop.names.iter().filter(|name| at.is_used(name)) {
                check_drop(at, name, in_transaction, out);
            }
        }
        What::CreateTable(table) if !at.file.is_down => {
            let is_int = |column: &&Column| {
                column.is_primary && column.ty.name == "INT" && !writes_integer(at.read, column)
            };
            if let Some(column) = table.columns.iter().find(is_int) {
                out.tell(&SL202, at, format!("column {} of {}", column.name, table.name));
            }
        }
        _ => {}
    }
}

/// `INTEGER` is the one word that counts here; the reader takes it for `INT`.
fn writes_integer(read: &Read<'_>, column: &Column) -> bool {
    let text = read.statement.sql.to_uppercase();
    let name = column.name.text().to_uppercase();
    let behind = text.split_once(&name).map(|(_, rest)| rest.trim_start());
    behind.is_some_and(|rest| rest.starts_with("INTEGER"))
}

const OFF: &[&str] = &["off", "0", "false", "no"];

/// Whether the file has set a pragma to one of these values.
fn is_set(at: &At<'_>, pragma: &str, values: &[&str]) -> bool {
    at.before().iter().any(|read| {
        matches!(&read.what, What::Pragma { name, value: Some(value) }
            if name == pragma && values.contains(&value.as_str()))
    })
}

fn check_drop(at: &At<'_>, table: &Name, in_transaction: bool, out: &mut Out<'_>) {
    let referrers = at.place.schema.referrers(table);
    let comes_back = |read: &Read<'_>| match &read.what {
        What::AlterTable(alter) => {
            alter.actions.iter().any(|action| matches!(action, Action::RenameTo(to) if to == table))
        }
        What::CreateTable(created) => created.name == *table,
        _ => false,
    };
    let Some(back) = at.behind().iter().position(comes_back) else { return };
    let is_off = is_set(at, "foreign_keys", OFF);
    if !referrers.is_empty() && (!is_off || (in_transaction && !at.read.is_in_block)) {
        out.tell(
            &SL105,
            at,
            format!("{} refers to {table}, which is rebuilt", referrers.join(", ")),
        );
    }
    let rest = at.behind().get(back..).unwrap_or_default();
    let is_made = |index: &str| {
        rest.iter().any(|read| match &read.what {
            What::CreateIndex(made) => made.name.as_ref().is_some_and(|name| name.key() == index),
            _ => false,
        })
    };
    let lost: Vec<&str> = at.place.schema.indexes_of(table).map(|(name, _)| name).collect();
    for index in lost.into_iter().filter(|index| !is_made(index)) {
        out.tell(&SL109, at, format!("index {index} of {table}"));
    }
}

fn check_action(at: &At<'_>, table: &Name, action: &Action, out: &mut Out<'_>) {
    match action {
        Action::AddColumn { column, .. } => {
            if let Some(why) = refusal(column) {
                out.tell(&SL103, at, format!("column {} of {table} {why}", column.name));
            }
        }
        Action::DropColumn { name, .. } => {
            let known = at.place.schema.table(table);
            let is_key = known.is_some_and(|known| known.keys.contains(name));
            let mut indexes = at.place.schema.indexes_of(table);
            if is_key || indexes.any(|(_, index)| index.columns.contains(name)) {
                out.tell(&SL104, at, format!("column {name} of {table}"));
            }
        }
        Action::RenameTo(to) => {
            // With the old ways of ALTER TABLE, and foreign keys off, nothing follows.
            let stays = is_set(at, "legacy_alter_table", &["on", "1", "true", "yes"])
                && is_set(at, "foreign_keys", OFF);
            if at.is_made_behind(table) && !stays {
                out.tell(&SL106, at, format!("{table} is renamed to {to}, and made again"));
            }
        }
        _ => {}
    }
}

/// Whether SQLite has no such change; 3.53 is the first to change constraints:
/// <https://www.sqlite.org/releaselog/3_53_0.html>.
fn is_unknown(at: &At<'_>, action: &Action) -> bool {
    let changes_constraints = at.file.version >= ServerVersion::new(3, 53, 0);
    match action {
        Action::AddColumn { if_not_exists: conditional, .. }
        | Action::DropColumn { if_exists: conditional, .. } => *conditional,
        Action::RenameColumn { .. } | Action::RenameTo(_) => false,
        Action::SetNotNull(_)
        | Action::DropNotNull(_)
        | Action::DropConstraint { kind: None, .. } => !changes_constraints,
        Action::AddConstraint(constraint) => {
            constraint.kind != ConstraintKind::Check || !changes_constraints
        }
        _ => true,
    }
}

fn refusal(column: &Column) -> Option<&'static str> {
    if column.is_primary || column.is_unique {
        return Some("is PRIMARY KEY or UNIQUE");
    }
    if column.generated == Some(Generated::Stored) {
        return Some("is generated and STORED");
    }
    match &column.default {
        Some(Default::Now | Default::Expression(_)) => Some("has a default that is no constant"),
        Some(Default::Null) | None if column.not_null && column.generated.is_none() => {
            Some("is NOT NULL without a default")
        }
        Some(Default::Constant) if column.references.is_some() => {
            Some("has a default other than NULL and refers to a table")
        }
        _ => None,
    }
}
