//! JSON straight from an encoded message, with nothing decoded into memory first.
//!
//! A message that is encoded as libraries encode it has each field once and each list in one run. What
//! else the wire format allows (a field that comes again, to replace or to be merged; a list in pieces)
//! and maps, whose keys may come again, are left to the way through the decoded message.

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::codec::{self, Bool, Codec, Double, Float, Int32, Int64, UInt32, UInt64};
use super::{JsonWriter, MAX_DEPTH, bytes};
use crate::fields::{FieldInfo, MessageInfo, Presence, Wire};
use crate::seen::Seen;

/// Writes the message as an object. `None`: it is not encoded as usual, or is no such message; then
/// what was written is to be taken back.
pub(crate) fn write(info: &MessageInfo, bytes: &[u8], writer: &mut JsonWriter<'_>) -> Option<()> {
    write_object(info, bytes, 0, writer)
}

fn write_object(
    info: &MessageInfo,
    bytes: &[u8],
    depth: u32,
    writer: &mut JsonWriter<'_>,
) -> Option<()> {
    if !info.is_plain || depth == MAX_DEPTH {
        return None;
    }
    writer.begin_object();
    let mut object =
        Object { bytes, depth, list: None, fields: Seen::default(), oneofs: Seen::default() };
    let mut hint = 0;
    while !object.bytes.is_empty() {
        let (number, wire_type) = decode_key(&mut object.bytes).ok()?;
        if let Some((index, field)) = info.find_number(number, hint) {
            hint = index;
            object.member(index, field, wire_type, writer)?;
        } else {
            skip_field(wire_type, number, &mut object.bytes, DecodeContext::default()).ok()?;
        }
    }
    object.end_list(writer);
    writer.end_object();
    Some(())
}

/// A message that is being written, and what is left of it.
struct Object<'b> {
    bytes: &'b [u8],
    depth: u32,
    /// The list whose array is open.
    list: Option<usize>,
    fields: Seen,
    oneofs: Seen,
}

impl Object<'_> {
    fn member(
        &mut self,
        index: usize,
        field: &FieldInfo,
        wire_type: WireType,
        writer: &mut JsonWriter<'_>,
    ) -> Option<()> {
        if self.list != Some(index) {
            self.end_list(writer);
            let is_new = self.fields.insert(index)
                && field.oneof.is_none_or(|oneof| self.oneofs.insert(oneof));
            if !is_new {
                return None;
            }
        }
        let expected = wire_type_of(&field.wire)?;
        if wire_type == expected {
            if field.presence == Presence::List {
                self.begin_list(index, field, writer);
            }
            let depth = self.depth;
            return write_value(field, &mut self.bytes, depth, writer);
        }
        let is_packed = field.presence == Presence::List && wire_type == WireType::LengthDelimited;
        if !is_packed || expected == WireType::LengthDelimited {
            return None;
        }
        let mut packed = delimited(&mut self.bytes)?;
        if !packed.is_empty() {
            self.begin_list(index, field, writer);
        }
        while !packed.is_empty() {
            write_value(field, &mut packed, self.depth, writer)?;
        }
        Some(())
    }

    fn begin_list(&mut self, index: usize, field: &FieldInfo, writer: &mut JsonWriter<'_>) {
        if self.list != Some(index) {
            self.list = Some(index);
            writer.raw_key(field.key);
            writer.begin_array();
        }
    }

    fn end_list(&mut self, writer: &mut JsonWriter<'_>) {
        if self.list.take().is_some() {
            writer.end_array();
        }
    }
}

const fn wire_type_of(wire: &Wire) -> Option<WireType> {
    Some(match wire {
        Wire::Double | Wire::Fixed64 | Wire::SFixed64 => WireType::SixtyFourBit,
        Wire::Float | Wire::Fixed32 | Wire::SFixed32 => WireType::ThirtyTwoBit,
        Wire::Text | Wire::Bytes | Wire::Message(_) | Wire::Special(_) => WireType::LengthDelimited,
        Wire::Int32
        | Wire::Int64
        | Wire::UInt32
        | Wire::UInt64
        | Wire::SInt32
        | Wire::SInt64
        | Wire::Bool
        | Wire::Enum(_)
        | Wire::Null => WireType::Varint,
        Wire::Other(_) => return None,
    })
}

/// Writes one value, with what goes before it; nothing if that is a default that is left out.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "what is too long for its field is cut, as the wire format has it"
)]
fn write_value(
    field: &FieldInfo,
    from: &mut &[u8],
    depth: u32,
    writer: &mut JsonWriter<'_>,
) -> Option<()> {
    match &field.wire {
        Wire::Double => put::<Double, _>(field, &f64::from_le_bytes(fixed(from)?), writer),
        Wire::Float => put::<Float, _>(field, &f32::from_le_bytes(fixed(from)?), writer),
        Wire::Int32 => put::<Int32, _>(field, &(varint(from)? as i32), writer),
        Wire::Int64 => put::<Int64, _>(field, &(varint(from)? as i64), writer),
        Wire::UInt32 => put::<UInt32, _>(field, &(varint(from)? as u32), writer),
        Wire::UInt64 => put::<UInt64, _>(field, &varint(from)?, writer),
        Wire::SInt32 => {
            put::<Int32, _>(field, &(zigzag(u64::from(varint(from)? as u32)) as i32), writer)
        }
        Wire::SInt64 => put::<Int64, _>(field, &zigzag(varint(from)?), writer),
        Wire::Fixed32 => put::<UInt32, _>(field, &u32::from_le_bytes(fixed(from)?), writer),
        Wire::Fixed64 => put::<UInt64, _>(field, &u64::from_le_bytes(fixed(from)?), writer),
        Wire::SFixed32 => put::<Int32, _>(field, &i32::from_le_bytes(fixed(from)?), writer),
        Wire::SFixed64 => put::<Int64, _>(field, &i64::from_le_bytes(fixed(from)?), writer),
        Wire::Bool => put::<Bool, _>(field, &(varint(from)? != 0), writer),
        Wire::Enum(info) => {
            let number = varint(from)? as i32;
            if begin(field, number == 0, writer) {
                codec::write_enum(info, number, writer);
            }
            Some(())
        }
        Wire::Null => {
            if begin(field, varint(from)? as i32 == 0, writer) {
                writer.null();
            }
            Some(())
        }
        Wire::Text => {
            let text = std::str::from_utf8(delimited(from)?).ok()?;
            if begin(field, text.is_empty(), writer) {
                writer.string(text);
            }
            Some(())
        }
        Wire::Bytes => {
            let value = delimited(from)?;
            if begin(field, value.is_empty(), writer) {
                writer.append(|out| bytes::encode(value, out));
            }
            Some(())
        }
        Wire::Message(info) => {
            begin(field, false, writer);
            write_object(info, delimited(from)?, depth + 1, writer)
        }
        Wire::Special(special) => {
            begin(field, false, writer);
            (special.write)(delimited(from)?, writer)
        }
        Wire::Other(_) => None,
    }
}

fn put<C: Codec<T>, T>(field: &FieldInfo, value: &T, writer: &mut JsonWriter<'_>) -> Option<()> {
    if begin(field, C::is_default(value), writer) { C::write(value, writer).ok() } else { Some(()) }
}

/// Begins the member or element, unless it is one that is left out.
fn begin(field: &FieldInfo, is_default: bool, writer: &mut JsonWriter<'_>) -> bool {
    match field.presence {
        Presence::Implicit if is_default => return false,
        Presence::Implicit | Presence::Explicit => writer.raw_key(field.key),
        Presence::List => writer.element(),
    }
    true
}

fn varint(from: &mut &[u8]) -> Option<u64> {
    decode_varint(from).ok()
}

#[expect(clippy::cast_possible_wrap, reason = "the lowest bit is the sign")]
const fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn fixed<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (value, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*value)
}

fn delimited<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(varint(from)?).ok()?;
    let (value, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(value)
}
