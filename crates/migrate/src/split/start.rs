use super::lexer::{Token, TokenKind};

/// How near the only statement is of which a routine, a trigger or an event consists.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Start {
    /// What comes before `FOR EACH ROW`, or before an event's `DO`.
    #[default]
    Head,
    /// It may begin, or go on with the head's options.
    Ready,
    /// It has begun; no block does any more.
    Begun,
}

/// The words with which a statement begins that is no block.
const VERBS: [&str; 57] = [
    "ALTER",
    "ANALYZE",
    "BINLOG",
    "CACHE",
    "CALL",
    "CHANGE",
    "CHECK",
    "CHECKSUM",
    "CLONE",
    "COMMIT",
    "CREATE",
    "DEALLOCATE",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DO",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "FLUSH",
    "GET",
    "GRANT",
    "HANDLER",
    "HELP",
    "IMPORT",
    "INSERT",
    "INSTALL",
    "KILL",
    "LOAD",
    "LOCK",
    "OPTIMIZE",
    "PREPARE",
    "PURGE",
    "RELEASE",
    "RENAME",
    "REPAIR",
    "REPLACE",
    "RESET",
    "RESIGNAL",
    "RETURN",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "SIGNAL",
    "START",
    "STOP",
    "TABLE",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "VALUES",
    "WITH",
    "XA",
];

impl Start {
    pub(super) fn of(kind: &Token<'_>) -> Self {
        let has_trigger_head = kind.is_word("TRIGGER") || kind.is_word("EVENT");
        if has_trigger_head { Self::Head } else { Self::Ready }
    }

    /// Takes a token that stands in no block and no parentheses, and the one before.
    pub(super) fn see(&mut self, token: &Token<'_>, last: &Token<'_>) {
        *self = match *self {
            // What the server reads of a comment that it executes may be the end of the head.
            Self::Head if token.kind == TokenKind::Executable => Self::Ready,
            Self::Head if token.is_word("ROW") && last.is_word("EACH") => Self::Ready,
            Self::Head if token.is_word("DO") && !last.is_word("TO") => Self::Ready,
            Self::Ready if is_verb(token, last) => Self::Begun,
            other => other,
        };
    }
}

/// Whether a statement begins with the token that is no block.
pub(super) fn is_verb(token: &Token<'_>, last: &Token<'_>) -> bool {
    let is_type = last.is_word("CHARACTER") || last.is_word("RETURNS");
    !is_type && VERBS.iter().any(|verb| token.is_word(verb))
}
