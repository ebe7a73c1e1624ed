use std::collections::HashMap;

use prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, OneofDescriptor, Value,
};

use super::Choices;

/// How deep messages hold messages.
const DEEPEST: u32 = 3;

/// A random message that has a JSON form.
#[must_use]
pub fn message(
    descriptor: &MessageDescriptor,
    choices: &mut Choices<'_>,
    depth: u32,
) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    let mut set = |name: &str, value: Value| message.set_field_by_name(name, value);
    match descriptor.full_name() {
        "google.protobuf.Timestamp" => {
            set("seconds", Value::I64(choices.seconds(-62_135_596_800, 253_402_300_799)));
            set("nanos", Value::I32(choices.one_of(&[0, 1, 1_000, 5_000_000, 999_999_999])));
        }
        "google.protobuf.Duration" => {
            let sign = choices.one_of(&[1_i32, -1]);
            let seconds = choices.seconds(0, 315_575_999_999);
            set("seconds", Value::I64(i64::from(sign) * seconds));
            set("nanos", Value::I32(sign * choices.one_of(&[0, 1, 20_000, 500_000_000])));
        }
        "google.protobuf.FieldMask" => {
            let count = choices.byte() % 3;
            let path = |choices: &mut Choices<'_>| {
                Value::String(choices.one_of(&["email", "artisan.store_name", "a_b_c.d"]).into())
            };
            set("paths", Value::List((0..count).map(|_| path(choices)).collect()));
        }
        "google.protobuf.Any" => {
            let pool = descriptor.parent_pool();
            let name = choices.one_of(&["google.protobuf.Timestamp", "google.protobuf.FieldMask"]);
            if let Some(inner) = pool.get_message_by_name(name) {
                let bytes = self::message(&inner, choices, depth + 1).encode_to_vec();
                set("type_url", Value::String(format!("type.googleapis.com/{name}")));
                set("value", Value::Bytes(bytes.into()));
            } else {
                set("type_url", Value::String(format!("a/{}", descriptor.full_name())));
            }
        }
        "google.protobuf.Value" => free_value(&mut message, descriptor, choices, depth),
        _ => populate(&mut message, descriptor, choices, depth),
    }
    message
}

fn populate(
    message: &mut DynamicMessage,
    descriptor: &MessageDescriptor,
    choices: &mut Choices<'_>,
    depth: u32,
) {
    let is_wrapper = descriptor.package_name() == "google.protobuf";
    for field in descriptor.fields() {
        // Of the wrapped ones that are not finite, reflection makes null, which is not canonical.
        match field.kind() {
            Kind::Double if is_wrapper => {
                message.set_field(&field, Value::F64(choices.one_of(&[0.0, -2.5, 1e300])));
                continue;
            }
            Kind::Float if is_wrapper => {
                message.set_field(&field, Value::F32(choices.one_of(&[0.0, 0.1, 1e30])));
                continue;
            }
            _ => {}
        }
        let is_member = field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic());
        let is_wanted = choices.byte().is_multiple_of(3) || is_wrapper;
        let is_too_deep = depth >= DEEPEST && matches!(field.kind(), Kind::Message(_));
        if is_wanted && !is_member && !is_too_deep {
            message.set_field(&field, field_value(&field, choices, depth));
        }
    }
    for oneof in descriptor.oneofs().filter(|oneof| !oneof.is_synthetic()) {
        if depth < DEEPEST && !choices.byte().is_multiple_of(4) {
            let member = member(&oneof, choices);
            message.set_field(&member, field_value(&member, choices, depth));
        }
    }
}

fn member(oneof: &OneofDescriptor, choices: &mut Choices<'_>) -> FieldDescriptor {
    choices.one_of(&oneof.fields().collect::<Vec<_>>())
}

fn free_value(
    message: &mut DynamicMessage,
    descriptor: &MessageDescriptor,
    choices: &mut Choices<'_>,
    depth: u32,
) {
    let value = match choices.byte() % if depth < DEEPEST { 6 } else { 4 } {
        0 => ("null_value", Value::EnumNumber(0)),
        1 => ("number_value", Value::F64(choices.finite())),
        2 => ("string_value", Value::String(choices.text())),
        3 => ("bool_value", Value::Bool(choices.byte().is_multiple_of(2))),
        other => {
            let name = if other == 4 { "struct_value" } else { "list_value" };
            let field = descriptor.get_field_by_name(name).expect("Value has it");
            (name, value(&field.kind(), choices, depth))
        }
    };
    message.set_field_by_name(value.0, value.1);
}

fn field_value(field: &FieldDescriptor, choices: &mut Choices<'_>, depth: u32) -> Value {
    let count = choices.byte() % 3;
    if let (true, Kind::Message(entry)) = (field.is_map(), field.kind()) {
        let entries: HashMap<_, _> = (0..count)
            .map(|_| {
                let key = map_key(&entry.map_entry_key_field().kind(), choices);
                (key, value(&entry.map_entry_value_field().kind(), choices, depth))
            })
            .collect();
        return Value::Map(entries);
    }
    if field.is_list() {
        return Value::List((0..count).map(|_| value(&field.kind(), choices, depth)).collect());
    }
    value(&field.kind(), choices, depth)
}

fn map_key(kind: &Kind, choices: &mut Choices<'_>) -> MapKey {
    match value(kind, choices, 0) {
        Value::Bool(key) => MapKey::Bool(key),
        Value::I32(key) => MapKey::I32(key),
        Value::I64(key) => MapKey::I64(key),
        Value::U32(key) => MapKey::U32(key),
        Value::U64(key) => MapKey::U64(key),
        _ => MapKey::String(choices.text()),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "any bits will do")]
fn value(kind: &Kind, choices: &mut Choices<'_>, depth: u32) -> Value {
    match kind {
        Kind::Double => Value::F64(choices.double()),
        Kind::Float => Value::F32(choices.double() as f32),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(choices.word() as i32),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(choices.word() as i64),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(choices.word() as u32),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(choices.word()),
        Kind::Bool => Value::Bool(choices.byte().is_multiple_of(2)),
        Kind::String => Value::String(choices.text()),
        Kind::Bytes => Value::Bytes(choices.bytes().into()),
        Kind::Enum(item) if item.full_name() == "google.protobuf.NullValue" => Value::EnumNumber(0),
        Kind::Enum(_) => Value::EnumNumber(choices.one_of(&[0, 1, 2, 3, -2, 99])),
        Kind::Message(inner) => Value::Message(message(inner, choices, depth + 1)),
    }
}
