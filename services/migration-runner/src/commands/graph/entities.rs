//! <https://mermaid.js.org/syntax/entityRelationshipDiagram.html>

use std::fmt::Write;

use artisan_migrate::model::{Column, ForeignKey, Name, Schema, Table};
use artisan_migrate::{Access, RevisionSettings, SchemaScope};
use serde::Serialize;

use crate::commands::{close, connect};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Serialize)]
struct Diagram {
    /// How many tables it shows.
    tables: usize,
    /// The text of the diagram.
    mermaid: String,
}

pub(super) async fn run(config: &Config) -> Result<Outcome, Failure> {
    let ignored = RevisionSettings::load()?.ignored_objects().to_vec();
    let scope = SchemaScope::application().ignoring(ignored);
    let mut runner = connect(config, Access::Read).await?;
    let schema = runner.model(&scope).await;
    close(runner, &schema).await;
    let schema = schema?;
    let diagram = Diagram { tables: schema.tables.len(), mermaid: drawn(&schema) };
    Ok(Outcome::new(diagram))
}

/// Writing to a string cannot fail, so the results of `writeln!` are dropped.
fn drawn(schema: &Schema) -> String {
    let mut text = "erDiagram\n".to_owned();
    for (name, table) in &schema.tables {
        let _ = writeln!(text, "    {} {{", entity(&name.to_string()));
        for column in &table.columns {
            let _ = writeln!(text, "        {}", attribute(table, column));
        }
        text.push_str("    }\n");
    }
    for (name, table) in &schema.tables {
        for key in &table.foreign_keys {
            let _ = writeln!(text, "    {}", relation(name, table, key));
        }
    }
    text
}

/// The name in quotes: it may hold spaces and dots.
fn entity(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "'"))
}

/// Type, name, keys, and in a comment what the words cannot say.
fn attribute(table: &Table, column: &Column) -> String {
    let is_primary =
        table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
    let refers = table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    let is_unique = table.uniques.iter().any(|unique| unique.columns == [column.name.as_str()]);
    let keys = [(is_primary, "PK"), (refers, "FK"), (is_unique, "UK")];
    let keys: Vec<&str> = keys.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    let (kind, name) = (word(&column.data_type), word(&column.name));
    let mut notes = Vec::new();
    if name != column.name {
        notes.push(column.name.clone());
    }
    if !column.nullable && !is_primary {
        notes.push("not null".to_owned());
    }
    let note = notes.join(", ").replace('"', "'");
    let note = if note.is_empty() { String::new() } else { format!(" \"{note}\"") };
    let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
    format!("{kind} {name}{keys}{note}")
}

/// Types and attributes are words: what cannot stand in one is left out.
fn word(text: &str) -> String {
    let mut word: String =
        text.replace(", ", ",")
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || matches!(c, '_' | '(' | ')' | '[' | ']') {
                    c
                } else {
                    '_'
                }
            })
            .collect();
    // The words for keys are none for attributes.
    let is_key = ["PK", "FK", "UK"].contains(&word.as_str());
    if is_key || !word.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        word.insert(0, '_');
    }
    word
}

/// From the referring table: none or many of its rows to one of the other, or none if the reference may
/// be NULL.
fn relation(name: &Name, table: &Table, key: &ForeignKey) -> String {
    let column = |name: &String| table.column(name);
    let may_lack = key.columns.iter().filter_map(column).any(|column| column.nullable);
    let is_one = table.uniques.iter().any(|unique| unique.columns == key.columns)
        || table.primary_key.as_ref().is_some_and(|primary| primary.columns == key.columns);
    let (many, one) = (if is_one { "|o" } else { "}o" }, if may_lack { "o|" } else { "||" });
    let other = match &key.referenced_schema {
        Some(schema) => Name::in_schema(schema, &key.referenced_table),
        None => name.sibling(&key.referenced_table),
    };
    let (name, other) = (entity(&name.to_string()), entity(&other.to_string()));
    let label = key.columns.join(", ").replace('"', "'");
    format!("{name} {many}--{one} {other} : \"{label}\"")
}

impl Report for Diagram {
    fn text(&self) -> String {
        self.mermaid.clone()
    }

    fn summary(&self) -> String {
        format!("{} tables drawn", self.tables)
    }
}
