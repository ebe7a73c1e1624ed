use super::Name;
use crate::Engine;
use crate::split::{Token, TokenKind};

/// Reads a stretch of tokens from the left.
#[derive(Clone, Debug)]
pub(super) struct Reader<'t> {
    pub(super) engine: Engine,
    sql: &'t str,
    tokens: &'t [Token<'t>],
    at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(engine: Engine, sql: &'t str, tokens: &'t [Token<'t>]) -> Self {
        Self { engine, sql, tokens, at: 0 }
    }

    fn over(&self, tokens: &'t [Token<'t>]) -> Self {
        Self { engine: self.engine, sql: self.sql, tokens, at: 0 }
    }

    pub(super) fn is_mysql(&self) -> bool {
        matches!(self.engine, Engine::MySql | Engine::MariaDb)
    }

    pub(super) fn rest(&self) -> &'t [Token<'t>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn peek(&self) -> Option<&'t Token<'t>> {
        self.tokens.get(self.at)
    }

    /// The next word in capitals, without moving; empty where no word stands.
    pub(super) fn ahead(&self, offset: usize) -> String {
        let token = self.tokens.get(self.at + offset).filter(|t| t.kind == TokenKind::Word);
        token.map(|token| token.text.to_ascii_uppercase()).unwrap_or_default()
    }

    pub(super) fn word(&mut self) -> String {
        let word = self.ahead(0);
        self.at += usize::from(!word.is_empty());
        word
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_word(word));
        self.at += usize::from(found);
        found
    }

    /// Moves over the words if all of them stand here, one behind the other.
    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(offset, word)| {
            self.tokens.get(self.at + offset).is_some_and(|token| token.is_word(word))
        });
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_sign(sign));
        self.at += usize::from(found);
        found
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.peek().is_some_and(|token| token.is_sign(sign))
    }

    pub(super) fn eat_if_exists(&mut self) -> bool {
        self.eat_all(&["IF", "EXISTS"])
    }

    pub(super) fn eat_if_not_exists(&mut self) -> bool {
        self.eat_all(&["IF", "NOT", "EXISTS"])
    }

    /// A name, qualified or not. `SQLite` takes a text for one where it expects a name.
    pub(super) fn name(&mut self) -> Option<Name> {
        let has_texts = self.engine == Engine::Sqlite;
        let is_part = |kind| {
            matches!(kind, TokenKind::Word | TokenKind::Name)
                || has_texts && kind == TokenKind::Text
        };
        let first = self.peek().filter(|token| is_part(token.kind))?;
        let mut parts = vec![first.text];
        let mut end = first.end;
        self.advance();
        while self.is_sign(".") {
            self.advance();
            let part = self.peek().filter(|token| is_part(token.kind))?;
            parts.push(part.text);
            end = part.end;
            self.advance();
        }
        Some(Name::new(self.sql.get(first.start..end)?, &parts))
    }

    pub(super) fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            if !self.eat_sign(",") {
                break;
            }
        }
        names
    }

    /// What stands between the parentheses that open here; moves behind them.
    pub(super) fn parentheses(&mut self) -> Option<Self> {
        if !self.is_sign("(") {
            return None;
        }
        let mut depth = 0_usize;
        for (offset, token) in self.rest().iter().enumerate() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth -= 1;
                if depth == 0 {
                    let inner = self.rest().get(1..offset)?;
                    self.at += offset + 1;
                    return Some(self.over(inner));
                }
            }
        }
        None
    }

    /// The stretches between the commas that stand outside parentheses.
    pub(super) fn items(&self) -> Vec<Self> {
        let mut items = Vec::new();
        let mut depth = 0_usize;
        let mut start = 0;
        let rest = self.rest();
        for (at, token) in rest.iter().enumerate() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            } else if token.is_sign(",") && depth == 0 {
                items.push(self.over(rest.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
        }
        items.push(self.over(rest.get(start..).unwrap_or_default()));
        items
    }

    /// The words from here on that stand outside parentheses, in capitals.
    pub(super) fn words(&self) -> Vec<String> {
        let mut depth = 0_usize;
        let mut words = Vec::new();
        for token in self.rest() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.kind == TokenKind::Word {
                words.push(token.text.to_ascii_uppercase());
            }
        }
        words
    }

    /// Whether the word stands from here on outside parentheses.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words().iter().any(|found| found == word)
    }

    /// Ends in front of the two words where they stand outside parentheses.
    pub(super) fn cut(&mut self, words: [&str; 2]) -> bool {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(self.at) {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            }
            let second = self.tokens.get(at + 1);
            let [one, two] = words;
            if depth == 0 && token.is_word(one) && second.is_some_and(|next| next.is_word(two)) {
                self.tokens = self.tokens.get(..at).unwrap_or_default();
                return true;
            }
        }
        false
    }

    /// What stands behind `WHERE`, up to what follows a condition.
    pub(super) fn condition(&self) -> Option<Self> {
        let behind = self.parted("WHERE").into_iter().nth(1)?;
        let ends = ["RETURNING", "ORDER", "LIMIT"];
        let end = ends.iter().filter_map(|word| behind.parted(word).into_iter().next());
        end.min_by_key(|part| part.rest().len())
    }

    /// The stretches between the words that stand outside parentheses.
    pub(super) fn parted(&self, word: &str) -> Vec<Self> {
        let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
        let rest = self.rest();
        for (at, token) in rest.iter().enumerate() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.is_word(word) {
                parts.push(self.over(rest.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
        }
        parts.push(self.over(rest.get(start..).unwrap_or_default()));
        parts
    }

    /// Whether a comment follows that the server runs.
    pub(super) fn has_executable(&self) -> bool {
        self.rest().iter().any(|token| token.kind == TokenKind::Executable)
    }

    /// Moves to behind the word; stays where none comes.
    pub(super) fn find(&mut self, word: &str) -> bool {
        let found = self.rest().iter().position(|token| token.is_word(word));
        self.at += found.map_or(0, |offset| offset + 1);
        found.is_some()
    }

    /// The first column of each item: `(a, b DESC, lower(c))` gives a and b.
    pub(super) fn columns(&mut self) -> Vec<Name> {
        let Some(inner) = self.parentheses() else { return Vec::new() };
        let items = inner.items();
        items
            .into_iter()
            .filter_map(|mut item| {
                let name = item.name()?;
                // A function is no column; MySQL's `a(10)` is one.
                let is_prefix = item.is_mysql();
                (is_prefix || !item.is_sign("(")).then_some(name)
            })
            .collect()
    }

    /// The text from the first to the last token that is left.
    pub(super) fn text(&self) -> &'t str {
        match (self.rest().first(), self.rest().last()) {
            (Some(first), Some(last)) => self.sql.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }
}
