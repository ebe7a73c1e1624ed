//! Group replication, whose members take `GET_LOCK` each for itself.

use super::super::{Backend, Failure, FailureKind, Kind};
use super::MySql;
use crate::Engine;

/// Whether this is a member of a group that writes through all of its members.
///
/// There the schema and the rows of a table may change through one and the same member only:
/// <https://dev.mysql.com/doc/refman/9.0/en/group-replication-data-definition-statements.html>
pub(super) async fn has_several_primaries(mysql: &mut MySql) -> Result<bool, Failure> {
    if mysql.engine() != Engine::MySql {
        return Ok(false);
    }
    let sql = "SHOW GLOBAL VARIABLES LIKE 'group_replication_single_primary_mode'";
    let rows = mysql.read(sql, &[], &[Kind::Text, Kind::Text]).await?;
    if rows.first().and_then(|row| row.find_text(1)) != Some("OFF") {
        return Ok(false);
    }
    let sql = "SELECT CAST(COUNT(*) AS SIGNED) FROM performance_schema.replication_group_members \
               WHERE member_state <> 'OFFLINE'";
    match mysql.read(sql, &[], &[Kind::Int]).await {
        Ok(rows) => Ok(rows.first().map(|row| row.int(0)).transpose()? > Some(0)),
        Err(error) if error.kind == FailureKind::Lost => Err(error),
        // Not everybody may ask whether the group is at work.
        Err(_) => Ok(true),
    }
}
