//! Calls that were made under a request id, and leases.

use super::Statement;

/// Deletes at most so many rows that have expired, the oldest first. MySQL takes a limit in a subquery only
/// where that stands in a table of its own.
macro_rules! sweep {
    ($table:literal, $key:literal) => {
        Statement::new(concat!(
            "DELETE FROM ",
            $table,
            " WHERE ",
            $key,
            " IN (SELECT ",
            $key,
            " FROM (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE expire_time <= ? ORDER BY expire_time LIMIT ?) expired)"
        ))
    };
}

pub(crate) use sweep;

pub(crate) static FIND: Statement = Statement::new(
    "SELECT fingerprint, answer FROM request_ids WHERE key_hash = ? AND expire_time > ?",
);

pub(crate) static DELETE_EXPIRED_ONE: Statement =
    Statement::new("DELETE FROM request_ids WHERE key_hash = ? AND expire_time <= ?");

pub(crate) static INSERT: Statement = Statement::new(
    "INSERT INTO request_ids (key_hash, fingerprint, user_id, answer, expire_time) \
     VALUES (?, ?, ?, ?, ?)",
);

pub(crate) static SWEEP: Statement = sweep!("request_ids", "key_hash");

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
