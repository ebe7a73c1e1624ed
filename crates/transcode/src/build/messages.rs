//! The code for messages and enums.

use std::fmt::Write as _;

use prost_reflect::{EnumDescriptor, MessageDescriptor};

use super::annotations;
use super::error::BuildError;
use super::fields::{self, FieldCode};
use super::names::Names;
use super::types::{self, Reach, SPECIAL, WRAPPERS};

const HEAD: &str = "// Generated from the contract's descriptors.\n\
    use ::artisan_transcode::generated::*;\n\n";

pub(super) fn generate(
    names: &Names,
    messages: &[MessageDescriptor],
    enums: &[EnumDescriptor],
) -> Result<String, BuildError> {
    let mut rust = HEAD.to_owned();
    for item in enums {
        enumeration(names, item, &mut rust);
    }
    for item in messages {
        info(names, item, &mut rust)?;
        message(names, item, &mut rust);
    }
    any_types(names, messages, &mut rust);
    Ok(rust)
}

fn enumeration(names: &Names, item: &EnumDescriptor, rust: &mut String) {
    // In the order of the file: of two names for one number, the first is written.
    let values: Vec<_> = item
        .enum_descriptor_proto()
        .value
        .iter()
        .map(|value| format!("({:?}, {})", value.name(), value.number()))
        .collect();
    let _ = writeln!(
        rust,
        "impl ProtoEnum for {} {{\n    const INFO: &'static EnumInfo = &EnumInfo {{ name: {:?}, \
         values: &[{}] }};\n}}\n",
        names.enumeration(item),
        item.full_name(),
        values.join(", ")
    );
}

fn info(names: &Names, message: &MessageDescriptor, rust: &mut String) -> Result<(), BuildError> {
    let name = names.info(message).unwrap_or_default();
    let _ = writeln!(
        rust,
        "static {name}: MessageInfo = MessageInfo {{ name: {:?}, fields: &[",
        message.full_name()
    );
    for (index, field) in message.fields().enumerate() {
        let shape = match types::reach(&field) {
            Reach::Text if field.is_list() => "Shape::TextList".to_owned(),
            Reach::Text => "Shape::Text".to_owned(),
            Reach::Opaque => "Shape::Opaque".to_owned(),
            Reach::Message(inner) => {
                let inner = names.info(&inner).ok_or_else(|| {
                    BuildError::new(field.full_name(), "its type's package is not generated")
                })?;
                format!("Shape::Message(&{inner})")
            }
        };
        let oneof = types::real_oneof(&field)
            .and_then(|oneof| message.oneofs().position(|other| other == oneof));
        let _ = writeln!(
            rust,
            "    FieldInfo {{ number: {}, name: {:?}, json_name: {:?}, key: {}, wire: {}, \
             presence: {}, oneof: {oneof:?}, shape: {shape}, takes_null: {}, output_only: {} }},",
            field.number(),
            field.name(),
            field.json_name(),
            fields::key(&field),
            types::wire(names, index, &field),
            types::presence(&field),
            types::takes_null(&field),
            annotations::has_behavior(&field, "OUTPUT_ONLY"),
        );
    }
    let _ = writeln!(rust, "], is_plain: {} }};\n", types::is_plain(message));
    Ok(())
}

fn message(names: &Names, message: &MessageDescriptor, rust: &mut String) {
    let path = names.message(message);
    let info = names.info(message).unwrap_or_default();
    let fields: Vec<_> = message
        .fields()
        .enumerate()
        .map(|(index, field)| FieldCode::new(names, index, &field))
        .collect();
    let lines = |each: &dyn Fn(&FieldCode) -> Option<String>, indent: &str| {
        fields.iter().filter_map(each).fold(String::new(), |all, line| all + indent + &line + "\n")
    };
    let _ = writeln!(
        rust,
        "impl Fields for {path} {{
    fn info() -> &'static MessageInfo {{
        &{info}
    }}
    fn write_fields(&self, w: &mut JsonWriter<'_>) -> Result<(), WriteError> {{
{}        Ok(())
    }}
    fn read_field(&mut self, index: usize, r: &mut JsonReader<'_>) -> Result<(), ReadError> {{
        match index {{
{}            _ => return Err(ReadError::value(\"is not a known field\")),
        }}
        Ok(())
    }}
    fn set_param(&mut self, path: &[usize], text: &str) -> Result<(), ParamError> {{
        match path {{
{}            _ => return Err(ParamError::new(\"cannot be given as one value\")),
        }}
        Ok(())
    }}
    fn text(&self, path: &[usize]) -> Option<&str> {{
        match path {{
{}            _ => None,
        }}
    }}
}}

impl ProtoJson for {path} {{
    fn write_json(&self, w: &mut JsonWriter<'_>) -> Result<(), WriteError> {{
        write_object(self, w)
    }}
    fn merge_json(&mut self, r: &mut JsonReader<'_>) -> Result<(), ReadError> {{
        merge_object(self, r)
    }}
}}
",
        lines(&|field| Some(field.write()), "        "),
        lines(&|field| Some(field.read()), "            "),
        lines(&FieldCode::set, "            "),
        lines(&FieldCode::text, "            "),
    );
}

/// What a `google.protobuf.Any` may hold: every message of the contract and the well-known types.
fn any_types(names: &Names, messages: &[MessageDescriptor], rust: &mut String) {
    rust.push_str("pub const TYPES: Types = &[\n");
    for message in messages {
        let _ = writeln!(
            rust,
            "    AnyType::message::<{}>({:?}),",
            names.message(message),
            message.full_name()
        );
    }
    for (name, codec) in SPECIAL {
        let _ = writeln!(
            rust,
            "    AnyType::value::<{codec}, ::prost_types::{name}>(\"google.protobuf.{name}\"),"
        );
    }
    for (name, codec, rust_type) in WRAPPERS {
        let _ = writeln!(
            rust,
            "    AnyType::value::<{codec}, {rust_type}>(\"google.protobuf.{name}\"),"
        );
    }
    rust.push_str("    AnyType::value::<Msg, ()>(\"google.protobuf.Empty\"),\n];\n\n");
}
