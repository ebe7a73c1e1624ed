//! Single partitions come and go without a revision: they are told, and are no drift.

use std::collections::{BTreeMap, BTreeSet};

use super::{Drift, SchemaObject, SchemaReport};
use crate::Engine;

/// Takes out of the differences what is there of single partitions alone; what that was, in words.
pub(super) fn take_out(
    differences: &mut Vec<Drift>,
    [files, live]: [&SchemaReport; 2],
) -> Vec<String> {
    let mut told = BTreeMap::new();
    let partitions = if files.engine == Engine::Postgres.name() {
        of_either(&files.objects, &live.objects)
    } else {
        BTreeSet::new()
    };
    differences.retain(|drift| {
        let whole = drift.object.strip_prefix("table ");
        if let Some(partition) = partitions.iter().find(|name| belongs(drift, name)) {
            let words =
                if whole == Some(*partition) { words(drift.kind) } else { words("changed") };
            let told = told.entry(format!("partition {partition}")).or_insert(words);
            // What comes with a partition says nothing more.
            if whole == Some(*partition) {
                *told = words;
            }
            return false;
        }
        let cut = whole.filter(|_| is_cut_alike(drift));
        told.extend(cut.map(|table| (format!("partitions of table {table}"), words("cut"))));
        cut.is_none()
    });
    told.into_iter().map(|(what, words)| format!("{what}, {words}")).collect()
}

fn words(kind: &str) -> &'static str {
    match kind {
        "unexpected" => "which the files do not make",
        "missing" => "which the files make and the database has not",
        "changed" => "which is another one than the files make",
        _ => "which are others than the files make",
    }
}

/// The tables that are partitions, and on no side another kind of table.
fn of_either<'a>(files: &'a [SchemaObject], live: &'a [SchemaObject]) -> BTreeSet<&'a str> {
    let tables = || files.iter().chain(live).filter(|object| object.kind == "table");
    let is_partition = |table: &&SchemaObject| {
        let head = format!("TABLE {} PARTITION OF ", table.name);
        table.sql.lines().next().is_some_and(|line| line.contains(&head))
    };
    let mut partitions: BTreeSet<&str> =
        tables().filter(is_partition).map(|table| table.name.as_str()).collect();
    for other in tables().filter(|table| !is_partition(table)) {
        partitions.remove(other.name.as_str());
    }
    partitions
}

/// Whether a difference is one in a partition, or in what belongs to it: an index says so in its statement alone.
fn belongs(drift: &Drift, partition: &str) -> bool {
    let is_whole = |(at, found): (usize, &str)| {
        let before = drift.object.get(..at).unwrap_or_default();
        let behind = drift.object.get(at + found.len()..).unwrap_or_default();
        before.ends_with(' ') && (behind.is_empty() || behind.starts_with(['.', ' ']))
    };
    drift.object.match_indices(partition).any(is_whole)
        || drift.object.starts_with("index ")
            && drift.sql.contains(&format!(" ON {partition} USING "))
}

/// Whether two statements of `MySQL` or `MariaDB` make the same table, cut in the same way into other partitions.
fn is_cut_alike(drift: &Drift) -> bool {
    let Some(found) = &drift.found else { return false };
    let (before, after) = (without_partitions(&drift.sql), without_partitions(found));
    before.is_some() && before == after
}

/// A table's statement with how it is cut, and without into what.
fn without_partitions(sql: &str) -> Option<String> {
    let (table, cut) = sql.rsplit_once("PARTITION BY ").map(|(head, _)| {
        let start = head.rfind("\n)").map_or(head.len(), |options| {
            let behind = head.get(options + 1..).unwrap_or_default();
            behind.find('\n').map_or(head.len(), |end| options + 1 + end)
        });
        sql.split_at(start)
    })?;
    let by = cut.lines().filter(|line| line.contains("PARTITION BY "));
    let by: Vec<&str> = by.map(|line| line.trim_end_matches(" */")).collect();
    Some(format!("{table}\n{}", by.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_alike(engine: Engine, one: &str, other: &str) -> bool {
        let report = |sql: &str| SchemaReport {
            engine: engine.name(),
            sql: String::new(),
            objects: vec![SchemaObject {
                kind: "table",
                name: "t".to_owned(),
                sql: sql.to_owned(),
            }],
            unmanaged: Vec::new(),
            untold: Vec::new(),
            sessions: super::super::Sessions::default(),
        };
        let (files, live) = (report(one), report(other));
        let mut differences = super::super::compare(&files.objects, &live.objects);
        let told = take_out(&mut differences, [&files, &live]);
        assert_eq!(told.is_empty(), !differences.is_empty());
        differences.is_empty()
    }

    #[test]
    fn parts_of_a_table_of_mysql_make_no_difference_and_the_cut_does() {
        let table = "CREATE TABLE `t` (\n  `a` int COMMENT 'PARTITION BY '\n) ENGINE=InnoDB";
        let by = |by: &str, parts: &str| format!("{table}\n/*!50100 PARTITION BY {by}\n{parts} */");
        let one = by("RANGE (`a`)", "(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB)");
        let two = by(
            "RANGE (`a`)",
            "(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB,\n PARTITION p1 VALUES LESS THAN (2) ENGINE = InnoDB)",
        );
        assert!(is_alike(Engine::MySql, &one, &two));
        assert!(!is_alike(Engine::MySql, &one, &two.replace("RANGE (`a`)", "RANGE (`b`)")));
        assert!(!is_alike(Engine::MySql, &one, &two.replace("`a` int", "`a` bigint")));
        assert!(!is_alike(Engine::MySql, &one, table));
        let (few, many) = (by("HASH (`a`)", "PARTITIONS 2"), by("HASH (`a`)", "PARTITIONS 4"));
        assert!(is_alike(Engine::MySql, &few, &many));
    }

    #[test]
    fn partition_that_becomes_a_table_makes_a_difference() {
        let part = "CREATE TABLE t PARTITION OF p FOR VALUES FROM (0) TO (9)";
        assert!(is_alike(Engine::Postgres, part, &part.replace('9', "8")));
        assert!(!is_alike(Engine::Postgres, part, "CREATE TABLE t (\n    a integer\n)"));
    }
}
