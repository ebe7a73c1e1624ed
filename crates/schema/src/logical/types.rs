use std::collections::BTreeSet;

use serde::Serialize;

use super::Conventions;
use super::limits::Limit;
use crate::model::{Column, Dialect};

/// A type that every engine has, or can be given by a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogicalType {
    /// True or false.
    Boolean,
    /// A whole number; `SQLite` knows no narrower one than 64 bits.
    Integer,
    /// An exact number, with precision and scale where they are declared.
    Decimal(Option<(u32, u32)>),
    /// A binary floating-point number.
    Float,
    /// Text of at most so many code points.
    Text(Option<u32>),
    /// Text out of a list, whatever its length.
    Choice(BTreeSet<String>),
    /// Bytes; `PostgreSQL` bounds no length.
    Bytes,
    /// A UUID, as a type or as 16 bytes.
    Uuid,
    /// A day.
    Date,
    /// An instant.
    Timestamp,
    /// A JSON document.
    Json,
    /// What this list does not hold, in the engine's words.
    Other(String),
}

/// The type of a column, given what checks say about it.
pub(super) fn of(
    dialect: Dialect,
    conventions: Conventions,
    column: &Column,
    limits: &[Limit],
) -> LogicalType {
    let (name, arguments) = parts(&column.data_type);
    let declared = match dialect {
        Dialect::Sqlite => sqlite(conventions, column, &name, limits),
        Dialect::MySql | Dialect::MariaDb => mysql(&name, &arguments),
        Dialect::Postgres => None,
    };
    let declared = declared.unwrap_or_else(|| common(&name, &arguments, &column.data_type));
    limited(declared, limits)
}

/// `SQLite` has five storage classes; columns hold times by convention and UUIDs as 16 bytes.
fn sqlite(
    conventions: Conventions,
    column: &Column,
    name: &str,
    limits: &[Limit],
) -> Option<LogicalType> {
    let is_time = conventions.time_suffix.is_some_and(|suffix| column.name.ends_with(suffix));
    match name {
        "integer" if is_time => Some(LogicalType::Timestamp),
        "integer" if limits.contains(&Limit::Flag) => Some(LogicalType::Boolean),
        "blob" if limits.contains(&Limit::Exactly(16)) => Some(LogicalType::Uuid),
        "blob" => Some(LogicalType::Bytes),
        _ => None,
    }
}

fn mysql(name: &str, arguments: &[u32]) -> Option<LogicalType> {
    match (name, arguments) {
        ("tinyint", [1]) => Some(LogicalType::Boolean),
        ("binary", [16]) => Some(LogicalType::Uuid),
        ("binary" | "varbinary" | "blob" | "tinyblob" | "mediumblob" | "longblob", _) => {
            Some(LogicalType::Bytes)
        }
        ("tinytext" | "mediumtext" | "longtext", _) => Some(LogicalType::Text(None)),
        ("datetime", _) => Some(LogicalType::Timestamp),
        _ => None,
    }
}

/// Names that mean the same wherever they are taken.
fn common(name: &str, arguments: &[u32], declared: &str) -> LogicalType {
    match name {
        "boolean" | "bool" => LogicalType::Boolean,
        "integer" | "int" | "bigint" | "smallint" | "mediumint" | "tinyint" => LogicalType::Integer,
        "numeric" | "decimal" => LogicalType::Decimal(match arguments {
            [precision, scale] => Some((*precision, *scale)),
            [precision] => Some((*precision, 0)),
            _ => None,
        }),
        "real" | "float" | "double" | "double precision" => LogicalType::Float,
        "text" | "character varying" | "varchar" | "character" | "char" => {
            LogicalType::Text(arguments.first().copied())
        }
        "bytea" => LogicalType::Bytes,
        "uuid" => LogicalType::Uuid,
        "date" => LogicalType::Date,
        "timestamp" | "timestamp with time zone" | "timestamp without time zone" => {
            LogicalType::Timestamp
        }
        "json" | "jsonb" => LogicalType::Json,
        _ => LogicalType::Other(declared.to_ascii_lowercase()),
    }
}

/// A text's type as checks narrow it.
fn limited(declared: LogicalType, limits: &[Limit]) -> LogicalType {
    let LogicalType::Text(length) = declared else { return declared };
    let choice = limits.iter().find_map(|limit| match limit {
        Limit::Texts(values) => Some(LogicalType::Choice(values.clone())),
        Limit::Json => Some(LogicalType::Json),
        Limit::AtMost(_) | Limit::Exactly(_) | Limit::Flag => None,
    });
    let shortest = limits.iter().filter_map(|limit| match limit {
        Limit::AtMost(length) | Limit::Exactly(length) => Some(*length),
        Limit::Texts(_) | Limit::Flag | Limit::Json => None,
    });
    choice.unwrap_or_else(|| LogicalType::Text(shortest.chain(length).min()))
}

/// A declared type as its name in lower case, without signedness, and its numeric arguments:
/// `timestamp(6) with time zone` is `timestamp with time zone` and 6.
fn parts(declared: &str) -> (String, Vec<u32>) {
    let (head, rest) = declared.split_once('(').unwrap_or((declared, ""));
    let (arguments, tail) = rest.split_once(')').unwrap_or(("", ""));
    let words = head.split_whitespace().chain(tail.split_whitespace());
    let words: Vec<String> = words
        .map(str::to_ascii_lowercase)
        .filter(|word| word != "unsigned" && word != "zerofill")
        .collect();
    let arguments = arguments.split(',').filter_map(|argument| argument.trim().parse().ok());
    (words.join(" "), arguments.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logical(dialect: Dialect, declared: &str) -> LogicalType {
        of(dialect, Conventions::default(), &Column::new("c", declared), &[])
    }

    #[test]
    fn arguments_stand_anywhere_in_a_type() {
        assert_eq!(
            parts("timestamp(6) with time zone"),
            ("timestamp with time zone".into(), vec![6])
        );
        assert_eq!(parts("DECIMAL(10, 2) unsigned"), ("decimal".into(), vec![10, 2]));
    }

    #[test]
    fn equal_meanings_are_equal_types() {
        let uuid = [
            logical(Dialect::Postgres, "uuid"),
            logical(Dialect::MySql, "binary(16)"),
            logical(Dialect::MariaDb, "uuid"),
            of(
                Dialect::Sqlite,
                Conventions::default(),
                &Column::new("c", "BLOB"),
                &[Limit::Exactly(16)],
            ),
        ];
        assert!(uuid.iter().all(|logical| *logical == LogicalType::Uuid), "{uuid:?}");
        let text = LogicalType::Text(Some(20));
        assert_eq!(logical(Dialect::Postgres, "character varying(20)"), text);
        assert_eq!(logical(Dialect::MySql, "varchar(20)"), text);
        let column = Column::new("c", "TEXT");
        let limits = [Limit::AtMost(20)];
        assert_eq!(of(Dialect::Sqlite, Conventions::default(), &column, &limits), text);
    }

    #[test]
    fn integers_are_times_only_by_convention() {
        let column = Column::new("create_time", "INTEGER");
        let conventions = Conventions { time_suffix: Some("_time") };
        assert_eq!(of(Dialect::Sqlite, conventions, &column, &[]), LogicalType::Timestamp);
        let none = Conventions::default();
        assert_eq!(of(Dialect::Sqlite, none, &column, &[]), LogicalType::Integer);
    }

    #[test]
    fn unknown_types_keep_their_words() {
        assert_eq!(
            logical(Dialect::Postgres, "public.MOOD"),
            LogicalType::Other("public.mood".into())
        );
    }
}
