//! The form of errors: RFC 9457.

use serde_json::{Value, json};

pub(super) const SCHEMA_NAME: &str = "Problem";

pub(super) fn response() -> Value {
    json!({
        "description": "The call failed.",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": format!("#/components/schemas/{SCHEMA_NAME}")},
            },
        },
    })
}

pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "description": "Why a call failed (RFC 9457).",
        "required": ["title", "status", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri-reference"},
            "code": {
                "type": "string",
                "description": "The name of the gRPC status code, such as `NOT_FOUND`.",
            },
            "reason": {
                "type": "string",
                "description": "What a program can decide on, such as `EMAIL_TAKEN`.",
            },
            "errors": {
                "type": "array",
                "description": "The fields that are not as they must be.",
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
        },
    })
}
