use std::borrow::Cow;

/// Decodes `%XX`. With `keeps_slashes`, `%2F` stays as it is, as `google.api.http` has it for
/// variables of several segments. `None` if an escape is malformed or the result is not UTF-8.
pub(crate) fn decode(text: &str, keeps_slashes: bool) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (high, low) = (bytes.next()?, bytes.next()?);
        let value = hex(high)? * 16 + hex(low)?;
        if keeps_slashes && value == b'/' {
            decoded.extend_from_slice(&[b'%', high, low]);
        } else {
            decoded.push(value);
        }
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

/// Decodes a key or value of a query string, where `+` is a space.
pub(crate) fn decode_query(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        decode(&spaced, false).map(|decoded| Cow::Owned(decoded.into_owned()))
    } else {
        decode(text, false)
    }
}

/// Encodes the value of a variable of several segments: all but `[-_.~/0-9a-zA-Z]`, so that a colon
/// in it is no verb.
pub(crate) fn encode_path(text: &str, out: &mut String) {
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if is_plain {
            out.push(char::from(byte));
        } else {
            const DIGITS: [char; 16] =
                ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.extend(DIGITS.get(usize::from(nibble)));
            }
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_slashes_kept_where_asked() {
        assert!(matches!(decode("plain+x", false), Some(Cow::Borrowed("plain+x"))));
        assert_eq!(decode("a%2Fb%20%c3%A9", false).unwrap(), "a/b é");
        assert_eq!(decode("a%2fb%2F%20", true).unwrap(), "a%2fb%2F ");
        assert_eq!(decode_query("a+b%2B").unwrap(), "a b+");
    }

    #[test]
    fn malformed_escapes_and_bad_utf8_are_refused() {
        for bad in ["%", "%2", "%zz", "%+1", "%ff", "a%c3"] {
            assert_eq!(decode(bad, false), None, "{bad}");
        }
    }

    #[test]
    fn paths_are_encoded() {
        let mut out = String::new();
        encode_path("users/ü b?#%:a~1", &mut out);
        assert_eq!(out, "users/%C3%BC%20b%3F%23%25%3Aa~1");
    }
}
