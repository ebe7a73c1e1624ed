use prost::Message;

use crate::json::codec::{Codec, EnumInfo};
use crate::json::{JsonReader, JsonWriter, ParamError, ReadError, WriteError};

/// What binding and reading must know of a message type.
#[derive(Debug)]
pub struct MessageInfo {
    /// The full name, `artisan.user.v1.User`.
    pub name: &'static str,
    /// The fields in the order of their numbers; a field's place here is its index everywhere.
    pub fields: &'static [FieldInfo],
    /// Whether the type has no required fields, which are written even where they are not given.
    pub is_plain: bool,
}

/// What binding and reading must know of a field.
#[derive(Debug)]
pub struct FieldInfo {
    /// The number on the wire.
    pub number: u32,
    /// The name in the proto file.
    pub name: &'static str,
    /// The name in JSON.
    pub json_name: &'static str,
    /// The name in JSON as a key, with quotes and colon.
    pub key: &'static str,
    /// How its values are encoded.
    pub wire: Wire,
    /// How it is told whether it is there.
    pub presence: Presence,
    /// The oneof that the field belongs to.
    pub oneof: Option<usize>,
    /// How the field can be reached.
    pub shape: Shape,
    /// Whether JSON's `null` is a value of the field.
    pub takes_null: bool,
    /// Whether the field is annotated `OUTPUT_ONLY`.
    pub output_only: bool,
}

/// How a value is encoded, which says which JSON it has too.
#[derive(Debug)]
#[expect(missing_docs, reason = "they are the scalar types of proto")]
pub enum Wire {
    Double,
    Float,
    Int32,
    Int64,
    UInt32,
    UInt64,
    SInt32,
    SInt64,
    Fixed32,
    Fixed64,
    SFixed32,
    SFixed64,
    Bool,
    Text,
    Bytes,
    Enum(&'static EnumInfo),
    /// `google.protobuf.NullValue`.
    Null,
    /// A message of fields.
    Message(&'static MessageInfo),
    /// A message with a JSON form of its own.
    Special(Special),
    /// A map, a group, or a message with required fields, and what reads and appends it.
    Other(ReadOther),
}

/// Reads a field and appends it encoded.
type ReadOther = fn(&mut JsonReader<'_>, &mut Vec<u8>) -> Result<(), ReadError>;

/// How a message with a JSON form of its own is written and read.
#[derive(Debug)]
pub struct Special {
    /// Writes it from its encoding; `None` if that is no such message, or one without a JSON form.
    pub(crate) write: fn(&[u8], &mut JsonWriter<'_>) -> Option<()>,
    /// Reads it and appends its encoding.
    pub(crate) read: ReadOther,
    pub(crate) takes_null: bool,
}

impl Special {
    /// The one that Rust holds as `M`.
    #[must_use]
    pub const fn of<C: Codec<M>, M: Message + Default>() -> Self {
        Self {
            write: |bytes, writer| C::write(&M::decode(bytes).ok()?, writer).ok(),
            read: |reader, out| {
                C::read(reader)?.encode_raw(out);
                Ok(())
            },
            takes_null: C::TAKES_NULL,
        }
    }
}

/// How it is told whether a field is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// By its value: the default is no value.
    Implicit,
    /// By the field itself.
    Explicit,
    /// By its elements.
    List,
}

/// How a field can be reached by a path or query parameter.
#[derive(Debug)]
pub enum Shape {
    /// By one text: a scalar, an enum, a timestamp and their like.
    Text,
    /// By any number of texts.
    TextList,
    /// By its own fields.
    Message(&'static MessageInfo),
    /// Not at all: a map, a list of messages, a free-form value.
    Opaque,
}

impl MessageInfo {
    /// Finds a field by either spelling of its name. `hint` is the index to look at first: JSON
    /// mostly has the fields in the order of the proto file.
    pub(crate) fn find(&self, name: &str, hint: usize) -> Option<(usize, &'static FieldInfo)> {
        let is_named = |field: &&FieldInfo| field.json_name == name || field.name == name;
        if let Some(field) = self.fields.get(hint).filter(is_named) {
            return Some((hint, field));
        }
        self.fields.iter().enumerate().find(|(_, field)| is_named(field))
    }

    /// Finds a field by its number. `hint` is the index to look at first: most encoders write fields
    /// in the order of their numbers.
    pub(crate) fn find_number(
        &self,
        number: u32,
        hint: usize,
    ) -> Option<(usize, &'static FieldInfo)> {
        let is_behind = self.fields.get(hint).is_some_and(|field| field.number <= number);
        let from = if is_behind { hint } else { 0 };
        let mut rest = self.fields.iter().enumerate().skip(from);
        rest.find(|(_, field)| field.number >= number).filter(|(_, field)| field.number == number)
    }
}

/// The generated access to a message's fields, by index.
pub trait Fields: Default {
    /// What is known of the type.
    fn info() -> &'static MessageInfo;

    /// Writes the populated fields as members of the object that was begun.
    fn write_fields(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError>;

    /// Reads the value of one field, which is not a mere `null`.
    fn read_field(&mut self, index: usize, reader: &mut JsonReader<'_>) -> Result<(), ReadError>;

    /// Sets the field at a path of indexes from a path or query parameter; appends to a list.
    fn set_param(&mut self, path: &[usize], text: &str) -> Result<(), ParamError>;

    /// The text at a path of indexes, if that is a string and its messages are there.
    fn text(&self, path: &[usize]) -> Option<&str>;
}

/// `google.protobuf.Empty`.
impl Fields for () {
    fn info() -> &'static MessageInfo {
        &MessageInfo { name: "google.protobuf.Empty", fields: &[], is_plain: true }
    }

    fn write_fields(&self, _writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        Ok(())
    }

    fn read_field(&mut self, _index: usize, _reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        Err(ReadError::value("is not a known field"))
    }

    fn set_param(&mut self, _path: &[usize], _text: &str) -> Result<(), ParamError> {
        Err(ParamError::new("is not a known field"))
    }

    fn text(&self, _path: &[usize]) -> Option<&str> {
        None
    }
}
