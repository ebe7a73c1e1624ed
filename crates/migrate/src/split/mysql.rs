use super::lexer::{Token, TokenKind};

/// Compound statements in routines, triggers and events, without any `DELIMITER`.
#[derive(Default)]
pub(super) struct Compound<'a> {
    head: Head,
    depth: usize,
    parentheses: usize,
    /// An `IF` or `REPEAT` which may turn out to be a function: the parentheses around it.
    doubtful: Option<usize>,
    /// How many parentheses were closed around which no others stand: the first are the parameters'.
    groups: usize,
    last: Option<Token<'a>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Head {
    #[default]
    Start,
    Create,
    /// `BEGIN`, which `NOT ATOMIC` makes a block and anything else a transaction.
    Begin,
    Body,
    Other,
}

const ROUTINES: [&str; 4] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"];
const OTHERS: [&str; 12] = [
    "TABLE",
    "VIEW",
    "INDEX",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "DATABASE",
    "SCHEMA",
    "USER",
    "TEMPORARY",
    "SERVER",
    "SEQUENCE",
];
const BLOCKS: [&str; 5] = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"];
/// The words behind which a statement begins.
const LEADS: [&str; 7] = ["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW"];

impl<'a> Compound<'a> {
    pub(super) fn see(&mut self, token: &Token<'a>) {
        self.see_head(token);
        if self.head == Head::Body {
            self.see_sign(token);
            self.see_word(token);
        }
        self.last = Some(*token);
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        self.head == Head::Body && self.depth > 0
    }

    fn see_head(&mut self, token: &Token<'a>) {
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Start if token.is_word("BEGIN") => Head::Begin,
            Head::Begin if token.is_word("NOT") => {
                self.depth = 1;
                Head::Body
            }
            Head::Create if is_any(token, &ROUTINES) => Head::Body,
            Head::Create if is_any(token, &OTHERS) => Head::Other,
            Head::Create => Head::Create,
            Head::Body => Head::Body,
            Head::Start | Head::Begin | Head::Other => Head::Other,
        };
    }

    fn see_sign(&mut self, token: &Token<'a>) {
        if self.doubtful == Some(self.parentheses) && !token.is_sign("(") {
            self.doubtful = None;
        }
        if token.is_sign("(") {
            self.parentheses += 1;
        } else if token.is_sign(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
            self.groups += usize::from(self.parentheses == 0);
            if self.doubtful == Some(self.parentheses) {
                self.doubtful = None;
            }
        } else if token.is_sign(",") && self.doubtful.is_some_and(|at| at + 1 == self.parentheses) {
            // A condition has no comma: this was the function IF(a, b, c).
            self.doubtful = None;
            self.depth = self.depth.saturating_sub(1);
        }
    }

    fn see_word(&mut self, token: &Token<'a>) {
        let behind = |sign: &str| self.last.is_some_and(|last| last.is_sign(sign));
        if token.kind != TokenKind::Word || behind(".") || behind("@") {
            return;
        }
        if token.is_word("END") {
            self.depth = self.depth.saturating_sub(1);
            return;
        }
        // Behind these a name may stand, or what an END ends.
        if self.last.is_some_and(|last| last.is_word("END") || is_any(&last, &ROUTINES)) {
            return;
        }
        let opens_block = is_any(token, &BLOCKS) && self.is_statement_position(token);
        if token.is_word("BEGIN") || token.is_word("CASE") || opens_block {
            self.depth += 1;
        }
        if opens_block && (token.is_word("IF") || token.is_word("REPEAT")) {
            self.doubtful = Some(self.parentheses);
        }
    }

    fn is_statement_position(&self, token: &Token<'a>) -> bool {
        // Behind other parentheses it is FOR UPDATE or FOR SYSTEM_TIME.
        let may_follow_parameters = !token.is_word("FOR") || self.groups == 1;
        self.last.is_some_and(|last| {
            last.is_sign(";")
                || last.is_sign(":")
                || is_any(&last, &LEADS)
                || (last.is_sign(")") && self.depth == 0 && may_follow_parameters)
        })
    }
}

fn is_any(token: &Token<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| token.is_word(word))
}

/// The statement within `/*!50001 … */`.
pub(crate) fn executed(comment: &str) -> &str {
    behind_mark(comment).trim_end_matches("*/")
}

/// What follows `/*!50001` or `/*M!100100`.
pub(crate) fn behind_mark(comment: &str) -> &str {
    let inner = comment.trim_start_matches("/*").trim_start_matches('M').trim_start_matches('!');
    inner.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// What stands between the commas that no parentheses enclose.
pub(crate) fn assignments<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        depth += usize::from(token.is_sign("("));
        depth = depth.saturating_sub(usize::from(token.is_sign(")")));
        depth == 0 && token.is_sign(",")
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use crate::Engine;
    use crate::split::split;

    fn statements(text: &str) -> Vec<&str> {
        split(Engine::MySql, text)
            .iter()
            .map(|piece| piece.statement)
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    #[test]
    fn routine_bodies_are_one_statement_without_delimiter() {
        let procedure = "CREATE DEFINER=`a`@`%` PROCEDURE p(IN n INT) BEGIN\n\
            DECLARE i INT DEFAULT 0;\n\
            l: LOOP SET i = i + 1; IF i > n THEN LEAVE l; END IF; END LOOP;\n\
            WHILE i > 0 DO SET i = i - 1; END WHILE;\n\
            REPEAT SET i = i + 1; UNTIL i > 3 END REPEAT;\n\
            CASE i WHEN 1 THEN SELECT IF(i, 1, 2); ELSE SELECT CASE WHEN i THEN IF(i, 1, 2) END; END CASE;\n\
            IF (i > 1) THEN SELECT 1; ELSEIF i THEN SELECT REPEAT('a', 2); END IF;\n\
            END";
        let trigger = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.b THEN \
            SET NEW.b = 1; SET NEW.c = 2; END IF";
        let plain = "CREATE TRIGGER IF NOT EXISTS u BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1";
        let text = format!("{procedure};\n{trigger};\n{plain};\nSELECT 1");
        assert_eq!(statements(&text), [procedure, trigger, plain, "SELECT 1"]);
    }

    #[test]
    fn begin_is_a_transaction_or_a_block() {
        assert_eq!(statements("BEGIN; SELECT 1; COMMIT;").len(), 3);
        assert_eq!(statements("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END; SELECT 3;").len(), 2);
    }

    #[test]
    fn comments_and_escapes_hide_semicolons() {
        let text =
            "SELECT 'a\\';', \";\"; # ;\nSELECT 1--2; -- ;\n/*!40101 SET a=1; */;\nSELECT `;`";
        assert_eq!(statements(text).len(), 4);
    }

    #[test]
    fn comments_that_are_executed_end_outside_of_quotes_and_comments() {
        for text in [
            "/*!50000 INSERT INTO t VALUES ('*/;z') */",
            "/*! SELECT `*/;`, \"*/;\", 'it''s; \\'*/;' */",
            "/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN /* c; */ SET NEW.b = 1; END */",
            "/*!50003 SELECT 1 -- it's */ ;\n */",
            "SELECT /*!99999 don't; */ 1",
            "SELECT 1 /*!99999 , ('it''s; unclosed \" ') */",
            "SELECT /*!90000 don't; */ 1",
        ] {
            assert_eq!(statements(&format!("{text}; SELECT 2")), [text, "SELECT 2"], "{text}");
        }
        let of_mariadb =
            ["/*M! SELECT '*/;' */", "SELECT /*M!100100 '*/;' */ 1", "SELECT /*!80000 don't; */ 1"];
        for text in of_mariadb {
            let text = format!("{text}; SELECT 2");
            assert_eq!(split(Engine::MariaDb, &text).len(), 2, "{text}");
        }
        assert_eq!(statements("SELECT 1 /*M!100100 don't; */; SELECT '2'").len(), 2);
        let ansi = "SET sql_mode = 'ANSI_QUOTES'; /*!50000 SELECT \"\\\" */; SELECT 1";
        assert_eq!(statements(ansi).len(), 3);
    }

    #[test]
    fn delimiter_lines_are_obeyed() {
        let text = "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\ndelimiter ;\n\
                    SELECT 2;\nDELIMITER //\nSELECT 3; SELECT 4//\n";
        assert_eq!(
            statements(text),
            ["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2", "SELECT 3; SELECT 4"]
        );
    }

    #[test]
    fn delimiter_lines_may_be_indented_and_quoted() {
        let text =
            "  DELIMITER '//'\nSELECT 1; SELECT 2//\n\tdelimiter \"$\" c\nSELECT 3; SELECT 4$";
        assert_eq!(statements(text), ["SELECT 1; SELECT 2", "SELECT 3; SELECT 4"]);
    }

    #[test]
    fn for_behind_parentheses_is_no_loop() {
        let lock = "CREATE PROCEDURE p() SELECT * FROM t WHERE a IN (1, 2) FOR UPDATE";
        let history = "CREATE OR REPLACE PROCEDURE p()\n\
                       SELECT * FROM t PARTITION (p0) FOR SYSTEM_TIME ALL";
        let repeated = "CREATE PROCEDURE p(a INT) FOR i IN 1..(2) DO SELECT 1; END FOR";
        let text = [lock, history, repeated, "SELECT 1"].join(";\n");
        assert_eq!(statements(&text), [lock, history, repeated, "SELECT 1"]);
    }

    #[test]
    fn a_routines_name_opens_no_block() {
        let text = "CREATE PROCEDURE begin() SELECT 1; CREATE PROCEDURE case() SELECT 1; SELECT 2";
        assert_eq!(statements(text).len(), 3);
    }

    #[test]
    fn dollar_quotes_hide_semicolons_on_mysql() {
        let script = "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $js$ let b = '$$'; return \"b; $js$";
        let text =
            format!("{script};\nSELECT a$b$c; SELECT $1;\nDELIMITER $$\nSELECT 2; SELECT 3$$\n");
        assert_eq!(statements(&text), [script, "SELECT a$b$c", "SELECT $1", "SELECT 2; SELECT 3"]);
        assert_eq!(split(Engine::MariaDb, "SELECT $a$; SELECT $a$;").len(), 2);
    }
}
