use std::borrow::Cow;

use crate::json::ParamError;

/// The key in an `Idempotency-Key` header: a string of structured fields (RFC 9651, section 3.3.3),
/// whose parameters are read over, or, as many clients send it, the bare key.
/// `present` is what the request itself says already.
pub(super) fn key<'h>(header: &'h str, present: &str) -> Result<Cow<'h, str>, ParamError> {
    let text = header.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted).map(Cow::Owned),
        None => Some(Cow::Borrowed(text)).filter(|bare| bare.bytes().all(is_bare)),
    };
    let must = "must be one string in Idempotency-Key, in quotes and not empty";
    let key = key.filter(|key| !key.is_empty()).ok_or(ParamError::new(must))?;
    if !present.is_empty() && present != key {
        return Err(ParamError::new("is not the key in Idempotency-Key"));
    }
    Ok(key)
}

/// Reads the string whose first quote was taken, and what may follow it.
fn unquoted(text: &str) -> Option<String> {
    let mut key = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => key.push(chars.next().filter(|c| ['"', '\\'].contains(c))?),
            c if c.is_ascii_graphic() || c == ' ' => key.push(c),
            _ => return None,
        }
    }
    let rest = chars.as_str().trim_start_matches(' ');
    (rest.is_empty() || rest.starts_with(';')).then_some(key)
}

/// What is neither space nor a sign of structured fields.
const fn is_bare(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b',' | b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_taken_without_its_quotes_and_parameters() {
        for (header, expected) in [
            (r#""8e03978e-40d5-43dd-bc93-6894a57f9324""#, "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            (r#" "a \"b\" \\c" "#, r#"a "b" \c"#),
            (r#""a";v=1"#, "a"),
            ("bare-Key_1:2/3", "bare-Key_1:2/3"),
        ] {
            assert_eq!(key(header, "").as_deref(), Ok(expected), "{header}");
            assert_eq!(key(header, expected).as_deref(), Ok(expected), "{header}");
            assert!(key(header, "other").is_err(), "{header}");
        }
    }

    #[test]
    fn what_is_no_string_is_refused() {
        for header in [
            "",
            "\"\"",
            "\"",
            "\"a",
            "a\"",
            "\"a\"b",
            "\"a\", \"b\"",
            "a, b",
            "a b",
            "a;b",
            r#""\a""#,
            r#""\"#,
            "\"é\"",
            "é",
            "\"a\tb\"",
        ] {
            assert!(key(header, "").is_err(), "{header}");
        }
    }
}
