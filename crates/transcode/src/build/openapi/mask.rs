//! What a field mask may name.

use prost_reflect::{FieldDescriptor, MessageDescriptor};

use super::super::annotations::{self, HttpBinding};
use super::super::paths;
use super::super::types::{self, Reach};

/// The pattern of the mask of an update: nothing, everything, or paths of the resource in the body.
pub(super) fn pattern(binding: &HttpBinding, field: &FieldDescriptor) -> Option<String> {
    let input = binding.method.input();
    let mask = paths::only_mask(&input).and_then(|index| input.fields().nth(index))?;
    let (_, body) = paths::find(&input, &binding.body)?;
    let Reach::Message(resource) = types::reach(&body) else { return None };
    if mask != *field {
        return None;
    }
    let mut all = Vec::new();
    collect(&resource, "", &mut Vec::new(), &mut all)?;
    let path = format!("(?:{})", all.join("|"));
    Some(format!(r"^(?:\*|{path}(?:,{path})*)?$"))
}

/// The paths of a message and of those in it; none where one of them holds itself, since they have no end.
fn collect(
    message: &MessageDescriptor,
    prefix: &str,
    outer: &mut Vec<MessageDescriptor>,
    all: &mut Vec<String>,
) -> Option<()> {
    if outer.contains(message) {
        return None;
    }
    outer.push(message.clone());
    let fields = message.fields();
    for field in fields.filter(|field| !annotations::has_behavior(field, "IMMUTABLE")) {
        let path = format!("{prefix}{}", field.json_name());
        all.push(path.replace('.', r"\."));
        if let Reach::Message(inner) = types::reach(&field) {
            collect(&inner, &format!("{path}."), outer, all)?;
        }
    }
    outer.pop();
    Some(())
}
