//! A look into an encoded message without decoding it.

use prost::encoding::{DecodeContext, WireType, decode_key, skip_field};

/// The last value of the string field `number` at the top level.
pub(crate) fn string_field(mut message: &[u8], number: u32) -> Option<String> {
    let mut found = None;
    while !message.is_empty() {
        let (tag, wire_type) = decode_key(&mut message).ok()?;
        if tag == number && wire_type == WireType::LengthDelimited {
            let mut text = String::new();
            prost::encoding::string::merge(
                wire_type,
                &mut text,
                &mut message,
                DecodeContext::default(),
            )
            .ok()?;
            found = Some(text);
        } else {
            skip_field(wire_type, tag, &mut message, DecodeContext::default()).ok()?;
        }
    }
    found
}
