//! What a client sends, checked in the predecessor's order and told in its words.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Role;
use super::refusal::{Detail, Refusal};
use super::schema::{ADDRESS, Field, fields};

type Object = Map<String, Value>;

/// A form whose fields have the right types; those that nobody knows are still in it, and are ignored.
#[derive(Debug)]
pub(super) struct Form {
    object: Object,
}

impl Form {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.object.get(name)?.as_str()
    }

    pub(super) fn address(&self) -> Option<&Object> {
        self.object.get("address")?.as_object()
    }
}

/// Reads a form; says everything that the first layer has against it, or else the second.
pub(super) fn parse(role: Role, body: &[u8]) -> Result<Form, Refusal> {
    let value: Value = serde_json::from_slice(body).map_err(|_| Refusal::malformed())?;
    let Value::Object(object) = value else {
        let message = "the body is not of type 'object'".to_owned();
        return Err(Refusal::schema(BTreeMap::from([(String::new(), message)])));
    };
    let mut errors = BTreeMap::new();
    check_object(&object, fields(role), "", &mut errors);
    match object.get("address") {
        None => {}
        Some(Value::Object(address)) => check_object(address, &ADDRESS, "address.", &mut errors),
        Some(other) => {
            errors.insert("address".to_owned(), wrong_type(other, "object"));
        }
    }
    if role == Role::Buyer
        && let Some(Value::String(email)) = object.get("email")
        && !is_like_an_address(email)
    {
        // The pattern as Python shows it.
        let message = r"the value does not match '^\\S+@\\S+\\.\\S+$'";
        errors.insert("email".to_owned(), message.to_owned());
    }
    if !errors.is_empty() {
        return Err(Refusal::schema(errors));
    }
    let details = late_details(role, &object);
    if !details.is_empty() {
        return Err(Refusal::input(details));
    }
    Ok(Form { object })
}

fn check_object(
    object: &Object,
    fields: &[Field],
    parent: &str,
    errors: &mut BTreeMap<String, String>,
) {
    for field in fields {
        let name = field.name;
        let error = match object.get(name) {
            None if field.is_required => Some(format!("'{name}' is a required property")),
            None => None,
            Some(Value::String(text)) => wrong_length(field, text).map(str::to_owned),
            Some(other) => Some(wrong_type(other, "string")),
        };
        errors.extend(error.map(|error| (format!("{parent}{name}"), error)));
    }
}

/// Values are not repeated, as they were: among them are passwords.
fn wrong_length(field: &Field, text: &str) -> Option<&'static str> {
    let length = text.chars().count();
    if length < field.min {
        return Some("the value is too short");
    }
    field.max.is_some_and(|max| length > max).then_some("the value is too long")
}

fn wrong_type(value: &Value, expected: &str) -> String {
    let value = if value.is_null() { "None" } else { "the value" };
    format!("{value} is not of type '{expected}'")
}

/// `^\S+@\S+\.\S+$`
fn is_like_an_address(text: &str) -> bool {
    let has_parts = text.char_indices().filter(|(_, c)| *c == '@').any(|(at, _)| {
        let (local, domain) = (text.get(..at), text.get(at + 1..));
        local.is_some_and(|local| !local.is_empty())
            && domain.is_some_and(|domain| {
                let mut dots = domain.char_indices().filter(|(_, c)| *c == '.');
                dots.any(|(dot, _)| dot > 0 && dot + 1 < domain.len())
            })
    });
    has_parts && !text.contains(char::is_whitespace)
}

fn late_details(role: Role, object: &Object) -> Vec<Detail> {
    let mut details = Vec::new();
    for field in fields(role) {
        let text = object.get(field.name).and_then(Value::as_str).unwrap_or_default();
        if let Some(max) = field.late_max.filter(|max| text.chars().count() > *max) {
            details.push(Detail::too_long(field.name, max));
        }
    }
    if role == Role::Buyer && !object.contains_key("address") {
        details.push(Detail::missing("address"));
    }
    details
}

#[cfg(test)]
mod tests {
    use super::is_like_an_address;

    #[test]
    fn addresses_are_looked_at_as_the_old_pattern_did() {
        for text in ["a@b.c", "a@@b.c", "x@y@b.c", "a@b..c", "@a@b.c"] {
            assert!(is_like_an_address(text), "{text}");
        }
        for text in ["", "a", "@b.c", "a@b", "a@.c", "a@b.", "a b@c.d", "a@b.c "] {
            assert!(!is_like_an_address(text), "{text}");
        }
    }
}
