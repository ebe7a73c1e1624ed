//! Schemas of messages and enums.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::super::annotations::{self, HttpBinding};
use super::super::{comments, types};
use super::{problem, said, set};

/// The schemas that a document refers to, made as they are asked for.
#[derive(Debug)]
pub(super) struct Schemas {
    /// The packages whose names are left away.
    home: BTreeSet<String>,
    made: BTreeMap<String, Value>,
    /// The patterns of formats that are the contract's own.
    formats: Vec<(String, String)>,
}

/// For whom a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A whole message.
    Whole,
    /// A message of which only what changes is given: nothing is required.
    Patch,
}

impl Schemas {
    pub(super) fn new(bindings: &[HttpBinding], formats: &[(String, String)]) -> Self {
        let home = bindings
            .iter()
            .map(|binding| binding.method.parent_service().package_name().to_owned())
            .collect();
        let made = BTreeMap::from([(problem::SCHEMA_NAME.to_owned(), problem::schema())]);
        Self { home, made, formats: formats.to_vec() }
    }

    pub(super) fn into_components(self) -> Map<String, Value> {
        self.made.into_iter().collect()
    }

    fn name(&self, package: &str, full_name: &str) -> String {
        let local = full_name.strip_prefix(package).and_then(|rest| rest.strip_prefix('.'));
        match local.filter(|name| self.home.contains(package) && *name != problem::SCHEMA_NAME) {
            Some(name) => name.to_owned(),
            None => full_name.to_owned(),
        }
    }

    /// A schema that refers to a message.
    pub(super) fn message(&mut self, message: &MessageDescriptor, mode: Mode) -> Value {
        if let Some(schema) = well_known(message) {
            return schema;
        }
        let mut name = self.name(message.package_name(), message.full_name());
        if mode == Mode::Patch {
            name.push_str("Patch");
        }
        if !self.made.contains_key(&name) {
            // The place is taken first, for messages that hold themselves.
            self.made.insert(name.clone(), Value::Null);
            // AIP-203: what is immutable is said at creation only.
            let is_wanted = |field: &FieldDescriptor| {
                mode == Mode::Whole || !annotations::has_behavior(field, "IMMUTABLE")
            };
            let schema = self.object(message, mode, &is_wanted);
            self.made.insert(name.clone(), schema);
        }
        reference(&name)
    }

    /// The schema of an object with those of a message's fields that are wanted.
    pub(super) fn object(
        &mut self,
        message: &MessageDescriptor,
        mode: Mode,
        is_wanted: &dyn Fn(&FieldDescriptor) -> bool,
    ) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in message.fields().filter(is_wanted) {
            properties.insert(field.json_name().to_owned(), self.field(&field, mode));
            if mode == Mode::Whole && annotations::has_behavior(&field, "REQUIRED") {
                required.push(field.json_name().to_owned());
            }
        }
        let mut schema = json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        if let Some(text) = comments::of(&message.parent_file(), message.path()) {
            set(&mut schema, "description", text);
        }
        if !required.is_empty() {
            set(&mut schema, "required", required);
        }
        let exclusive = exclusive_pairs(message, is_wanted);
        if !exclusive.is_empty() {
            set(&mut schema, "allOf", exclusive);
        }
        schema
    }

    /// The schema of a field with what is said of it.
    pub(super) fn field(&mut self, field: &FieldDescriptor, mode: Mode) -> Value {
        let mut schema = self.value(field, mode);
        let comment = comments::of(&field.parent_file(), field.path());
        if let Some(text) = &comment {
            said::limit(&mut schema, field, mode, text);
            set(&mut schema, "description", text.as_str());
        }
        said::form(&mut schema, field, &self.formats);
        if mode == Mode::Whole {
            said::need(&mut schema, field);
        }
        let file = field.parent_file();
        if let Some(example) = comments::example(&file, field.path()) {
            set(&mut schema, "examples", vec![typed(field, example)]);
        }
        for behavior in annotations::behaviors(field) {
            match behavior.as_str() {
                "OUTPUT_ONLY" => set(&mut schema, "readOnly", true),
                "INPUT_ONLY" => set(&mut schema, "writeOnly", true),
                _ => {}
            }
        }
        if field
            .field_descriptor_proto()
            .options
            .as_ref()
            .is_some_and(prost_types::FieldOptions::deprecated)
        {
            set(&mut schema, "deprecated", true);
        }
        schema
    }

    fn value(&mut self, field: &FieldDescriptor, mode: Mode) -> Value {
        if field.is_map() {
            let Kind::Message(entry) = field.kind() else { return json!({}) };
            let values = self.kind(&entry.map_entry_value_field().kind(), Mode::Whole);
            return json!({"type": "object", "additionalProperties": values});
        }
        if field.is_list() {
            let mut items = self.kind(&field.kind(), Mode::Whole);
            // AIP-126: zero says that a value is not given, which an element is.
            let zero = field.kind().as_enum().and_then(|item| item.get_value(0));
            if let Some(zero) = zero.filter(|zero| zero.name().ends_with("_UNSPECIFIED")) {
                set(&mut items, "not", json!({"const": zero.name()}));
            }
            return json!({"type": "array", "items": items});
        }
        self.kind(&field.kind(), mode)
    }

    fn kind(&mut self, kind: &Kind, mode: Mode) -> Value {
        match kind {
            Kind::Double => json!({"type": "number", "format": "double"}),
            Kind::Float => json!({"type": "number", "format": "float"}),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                json!({"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX})
            }
            Kind::Uint32 | Kind::Fixed32 => {
                json!({"type": "integer", "format": "uint32", "minimum": 0, "maximum": u32::MAX})
            }
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                json!({"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"})
            }
            Kind::Uint64 | Kind::Fixed64 => {
                json!({"type": "string", "format": "uint64", "pattern": "^[0-9]+$"})
            }
            Kind::Bool => json!({"type": "boolean"}),
            Kind::String => json!({"type": "string"}),
            Kind::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Kind::Enum(item) => self.enumeration(item),
            Kind::Message(message) => self.message(message, mode),
        }
    }

    fn enumeration(&mut self, item: &EnumDescriptor) -> Value {
        if item.full_name() == "google.protobuf.NullValue" {
            return json!({"type": "null"});
        }
        let name = self.name(item.package_name(), item.full_name());
        if !self.made.contains_key(&name) {
            let file = item.parent_file();
            let mut text: Vec<String> = comments::of(&file, item.path()).into_iter().collect();
            for value in item.values() {
                if let Some(comment) = comments::of(&file, value.path()) {
                    text.push(format!("- `{}`: {comment}", value.name()));
                }
            }
            let values: Vec<_> = item.values().map(|value| value.name().to_owned()).collect();
            let mut schema = json!({"type": "string", "enum": values});
            if !text.is_empty() {
                set(&mut schema, "description", text.join("\n"));
            }
            self.made.insert(name.clone(), schema);
        }
        reference(&name)
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Of the members of a oneof, no two may be there.
fn exclusive_pairs(
    message: &MessageDescriptor,
    is_wanted: &dyn Fn(&FieldDescriptor) -> bool,
) -> Vec<Value> {
    let mut pairs = Vec::new();
    for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
        let members: Vec<_> = oneof.fields().filter(is_wanted).collect();
        for (at, one) in members.iter().enumerate() {
            for other in members.iter().skip(at + 1) {
                pairs.push(json!({"not": {"required": [one.json_name(), other.json_name()]}}));
            }
        }
    }
    pairs
}

/// An example in the field's own type: text is what it is, everything else is JSON.
fn typed(field: &FieldDescriptor, example: String) -> Value {
    if !field.is_list() && matches!(field.kind(), Kind::String) {
        return example.into();
    }
    serde_json::from_str(&example).unwrap_or_else(|_| example.into())
}

/// The schemas of types with a JSON form of their own.
fn well_known(message: &MessageDescriptor) -> Option<Value> {
    let name = message.full_name().strip_prefix("google.protobuf.")?;
    if let Some((_, codec, _)) = types::WRAPPERS.iter().find(|(wrapper, ..)| *wrapper == name) {
        return Some(match *codec {
            "Double" | "Float" => json!({"type": ["number", "null"]}),
            "Int32" | "UInt32" => json!({"type": ["integer", "null"]}),
            "Bool" => json!({"type": ["boolean", "null"]}),
            "Bytes" => json!({"type": ["string", "null"], "contentEncoding": "base64"}),
            "Int64" | "UInt64" => json!({"type": ["string", "null"], "pattern": "^-?[0-9]+$"}),
            _ => json!({"type": ["string", "null"]}),
        });
    }
    Some(match name {
        "Timestamp" => json!({"type": "string", "format": "date-time"}),
        "Duration" => json!({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"}),
        "FieldMask" => json!({"type": "string"}),
        "Struct" => json!({"type": "object"}),
        "ListValue" => json!({"type": "array", "items": {}}),
        "Empty" => json!({"type": "object", "additionalProperties": false}),
        "Any" => json!({
            "type": "object",
            "properties": {"@type": {"type": "string"}},
            "additionalProperties": true,
        }),
        _ => json!({}),
    })
}
