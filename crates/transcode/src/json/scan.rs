//! Tokens of JSON.

use std::borrow::Cow;

/// Line and column of a byte position, both from 1, the column in code points.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// What is wrong, and at which byte.
type Flaw = (&'static str, usize);

/// Reads the string that `text` begins with, and gives its length as written.
pub(super) fn string(text: &str) -> Result<(Cow<'_, str>, usize), Flaw> {
    let body = text.get(1..).unwrap_or_default();
    let length = plain_length(body.as_bytes());
    match body.as_bytes().get(length) {
        Some(b'"') => Ok((Cow::Borrowed(body.get(..length).unwrap_or_default()), length + 2)),
        Some(b'\\') => {
            let (string, length) = string_with_escapes(body).map_err(|(why, at)| (why, at + 1))?;
            Ok((Cow::Owned(string), length + 2))
        }
        Some(_) => Err(("control character in a string", length + 1)),
        None => Err(("unterminated string", length + 1)),
    }
}

/// How many bytes stand before the first that is special in a string: a quote, a backslash or a
/// control character. Eight bytes are looked at in one step.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + rest.iter().take_while(|&&byte| byte >= 0x20 && byte != b'"' && byte != b'\\').count()
}

/// The high bit of each byte that is special. Of bytes above the lowest one that is, the bit may be
/// set by a borrow.
const fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let quote = word ^ (ONES * b'"' as u64);
    let quote = quote.wrapping_sub(ONES) & !quote;
    let backslash = word ^ (ONES * b'\\' as u64);
    let backslash = backslash.wrapping_sub(ONES) & !backslash;
    (control | quote | backslash) & (ONES * 0x80)
}

fn string_with_escapes(body: &str) -> Result<(String, usize), Flaw> {
    let mut string = String::with_capacity(body.len().min(256));
    let mut at = 0;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let plain = plain_length(rest.as_bytes());
        string.push_str(rest.get(..plain).unwrap_or_default());
        at += plain;
        match body.as_bytes().get(at) {
            Some(b'"') => return Ok((string, at)),
            Some(b'\\') => {
                let escape = body.get(at + 1..).unwrap_or_default();
                let (character, length) = unescape(escape).ok_or(("invalid escape", at))?;
                string.push(character);
                at += 1 + length;
            }
            Some(_) => return Err(("control character in a string", at)),
            None => return Err(("unterminated string", at)),
        }
    }
}

/// The character that an escape stands for, and the escape's length without the backslash.
fn unescape(escape: &str) -> Option<(char, usize)> {
    let simple = match escape.bytes().next()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unescape_unicode(escape),
        _ => return None,
    };
    Some((simple, 1))
}

fn unescape_unicode(escape: &str) -> Option<(char, usize)> {
    let unit = hex4(escape.get(1..5)?)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, 5));
    }
    // The first half of a surrogate pair (RFC 8259, section 7); a lone half is no character.
    let low = hex4(escape.get(5..)?.strip_prefix("\\u")?.get(..4)?)?;
    if !(0xd800..0xdc00).contains(&unit) || !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    let character = char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?;
    Some((character, 11))
}

fn hex4(digits: &str) -> Option<u32> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// The length of the number that `text` begins with (RFC 8259, section 6); 0 if it is none.
pub(super) fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let int = digits(bytes, at);
    if int == 0 || (int > 1 && bytes.get(at) == Some(&b'0')) {
        return 0;
    }
    at += int;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(bytes, at + 1);
        if fraction == 0 {
            return 0;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let exponent = digits(bytes, at);
        if exponent == 0 {
            return 0;
        }
        at += exponent;
    }
    at
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_without_escapes_is_borrowed() {
        let (text, length) = string(r#""João" x"#).unwrap();
        assert!(matches!(text, Cow::Borrowed("João")));
        assert_eq!(length, 7);
    }

    #[test]
    fn escapes_stand_for_their_characters() {
        let (text, length) = string(r#""\"\\\/\b\f\n\r\t\u00e9\uD83d\uDE00x""#).unwrap();
        assert_eq!(text, "\"\\/\u{8}\u{c}\n\r\té😀x");
        assert_eq!(length, 37);
    }

    #[test]
    fn what_is_special_is_found_wherever_it_stands() {
        for special in (0..0x20).chain([b'"', b'\\']) {
            for length in 0..20 {
                let mut bytes = "a\u{7f}é !#[]~ÿ".repeat(3).into_bytes();
                bytes.truncate(length);
                bytes.push(special);
                bytes.extend_from_slice(b"\x21\x5d\x1f\"");
                assert_eq!(plain_length(&bytes), length, "{special}");
            }
        }
        let plain = "\u{7f}é !#[]~ÿ\u{10ffff}".repeat(5);
        assert_eq!(plain_length(plain.as_bytes()), plain.len());
    }

    #[test]
    fn half_surrogates_and_odd_escapes_are_refused() {
        for bad in [
            r#""\uD83D""#,
            r#""\uDE00""#,
            r#""\uDE00\uD83D""#,
            r#""\uD83Dx""#,
            r#""\uD83D\n""#,
            r#""\x41""#,
            r#""\u12""#,
            r#""\u+123""#,
            "\"\n\"",
            "\"abc",
            r#""abc\"#,
            r#""abc\""#,
        ] {
            assert!(string(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_follow_the_grammar_of_json() {
        for good in ["0", "-0", "12", "1.5", "1e3", "1E+3", "-1.25e-10", "0.0"] {
            assert_eq!(number_length(good), good.len(), "{good}");
        }
        for bad in ["", "-", "01", "+1", ".5", "1.", "1e", "1e+", "-x", "00"] {
            assert_eq!(number_length(bad), 0, "{bad}");
        }
    }

    #[test]
    fn places_count_lines_and_code_points() {
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("é\nñx", 5), (2, 2));
    }
}
