//! An encoded message straight from JSON, with nothing of it held in memory as a value.

use prost::Message;
use prost::encoding::{self, WireType, encode_key, encode_varint};

use super::codec::{
    self, Bool, Codec, Double, Float, Int32, Int64, Null, UInt32, UInt64, read_enum,
};
use super::object::read_members;
use super::{JsonReader, ReadError, bytes};
use crate::fields::{FieldInfo, Fields, MessageInfo, Presence, Wire};

/// Appends the fields of the object that comes next. A member named `ignored` need not be a field.
pub(crate) fn read(
    info: &MessageInfo,
    reader: &mut JsonReader<'_>,
    ignored: Option<&str>,
    out: &mut Vec<u8>,
) -> Result<(), ReadError> {
    read_members(info, reader, ignored, |_, field, reader| read_field(field, reader, out))
}

/// Appends the field whose value comes next.
pub(crate) fn read_field(
    field: &FieldInfo,
    reader: &mut JsonReader<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ReadError> {
    match &field.wire {
        Wire::Other(read) => read(reader, out),
        _ if field.presence == Presence::List => read_list(field, reader, out),
        _ => read_value(field, reader, out),
    }
}

/// Reads a map or another field that only its message can read, and appends it.
pub fn read_other<M: Message + Fields, const INDEX: usize>(
    reader: &mut JsonReader<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ReadError> {
    let mut message = M::default();
    message.read_field(INDEX, reader)?;
    out.append(&mut message.encode_to_vec());
    Ok(())
}

fn read_list(
    field: &FieldInfo,
    reader: &mut JsonReader<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ReadError> {
    let takes_null = match &field.wire {
        Wire::Null => true,
        Wire::Special(special) => special.takes_null,
        _ => false,
    };
    reader.begin_array()?;
    let mut at = 0;
    while reader.next_element()? {
        let element = if !takes_null && reader.peek() == Some(b'n') {
            Err(reader.mismatch("must not be null"))
        } else {
            read_value(field, reader, out)
        };
        match element {
            Err(error) if !reader.ignores(&error) => return Err(error.in_element(at)),
            _ => at += 1,
        }
    }
    Ok(())
}

/// Reads one value and appends it, unless it is a default that is left out.
fn read_value(
    field: &FieldInfo,
    reader: &mut JsonReader<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ReadError> {
    macro_rules! put {
        ($codec:ident, $encoding:ident) => {{
            let value = $codec::read(reader)?;
            if !is_left_out(field, <$codec as Codec<_>>::is_default(&value)) {
                encoding::$encoding::encode(field.number, &value, out);
            }
        }};
    }
    match &field.wire {
        Wire::Double => put!(Double, double),
        Wire::Float => put!(Float, float),
        Wire::Int32 => put!(Int32, int32),
        Wire::Int64 => put!(Int64, int64),
        Wire::UInt32 => put!(UInt32, uint32),
        Wire::UInt64 => put!(UInt64, uint64),
        Wire::SInt32 => put!(Int32, sint32),
        Wire::SInt64 => put!(Int64, sint64),
        Wire::Fixed32 => put!(UInt32, fixed32),
        Wire::Fixed64 => put!(UInt64, fixed64),
        Wire::SFixed32 => put!(Int32, sfixed32),
        Wire::SFixed64 => put!(Int64, sfixed64),
        Wire::Bool => put!(Bool, bool),
        Wire::Null => put!(Null, int32),
        Wire::Enum(info) => {
            let value = read_enum(info, reader)?;
            if !is_left_out(field, value == 0) {
                encoding::int32::encode(field.number, &value, out);
            }
        }
        Wire::Text => {
            let text = reader.string()?;
            if !is_left_out(field, text.is_empty()) {
                encode_key(field.number, WireType::LengthDelimited, out);
                encode_varint(text.len() as u64, out);
                out.extend_from_slice(text.as_bytes());
            }
        }
        Wire::Bytes => {
            let text = reader.string()?;
            if !is_left_out(field, text.is_empty()) {
                delimited(field.number, out, |out| {
                    bytes::decode_into(&text, out).ok_or_else(codec::no_base64)
                })?;
            }
        }
        Wire::Message(info) => {
            delimited(field.number, out, |out| read(info, reader, None, out))?;
        }
        Wire::Special(special) => {
            delimited(field.number, out, |out| (special.read)(reader, out))?;
        }
        Wire::Other(read) => read(reader, out)?,
    }
    Ok(())
}

fn is_left_out(field: &FieldInfo, is_default: bool) -> bool {
    is_default && field.presence == Presence::Implicit
}

/// Appends what `fill` appends, with its length before it.
fn delimited(
    number: u32,
    out: &mut Vec<u8>,
    fill: impl FnOnce(&mut Vec<u8>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    encode_key(number, WireType::LengthDelimited, out);
    let at = out.len();
    // Room for a length that most have.
    out.push(0);
    fill(out)?;
    let length = out.len() - at - 1;
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => {
            if let Some(room) = out.get_mut(at) {
                *room = short;
            }
        }
        _ => {
            let mut varint = Vec::with_capacity(4);
            encode_varint(length as u64, &mut varint);
            out.splice(at..=at, varint);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_stands_before_what_it_counts_however_long_that_is() {
        for length in [0, 1, 127, 128, 129, 16_383, 16_384, 100_000] {
            let mut out = vec![7];
            let filled = delimited(3, &mut out, |out| {
                out.resize(out.len() + length, 9);
                Ok(())
            });
            assert!(filled.is_ok());
            let mut expected = vec![7];
            encoding::bytes::encode(3, &vec![9; length], &mut expected);
            assert_eq!(out, expected, "{length}");
        }
    }
}
