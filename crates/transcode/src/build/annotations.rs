//! What the contract's options say.

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, MessageDescriptor, MethodDescriptor,
    ReflectMessage as _, Value,
};

use super::error::BuildError;
use crate::template::{self, Template};

/// One HTTP binding of a method.
#[derive(Debug, Clone)]
pub(super) struct HttpBinding {
    pub method: MethodDescriptor,
    pub verb: String,
    pub template: String,
    pub parsed: Template,
    /// `*`, the name of a field, or nothing.
    pub body: String,
    pub response_body: String,
    /// Which of the method's bindings it is.
    pub index: usize,
}

/// All bindings of all methods, `additional_bindings` too.
pub(super) fn bindings(pool: &DescriptorPool) -> Result<Vec<HttpBinding>, BuildError> {
    let Some(extension) = pool.get_extension_by_name("google.api.http") else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
        let options = method.options();
        if !options.has_extension(&extension) {
            continue;
        }
        if let Value::Message(rule) = &*options.get_extension(&extension) {
            all.push(binding(&method, rule, 0)?);
            for (index, additional) in messages(rule, "additional_bindings").iter().enumerate() {
                all.push(binding(&method, additional, index + 1)?);
            }
        }
    }
    refuse_conflicts(&all)?;
    Ok(all)
}

fn binding(
    method: &MethodDescriptor,
    rule: &DynamicMessage,
    index: usize,
) -> Result<HttpBinding, BuildError> {
    let (verb, path) = verb_and_path(rule)
        .ok_or_else(|| BuildError::new(method.full_name(), "the HTTP rule has no pattern"))?;
    let parsed =
        template::parse(&path).map_err(|error| BuildError::new(method.full_name(), error))?;
    Ok(HttpBinding {
        method: method.clone(),
        verb,
        template: path,
        parsed,
        body: text(rule, "body"),
        response_body: text(rule, "response_body"),
        index,
    })
}

fn verb_and_path(rule: &DynamicMessage) -> Option<(String, String)> {
    for verb in ["get", "put", "post", "delete", "patch"] {
        if rule.has_field_by_name(verb) {
            return Some((verb.to_uppercase(), text(rule, verb)));
        }
    }
    let custom = rule.get_field_by_name("custom")?;
    let custom = custom.as_message()?;
    Some((text(custom, "kind"), text(custom, "path"))).filter(|(kind, _)| !kind.is_empty())
}

/// Two bindings that take the same requests: the verb and the template without its variables.
fn refuse_conflicts(bindings: &[HttpBinding]) -> Result<(), BuildError> {
    for (at, one) in bindings.iter().enumerate() {
        let same = bindings.iter().skip(at + 1).find(|other| {
            one.verb == other.verb
                && one.parsed.segments == other.parsed.segments
                && one.parsed.verb == other.parsed.verb
        });
        if let Some(other) = same {
            return Err(BuildError::new(
                other.method.full_name(),
                format!("{} {} is taken by {}", one.verb, one.template, one.method.full_name()),
            ));
        }
    }
    Ok(())
}

/// The values of `google.api.field_behavior`, by name.
pub(super) fn behaviors(field: &FieldDescriptor) -> Vec<String> {
    let pool = field.parent_pool();
    let Some(extension) = pool.get_extension_by_name("google.api.field_behavior") else {
        return Vec::new();
    };
    let kind = extension.kind();
    let options = field.options();
    let values = options.get_extension(&extension);
    let numbers = values.as_list().unwrap_or_default().iter().filter_map(Value::as_enum_number);
    numbers
        .filter_map(|number| kind.as_enum()?.get_value(number))
        .map(|value| value.name().to_owned())
        .collect()
}

/// Whether a field has one of the values of `google.api.field_behavior`.
pub(super) fn has_behavior(field: &FieldDescriptor, name: &str) -> bool {
    behaviors(field).iter().any(|behavior| behavior == name)
}

/// Whether `google.api.field_info` says that the text is a UUID.
pub(super) fn is_uuid(field: &FieldDescriptor) -> bool {
    let pool = field.parent_pool();
    let Some(extension) = pool.get_extension_by_name("google.api.field_info") else {
        return false;
    };
    let options = field.options();
    let info = options.get_extension(&extension);
    let format = info.as_message().and_then(|info| {
        let value = info.get_field_by_name("format")?.as_enum_number()?;
        let kind = info.descriptor().get_field_by_name("format")?.kind();
        Some(kind.as_enum()?.get_value(value)?.name().to_owned())
    });
    format.as_deref() == Some("UUID4")
}

/// Whether a field is annotated as holding the names of resources.
pub(super) fn is_reference(field: &FieldDescriptor) -> bool {
    let extension = field.parent_pool().get_extension_by_name("google.api.resource_reference");
    extension.is_some_and(|extension| field.options().has_extension(&extension))
}

/// Whether a message is annotated as a resource.
pub(super) fn is_resource(message: &MessageDescriptor) -> bool {
    let extension = message.parent_pool().get_extension_by_name("google.api.resource");
    extension.is_some_and(|extension| message.options().has_extension(&extension))
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    value.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn messages(message: &DynamicMessage, field: &str) -> Vec<DynamicMessage> {
    let value = message.get_field_by_name(field);
    let list = value.as_ref().and_then(|value| value.as_list()).unwrap_or_default();
    list.iter().filter_map(Value::as_message).cloned().collect()
}
