use super::super::super::{Backend, Failure, FailureKind, Holder, Kind, SessionId, Value};
use super::super::MySql;
use super::NAME;
use crate::owner;

pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS _migrate_lease (
    name VARCHAR(64) PRIMARY KEY,
    owner VARCHAR(512) NOT NULL,
    expires DATETIME(6) NOT NULL,
    fence BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    session_since VARCHAR(64) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4";

/// A row of the lease's table.
pub(super) struct Standing {
    pub(super) owner: String,
    /// Counts up with every renewal, so that one in between is noticed.
    pub(super) fence: i64,
    /// Seconds until it expires, negative once it has.
    left: i64,
    pub(super) session: SessionId,
}

/// Makes the table and its row.
pub(super) async fn prepare(mysql: &mut MySql) -> Result<(), Failure> {
    if !mysql.has_table("_migrate_lease").await? {
        mysql.run(TABLE).await?;
    }
    let sql = "INSERT IGNORE INTO _migrate_lease VALUES (?, '', UTC_TIMESTAMP(6), 0, 0, '')";
    if find(mysql).await?.is_none() {
        mysql.write(sql, &[Value::Text(NAME)]).await?;
    }
    Ok(())
}

pub(super) async fn find(mysql: &mut MySql) -> Result<Option<Standing>, Failure> {
    let sql = "SELECT owner, CAST(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), expires) AS SIGNED), \
               session_id, session_since, fence FROM _migrate_lease WHERE name = ?";
    let kinds = [Kind::Text, Kind::Int, Kind::Int, Kind::Text, Kind::Int];
    let rows = mysql.read(sql, &[Value::Text(NAME)], &kinds).await?;
    let standing = rows.first().map(|row| {
        let session = SessionId { id: row.int(2)?, since: row.text(3)?.to_owned() };
        let (owner, fence) = (row.text(0)?.to_owned(), row.int(4)?);
        Ok(Standing { owner, fence, left: row.int(1)?, session })
    });
    standing.transpose()
}

pub(super) async fn read(mysql: &mut MySql) -> Result<Standing, Failure> {
    let standing = find(mysql).await?;
    standing.ok_or_else(|| Failure::new(FailureKind::Statement, "the lease's row has vanished"))
}

impl Standing {
    /// Whether somebody has it who has renewed it and is not known to have died.
    pub(super) fn is_held(&self) -> bool {
        !self.owner.is_empty() && self.left >= 0 && !owner::is_surely_gone(&self.owner)
    }

    pub(super) fn holder(&self) -> Holder {
        let session = match self.session.id {
            0 => None,
            id => Some(format!("connection {id} of the cluster's node {}", self.session.since)),
        };
        let process = Some(owner::shortened(&self.owner)).filter(|process| !process.is_empty());
        Holder { session, host: process, ..Holder::default() }
    }
}
