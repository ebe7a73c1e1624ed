use super::expression::Context;
use super::parts::{Parts, items};
use crate::model::{Dialect, Direction, Index, IndexKey, IndexPart, Table, Written};
use crate::scan::{Kind, Token, scan};

/// Reads a CREATE INDEX as `SQLite` keeps it.
///
/// # Errors
/// The offset from which the text is not understood.
pub(super) fn parse(
    name: &str,
    (table_name, table): (&str, &Table),
    sql: &str,
) -> Result<Index, usize> {
    let tokens = scan(Dialect::Sqlite, sql)?;
    let mut parts = Parts::of(&tokens);
    let unique = parts.take("CREATE") && parts.take("UNIQUE");
    if !parts.skip_past("ON") || parts.next().is_none() {
        return Err(sql.len());
    }
    let group = parts.group().ok_or(sql.len())?;
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let context = Context { table: table_name, columns: &columns };
    let predicate = parts.take("WHERE").then(|| context.expression(parts.rest()));
    Ok(Index {
        unique,
        parts: items(group).into_iter().map(|item| part(context, table, item)).collect(),
        predicate,
        written: Written(Some(sql.to_owned())),
        ..Index::new(name, "btree")
    })
}

fn part(context: Context<'_>, table: &Table, item: &[Token<'_>]) -> IndexPart {
    let (item, direction) = match item.split_last() {
        Some((last, rest)) if last.is("ASC") || last.is("DESC") => {
            (rest, Direction::descending_if(last.is("DESC")))
        }
        _ => (item, Direction::Ascending),
    };
    let (item, collation) = match item {
        [rest @ .., collate, name] if collate.is("COLLATE") && name.kind != Kind::Sign => {
            (rest, Some(name.name().to_ascii_lowercase()))
        }
        _ => (item, None),
    };
    let column = match item {
        [one] => context.column(&one.name()),
        _ => None,
    };
    let key = column.map_or_else(
        || IndexKey::Expression(context.expression(item)),
        |column| IndexKey::Column(column.to_owned()),
    );
    let of_column = column.and_then(|column| table.column(column)?.collation.as_deref());
    let collation = collation.filter(|collation| collation != of_column.unwrap_or("binary"));
    IndexPart { direction, collation, ..IndexPart::of(key) }
}
