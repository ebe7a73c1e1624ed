use crate::Engine;
use crate::split::{Token, TokenKind, significant};

/// Reads the words of a statement from the left.
pub(super) struct Cursor<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(engine: Engine, sql: &'a str) -> Self {
        Self { sql, tokens: significant(engine, sql), at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// The statement from here on.
    pub(super) fn rest(&self) -> &'a str {
        self.peek().and_then(|token| self.sql.get(token.start..)).unwrap_or_default()
    }

    /// All tokens from here on.
    pub(super) fn tokens(&self) -> &[Token<'a>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    /// The next word in capitals, empty where no word stands; moves on if it is one.
    pub(super) fn word(&mut self) -> String {
        let word = self.peek().filter(|token| token.kind == TokenKind::Word);
        let word = word.map(|token| token.text.to_ascii_uppercase()).unwrap_or_default();
        self.at += usize::from(!word.is_empty());
        word
    }

    /// Moves over the word if it stands here.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_word(word));
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_sign(sign));
        self.at += usize::from(found);
        found
    }

    /// Moves over `IF EXISTS` or `IF NOT EXISTS`, in a dump as `/*!32312 IF NOT EXISTS*/`.
    pub(super) fn eat_if_exists(&mut self) -> bool {
        if let Some(comment) = self.peek().filter(|token| token.kind == TokenKind::Executable) {
            let is_condition = comment.text.to_ascii_uppercase().contains("EXISTS");
            self.at += usize::from(is_condition);
            return is_condition;
        }
        if !self.eat("IF") {
            return false;
        }
        self.eat("NOT");
        self.eat("EXISTS")
    }

    /// Moves to behind the first of the words, from here on; nothing moves if none comes.
    pub(super) fn find(&mut self, words: &[&str]) -> Option<String> {
        let rest = self.tokens.get(self.at..)?;
        let offset = rest.iter().position(|token| words.iter().any(|word| token.is_word(word)))?;
        self.at += offset;
        Some(self.word())
    }

    /// Whether the word stands anywhere from here on, outside quotes.
    pub(super) fn has(&self, word: &str) -> bool {
        self.tokens.iter().skip(self.at).any(|token| token.is_word(word))
    }

    /// A name, qualified or not, as it is written.
    pub(super) fn name(&mut self) -> Option<String> {
        while self.peek().is_some_and(|token| token.kind == TokenKind::Executable) {
            self.advance();
        }
        let first = *self.peek()?;
        let mut end = first.end;
        self.advance();
        while self.eat_sign(".") {
            end = self.peek()?.end;
            self.advance();
        }
        self.sql.get(first.start..end).map(str::to_owned)
    }

    /// A name, or a part of a qualified one, as it is written.
    pub(super) fn part(&mut self) -> Option<String> {
        let part = self.peek().map(|token| token.text.to_owned());
        self.advance();
        part
    }

    /// Names separated by commas.
    pub(super) fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            if !self.eat_sign(",") {
                break;
            }
        }
        names
    }
}
