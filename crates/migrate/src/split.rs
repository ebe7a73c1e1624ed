//! Cutting a migration file into its statements, as the engine's own client cuts it.
//!
//! Strings, quoted names, comments, dollar quotes, parentheses and the bodies of triggers and
//! routines are never cut; `DELIMITER` lines are obeyed where `MySQL`'s client obeys them. The pieces,
//! put together, are the file.

mod blocks;
mod body;
mod declarations;
mod delimiter;
mod lexer;
mod misread;
mod modes;
mod mysql;
mod postgres;
mod sqlite;
mod start;

use body::Body;
pub(crate) use delimiter::{delimited, ends_in_comment};
use lexer::{Lexer, lone_return};
pub(crate) use lexer::{Token, TokenKind, comments, significant};
pub(crate) use misread::Misread;
use modes::Modes;
pub(crate) use modes::with_plain_backslashes;
pub(crate) use mysql::{assignments, behind_mark, executed};

use crate::Engine;

/// A part of a file that ends behind a delimiter, or at the end of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// All of it: white space, comments and the delimiter too.
    pub text: &'a str,
    /// The statement in it, or nothing.
    pub statement: &'a str,
    /// Where in `text` it begins.
    pub start: usize,
    /// The line on which the statement begins, counted from 1.
    pub line: usize,
}

/// Cuts `text` into pieces by the rules of the engine; never fails, an open quote ends with the file.
#[must_use]
pub fn split(engine: Engine, text: &str) -> Vec<Piece<'_>> {
    pieces(engine, text).collect()
}

/// The text for the engine's own client: those of `MySQL` and `MariaDB` cut at every semicolon, in a trigger's body too,
/// where no `DELIMITER` says otherwise.
#[must_use]
pub fn for_client(engine: Engine, text: &str) -> String {
    let is_cut = matches!(engine, Engine::MySql | Engine::MariaDb);
    let piece = |piece: Piece<'_>| match delimited(piece.statement).filter(|_| is_cut) {
        Some(statement) => {
            piece.text.get(..piece.start).unwrap_or_default().to_owned() + &statement
        }
        None => piece.text.to_owned(),
    };
    pieces(engine, text).map(piece).collect()
}

/// The pieces, one after the other.
pub(crate) fn pieces(engine: Engine, text: &str) -> impl Iterator<Item = Piece<'_>> {
    Splitter::new(engine, text)
}

/// Where the text is not what it looks like.
pub(crate) fn misread(engine: Engine, text: &str) -> Misread {
    let mut splitter = Splitter::new(engine, text);
    if text.contains("/*") || lone_return(text).is_some() {
        splitter.by_ref().for_each(drop);
    }
    splitter.misread
}

struct Splitter<'a> {
    engine: Engine,
    text: &'a str,
    at: usize,
    line: usize,
    /// The delimiter that a `DELIMITER` line has set.
    delimiter: Option<&'a str>,
    modes: Modes,
    misread: Misread,
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let cut = self.cut(rest);
        let text = rest.get(..cut.end).unwrap_or(rest);
        let statement = rest.get(cut.first..cut.last).unwrap_or_default();
        let lead = rest.get(..cut.first).unwrap_or_default();
        let line = self.line + newlines(lead);
        self.at += text.len();
        self.line += newlines(text);
        self.modes = self.modes.behind(self.engine, statement);
        Some(Piece { text, statement, start: cut.first, line })
    }
}

/// Where a piece and the statement in it begin and end, as offsets into the rest of the file.
#[derive(Default)]
struct Cut {
    first: usize,
    last: usize,
    end: usize,
}

impl<'a> Splitter<'a> {
    fn new(engine: Engine, text: &'a str) -> Self {
        let (modes, misread) = (Modes::new(engine), Misread::default());
        Self { engine, text, at: 0, line: 1, delimiter: None, modes, misread }
    }

    fn cut(&mut self, rest: &'a str) -> Cut {
        let mut lexer = Lexer::new(self.engine, rest, self.delimiter);
        lexer.modes = self.modes;
        let mut body = Body::new(self.engine, self.modes);
        let mut cut = Cut::default();
        loop {
            let blank = cut.last == 0;
            if blank && let Some(line) = delimiter::line(self.engine, rest, lexer.at()) {
                self.delimiter = line.delimiter;
                return Cut { end: line.end, ..Cut::default() };
            }
            if let Some(end) = delimiter::end(self.delimiter, rest, lexer.at()) {
                return Cut { end, ..cut };
            }
            let Some(token) = lexer.next() else { return Cut { end: rest.len(), ..cut } };
            if !token.is_significant() {
                self.misread.see(self.engine, &token, rest, self.at + token.start);
                continue;
            }
            if token.text == ";" && self.delimiter.is_none() && !body.is_open_at_semicolon() {
                return Cut { end: token.end, ..cut };
            }
            body.see(&token);
            cut.first = if blank { token.start } else { cut.first };
            cut.last = token.end;
        }
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn body_is_delimited_for_the_client() {
        let text = "-- why\nDROP TRIGGER a;\n\nCREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.n = 1; \
                    END;\nDROP TABLE b;\n";
        let told = for_client(Engine::MySql, text);
        assert!(
            told.starts_with("-- why\nDROP TRIGGER a;\n\nDELIMITER //\nCREATE TRIGGER"),
            "{told}"
        );
        assert!(
            told.contains("END//\nDELIMITER ;\n") && told.ends_with("\nDROP TABLE b;\n"),
            "{told}"
        );
        assert_eq!(for_client(Engine::Sqlite, text), text);
    }

    const ENGINES: [Engine; 4] = [Engine::Sqlite, Engine::MySql, Engine::MariaDb, Engine::Postgres];

    /// What confuses splitters: quotes, comments, delimiters, keywords, in any order.
    fn fragments() -> impl Strategy<Value = String> {
        let fragment = prop::sample::select(vec![
            ";",
            "'",
            "''",
            "\"",
            "`",
            "[",
            "]",
            "\\",
            "$$",
            "$a$",
            "$1",
            "--",
            "-- x\n",
            "#",
            "/*",
            "*/",
            "/*!",
            "\n",
            "\r\n",
            "\r",
            " ",
            "BEGIN",
            "END",
            "CASE",
            "IS",
            "DECLARE",
            "PACKAGE",
            "ALTER",
            "EVENT",
            "SET sql_mode=ORACLE",
            "IF",
            "CREATE",
            "TRIGGER",
            "FUNCTION",
            "PROCEDURE",
            "ATOMIC",
            "DELIMITER",
            "DELIMITER //\n",
            "//",
            "(",
            ")",
            ",",
            "E'",
            "é",
            "x",
            "1",
            ".",
            ":",
            "@",
            "NOT",
        ]);
        prop::collection::vec(fragment, 0..60).prop_map(|parts| parts.concat())
    }

    fn check_pieces(engine: Engine, text: &str) {
        let pieces = split(engine, text);
        let whole: String = pieces.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text);
        let mut at = 0;
        for piece in pieces {
            assert!(!piece.text.is_empty());
            if !piece.statement.is_empty() {
                let start = piece.statement.as_ptr() as usize - text.as_ptr() as usize;
                assert!(start >= at);
                assert_eq!(piece.line, newlines(&text[..start]) + 1);
            }
            at += piece.text.len();
        }
    }

    proptest! {
        #[test]
        fn pieces_put_together_are_the_file(text in fragments()) {
            for engine in ENGINES {
                check_pieces(engine, &text);
            }
        }

        #[test]
        fn any_text_is_survived(text in ".*") {
            for engine in ENGINES {
                check_pieces(engine, &text);
            }
        }

        #[test]
        fn statements_keep_their_number(picks in prop::collection::vec(0_usize..5, 0..20)) {
            let statements = [
                "SELECT ';' FROM t",
                "INSERT INTO t VALUES ('it''s; fine')",
                "/* ; */ UPDATE t SET a = 1 -- ; no\n WHERE b",
                "CREATE TABLE t (a INT, b INT)",
                "DELETE FROM t",
            ];
            let text = picks.iter().fold(String::new(), |text, at| text + statements[*at] + ";\n");
            for engine in ENGINES {
                let found = split(engine, &text);
                let count = found.iter().filter(|piece| !piece.statement.is_empty()).count();
                prop_assert_eq!(count, picks.len());
            }
        }
    }

    #[test]
    fn lines_and_comments_around_statements_are_right() {
        let text = "-- head\n\nSELECT 1; -- tail\n/* two\nlines */ SELECT 2\n";
        let pieces = split(Engine::Postgres, text);
        let found: Vec<_> = pieces.iter().map(|piece| (piece.line, piece.statement)).collect();
        assert_eq!(found, [(3, "SELECT 1"), (5, "SELECT 2")]);
    }

    #[test]
    fn comments_end_at_a_carriage_return_on_postgres_only() {
        let text = "SELECT 1; -- a\rSELECT 2;\r\n-- b\r\nSELECT 3 -- ;\r, 4; -- c\r";
        let found = |engine| -> Vec<&str> {
            let pieces = split(engine, text);
            let all = pieces.iter().map(|piece| piece.statement);
            all.filter(|statement| !statement.is_empty()).collect()
        };
        let all = ["SELECT 1", "SELECT 2", "SELECT 3 -- ;\r, 4"];
        assert_eq!(found(Engine::Postgres), all);
        for engine in [Engine::Sqlite, Engine::MySql, Engine::MariaDb] {
            assert_eq!(found(engine), ["SELECT 1", "SELECT 3"], "{engine:?}");
        }
        assert_eq!(comments(Engine::Postgres, text).last(), Some(&(3, "-- c")));
    }

    #[test]
    fn carriage_returns_that_hide_statements_are_found() {
        let hiding = |engine, text| misread(engine, text).hiding_return;
        for engine in [Engine::Sqlite, Engine::MySql, Engine::MariaDb] {
            assert_eq!(hiding(engine, "-- a\rSELECT 1;\n"), Some(4));
            assert_eq!(hiding(engine, "SELECT '-- \r;' -- ;\r\n-- a;\rb\n/*\r;*/"), None);
        }
        assert_eq!(hiding(Engine::MySql, "# a\rSELECT 1;"), Some(3));
        assert_eq!(hiding(Engine::Postgres, "-- a\rSELECT 1;\n"), None);
        for engine in ENGINES {
            let lone = |text| misread(engine, text).lone_return;
            assert_eq!(lone("SELECT '\r' -- a\r\n;\r\n/*\r\n*/"), None);
            assert_eq!(lone("SELECT 1;\rSELECT 2;"), Some(9));
            assert_eq!(lone("SELECT 1;\r\n-- a\rb\n"), Some(15));
        }
    }
}
