//! The `OpenAPI` 3.1 document.

mod links;
mod mask;
mod operations;
mod parameters;
mod problem;
mod responses;
mod said;
mod schemas;

use serde_json::{Map, Value, json};

use super::annotations::HttpBinding;
use super::error::BuildError;
use super::{Generator, comments};
use schemas::Schemas;

pub(super) fn generate(
    generator: &Generator,
    bindings: &[HttpBinding],
) -> Result<String, BuildError> {
    let mut schemas = Schemas::new(bindings, &generator.formats);
    let mut paths = Map::new();
    for binding in bindings {
        // An operation needs one method: a custom kind that OpenAPI does not know is left out.
        let verb = binding.verb.to_lowercase();
        if !["get", "put", "post", "delete", "options", "head", "patch", "trace"]
            .contains(&verb.as_str())
        {
            continue;
        }
        let is_public = generator.public.iter().any(|name| name == binding.method.full_name());
        let (path, operation) = operations::operation(binding, bindings, is_public, &mut schemas);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(verb, operation);
        }
    }
    let used = statuses(&paths);
    let document = json!({
        "openapi": "3.1.0",
        "info": info(generator),
        "servers": [{"url": "/"}],
        "tags": tags(bindings),
        "paths": paths,
        "security": [{"bearer": []}],
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token in the header `Authorization`.",
                },
            },
            "headers": responses::components(),
            "responses": problem::responses(&used),
            "schemas": schemas.into_components(),
        },
    });
    serde_json::to_string_pretty(&document)
        .map_err(|error| BuildError::new("the OpenAPI document", error))
}

fn info(generator: &Generator) -> Value {
    let mut info = json!({"title": generator.title, "version": generator.version});
    for (key, value) in &generator.info {
        match *key {
            "license" => set(&mut info, key, json!({"name": value, "identifier": value})),
            "contact" => set(&mut info, key, json!({"name": value})),
            _ => set(&mut info, key, value.as_str()),
        }
    }
    info
}

/// The statuses that some operation answers with.
fn statuses(paths: &Map<String, Value>) -> Vec<&str> {
    let operations = paths.values().filter_map(Value::as_object).flat_map(Map::values);
    let responses = operations.filter_map(|operation| operation.get("responses")?.as_object());
    responses.flat_map(|responses| responses.keys().map(String::as_str)).collect()
}

fn tags(bindings: &[HttpBinding]) -> Vec<Value> {
    let mut tags: Vec<Value> = Vec::new();
    for binding in bindings {
        let service = binding.method.parent_service();
        let mut tag = Map::new();
        tag.insert("name".to_owned(), service.name().into());
        if let Some(text) = comments::of(&service.parent_file(), service.path()) {
            tag.insert("description".to_owned(), text.into());
        }
        let tag = Value::Object(tag);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// Sets a member of an object.
fn set(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value.into());
    }
}
