//! Which codec serves a field, and how the field can be reached.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::names::Names;

/// The codec of one value of a field; for a map, of its values.
pub(super) fn codec(names: &Names, kind: &Kind) -> String {
    let name = match kind {
        Kind::Double => "Double",
        Kind::Float => "Float",
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => "Int32",
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => "Int64",
        Kind::Uint32 | Kind::Fixed32 => "UInt32",
        Kind::Uint64 | Kind::Fixed64 => "UInt64",
        Kind::Bool => "Bool",
        Kind::String => "Text",
        Kind::Bytes => "Bytes",
        Kind::Enum(item) if item.full_name() == "google.protobuf.NullValue" => "Null",
        Kind::Enum(item) => return format!("Enum<{}>", names.enumeration(item)),
        Kind::Message(message) => match message.full_name() {
            "google.protobuf.Value" => "Free",
            _ => wrapped(message).unwrap_or("Msg"),
        },
    };
    name.to_owned()
}

/// The codec of what a wrapper message wraps.
fn wrapped(message: &MessageDescriptor) -> Option<&'static str> {
    WRAPPERS
        .iter()
        .find(|(name, ..)| message.full_name().strip_prefix("google.protobuf.") == Some(name))
        .map(|(_, codec, _)| *codec)
}

/// The wrappers: their names, codecs and Rust types.
pub(super) const WRAPPERS: [(&str, &str, &str); 9] = [
    ("DoubleValue", "Double", "f64"),
    ("FloatValue", "Float", "f32"),
    ("Int64Value", "Int64", "i64"),
    ("UInt64Value", "UInt64", "u64"),
    ("Int32Value", "Int32", "i32"),
    ("UInt32Value", "UInt32", "u32"),
    ("BoolValue", "Bool", "bool"),
    ("StringValue", "Text", "::prost::alloc::string::String"),
    ("BytesValue", "Bytes", "::prost::alloc::vec::Vec<u8>"),
];

/// Well-known types with a JSON form of their own, other than the wrappers.
pub(super) const SPECIAL: [(&str, &str); 7] = [
    ("Any", "Msg"),
    ("Duration", "Msg"),
    ("FieldMask", "Msg"),
    ("ListValue", "Msg"),
    ("Struct", "Msg"),
    ("Timestamp", "Msg"),
    ("Value", "Free"),
];

/// How a value of a field is encoded.
pub(super) fn wire(names: &Names, index: usize, field: &FieldDescriptor) -> String {
    let kind = field.kind();
    let is_plain = kind.as_message().is_none_or(is_plain);
    if field.is_map() || field.is_group() || !is_plain {
        return format!(
            "Wire::Other(read_other::<{}, {index}>)",
            names.message(field.parent_message())
        );
    }
    let name = match &kind {
        Kind::Double => "Double",
        Kind::Float => "Float",
        Kind::Int32 => "Int32",
        Kind::Int64 => "Int64",
        Kind::Uint32 => "UInt32",
        Kind::Uint64 => "UInt64",
        Kind::Sint32 => "SInt32",
        Kind::Sint64 => "SInt64",
        Kind::Fixed32 => "Fixed32",
        Kind::Fixed64 => "Fixed64",
        Kind::Sfixed32 => "SFixed32",
        Kind::Sfixed64 => "SFixed64",
        Kind::Bool => "Bool",
        Kind::String => "Text",
        Kind::Bytes => "Bytes",
        Kind::Enum(item) if item.full_name() == "google.protobuf.NullValue" => "Null",
        Kind::Enum(item) => {
            return format!("Wire::Enum(<{} as ProtoEnum>::INFO)", names.enumeration(item));
        }
        Kind::Message(message) => {
            return match names.info(message) {
                Some(info) => format!("Wire::Message(&{info})"),
                None => format!(
                    "Wire::Special(Special::of::<{}, {}>())",
                    codec(names, &kind),
                    rust_type(names, message)
                ),
            };
        }
    };
    format!("Wire::{name}")
}

/// Whether a message has no required fields.
pub(super) fn is_plain(message: &MessageDescriptor) -> bool {
    message.fields().all(|field| !field.is_required())
}

/// What Rust holds a message as: the value itself, for a wrapper.
fn rust_type(names: &Names, message: &MessageDescriptor) -> String {
    let name = message.full_name().strip_prefix("google.protobuf.");
    let wrapper = WRAPPERS.iter().find(|(wrapper, ..)| name == Some(wrapper));
    wrapper.map_or_else(|| names.message(message), |(_, _, rust_type)| (*rust_type).to_owned())
}

/// How it is told whether a field is there.
pub(super) fn presence(field: &FieldDescriptor) -> &'static str {
    if field.is_list() {
        "Presence::List"
    } else if field.supports_presence() {
        "Presence::Explicit"
    } else {
        "Presence::Implicit"
    }
}

/// How one value of a field can be reached by a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reach {
    Text,
    Message(MessageDescriptor),
    Opaque,
}

pub(super) fn reach(field: &FieldDescriptor) -> Reach {
    if field.is_map() {
        return Reach::Opaque;
    }
    match field.kind() {
        Kind::Message(message) => match message.full_name().strip_prefix("google.protobuf.") {
            Some("Timestamp" | "Duration" | "FieldMask") => Reach::Text,
            Some(_) if wrapped(&message).is_some() => Reach::Text,
            Some(_) => Reach::Opaque,
            None if field.is_list() => Reach::Opaque,
            None => Reach::Message(message),
        },
        _ => Reach::Text,
    }
}

/// Whether `null` is a value of the field.
pub(super) fn takes_null(field: &FieldDescriptor) -> bool {
    if field.is_list() || field.is_map() {
        return false;
    }
    match field.kind() {
        Kind::Message(message) => message.full_name() == "google.protobuf.Value",
        Kind::Enum(item) => item.full_name() == "google.protobuf.NullValue",
        _ => false,
    }
}

/// The oneof that a field is a member of, unless that stands for `optional` only.
pub(super) fn real_oneof(field: &FieldDescriptor) -> Option<prost_reflect::OneofDescriptor> {
    field.containing_oneof().filter(|oneof| !oneof.is_synthetic())
}
