use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::definition::{Definition, IndexDefinition};
use super::{Definitions, refused};
use crate::Error;
use crate::catalog::Tables;
use crate::model::{Deferral, Direction, Index, IndexKey, IndexPart, Table, Unique};

/// An index while its parts arrive, one per row.
struct Growing {
    name: String,
    origin: String,
    unique: bool,
    definition: IndexDefinition,
    parts: Vec<IndexPart>,
}

pub(super) async fn read(
    connection: &mut SqliteConnection,
    tables: &mut Tables,
    definitions: &Definitions,
) -> Result<(), Error> {
    let rows = sqlx::query(include_str!("indexes.sql")).fetch_all(connection);
    let mut growing: Option<(String, Growing)> = None;
    for row in rows.await.map_err(refused)? {
        let table: String = row.try_get("table_name").map_err(refused)?;
        let index: String = row.try_get("index_name").map_err(refused)?;
        let continues = growing.as_ref().is_some_and(|(_, now)| now.name == index);
        if !continues {
            finish(growing.take(), tables, definitions);
            growing = Some((table, begin(index, &row)?));
        }
        if let Some((table, index)) = growing.as_mut() {
            let definition = definitions.get(table);
            index.parts.push(part(index, definition, &row).map_err(refused)?);
        }
    }
    finish(growing, tables, definitions);
    Ok(())
}

fn begin(name: String, row: &SqliteRow) -> Result<Growing, Error> {
    let sql: Option<String> = row.try_get("definition").map_err(refused)?;
    let definition = sql.map_or_else(
        || Ok(IndexDefinition::default()),
        |sql| {
            let object = format!("index {name}");
            IndexDefinition::parse(&sql).map_err(|at| Error::Definition { object, at })
        },
    )?;
    let origin = row.try_get("origin").map_err(refused)?;
    let unique = row.try_get("is_unique").map_err(refused)?;
    Ok(Growing { name, origin, unique, definition, parts: Vec::new() })
}

fn part(
    index: &Growing,
    table: Option<&Definition>,
    row: &SqliteRow,
) -> Result<IndexPart, sqlx::Error> {
    let column: Option<String> = row.try_get("column_name")?;
    let collation: String = row.try_get("collation_name")?;
    let of_column = column
        .as_deref()
        .and_then(|column| table?.column(column)?.collation.as_deref())
        .unwrap_or("BINARY");
    let text = || index.definition.parts.get(index.parts.len()).cloned().unwrap_or_default();
    Ok(IndexPart {
        direction: Direction::descending_if(row.try_get("is_descending")?),
        collation: (!collation.eq_ignore_ascii_case(of_column)).then_some(collation),
        ..IndexPart::of(column.map_or_else(|| IndexKey::Expression(text()), IndexKey::Column))
    })
}

fn finish(index: Option<(String, Growing)>, tables: &mut Tables, definitions: &Definitions) {
    let Some((table_name, index)) = index else { return };
    let Some(table) = tables.get_mut(&table_name) else { return };
    match index.origin.as_str() {
        "pk" => {}
        "u" => add_unique(table, definitions.get(&table_name), &index),
        _ => table.indexes.push(Index {
            unique: index.unique,
            parts: index.parts,
            predicate: index.definition.predicate,
            ..Index::new(index.name, "btree")
        }),
    }
}

fn add_unique(table: &mut Table, definition: Option<&Definition>, index: &Growing) {
    let columns: Vec<String> =
        index.parts.iter().filter_map(|part| part.whole_column().map(str::to_owned)).collect();
    table.uniques.push(Unique {
        name: definition.and_then(|definition| definition.unique_name(&columns)),
        columns,
        include: Vec::new(),
        nulls_not_distinct: false,
        deferral: Deferral::NotDeferrable,
    });
}
