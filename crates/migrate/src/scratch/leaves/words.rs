use crate::Engine;
use crate::split::{Token, TokenKind, significant};

/// The words of a statement, of which any can be looked at.
pub(super) struct Words<'a>(Vec<Token<'a>>);

impl<'a> Words<'a> {
    pub(super) fn new(engine: Engine, sql: &'a str) -> Self {
        let mut tokens = significant(engine, sql);
        // What is left of the end of an executable comment.
        let ends: Vec<usize> = tokens.windows(2).filter_map(end_of_comment).collect();
        tokens.retain(|token| !ends.contains(&token.start) && !ends.contains(&(token.start + 1)));
        Self(tokens)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn tokens(&self) -> &[Token<'a>] {
        &self.0
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token<'a>> {
        self.0.get(at)
    }

    pub(super) fn before(&self, at: usize) -> Option<&Token<'a>> {
        at.checked_sub(1).and_then(|at| self.0.get(at))
    }

    /// The word there in capitals; empty where none stands.
    pub(super) fn upper(&self, at: usize) -> String {
        let word = self.get(at).filter(|token| token.kind == TokenKind::Word);
        word.map(|token| token.text.to_ascii_uppercase()).unwrap_or_default()
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.get(at).is_some_and(|token| token.is_word(word))
    }

    pub(super) fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    pub(super) fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.get(at).is_some_and(|token| token.is_sign(sign))
    }

    /// Whether the word stands anywhere from there on.
    pub(super) fn has(&self, from: usize, word: &str) -> bool {
        (from..self.len()).any(|at| self.is(at, word))
    }

    /// Where the statement that begins there ends: at a semicolon, or with the text.
    pub(super) fn end(&self, from: usize) -> usize {
        (from..self.len()).find(|at| self.is_sign(*at, ";")).unwrap_or(self.len())
    }

    /// Where statements begin, those in the bodies of routines and blocks included.
    pub(super) fn starts(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|at| self.is_start(*at))
    }

    fn is_start(&self, at: usize) -> bool {
        let Some(before) = self.before(at) else { return true };
        let two = at.wrapping_sub(2);
        // `COMMENT 'x'`, `HANDLER FOR 1062`, `HANDLER FOR gone`, `FOR EACH ROW FOLLOWS other`
        if before.kind == TokenKind::Text
            || before.text.bytes().all(|byte| byte.is_ascii_digit())
            || (self.is(two, "FOR") && self.is(two.wrapping_sub(1), "HANDLER"))
            || self.is_any(two, &["FOLLOWS", "PRECEDES"])
        {
            return true;
        }
        before.is_sign(";")
            || before.is_sign(")")
            || before.is_sign(":")
            || LEADS.iter().any(|word| before.is_word(word))
    }
}

/// Where the slash of `*/` stands.
fn end_of_comment(pair: &[Token<'_>]) -> Option<usize> {
    let [star, slash] = pair else { return None };
    let is_end = star.is_sign("*") && slash.is_sign("/") && star.end == slash.start;
    is_end.then_some(slash.start)
}

/// Behind these words a statement may begin.
const LEADS: [&str; 18] = [
    "BEGIN",
    "ATOMIC",
    "THEN",
    "ELSE",
    "LOOP",
    "DO",
    "REPEAT",
    "ROW",
    "FOR",
    "FOUND",
    "SQLEXCEPTION",
    "SQLWARNING",
    "DETERMINISTIC",
    "DATA",
    "SQL",
    "INVOKER",
    "DEFINER",
    "AS",
];
