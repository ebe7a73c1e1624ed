//! What is answered.

use serde_json::{Map, Value, json};

use super::super::annotations::HttpBinding;
use super::super::{comments, paths, routes};
use super::problem;
use super::schemas::{Mode, Schemas};
use super::{links, set};

/// The answers of an operation, by status.
pub(super) fn all(
    binding: &HttpBinding,
    bindings: &[HttpBinding],
    failures: &[&'static str],
    schemas: &mut Schemas,
) -> Value {
    let mut all = Map::new();
    let mut success = json!({
        "description": success_text(binding),
        "headers": headers(binding),
        "content": content(binding, schemas),
    });
    // AIP-163: what is only checked makes nothing that has a place.
    if routes::creates(binding) && paths::find(&binding.method.input(), "validate_only").is_some() {
        let checked = json!({
            "description": "With `validateOnly`: what would be made.",
            "headers": references(std::iter::empty()),
            "content": success.get("content"),
        });
        all.insert("200".to_owned(), checked);
    }
    let links = links::of(binding, bindings);
    if !links.is_empty() {
        set(&mut success, "links", links);
    }
    all.insert(if routes::creates(binding) { "201" } else { "200" }.to_owned(), success);
    if binding.verb == "GET" && routes::gives_etag(binding) {
        let not_modified =
            json!({"description": "The client has this version.", "headers": headers(binding)});
        all.insert("304".to_owned(), not_modified);
    }
    for status in failures {
        let reference =
            json!({"$ref": format!("#/components/responses/{}", problem::name(status))});
        all.insert((*status).to_owned(), reference);
    }
    Value::Object(all)
}

fn content(binding: &HttpBinding, schemas: &mut Schemas) -> Value {
    let output = binding.method.output();
    let schema = match paths::find(&output, &binding.response_body) {
        Some((_, field)) => schemas.field(&field, Mode::Whole),
        None => schemas.message(&output, Mode::Whole),
    };
    let schema = if may_be_missing(binding) { or_missing(&schema) } else { schema };
    if !binding.method.is_server_streaming() {
        return json!({"application/json": {"schema": schema}});
    }
    let mut properties =
        json!({"error": {"$ref": format!("#/components/schemas/{}", problem::SCHEMA_NAME)}});
    if is_resumable(binding) {
        let token = json!({"type": "string", "description": "The place to go on from."});
        set(&mut properties, "resumeToken", token);
    }
    let broken = json!({
        "type": "object",
        "description": "The last line of a stream that broke.",
        "required": ["error"],
        "properties": properties,
    });
    json!({
        "application/x-ndjson": {"schema": {
            "description": "The schema of each line.",
            "anyOf": [schema, broken],
        }},
        "text/event-stream": {"schema": {
            "type": "string",
            "description": "An event for each message, its JSON as `data` and, where it has a `resumeToken`, that as `id`; the event `error` at the end of a stream that broke.",
        }},
    })
}

/// Whether success may mean that there was nothing to delete (AIP-135).
fn may_be_missing(binding: &HttpBinding) -> bool {
    binding.verb == "DELETE"
        && paths::find(&binding.method.input(), "allow_missing").is_some()
        && paths::find_string(&binding.method.output(), "name").is_some()
}

fn or_missing(schema: &Value) -> Value {
    let missing = json!({
        "type": "object",
        "description": "With `allowMissing`, where there is no such resource: its name.",
        "properties": {"name": {"type": "string"}},
        "required": ["name"],
        "additionalProperties": false,
    });
    json!({"anyOf": [schema, missing]})
}

fn headers(binding: &HttpBinding) -> Value {
    let etag = routes::gives_etag(binding).then_some("ETag");
    let location = routes::creates(binding).then_some("Location");
    let resume_token = is_resumable(binding).then_some("Resume-Token");
    references(etag.into_iter().chain(location).chain(resume_token))
}

/// Whether its stream tells where it goes on.
fn is_resumable(binding: &HttpBinding) -> bool {
    binding.method.is_server_streaming()
        && paths::find_string(&binding.method.output(), "resume_token").is_some()
}

/// The headers of every answer, and some more.
pub(super) fn references<'a>(more: impl Iterator<Item = &'a str>) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/headers/{name}")});
    let all = ["X-Request-Id", "RateLimit", "RateLimit-Policy"].into_iter().chain(more);
    Value::Object(all.map(|name| (name.to_owned(), reference(name))).collect())
}

fn success_text(binding: &HttpBinding) -> String {
    let output = binding.method.output();
    if output.full_name() == "google.protobuf.Empty" {
        return "Done.".to_owned();
    }
    comments::of(&output.parent_file(), output.path()).unwrap_or_else(|| output.name().to_owned())
}

/// The statuses that a call can fail with.
pub(super) fn failures(
    binding: &HttpBinding,
    is_public: bool,
    has_path_parameters: bool,
    takes_etag: bool,
) -> Vec<&'static str> {
    let has_body = !binding.body.is_empty();
    let all = [
        ("400", true),
        ("401", !is_public || has_body),
        ("403", !is_public || has_body),
        ("404", has_path_parameters || !is_public),
        ("406", true),
        ("408", has_body),
        ("409", binding.verb != "GET"),
        ("412", takes_etag),
        ("413", true),
        ("415", has_body),
        ("429", true),
        ("500", true),
        ("501", true),
        ("503", true),
        ("504", true),
        ("default", true),
    ];
    all.into_iter().filter(|(_, can)| *can).map(|(status, _)| status).collect()
}

/// The headers that answers share.
pub(super) fn components() -> Value {
    json!({
        "ETag": {
            "description": "The version of the resource, for `If-Match` and `If-None-Match`.",
            "schema": {"type": "string"},
        },
        "Location": {
            "description": "The path of what was made.",
            "schema": {"type": "string", "format": "uri-reference"},
        },
        "RateLimit": {
            "description": "What is left of the client's rate, where one is set.",
            "schema": {"type": "string"},
        },
        "RateLimit-Policy": {
            "description": "The client's rate, where one is set.",
            "schema": {"type": "string"},
        },
        "Resume-Token": {
            "description": "Where the stream begins: the `resumeToken` to go on from if it ends before its first message.",
            "schema": {"type": "string"},
        },
        "Retry-After": {
            "description": "After how many seconds to try again.",
            "schema": {"type": "integer", "minimum": 1},
        },
        "WWW-Authenticate": {
            "description": "How to authenticate.",
            "required": true,
            "schema": {"type": "string"},
        },
        "X-Request-Id": {
            "description": "The id under which the request stands in the logs of every program.",
            "required": true,
            "schema": {"type": "string"},
        },
    })
}
