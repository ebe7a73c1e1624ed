use prost::Message;

use crate::error::RenderError;
use crate::json::{JsonWriter, ProtoJson, Types, WriteError};

/// Appends an encoded message as JSON.
pub fn render<M: Message + Default + ProtoJson>(
    bytes: &[u8],
    types: Types,
    out: &mut Vec<u8>,
) -> Result<(), RenderError> {
    render_with(bytes, types, out, M::write_json)
}

/// Appends a part of an encoded message as JSON: `response_body`.
pub fn render_with<M: Message + Default>(
    bytes: &[u8],
    types: Types,
    out: &mut Vec<u8>,
    write: impl FnOnce(&M, &mut JsonWriter<'_>) -> Result<(), WriteError>,
) -> Result<(), RenderError> {
    let message = M::decode(bytes)?;
    let start = out.len();
    write(&message, &mut JsonWriter::new(out, types)).map_err(|error| {
        out.truncate(start);
        RenderError::Write(error)
    })
}
