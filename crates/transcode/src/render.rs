use prost::Message;

use crate::error::RenderError;
use crate::fields::Fields;
use crate::json::{JsonWriter, ProtoJson, Types, WriteError, from_wire};

/// Appends an encoded message as JSON.
pub fn render<M: Message + Fields + ProtoJson>(
    bytes: &[u8],
    types: Types,
    out: &mut Vec<u8>,
) -> Result<(), RenderError> {
    let start = out.len();
    if from_wire::write(M::info(), bytes, &mut JsonWriter::new(out, types)).is_some() {
        return Ok(());
    }
    out.truncate(start);
    render_with(bytes, types, out, M::write_json)
}

/// Appends an encoded message with a JSON form of its own, or a part of one: `response_body`.
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
