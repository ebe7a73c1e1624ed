use std::collections::BTreeSet;

use boon::{Compiler, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/migrate-output.schema.json");
const DEFINITIONS: &str = "#/$defs/";

pub(super) struct Schema {
    text: Value,
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    /// Fails if it is no schema.
    pub(super) fn read() -> Self {
        let text: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        compiler.enable_format_assertions();
        compiler.add_resource("schema.json", text.clone()).unwrap();
        let index = compiler.compile("schema.json", &mut schemas);
        let index = index.unwrap_or_else(|error| panic!("{error:#}"));
        Self { text, schemas, index }
    }

    pub(super) fn check<'a>(
        &'a self,
        document: &'a Value,
    ) -> Result<(), Box<ValidationError<'a, 'a>>> {
        self.schemas.validate(document, self.index).map_err(Box::new)
    }

    /// The commands that have a definition; what is shared begins with a capital letter.
    pub(super) fn commands(&self) -> BTreeSet<String> {
        let names = self.text["$defs"].as_object().unwrap().keys();
        names.filter(|name| name.starts_with(char::is_lowercase)).cloned().collect()
    }

    /// The definitions that a document is one of, without the failure.
    pub(super) fn choices(&self) -> BTreeSet<String> {
        let choices = self.text["oneOf"].as_array().unwrap().iter();
        let names = choices.map(|choice| reference(choice).unwrap().to_owned());
        names.filter(|name| name != "Failure").collect()
    }

    /// The commands that may fail, all but the one that is not known.
    pub(super) fn failing(&self) -> BTreeSet<String> {
        let names = &self.text["$defs"]["Failure"]["properties"]["command"]["enum"];
        let names = names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
        names.filter(|name| !name.is_empty()).collect()
    }

    /// Every property of every definition.
    pub(super) fn properties(&self) -> Vec<(String, Value)> {
        let mut found = Vec::new();
        self.text["$defs"].as_object().unwrap().values().for_each(|part| collect(part, &mut found));
        found
    }

    /// By itself or by what it refers to.
    pub(super) fn is_described(&self, property: &Value) -> bool {
        let is_text =
            |part: &Value| part["description"].as_str().is_some_and(|text| text.len() > 1);
        let target = reference(property).map(|name| &self.text["$defs"][name]);
        is_text(property) || target.is_some_and(is_text)
    }
}

fn reference(part: &Value) -> Option<&str> {
    part.get("$ref")?.as_str()?.strip_prefix(DEFINITIONS)
}

fn collect(part: &Value, found: &mut Vec<(String, Value)>) {
    if let Some(properties) = part.get("properties") {
        let properties = properties.as_object().unwrap().iter();
        found.extend(properties.map(|(name, property)| (name.clone(), property.clone())));
    }
    for choice in part.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        collect(choice, found);
    }
}
