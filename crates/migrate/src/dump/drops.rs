use super::{Contents, SchemaObject, SchemaReport};
use crate::Engine;
use crate::backend::backquoted;

/// The statements that drop all objects of a schema, what others need last.
///
/// Nothing says that each can run: whoever uses them tries them on a scratch database first.
pub(crate) fn drops(engine: Engine, schema: &SchemaReport, contents: &Contents) -> Vec<String> {
    let mut objects: Vec<&SchemaObject> = schema.objects.iter().rev().collect();
    // SQLite's tables have their foreign keys in them, which are enforced.
    objects.sort_by_key(|object| {
        let place = contents.parents_first.iter().position(|table| *table == object.name);
        place.filter(|_| object.kind == "table").map(std::cmp::Reverse)
    });
    let objects = objects.into_iter();
    // Foreign keys may go round in a circle, and a check that stands alone needs what is made behind its domain.
    let keys = objects.clone().filter_map(constraint);
    let keys: Vec<String> = keys.collect();
    let rest = objects.filter_map(|object| drop_of(engine, object));
    keys.into_iter().chain(rest).collect()
}

fn constraint(object: &SchemaObject) -> Option<String> {
    let clause_of = match object.kind {
        "foreign key" => " FOREIGN KEY",
        "check" => " CHECK (",
        _ => return None,
    };
    let (table, clause) = object.sql.split_once(" ADD CONSTRAINT ")?;
    let (name, _) = clause.split_once(clause_of)?;
    // MySQL has no IF EXISTS here, MariaDB no DROP CONSTRAINT in its older versions.
    let word = if name.starts_with('`') { "FOREIGN KEY" } else { "CONSTRAINT" };
    Some(format!("{table} DROP {word} {name}"))
}

fn drop_of(engine: Engine, object: &SchemaObject) -> Option<String> {
    let word = match object.kind {
        "view" if object.sql.starts_with("CREATE MATERIALIZED") => "MATERIALIZED VIEW",
        "view" => "VIEW",
        "table" => "TABLE",
        "event" => "EVENT",
        "procedure" => "PROCEDURE",
        "function" if engine == Engine::Postgres => "ROUTINE",
        "function" => "FUNCTION",
        "aggregate" => "AGGREGATE",
        "collation" => "COLLATION",
        "domain" => "DOMAIN",
        "enum" | "type" => "TYPE",
        "extension" => "EXTENSION",
        "schema" => "SCHEMA",
        // One that belongs to a column is gone with it.
        "sequence" => "SEQUENCE IF EXISTS",
        // Indexes, triggers and the like are gone with their tables, and no session but one in Oracle's mode drops a
        // package.
        _ => return None,
    };
    let name = match engine {
        // Other names are quoted already, and a routine's has its parameters.
        Engine::Postgres if matches!(object.kind, "extension" | "schema") => {
            format!("\"{}\"", object.name.replace('"', "\"\""))
        }
        Engine::Postgres => object.name.clone(),
        Engine::Sqlite => format!("\"{}\"", object.name.replace('"', "\"\"")),
        Engine::MySql | Engine::MariaDb => backquoted(&object.name),
    };
    Some(format!("DROP {word} {name}"))
}
