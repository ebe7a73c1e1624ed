use std::fmt::Write as _;

/// The server's text of an object. `MariaDB` shows a binary default as the bytes that it is: what of it is
/// no UTF-8 becomes hexadecimal, which makes the same default.
pub(in crate::dump) fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(open) = rest.iter().position(|byte| matches!(byte, b'\'' | b'`')) {
        let (before, quoted) = rest.split_at(open);
        text.push_str(&String::from_utf8_lossy(before));
        if quoted.starts_with(b"`") {
            // A doubled quote within a name begins another stretch of it.
            let name = quoted.iter().skip(1).position(|byte| *byte == b'`');
            let (name, behind) = quoted.split_at(name.map_or(quoted.len(), |end| end + 2));
            text.push_str(&String::from_utf8_lossy(name));
            rest = behind;
            continue;
        }
        let (length, value) = literal(quoted);
        let (literal, behind) = quoted.split_at(length);
        if let Ok(literal) = std::str::from_utf8(literal) {
            text.push_str(literal);
        } else {
            text.push_str("0x");
            for byte in value {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
        }
        rest = behind;
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// The length of the literal at the beginning, quotes included, and the bytes that it stands for.
fn literal(quoted: &[u8]) -> (usize, Vec<u8>) {
    let mut value = Vec::new();
    let mut bytes = quoted.iter().copied().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\'' if bytes.next_if(|(_, next)| *next == b'\'').is_none() => return (at + 1, value),
            b'\\' => value.extend(bytes.next().map(|(_, escaped)| match escaped {
                b'0' => 0,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'Z' => 0x1a,
                other => other,
            })),
            other => value.push(other),
        }
    }
    (quoted.len(), value)
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn bytes_that_are_no_text_become_hexadecimal() {
        let sql = b"CREATE TABLE `it's` (`a` binary(4) DEFAULT 'x\xff''\\0', `b` int COMMENT 'it''s \xc3\xa9')";
        let expected =
            "CREATE TABLE `it's` (`a` binary(4) DEFAULT 0x78ff2700, `b` int COMMENT 'it''s é')";
        assert_eq!(readable(sql), expected);
    }
}
