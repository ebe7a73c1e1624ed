//! Calls that were made under a request id, and leases.

use super::Statement;

pub(crate) static FIND: Statement = Statement::new(
    "SELECT fingerprint, answer FROM request_ids WHERE key_hash = ? AND expire_time > ?",
);

pub(crate) static DELETE_EXPIRED_ONE: Statement =
    Statement::new("DELETE FROM request_ids WHERE key_hash = ? AND expire_time <= ?");

pub(crate) static INSERT: Statement = Statement::new(
    "INSERT INTO request_ids (key_hash, fingerprint, user_id, answer, expire_time) \
     VALUES (?, ?, ?, ?, ?)",
);

pub(crate) static DELETE_EXPIRED: Statement =
    Statement::new("DELETE FROM request_ids WHERE expire_time <= ?");

/// Takes or prolongs a lease that nobody else holds.
pub(crate) static TAKE_LEASE: Statement = Statement::new(
    "UPDATE leases SET holder = ?, expire_time = ? WHERE name = ? AND (holder = ? OR expire_time <= ?)",
);

pub(crate) static FIND_LEASE: Statement =
    Statement::new("SELECT holder FROM leases WHERE name = ?");

pub(crate) static INSERT_LEASE: Statement =
    Statement::new("INSERT INTO leases (name, holder, expire_time) VALUES (?, ?, ?)");

pub(crate) static LIST_DUE: Statement = Statement::new(
    "SELECT id FROM users WHERE purge_time <= ? AND delete_time IS NOT NULL \
     ORDER BY purge_time LIMIT ? FOR UPDATE",
);
