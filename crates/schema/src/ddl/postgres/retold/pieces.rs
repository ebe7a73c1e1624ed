use crate::model::Name;
use crate::scan::{Kind, Token};

/// A keyword, a sign or a text of a statement, or a name with all its parts.
pub(super) struct Piece<'a> {
    kind: Kind,
    /// Of a name the first token.
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Of a name; numbers have some too.
    pub(super) parts: Vec<String>,
    pub(super) is_keyword: bool,
    /// Whether it begins with a dot, behind a parenthesis.
    pub(super) is_field: bool,
    /// Whether a dot ends it, before the star of a whole row.
    pub(super) is_row: bool,
}

impl<'a> Piece<'a> {
    fn new(token: &Token<'a>) -> Self {
        let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
        let is_keyword = token.kind == Kind::Word && token.text.bytes().all(is_capital);
        let parts = if is_keyword { Vec::new() } else { parts(token) };
        Self {
            kind: token.kind,
            text: token.text,
            start: token.start,
            end: token.end(),
            parts,
            is_keyword,
            is_field: token.kind == Kind::Word && token.text.starts_with('.'),
            is_row: ends_with_dot(token),
        }
    }

    pub(super) fn is(&self, keyword: &str) -> bool {
        self.is_keyword && self.text == keyword
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// Whether it is a literal of this text.
    pub(super) fn is_text(&self, text: &str) -> bool {
        let inner = self.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        self.kind == Kind::Text && inner.is_some_and(|inner| inner.replace("''", "'") == text)
    }

    /// Whether a value may stand directly behind it.
    pub(super) fn precedes_value(&self) -> bool {
        self.is_keyword || self.kind == Kind::Sign && !matches!(self.text, ")" | "]")
    }

    pub(super) fn table(&self) -> Option<Name> {
        match self.parts.as_slice() {
            [local] => Some(Name::local(local)),
            [schema, local] => Some(Name::in_schema(schema, local)),
            _ => None,
        }
    }
}

pub(super) fn pieces<'a>(tokens: &[Token<'a>]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for token in tokens {
        let goes_on = |last: &Piece<'_>| {
            let is_dotted = last.is_row || token.kind == Kind::Word && token.text.starts_with('.');
            is_dotted && !last.parts.is_empty() && last.end == token.start
        };
        match pieces.last_mut() {
            Some(last) if goes_on(last) && matches!(token.kind, Kind::Word | Kind::QuotedName) => {
                last.parts.extend(parts(token));
                last.end = token.end();
                last.is_row = ends_with_dot(token);
            }
            _ => pieces.push(Piece::new(token)),
        }
    }
    pieces
}

fn parts(token: &Token<'_>) -> Vec<String> {
    match token.kind {
        Kind::Word => {
            token.text.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        Kind::QuotedName => vec![token.name()],
        Kind::Text | Kind::Sign => Vec::new(),
    }
}

fn ends_with_dot(token: &Token<'_>) -> bool {
    token.kind == Kind::Word && token.text.ends_with('.')
}
