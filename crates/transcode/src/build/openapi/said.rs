//! What comments say of the values of a field.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Value, json};

use super::super::types::{self, Reach};
use super::super::{annotations, comments, paths};
use super::schemas::Mode;
use super::set;

const UUID: &str = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

/// The limits that a comment tells, and those of the AIPs: what is required is not empty (203), and no page
/// has less than no elements (158).
pub(super) fn limit(schema: &mut Value, field: &FieldDescriptor, mode: Mode, comment: &str) {
    let is_required = mode == Mode::Whole && annotations::has_behavior(field, "REQUIRED");
    if field.is_list() {
        if is_required {
            set(schema, "minItems", 1);
        }
        if let Some(most) = comments::elements(comment) {
            set(schema, "maxItems", most);
        }
    } else if field.name() == "page_size" {
        set(schema, "minimum", 0);
        if let Some(default) = comments::default_number(comment) {
            set(schema, "default", default);
        }
    } else if matches!(field.kind(), Kind::String) {
        let (least, most) = comments::characters(comment);
        let least = least.or(is_required.then_some(1));
        if let Some(least) = least {
            set(schema, "minLength", least);
        }
        if let Some(most) = most {
            set(schema, "maxLength", most);
        }
    }
}

/// The form of a text, or of each text of a list: a format that JSON Schema knows, the pattern of one that is
/// the contract's own, or that of the names of what the field refers to.
pub(super) fn form(schema: &mut Value, field: &FieldDescriptor, own: &[(String, String)]) {
    let file = field.parent_file();
    let format = comments::format(&file, field.path());
    let format = if annotations::is_uuid(field) { Some("uuid".to_owned()) } else { format };
    let names = comments::of(&file, field.path())
        .filter(|_| annotations::is_reference(field))
        .and_then(|text| names(&text));
    let schema = if field.is_list() { schema.get_mut("items") } else { Some(schema) };
    let Some(schema) = schema else { return };
    match format {
        Some(name) => match own.iter().find(|(each, _)| *each == name) {
            Some((_, pattern)) => set(schema, "pattern", pattern.as_str()),
            None => set(schema, "format", name),
        },
        None => {
            if let Some(pattern) = names {
                set(schema, "pattern", pattern);
            }
        }
    }
}

/// The pattern of the names that a comment gives: `users/{uuid}`, `users/me`.
fn names(comment: &str) -> Option<String> {
    let segment = |text: &str| match text {
        "{uuid}" => UUID.to_owned(),
        text if text.starts_with('{') => "[^/]+".to_owned(),
        text => text.to_owned(),
    };
    let name = |name: &str| name.split('/').map(segment).collect::<Vec<_>>().join("/");
    let forms: Vec<_> = comments::names(comment).map(name).collect();
    (!forms.is_empty()).then(|| format!("^(?:{})$", forms.join("|")))
}

/// Adds the members that a message must have here, to those that it must have everywhere; of each group, one.
pub(super) fn need(schema: &mut Value, field: &FieldDescriptor) {
    let needed = comments::needed(&field.parent_file(), field.path());
    let Reach::Message(message) = types::reach(field) else { return };
    if !needed.is_empty() {
        need_of(schema, &message, &needed);
    }
}

fn need_of(schema: &mut Value, message: &MessageDescriptor, needed: &[Vec<String>]) {
    let json_name = |name: &String| {
        let found = paths::find(message, name);
        found.map_or_else(|| name.clone(), |(_, field)| field.json_name().to_owned())
    };
    let everywhere = message.fields().filter(|field| annotations::has_behavior(field, "REQUIRED"));
    let mut required: Vec<String> = everywhere.map(|field| field.json_name().to_owned()).collect();
    let mut groups = Vec::new();
    for group in needed {
        match group.as_slice() {
            [one] => required.push(json_name(one)),
            several => {
                groups.extend(several.iter().map(|name| json!({"required": [json_name(name)]})));
            }
        }
    }
    if !required.is_empty() {
        set(schema, "required", required);
    }
    if !groups.is_empty() {
        set(schema, "anyOf", groups);
    }
}
