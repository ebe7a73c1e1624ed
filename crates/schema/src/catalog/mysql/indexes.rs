use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use super::Reading;
use super::flavour::Flavour;
use crate::catalog::{Tables, comment};
use crate::model::{Deferral, Direction, Index, IndexKey, IndexPart, PrimaryKey, Table, Unique};

pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let flavour = reading.flavour();
    let rows = sqlx::query(flavour.indexes_sql()).bind(&reading.database);
    for row in rows.fetch_all(connection).await? {
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
        comment: comment(row.try_get("comment")?),
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
    // A spatial index is over the bounds of the value, which take 32 bytes.
    let method: &str = row.try_get("method")?;
    let prefix = prefix.filter(|_| method != "SPATIAL");
    Ok(Some(IndexPart {
        direction: Direction::descending_if(descending.unwrap_or(false)),
        prefix: prefix.and_then(|prefix| u32::try_from(prefix).ok()),
        ..IndexPart::of(key)
    }))
}

/// Moves the primary key and the unique keys over whole columns to where the model has them, unless there
/// is more to say of them than columns.
fn keys_from_indexes(table: &mut Table) {
    let is_memory = table.options.engine.as_deref() == Some("MEMORY");
    for index in std::mem::take(&mut table.indexes) {
        let columns: Option<Vec<String>> =
            index.parts.iter().map(|part| part.whole_column().map(str::to_owned)).collect();
        // Only the memory engine has a choice.
        let is_plain = index.usable
            && index.comment.is_none()
            && (index.method == "hash" || index.method == "btree" && !is_memory)
            && index.parts.iter().all(|part| part.direction == Direction::Ascending);
        match columns {
            Some(columns) if is_plain && index.name == "PRIMARY" => {
                table.primary_key = Some(PrimaryKey { name: None, columns });
            }
            Some(columns) if is_plain && index.unique => table.uniques.push(Unique {
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
