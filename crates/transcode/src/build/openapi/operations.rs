//! Operations.

use prost_reflect::FieldDescriptor;
use serde_json::{Map, Value, json};

use super::super::annotations::HttpBinding;
use super::super::types::{self, Reach};
use super::super::{comments, paths, routes};
use super::schemas::{Mode, Schemas};
use super::{parameters, set};

/// The path and the operation of a binding.
pub(super) fn operation(
    binding: &HttpBinding,
    is_public: bool,
    schemas: &mut Schemas,
) -> (String, Value) {
    let method = &binding.method;
    let service = method.parent_service();
    let (path, mut parameters) = parameters::path(binding);
    let has_path_parameters = !parameters.is_empty();
    parameters.extend(parameters::query(binding, schemas));
    let mut id = format!("{}_{}", service.name(), method.name());
    if binding.index > 0 {
        id = format!("{id}_{}", binding.index + 1);
    }
    let mut operation = json!({"operationId": id, "tags": [service.name()]});
    if let Some(text) = comments::of(&service.parent_file(), method.path()) {
        let summary = text.split_once(". ").map_or(text.trim_end_matches('.'), |(first, _)| first);
        set(&mut operation, "summary", summary);
        set(&mut operation, "description", text);
    }
    if method
        .method_descriptor_proto()
        .options
        .as_ref()
        .is_some_and(prost_types::MethodOptions::deprecated)
    {
        set(&mut operation, "deprecated", true);
    }
    if is_public {
        set(&mut operation, "security", json!([]));
    }
    if let Some(body) = request_body(binding, schemas) {
        set(&mut operation, "requestBody", body);
    }
    let takes_etag = routes::takes_etag(binding);
    if takes_etag {
        parameters.push(header("If-Match", "The ETag that the resource must have."));
    }
    if binding.verb == "GET" && routes::gives_etag(binding) {
        parameters.push(header("If-None-Match", "An ETag: the answer is 304 if it still holds."));
    }
    if !parameters.is_empty() {
        set(&mut operation, "parameters", parameters);
    }
    let failures = failures(binding, is_public, has_path_parameters, takes_etag);
    set(&mut operation, "responses", responses(binding, &failures, schemas));
    (path, operation)
}

fn header(name: &str, description: &str) -> Value {
    json!({"name": name, "in": "header", "description": description, "schema": {"type": "string"}})
}

fn request_body(binding: &HttpBinding, schemas: &mut Schemas) -> Option<Value> {
    let input = binding.method.input();
    let (schema, is_required) = match binding.body.as_str() {
        "" => return None,
        "*" => {
            let is_left = |field: &FieldDescriptor| {
                !binding.parsed.variables.iter().any(|variable| variable.field == field.name())
            };
            if input.fields().all(|field| is_left(&field)) {
                (schemas.message(&input, Mode::Whole), true)
            } else {
                let schema = schemas.object(&input, Mode::Whole, &is_left);
                let is_required = schema.get("required").is_some();
                (schema, is_required)
            }
        }
        name => {
            let (_, field) = paths::find(&input, name)?;
            let mode = if binding.verb == "PATCH" { Mode::Patch } else { Mode::Whole };
            match types::reach(&field) {
                Reach::Message(message) => (schemas.message(&message, mode), true),
                _ => (schemas.field(&field, mode), true),
            }
        }
    };
    Some(json!({"required": is_required, "content": {"application/json": {"schema": schema}}}))
}

fn responses(binding: &HttpBinding, failures: &[&str], schemas: &mut Schemas) -> Value {
    let output = binding.method.output();
    let schema = match paths::find(&output, &binding.response_body) {
        Some((_, field)) => schemas.field(&field, Mode::Whole),
        None => schemas.message(&output, Mode::Whole),
    };
    let content = if binding.method.is_server_streaming() {
        json!({
            "application/x-ndjson": {"schema": schema},
            "text/event-stream": {"schema": {"type": "string"}},
        })
    } else {
        json!({"application/json": {"schema": schema}})
    };
    let mut success = json!({"description": success_text(binding), "content": content});
    let mut headers = Map::new();
    if routes::gives_etag(binding) {
        headers.insert("ETag".to_owned(), json!({"schema": {"type": "string"}}));
    }
    let creates = routes::creates(binding);
    if creates {
        headers.insert("Location".to_owned(), json!({"schema": {"type": "string"}}));
    }
    if !headers.is_empty() {
        set(&mut success, "headers", headers);
    }
    let mut all = Map::new();
    all.insert(if creates { "201" } else { "200" }.to_owned(), success);
    if binding.verb == "GET" && routes::gives_etag(binding) {
        all.insert("304".to_owned(), json!({"description": "Not modified."}));
    }
    for status in failures {
        all.insert((*status).to_owned(), json!({"$ref": "#/components/responses/Problem"}));
    }
    Value::Object(all)
}

fn success_text(binding: &HttpBinding) -> String {
    let output = binding.method.output();
    if output.full_name() == "google.protobuf.Empty" {
        return "Done.".to_owned();
    }
    comments::of(&output.parent_file(), output.path()).unwrap_or_else(|| output.name().to_owned())
}

/// The statuses that a call can fail with.
fn failures(
    binding: &HttpBinding,
    is_public: bool,
    has_path_parameters: bool,
    takes_etag: bool,
) -> Vec<&'static str> {
    let has_body = !binding.body.is_empty();
    let has_fields = binding.method.input().fields().len() > 0;
    let all = [
        ("400", has_fields || has_body),
        ("401", !is_public || has_body),
        ("403", !is_public),
        ("404", has_path_parameters),
        ("409", binding.verb != "GET"),
        ("412", takes_etag),
        ("413", has_body),
        ("415", has_body),
        ("429", true),
        ("default", true),
    ];
    all.into_iter().filter(|(_, can)| *can).map(|(status, _)| status).collect()
}
