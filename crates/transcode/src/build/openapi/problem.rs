//! The form of errors: RFC 9457.

use serde_json::{Map, Value, json};

use super::responses;

pub(super) const SCHEMA_NAME: &str = "Problem";

/// Each status that a call can fail with: the name of its answer, and what it means.
const STATUSES: [(&str, &str, &str); 16] = [
    (
        "400",
        "BadRequest",
        "The request is not valid, or the resource is not in a state that allows it.",
    ),
    ("401", "Unauthorized", "The credentials are missing, or no longer good."),
    ("403", "Forbidden", "The caller may not do this."),
    ("404", "NotFound", "The resource does not exist."),
    ("406", "NotAcceptable", "`Accept` excludes what the operation answers with."),
    ("408", "RequestTimeout", "The body did not arrive in time."),
    ("409", "Conflict", "The resource exists already, or was changed by another call."),
    ("412", "PreconditionFailed", "The resource has another version than `If-Match` says."),
    ("413", "ContentTooLarge", "The body is too large."),
    ("415", "UnsupportedMediaType", "The body is not declared to be JSON in UTF-8."),
    ("429", "TooManyRequests", "The client asks too much, or too often."),
    ("500", "InternalServerError", "The server has failed."),
    ("501", "NotImplemented", "The server does not have this operation yet."),
    ("503", "ServiceUnavailable", "The service cannot answer at the moment."),
    ("504", "GatewayTimeout", "The call took too long."),
    ("default", "Problem", "The call failed."),
];

/// What the answer of a status is called.
pub(super) fn name(status: &str) -> &'static str {
    STATUSES.iter().find(|(each, ..)| *each == status).map_or(SCHEMA_NAME, |(_, name, _)| name)
}

/// The answers that operations refer to.
pub(super) fn responses(used: &[&str]) -> Map<String, Value> {
    let used = STATUSES.iter().filter(|(status, ..)| used.contains(status));
    used.map(|(status, name, text)| ((*name).to_owned(), response(status, text))).collect()
}

fn response(status: &str, text: &str) -> Value {
    let whole = json!({"$ref": format!("#/components/schemas/{SCHEMA_NAME}")});
    let schema = match status.parse::<u16>() {
        Ok(number) => json!({"allOf": [whole, {"properties": {"status": {"const": number}}}]}),
        Err(_) => whole,
    };
    let more = match status {
        "401" => Some("WWW-Authenticate"),
        "429" | "503" => Some("Retry-After"),
        _ => None,
    };
    json!({
        "description": text,
        "headers": responses::references(more.into_iter()),
        "content": {"application/problem+json": {"schema": schema}},
    })
}

pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "description": "Why a call failed (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "reason", "domain", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string", "description": "The name of the status."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What went wrong, for people."},
            "code": {
                "type": "string",
                "description": "The name of the gRPC status code, such as `NOT_FOUND`.",
            },
            "reason": {
                "type": "string",
                "description": "What a program can decide on, such as `EMAIL_TAKEN`.",
            },
            "domain": {"type": "string", "description": "Whose `reason` it is."},
            "request_id": {
                "type": "string",
                "description": "The id under which the request stands in the logs of every program.",
            },
            "errors": {
                "type": "array",
                "description": "What is wrong with which field.",
                "items": {
                    "type": "object",
                    "required": ["field", "description"],
                    "properties": {
                        "field": {
                            "type": "string",
                            "description": "The field's path from the request: `user.address.zip_code`.",
                        },
                        "description": {"type": "string"},
                    },
                },
            },
            "metadata": {
                "type": "object",
                "description": "What the reason is about, by name.",
                "additionalProperties": {"type": "string"},
            },
        },
    })
}
