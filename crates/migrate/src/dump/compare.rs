use std::collections::BTreeMap;

use artisan_schema::ddl::settled;
use serde::Serialize;

use super::SchemaObject;
use crate::Engine;

/// An object that is not as the revisions make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// `missing`, `unexpected` or `changed`; `failed` where a statement that was to make it does not run.
    pub kind: &'static str,
    /// Kind and name of the object: `table users`; `sql_mode of trigger t` where that differs; file, line and cause
    /// of a failed statement.
    pub object: String,
    /// The statement that the revisions amount to; of an unexpected object, what makes it.
    pub sql: String,
    /// The statement of a changed object as it is in the database.
    pub found: Option<String>,
}

impl Drift {
    /// Whether both statements make the same object on this engine. The order of a table's keys and checks
    /// means nothing, nor on `PostgreSQL` that of its columns: what is made anew stands last, and no
    /// statement moves it back; and there expressions are printed in other words once `pg_dump` has
    /// written them and a server has read that.
    pub(crate) fn is_of_writing_only(&self, engine: &str) -> bool {
        let Some(found) = &self.found else { return false };
        let is_table = self.object.starts_with("table ");
        let written = |sql: &str| {
            let opaque = ["function ", "comment "].iter().any(|kind| self.object.starts_with(kind));
            let is_settled = engine == Engine::Postgres.name() && !opaque;
            let sql = if is_settled { settled(sql) } else { sql.to_owned() };
            if is_table { parts(engine, &sql) } else { (vec![sql], Vec::new()) }
        };
        written(&self.sql) == written(found)
    }
}

/// The objects that differ, by kind and name.
pub(crate) fn compare(expected: &[SchemaObject], found: &[SchemaObject]) -> Vec<Drift> {
    let mut pairs: BTreeMap<(&str, &str), [Option<&str>; 2]> = BTreeMap::new();
    for (side, objects) in [expected, found].into_iter().enumerate() {
        for object in objects {
            let pair = pairs.entry((object.kind, &object.name)).or_default();
            if let Some(place) = pair.get_mut(side) {
                *place = Some(&object.sql);
            }
        }
    }
    pairs
        .into_iter()
        .filter_map(|((kind, name), pair)| {
            let (word, sql, found) = match pair {
                [Some(expected), None] => ("missing", expected, None),
                [None, Some(found)] => ("unexpected", found, None),
                [Some(expected), Some(found)] if expected != found => {
                    ("changed", expected, Some(found))
                }
                [Some(_), Some(_)] | [None, None] => return None,
            };
            let (object, sql) = (format!("{kind} {name}"), sql.to_owned());
            Some(Drift { kind: word, object, sql, found: found.map(str::to_owned) })
        })
        .collect()
}

/// The clauses of a table's statement in their order, and sorted those whose order means nothing.
fn parts(engine: &str, sql: &str) -> (Vec<String>, Vec<String>) {
    let is_postgres = engine == Engine::Postgres.name();
    let indent = if is_postgres { "    " } else { "  " };
    let mut clauses: Vec<String> = Vec::new();
    for line in sql.lines() {
        let own = line.strip_prefix(indent).filter(|rest| !rest.starts_with(' '));
        // What goes on over several lines is one clause.
        match clauses.last_mut().filter(|_| own.is_none() && !line.starts_with(')')) {
            Some(clause) => {
                clause.push('\n');
                clause.push_str(line);
            }
            None => clauses.push(line.to_owned()),
        }
    }
    let moves = |clause: &String| {
        let Some(own) = clause.strip_prefix(indent) else { return false };
        let is_key = ["KEY ", "UNIQUE KEY ", "FULLTEXT KEY ", "SPATIAL KEY ", "CONSTRAINT "]
            .iter()
            .any(|word| own.starts_with(word));
        engine != Engine::Sqlite.name() && (is_postgres || is_key)
    };
    let clauses = clauses.into_iter().map(|clause| clause.trim_end_matches(',').to_owned());
    let (mut moving, fixed): (Vec<String>, Vec<String>) = clauses.partition(moves);
    moving.sort_unstable();
    (fixed, moving)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(engine: Engine, expected: &str, found: &str) -> bool {
        let object =
            |sql: &str| SchemaObject { kind: "table", name: "t".to_owned(), sql: sql.to_owned() };
        let differences = compare(&[object(expected)], &[object(found)]);
        differences.iter().any(|drift| !drift.is_of_writing_only(engine.name()))
    }

    #[test]
    fn order_that_means_nothing_is_no_drift() {
        let keys =
            "CREATE TABLE `t` (\n  `a` int,\n  `b` int,\n  KEY `i` (`a`),\n  KEY `j` (`b`)\n)";
        let turned =
            "CREATE TABLE `t` (\n  `a` int,\n  `b` int,\n  KEY `j` (`b`),\n  KEY `i` (`a`)\n)";
        assert!(!differs(Engine::MariaDb, keys, turned));
        assert!(differs(Engine::MariaDb, keys, &turned.replace("KEY `i`", "UNIQUE KEY `i`")));
        let columns = turned.replace("  `a` int,\n  `b` int,", "  `b` int,\n  `a` int,");
        assert!(differs(Engine::MySql, keys, &columns), "columns can be moved there");
        let (here, there) = (
            "CREATE TABLE t (\n    a integer,\n    b text\n)",
            "CREATE TABLE t (\n    b text,\n    a integer\n)",
        );
        assert!(!differs(Engine::Postgres, here, there));
        let case = |first: &str, second: &str| {
            format!(
                "CREATE TABLE t (\n    a integer,\n    CONSTRAINT c CHECK (\nCASE\n     {first}\n     {second}\nEND)\n)"
            )
        };
        let (one, other) = ("WHEN a > 1 THEN true", "WHEN a > 0 THEN false");
        assert!(differs(Engine::Postgres, &case(one, other), &case(other, one)));
        assert!(differs(Engine::Sqlite, here, there));
    }
}
