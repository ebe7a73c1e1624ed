//! What somebody made past the files, and would go with a table that is rebuilt.

use super::frame::CHECKED;
use super::plan::Plan;
use crate::catalog::sqlite::literal;
use crate::model::{Kind, Name, Table};

/// The question what there is of columns, indexes and triggers that the files do not know, before the tables step aside,
/// and that afterwards, whether there is none.
pub(super) fn questions(plan: &Plan<'_>) -> (String, String) {
    let rebuilt = plan.rebuilt();
    let tables = rebuilt.filter_map(|name| Some((name, plan.difference.from.tables.get(name)?)));
    let unknown: Vec<String> = tables.map(|(name, table)| unknown(plan, name, table)).collect();
    (
        unknown.join(";\n\n"),
        format!(
            "INSERT OR ROLLBACK INTO {CHECKED} (is_known)\nSELECT count(unknown) = 0 FROM {CHECKED}"
        ),
    )
}

fn unknown(plan: &Plan<'_>, name: &Name, table: &Table) -> String {
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let triggers = plan.difference.from.definitions.iter().filter(|(key, definition)| {
        key.kind == Kind::Trigger && definition.owner.as_ref() == Some(name)
    });
    let indexes = table.indexes.iter().map(|index| index.name.as_str());
    let parts = indexes.chain(triggers.map(|(key, _)| key.name.local.as_str()));
    let here = literal(&name.local);
    format!(
        "INSERT INTO {CHECKED} (unknown)\nSELECT name FROM pragma_table_xinfo({here})\nWHERE {}\nUNION ALL\n\
         SELECT name FROM sqlite_schema\n\
         WHERE tbl_name = {here} COLLATE NOCASE AND type <> 'table' AND sql IS NOT NULL AND {}",
        none_of(columns),
        none_of(parts),
    )
}

fn none_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(literal).collect();
    format!("name COLLATE NOCASE NOT IN ({})", names.join(", "))
}
