//! Attempts to sign in.

use super::Statement;
use super::requests::sweep;

pub(crate) static LOCK: Statement = Statement::new(
    "SELECT failures, failure_time, user_id FROM sign_in_attempts WHERE subject = ? FOR UPDATE",
);

pub(crate) static COUNT: Statement = Statement::new(
    "UPDATE sign_in_attempts SET failures = ?, failure_time = ?, expire_time = ? WHERE subject = ?",
);

pub(crate) static INSERT: Statement = Statement::new(
    "INSERT INTO sign_in_attempts (failures, failure_time, expire_time, subject) VALUES (?, ?, ?, ?)",
);

pub(crate) static REFUND: Statement = Statement::new(
    "UPDATE sign_in_attempts SET failures = failures - 1 WHERE subject = ? AND failures > 0",
);

/// The password was shown at this place.
pub(crate) static SET_KNOWN: Statement = Statement::new(
    "UPDATE sign_in_attempts SET failures = 0, user_id = ?, failure_time = ?, expire_time = ? \
     WHERE subject = ?",
);

pub(crate) static SWEEP: Statement = sweep!("sign_in_attempts", "subject");
