use super::column::{Home, column};
use super::mode::Mode;
use super::options;
use super::parts::{check, foreign_key, index, primary_key, unique};
use super::text::name;
use crate::model::{ForeignKey, Name, Schema, Table};

/// CREATE TABLE with those of its foreign keys whose tables are there.
pub(super) fn create(
    schema: &Schema,
    own: &Name,
    table: &Table,
    is_late: impl Fn(&ForeignKey) -> bool,
) -> String {
    let home = home(schema, table);
    let engine = table.options.engine.as_deref();
    let mut clauses: Vec<String> = table.columns.iter().map(|one| column(home, one)).collect();
    clauses.extend(table.primary_key.as_ref().map(primary_key));
    clauses.extend(table.uniques.iter().map(unique));
    clauses.extend(table.indexes.iter().map(|one| index(schema.dialect, engine, one)));
    let of_column = |name: &Option<String>| is_of_column(table, name.as_deref());
    let checks = table.checks.iter().filter(|one| !of_column(&one.name));
    clauses.extend(checks.map(check));
    let keys = table.foreign_keys.iter().filter(|key| !is_late(key));
    clauses.extend(keys.map(foreign_key));
    let options = options::of_created(table, schema.collation.as_deref());
    let options: Vec<String> = options.iter().map(|option| format!(" {option}")).collect();
    let options = options.concat();
    let clauses = clauses.join(",\n    ");
    let sql = format!("CREATE TABLE {} (\n    {clauses}\n){options}", name(&own.local));
    Mode::of([table]).around(schema.dialect, false, sql)
}

/// What the columns of a table need not say.
pub(super) fn home<'a>(schema: &Schema, table: &'a Table) -> Home<'a> {
    Home { dialect: schema.dialect, collation: table.options.collation.as_deref() }
}

/// Whether a check is part of a column, as `MariaDB` has them: it is named like it.
pub(super) fn is_of_column(table: &Table, check: Option<&str>) -> bool {
    let column = check.and_then(|check| table.column(check));
    column.is_some_and(|column| column.attributes.contains_key("CHECK"))
}
