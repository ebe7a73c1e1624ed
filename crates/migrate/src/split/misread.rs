use super::lexer::{Token, TokenKind, is_open_comment, lone_return};
use crate::Engine;

/// Where a text is not what it looks like, as offsets of the first such places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Misread {
    /// A block comment begins that goes on to the end of the file.
    pub(crate) open_comment: Option<usize>,
    /// A carriage return stands outside of texts and names, and no line feed follows it.
    pub(crate) lone_return: Option<usize>,
    /// Such a one in a comment up to the end of the line, to which a statement behind it belongs as well.
    pub(crate) hiding_return: Option<usize>,
}

impl Misread {
    /// Takes a token that is white space or a comment; `at` is where it stands in the file.
    pub(super) fn see(&mut self, engine: Engine, token: &Token<'_>, rest: &str, at: usize) {
        if token.end == rest.len() && is_open_comment(engine, token) {
            self.open_comment = Some(at);
        }
        // With the byte behind it, which may be the line feed.
        let stretch = rest.get(token.start..token.end + 1).unwrap_or(token.text);
        let Some(lone) = lone_return(stretch).filter(|lone| *lone < token.text.len()) else {
            return;
        };
        self.lone_return = self.lone_return.or(Some(at + lone));
        let is_line = token.kind == TokenKind::Comment && !token.text.starts_with("/*");
        let behind = token.text.get(lone..).unwrap_or_default();
        if is_line && behind.contains(';') {
            self.hiding_return = self.hiding_return.or(Some(at + lone));
        }
    }
}
