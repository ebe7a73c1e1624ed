use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::Definitions;
use crate::catalog::Tables;
use crate::model::{Action, Deferral, ForeignKey, Name};

/// A foreign key, and whether it names the columns that it refers to.
type Key = (ForeignKey, bool);

pub(super) async fn read(
    connection: &mut SqliteConnection,
    tables: &mut Tables,
    definitions: &Definitions,
) -> Result<(), sqlx::Error> {
    let mut keys: BTreeMap<String, BTreeMap<Reverse<i64>, Key>> = BTreeMap::new();
    let rows = sqlx::query(include_str!("foreign_keys.sql")).fetch_all(connection).await?;
    for row in rows {
        let of_table = keys.entry(row.try_get("table_name")?).or_default();
        let id = Reverse(row.try_get("id")?);
        let (key, names_columns) = match of_table.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(begin(&row)?),
        };
        key.columns.push(row.try_get("column_name")?);
        let referenced: Option<String> = row.try_get("referenced_column")?;
        *names_columns = referenced.is_some();
        key.referenced_columns.extend(referenced);
    }
    for (name, of_table) in keys {
        // Descending ids are the order of declaration, which is that of the definition.
        let mut declared =
            definitions.get(&name).into_iter().flat_map(|definition| &definition.foreign_keys);
        let keys = of_table.into_values().map(|(key, names_columns)| {
            let (name, deferral) = declared.next().cloned().unwrap_or_default();
            let key = ForeignKey { name, deferral, ..key };
            if names_columns { key } else { to_primary_key(key, tables) }
        });
        let keys: Vec<ForeignKey> = keys.collect();
        if let Some(table) = tables.get_mut(&name) {
            table.foreign_keys = keys;
        }
    }
    Ok(())
}

fn begin(row: &SqliteRow) -> Result<Key, sqlx::Error> {
    let key = ForeignKey {
        name: None,
        columns: Vec::new(),
        referenced_schema: None,
        referenced_table: row.try_get("referenced_table")?,
        referenced_columns: Vec::new(),
        on_delete: Action::from_words(row.try_get("on_delete")?),
        on_update: Action::from_words(row.try_get("on_update")?),
        deferral: Deferral::NotDeferrable,
        validated: true,
    };
    Ok((key, true))
}

/// `REFERENCES t` without columns means the primary key of t.
fn to_primary_key(key: ForeignKey, tables: &Tables) -> ForeignKey {
    let by_name = |(name, _): &(&Name, _)| name.local.eq_ignore_ascii_case(&key.referenced_table);
    let referenced = tables.tables.iter().find(by_name);
    let primary_key = referenced.and_then(|(_, table)| table.primary_key.as_ref());
    let referenced_columns = primary_key.map(|key| key.columns.clone()).unwrap_or_default();
    ForeignKey { referenced_columns, ..key }
}
