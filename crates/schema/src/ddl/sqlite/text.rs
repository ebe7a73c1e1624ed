//! What `SQLite` makes of the statements that it keeps when it alters a table, letter by letter
//! (src/alter.c): new names for old ones, columns added and cut out, all else as it was.

use std::ops::Range;

use crate::catalog::sqlite::{CreateTable, in_quotes, is_bare};
use crate::model::Dialect;
use crate::scan::{Kind, Token, scan};

/// A column that gets another name.
#[derive(Clone, Copy)]
pub(super) struct Renamed<'a> {
    /// Its table.
    pub(super) table: &'a str,
    pub(super) old: &'a str,
    pub(super) new: &'a str,
}

/// The text of a table or index once a table has another name, which `SQLite` puts in quotes.
pub(super) fn table_renamed(text: &str, old: &str, new: &str) -> String {
    let Ok(tokens) = scan(Dialect::Sqlite, text) else { return text.to_owned() };
    let is_named = |token: &Token<'_>| token.name().eq_ignore_ascii_case(old);
    let open = tokens.iter().position(|token| token.is_sign("("));
    let head = open.and_then(|open| tokens.get(open.checked_sub(1)?));
    let referenced = tokens.windows(2).filter_map(|pair| match pair {
        [word, name] if word.is("REFERENCES") => Some(name),
        _ => None,
    });
    let named = head.into_iter().chain(referenced).filter(|token| is_named(token));
    let named = named.map(|token| token.start..token.end());
    let named = named.chain(qualifiers(&tokens, old));
    edited(text, named.map(|range| (range, in_quotes(new))).collect())
}

/// Whether checks of a table, or the predicate of an index, name the table before its columns.
pub(super) fn is_qualified(text: &str, table: &str) -> bool {
    scan(Dialect::Sqlite, text).is_ok_and(|tokens| !qualifiers(&tokens, table).is_empty())
}

/// Where the name of a table stands before that of a column.
fn qualifiers(tokens: &[Token<'_>], table: &str) -> Vec<Range<usize>> {
    let open = tokens.iter().position(|token| token.is_sign("(")).unwrap_or(tokens.len());
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(open) {
        let is_before_dot = tokens.get(at + 1).is_some_and(|next| next.text.starts_with('.'));
        let qualifier = match token.kind {
            Kind::QuotedName if is_before_dot => Some((token.name(), token.text.len())),
            Kind::Word => {
                let before = token.text.split_once('.').map(|(before, _)| before);
                before.map(|before| (before.to_owned(), before.len()))
            }
            Kind::QuotedName | Kind::Text | Kind::Sign => None,
        };
        let own = qualifier.filter(|(name, _)| name.eq_ignore_ascii_case(table));
        found.extend(own.map(|(_, length)| token.start..token.start + length));
    }
    found
}

/// The text of a table or index, `of` this table, once a column has another name.
pub(super) fn column_renamed(text: &str, of: &str, column: Renamed<'_>) -> String {
    let Ok(tokens) = scan(Dialect::Sqlite, text) else { return text.to_owned() };
    let is_own = of.eq_ignore_ascii_case(column.table);
    let is_index =
        tokens.iter().take_while(|token| !token.is_sign("(")).any(|token| token.is("ON"));
    let mut edits = Vec::new();
    let (mut depth, mut is_meant, mut is_body) = (0_usize, is_own, false);
    let mut before: [Option<&Token<'_>>; 2] = [None, None];
    for (at, token) in tokens.iter().enumerate() {
        let is_start = before[1].is_some_and(|last| last.is_sign("(") || last.is_sign(","));
        if token.is_sign("(") {
            depth += 1;
            is_body = true;
            if depth == 2 {
                is_meant = match before {
                    [Some(word), Some(name)] if word.is("REFERENCES") => {
                        name.name().eq_ignore_ascii_case(column.table)
                    }
                    _ => is_own,
                };
            }
        } else if token.is_sign(")") {
            depth = depth.saturating_sub(1);
        } else {
            let is_name = matches!(token.kind, Kind::Word | Kind::QuotedName)
                && token.name().eq_ignore_ascii_case(column.old);
            let is_call = tokens.get(at + 1).is_some_and(|next| next.is_sign("("));
            let is_place = match depth {
                _ if is_index => is_own && is_body && !is_call,
                0 => false,
                1 => is_own && is_start,
                _ => is_meant && !is_call,
            };
            if is_name && is_place {
                let is_plain = token.kind == Kind::Word && is_bare(column.new);
                let new = if is_plain { column.new.to_owned() } else { in_quotes(column.new) };
                edits.push((token.start..token.end(), new));
            }
        }
        before = [before[1], Some(token)];
    }
    edited(text, edits)
}

fn edited(text: &str, edits: Vec<(Range<usize>, String)>) -> String {
    let mut edits = edits;
    edits.sort_by_key(|(range, _)| range.start);
    let mut made = String::with_capacity(text.len());
    let mut end = 0;
    for (range, new) in edits {
        made.push_str(text.get(end..range.start).unwrap_or_default());
        made.push_str(&new);
        end = range.end;
    }
    made.push_str(text.get(end..).unwrap_or_default());
    made
}

/// The text of a table once it has one more column.
pub(super) fn column_added(text: &str, declaration: &str) -> Option<String> {
    let at = CreateTable::parse(text).ok()?.end_of_columns;
    Some(format!("{}, {declaration}{}", text.get(..at)?, text.get(at..)?))
}

/// The text of a table once a column is cut out of it; none where a comment stands before the last
/// column, as `SQLite` looks backwards for a comma.
pub(super) fn column_dropped(text: &str, column: &str) -> Option<String> {
    let parsed = CreateTable::parse(text).ok()?;
    let at = parsed.columns.iter().position(|one| one.name == column)?;
    let start = parsed.columns.get(at)?.span.start;
    if let Some(next) = parsed.columns.get(at + 1) {
        return Some(format!("{}{}", text.get(..start)?, text.get(next.span.start..)?));
    }
    let before = text.get(..start)?.trim_end().strip_suffix(',')?;
    Some(format!("{before}{}", text.get(parsed.end_of_columns..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_tables_are_in_quotes() {
        let text = "CREATE TABLE t (t INT REFERENCES T (t), u INT REFERENCES [u] (t))";
        let renamed = "CREATE TABLE \"n\" (t INT REFERENCES \"n\" (t), u INT REFERENCES [u] (t))";
        assert_eq!(table_renamed(text, "t", "n"), renamed);
        assert_eq!(
            table_renamed("CREATE INDEX t ON t (t)", "t", "n"),
            "CREATE INDEX t ON \"n\" (t)"
        );
    }

    #[test]
    fn tables_are_renamed_before_their_columns() {
        let text =
            "CREATE TABLE t (a CHECK (t.a > 1.5 AND \"t\".\"a\" > [t] . a), b CHECK (u.t > 't.'))";
        assert!(is_qualified(text, "T"));
        assert!(!is_qualified("CREATE TABLE t (t CHECK (t > 1.5 AND t <> 't.t'))", "t"));
        assert_eq!(
            table_renamed(text, "t", "n"),
            "CREATE TABLE \"n\" (a CHECK (\"n\".a > 1.5 AND \"n\".\"a\" > \"n\" . a), b CHECK (u.t > 't.'))"
        );
    }

    #[test]
    fn renamed_columns_keep_their_quotes() {
        let column = Renamed { table: "t", old: "date", new: "made" };
        let text = "CREATE TABLE t (date DATE CHECK (date(date) > \"date\"), UNIQUE ([date]))";
        let renamed = "CREATE TABLE t (made DATE CHECK (date(made) > \"made\"), UNIQUE (\"made\"))";
        assert_eq!(column_renamed(text, "t", column), renamed);
        let text = "CREATE TABLE u (date INT REFERENCES t (date) CHECK (date > 0))";
        let renamed = "CREATE TABLE u (date INT REFERENCES t (made) CHECK (date > 0))";
        assert_eq!(column_renamed(text, "u", column), renamed);
        let text = "CREATE INDEX date ON t (date, lower(date)) WHERE date > 0";
        let renamed = "CREATE INDEX date ON t (made, lower(made)) WHERE made > 0";
        assert_eq!(column_renamed(text, "t", column), renamed);
    }

    #[test]
    fn columns_come_and_go_as_sqlite_writes_them() {
        let text = "CREATE TABLE t (\n  a INT,\n  b INT, -- b\n  UNIQUE (a)\n)";
        let added = column_added(text, "c TEXT").unwrap();
        assert_eq!(added, "CREATE TABLE t (\n  a INT,\n  b INT, c TEXT, -- b\n  UNIQUE (a)\n)");
        assert_eq!(column_dropped(&added, "c").unwrap(), text);
        assert_eq!(
            column_dropped(text, "a").unwrap(),
            "CREATE TABLE t (\n  b INT, -- b\n  UNIQUE (a)\n)"
        );
        assert_eq!(column_dropped("CREATE TABLE t (a, -- x, y\n b)", "b"), None);
    }
}
