//! What SQLite's pragmas tell of tables, against what is read from their statements.

use artisan_schema::model::{Action, Schema, Storage, Table};
use artisan_testkit::TestDatabase;

use crate::catalog;

const TOLD: &str = "
    SELECT 'column ' || l.name || ' ' || x.name || ' ' || (x.\"notnull\" = 0) || ' ' || x.hidden || ' ' || x.pk
    FROM pragma_table_list l, pragma_table_xinfo(l.name) x WHERE l.type = 'table' AND l.name NOT LIKE 'sqlite%'
    UNION ALL
    SELECT 'type ' || l.name || ' ' || x.name || ' ' || replace(upper(x.type), ' GENERATED ALWAYS', '')
    FROM pragma_table_list l, pragma_table_xinfo(l.name) x WHERE l.type = 'table' AND l.name NOT LIKE 'sqlite%'
    UNION ALL
    SELECT 'unique ' || l.name || ' ' || (SELECT group_concat(x.name) FROM pragma_index_info(i.name) x)
    FROM pragma_table_list l, pragma_index_list(l.name) i WHERE l.type = 'table' AND i.origin = 'u'
    UNION ALL
    SELECT 'index ' || l.name || ' ' || i.name || ' ' || i.\"unique\" || ' ' || i.partial || ' ' ||
           (SELECT group_concat(coalesce(x.name, '(expression)') || x.\"desc\") FROM pragma_index_xinfo(i.name) x WHERE x.\"key\")
    FROM pragma_table_list l, pragma_index_list(l.name) i WHERE l.type = 'table' AND i.origin = 'c'
    UNION ALL
    SELECT 'key ' || l.name || ' ' || f.\"from\" || ' ' || f.\"table\" || ' ' || f.\"to\" || ' ' || f.on_delete || ' ' || f.on_update
    FROM pragma_table_list l, pragma_foreign_key_list(l.name) f WHERE l.type = 'table'
    UNION ALL
    SELECT 'table ' || l.name || ' ' || l.wr || ' ' || l.strict
    FROM pragma_table_list l WHERE l.type = 'table' AND l.name NOT LIKE 'sqlite%'";

/// Where the two do not agree.
pub(super) async fn disagreement(database: &TestDatabase, schema: &Schema) -> Option<String> {
    let told = catalog::rows(database, TOLD).await;
    let mut told: Vec<String> = told.lines().map(str::to_owned).collect();
    let mut read: Vec<String> =
        schema.tables.iter().flat_map(|(name, table)| lines(&name.local, table)).collect();
    told.sort();
    read.sort();
    (told != read).then(|| catalog::differing(&told.join("\n"), &read.join("\n")))
}

fn lines(name: &str, table: &Table) -> Vec<String> {
    let one = u8::from;
    let options = &table.options;
    let mut lines =
        vec![format!("table {name} {} {}", one(options.without_rowid), one(options.strict))];
    let key = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    for column in &table.columns {
        let hidden = match column.generated.as_ref().map(|generated| generated.storage) {
            None => 0,
            Some(Storage::Virtual) => 2,
            Some(Storage::Stored) => 3,
        };
        let place = key.iter().position(|part| *part == column.name).map_or(0, |at| at + 1);
        let nullable = one(column.nullable);
        lines.push(format!("column {name} {} {nullable} {hidden} {place}", column.name));
        lines.push(format!("type {name} {} {}", column.name, column.data_type));
    }
    let uniques = table.uniques.iter().map(|unique| unique.columns.join(","));
    lines.extend(uniques.map(|columns| format!("unique {name} {columns}")));
    for index in &table.indexes {
        let parts = index.parts.iter().map(|part| {
            let descending = one(part.direction == artisan_schema::model::Direction::Descending);
            format!("{}{descending}", part.column().unwrap_or("(expression)"))
        });
        let parts = parts.collect::<Vec<_>>().join(",");
        let (unique, partial) = (one(index.unique), one(index.predicate.is_some()));
        lines.push(format!("index {name} {} {unique} {partial} {parts}", index.name));
    }
    for key in &table.foreign_keys {
        for (from, to) in key.columns.iter().zip(&key.referenced_columns) {
            let (delete, update) = (words(key.on_delete), words(key.on_update));
            lines
                .push(format!("key {name} {from} {} {to} {delete} {update}", key.referenced_table));
        }
    }
    lines
}

const fn words(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}
