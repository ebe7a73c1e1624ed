//! Mails to be sent, the tokens in them, and what waits for a token.

use super::Statement;

/// The columns that `mails::outbox` reads, in its order.
macro_rules! mail_columns {
    () => {
        "m.id, m.kind, m.user_id, m.email, m.seed, m.create_time, m.expire_time, m.due_time, \
         m.attempts"
    };
}

pub(crate) static INSERT: Statement = Statement::new(
    "INSERT INTO mails (id, kind, user_id, email, seed, create_time, expire_time, due_time, \
     attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
);

pub(crate) static FIND_DUE: Statement = Statement::new(concat!(
    "SELECT ",
    mail_columns!(),
    " FROM mails m WHERE m.dead_time IS NULL AND m.due_time <= ? ORDER BY m.due_time LIMIT ?"
));

/// Of several that have read the same `due_time`, one matches the row.
pub(crate) static CLAIM: Statement = Statement::new(
    "UPDATE mails SET due_time = ?, attempts = attempts + 1 \
     WHERE id = ? AND due_time = ? AND dead_time IS NULL",
);

pub(crate) static ASSIGN: Statement =
    Statement::new("UPDATE mails SET user_id = ? WHERE id = ? AND due_time = ?");

pub(crate) static REMOVE: Statement =
    Statement::new("DELETE FROM mails WHERE id = ? AND due_time = ?");

pub(crate) static DEFER: Statement =
    Statement::new("UPDATE mails SET due_time = ?, failure = ? WHERE id = ? AND due_time = ?");

/// What is given up is kept without what its token could be made of.
pub(crate) static BURY: Statement = Statement::new(
    "UPDATE mails SET dead_time = ?, failure = ?, seed = NULL WHERE id = ? AND due_time = ?",
);

pub(crate) static COUNT_DEAD: Statement =
    Statement::new("SELECT COUNT(*) FROM mails WHERE dead_time IS NOT NULL");

pub(crate) static SWEEP_DEAD: Statement = Statement::new("DELETE FROM mails WHERE dead_time < ?");

/// `MySQL` assigns from left to right: the count is decided before the window moves.
pub(crate) static COUNT_REQUEST: Statement = Statement::new(
    "UPDATE mail_limits SET mails = CASE WHEN window_time <= ? THEN 1 ELSE mails + 1 END, \
     window_time = CASE WHEN window_time <= ? THEN ? ELSE window_time END WHERE subject = ?",
);

pub(crate) static INSERT_LIMIT: Statement =
    Statement::new("INSERT INTO mail_limits (subject, window_time, mails) VALUES (?, ?, 1)");

pub(crate) static FIND_LIMIT: Statement =
    Statement::new("SELECT mails, window_time FROM mail_limits WHERE subject = ?");

pub(crate) static SWEEP_LIMITS: Statement =
    Statement::new("DELETE FROM mail_limits WHERE window_time < ?");

pub(crate) static REPLACE_TOKEN: Statement = Statement::new(
    "UPDATE account_tokens SET token_hash = ?, mail_id = ?, email_key = ?, create_time = ?, \
     expire_time = ? WHERE user_id = ? AND kind = ?",
);

pub(crate) static INSERT_TOKEN: Statement = Statement::new(
    "INSERT INTO account_tokens (token_hash, mail_id, email_key, create_time, expire_time, user_id, \
     kind) VALUES (?, ?, ?, ?, ?, ?, ?)",
);

pub(crate) static FIND_TOKEN_OF_USER: Statement = Statement::new(
    "SELECT token_hash, mail_id, create_time, expire_time FROM account_tokens \
     WHERE user_id = ? AND kind = ?",
);

/// Locks the user that a token leads to.
pub(crate) static LOCK_USER_OF_TOKEN: Statement = Statement::new(
    "SELECT state, delete_time FROM users WHERE id = (SELECT t.user_id FROM account_tokens t \
     WHERE t.token_hash = ? AND t.kind = ?) FOR UPDATE",
);

pub(crate) static FIND_TOKEN: Statement = Statement::new(
    "SELECT user_id, email_key FROM account_tokens \
     WHERE token_hash = ? AND kind = ? AND expire_time > ?",
);

pub(crate) static COUNT_USABLE_TOKENS: Statement = Statement::new(
    "SELECT COUNT(*) FROM account_tokens t JOIN users u ON u.id = t.user_id \
     WHERE t.token_hash = ? AND t.kind = ? AND t.expire_time > ? \
     AND u.state = 'ACTIVE' AND u.delete_time IS NULL",
);

pub(crate) static DELETE_TOKEN: Statement =
    Statement::new("DELETE FROM account_tokens WHERE user_id = ? AND kind = ?");

pub(crate) static DELETE_TOKENS: Statement =
    Statement::new("DELETE FROM account_tokens WHERE user_id = ?");

pub(crate) static SWEEP_TOKENS: Statement =
    Statement::new("DELETE FROM account_tokens WHERE expire_time < ?");

pub(crate) static LOCK_USER_OF_EMAIL: Statement =
    Statement::new("SELECT state, delete_time, id FROM users WHERE email_key = ? FOR UPDATE");

pub(crate) static REPLACE_PENDING: Statement =
    Statement::new("UPDATE pending_emails SET email = ?, create_time = ? WHERE user_id = ?");

pub(crate) static INSERT_PENDING: Statement =
    Statement::new("INSERT INTO pending_emails (email, create_time, user_id) VALUES (?, ?, ?)");

pub(crate) static FIND_PENDING: Statement =
    Statement::new("SELECT email FROM pending_emails WHERE user_id = ?");

pub(crate) static DELETE_PENDING: Statement =
    Statement::new("DELETE FROM pending_emails WHERE user_id = ?");

pub(crate) static VERIFY: Statement = Statement::new(
    "UPDATE users SET email_verified = TRUE, revision = revision + 1, update_time = ? \
     WHERE id = ? AND email_verified = FALSE",
);

pub(crate) static CHANGE_EMAIL: Statement = Statement::new(
    "UPDATE users SET email = ?, email_key = ?, email_verified = TRUE, revision = revision + 1, \
     update_time = ? WHERE id = ?",
);
