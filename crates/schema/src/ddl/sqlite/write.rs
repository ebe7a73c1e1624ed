//! The plan as statements, in an order in which each finds what it needs.

use super::super::Statement;
use super::plan::{Fate, Plan};
use super::{aside, demands, drops, full_text, rebuild};
use crate::catalog::sqlite::quoted;
use crate::model::{Kind, Name, Reference, Table};

/// A statement of which nothing is lost.
fn statement(sql: String, change: &'static str, kind: Kind, object: Name) -> Statement {
    Statement { sql, change, kind, object, loses: None }
}

/// The name of a column or index as a summary gives it.
fn part(table: &Name, name: &str) -> Name {
    Name::local(format!("{}.{name}", table.local))
}

pub(super) fn statements(plan: &Plan<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    drop_definitions(plan, &mut statements);
    for (table, index) in &plan.dropped_indexes {
        let sql = format!("DROP INDEX {}", quoted(index));
        statements.push(statement(sql, "drop index", Kind::Table, part(table, index)));
    }
    rename(plan, &mut statements);
    drop_columns(plan, &mut statements);
    for name in &plan.dropped.tables {
        let sql = format!("DROP TABLE {}", quoted(&name.local));
        let loses = Some(format!("all rows of {name}"));
        let dropped = statement(sql, "drop table", Kind::Table, (*name).clone());
        statements.push(Statement { loses, ..dropped });
    }
    for (name, table) in drops::creation_order(plan.difference) {
        let sql = table.written.text().to_owned();
        statements.push(statement(sql, "create table", Kind::Table, name.clone()));
    }
    add_columns(plan, &mut statements);
    statements.extend(plan.rebuilt().filter_map(|name| rebuild::statement(plan, name)));
    for (table, index) in &plan.made_indexes {
        let is_filled = plan.difference.from.tables.contains_key(table);
        let demands = (index.unique && is_filled).then(|| demands::of_index(index));
        let sql = demands::told(demands.as_slice(), index.written.text());
        statements.push(statement(sql, "create index", Kind::Table, part(table, &index.name)));
    }
    make_definitions(plan, &mut statements);
    statements.extend(full_text::filled(plan));
    statements
}

/// Triggers go before views, these before virtual tables, and a view before what it stands on, which `SQLite` does not ask for.
fn drop_definitions(plan: &Plan<'_>, statements: &mut Vec<Statement>) {
    for key in plan.remade.dropped.iter().rev() {
        let Some(definition) = plan.difference.from.definitions.get(key) else { continue };
        let change = match key.kind {
            Kind::VirtualTable => "drop virtual table",
            Kind::View => "drop view",
            _ => "drop trigger",
        };
        let loses = (key.kind == Kind::VirtualTable).then(|| format!("all rows of {}", key.name));
        let dropped = statement(definition.drop.clone(), change, key.kind, key.name.clone());
        statements.push(Statement { loses, ..dropped });
    }
}

fn make_definitions(plan: &Plan<'_>, statements: &mut Vec<Statement>) {
    for key in &plan.remade.made {
        let Reference { kind, name } = key;
        let Some(definition) = plan.difference.to.definitions.get(key) else { continue };
        let change = match kind {
            Kind::VirtualTable => "create virtual table",
            Kind::View => "create view",
            _ => "create trigger",
        };
        let sql = definition.written.text().to_owned();
        statements.push(statement(sql, change, *kind, name.clone()));
    }
}

fn rename(plan: &Plan<'_>, statements: &mut Vec<Statement>) {
    for (old, new) in &plan.difference.table_steps() {
        let alter =
            |from: &str, to: &str| format!("ALTER TABLE {} RENAME TO {}", quoted(from), quoted(to));
        // SQLite takes a name that differs in case alone for the same one.
        let sql = if old.local.eq_ignore_ascii_case(&new.local) {
            let between = aside::name(plan.difference, &old.local);
            format!("{};\n{}", alter(&old.local, &between), alter(&between, &new.local))
        } else {
            alter(&old.local, &new.local)
        };
        statements.push(statement(sql, "rename table", Kind::Table, old.clone()));
    }
    for (table, old, new) in plan.difference.column_steps() {
        let sql = format!(
            "ALTER TABLE {} RENAME COLUMN {} TO {}",
            quoted(&table.local),
            quoted(&old),
            quoted(&new)
        );
        statements.push(statement(sql, "rename column", Kind::Table, part(table, &old)));
    }
}

fn drop_columns(plan: &Plan<'_>, statements: &mut Vec<Statement>) {
    for (name, fate) in &plan.fates {
        let Fate::InPlace(way) = fate else { continue };
        for column in &way.dropped {
            let sql = format!("ALTER TABLE {} DROP COLUMN {}", quoted(&name.local), quoted(column));
            let old = plan.difference.from.tables.get(name);
            let is_computed = is_generated(old, column);
            let loses = (!is_computed).then(|| format!("what {name}.{column} holds"));
            let dropped = statement(sql, "drop column", Kind::Table, part(name, column));
            statements.push(Statement { loses, ..dropped });
        }
    }
}

/// Whether a column holds nothing that could not be computed again.
pub(super) fn is_generated(table: Option<&Table>, column: &str) -> bool {
    let column = table.and_then(|table| table.column(column));
    column.is_some_and(|column| column.generated.is_some())
}

fn add_columns(plan: &Plan<'_>, statements: &mut Vec<Statement>) {
    for (name, fate) in &plan.fates {
        let Fate::InPlace(way) = fate else { continue };
        for (column, declaration) in &way.added {
            let sql = format!("ALTER TABLE {} ADD COLUMN {declaration}", quoted(&name.local));
            let change = plan.difference.altered.iter().find(|change| change.name == *name);
            let added = plan.difference.to.tables.get(name).and_then(|table| table.column(column));
            let demands = change.zip(added).map(|(change, added)| demands::of_added(change, added));
            let sql = demands::told(&demands.unwrap_or_default(), &sql);
            statements.push(statement(sql, "add column", Kind::Table, part(name, column)));
        }
    }
}
