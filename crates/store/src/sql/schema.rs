//! What is read of the migrations' own table.

use super::Statement;

pub(crate) static PING: Statement = Statement::new("SELECT 1");

/// sqlx's table; a row without success is a migration that stands half-way.
pub(crate) static APPLIED_VERSIONS: Statement =
    Statement::new("SELECT version FROM _sqlx_migrations WHERE success = TRUE");

/// What went into a baseline that is applied: `migrate squash` says how.
pub(crate) static SQUASHED_VERSIONS: Statement = Statement::new(
    "SELECT squashed.version FROM _migrate_revisions squashed \
     JOIN _sqlx_migrations baseline ON baseline.version = squashed.floor \
     WHERE squashed.phase = 'squashed' AND baseline.success = TRUE",
);
