use crate::model::Dialect;

/// A token of SQL, with its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

/// What a token is, as far as the catalogs' texts need to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword, a bare name or a number.
    Word,
    /// A name in `"`, `` ` `` or `[]`.
    QuotedName,
    /// A literal in `'`, blobs included.
    Text,
    /// One other character.
    Sign,
}

impl Token<'_> {
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    pub(crate) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The name or text that the token stands for; `SQLite` takes text literals as names too.
    pub(crate) fn name(&self) -> String {
        let inner = self.text.get(1..self.text.len().saturating_sub(1)).unwrap_or_default();
        match self.text.as_bytes().first() {
            Some(b'[') => inner.to_owned(),
            Some(b'"') => inner.replace("\"\"", "\""),
            Some(b'`') => inner.replace("``", "`"),
            Some(b'\'') => inner.replace("''", "'"),
            _ => self.text.to_owned(),
        }
    }
}

/// Splits SQL into tokens; white space and comments are left out. Brackets quote a
/// name in `SQLite` only. A backslash escapes in the texts of `MySQL` and `MariaDB`; elsewhere it is a sign
/// like any other, as in the standard.
///
/// # Errors
/// The offset of a quote or comment without an end.
pub(crate) fn scan(dialect: Dialect, sql: &str) -> Result<Vec<Token<'_>>, usize> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = sql.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = sql.get(at..).unwrap_or_default();
        let (kind, length) = measure(dialect, rest, first).ok_or(at)?;
        if let (Some(kind), Some(text)) = (kind, rest.get(..length)) {
            tokens.push(Token { kind, text, start: at });
        }
        at += length;
    }
    Ok(tokens)
}

/// The kind of what stands first (none for white space and comments), and its length in bytes;
/// `None` if it has no end.
fn measure(dialect: Dialect, rest: &str, first: char) -> Option<(Option<Kind>, usize)> {
    let escapes = matches!(dialect, Dialect::MySql | Dialect::MariaDb);
    let starts_blob = rest.starts_with("x'") || rest.starts_with("X'");
    let measured = match first {
        _ if first.is_whitespace() => (None, first.len_utf8()),
        '-' if rest.starts_with("--") => (None, line(dialect, rest)),
        '/' if rest.starts_with("/*") => (None, rest.find("*/")? + 2),
        '`' => (Some(Kind::QuotedName), quoted(rest, first, false)?),
        '"' => (Some(Kind::QuotedName), quoted(rest, first, escapes)?),
        '[' if dialect == Dialect::Sqlite => (Some(Kind::QuotedName), rest.find(']')? + 1),
        '\'' => (Some(Kind::Text), quoted(rest, first, escapes)?),
        _ if starts_blob => (Some(Kind::Text), 1 + quoted(rest.get(1..)?, '\'', escapes)?),
        _ if is_word(first) => {
            (Some(Kind::Word), rest.find(|next| !is_word(next)).unwrap_or(rest.len()))
        }
        _ => (Some(Kind::Sign), first.len_utf8()),
    };
    Some(measured)
}

/// The length of a comment up to the end of its line, which a carriage return is on PostgreSQL as well.
fn line(dialect: Dialect, rest: &str) -> usize {
    let is_end = |c| c == '\n' || (c == '\r' && dialect == Dialect::Postgres);
    rest.find(is_end).unwrap_or(rest.len())
}

/// The length of a quoted text in which a doubled quote stands for itself.
fn quoted(rest: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
            continue;
        }
        if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + 1);
        }
    }
    None
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '_' | '$' | '.')
        || !character.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_comments_hide_what_they_hold() {
        let sql = "a -- , (\n \"b\"\"(\" /* ) */ 'it''s' [c d] x'00'";
        let tokens = scan(Dialect::Sqlite, sql).unwrap();
        let names: Vec<String> = tokens.iter().map(Token::name).collect();
        assert_eq!(names, ["a", "b\"(", "it's", "c d", "x'00'"]);
    }

    #[test]
    fn carriage_return_ends_a_comment_in_postgres_only() {
        let tokens = |dialect| scan(dialect, "a -- b\rc\nd").unwrap().len();
        assert_eq!((tokens(Dialect::Postgres), tokens(Dialect::Sqlite)), (3, 2));
    }

    #[test]
    fn open_quote_is_reported_with_its_place() {
        assert_eq!(scan(Dialect::Sqlite, "ab 'c"), Err(3));
        assert_eq!(scan(Dialect::Sqlite, "ab /* c"), Err(3));
    }

    #[test]
    fn brackets_quote_in_sqlite_only() {
        let signs = scan(Dialect::Postgres, "ARRAY['a']").unwrap();
        assert_eq!(signs.len(), 4);
        assert_eq!(scan(Dialect::Sqlite, "[it's]").unwrap().len(), 1);
    }

    #[test]
    fn backslash_escapes_in_mysql_only() {
        let sql = r"a <> 'it\'s (' OR 1";
        assert_eq!(scan(Dialect::MySql, sql).unwrap().len(), 6);
        assert!(scan(Dialect::Postgres, r"a <> '\'").unwrap().len() == 4);
        assert!(scan(Dialect::MariaDb, r"a <> '\'").is_err());
    }
}
