use super::lexer::{Token, TokenKind};

/// What is open within a body, each with the parentheses around it.
#[derive(Default)]
pub(super) struct Blocks {
    open: Vec<(Kind, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `BEGIN`, `IF`, `LOOP` and the like, whose `END` follows a statement and its semicolon.
    Block,
    /// `REPEAT`, whose `END` follows a condition, and the statement `CASE`, which is told from the expression late.
    Loose,
    /// The expression `CASE`.
    Expression,
}

impl Blocks {
    pub(super) fn open(&mut self, kind: Kind, parentheses: usize) {
        self.open.push((kind, parentheses));
    }

    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) const fn depth(&self) -> usize {
        self.open.len()
    }

    /// What was opened last, if it was within so many parentheses.
    pub(super) fn innermost(&self, parentheses: usize) -> Option<Kind> {
        self.open.last().filter(|(_, at)| *at == parentheses).map(|(kind, _)| *kind)
    }
}

/// The words behind which a value or a name stands: `BEGIN` and `END` are none that `MySQL` reserves.
const PREFIXES: [&str; 39] = [
    "ALL", "AND", "AS", "BETWEEN", "BY", "CASE", "COLUMN", "DISTINCT", "DIV", "ELSE", "ELSEIF",
    "ESCAPE", "FOR", "FROM", "HAVING", "IF", "IN", "INTERVAL", "INTO", "JOIN", "LIKE", "MOD",
    "NOT", "ON", "OR", "REGEXP", "RETURN", "RLIKE", "SELECT", "SET", "TABLE", "THEN", "UNTIL",
    "UPDATE", "VALUES", "WHEN", "WHERE", "WHILE", "XOR",
];

/// Whether a value or a name has to follow.
pub(super) fn awaits_operand(token: &Token<'_>) -> bool {
    match token.kind {
        TokenKind::Sign => !token.is_sign(")") && !token.is_sign(";"),
        TokenKind::Word => PREFIXES.iter().any(|word| token.is_word(word)),
        _ => false,
    }
}
