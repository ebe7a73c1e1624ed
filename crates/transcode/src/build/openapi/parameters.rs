//! Paths and parameters.

use prost_reflect::{FieldDescriptor, MessageDescriptor};
use serde_json::{Value, json};

use super::super::annotations::{self, HttpBinding};
use super::super::types::{self, Reach};
use super::super::{comments, paths};
use super::schemas::{Mode, Schemas};
use super::{mask, set};
use crate::template::{Part, Variable};

/// How deep messages are spread into query parameters.
const DEEPEST: usize = 4;

/// The path as `OpenAPI` writes it, each wildcard a parameter of its own: `users/*` becomes
/// `users/{user}`.
pub(super) fn path(binding: &HttpBinding) -> (String, Vec<Value>) {
    let template = &binding.parsed;
    let mut path = String::new();
    let mut parameters = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (at, part) in template.segments.iter().enumerate() {
        path.push('/');
        if let Part::Literal(text) = part {
            path.push_str(text);
            continue;
        }
        let variable = template.variables.iter().find(|v| (v.start..v.end).contains(&at));
        let previous = at.checked_sub(1).and_then(|before| template.segments.get(before));
        let mut name = parameter_name(variable, previous);
        while names.contains(&name) {
            name.push('_');
        }
        path.extend(["{", &name, "}"]);
        parameters.push(path_parameter(binding, variable, at, &name));
        names.push(name);
    }
    if let Some(verb) = &template.verb {
        path.push(':');
        path.push_str(verb);
    }
    (path, parameters)
}

fn parameter_name(variable: Option<&Variable>, previous: Option<&Part>) -> String {
    match (variable, previous) {
        (Some(variable), Some(Part::Literal(collection))) if variable.end - variable.start > 1 => {
            singular(collection)
        }
        (Some(variable), _) => {
            variable.field.rsplit('.').next().unwrap_or(&variable.field).to_owned()
        }
        (None, Some(Part::Literal(collection))) => singular(collection),
        (None, _) => "path".to_owned(),
    }
}

fn singular(collection: &str) -> String {
    match (collection.strip_suffix("ies"), collection.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.is_empty() => stem.to_owned(),
        _ => collection.to_owned(),
    }
}

fn path_parameter(
    binding: &HttpBinding,
    variable: Option<&Variable>,
    at: usize,
    name: &str,
) -> Value {
    let field = variable.and_then(|v| paths::resolve(&binding.method.input(), &v.field));
    let comment = field.and_then(|(_, field)| comments::of(&field.parent_file(), field.path()));
    let part = variable.map_or(0, |variable| at - variable.start);
    let schema = comment.as_deref().and_then(|text| segment(text, part));
    let mut parameter = json!({
        "name": name,
        "in": "path",
        "required": true,
        "schema": schema.unwrap_or_else(|| json!({"type": "string", "minLength": 1})),
    });
    if let Some(text) = comment {
        set(&mut parameter, "description", text);
    }
    parameter
}

/// What one segment of a name may be, where the comment gives the forms that the name can have.
fn segment(comment: &str, part: usize) -> Option<Value> {
    let mut forms: Vec<Value> = Vec::new();
    for name in comments::names(comment) {
        let form = match name.split('/').nth(part)? {
            "{uuid}" => json!({"type": "string", "format": "uuid"}),
            text if text.starts_with('{') => json!({"type": "string", "minLength": 1}),
            text => json!({"type": "string", "const": text}),
        };
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    let only = if forms.len() == 1 { forms.pop() } else { None };
    only.or_else(|| (!forms.is_empty()).then(|| json!({"anyOf": forms})))
}

/// The fields that are neither in the path nor in the body.
pub(super) fn query(binding: &HttpBinding, schemas: &mut Schemas) -> Vec<Value> {
    let mut parameters = Vec::new();
    if binding.body != "*" {
        spread(binding, &binding.method.input(), &Prefix::default(), schemas, &mut parameters);
    }
    parameters
}

/// The names that lead to a message, in both spellings.
#[derive(Debug, Default, Clone)]
struct Prefix {
    proto: String,
    json: String,
    depth: usize,
}

impl Prefix {
    fn then(&self, field: &FieldDescriptor) -> Self {
        let dot = if self.depth == 0 { "" } else { "." };
        Self {
            proto: format!("{}{dot}{}", self.proto, field.name()),
            json: format!("{}{dot}{}", self.json, field.json_name()),
            depth: self.depth + 1,
        }
    }
}

fn spread(
    binding: &HttpBinding,
    message: &MessageDescriptor,
    prefix: &Prefix,
    schemas: &mut Schemas,
    parameters: &mut Vec<Value>,
) {
    for field in message.fields() {
        let names = prefix.then(&field);
        let is_in_path = binding.parsed.variables.iter().any(|v| v.field == names.proto);
        let is_body = prefix.depth == 0 && binding.body == field.name();
        let is_output = annotations::has_behavior(&field, "OUTPUT_ONLY");
        if is_in_path || is_body || is_output {
            continue;
        }
        match types::reach(&field) {
            Reach::Text => {
                let mask = mask::pattern(binding, &field).filter(|_| prefix.depth == 0);
                parameters.push(query_parameter(&field, &names.json, mask, schemas));
            }
            Reach::Message(inner) if names.depth < DEEPEST => {
                spread(binding, &inner, &names, schemas, parameters);
            }
            Reach::Message(_) | Reach::Opaque => {}
        }
    }
}

fn query_parameter(
    field: &FieldDescriptor,
    name: &str,
    mask: Option<String>,
    schemas: &mut Schemas,
) -> Value {
    let mut schema = schemas.field(field, Mode::Whole);
    if let Some(pattern) = mask {
        set(&mut schema, "pattern", pattern);
    }
    let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    let mut parameter = json!({"name": name, "in": "query", "schema": schema});
    if let Some(description) = description {
        set(&mut parameter, "description", description);
    }
    if annotations::has_behavior(field, "REQUIRED") {
        set(&mut parameter, "required", true);
    }
    parameter
}
