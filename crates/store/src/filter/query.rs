//! A filter as SQL, over `users u`, `addresses a`, `artisans s` and `buyers b`.

use super::Filter;
use super::condition::{Condition, Operator, Table, TextColumn};
use super::expression::Expression;
use crate::engine::{Engine, Value};
use crate::query::Query;

const TABLES: [Table; 3] = [Table::Addresses, Table::Artisans, Table::Buyers];

/// Adds the tables that the filter reads. Where only users with such a row can pass, the join says
/// so, which lets the engine begin there.
pub(crate) fn joins(filter: &Filter, query: &mut Query<'_>) {
    for table in TABLES {
        if filter.expression().reads(table) {
            query.push(if filter.expression().requires(table) { " JOIN " } else { " LEFT JOIN " });
            query.push(table.joined());
        }
    }
}

/// Adds the condition itself; true or false for every user, never unknown.
pub(crate) fn predicate<'a, E: Engine>(filter: &'a Filter, query: &mut Query<'a>) {
    filter.expression().write::<E>(query);
}

impl Expression {
    fn write<'a, E: Engine>(&'a self, query: &mut Query<'a>) {
        match self {
            Self::All(parts) => list::<E>(parts, " AND ", "1 = 1", query),
            Self::Any(parts) if self.is_union() => union::<E>(parts, query),
            Self::Any(parts) => list::<E>(parts, " OR ", "1 = 0", query),
            Self::Is(condition) => condition.write::<E>(query),
            Self::IsNot(condition) => {
                query.push("(NOT (");
                condition.write::<E>(query);
                query.push(")");
                // Who has no such part, passes.
                if let Some(table) = condition.table() {
                    query.push(" OR ").push(table.absent());
                }
                query.push(")");
            }
        }
    }

    /// Whether it asks for few users in several tables: no engine uses the indexes of several tables
    /// for an OR, so their answers are put together.
    fn is_union(&self) -> bool {
        let Self::Any(parts) = self else { return false };
        let sources = |part: &Self| match part {
            Self::Is(condition) => condition.narrow_source(),
            Self::All(_) | Self::Any(_) | Self::IsNot(_) => None,
        };
        let first = parts.first().and_then(sources);
        parts.iter().all(|part| sources(part).is_some())
            && parts.iter().any(|part| sources(part) != first)
    }

    /// Whether a column or row of the table is read by name.
    fn reads(&self, table: Table) -> bool {
        match self {
            Self::Any(_) if self.is_union() => false,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.reads(table)),
            Self::Is(condition) | Self::IsNot(condition) => condition.table() == Some(table),
        }
    }

    /// Whether only users with a row in the table can pass.
    fn requires(&self, table: Table) -> bool {
        match self {
            Self::Any(_) if self.is_union() => false,
            Self::All(parts) => parts.iter().any(|part| part.requires(table)),
            Self::Any(parts) => !parts.is_empty() && parts.iter().all(|part| part.requires(table)),
            Self::Is(condition) => condition.table() == Some(table),
            Self::IsNot(_) => false,
        }
    }
}

fn list<'a, E: Engine>(
    parts: &'a [Expression],
    between: &'static str,
    empty: &'static str,
    query: &mut Query<'a>,
) {
    query.push("(").push(if parts.is_empty() { empty } else { "" });
    for (number, part) in parts.iter().enumerate() {
        query.push(if number == 0 { "" } else { between });
        part.write::<E>(query);
    }
    query.push(")");
}

fn union<'a, E: Engine>(parts: &'a [Expression], query: &mut Query<'a>) {
    // Derived once: MySQL would ask a bare union anew for each user.
    query.push("u.id IN (SELECT x.id FROM (");
    for (number, part) in parts.iter().enumerate() {
        let Expression::Is(condition) = part else { continue };
        let Some(source) = condition.narrow_source() else { continue };
        query.push(if number == 0 { "" } else { " UNION " }).push(source);
        condition.write_source::<E>(query);
    }
    query.push(") x)");
}

impl Condition {
    /// The table beside `users` that it reads.
    fn table(&self) -> Option<Table> {
        match self {
            Self::Text { column, .. } | Self::Prefix { column, .. } => column.table(),
            Self::Part(table) => Some(*table),
            Self::State(_) | Self::CreateTime { .. } | Self::Role(_) | Self::Always => None,
        }
    }

    /// The beginning of a query for the ids, if it asks for few users.
    fn narrow_source(&self) -> Option<&'static str> {
        let column = match self {
            Self::Text { column, operator: Operator::Equal | Operator::Has, .. }
            | Self::Prefix { column, .. } => column,
            Self::Role(_) => return Some("SELECT o.user_id AS id FROM user_roles o WHERE "),
            _ => return None,
        };
        match column {
            TextColumn::Email => Some("SELECT u.id AS id FROM users u WHERE "),
            TextColumn::StoreName => Some("SELECT s.user_id AS id FROM artisans s WHERE "),
            TextColumn::FullName => Some("SELECT b.user_id AS id FROM buyers b WHERE "),
            TextColumn::City => Some("SELECT a.user_id AS id FROM addresses a WHERE "),
            // There are a few dozen states, each with many.
            TextColumn::AddressState => None,
        }
    }

    fn write_source<'a, E: Engine>(&'a self, query: &mut Query<'a>) {
        match self {
            Self::Role(role) => drop(query.push("o.role = ").bind(Value::Text(role.as_str()))),
            _ => self.write::<E>(query),
        }
    }

    fn write<'a, E: Engine>(&'a self, query: &mut Query<'a>) {
        match self {
            Self::Text { column, operator, value } => text::<E>(*column, *operator, value, query),
            Self::Prefix { column, from, until } => {
                query.push("(").push(column.name()).push(E::BY_CODE_POINT).push(" >= ");
                query.bind(Value::Text(from));
                if let Some(until) = until {
                    query.push(" AND ").push(column.name()).push(E::BY_CODE_POINT).push(" < ");
                    query.bind(Value::Text(until));
                }
                query.push(")");
            }
            Self::State(states) if states.is_empty() => drop(query.push("1 = 0")),
            Self::State(states) => {
                query.push("u.state IN ");
                query.bind_row(states.iter().map(|state| Value::Text(state.as_str())));
            }
            Self::CreateTime { operator, value } => {
                query.push("u.create_time").push(operator.sql()).bind(Value::Time(*value));
            }
            Self::Part(table) => drop(query.push(table.present())),
            Self::Role(role) => {
                query.push("u.id IN (SELECT o.user_id FROM user_roles o WHERE o.role = ");
                query.bind(Value::Text(role.as_str())).push(")");
            }
            Self::Always => drop(query.push("1 = 1")),
        }
    }
}

fn text<'a, E: Engine>(
    column: TextColumn,
    operator: Operator,
    value: &'a str,
    query: &mut Query<'a>,
) {
    let is_not = operator == Operator::NotEqual;
    let operator = if is_not { Operator::Equal } else { operator };
    query.push(if is_not { "(NOT (" } else { "(" });
    query.push(column.name()).push(E::BY_CODE_POINT).push(operator.sql()).bind(Value::Text(value));
    if E::PADS && matches!(operator, Operator::Equal | Operator::Has) {
        let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        query.push(" AND CHAR_LENGTH(").push(column.name()).push(") = ");
        query.bind(Value::Number(length));
    }
    query.push(if is_not { "))" } else { ")" });
}

impl Operator {
    fn sql(self) -> &'static str {
        match self {
            Self::Equal | Self::Has => " = ",
            Self::NotEqual => " <> ",
            Self::Less => " < ",
            Self::LessOrEqual => " <= ",
            Self::Greater => " > ",
            Self::GreaterOrEqual => " >= ",
        }
    }
}

impl TextColumn {
    fn name(self) -> &'static str {
        match self {
            Self::Email => "u.email_key",
            Self::StoreName => "s.store_name",
            Self::FullName => "b.full_name",
            Self::City => "a.city",
            Self::AddressState => "a.state",
        }
    }

    fn table(self) -> Option<Table> {
        match self {
            Self::Email => None,
            Self::StoreName => Some(Table::Artisans),
            Self::FullName => Some(Table::Buyers),
            Self::City | Self::AddressState => Some(Table::Addresses),
        }
    }
}

impl Table {
    fn joined(self) -> &'static str {
        match self {
            Self::Artisans => "artisans s ON s.user_id = u.id",
            Self::Buyers => "buyers b ON b.user_id = u.id",
            Self::Addresses => "addresses a ON a.user_id = u.id",
        }
    }

    fn present(self) -> &'static str {
        match self {
            Self::Artisans => "s.user_id IS NOT NULL",
            Self::Buyers => "b.user_id IS NOT NULL",
            Self::Addresses => "a.user_id IS NOT NULL",
        }
    }

    fn absent(self) -> &'static str {
        match self {
            Self::Artisans => "s.user_id IS NULL",
            Self::Buyers => "b.user_id IS NULL",
            Self::Addresses => "a.user_id IS NULL",
        }
    }
}
