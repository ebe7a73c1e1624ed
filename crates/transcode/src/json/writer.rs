use std::io::Write as _;

use super::Types;
use super::scan::plain_length;

/// Appends JSON to a buffer. It keeps commas right; that keys and values alternate is the caller's.
#[derive(Debug)]
pub struct JsonWriter<'a> {
    out: &'a mut Vec<u8>,
    needs_comma: bool,
    types: Types,
}

impl<'a> JsonWriter<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>, types: Types) -> Self {
        Self { out, needs_comma: false, types }
    }

    pub(crate) fn types(&self) -> Types {
        self.types
    }

    /// Begins an object.
    pub fn begin_object(&mut self) {
        self.out.push(b'{');
        self.needs_comma = false;
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        self.out.push(b'}');
        self.needs_comma = true;
    }

    /// Begins an array.
    pub fn begin_array(&mut self) {
        self.out.push(b'[');
        self.needs_comma = false;
    }

    /// Begins the next element of an array.
    pub fn element(&mut self) {
        if self.needs_comma {
            self.out.push(b',');
        }
        self.needs_comma = true;
    }

    /// Ends an array.
    pub fn end_array(&mut self) {
        self.out.push(b']');
        self.needs_comma = true;
    }

    /// Begins a member whose key is given as JSON with the colon: `"name":`.
    pub fn raw_key(&mut self, key_and_colon: &str) {
        self.element();
        self.out.extend_from_slice(key_and_colon.as_bytes());
    }

    /// Begins a member.
    pub fn key(&mut self, key: &str) {
        self.element();
        write_string(key, self.out);
        self.out.push(b':');
    }

    /// Writes a string.
    pub fn string(&mut self, text: &str) {
        write_string(text, self.out);
    }

    /// Writes what is JSON already.
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.raw("null");
    }

    /// Writes `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// Writes an integer.
    pub(crate) fn integer(&mut self, value: impl itoa::Integer) {
        self.raw(itoa::Buffer::new().format(value));
    }

    /// Writes an integer in quotes.
    pub(crate) fn quoted_integer(&mut self, value: impl itoa::Integer) {
        self.out.push(b'"');
        self.integer(value);
        self.out.push(b'"');
    }

    /// Writes a name, in which nothing needs an escape.
    pub(crate) fn name(&mut self, name: &str) {
        self.out.push(b'"');
        self.raw(name);
        self.out.push(b'"');
    }

    /// Appends what `fill` appends, for encoders of their own.
    pub(crate) fn append(&mut self, fill: impl FnOnce(&mut Vec<u8>)) {
        fill(self.out);
    }

    /// Writes a floating-point number by its shortest digits that read back the same.
    pub(crate) fn float(&mut self, debug: std::fmt::Arguments<'_>) {
        // Writing to a vector cannot fail.
        let _ = self.out.write_fmt(debug);
        // Rust says `1.0` where JSON's other writers say `1`.
        if self.out.ends_with(b".0") {
            self.out.truncate(self.out.len() - 2);
        }
    }
}

/// Appends `text` as a JSON string.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (plain, tail) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let Some((&special, tail)) = tail.split_first() else { break };
        write_escape(special, out);
        rest = tail;
    }
    out.push(b'"');
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        control => {
            let _ = write!(out, "\\u{control:04x}");
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_where_json_asks_for_it() {
        let mut out = Vec::new();
        write_string("a\"b\\c\n\r\t\u{8}\u{c}\u{1}\u{1f}é😀", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), r#""a\"b\\c\n\r\t\b\f\u0001\u001fé😀""#);
    }

    #[test]
    fn commas_stand_between_members_and_elements_only() {
        let mut out = Vec::new();
        let mut writer = JsonWriter::new(&mut out, &[]);
        writer.begin_object();
        writer.key("a");
        writer.begin_array();
        writer.element();
        writer.null();
        writer.element();
        writer.begin_object();
        writer.end_object();
        writer.end_array();
        writer.raw_key("\"b\":");
        writer.bool(true);
        writer.end_object();
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"a":[null,{}],"b":true}"#);
    }
}
