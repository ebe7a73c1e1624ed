use super::lexer::{Token, significant};
use super::mysql::{assignments, executed};
use super::postgres;
use crate::Engine;

/// How the session reads texts and bodies; the file may change that as it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Modes {
    /// Whether a backslash in a plain string takes the meaning from what follows: the file may tell
    /// PostgreSQL so, and `MySQL` not.
    pub(super) has_escapes: bool,
    /// Whether double quotes are around names, in which a backslash is a letter (`MySQL`, `MariaDB`).
    pub(super) has_ansi_quotes: bool,
    /// Whether routines are written as Oracle has them (`MariaDB`).
    pub(super) is_oracle: bool,
}

impl Modes {
    /// Those that a session has of which nothing is known.
    pub(super) const fn new(engine: Engine) -> Self {
        let has_escapes = matches!(engine, Engine::MySql | Engine::MariaDb);
        Self { has_escapes, has_ansi_quotes: false, is_oracle: false }
    }

    /// Those that hold behind the statement.
    pub(super) fn behind(self, engine: Engine, statement: &str) -> Self {
        match engine {
            Engine::Sqlite => self,
            Engine::MySql | Engine::MariaDb => set(engine, statement, self),
            Engine::Postgres => {
                let has_escapes = postgres::has_escapes(statement).unwrap_or(self.has_escapes);
                Self { has_escapes, ..self }
            }
        }
    }
}

/// What a statement makes of the modes, if it sets
/// [`sql_mode`](https://dev.mysql.com/doc/refman/9.0/en/sql-mode.html) for its session.
fn set(engine: Engine, statement: &str, before: Modes) -> Modes {
    let inner = if statement.starts_with("/*") { executed(statement) } else { statement };
    let inner = inner.trim_start();
    if !inner.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("SET")) {
        return before;
    }
    let tokens = significant(engine, inner);
    // MariaDB: for one statement only.
    if tokens.get(1).is_some_and(|token| token.is_word("STATEMENT")) {
        return before;
    }
    let mut is_global = false;
    let mut modes = before;
    for assignment in assignments(tokens.get(1..).unwrap_or_default()) {
        let end = assignment.iter().position(|token| token.is_sign("=") || token.is_sign(":"));
        let Some((name, value)) = end.map(|end| assignment.split_at(end)) else { continue };
        let has = |words: &[&str]| name.iter().any(|t| words.iter().any(|word| t.is_word(word)));
        let is_others =
            match (has(&["GLOBAL", "PERSIST", "PERSIST_ONLY"]), has(&["SESSION", "LOCAL"])) {
                (true, _) => true,
                (false, true) => false,
                (false, false) => is_global,
            };
        // A word before a name counts for those behind it as well; one behind `@@` does not.
        if !name.first().is_some_and(|token| token.is_sign("@")) {
            is_global = is_others;
        }
        let is_mode = name.last().is_some_and(|token| token.is_word("sql_mode"));
        let is_variable = matches!(name, [at, last] if at.is_sign("@") && last.is_word("sql_mode"));
        if is_mode && !is_variable && !is_others {
            modes = assigned(engine, value, modes);
        }
    }
    modes
}

/// The modes that are, or contain, `ANSI_QUOTES`; `MySQL` knows the first two only.
const ANSI: [&str; 7] = ["ANSI_QUOTES", "ANSI", "ORACLE", "MSSQL", "POSTGRESQL", "DB2", "MAXDB"];

/// The modes behind `sql_mode = value`.
fn assigned(engine: Engine, value: &[Token<'_>], before: Modes) -> Modes {
    let has = |mode: &str| value.iter().any(|token| names(token.text, mode));
    let is_without = value.iter().any(|token| token.is_word("REPLACE"));
    // What is added to the mode that was there leaves it: `@@sql_mode`, and not `@sql_mode` or `@@GLOBAL.sql_mode`.
    let is_kept = value.windows(3).any(|words| {
        matches!(words, [first, second, mode] if mode.is_word("sql_mode")
            && (first.is_sign("@") && second.is_sign("@")
                || (first.is_word("SESSION") || first.is_word("LOCAL")) && second.is_sign(".")))
    });
    let mut modes = if is_kept { before } else { Modes::new(engine) };
    if has("NO_BACKSLASH_ESCAPES") {
        modes.has_escapes = is_without;
    }
    modes.is_oracle = if has("ORACLE") { !is_without } else { modes.is_oracle };
    if is_without {
        modes.has_ansi_quotes &= !has("ANSI_QUOTES");
    } else {
        modes.has_ansi_quotes |= ANSI.iter().any(|mode| has(mode));
    }
    modes
}

/// Whether a list of modes, as a word or in quotes, has this one.
fn names(list: &str, mode: &str) -> bool {
    let is_end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    list.split(is_end).any(|word| word.eq_ignore_ascii_case(mode))
}

/// The text as a session would read it to which a backslash is a letter everywhere, or only in names within double
/// quotes, where the text may set a mode in which it is.
pub(crate) fn with_plain_backslashes(text: &str) -> Option<String> {
    if names(text, "NO_BACKSLASH_ESCAPES") {
        return Some(text.replace('\\', "/"));
    }
    let may_quote = text.contains("\\\"") && names(text, "sql_mode");
    (may_quote && ANSI.iter().any(|mode| names(text, mode))).then(|| text.replace("\\\"", "/\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::split;

    fn statements(text: &str) -> Vec<&str> {
        let pieces = split(Engine::MySql, text);
        let all = pieces.iter().map(|piece| piece.statement);
        all.filter(|statement| !statement.is_empty()).collect()
    }

    #[test]
    fn backslashes_are_letters_while_the_file_says_so() {
        let text = "SELECT '\\';';\nSET @OLD_SQL_MODE=@@SQL_MODE, sql_mode = 'NO_BACKSLASH_ESCAPES';\n\
                    SELECT '\\'; SELECT \"\\\";\n\
                    /*!40101 SET SESSION SQL_MODE=@OLD_SQL_MODE */;\nSELECT '\\';'; \
                    set @@session.sql_mode := concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES'); \
                    SET GLOBAL sql_mode = ''; SET sql_mode = CONCAT(@@sql_mode, ',ANSI'); SELECT '\\'; \
                    SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''); SELECT '\\';'";
        assert_eq!(
            statements(text),
            [
                "SELECT '\\';'",
                "SET @OLD_SQL_MODE=@@SQL_MODE, sql_mode = 'NO_BACKSLASH_ESCAPES'",
                "SELECT '\\'",
                "SELECT \"\\\"",
                "/*!40101 SET SESSION SQL_MODE=@OLD_SQL_MODE */",
                "SELECT '\\';'",
                "set @@session.sql_mode := concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')",
                "SET GLOBAL sql_mode = ''",
                "SET sql_mode = CONCAT(@@sql_mode, ',ANSI')",
                "SELECT '\\'",
                "SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
                "SELECT '\\';'",
            ]
        );
    }

    #[test]
    fn modes_that_are_not_the_sessions_change_nothing() {
        for set in [
            "SET STATEMENT sql_mode='NO_BACKSLASH_ESCAPES' FOR SELECT 1",
            "SET GLOBAL max_connections = 9, sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "SET @sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "SET PERSIST sql_mode = 'NO_BACKSLASH_ESCAPES'",
        ] {
            assert_eq!(statements(&format!("{set}; SELECT '\\';'")).len(), 2, "{set}");
        }
        let own =
            "SET GLOBAL a = 1, SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\'; SELECT 1";
        assert_eq!(statements(own).len(), 3);
    }

    #[test]
    fn double_quotes_are_around_names_while_the_file_says_so() {
        let read = "SELECT \"a\\\"; SELECT 'b\\';'; SELECT \"c\"\"\\;\"; SELECT \"\\";
        for set in [
            "SET sql_mode = 'ANSI_QUOTES'",
            "SET sql_mode = 'STRICT_TRANS_TABLES,ansi_quotes'",
            "SET SESSION sql_mode = ANSI",
            "SET @OLD_SQL_MODE = @@SQL_MODE, sql_mode = \"ANSI\"",
            "/*!40101 SET SQL_MODE='ANSI_QUOTES' */",
            "SET @@session.sql_mode := CONCAT(@@sql_mode, ',ORACLE')",
            "SET sql_mode = 'ANSI'; SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT')",
            "SET sql_mode = MSSQL",
            "SET @@GLOBAL.a = 1, sql_mode = 'ANSI'",
            "SET sql_mode = 'ANSI'; SET sql_mode = CONCAT(@@local.sql_mode, ',PIPES_AS_CONCAT')",
        ] {
            let text = format!("{set}; {read}");
            assert!(
                statements(&text).ends_with(&[
                    "SELECT \"a\\\"",
                    "SELECT 'b\\';'",
                    "SELECT \"c\"\"\\;\"",
                    "SELECT \"\\",
                ]),
                "{set}"
            );
        }
    }

    #[test]
    fn double_quotes_are_around_texts_otherwise() {
        for set in [
            "SET GLOBAL sql_mode = 'ANSI_QUOTES'",
            "SET STATEMENT sql_mode = 'ANSI_QUOTES' FOR SELECT 1",
            "SET @sql_mode = 'ANSI_QUOTES'",
            "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode = @OLD_ANSI_MODE",
            "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode = @@GLOBAL.sql_mode",
            "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode := @sql_mode",
            "SET sql_mode = 'ANSI'; SET sql_mode = DEFAULT",
            "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '')",
        ] {
            let text = format!("{set}; SELECT \"\\\";\"; SELECT 2");
            assert_eq!(statements(&text)[set.split(';').count()..].len(), 2, "{set}");
        }
        let both = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; SELECT \"\\\"; SELECT '\\'; SELECT 1";
        assert_eq!(statements(both).len(), 4);
        let one = "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'; \
                   SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''); \
                   SELECT \"\\\"; SELECT '\\';'; SELECT 1";
        assert_eq!(statements(one).len(), 5);
    }

    #[test]
    fn text_is_read_the_other_way_only_where_it_sets_a_mode() {
        let read = |text| with_plain_backslashes(text);
        assert_eq!(read("SELECT '\\'; -- oracle \"\\\""), None);
        assert_eq!(
            read("set sql_mode=no_backslash_escapes; '\\'").unwrap(),
            "set sql_mode=no_backslash_escapes; '/'"
        );
        assert_eq!(
            read("SET sql_mode='ansi'; \"\\\" '\\'").unwrap(),
            "SET sql_mode='ansi'; \"/\" '\\'"
        );
    }
}
