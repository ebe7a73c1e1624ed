use super::modes::Modes;
use super::mysql::behind_mark;
use crate::Engine;

/// A stretch of SQL that means one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Space,
    Comment,
    /// A comment that `MySQL` or `MariaDB` executes: `/*!50001 … */`.
    Executable,
    /// A keyword, name, number or parameter.
    Word,
    /// A name in quotes of any kind.
    Name,
    /// A string.
    Text,
    /// A single other character.
    Sign,
}

impl Token<'_> {
    pub(crate) fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }
}

/// The tokens of a text that are neither white space nor comments.
pub(crate) fn significant(engine: Engine, text: &str) -> Vec<Token<'_>> {
    Lexer::new(engine, text, None).filter(Token::is_significant).collect()
}

/// The comments of a text, each with the line on which it begins, counted from 1.
pub(crate) fn comments(engine: Engine, text: &str) -> Vec<(usize, &str)> {
    let mut line = 1;
    let mut comments = Vec::new();
    for token in Lexer::new(engine, text, None) {
        if token.kind == TokenKind::Comment {
            comments.push((line, token.text.trim_end()));
        }
        line += token.text.bytes().filter(|byte| *byte == b'\n').count();
    }
    comments
}

/// Whether a token is a block comment that goes on to the end of the text.
pub(super) fn is_open_comment(engine: Engine, token: &Token<'_>) -> bool {
    let Some(inside) = token.text.strip_prefix("/*") else { return false };
    token.kind == TokenKind::Comment
        && match engine {
            Engine::Postgres => nested_comment(token.text).is_none(),
            Engine::Sqlite | Engine::MySql | Engine::MariaDb => !inside.contains("*/"),
        }
}

/// Reads tokens by the rules of one engine.
pub(super) struct Lexer<'a> {
    engine: Engine,
    text: &'a str,
    at: usize,
    /// A delimiter that ends words as well.
    delimiter: Option<&'a str>,
    pub(super) modes: Modes,
    /// Whether the text stands in a comment that is executed.
    is_executed: bool,
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = self.measure(rest);
        let (start, end) = (self.at, self.at + length);
        self.at = end;
        Some(Token { kind, text: self.text.get(start..end).unwrap_or_default(), start, end })
    }
}

impl<'a> Lexer<'a> {
    pub(super) fn new(engine: Engine, text: &'a str, delimiter: Option<&'a str>) -> Self {
        Self { engine, text, at: 0, delimiter, modes: Modes::new(engine), is_executed: false }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn measure(&self, rest: &str) -> (TokenKind, usize) {
        let first = rest.chars().next().unwrap_or_default();
        let mysql = matches!(self.engine, Engine::MySql | Engine::MariaDb);
        match first {
            _ if first.is_whitespace() || first == '\u{feff}' => (TokenKind::Space, spaces(rest)),
            '-' if rest.starts_with("--") && (!mysql || is_mysql_comment(rest)) => {
                (TokenKind::Comment, self.line(rest))
            }
            '#' if mysql => (TokenKind::Comment, self.line(rest)),
            '/' if rest.starts_with("/*") => self.block_comment(rest, mysql),
            '\'' => (TokenKind::Text, quoted(rest, '\'', self.modes.has_escapes)),
            '"' if mysql && !self.modes.has_ansi_quotes => {
                (TokenKind::Text, quoted(rest, '"', self.modes.has_escapes))
            }
            '"' => (TokenKind::Name, quoted(rest, '"', false)),
            '`' if self.engine != Engine::Postgres => (TokenKind::Name, quoted(rest, '`', false)),
            '[' if self.engine == Engine::Sqlite => (TokenKind::Name, until(rest, "]")),
            '$' if self.engine == Engine::Postgres => dollar(rest, false),
            // The bodies of routines in JavaScript; MySQL's client takes them so from version 9 on.
            '$' if self.engine == Engine::MySql => dollar(rest, true),
            _ if is_word(first) => self.word(rest),
            _ => (TokenKind::Sign, first.len_utf8()),
        }
    }

    /// The length of a comment up to the end of its line. PostgreSQL ends it at a carriage return as well;
    /// for the others what follows one is still a comment.
    fn line(&self, rest: &str) -> usize {
        let newline = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let comment = rest.get(..newline).filter(|_| self.engine == Engine::Postgres);
        comment.and_then(lone_return).map_or(newline, |at| at + 1)
    }

    fn block_comment(&self, rest: &str, mysql: bool) -> (TokenKind, usize) {
        match self.engine {
            Engine::Postgres => (TokenKind::Comment, nested_comment(rest).unwrap_or(rest.len())),
            // One within another is none to the servers.
            _ if mysql && is_executable(rest) && self.is_executed => (TokenKind::Sign, 1),
            _ if mysql && is_executable(rest) => (TokenKind::Executable, self.executable(rest)),
            Engine::Sqlite | Engine::MySql | Engine::MariaDb => {
                (TokenKind::Comment, 2 + until(rest.get(2..).unwrap_or_default(), "*/"))
            }
        }
    }

    /// The length of a comment that is executed: its end stands neither in a text or name nor in a comment.
    fn executable(&self, rest: &str) -> usize {
        let first = until(rest, "*/");
        if self.engine == Engine::MySql && rest.starts_with("/*M") {
            return first;
        }
        if is_skipped(self.engine, rest) {
            return nested_comment(rest).unwrap_or(first);
        }
        let inside = behind_mark(rest);
        let start = rest.len() - inside.len();
        let (modes, engine) = (self.modes, self.engine);
        let lexer =
            Lexer { engine, text: inside, at: 0, delimiter: None, modes, is_executed: true };
        let mut star = None;
        for token in lexer {
            if token.is_sign("/") && star == Some(token.start) {
                return start + token.end;
            }
            star = token.is_sign("*").then_some(token.end);
        }
        first
    }

    fn word(&self, rest: &str) -> (TokenKind, usize) {
        let mut length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        if self.engine == Engine::Postgres
            && word.eq_ignore_ascii_case("e")
            && rest.get(1..).is_some_and(|next| next.starts_with('\''))
        {
            return (TokenKind::Text, continued(rest, 1, true));
        }
        if self.engine == Engine::Postgres
            && word.eq_ignore_ascii_case("u")
            && rest.get(1..).is_some_and(|next| next.starts_with("&'"))
        {
            // Its backslashes are no escapes, whatever the file has set.
            return (TokenKind::Text, continued(rest, 2, false));
        }
        if let Some(at) = self.delimiter.and_then(|delimiter| word.find(delimiter)) {
            length = at.max(1);
        }
        (TokenKind::Word, length)
    }
}

fn is_executable(rest: &str) -> bool {
    rest.starts_with("/*!") || rest.starts_with("/*M!")
}

/// Whether no server of the engine executes what is in the comment, so that its quotes are none:
/// <https://mariadb.com/kb/en/comment-syntax/>, <https://dev.mysql.com/doc/refman/9.0/en/comments.html>.
fn is_skipped(engine: Engine, rest: &str) -> bool {
    let mark = rest.get(..rest.len() - behind_mark(rest).len()).unwrap_or_default();
    let version = mark.trim_start_matches(['/', '*', 'M', '!']).parse().unwrap_or(0);
    let of_mysql = engine == Engine::MariaDb
        && !rest.starts_with("/*M")
        && (50_700..100_000).contains(&version);
    of_mysql || [99_999, 999_999].contains(&version)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

fn spaces(rest: &str) -> usize {
    rest.find(|c: char| !c.is_whitespace() && c != '\u{feff}').unwrap_or(rest.len())
}

/// Where the first carriage return stands that no line feed follows.
pub(super) fn lone_return(text: &str) -> Option<usize> {
    let is_lone = |at: &usize| !text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
    text.match_indices('\r').map(|(at, _)| at).find(is_lone)
}

/// `MySQL` wants white space or a control character behind the two dashes.
fn is_mysql_comment(rest: &str) -> bool {
    rest.chars().nth(2).is_none_or(|c| c.is_whitespace() || c.is_control())
}

fn until(rest: &str, end: &str) -> usize {
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

/// The length of a quoted stretch: a doubled quote stays inside, an escaped one too where escapes are.
fn quoted(rest: &str, quote: char, has_escapes: bool) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && has_escapes {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    rest.len()
}

/// The length of a PostgreSQL string of which the quote stands at `start`, with all that
/// [continues it](https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS):
/// quotes on later lines, in which the escapes are those of the first.
fn continued(rest: &str, start: usize, has_escapes: bool) -> usize {
    let mut end = start;
    let mut gap = Some(0);
    while let Some(next) = gap.and_then(|gap| rest.get(end + gap..)) {
        end = rest.len() - next.len() + quoted(next, '\'', has_escapes);
        gap = rest.get(end..).and_then(continuation);
    }
    end
}

/// Where the quote stands that continues a string which ends before `text`: behind white space with the end of a
/// line in it, and comments up to the ends of lines.
fn continuation(text: &str) -> Option<usize> {
    let is_end = |c| matches!(c, '\n' | '\r');
    let mut at = 0;
    let mut is_later_line = false;
    loop {
        let here = text.get(at..)?;
        match here.chars().next()? {
            '\'' => return is_later_line.then_some(at),
            '-' if here.starts_with("--") => at += here.find(is_end)?,
            c if matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}') || is_end(c) => {
                is_later_line |= is_end(c);
                at += 1;
            }
            _ => return None,
        }
    }
}

/// Its length, where it has an end.
fn nested_comment(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// `$tag$ … $tag$`, or a parameter such as `$1`.
fn dollar(rest: &str, may_be_number: bool) -> (TokenKind, usize) {
    let inner = rest.get(1..).unwrap_or_default();
    let length = inner.find(|c: char| !is_word(c) || c == '$').unwrap_or(inner.len());
    let tag = inner.get(..length).unwrap_or_default();
    let is_tag = inner.get(length..).is_some_and(|end| end.starts_with('$'))
        && (may_be_number || !tag.starts_with(|c: char| c.is_ascii_digit()));
    if !is_tag {
        return (TokenKind::Word, 1 + length);
    }
    let opening = length + 2;
    let quote = rest.get(..opening).unwrap_or_default();
    let body = rest.get(opening..).unwrap_or_default();
    (TokenKind::Text, body.find(quote).map_or(rest.len(), |at| opening + at + opening))
}
