use super::declarations::Declarations;
use super::lexer::{Token, TokenKind};
use super::modes::Modes;
use crate::Engine;

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
    declarations: Declarations,
    last: Option<Token<'a>>,
    /// The one before the last.
    before: Option<Token<'a>>,
    /// It takes compound statements outside of routines as well.
    is_mariadb: bool,
    is_oracle: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Head {
    #[default]
    Start,
    Create,
    /// `ALTER`, of which only that of an event has a body.
    Alter,
    /// `BEGIN`, which `NOT ATOMIC` makes a block and anything else a transaction.
    Begin,
    Body,
    Other,
}

const ROUTINES: [&str; 4] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"];
const OTHERS: [&str; 17] = [
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
    "ROLE",
    "TABLESPACE",
    "LOGFILE",
    "UNDO",
    "RESOURCE",
];
const BLOCKS: [&str; 5] = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"];
/// The words behind which a statement begins.
const LEADS: [&str; 7] = ["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW"];

impl<'a> Compound<'a> {
    pub(super) fn new(engine: Engine, modes: Modes) -> Self {
        let is_mariadb = engine == Engine::MariaDb;
        let is_oracle = is_mariadb && modes.is_oracle;
        Self { is_mariadb, is_oracle, ..Self::default() }
    }

    pub(super) fn see(&mut self, token: &Token<'a>) {
        self.see_head(token);
        if self.head == Head::Body {
            self.see_sign(token);
            self.see_word(token);
        }
        (self.before, self.last) = (self.last, Some(*token));
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        self.head == Head::Body && (self.depth > 0 || self.declarations.is_open())
    }

    fn see_head(&mut self, token: &Token<'a>) {
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Start if token.is_word("ALTER") => Head::Alter,
            Head::Start if token.is_word("BEGIN") => Head::Begin,
            Head::Start if self.is_mariadb => self.start(token),
            Head::Begin if token.is_word("NOT") || (self.is_oracle && !token.is_word("WORK")) => {
                self.depth = 1;
                Head::Body
            }
            Head::Create if is_any(token, &ROUTINES) || self.is_package(token) => {
                self.declarations = Declarations::of(token);
                self.depth = self.declarations.depth();
                Head::Body
            }
            Head::Create if is_any(token, &OTHERS) => Head::Other,
            Head::Create => Head::Create,
            Head::Alter => self.alter(token),
            Head::Body => Head::Body,
            Head::Start | Head::Begin | Head::Other => Head::Other,
        };
    }

    /// The head of what may be a compound statement of `MariaDB`'s: `IF … THEN …; END IF`, or `DECLARE` as Oracle has it.
    /// It takes no labels there.
    fn start(&mut self, token: &Token<'a>) -> Head {
        if self.is_oracle && token.is_word("DECLARE") {
            self.declarations = Declarations::opened();
            return Head::Body;
        }
        if token.is_word("CASE") || is_any(token, &BLOCKS) { Head::Body } else { Head::Other }
    }

    /// `ALTER EVENT`, with a `DEFINER = …` between the words.
    fn alter(&self, token: &Token<'a>) -> Head {
        let is_first = self.last.is_some_and(|last| last.is_word("ALTER"));
        if token.is_word("EVENT") {
            Head::Body
        } else if is_any(token, &OTHERS) || (is_first && !token.is_word("DEFINER")) {
            Head::Other
        } else {
            Head::Alter
        }
    }

    fn is_package(&self, token: &Token<'a>) -> bool {
        self.is_mariadb && token.is_word("PACKAGE")
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
        let is_outside = self.parentheses == 0 && self.depth == self.declarations.depth();
        if is_outside {
            self.declarations.see(token, self.last.as_ref(), self.is_oracle);
        }
        let behind = |sign: &str| self.last.is_some_and(|last| last.is_sign(sign));
        if token.kind != TokenKind::Word || behind(".") || behind("@") {
            return;
        }
        if token.is_word("END") {
            self.depth = self.depth.saturating_sub(1);
            return;
        }
        // Behind these a name may stand, or what an END ends.
        let is_name = |last: Token<'a>| {
            let is_of_package =
                last.is_word("BODY") && self.before.is_some_and(|t| self.is_package(&t));
            last.is_word("END")
                || is_any(&last, &ROUTINES)
                || self.is_package(&last)
                || is_of_package
        };
        if self.last.is_some_and(is_name) {
            return;
        }
        let opens_block = is_any(token, &BLOCKS) && self.is_statement_position(token);
        let begins = token.is_word("BEGIN") && (!is_outside || self.declarations.begin());
        if begins || token.is_word("CASE") || opens_block {
            self.depth += 1;
        }
        if opens_block && (token.is_word("IF") || token.is_word("REPEAT")) && !self.is_first() {
            self.doubtful = Some(self.parentheses);
        }
    }

    /// Whether a statement begins here for certain, where no function could stand.
    fn is_first(&self) -> bool {
        self.last.is_none_or(|last| [";", ":"].iter().any(|sign| last.is_sign(sign)))
    }

    fn is_statement_position(&self, token: &Token<'a>) -> bool {
        // Behind other parentheses it is FOR UPDATE or FOR SYSTEM_TIME.
        let may_follow_parameters = !token.is_word("FOR") || self.groups == 1;
        let is_mark = |token: Token<'a>| token.is_sign(">");
        let is_marked =
            self.is_oracle && [self.before, self.last].iter().all(|t| t.is_some_and(is_mark));
        self.last.is_none_or(|last| {
            last.is_sign(";")
                || last.is_sign(":")
                || is_marked
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
        of(Engine::MySql, text)
    }

    fn mariadb(text: &str) -> Vec<&str> {
        of(Engine::MariaDb, text)
    }

    fn of(engine: Engine, text: &str) -> Vec<&str> {
        split(engine, text)
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
    fn body_of_an_altered_event_is_one_statement() {
        for head in
            ["EVENT e", "DEFINER = `a`@`%` EVENT begin", "definer=CURRENT_USER() event IF EXISTS e"]
        {
            let alter = format!(
                "ALTER {head} ON SCHEDULE EVERY 1 HOUR ENDS '2035-01-01 00:00:00' RENAME TO f DO BEGIN \
                 INSERT INTO t VALUES (1); IF 1 THEN SELECT 1; END IF; END"
            );
            assert_eq!(statements(&format!("{alter};\nSELECT 1")), [&alter, "SELECT 1"]);
        }
        for plain in [
            "ALTER EVENT e DISABLE",
            "ALTER TABLE event ADD COLUMN begin INT",
            "ALTER DEFINER = a@b VIEW event AS SELECT CASE 1 WHEN 1 THEN 2 END AS begin",
            "ALTER TABLE t RENAME COLUMN a TO event, ADD begin INT",
            "CREATE ROLE event",
        ] {
            assert_eq!(statements(&format!("{plain}; BEGIN; SELECT 1")).len(), 3, "{plain}");
        }
    }

    #[test]
    fn mariadb_takes_compound_statements_outside_of_routines() {
        let all = [
            "IF 1 THEN SELECT 1; ELSEIF IF(1, 2, 3) THEN SELECT 2; END IF",
            "IF (SELECT COUNT(*) FROM t) = 0 THEN SELECT 1; SELECT 2; END IF",
            "CASE WHEN 1 THEN SELECT CASE 1 WHEN 1 THEN 2 END; ELSE SELECT 2; END CASE",
            "FOR i IN 1..2 DO INSERT INTO t VALUES (i); END FOR",
            "FOR r IN (SELECT a AS b FROM t FOR UPDATE) DO SELECT r.b; END FOR",
            "WHILE (SELECT COUNT(*) FROM t) < 7 DO SELECT 1; END WHILE",
            "LOOP SELECT 1; END LOOP",
            "REPEAT SELECT 1; UNTIL 1 END REPEAT",
            "BEGIN NOT ATOMIC DECLARE i INT; a: LOOP LEAVE a; END LOOP a; END",
            "SELECT 1",
            "BEGIN",
            "SELECT 2",
        ];
        assert_eq!(mariadb(&all.join(";\n")), all);
        assert_eq!(statements("IF 1 THEN SELECT 1; END IF").len(), 2);
    }

    #[test]
    fn mariadb_takes_routines_as_oracle_has_them() {
        let all = [
            "SET sql_mode = ORACLE",
            "CREATE FUNCTION f RETURN VARCHAR(20) IS v VARCHAR(20) := CASE 1 WHEN 1 THEN 'a' END; w INT; \
             BEGIN <<l>> WHILE 1 = 1 LOOP EXIT l; END LOOP; RETURN v; END",
            "CREATE OR REPLACE PROCEDURE p(a INT) AS CURSOR c IS SELECT 1 AS b; BEGIN \
             FOR r IN c LOOP IF r.b IS NULL THEN NULL; END IF; END LOOP; EXCEPTION WHEN OTHERS THEN NULL; END p",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW DECLARE x INT; BEGIN :NEW.a := 1; END",
            "CREATE TRIGGER u BEFORE INSERT ON a FOR EACH ROW INSERT INTO b SELECT 1 AS c",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO INSERT INTO b SELECT 1 AS c",
            "CREATE PACKAGE k AS c INT := 1; PROCEDURE a(x INT); FUNCTION b RETURN INT; END",
            "CREATE PACKAGE BODY k IS v INT; PROCEDURE z(x INT); \
             PROCEDURE a(x INT) IS w INT; BEGIN IF x THEN NULL; END IF; END; \
             FUNCTION b RETURN INT AS BEGIN RETURN 7; END; BEGIN v := 1; SELECT 1; END",
            "DECLARE i INT; BEGIN <<l>> LOOP EXIT l; END LOOP; END",
            "BEGIN SELECT 1; SELECT 2; END",
            "SET sql_mode = DEFAULT",
            "BEGIN",
            "SELECT 1",
            "CREATE OR REPLACE PACKAGE BODY case FUNCTION f() RETURNS INT BEGIN RETURN 1 IS NULL; END; \
             PROCEDURE p() SELECT 1; END",
            "SELECT 2",
        ];
        assert_eq!(mariadb(&all.join(";\n")), all);
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
