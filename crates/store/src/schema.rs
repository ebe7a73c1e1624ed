//! Whether the database answers and what schema it has.

use crate::columns::Columns;
use crate::db::Db;
use crate::engine::{Arguments, Connection, Engine, Row};
use crate::error::StoreError;
use crate::fault::store_error;
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

/// Every version that is applied, also those that went into a baseline, in no particular order: as a
/// connection sees it, in its transaction.
pub(crate) async fn applied_versions<E: Engine>(
    connection: &mut Connection<E>,
) -> Result<Vec<i64>, StoreError> {
    let ledgers = fetch::<E>(connection, E::COUNT_LEDGERS).await?;
    let mut applied = Vec::new();
    if ledgers != [0] {
        applied.extend(fetch::<E>(connection, E::sql(&sql::APPLIED_VERSIONS)).await?);
    }
    if ledgers == [2] {
        applied.extend(fetch::<E>(connection, E::sql(&sql::SQUASHED_VERSIONS)).await?);
    }
    Ok(applied)
}

async fn fetch<E: Engine>(
    connection: &mut Connection<E>,
    sql: &'static str,
) -> Result<Vec<i64>, StoreError> {
    let rows = E::fetch(connection, sql, Arguments::<E>::default()).await;
    rows.and_then(|rows| numbers::<E>(&rows)).map_err(store_error::<E>)
}

fn numbers<E: Engine>(rows: &[Row<E>]) -> Result<Vec<i64>, sqlx::Error> {
    rows.iter().map(|row| Columns::<E>::of(row).number("version")).collect()
}
