//! Canonical ProtoJSON, both ways, without reflection.
//!
//! The rules are those of <https://protobuf.dev/programming-guides/json/>; where they leave a choice,
//! the strict one is taken: unknown fields, duplicate keys and two members of one oneof are refused.
//! Fields without presence are left out when they have their default value.

pub mod any;
mod bytes;
pub mod codec;
mod error;
pub mod field;
mod field_mask;
pub(crate) mod from_wire;
mod number;
pub mod object;
mod reader;
mod scan;
pub mod structs;
mod time;
pub(crate) mod to_wire;
mod writer;

pub use any::Types;
pub(crate) use error::shown_name;
pub use error::{ParamError, ReadError, WriteError};
pub use reader::{JsonReader, MAX_DEPTH};
pub use writer::{JsonWriter, write_string};

/// A message that has a JSON form. Generated for messages, given here for the well-known types.
pub trait ProtoJson {
    /// Appends the message's canonical JSON.
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError>;

    /// Reads one JSON value into the message, which is its default.
    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError>;

    /// Reads a path or query parameter, where the message has a form for that.
    fn from_param(_text: &str) -> Result<Self, ParamError>
    where
        Self: Sized,
    {
        Err(ParamError::new("cannot be given as one value"))
    }
}

impl<M: ProtoJson> ProtoJson for Box<M> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        (**self).write_json(writer)
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        (**self).merge_json(reader)
    }

    fn from_param(text: &str) -> Result<Self, ParamError> {
        M::from_param(text).map(Box::new)
    }
}

/// `google.protobuf.Empty`.
impl ProtoJson for () {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        writer.begin_object();
        writer.end_object();
        Ok(())
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        object::merge_object(self, reader)
    }
}

/// Appends the message's JSON to `out`. `types` is what a `google.protobuf.Any` in it may hold.
pub fn write<M: ProtoJson>(message: &M, types: Types, out: &mut Vec<u8>) -> Result<(), WriteError> {
    message.write_json(&mut JsonWriter::new(out, types))
}

/// The message's JSON.
pub fn to_vec<M: ProtoJson>(message: &M, types: Types) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::with_capacity(256);
    write(message, types, &mut out)?;
    Ok(out)
}

/// Reads a message from a whole JSON document.
pub fn from_slice<M: ProtoJson + Default>(bytes: &[u8], types: Types) -> Result<M, ReadError> {
    let mut reader = JsonReader::new(bytes, types)?;
    let mut message = M::default();
    message.merge_json(&mut reader)?;
    reader.finish()?;
    Ok(message)
}
