//! Sessions and their refresh tokens.

use super::Statement;
use super::events::count_recent;
use super::requests::sweep;
use super::users::select_user;

/// The columns that `decode::session` reads, in its order.
macro_rules! session_columns {
    () => {
        "s.id, s.user_id, s.create_time, s.refresh_time, s.expire_time, s.revoke_time"
    };
}

pub(crate) static FIND: Statement =
    Statement::new(concat!("SELECT ", session_columns!(), " FROM sessions s WHERE s.id = ?"));

pub(crate) static FIND_OF_USER: Statement = Statement::new(concat!(
    "SELECT ",
    session_columns!(),
    " FROM sessions s WHERE s.user_id = ? AND s.id = ?"
));

pub(crate) static LIST: Statement = Statement::new(concat!(
    "SELECT ",
    session_columns!(),
    " FROM sessions s WHERE s.user_id = ? ORDER BY s.create_time DESC, s.id DESC"
));

pub(crate) static LIST_PAGE: Statement = Statement::new(concat!(
    "SELECT ",
    session_columns!(),
    " FROM sessions s WHERE s.user_id = ? AND s.create_time <= ? \
     AND (s.create_time < ? OR s.id < ?) ORDER BY s.create_time DESC, s.id DESC LIMIT ?"
));

/// A row per role.
pub(crate) static FIND_CALLER: Statement = Statement::new(concat!(
    "SELECT ",
    session_columns!(),
    ", u.state, u.delete_time, r.role FROM sessions s JOIN users u ON u.id = s.user_id \
     LEFT JOIN user_roles r ON r.user_id = u.id WHERE s.id = ?"
));

/// The same, and how many events there are of the caller lately.
pub(crate) static FIND_CALLER_AND_WRITES: Statement = Statement::new(concat!(
    "SELECT ",
    session_columns!(),
    ", u.state, u.delete_time, r.role, ",
    count_recent!(),
    " FROM sessions s JOIN users u ON u.id = s.user_id \
     LEFT JOIN user_roles r ON r.user_id = u.id WHERE s.id = ?"
));

/// The user that a caller asks for, and then the caller.
pub(crate) static FIND_USER_AND_CALLER: Statement = Statement::new(select_user!(
    "sessions x JOIN users c ON c.id = x.user_id LEFT JOIN user_roles g ON g.user_id = c.id \
     LEFT JOIN users u ON u.id = ?",
    ", x.id, x.user_id, x.create_time, x.refresh_time, x.expire_time, x.revoke_time, c.state, \
     c.delete_time, g.role",
    "WHERE x.id = ?"
));

pub(crate) static INSERT: Statement = Statement::new(
    "INSERT INTO sessions (id, user_id, create_time, refresh_time, expire_time) \
     VALUES (?, ?, ?, ?, ?)",
);

pub(crate) static INSERT_TOKEN: Statement = Statement::new(
    "INSERT INTO refresh_tokens (token_hash, session_id, create_time, expire_time) \
     VALUES (?, ?, ?, ?)",
);

/// Locks the user that a refresh token leads to.
pub(crate) static LOCK_USER_OF_TOKEN: Statement = Statement::new(
    "SELECT state, delete_time FROM users WHERE id = (SELECT s.user_id FROM refresh_tokens t \
     JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = ?) FOR UPDATE",
);

pub(crate) static FIND_TOKEN: Statement = Statement::new(concat!(
    "SELECT ",
    session_columns!(),
    ", t.expire_time, t.use_time, t.successor_hash, n.use_time FROM refresh_tokens t \
     JOIN sessions s ON s.id = t.session_id \
     LEFT JOIN refresh_tokens n ON n.token_hash = t.successor_hash WHERE t.token_hash = ?"
));

pub(crate) static SWEEP: Statement = sweep!("sessions", "id");

pub(crate) static SWEEP_TOKENS: Statement = sweep!("refresh_tokens", "token_hash");

pub(crate) static USE_TOKEN: Statement = Statement::new(
    "UPDATE refresh_tokens SET use_time = ?, successor_hash = ? \
     WHERE token_hash = ? AND use_time IS NULL",
);

pub(crate) static REFRESH: Statement =
    Statement::new("UPDATE sessions SET refresh_time = ?, expire_time = ? WHERE id = ?");

pub(crate) static REVOKE: Statement = Statement::new(
    "UPDATE sessions SET revoke_time = ? WHERE user_id = ? AND id = ? AND revoke_time IS NULL",
);

pub(crate) static REVOKE_ALL: Statement =
    Statement::new("UPDATE sessions SET revoke_time = ? WHERE user_id = ? AND revoke_time IS NULL");

pub(crate) static REVOKE_OTHERS: Statement = Statement::new(
    "UPDATE sessions SET revoke_time = ? WHERE user_id = ? AND id <> ? AND revoke_time IS NULL",
);
