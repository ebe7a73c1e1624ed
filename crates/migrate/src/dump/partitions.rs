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
    let is_lacked = |partition: &str| {
        let has = |side: &SchemaReport| {
            side.objects.iter().any(|object| object.kind == "table" && object.name == partition)
        };
        !has(files) || !has(live)
    };
    differences.retain(|drift| {
        let whole = drift.object.strip_prefix("table ");
        if let Some(partition) = partitions.iter().find(|name| belongs(drift, name)) {
            // Of one that both have, only the bounds come and go.
            let is_whole = whole == Some(*partition);
            let is_told = is_lacked(partition) || is_whole && is_bounded_alike(drift);
            if is_told && is_whole {
                told.insert(format!("partition {partition}"), words(drift.kind));
            }
            return !is_told;
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

/// Whether two statements of `PostgreSQL` make the same partition but for the values in it.
fn is_bounded_alike(drift: &Drift) -> bool {
    let Some(found) = &drift.found else { return false };
    without_bounds(&drift.sql).is_some_and(|sql| without_bounds(found) == Some(sql))
}

/// A partition's statement up to its bounds, and what stands behind them.
fn without_bounds(sql: &str) -> Option<(&str, &str)> {
    let bounds = sql.rfind(" FOR VALUES ").or_else(|| sql.rfind(" DEFAULT"))?;
    let (before, rest) = (sql.get(..bounds)?, sql.get(bounds..)?);
    // `FOR VALUES WITH (modulus …)` is one of the bounds.
    let own = rest.strip_prefix(" FOR VALUES WITH").map_or(0, |own| rest.len() - own.len());
    let ends = [" PARTITION BY ", " USING ", " WITH ("];
    let ends = ends.into_iter().filter_map(|word| Some(own + rest.get(own..)?.find(word)?));
    Some((before, rest.get(ends.min().unwrap_or(rest.len())..)?))
}

/// Whether two statements of `MySQL` or `MariaDB` make the same table, cut in the same way into other partitions.
fn is_cut_alike(drift: &Drift) -> bool {
    let Some(found) = &drift.found else { return false };
    let (before, after) = (without_partitions(&drift.sql), without_partitions(found));
    before.is_some() && before == after
}

/// A table's statement with how it is cut, and without into what.
fn without_partitions(sql: &str) -> Option<String> {
    // The only line that begins so ends the columns; names and texts have no line ends of their own.
    let options = sql.find("\n)")? + 1;
    let end = options + sql.get(options..)?.find('\n')?;
    let (table, cut) = (sql.get(..end)?, sql.get(end..)?.trim_start());
    let by = cut.strip_prefix("/*!").map_or(cut, |code| code.trim_start_matches(char::is_numeric));
    if !by.trim_start().starts_with("PARTITION BY ") {
        return None;
    }
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
    fn words_in_a_comment_cut_no_table() {
        let table = "CREATE TABLE `t` (\n  `a` int COMMENT 'row_number() over (PARTITION BY k)',\n  `b` int\n) ENGINE=InnoDB";
        assert!(!is_alike(Engine::MySql, table, &table.replace("`b` int", "`b` bigint")));
        assert!(!is_alike(Engine::MariaDb, table, &table.replace(",\n  `b` int", "")));
    }

    #[test]
    fn only_the_bounds_of_a_partition_come_and_go() {
        let part = "CREATE TABLE t PARTITION OF p FOR VALUES WITH (modulus 4, remainder 0) WITH (fillfactor=70)";
        assert!(is_alike(Engine::Postgres, part, &part.replace("remainder 0", "remainder 1")));
        assert!(!is_alike(Engine::Postgres, part, &part.replace("70", "80")));
        assert!(!is_alike(Engine::Postgres, part, &part.replace(" WITH (fillfactor=70)", "")));
    }

    #[test]
    fn partition_that_becomes_a_table_makes_a_difference() {
        let part = "CREATE TABLE t PARTITION OF p FOR VALUES FROM (0) TO (9)";
        assert!(is_alike(Engine::Postgres, part, &part.replace('9', "8")));
        assert!(!is_alike(Engine::Postgres, part, "CREATE TABLE t (\n    a integer\n)"));
    }
}
