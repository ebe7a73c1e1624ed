//! Texts that a server shows as `?` to this user: what may be the same is no drift.

use super::{Drift, SchemaReport};

/// What is not told of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Untold {
    pub(crate) table: String,
    /// In words, for people.
    pub(crate) what: String,
}

/// Takes out of the differences the tables that differ in nothing that is told; gives what is not, in words.
pub(super) fn take_out(differences: &mut Vec<Drift>, live: &SchemaReport) -> Vec<String> {
    let is_there = |one: &&Untold| {
        live.objects.iter().any(|object| object.kind == "table" && object.name == one.table)
    };
    let untold: Vec<&Untold> = live.untold.iter().filter(is_there).collect();
    differences.retain(|drift| {
        let table = drift.object.strip_prefix("table ");
        let is_untold = untold.iter().any(|one| table == Some(one.table.as_str()));
        !(is_untold && is_same_where_told(drift, live.engine))
    });
    untold.into_iter().map(|one| one.what.clone()).collect()
}

fn is_same_where_told(drift: &Drift, engine: &str) -> bool {
    let Some(found) = &drift.found else { return false };
    // A line without a mark is told as it is.
    let is_marked = |number: usize| found.lines().nth(number).is_none_or(|line| line.contains('?'));
    let where_marked = |sql: &str| {
        let lines = sql.lines().enumerate();
        let lines =
            lines.map(|(at, line)| if is_marked(at) { masked(line) } else { line.to_owned() });
        lines.collect::<Vec<_>>().join("\n")
    };
    let (sql, found) = (where_marked(&drift.sql), Some(where_marked(found)));
    Drift { sql, found, ..drift.clone() }.is_of_writing_only(engine)
}

/// With one mark for each run of characters that may be shown so: some are shown as several.
fn masked(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    for character in sql.chars() {
        let is_mark = character == '?' || character.len_utf8() == 4;
        if !is_mark {
            text.push(character);
        } else if !text.ends_with('?') {
            text.push('?');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_the_same_is_no_drift() {
        let drift = |sql: &str, found: &str| Drift {
            kind: "changed",
            object: "table t".to_owned(),
            sql: sql.to_owned(),
            found: Some(found.to_owned()),
        };
        let files = "CREATE TABLE `t` (\n  `a` enum('😀','b')\n)";
        let is_same = |found: &str| is_same_where_told(&drift(files, found), "mariadb");
        assert!(is_same("CREATE TABLE `t` (\n  `a` enum('?','b')\n)"));
        assert!(is_same("CREATE TABLE `t` (\n  `a` enum('????','b')\n)"));
        assert!(!is_same("CREATE TABLE `t` (\n  `a` enum('?','c')\n)"));
        let beside = |text: &str| {
            let sql = |list: &str, text: &str| {
                format!("CREATE TABLE `t` (\n  `a` enum('{list}'),\n  `b` text COMMENT '{text}'\n)")
            };
            is_same_where_told(&drift(&sql("😀", "😀"), &sql("?", text)), "mariadb")
        };
        assert!(beside("😀"));
        assert!(!beside("😎"), "that line is told");
    }
}
