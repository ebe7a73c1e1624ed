use crate::ddl::{Action, AlterOther, Column, ConstraintKind, Dropped, Name, Storage, Type, What};
use crate::lint::file::{At, Read};
use crate::lint::finding::Out;
use crate::lint::rule::rules;
use crate::split::significant;

rules! {
    MG020, "drop-table", Error, EVERY,
        "its rows are lost, and the release that still runs may read it",
        "stop using the table first; then drop it in a revision of its own with `-- phase: contract`, which runs after the rollout",
        "https://martinfowler.com/bliki/ParallelChange.html";
    MG021, "drop-column", Error, EVERY,
        "its values are lost, and the release that still runs may read or write it",
        "stop using the column first; then drop it in a revision of its own with `-- phase: contract`",
        "https://github.com/ankane/strong_migrations#removing-a-column";
    MG022, "drop-database", Error, EVERY,
        "everything in it is lost, and no down file brings it back",
        "do it by hand, with a backup, not in a migration",
        "https://squawkhq.com/docs/ban-drop-database";
    MG023, "truncate", Error, EVERY,
        "all rows are lost",
        "delete by a condition and in batches: `DELETE FROM t WHERE id IN (SELECT id FROM t WHERE … LIMIT 1000);`",
        "https://squawkhq.com/docs/ban-truncate-cascade";
    MG024, "delete-without-where", Error, EVERY,
        "all rows are lost",
        "name the rows: `DELETE FROM t WHERE …;`",
        "https://dev.mysql.com/doc/refman/8.4/en/delete.html";
    MG025, "update-without-where", Warning, EVERY,
        "every row is written in one transaction, whose locks and log grow with the table",
        "write in batches: `UPDATE t SET a = 1 WHERE a IS NULL AND id BETWEEN 1 AND 10000;`",
        "https://github.com/ankane/strong_migrations#backfilling-data";
    MG026, "narrower-type", Error, EVERY,
        "values that do not fit are cut, or the statement fails on them",
        "add a new column, copy what fits, and move readers and writers over",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html";
    MG027, "drop-constraint", Info, EVERY,
        "from here on rows may come in that it kept out",
        "be sure that no release relies on it; `-- phase: contract` says so",
        "https://atlasgo.io/lint/analyzers";
    MG028, "drop-object", Warning, EVERY,
        "the release that still runs may use it",
        "drop it in a revision of its own with `-- phase: contract`",
        "https://martinfowler.com/bliki/ParallelChange.html";
    MG029, "drop-cascade", Warning, EVERY,
        "whatever hangs on it goes too, and the file does not say what",
        "drop the dependent objects one by one, by name, and leave CASCADE out",
        "https://www.postgresql.org/docs/current/ddl-depend.html";
    MG055, "marked-destructive", Error, EVERY,
        "the file itself says so",
        "keep what is lost elsewhere first, or say in a waiver why it may go",
        "docs/autogenerate.md#what-is-lost";
}

/// What a generated file says of a statement, where no other rule sees it.
pub(super) fn check_marks(at: &At<'_>, out: &mut Out<'_>) {
    if at.file.is_contract() || out.has_told_of_loss(at, ALL) {
        return;
    }
    let begin = at.before().last().map_or(0, |read| read.place.end_line);
    let end = at.read.place.line.saturating_sub(1);
    let lines = at.file.script.text.lines().take(end).skip(begin);
    for lost in lines.filter_map(|line| line.strip_prefix("-- destructive: ")) {
        out.tell(&MG055, at, lost);
    }
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    let keeps = !at.file.is_contract();
    match &at.read.what {
        What::Drop(drop) => check_drop(at, drop, out),
        What::AlterOther(alter) if keeps => check_other(at, alter, out),
        What::CreateTable(table) if table.replaces && at.is_used(&table.name) && keeps => {
            out.tell(&MG020, at, format!("replacing table {}", table.name));
        }
        What::Truncate { tables, cascades } if tables.iter().any(|table| at.is_used(table)) => {
            out.tell(&MG023, at, format!("truncating {}", list(tables)));
            if *cascades {
                out.tell(&MG029, at, format!("truncating {} with CASCADE", list(tables)));
            }
        }
        What::Write(write)
            if !write.has_where && write.table.as_ref().is_some_and(|t| at.is_used(t)) =>
        {
            let table = write.table.as_ref().map_or("", |table| table.text());
            match write.verb.as_str() {
                "DELETE" => out.tell(&MG024, at, format!("deleting from {table} without WHERE")),
                "UPDATE" => out.tell(&MG025, at, format!("updating {table} without WHERE")),
                _ => {}
            }
        }
        What::AlterTable(alter) if at.is_used(&alter.table) => {
            for action in &alter.actions {
                check_action(at, &alter.table, action, out);
            }
        }
        _ => {}
    }
}

fn check_drop(at: &At<'_>, drop: &Dropped, out: &mut Out<'_>) {
    let keeps = !at.file.is_contract();
    let used = drop.names.iter().find(|name| at.is_used(name));
    match (drop.kind.as_str(), used) {
        ("DATABASE" | "SCHEMA", _) => {
            out.tell(&MG022, at, format!("dropping {}", list(&drop.names)));
        }
        ("OWNED BY", _) => {
            out.tell(&MG022, at, format!("dropping all that {} owns", list(&drop.names)));
        }
        ("TABLE" | "FOREIGN TABLE", Some(table))
            if keeps
                && !drop.is_temporary
                && !is_rebuilt(at, table)
                && !at.stepped_aside(table) =>
        {
            out.tell(&MG020, at, format!("dropping {} {table}", drop.kind.to_lowercase()));
        }
        (kind, Some(name)) if keeps && OBJECTS.contains(&kind) && !is_passing(at, drop, name) => {
            out.tell(&MG028, at, format!("dropping {} {name}", kind.to_lowercase()));
        }
        _ => {}
    }
    for table in drop.names.iter().filter(|_| keeps && drop.kind == "TABLE") {
        for column in left_behind(at, table) {
            out.tell(&MG021, at, format!("rebuilding {table} without column {column}"));
        }
    }
    if drop.cascades && !matches!(drop.kind.as_str(), "DATABASE" | "SCHEMA") {
        out.tell(&MG029, at, format!("dropping {} with CASCADE", list(&drop.names)));
    }
}

/// What programs use, or what works for them, beside tables.
const OBJECTS: [&str; 15] = [
    "VIEW",
    "MATERIALIZED VIEW",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "SEQUENCE",
    "TYPE",
    "DOMAIN",
    "EXTENSION",
    "TRIGGER",
    "EVENT",
    "EVENT TRIGGER",
    "RULE",
    "POLICY",
];

/// `ALTER TYPE t DROP ATTRIBUTE a`: a column of the columns of this type.
fn check_other(at: &At<'_>, alter: &AlterOther, out: &mut Out<'_>) {
    let drops = |pair: &[String]| pair == ["DROP", "ATTRIBUTE"];
    if alter.kind == "TYPE" && alter.words.windows(2).any(drops) {
        let name = alter.name.as_ref().map_or("", Name::text);
        out.tell(&MG021, at, format!("dropping an attribute of type {name}"));
    }
}

fn check_action(at: &At<'_>, table: &Name, action: &Action, out: &mut Out<'_>) {
    let keeps = !at.file.is_contract();
    let known = at.place.schema.table(table);
    let column = |name| known.and_then(|table| table.column(name));
    let mut narrowed = |old: Option<&Column>, new: &Type| {
        if let Some(old) = old.filter(|old| is_narrower(&old.ty, new)) {
            out.tell(&MG026, at, format!("column {} goes from {} to {new}", old.name, old.ty));
        }
    };
    match action {
        Action::AlterType { column: name, to } => narrowed(column(name), to),
        Action::Redefine { old, column: new } => narrowed(column(old), &new.ty),
        Action::DropColumn { name, .. } if keeps => {
            let computed = column(name).is_some_and(|column| column.generated.is_some());
            if !computed {
                out.tell(&MG021, at, format!("dropping column {name} of {table}"));
            }
        }
        Action::Storage(Storage::Discard) => {
            out.tell(&MG023, at, format!("discarding the tablespace of {table}"));
        }
        Action::Storage(Storage::DropHistory) => {
            out.tell(&MG023, at, format!("dropping the old versions of the rows of {table}"));
        }
        Action::DropPartition => out.tell(&MG023, at, format!("dropping a partition of {table}")),
        Action::DropConstraint { name, kind } if keeps => {
            let named = name.as_ref().map_or("a key", |name| name.text());
            if *kind == Some(ConstraintKind::PrimaryKey) {
                out.tell(&MG027, at, format!("dropping the primary key of {table}"));
            } else {
                out.tell(&MG027, at, format!("dropping {named} of {table}"));
            }
        }
        _ => {}
    }
}

fn list(names: &[Name]) -> String {
    names.iter().map(Name::text).collect::<Vec<_>>().join(", ")
}

/// The twelve steps of SQLite: another table takes the name behind it.
fn is_rebuilt(at: &At<'_>, table: &Name) -> bool {
    successor(at, table).is_some()
}

/// The table that takes the name of this one.
fn successor<'a>(at: &At<'a>, table: &Name) -> Option<&'a Name> {
    let behind = at.file.reads.get(at.index + 1..).unwrap_or_default();
    behind.iter().find_map(|read| match &read.what {
        What::AlterTable(alter) => {
            let takes = |action: &Action| matches!(action, Action::RenameTo(to) if to == table);
            let is_new = alter.actions.iter().any(takes) && !at.is_used(&alter.table);
            is_new.then_some(&alter.table)
        }
        _ => None,
    })
}

/// The columns of a rebuilt table whose values go with it: its successor has none of their names, and
/// nothing that fills it reads them.
fn left_behind(at: &At<'_>, table: &Name) -> Vec<String> {
    let schema = at.place.schema;
    let tables = successor(at, table).map(|new| (schema.table(table), schema.table(new), new));
    let Some((Some(old), Some(kept), new)) = tables else { return Vec::new() };
    let fills = |read: &&Read<'_>| matches!(&read.what, What::Write(write) if write.table.as_ref() == Some(new));
    let engine = at.file.engine;
    let words: Vec<&str> = at
        .before()
        .iter()
        .filter(fills)
        .flat_map(|read| significant(engine, read.statement.sql))
        .map(|token| token.text)
        .collect();
    let is_read = |column: &Column| {
        let name = |word: &&str| word.trim_matches(['"', '`', '[', ']']).to_lowercase();
        words.iter().any(|word| *word == "*" || name(word) == column.name.key())
    };
    let lost = old.columns.iter().filter(|column| {
        column.generated.is_none() && kept.column(&column.name).is_none() && !is_read(column)
    });
    lost.map(|column| column.name.to_string()).collect()
}

/// Whether the same file makes it again behind, or made it before, or made the table that it is of.
fn is_passing(at: &At<'_>, drop: &Dropped, name: &Name) -> bool {
    let same = |a: Option<&Name>, b: Option<&Name>| a.is_none() || b.is_none() || a == b;
    let makes = |read: &Read<'_>| match &read.what {
        What::Create(created) => {
            is_same_kind(&created.kind, &drop.kind)
                && created.name.as_ref() == Some(name)
                && same(created.table.as_ref(), drop.table.as_ref())
        }
        _ => false,
    };
    at.behind().iter().any(makes)
        || at.before().iter().any(makes)
        || drop.table.as_ref().is_some_and(|table| !at.is_used(table))
}

/// Whether what is made is of the kind that is dropped; PostgreSQL's routines are of several.
fn is_same_kind(made: &str, dropped: &str) -> bool {
    made == dropped
        || dropped == "ROUTINE" && ["FUNCTION", "PROCEDURE", "AGGREGATE"].contains(&made)
}

/// Whether values of the old type may not fit the new one.
pub(super) fn is_narrower(old: &Type, new: &Type) -> bool {
    if let (Some(from), Some(to)) = (old.integer_bytes(), new.integer_bytes()) {
        let unsigned = |ty: &Type| ty.name.contains("UNSIGNED");
        return to < from || (to == from && unsigned(old) != unsigned(new));
    }
    match (old.name.as_str(), new.name.as_str()) {
        ("TEXT" | "LONGTEXT" | "MEDIUMTEXT", "VARCHAR" | "CHAR") => new.length().is_some(),
        ("VARCHAR" | "CHAR" | "BINARY" | "VARBINARY", to) if to == old.name || new.is_text() => {
            matches!((old.length(), new.length()), (Some(from), Some(to)) if to < from)
                || (old.length().is_none() && new.length().is_some() && old.name == "VARCHAR")
        }
        ("DOUBLE PRECISION", "REAL" | "FLOAT")
        | ("TIMESTAMPTZ" | "TIMESTAMP" | "DATETIME", "DATE")
        | ("LONGTEXT", "MEDIUMTEXT" | "TEXT" | "TINYTEXT")
        | ("MEDIUMTEXT", "TEXT" | "TINYTEXT") => true,
        ("NUMERIC", "NUMERIC") => {
            matches!((old.length(), new.length()), (Some(from), Some(to)) if to < from)
                || old.length().is_none() && new.length().is_some()
        }
        ("NUMERIC" | "DOUBLE PRECISION" | "REAL" | "FLOAT", _) => new.integer_bytes().is_some(),
        _ => false,
    }
}
