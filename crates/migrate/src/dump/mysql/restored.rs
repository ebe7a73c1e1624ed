//! Characters beyond the basic plane, for which `SHOW CREATE TABLE` says `?`, as the model has them.

mod masks;

use artisan_schema::Scope;
use artisan_schema::model::{Column, IndexKey, Schema, Table};

use crate::Engine;
use crate::autogenerate::UNTOLD;
use crate::backend::{Backend, Failure, backquoted};
use crate::dump::{SchemaObject, Untold};

/// `MySQL` encodes its expressions once more, so that each byte of a character is one that it does not know.
const IN_EXPRESSION: &str = "????";
const IN_LITERAL: &str = "?";

/// Puts the true texts into the statements of tables; gives what is not told.
pub(super) async fn restore(
    backend: &mut dyn Backend,
    objects: &mut [SchemaObject],
) -> Result<Vec<Untold>, Failure> {
    let mut tables = objects.iter_mut().filter(|one| one.kind == "table" && one.sql.contains('?'));
    let Some(first) = tables.next() else { return Ok(Vec::new()) };
    let engine = backend.engine();
    let schema = backend.model(&Scope::application()).await?;
    let mut untold = Vec::new();
    for object in std::iter::once(first).chain(tables) {
        let own = format!("values of {}.", object.name);
        let values = schema.unmanaged.iter().filter(|what| what.starts_with(&own));
        let values = values.filter_map(|what| what.strip_suffix(UNTOLD)).map(str::to_owned);
        let lost = match find(&schema, &object.name) {
            Some(table) => true_texts(engine, table, &mut object.sql),
            None if masks::may_be_in(engine, &object.sql) => vec![object.name.clone()],
            None => Vec::new(),
        };
        untold.extend(
            values
                .chain(lost)
                .map(|what| Untold { table: object.name.clone(), what: format!("{what}{UNTOLD}") }),
        );
    }
    Ok(untold)
}

fn find<'a>(schema: &'a Schema, name: &str) -> Option<&'a Table> {
    schema.tables.iter().find(|(own, _)| own.local == name).map(|(_, table)| table)
}

/// A text that a table has, and where it stands.
struct Told {
    /// What is in the line of it.
    line: String,
    text: String,
    shown: &'static str,
}

/// Restores the lines of a table; gives those of which the text is not found.
fn true_texts(engine: Engine, table: &Table, sql: &mut String) -> Vec<String> {
    let told = told(engine, table);
    let mut lost = Vec::new();
    let lines = sql.split('\n').map(|shown| {
        let own = told.iter().filter(|one| shown.starts_with("  ") && shown.contains(&one.line));
        own.fold(shown.to_owned(), |line, one| {
            restored(&line, one).unwrap_or_else(|| {
                lost.push(one.line.trim().to_owned());
                line
            })
        })
    });
    *sql = lines.collect::<Vec<_>>().join("\n");
    lost
}

/// The texts with such a character, in the order of each line.
fn told(engine: Engine, table: &Table) -> Vec<Told> {
    let columns = table.columns.iter().flat_map(|column| of_column(engine, column));
    let checks = table.checks.iter().map(|check| {
        let name = backquoted(check.name.as_deref().unwrap_or_default());
        (format!("CONSTRAINT {name} CHECK ("), check.expression.clone())
    });
    let parts = table.indexes.iter().flat_map(|index| {
        let line = format!("KEY {} (", backquoted(&index.name));
        index.parts.iter().filter_map(move |part| match &part.key {
            IndexKey::Expression(text) => Some((line.clone(), text.clone())),
            IndexKey::Column(_) => None,
        })
    });
    let expressions = checks.chain(parts);
    let expressions = expressions.map(|(line, text)| Told { line, text, shown: IN_EXPRESSION });
    let is_beyond = |one: &Told| one.text.chars().any(|character| character.len_utf8() == 4);
    // `MariaDB` shows expressions as they are.
    let is_masked = |one: &Told| engine == Engine::MySql || one.shown == IN_LITERAL;
    columns.chain(expressions).filter(|one| is_masked(one) && is_beyond(one)).collect()
}

fn of_column(engine: Engine, column: &Column) -> Vec<Told> {
    let line = format!("  {} ", backquoted(&column.name));
    let told = |text: String, shown| Told { line: line.clone(), text, shown };
    let default = column.default.as_deref().unwrap_or_default();
    let is_literal = default.starts_with('\'');
    // `MySQL` shows the bytes of a literal.
    let default = match engine {
        Engine::MySql if is_literal => None,
        _ if is_literal => Some(told(format!(" DEFAULT {default}"), IN_LITERAL)),
        _ => Some(told(default.to_owned(), IN_EXPRESSION)),
    };
    let generated = column.generated.as_ref();
    let generated = generated.map(|one| told(one.expression.clone(), IN_EXPRESSION));
    let data_type = told(format!("{line}{}", column.data_type), IN_LITERAL);
    std::iter::once(data_type).chain(default).chain(generated).collect()
}

/// The line with the true text where it stands as it is shown.
fn restored(line: &str, one: &Told) -> Option<String> {
    line.char_indices().find_map(|(at, _)| {
        let (before, rest) = line.split_at(at);
        let (text, behind) = exchanged(rest, one)?;
        Some(format!("{before}{text}{behind}"))
    })
}

/// The true text and what stands behind it. `MySQL` puts `_utf8mb4` before texts, which the model leaves out.
fn exchanged<'a>(mut rest: &'a str, one: &Told) -> Option<(String, &'a str)> {
    const INTRODUCER: &str = "_utf8mb4";
    let mut text = String::new();
    for character in one.text.chars() {
        if character == '\''
            && let Some(behind) = rest.strip_prefix(INTRODUCER)
        {
            text.push_str(INTRODUCER);
            rest = behind;
        }
        rest = if character.len_utf8() == 4 {
            rest.strip_prefix(one.shown)?
        } else {
            rest.strip_prefix(character)?
        };
        text.push(character);
    }
    Some((text, rest))
}

#[cfg(test)]
mod tests {
    use artisan_schema::model::{Check, Index, IndexPart};

    use super::*;

    fn check(name: &str, expression: &str) -> Check {
        Check {
            name: Some(name.to_owned()),
            expression: expression.to_owned(),
            enforced: true,
            validated: true,
        }
    }

    #[test]
    fn literals_are_restored_where_they_stand() {
        let column =
            Column { default: Some("'😀'".to_owned()), ..Column::new("a", "enum('?','😀')") };
        let table = Table { columns: vec![column], ..Table::default() };
        let shown = "CREATE TABLE `t` (\n  `a` enum('?','?') DEFAULT '?' COMMENT '?'\n)";
        let mut sql = shown.to_owned();
        assert!(true_texts(Engine::MariaDb, &table, &mut sql).is_empty());
        assert_eq!(sql, "CREATE TABLE `t` (\n  `a` enum('?','😀') DEFAULT '😀' COMMENT '?'\n)");
    }

    #[test]
    fn expressions_of_mysql_are_restored_by_their_names() {
        let part = IndexPart::of(IndexKey::Expression("concat(`a`,'😁')".to_owned()));
        let table = Table {
            checks: vec![check("c", "(`a` <> '😀')"), check("d", "`a` <> '😎'")],
            indexes: vec![Index { parts: vec![part], ..Index::new("i", "btree") }],
            ..Table::default()
        };
        let mut sql =
            "CREATE TABLE `t` (\n  `a` text,\n  KEY `i` ((concat(`a`,_utf8mb4'????'))),\n  \
                       CONSTRAINT `c` CHECK ((`a` <> _utf8mb4'????')),\n  \
                       CONSTRAINT `d` CHECK ((`a` <> _utf8mb4'????'))\n)"
                .to_owned();
        assert!(true_texts(Engine::MySql, &table, &mut sql).is_empty());
        for part in ["concat(`a`,_utf8mb4'😁')", "(`a` <> _utf8mb4'😀')", "(`a` <> _utf8mb4'😎')"]
        {
            assert!(sql.contains(part), "{sql}");
        }
        let other = Table { checks: vec![check("c", "`b` <> '😀'")], ..Table::default() };
        assert_eq!(true_texts(Engine::MySql, &other, &mut sql), ["CONSTRAINT `c` CHECK ("]);
    }
}
