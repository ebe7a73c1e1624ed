use std::borrow::Cow;

use super::{ReadError, Types, scan};

/// How deep objects and arrays may be nested: what protobuf decoders bear as well.
pub const MAX_DEPTH: u32 = 100;

/// Reads JSON (RFC 8259) from one text, value by value, as the caller's types ask for it.
#[derive(Debug, Clone)]
pub struct JsonReader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    /// Whether an object or array was begun and has no member yet.
    is_first: bool,
    ignores_unknown: bool,
    types: Types,
}

impl<'a> JsonReader<'a> {
    /// A reader of `bytes`, which must be UTF-8.
    pub fn new(bytes: &'a [u8], types: Types) -> Result<Self, ReadError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let (is_first, ignores_unknown) = (false, false);
                Ok(Self { text, at: 0, depth: 0, is_first, ignores_unknown, types })
            }
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let text = std::str::from_utf8(good).unwrap_or_default();
                let (line, column) = scan::place(text, text.len());
                Err(ReadError::syntax(line, column, "invalid UTF-8"))
            }
        }
    }

    /// Reads over fields and names of enums' values that are not known, instead of refusing them.
    #[must_use]
    pub fn ignoring_unknown(mut self) -> Self {
        self.ignores_unknown = true;
        self
    }

    pub(crate) fn ignores_unknown(&self) -> bool {
        self.ignores_unknown
    }

    /// Whether an error is one that is to be ignored; the value that it is about was read.
    pub(crate) fn ignores(&self, error: &ReadError) -> bool {
        self.ignores_unknown && error.is_unknown_name()
    }

    pub(crate) fn types(&self) -> Types {
        self.types
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte of what comes next, white space skipped.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.skip_space(),
        }
    }

    fn skip_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    pub(crate) fn syntax(&self, description: &'static str) -> ReadError {
        let (line, column) = scan::place(self.text, self.at);
        ReadError::syntax(line, column, description)
    }

    /// The error for a value of another kind than the field takes.
    pub(crate) fn mismatch(&mut self, must: &'static str) -> ReadError {
        match self.peek() {
            None => self.syntax("unexpected end"),
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9') => ReadError::value(must),
            Some(_) => {
                let is_word =
                    ["null", "true", "false"].iter().any(|word| self.rest().starts_with(word));
                if is_word { ReadError::value(must) } else { self.syntax("unexpected character") }
            }
        }
    }

    /// Takes `word` if it comes next.
    fn takes(&mut self, word: &str) -> bool {
        self.peek();
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// Takes a `null` if it comes next.
    pub fn null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.takes("null")
    }

    /// Reads `true` or `false`.
    pub fn bool(&mut self) -> Result<bool, ReadError> {
        if self.takes("true") {
            Ok(true)
        } else if self.takes("false") {
            Ok(false)
        } else {
            Err(self.mismatch("must be true or false"))
        }
    }

    /// Reads a string; it is borrowed unless it has escapes.
    pub fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        self.string_or("must be a string")
    }

    pub(crate) fn string_or(&mut self, must: &'static str) -> Result<Cow<'a, str>, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.mismatch(must));
        }
        match scan::string(self.rest()) {
            Ok((string, length)) => {
                self.at += length;
                Ok(string)
            }
            Err((description, at)) => {
                self.at += at;
                Err(self.syntax(description))
            }
        }
    }

    /// Reads a number, or a string that may hold one, as it is written.
    pub(crate) fn number_or_string(
        &mut self,
        must: &'static str,
    ) -> Result<Cow<'a, str>, ReadError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number().map(Cow::Borrowed),
            _ => Err(self.mismatch(must)),
        }
    }

    /// Reads a number, as it is written.
    pub(crate) fn number(&mut self) -> Result<&'a str, ReadError> {
        self.peek();
        let rest = self.rest();
        let length = scan::number_length(rest);
        match rest.get(..length).filter(|_| length > 0) {
            Some(number) => {
                self.at += length;
                Ok(number)
            }
            None => Err(self.syntax("invalid number")),
        }
    }

    fn enter(&mut self) -> Result<(), ReadError> {
        if self.depth == MAX_DEPTH {
            return Err(self.syntax("nested too deeply"));
        }
        self.depth += 1;
        self.at += 1;
        self.is_first = true;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
        self.is_first = false;
    }

    /// Begins an object; [`next_key`](Self::next_key) follows until it gives `None`.
    pub fn begin_object(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            Some(b'{') => self.enter(),
            _ => Err(self.mismatch("must be an object")),
        }
    }

    /// Reads the next key and its colon, or the object's end.
    pub fn next_key(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
        if !self.has_next(b'}')? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return Err(self.syntax("expected a key in quotes"));
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.syntax("expected a colon"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Begins an array; [`next_element`](Self::next_element) follows until it gives `false`.
    pub fn begin_array(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            Some(b'[') => self.enter(),
            _ => Err(self.mismatch("must be an array")),
        }
    }

    /// Goes to the next element, or to the array's end.
    pub fn next_element(&mut self) -> Result<bool, ReadError> {
        self.has_next(b']')
    }

    fn has_next(&mut self, end: u8) -> Result<bool, ReadError> {
        let is_first = std::mem::take(&mut self.is_first);
        match self.peek() {
            Some(byte) if byte == end => {
                self.leave();
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.at += 1;
                if self.peek() == Some(end) {
                    return Err(self.syntax("unexpected comma"));
                }
                Ok(true)
            }
            Some(_) => Err(self.syntax("expected a comma")),
            None => Err(self.syntax("unexpected end")),
        }
    }

    /// Reads over one value of any kind.
    pub fn skip_value(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            Some(b'{') => {
                self.begin_object()?;
                while self.next_key()?.is_some() {
                    self.skip_value()?;
                }
            }
            Some(b'[') => {
                self.begin_array()?;
                while self.next_element()? {
                    self.skip_value()?;
                }
            }
            Some(b'"') => drop(self.string()?),
            Some(b'-' | b'0'..=b'9') => drop(self.number()?),
            _ if self.null() => {}
            _ => drop(self.bool()?),
        }
        Ok(())
    }

    /// Refuses anything but white space after the value.
    pub fn finish(mut self) -> Result<(), ReadError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("unexpected text after the value")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Result<(), String> {
        let read = JsonReader::new(bytes, &[]).and_then(|mut reader| {
            reader.skip_value()?;
            reader.finish()
        });
        read.map_err(|error| error.to_string())
    }

    #[test]
    fn all_of_json_is_read() {
        for text in [
            "null",
            " true ",
            "\"\"",
            "-0.5e+3",
            "[]",
            "[ ]",
            "{}",
            "{ }",
            "[1,[2,{\"a\":[]}],\"x\"]",
            "\t{\"a\" : 1 ,\r\n \"b\":null}",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, error) in [
            ("", "unexpected end at line 1 column 1"),
            ("{\"a\":1", "unexpected end at line 1 column 7"),
            ("{\"a\" 1}", "expected a colon at line 1 column 6"),
            ("{a:1}", "expected a key in quotes at line 1 column 2"),
            ("{\"a\":1,}", "unexpected comma at line 1 column 8"),
            ("{,}", "expected a key in quotes at line 1 column 2"),
            ("[1,\n  2 3]", "expected a comma at line 2 column 5"),
            ("[,1]", "unexpected character at line 1 column 2"),
            ("[1]]", "unexpected text after the value at line 1 column 4"),
            ("nul", "unexpected character at line 1 column 1"),
            ("'a'", "unexpected character at line 1 column 1"),
            ("01", "invalid number at line 1 column 1"),
            ("[é]", "unexpected character at line 1 column 2"),
            ("\"a\nb\"", "control character in a string at line 1 column 3"),
            ("\"\\x\"", "invalid escape at line 1 column 2"),
            ("\u{feff}{}", "unexpected character at line 1 column 1"),
        ] {
            assert_eq!(check(text.as_bytes()), Err(error.to_owned()), "{text}");
        }
        assert_eq!(check(b"[\"\xff\"]"), Err("invalid UTF-8 at line 1 column 3".to_owned()));
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(check(nested(100).as_bytes()), Ok(()));
        assert!(check(nested(101).as_bytes()).unwrap_err().starts_with("nested too deeply"));
        assert!(check("[{\"a\":".repeat(100_000).as_bytes()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = check(&bytes);
        }

        #[test]
        fn nothing_like_json_makes_the_reader_panic(text in r#"[\[\]{}:,"\\u0-9dDeE+.\-a-fnultrs \né]{0,60}"#) {
            let is_json = match serde_json::from_str::<serde_json::Value>(&text) {
                Ok(_) => true,
                // Whether a number fits is its field's affair.
                Err(error) => error.to_string().starts_with("number out of range"),
            };
            proptest::prop_assert_eq!(check(text.as_bytes()).is_ok(), is_json);
        }
    }
}
