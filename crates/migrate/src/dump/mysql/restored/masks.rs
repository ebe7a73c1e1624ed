use super::IN_EXPRESSION;
use crate::Engine;
use crate::split::{Token, TokenKind, significant};

/// Whether a `?` in a table's statement may stand for another character: comments have none of those, and each server
/// shows some of its texts as they are.
pub(super) fn may_be_in(engine: Engine, sql: &str) -> bool {
    let tokens = significant(engine, sql);
    // What stands before each parenthesis that is open.
    let mut around: Vec<Option<&Token<'_>>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = |count: usize| at.checked_sub(count).and_then(|at| tokens.get(at));
        if token.is_sign("(") {
            around.push(before(1));
        } else if token.is_sign(")") {
            around.pop();
        }
        let is_text = matches!(token.kind, TokenKind::Text | TokenKind::Executable);
        let is_equal = before(1).is_some_and(|one| one.is_sign("="));
        let word = if is_equal { before(2) } else { before(1) };
        let is_comment = word.is_some_and(|one| one.is_word("COMMENT"));
        if is_text && token.text.contains('?') && !is_comment && is_shown(engine, token, &around) {
            return true;
        }
    }
    false
}

/// Whether a text stands where the server shows such a character as marks.
fn is_shown(engine: Engine, text: &Token<'_>, around: &[Option<&Token<'_>>]) -> bool {
    let [body, inside @ ..] = around else { return true };
    let is_body = body.is_some_and(|table| table.kind == TokenKind::Name);
    let is_list = |one: &Token<'_>| one.is_word("enum") || one.is_word("set");
    match inside {
        _ if !is_body => true,
        // `MySQL` shows the bytes of a literal.
        [] => engine == Engine::MariaDb,
        [.., Some(opener)] if is_list(opener) => true,
        // `MariaDB` shows expressions as they are.
        _ => engine == Engine::MySql && text.text.contains(IN_EXPRESSION),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_be(engine: Engine, column: &str, behind: &str) -> bool {
        may_be_in(engine, &format!("CREATE TABLE `t` (\n  {column}\n) ENGINE=InnoDB{behind}"))
    }

    #[test]
    fn marks_that_are_marks() {
        for engine in [Engine::MySql, Engine::MariaDb] {
            assert!(!may_be(engine, "`a?` int COMMENT 'why?'", " COMMENT='what?'"));
            assert!(!may_be(engine, "`a` text,\n  CHECK (`a` <> '?')", ""));
        }
        assert!(!may_be(Engine::MariaDb, "`a` text DEFAULT concat('????')", ""));
        assert!(!may_be(Engine::MySql, "`a` varchar(9) DEFAULT '?'", ""));
    }

    #[test]
    fn marks_that_may_be_masks() {
        let partitions = "\n PARTITION BY LIST  COLUMNS(`a`)\n(PARTITION `p` VALUES IN ('?'))";
        for engine in [Engine::MySql, Engine::MariaDb] {
            assert!(may_be(engine, "`a` enum('b','?') COMMENT 'why'", ""));
            assert!(may_be(engine, "`a` varchar(9)", partitions));
        }
        assert!(may_be(Engine::MariaDb, "`a` varchar(9) DEFAULT '?'", ""));
        assert!(may_be(Engine::MySql, "`a` text,\n  CHECK ((`a` <> _utf8mb4'????'))", ""));
    }
}
