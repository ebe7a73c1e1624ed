use super::super::Class;
use super::super::cursor::Cursor;
use super::repeatable;
use crate::Engine;
use crate::split::{Token, TokenKind, assignments, executed};

/// Settings are repeated after an interruption, and so are variables whose value is written out or
/// saves a setting: `SET @old = @@sql_mode`. Other variables belong to the statements around them:
/// `SET @id = LAST_INSERT_ID()`.
pub(super) fn classify(cursor: &mut Cursor<'_>) -> Class {
    if cursor.eat("PASSWORD") || cursor.eat("DEFAULT") {
        return repeatable();
    }
    let assignments = assignments(cursor.tokens());
    if assignments.iter().all(|assignment| is_autocommit(assignment)) {
        return Class::Skipped;
    }
    let is_computed = assignments.iter().any(|assignment| computes_variable(assignment));
    if is_computed { Class::Transactional } else { Class::Session }
}

/// `autocommit = 0`, `@@session.autocommit = 1`: the runner's transactions need it on.
fn is_autocommit(assignment: &[Token<'_>]) -> bool {
    let is_at = |at: usize| assignment.get(at).is_some_and(|token| token.is_sign("@"));
    if is_at(0) && !is_at(1) {
        return false;
    }
    let is_prefix = |token: &&Token<'_>| {
        ["@", "."].iter().any(|sign| token.is_sign(sign))
            || ["SESSION", "LOCAL"].iter().any(|word| token.is_word(word))
    };
    assignment.iter().find(|token| !is_prefix(token)).is_some_and(|t| t.is_word("AUTOCOMMIT"))
}

/// The session's own settings that a SET assigns, as they are written; not those of NAMES and the like.
pub(in crate::statement) fn assigned(engine: Engine, sql: &str) -> Vec<&str> {
    let mut cursor = Cursor::new(engine, sql);
    if let Some(token) = cursor.peek().filter(|token| token.kind == TokenKind::Executable) {
        return assigned(engine, executed(token.text));
    }
    if !cursor.eat("SET") {
        return Vec::new();
    }
    assignments(cursor.tokens()).into_iter().filter_map(|assignment| setting(assignment)).collect()
}

/// The name in `@@session.sql_mode = ''` and `LOCAL sql_mode := ''`.
fn setting<'a>(assignment: &[Token<'a>]) -> Option<&'a str> {
    let is = |at: usize, sign| assignment.get(at).is_some_and(|token| token.is_sign(sign));
    let scope = if is(0, "@") && is(1, "@") { 2 } else { 0 };
    let is_scope = |word| assignment.get(scope).is_some_and(|token| token.is_word(word));
    let is_own = ["SESSION", "LOCAL"].into_iter().any(is_scope);
    let name = scope + usize::from(is_own) + usize::from(is_own && is(scope + 1, "."));
    let is_assigned = is(name + 1, "=") || is(name + 1, ":=") || is(name + 1, ":");
    assignment.get(name).filter(|_| is_assigned).map(|token| token.text)
}

/// A SET without what it says of autocommit, if it says something else as well.
pub(in crate::statement) fn without_autocommit(engine: Engine, sql: &str) -> Option<String> {
    let mut cursor = Cursor::new(engine, sql);
    if let Some(token) = cursor.peek().filter(|token| token.kind == TokenKind::Executable) {
        return without_autocommit(engine, executed(token.text));
    }
    if !cursor.eat("SET") {
        return None;
    }
    let assignments = assignments(cursor.tokens());
    let (ours, others): (Vec<_>, Vec<_>) =
        assignments.into_iter().partition(|assignment| is_autocommit(assignment));
    if ours.is_empty() || others.is_empty() {
        return None;
    }
    let text = |assignment: &&[Token<'_>]| {
        let (first, last) = (assignment.first()?, assignment.last()?);
        sql.get(first.start..last.end)
    };
    let kept: Vec<&str> = others.iter().filter_map(text).collect();
    Some(format!("SET {}", kept.join(", ")))
}

/// `@a = LAST_INSERT_ID()`, `@a = @b + 1`
fn computes_variable(assignment: &[Token<'_>]) -> bool {
    let is_at = |at: usize| assignment.get(at).is_some_and(|token| token.is_sign("@"));
    if !is_at(0) || is_at(1) {
        return false;
    }
    let reads_variable = |at: usize| is_at(at) && !is_at(at + 1) && !is_at(at - 1);
    assignment.iter().any(|token| token.is_sign("(")) || (1..assignment.len()).any(reads_variable)
}

#[cfg(test)]
mod tests {
    use super::super::classify as classify_any;
    use super::*;

    fn class(sql: &str) -> Class {
        classify_any(Engine::MySql, sql)
    }

    #[test]
    fn variables_stay_with_their_statements_and_settings_do_not() {
        assert_eq!(class("SET @id = LAST_INSERT_ID()"), Class::Transactional);
        assert_eq!(class("SET @n = 5"), Class::Session);
        assert_eq!(class("SET foreign_key_checks = 0"), Class::Session);
        assert_eq!(class("SET @@session.sql_mode = ''"), Class::Session);
        assert_eq!(class("/*!40101 SET NAMES utf8 */"), Class::Session);
        assert_eq!(class("SET @a = 1, @b = LAST_INSERT_ID()"), Class::Transactional);
        assert_eq!(class("SET @a = @b"), Class::Transactional);
        assert_eq!(class("SET @OLD = @@SQL_MODE, SQL_MODE = 'ANSI'"), Class::Session);
        assert_eq!(class("SET SQL_MODE = @OLD"), Class::Session);
        assert_eq!(class("SET STATEMENT lock_wait_timeout = 1 FOR CALL p()"), class("CALL p()"));
    }

    #[test]
    fn settings_of_the_session_are_named() {
        let assigned = |sql| assigned(Engine::MariaDb, sql);
        assert_eq!(assigned("SET a = 1, @x = 2, SESSION b := 3, GLOBAL c = 4"), ["a", "b"]);
        assert_eq!(assigned("/*!40101 SET @@session.a = @@b, @@c=1, @@global.d=2 */"), ["a", "c"]);
        assert!(assigned("SET NAMES latin1").is_empty());
    }

    #[test]
    fn autocommit_alone_is_left_to_the_runner() {
        assert_eq!(class("SET autocommit=0"), Class::Skipped);
        assert_eq!(class("SET @@SESSION.autocommit = 1"), Class::Skipped);
        assert_eq!(class("SET autocommit = 0, foreign_key_checks = 0"), Class::Session);
        assert_eq!(class("SET @autocommit = 7"), Class::Session);
        assert_eq!(class("SET @old = @@autocommit"), Class::Session);
        let rest = |sql| without_autocommit(Engine::MariaDb, sql);
        assert_eq!(rest("SET autocommit = 0"), None);
        assert_eq!(rest("SET @old = @@autocommit"), None);
        assert_eq!(
            rest("/*!40101 SET @OLD=@@AUTOCOMMIT, @@AUTOCOMMIT=0, x = 'a,b' */").as_deref(),
            Some("SET @OLD=@@AUTOCOMMIT, x = 'a,b'")
        );
    }
}
