use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be there or not, and what is left over in the last digit is ignored, as protobuf's
/// own implementations do.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    decode_into(text, &mut bytes).map(|()| bytes)
}

/// Appends what the text stands for.
pub(super) fn decode_into(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let engine = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
    engine.decode_vec(text, out).ok()
}

pub(super) fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, b'=');
    if let Some(digits) = out.get_mut(start..) {
        // The room is exactly what padded base64 takes.
        let _ = STANDARD.encode_slice(bytes, digits);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_alphabet_and_padding_is_read() {
        for text in ["+/8=", "+/8", "-_8=", "-_8", "-_9"] {
            assert_eq!(decode(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(decode(""), Some(vec![]));
        for text in ["+_8=", "*", "a", "ab=c", "a b="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn the_standard_alphabet_with_padding_is_written() {
        for (bytes, text) in [(&b"\xfb\xff"[..], "\"+/8=\""), (b"", "\"\""), (b"abc", "\"YWJj\"")] {
            let mut out = Vec::new();
            encode(bytes, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
