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

    /// The tokens from here on that stand outside parentheses, with their places among what is left.
    fn outside(&self) -> impl Iterator<Item = (usize, &'t Token<'t>)> {
        let mut depth = 0_usize;
        self.rest().iter().enumerate().filter(move |(_, token)| {
            if token.is_sign("(") {
                depth += 1;
                return false;
            }
            if token.is_sign(")") {
                depth = depth.saturating_sub(1);
                return false;
            }
            depth == 0
        })
    }

    /// The stretches between the tokens of a kind that stand outside parentheses.
    fn between(&self, parts: impl Fn(&Token<'t>) -> bool) -> Vec<Self> {
        let (mut stretches, mut start) = (Vec::new(), 0);
        let rest = self.rest();
        for (at, _) in self.outside().filter(|(_, token)| parts(token)) {
            stretches.push(self.over(rest.get(start..at).unwrap_or_default()));
            start = at + 1;
        }
        stretches.push(self.over(rest.get(start..).unwrap_or_default()));
        stretches
    }

    /// The stretches between the commas that stand outside parentheses.
    pub(super) fn items(&self) -> Vec<Self> {
        self.between(|token| token.is_sign(","))
    }

    /// The words from here on that stand outside parentheses, in capitals.
    pub(super) fn words(&self) -> Vec<String> {
        let words = self.outside().filter(|(_, token)| token.kind == TokenKind::Word);
        words.map(|(_, token)| token.text.to_ascii_uppercase()).collect()
    }

    /// Whether the word stands from here on outside parentheses.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words().iter().any(|found| found == word)
    }

    /// Ends in front of the two words where they stand outside parentheses.
    pub(super) fn cut(&mut self, [one, two]: [&str; 2]) -> bool {
        let rest = self.rest();
        let is_second = |at: usize| rest.get(at + 1).is_some_and(|next| next.is_word(two));
        let found = self.outside().find(|(at, token)| token.is_word(one) && is_second(*at));
        let Some((at, _)) = found else { return false };
        self.tokens = self.tokens.get(..self.at + at).unwrap_or_default();
        true
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
        self.between(|token| token.is_word(word))
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

    /// Whether a part of the list in parentheses is an expression in its own, as MySQL writes those of an index.
    pub(super) fn computes(&self) -> bool {
        let list = self.clone().parentheses();
        self.is_mysql()
            && list.is_some_and(|list| list.items().iter().any(|item| item.is_sign("(")))
    }

    /// The text from the first to the last token that is left.
    pub(super) fn text(&self) -> &'t str {
        match (self.rest().first(), self.rest().last()) {
            (Some(first), Some(last)) => self.sql.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }
}
