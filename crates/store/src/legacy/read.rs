use super::column::SELECTED;
use super::{LegacyColumn, LegacyCounts, LegacyUser};
use crate::StoreError;
use crate::columns::Columns;
use crate::engine::{Arguments, Connection, Row, Value};
use crate::fault::store_error;
use crate::snapshot::Source;
use crate::sql::Statement;
use crate::sql::legacy as sql;

pub(super) async fn counts<E: Source>(
    connection: &mut Connection<E>,
) -> Result<LegacyCounts, StoreError> {
    let mut counts = [0; 4];
    let tables =
        [&sql::COUNT_USERS, &sql::COUNT_ARTISANS, &sql::COUNT_BUYERS, &sql::COUNT_ADDRESSES];
    for (count, statement) in counts.iter_mut().zip(tables) {
        for row in &fetch::<E>(connection, statement, &[]).await? {
            let number = Columns::<E>::of(row).number("count").map_err(store_error::<E>)?;
            *count = u64::try_from(number).unwrap_or_default();
        }
    }
    let [users, artisans, buyers, addresses] = counts;
    Ok(LegacyCounts { users, artisans, buyers, addresses })
}

pub(super) async fn page<E: Source>(
    connection: &mut Connection<E>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<LegacyUser>, StoreError> {
    let limit = Value::Number(i64::from(limit));
    let rows = match after {
        None => fetch::<E>(connection, &sql::FIRST_PAGE, &[limit]).await?,
        Some(id) => fetch::<E>(connection, &sql::NEXT_PAGE, &[Value::Text(id), limit]).await?,
    };
    rows.iter().map(|row| user::<E>(row).map_err(store_error::<E>)).collect()
}

fn user<E: Source>(row: &Row<E>) -> Result<LegacyUser, sqlx::Error> {
    let mut columns = Columns::<E>::of(row);
    let values = LegacyColumn::ALL.iter().map(|_| columns.maybe_text());
    Ok(LegacyUser { values: values.collect::<Result<_, _>>()? })
}

pub(super) async fn strays<E: Source>(
    connection: &mut Connection<E>,
) -> Result<Vec<(LegacyColumn, String)>, StoreError> {
    let tables = [
        (LegacyColumn::ArtisanId, &sql::STRAY_ARTISANS),
        (LegacyColumn::BuyerId, &sql::STRAY_BUYERS),
    ];
    let mut strays = Vec::new();
    for (column, statement) in tables {
        for row in &fetch::<E>(connection, statement, &[]).await? {
            let id = Columns::<E>::of(row).text(column.path()).map_err(store_error::<E>)?;
            strays.push((column, id));
        }
    }
    Ok(strays)
}

/// Runs a query; `{columns}` and the type of texts become what this engine takes.
async fn fetch<E: Source>(
    connection: &mut Connection<E>,
    statement: &'static Statement,
    values: &[Value<'_>],
) -> Result<Vec<Row<E>>, StoreError> {
    let text = E::sql(statement).replace("{columns}", &SELECTED.join(", "));
    let text = text.replace(" AS TEXT)", &format!(" AS {})", E::TEXT));
    let mut arguments = Arguments::<E>::default();
    for value in values {
        let bound = E::bind(&mut arguments, *value).map_err(sqlx::Error::Encode);
        bound.map_err(store_error::<E>)?;
    }
    E::fetch_built(connection, text, arguments).await.map_err(store_error::<E>)
}
