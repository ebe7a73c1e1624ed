use super::lexer::{Token, significant};
use crate::Engine;

/// Parentheses (`CREATE RULE … DO (a; b)`) and SQL bodies (`BEGIN ATOMIC … END`), as psql has them.
#[derive(Default)]
pub(super) struct Nesting {
    parentheses: usize,
    head: Head,
    was_begin: bool,
    depth: usize,
}

#[derive(Default, PartialEq)]
enum Head {
    #[default]
    Start,
    Create,
    Routine,
    Other,
}

impl Nesting {
    pub(super) fn see(&mut self, token: &Token<'_>) {
        self.see_head(token);
        if token.is_sign("(") {
            self.parentheses += 1;
        } else if token.is_sign(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
        if self.head == Head::Routine {
            self.see_body(token);
        }
    }

    fn see_head(&mut self, token: &Token<'_>) {
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Create if token.is_word("OR") || token.is_word("REPLACE") => Head::Create,
            Head::Create if token.is_word("FUNCTION") || token.is_word("PROCEDURE") => {
                Head::Routine
            }
            Head::Routine => Head::Routine,
            Head::Start | Head::Create | Head::Other => Head::Other,
        };
    }

    fn see_body(&mut self, token: &Token<'_>) {
        let opens = (self.was_begin && token.is_word("ATOMIC"))
            || (self.depth > 0 && token.is_word("CASE"));
        if opens {
            self.depth += 1;
        } else if token.is_word("END") {
            self.depth = self.depth.saturating_sub(1);
        }
        self.was_begin = token.is_word("BEGIN");
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        self.parentheses > 0 || self.depth > 0
    }
}

/// What the statement says of backslashes in plain strings, if it sets
/// [`standard_conforming_strings`](https://www.postgresql.org/docs/current/runtime-config-compatible.html);
/// old dumps switch it off.
pub(super) fn has_escapes(statement: &str) -> Option<bool> {
    let begins = |word: &str| {
        statement.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if !begins("SET") && !begins("RESET") {
        return None;
    }
    let tokens = significant(Engine::Postgres, statement);
    let at = tokens.iter().position(|token| token.is_word("standard_conforming_strings"))?;
    let is_setting = tokens
        .iter()
        .take(at)
        .all(|token| ["SET", "RESET", "SESSION", "LOCAL"].iter().any(|word| token.is_word(word)));
    let value = tokens.get(at + 2).map_or("", |token| token.text).trim_matches('\'');
    let is_off = ["off", "false", "no", "0"].iter().any(|word| value.eq_ignore_ascii_case(word));
    is_setting.then_some(is_off)
}

#[cfg(test)]
mod tests {
    use crate::Engine;
    use crate::split::split;

    fn statements(text: &str) -> Vec<&str> {
        split(Engine::Postgres, text)
            .iter()
            .map(|piece| piece.statement)
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    #[test]
    fn quotes_of_every_kind_hide_semicolons() {
        let text = "SELECT $$;$$, $a$;$$;$a$, E'\\';', ';', \";\" /* ; /* ; */ ; */; SELECT a$b$c;";
        assert_eq!(statements(text).len(), 2);
        assert_eq!(statements("SELECT $1; SELECT 2"), ["SELECT $1", "SELECT 2"]);
        assert_eq!(statements("SELECT '\\'; SELECT 2").len(), 2);
    }

    #[test]
    fn texts_go_on_in_later_lines_with_the_escapes_of_their_beginning() {
        for text in [
            "SELECT E'a'\n'b\\';c'",
            "SELECT e'a' -- c\n -- ';\n 'b\\'; DROP TABLE t; --'",
            "SELECT E'a'\r'\\''\n\t'\\';'",
            "SELECT E'a' -- c\r'b\\';'",
        ] {
            assert_eq!(statements(text), [text], "{text}");
        }
        let plain =
            ["SELECT 'a'\n'b\\'", "SELECT E'a'", "SELECT E'a' || '\\'", "SELECT E'a' 'b\\'"];
        for text in plain {
            assert_eq!(statements(&format!("{text}; SELECT 2")), [text, "SELECT 2"], "{text}");
        }
        let off = "SET standard_conforming_strings = off";
        let unicode = "SELECT U&'a'\n'b\\'";
        assert_eq!(statements(&format!("{off}; {unicode}; SELECT 2")), [off, unicode, "SELECT 2"]);
    }

    #[test]
    fn bodies_and_rules_are_one_statement() {
        let function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC \
                        SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
        let rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)";
        let text = format!("{function};\n{rule};\nBEGIN; COMMIT;");
        assert_eq!(statements(&text), [function, rule, "BEGIN", "COMMIT"]);
    }

    #[test]
    fn backslashes_escape_while_the_file_says_so() {
        let text = "SET standard_conforming_strings TO off;\nSELECT 'a\\';';\n\
                    SET SESSION standard_conforming_strings = 'on';\nSELECT '\\'; SELECT 1;\n\
                    set standard_conforming_strings = 0; SELECT '\\';'; \
                    RESET standard_conforming_strings; SELECT '\\'; SELECT 2";
        let found = statements(text);
        assert_eq!(found.len(), 10);
        assert_eq!((found[1], found[4]), ("SELECT 'a\\';'", "SELECT 1"));
        assert_eq!((found[6], found[9]), ("SELECT '\\';'", "SELECT 2"));
        let unicode = "SET standard_conforming_strings = off; SELECT U&' \\' UESCAPE '!'; SELECT 1";
        assert_eq!(statements(unicode).len(), 3);
        let other = "SELECT standard_conforming_strings, off; SELECT '\\'; SELECT 1";
        assert_eq!(statements(other).len(), 3);
    }
}
