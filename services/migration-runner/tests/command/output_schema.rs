//! `docs/migrate-output.schema.json` says what every command prints, and nothing else.

mod documents;
mod mutants;
mod schema;

use std::collections::BTreeSet;

use super::folder::{Folder, bare, run};
use documents::documents;
use schema::Schema;

/// The members that a document may lack: of which command, empty for an error, and where.
const OPTIONAL: [(&str, &str); 5] = [
    ("revision", "/sql"),
    ("verify", "/differences"),
    ("", "/error/next"),
    ("", "/error/statement"),
    ("", "/error/holder"),
];

/// The commands that the program has.
fn commands() -> BTreeSet<String> {
    let made = Folder::new(&[]);
    let mut command = bare(&["man", "--markdown"]);
    command.arg(made.path());
    run(command).expect(0);
    let page = std::fs::read_to_string(made.path().join("migrate-commands.md")).unwrap();
    let names =
        page.lines().filter_map(|line| line.strip_prefix("## `migrate ")?.strip_suffix('`'));
    names.map(str::to_owned).collect()
}

fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(members) => {
            found.extend(members.keys().cloned());
            members.values().for_each(|member| keys(member, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_document_is_what_the_schema_says() {
    let schema = Schema::read();
    for document in documents() {
        schema.check(document).unwrap_or_else(|error| panic!("{document}\n{error:#}"));
    }
}

#[test]
fn every_command_is_in_the_schema_and_was_run() {
    let (schema, commands) = (Schema::read(), commands());
    assert!(commands.contains("ensure-version"), "{commands:?}");
    assert_eq!(schema.commands(), commands, "the schema's definitions");
    assert_eq!(schema.choices(), commands, "what the schema chooses from");
    assert_eq!(schema.failing(), commands, "the commands of the failure");
    let done = documents().iter().filter(|document| document.get("error").is_none());
    let done: BTreeSet<String> =
        done.map(|document| document["command"].as_str().unwrap().to_owned()).collect();
    assert_eq!(done, commands, "the commands of this test");
}

#[test]
fn every_property_is_described_and_was_seen() {
    let schema = Schema::read();
    let mut seen = BTreeSet::new();
    for document in documents() {
        keys(document, &mut seen);
    }
    let properties = schema.properties();
    assert!(properties.len() > 100, "{}", properties.len());
    for (name, property) in properties {
        assert!(schema.is_described(&property), "{name} has no description: {property}");
        assert!(seen.contains(&name), "no document has {name}");
    }
}

#[test]
fn misspelt_or_mistyped_property_is_refused() {
    let schema = Schema::read();
    for document in documents() {
        for (what, mutant) in mutants::of(document) {
            assert!(schema.check(&mutant).is_err(), "{what} passes: {mutant}");
        }
    }
}

#[test]
fn lacking_property_is_refused_unless_it_is_optional() {
    let schema = Schema::read();
    for document in documents() {
        let command = document["command"].as_str().unwrap();
        let command = if document.get("error").is_some() { "" } else { command };
        for (place, mutant) in mutants::without(document) {
            // What `verify --adopt` tells is the same as with `revision`, whose members all are there.
            let is_adopted = command == "verify" && document.get("revisions").is_some();
            let is_optional = OPTIONAL.contains(&(command, &place)) && !is_adopted;
            assert_eq!(schema.check(&mutant).is_ok(), is_optional, "without {place}: {mutant}");
        }
    }
}
