use crate::json::{JsonReader, JsonWriter, ParamError, ReadError, WriteError};

/// What binding and reading must know of a message type.
#[derive(Debug)]
pub struct MessageInfo {
    /// The full name, `artisan.user.v1.User`.
    pub name: &'static str,
    /// The fields in the order of their numbers; a field's place here is its index everywhere.
    pub fields: &'static [FieldInfo],
}

/// What binding and reading must know of a field.
#[derive(Debug)]
pub struct FieldInfo {
    /// The name in the proto file.
    pub name: &'static str,
    /// The name in JSON.
    pub json_name: &'static str,
    /// The oneof that the field belongs to.
    pub oneof: Option<usize>,
    /// How the field can be reached.
    pub shape: Shape,
    /// Whether JSON's `null` is a value of the field.
    pub takes_null: bool,
    /// Whether the field is annotated `OUTPUT_ONLY`.
    pub output_only: bool,
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
        &MessageInfo { name: "google.protobuf.Empty", fields: &[] }
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
