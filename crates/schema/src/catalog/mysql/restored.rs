//! Expressions in which `information_schema` shows each byte of a character of four bytes as `?`, as
//! `SHOW CREATE TABLE` says them.

use super::quoted;
use crate::model::Table;

/// What the catalog says of such a character in an expression.
const SHOWN: &str = "????";

/// Puts the true expressions into a table: `text` is its `SHOW CREATE TABLE`.
pub(super) fn restore(table: &mut Table, text: &str) {
    for column in &mut table.columns {
        let begin = format!("  {} ", quoted(&column.name));
        let Some(line) = text.lines().find(|line| line.starts_with(&begin)) else { continue };
        if let Some(default) = column.default.as_mut().filter(|text| !text.starts_with('\'')) {
            put(default, line, " DEFAULT ");
        }
        if let Some(generated) = column.generated.as_mut() {
            put(&mut generated.expression, line, " GENERATED ALWAYS AS (");
        }
        if let Some(check) = column.attributes.get_mut("CHECK") {
            let old = check.clone();
            put(check, line, " CHECK (");
            let same = table.checks.iter_mut().filter(|one| one.expression == old);
            let mut own = same.filter(|one| one.name.as_ref() == Some(&column.name));
            if let Some(own) = own.next() {
                own.expression.clone_from(check);
            }
        }
    }
    for check in table.checks.iter_mut().filter(|check| check.expression.contains(SHOWN)) {
        let own = check.name.as_deref().unwrap_or_default();
        let begin = format!("  CONSTRAINT {} CHECK (", quoted(own));
        let named = text.lines().find_map(|line| line.strip_prefix(&begin));
        // A check of a column is named as the column was at first.
        let mut all =
            named.into_iter().chain(text.lines().flat_map(|line| behind(line, " CHECK (")));
        if let Some(expression) = all.find_map(|rest| restored(&check.expression, rest)) {
            check.expression = expression;
        }
    }
}

fn put(shown: &mut String, line: &str, word: &str) {
    if shown.contains(SHOWN)
        && let Some(text) = behind(line, word).find_map(|rest| restored(shown, rest))
    {
        *shown = text;
    }
}

/// What stands behind each occurrence of a word.
fn behind<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(word).filter_map(|(at, word)| line.get(at + word.len()..))
}

/// The beginning of a text of which the catalog would say what is shown.
fn restored(shown: &str, text: &str) -> Option<String> {
    let (mut rest, mut end) = (shown, 0);
    for (at, character) in text.char_indices() {
        if rest.is_empty() {
            break;
        }
        rest = if character.len_utf8() == SHOWN.len() {
            rest.strip_prefix(SHOWN)?
        } else {
            rest.strip_prefix(character)?
        };
        end = at + character.len_utf8();
    }
    text.get(..end).filter(|_| rest.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Column;

    #[test]
    fn characters_are_found_again() {
        assert_eq!(restored("f('????') + 1", "f('😀') + 1, b").as_deref(), Some("f('😀') + 1"));
        assert_eq!(restored("f('????')", "f('????')").as_deref(), Some("f('????')"));
        assert_eq!(restored("f('????')", "g('😀')"), None);
        let mut table = Table {
            columns: vec![Column {
                default: Some("concat('????')".to_owned()),
                ..Column::new("a", "text")
            }],
            ..Table::default()
        };
        restore(&mut table, "CREATE TABLE `t` (\n  `a` text DEFAULT concat('😁') COMMENT 'x'\n)");
        assert_eq!(table.columns[0].default.as_deref(), Some("concat('😁')"));
    }
}
