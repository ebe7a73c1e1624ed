//! `google.protobuf.Any`, which may hold the types of a generated list.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use prost_types::Any;

use super::codec::Codec;
use super::object::read_members;
use super::{JsonReader, JsonWriter, ProtoJson, ReadError, WriteError, to_wire};
use crate::error::RenderError;
use crate::fields::Fields;
use crate::render::{render, render_with};

/// What an `Any` may hold.
pub type Types = &'static [AnyType];

/// A message type that an `Any` may hold.
#[derive(Debug, Clone, Copy)]
pub struct AnyType {
    name: &'static str,
    write: fn(&[u8], &mut JsonWriter<'_>) -> Result<(), WriteError>,
    read: fn(&mut JsonReader<'_>) -> Result<Vec<u8>, ReadError>,
    render: Render,
}

/// Writes the JSON of an encoded message.
type Render = fn(&[u8], Types, &mut Vec<u8>) -> Result<(), RenderError>;

const TYPE_KEY: &str = "@type";
const VALUE_KEY: &str = "value";

impl AnyType {
    /// A message, whose fields stand beside `@type`.
    #[must_use]
    pub const fn message<M: Message + Fields + ProtoJson>(name: &'static str) -> Self {
        Self {
            name,
            write: |bytes, writer| decode::<M>(bytes)?.write_fields(writer),
            read: |reader| {
                let mut out = Vec::new();
                if M::info().is_plain {
                    to_wire::read(M::info(), reader, Some(TYPE_KEY), &mut out)?;
                } else {
                    let mut message = M::default();
                    read_members(M::info(), reader, Some(TYPE_KEY), |index, _, reader| {
                        message.read_field(index, reader)
                    })?;
                    out = message.encode_to_vec();
                }
                Ok(out)
            },
            render: render::<M>,
        }
    }

    /// A type with a JSON form of its own, which stands under `value`.
    #[must_use]
    pub const fn value<C: Codec<M>, M: Message + Default>(name: &'static str) -> Self {
        Self {
            name,
            write: |bytes, writer| {
                writer.key(VALUE_KEY);
                C::write(&decode::<M>(bytes)?, writer)
            },
            read: read_value::<C, M>,
            render: |bytes, types, out| render_with(bytes, types, out, C::write),
        }
    }

    /// The full name of the type.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Reads a message of the type and gives its encoding.
    pub fn read(&self, reader: &mut JsonReader<'_>) -> Result<Vec<u8>, ReadError> {
        (self.read)(reader)
    }

    /// Appends an encoded message of the type as JSON.
    pub fn render(&self, bytes: &[u8], types: Types, out: &mut Vec<u8>) -> Result<(), RenderError> {
        (self.render)(bytes, types, out)
    }
}

fn decode<M: Message + Default>(bytes: &[u8]) -> Result<M, WriteError> {
    M::decode(bytes).map_err(|_| WriteError::Any)
}

fn read_value<C: Codec<M>, M: Message + Default>(
    reader: &mut JsonReader<'_>,
) -> Result<Vec<u8>, ReadError> {
    let mut value = None;
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        match &*key {
            TYPE_KEY => reader.skip_value()?,
            VALUE_KEY if value.is_some() => {
                return Err(ReadError::value("is given twice").in_field(VALUE_KEY));
            }
            VALUE_KEY => {
                let read = C::read(reader).map_err(|error| error.in_field(VALUE_KEY))?;
                value = Some(read.encode_to_vec());
            }
            _ if reader.ignores_unknown() => reader.skip_value()?,
            other => return Err(ReadError::unknown_field(other)),
        }
    }
    value.ok_or_else(|| ReadError::value("is required").in_field(VALUE_KEY))
}

/// The type that a URL names: what follows its last slash.
fn find(types: Types, url: &str) -> Option<&'static AnyType> {
    let (_, name) = url.rsplit_once('/')?;
    types.iter().find(|known| known.name == name)
}

impl ProtoJson for Any {
    /// A type that is not on the list is written as base64 under `value`: a client can still see
    /// what it is, and the rest of the message is not lost.
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), WriteError> {
        writer.begin_object();
        if !self.type_url.is_empty() {
            writer.key(TYPE_KEY);
            writer.string(&self.type_url);
            if let Some(known) = find(writer.types(), &self.type_url) {
                (known.write)(&self.value, writer)?;
            } else {
                writer.key(VALUE_KEY);
                writer.string(&STANDARD.encode(&self.value));
            }
        }
        writer.end_object();
        Ok(())
    }

    fn merge_json(&mut self, reader: &mut JsonReader<'_>) -> Result<(), ReadError> {
        let Some(url) = find_type(&mut reader.clone())? else {
            // An empty object is an empty Any; without a type nothing can be said about members.
            return ()
                .merge_json(reader)
                .map_err(|_| ReadError::value("is required").in_field(TYPE_KEY));
        };
        let Some(known) = find(reader.types(), &url) else {
            return Err(ReadError::value("names an unknown type").in_field(TYPE_KEY));
        };
        self.value = (known.read)(reader)?;
        self.type_url = url;
        Ok(())
    }
}

/// Reads over an object and gives its `@type`, wherever it stands.
fn find_type(reader: &mut JsonReader<'_>) -> Result<Option<String>, ReadError> {
    let mut url = None;
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key != TYPE_KEY {
            reader.skip_value()?;
            continue;
        }
        let value = reader.string().map_err(|error| error.in_field(TYPE_KEY))?.into_owned();
        if url.replace(value).is_some() {
            return Err(ReadError::value("is given twice").in_field(TYPE_KEY));
        }
    }
    Ok(url)
}
