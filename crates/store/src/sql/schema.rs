//! What is read of the migrations' own table.

use super::Statement;

pub(crate) static PING: Statement = Statement::new("SELECT 1");

/// sqlx's table; a row without success is a migration that stands half-way.
pub(crate) static APPLIED_VERSIONS: Statement =
    Statement::new("SELECT version FROM _sqlx_migrations WHERE success = TRUE");
