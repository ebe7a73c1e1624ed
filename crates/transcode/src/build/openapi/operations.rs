//! Operations.

use prost_reflect::FieldDescriptor;
use serde_json::{Value, json};

use super::super::annotations::HttpBinding;
use super::super::types::{self, Reach};
use super::super::{comments, paths, routes};
use super::schemas::{Mode, Schemas};
use super::{parameters, responses, said, set};

/// The path and the operation of a binding.
pub(super) fn operation(
    binding: &HttpBinding,
    bindings: &[HttpBinding],
    is_public: bool,
    schemas: &mut Schemas,
) -> (String, Value) {
    let method = &binding.method;
    let service = method.parent_service();
    let id = id(binding);
    let (path, mut parameters) = parameters::path(binding);
    let has_path_parameters = !parameters.is_empty();
    parameters.extend(parameters::query(binding, schemas));
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
    parameters.extend(headers(binding, takes_etag));
    if !parameters.is_empty() {
        set(&mut operation, "parameters", parameters);
    }
    let failures = responses::failures(binding, is_public, has_path_parameters, takes_etag);
    set(&mut operation, "responses", responses::all(binding, bindings, &failures, schemas));
    (path, operation)
}

/// The name of the operation, unique in the document.
pub(super) fn id(binding: &HttpBinding) -> String {
    let name = format!("{}_{}", binding.method.parent_service().name(), binding.method.name());
    if binding.index > 0 { format!("{name}_{}", binding.index + 1) } else { name }
}

fn headers(binding: &HttpBinding, takes_etag: bool) -> Vec<Value> {
    let mut all = Vec::new();
    if takes_etag {
        let text = "The `ETag` that the resource must have, one, or `*`; else the answer is 412.";
        let mut tag = header("If-Match", text);
        set(&mut tag, "example", "\"1\"");
        all.push(tag);
    }
    if binding.verb == "GET" && routes::gives_etag(binding) {
        all.push(header("If-None-Match", "An `ETag`: the answer is 304 if it still holds."));
    }
    if paths::find_string(&binding.method.input(), "request_id").is_some() {
        let mut key = header(
            "Idempotency-Key",
            "The same as `requestId`: where both are given they are equal.",
        );
        set(&mut key, "schema", json!({"type": "string", "format": "uuid"}));
        all.push(key);
    }
    if binding.method.is_server_streaming() {
        let text = "Where a browser's `EventSource` goes on: the `id` of the last event.";
        all.push(header("Last-Event-ID", text));
    }
    all
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
                Reach::Message(message) => {
                    let mut schema = schemas.message(&message, mode);
                    if mode == Mode::Whole {
                        said::need(&mut schema, &field);
                    }
                    (schema, true)
                }
                _ => (schemas.field(&field, mode), true),
            }
        }
    };
    Some(json!({"required": is_required, "content": {"application/json": {"schema": schema}}}))
}
