use std::collections::BTreeMap;

use crate::ddl::{Action, AlterTable, Column, ConstraintKind, Name, Storage, What};
use crate::impact::{self, Blocks};
use crate::lint::file::{At, File};
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    MY101, "alter-copies-table", Warning, MYSQL,
        "the rows are copied, and nobody can write to the table until that is done",
        "split off what is INSTANT or INPLACE; for the rest use gh-ost or pt-online-schema-change, or a new column that is filled in batches",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html";
    MY102, "alter-rebuilds-table", Info, MYSQL,
        "the rows are written again in place: others go on writing, but it takes disk, time and a replica's patience",
        "be sure of the table's size (`migrate plan` shows it), and join several such changes in one ALTER",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html";
    MY103, "asked-for-copy-or-lock", Warning, MYSQL,
        "others cannot write, or not even read, until it is done, though the server may not need that",
        "write ALGORITHM=INSTANT or ALGORITHM=INPLACE, LOCK=NONE: the server then refuses rather than blocks",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html";
    MY104, "algorithm-not-said", Info, MYSQL,
        "the server falls back to a dearer algorithm in silence when it cannot do with the cheap one",
        "say what you count on: `ALTER TABLE t ADD COLUMN a INT, ALGORITHM=INSTANT;`",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html";
    MY107, "alters-to-join", Warning, MYSQL,
        "the table is rebuilt once for each of them",
        "write one ALTER TABLE with all changes, separated by commas",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html";
    MY108, "redefinition-loses-attributes", Error, MYSQL,
        "MODIFY and CHANGE take the whole definition, and what is left out is lost",
        "repeat NOT NULL, DEFAULT, AUTO_INCREMENT and COMMENT as they were",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html";
    MY109, "foreign-key-copies-table", Warning, MYSQL,
        "the rows are copied and checked, and nobody can write to the table meanwhile",
        "on a quiet table as it is; else SET foreign_key_checks = 0 around it makes it INPLACE, and checks no row that is there",
        "https://github.com/ankane/strong_migrations#adding-a-foreign-key";
    MY110, "enum-reordered", Error, MYSQL,
        "the table is copied, and rows with a value that is gone are emptied or refused",
        "add new values at the end, and leave the old ones where they are",
        "https://dev.mysql.com/doc/refman/8.4/en/enum.html";
    MY111, "index-blocks-writes", Warning, MYSQL,
        "nobody can write to the table until a FULLTEXT, SPATIAL or functional index is built",
        "add it while the table is small, or in a maintenance window",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html";
    MY112, "rows-ignored", Error, MYSQL,
        "rows that a new key refuses are deleted, and values that do not fit are cut, in silence",
        "look for such rows first, decide which of them stay, and leave IGNORE out",
        "https://mariadb.com/kb/en/alter-table/#alter-ignore-table";
    MY113, "partition-exchanged", Warning, MYSQL,
        "its rows leave the table, and those of the other table come in",
        "be sure that both tables were looked at, and that no release reads them meanwhile; `-- phase: contract` says so",
        "https://dev.mysql.com/doc/refman/8.4/en/partitioning-management-exchange.html";
}

/// Several rebuilds of one table in one file.
pub(super) fn check_file(file: &File<'_>, out: &mut Out<'_>) {
    if !matches!(file.engine, crate::Engine::MySql | crate::Engine::MariaDb) {
        return;
    }
    let (schema, fresh) = Default::default();
    let place = impact::Place {
        engine: file.engine,
        version: file.version,
        schema: &schema,
        fresh: &fresh,
    };
    let mut made: Vec<&Name> = Vec::new();
    let mut rebuilt: BTreeMap<&str, usize> = BTreeMap::new();
    for read in &file.reads {
        match &read.what {
            What::CreateTable(table) => made.push(&table.name),
            What::AlterTable(alter) if !made.contains(&&alter.table) => {
                let impacts = impact::of(place, &read.what);
                let rewrites = impacts.iter().any(|i| i.rewrites && i.blocks != Blocks::Unknown);
                let count = rebuilt.entry(alter.table.key()).or_default();
                *count += usize::from(rewrites);
                if *count == 2 && rewrites {
                    out.place(&MY107, read.place, format!("another rebuild of {}", alter.table));
                }
            }
            _ => {}
        }
    }
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    match &at.read.what {
        What::AlterTable(alter) if at.is_used(&alter.table) => {
            check_cost(at, alter, out);
            if alter.ignores {
                out.tell(&MY112, at, format!("altering {}", alter.table));
            }
            for action in &alter.actions {
                match action {
                    Action::Redefine { old, column } => {
                        check_redefined(at, &alter.table, old, column, out);
                    }
                    Action::Storage(Storage::Exchange) if !at.file.is_contract() => {
                        out.tell(&MY113, at, format!("a partition of {}", alter.table));
                    }
                    _ => {}
                }
            }
        }
        What::CreateIndex(index) if !index.kind.is_empty() && at.is_used(&index.table) => {
            out.tell(&MY111, at, format!("an index on {}", index.table));
        }
        _ => {}
    }
}

fn check_cost(at: &At<'_>, alter: &AlterTable, out: &mut Out<'_>) {
    let table = &alter.table;
    let asks = |word: Option<&String>, dear: &[&str]| {
        word.is_some_and(|word| dear.contains(&word.as_str()))
    };
    if asks(alter.algorithm.as_ref(), &["COPY"])
        || asks(alter.lock.as_ref(), &["SHARED", "EXCLUSIVE"])
    {
        out.tell(&MY103, at, format!("altering {table}"));
        return;
    }
    let adds = |kind| {
        alter
            .actions
            .iter()
            .any(|action| matches!(action, Action::AddConstraint(c) if c.kind == kind))
    };
    let is_full =
        |action: &Action| matches!(action, Action::AddIndex { kind, .. } if !kind.is_empty());
    let Some(impact) = at.impacts.first() else { return };
    if impact.blocks == Blocks::Unknown {
        if alter.algorithm.is_none() {
            out.tell(&MY104, at, format!("altering {table}"));
        }
    } else if impact.blocks >= Blocks::Writes && impact.rewrites {
        let (rule, subject) = if adds(ConstraintKind::ForeignKey) {
            (&MY109, format!("a foreign key on {table}"))
        } else if alter.actions.iter().any(is_full) {
            (&MY111, format!("an index on {table}"))
        } else {
            (&MY101, format!("altering {table}"))
        };
        out.tell(rule, at, subject);
    } else if impact.rewrites {
        out.tell(&MY102, at, format!("altering {table}"));
    } else if impact.blocks == Blocks::Nothing && alter.algorithm.is_none() {
        out.tell(&MY104, at, format!("altering {table}"));
    }
}

fn check_redefined(at: &At<'_>, table: &Name, old: &Name, new: &Column, out: &mut Out<'_>) {
    let Some(known) = at.place.schema.table(table).and_then(|table| table.column(old)) else {
        return;
    };
    let lost = [
        ("NOT NULL", known.not_null && !new.not_null && !known.is_primary),
        ("DEFAULT", known.default.is_some() && new.default.is_none()),
        ("AUTO_INCREMENT", known.increments && !new.increments),
        ("COMMENT", known.has_comment && !new.has_comment),
    ];
    let lost: Vec<&str> = lost.iter().filter(|(_, is)| *is).map(|(word, _)| *word).collect();
    if !lost.is_empty() {
        out.tell(&MY108, at, format!("column {old} of {table} loses {}", lost.join(", ")));
    }
    let is_list = |name: &str| name == "ENUM" || name == "SET";
    if is_list(&known.ty.name)
        && known.ty.name == new.ty.name
        && !new.ty.args.starts_with(&known.ty.args)
    {
        out.tell(&MY110, at, format!("column {old} of {table}"));
    }
}
