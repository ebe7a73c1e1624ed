use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use crate::catalog::Tables;
use crate::model::{Deferral, Direction, Index, IndexKey, IndexPart, PrimaryKey, Table, Unique};

pub(super) async fn read(
    connection: &mut MySqlConnection,
    flavour: Flavour,
    database: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(flavour.indexes_sql()).bind(database).fetch_all(connection).await?;
    for row in rows {
        let Some(table) = tables.get_mut(row.try_get("table_name")?) else { continue };
        let name: &str = row.try_get("index_name")?;
        if table.indexes.last().is_none_or(|index| index.name != name) {
            table.indexes.push(index(name, &row)?);
        }
        if let Some(index) = table.indexes.last_mut() {
            index.parts.extend(part(flavour, &row)?);
        }
    }
    tables.tables.values_mut().for_each(keys_from_indexes);
    Ok(())
}

fn index(name: &str, row: &MySqlRow) -> Result<Index, sqlx::Error> {
    let method: String = row.try_get("method")?;
    Ok(Index {
        unique: row.try_get("is_unique")?,
        usable: row.try_get("is_usable")?,
        ..Index::new(name, method.to_ascii_lowercase())
    })
}

fn part(flavour: Flavour, row: &MySqlRow) -> Result<Option<IndexPart>, sqlx::Error> {
    let column: Option<String> = row.try_get("column_name")?;
    let expression: Option<String> = row.try_get("expression")?;
    let expression = expression.map(|shown| IndexKey::Expression(flavour.expression(&shown)));
    let Some(key) = column.map(IndexKey::Column).or(expression) else { return Ok(None) };
    // NULL for methods without an order, such as FULLTEXT.
    let descending: Option<bool> = row.try_get("is_descending")?;
    let prefix: Option<i64> = row.try_get("prefix")?;
    Ok(Some(IndexPart {
        direction: Direction::descending_if(descending.unwrap_or(false)),
        prefix: prefix.and_then(|prefix| u32::try_from(prefix).ok()),
        ..IndexPart::of(key)
    }))
}

/// Moves the primary key and the unique keys over whole columns to where the model has them.
fn keys_from_indexes(table: &mut Table) {
    for index in std::mem::take(&mut table.indexes) {
        let columns: Option<Vec<String>> =
            index.parts.iter().map(|part| part.whole_column().map(str::to_owned)).collect();
        let is_plain =
            index.usable && index.parts.iter().all(|part| part.direction == Direction::Ascending);
        match columns {
            Some(columns) if index.name == "PRIMARY" => {
                table.primary_key = Some(PrimaryKey { name: None, columns });
            }
            Some(columns) if index.unique && is_plain => table.uniques.push(Unique {
                name: Some(index.name),
                columns,
                include: Vec::new(),
                nulls_not_distinct: false,
                deferral: Deferral::NotDeferrable,
            }),
            Some(_) | None => table.indexes.push(index),
        }
    }
}
