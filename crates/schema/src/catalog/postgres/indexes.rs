use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::super::{Tables, comment};
use super::{name as table_name, pairs};
use crate::model::{Direction, Index, IndexKey, IndexPart, Nulls};

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("indexes.sql")).bind(current).fetch_all(connection).await?;
    for row in rows {
        let table = tables.tables.get_mut(&table_name(&row, "schema_name", "table_name")?);
        let Some(table) = table else { continue };
        let name: &str = row.try_get("index_name")?;
        if table.indexes.last().is_none_or(|index| index.name != name) {
            table.indexes.push(index(name, &row)?);
        }
        if let Some(index) = table.indexes.last_mut() {
            add_part(index, &row)?;
        }
    }
    Ok(())
}

fn index(name: &str, row: &PgRow) -> Result<Index, sqlx::Error> {
    Ok(Index {
        unique: row.try_get("is_unique")?,
        predicate: row.try_get("predicate")?,
        nulls_not_distinct: row.try_get("nulls_not_distinct")?,
        usable: row.try_get("is_valid")?,
        parameters: pairs(row, "parameters", "parameter_values")?,
        comment: comment(row.try_get("comment")?),
        ..Index::new(name, row.try_get::<String, _>("method")?)
    })
}

fn add_part(index: &mut Index, row: &PgRow) -> Result<(), sqlx::Error> {
    let column: Option<String> = row.try_get("column_name")?;
    let expression: Option<String> = row.try_get("expression")?;
    if row.try_get("is_included")? {
        index.include.extend(column);
        return Ok(());
    }
    let key = column.map(IndexKey::Column).or(expression.map(IndexKey::Expression));
    let descending: bool = row.try_get("is_descending")?;
    index.parts.extend(key.map(IndexPart::of));
    if let Some(part) = index.parts.last_mut() {
        part.direction = Direction::descending_if(descending);
        part.nulls = nulls(descending, row.try_get("nulls_first")?);
        part.collation = row.try_get("collation_name")?;
        part.operator_class = row.try_get("operator_class")?;
        part.statistics = row.try_get("statistics")?;
    }
    Ok(())
}

/// Ascending indexes end with the NULLs, descending ones begin with them, unless told otherwise.
fn nulls(descending: bool, first: bool) -> Option<Nulls> {
    match (descending, first) {
        (false, true) => Some(Nulls::First),
        (true, false) => Some(Nulls::Last),
        (false, false) | (true, true) => None,
    }
}
