//! Whether the database answers and what schema it has.

use crate::columns::Columns;
use crate::db::Db;
use crate::engine::{Engine, Row};
use crate::error::StoreError;
use crate::sql::schema as sql;

pub(crate) async fn ping<E: Engine>(db: &Db<E>) -> Result<(), StoreError> {
    db.read(&sql::PING, &[], |_| Ok(())).await
}

pub(crate) async fn missing_versions<E: Engine>(
    db: &Db<E>,
    required: &[i64],
) -> Result<Vec<i64>, StoreError> {
    let ledgers = db.read_sql(E::COUNT_LEDGERS, &[], numbers::<E>).await?;
    let mut missing = required.to_vec();
    if ledgers != [0] {
        let applied = db.read(&sql::APPLIED_VERSIONS, &[], numbers::<E>).await?;
        missing.retain(|version| !applied.contains(version));
    }
    // One row may stand for several revisions that this program knows one by one.
    if ledgers == [2] && !missing.is_empty() {
        let squashed = db.read(&sql::SQUASHED_VERSIONS, &[], numbers::<E>).await?;
        missing.retain(|version| !squashed.contains(version));
    }
    Ok(missing)
}

fn numbers<E: Engine>(rows: &[Row<E>]) -> Result<Vec<i64>, sqlx::Error> {
    rows.iter().map(|row| Columns::<E>::of(row).number("version")).collect()
}
