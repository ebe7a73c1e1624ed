//! What belongs to tables and is not managed, told anew once tables and columns have other names.

mod pieces;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use self::pieces::{Piece, pieces};
use crate::catalog::postgres::names::{qualified, quoted};
use crate::difference::Renames;
use crate::model::{Dialect, Name};
use crate::scan::scan;

/// The keywords of expressions and subqueries in which each name can be told; what others begin (`WITH`, `UNION`,
/// `USING`, `LATERAL`, …) gives or takes names in ways of its own.
const KEYWORDS: &str = " ALL AND ANY ARRAY AS ASC AT B BETWEEN BOTH BY CASE COALESCE COLLATE CROSS \
    CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER \
    DESC DISTINCT ELSE END EXISTS EXTRACT FALSE FILTER FIRST FOR FROM FULL GREATEST GROUP HAVING IN INNER \
    INSERT IS JOIN LAST LEADING LEAST LEFT LIKE LIMIT LOCAL LOCALTIME LOCALTIMESTAMP NOT NULL NULLIF NULLS \
    OFFSET ON ONLY OR ORDER OUTER OVERLAPS OVERLAY PLACING POSITION REFERENCES RIGHT ROW SELECT SESSION_USER \
    SUBSTRING SYMMETRIC SYSTEM_USER THEN TIME TRAILING TRIM TRUE UNKNOWN UPDATE USER VARIADIC WHEN WHERE \
    ZONE ";

/// A statement as the server prints it, with all the names that hold after the renames; `None` where a renamed name
/// stands in a text of which it cannot be told what each name is.
///
/// The server prints columns of the owner alone, and inside of subqueries every column behind the name or the alias
/// of its table; keywords are in upper case.
pub(super) fn retold(renames: &Renames, owner: (&Name, &Name), sql: &str) -> Option<String> {
    let pieces = pieces(&scan(Dialect::Postgres, sql).ok()?);
    let (table, body) = places(&pieces);
    let mut text = Text { renames, owner, pieces: &pieces, new: Vec::new() };
    if let Some(at) = pieces.get(table).filter(|one| one.table().as_ref() == Some(owner.0)) {
        text.new.push((at.start..at.end, qualified(owner.1)));
    }
    if text.is_concerned(body.clone())? {
        text.rename(body)?;
    }
    text.new.sort_by_key(|(at, _)| at.start);
    let (mut retold, mut end) = (String::with_capacity(sql.len()), 0);
    for (at, new) in text.new {
        retold.push_str(sql.get(end..at.start).unwrap_or_default());
        retold.push_str(&new);
        end = at.end;
    }
    Some(retold + sql.get(end..).unwrap_or_default())
}

/// Where a statement has the name of the owner, and where columns and expressions.
fn places(pieces: &[Piece<'_>]) -> (usize, Range<usize>) {
    let count = pieces.len();
    let first = |word| pieces.iter().position(|one| one.is(word)).unwrap_or(count);
    let last = |word| pieces.iter().rposition(|one| one.is(word)).unwrap_or(count);
    let is = |at: usize, word| pieces.get(at).is_some_and(|one| one.is(word));
    let on = first("ON");
    let of_kind = on + if is(on + 1, "TABLE") || is(on + 1, "SEQUENCE") { 2 } else { 1 };
    match pieces {
        [one, two, ..] if one.is("CREATE") && two.is("POLICY") => {
            (on + 1, first("USING").min(first("CHECK"))..count)
        }
        [one, two, ..] if one.is("CREATE") && two.is("STATISTICS") => {
            (last("FROM") + 1, on + 1..last("FROM"))
        }
        [one, two, ..] if one.is("ALTER") && two.is("PUBLICATION") => {
            (first("TABLE") + 1, first("TABLE") + 2..count)
        }
        [one, two, ..] if one.is("ALTER") && two.is("TABLE") => (2, 0..0),
        [one, ..] if one.is("GRANT") => (of_kind, 1..on),
        [one, ..] if one.is("REVOKE") => (of_kind, 0..0),
        [one, ..] if one.is("COMMENT") || one.is("DROP") => (last("ON") + 1, 0..0),
        _ => (count, 0..0),
    }
}

/// What stands in one pair of parentheses.
struct Scope {
    parent: usize,
    is_query: bool,
    is_in_from: bool,
    /// The tables of a query: what stands before their columns, the name, and whether it is an alias.
    tables: Vec<(String, Name, bool)>,
}

struct Text<'a> {
    renames: &'a Renames,
    /// Its old name and its new one.
    owner: (&'a Name, &'a Name),
    pieces: &'a [Piece<'a>],
    new: Vec<(Range<usize>, String)>,
}

impl Text<'_> {
    /// Whether something that is renamed may stand there; `None` if it does where it cannot be told anew.
    fn is_concerned(&self, body: Range<usize>) -> Option<bool> {
        let pieces = self.pieces.get(body).unwrap_or_default();
        let parts: BTreeSet<&str> =
            pieces.iter().flat_map(|one| &one.parts).map(String::as_str).collect();
        let tables = &self.renames.tables;
        let mut named = tables.keys().chain(self.renames.sequences.keys());
        let is_literal = |name: &Name| {
            let name = qualified(name);
            let mut all = pieces.windows(4);
            all.any(|one| matches!(one, [text, .., class] if text.is_text(&name) && class.text.starts_with("reg")))
        };
        if named.any(is_literal) {
            return None;
        }
        let is_of = |table: &Name, column: &str| {
            let former = tables.iter().find(|(_, new)| *new == table).map_or(table, |(old, _)| old);
            table == self.owner.1
                || parts.contains(former.local.as_str())
                || pieces.iter().any(|one| one.is_field && one.parts == [column])
        };
        let mut columns = self.renames.columns.keys();
        Some(
            tables.keys().any(|old| parts.contains(old.local.as_str()))
                || columns.any(|(table, old)| parts.contains(old.as_str()) && is_of(table, old)),
        )
    }

    fn piece(&self, at: usize) -> Option<&Piece<'_>> {
        self.pieces.get(at)
    }

    fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.piece(at).is_some_and(|one| one.is_sign(sign))
    }

    /// Gives all names of an expression those that hold.
    fn rename(&mut self, body: Range<usize>) -> Option<()> {
        let owner = (self.owner.0.local.clone(), self.owner.0.clone(), false);
        let root = Scope { parent: 0, is_query: false, is_in_from: false, tables: vec![owner] };
        let (mut scopes, mut names) = (vec![root], Vec::new());
        let (mut here, mut is_table_next, mut at) = (0, false, body.start);
        while at < body.end {
            let piece = self.pieces.get(at)?;
            if piece.is_sign("(") {
                let is_query = self.piece(at + 1)?.is("SELECT");
                if is_query && is_table_next {
                    return None;
                }
                scopes.push(Scope {
                    parent: here,
                    is_query,
                    is_in_from: false,
                    tables: Vec::new(),
                });
                here = scopes.len() - 1;
            } else if piece.is_sign(")") {
                here = scopes.get(here)?.parent;
                is_table_next = false;
            } else if piece.is_sign(",") {
                is_table_next = scopes.get(here)?.is_in_from;
            } else if piece.is_keyword {
                let is_clause = matches!(piece.text, "USING" | "WITH" | "CHECK" | "WHERE");
                if !(is_clause && here == 0 || KEYWORDS.contains(&format!(" {} ", piece.text))) {
                    return None;
                }
                let scope = scopes.get_mut(here)?;
                let is_compared = at > 0 && self.piece(at - 1)?.is("DISTINCT");
                scope.is_in_from = piece.is("FROM") && scope.is_query && !is_compared;
                is_table_next =
                    scope.is_in_from || piece.is("JOIN") || is_table_next && piece.is("ONLY");
            } else if piece.parts.is_empty() {
                is_table_next = false;
            } else if is_table_next {
                is_table_next = false;
                let query = query(&scopes, here).unwrap_or_default();
                let (table, len) = self.listed(at)?;
                scopes.get_mut(query)?.tables.push(table);
                at += len - 1;
            } else {
                names.push((at, here));
            }
            at += 1;
        }
        self.check_apart(&scopes)?;
        names.into_iter().try_for_each(|(at, here)| self.rename_at(at, &scopes, here))
    }

    /// A table in the list of a query, and how many pieces it has with its alias.
    fn listed(&mut self, at: usize) -> Option<((String, Name, bool), usize)> {
        let (piece, table) = (self.pieces.get(at)?, self.pieces.get(at)?.table()?);
        let alias = self.piece(at + 1).filter(|one| !one.is_keyword);
        let alias = alias.and_then(|one| one.parts.first().cloned());
        let len = if alias.is_some() { 2 } else { 1 };
        if self.is_sign(at + len, "(") {
            return None;
        }
        if let Some(new) = self.renames.tables.get(&table) {
            self.new.push((piece.start..piece.end, qualified(new)));
        }
        let (local, is_alias) = (table.local.clone(), alias.is_some());
        Some(((alias.unwrap_or(local), table, is_alias), len))
    }

    /// `None` if two tables that had names of their own would have one.
    fn check_apart(&self, scopes: &[Scope]) -> Option<()> {
        let tables = scopes.iter().flat_map(|scope| &scope.tables);
        let names: Vec<(&str, &str)> = tables.map(|one| (one.0.as_str(), self.now(one))).collect();
        let is_apart =
            |(old, new): &(&str, &str)| names.iter().all(|(other, now)| now != new || other == old);
        names.iter().all(is_apart).then_some(())
    }

    fn now<'n>(&'n self, (name, table, is_alias): &'n (String, Name, bool)) -> &'n str {
        let table = self.renames.tables.get(table).filter(|_| !is_alias);
        table.map_or(name, |new| &new.local)
    }

    fn rename_at(&mut self, at: usize, scopes: &[Scope], here: usize) -> Option<()> {
        let piece = self.pieces.get(at)?;
        let is_type = at > 1 && self.is_sign(at - 1, ":") && self.is_sign(at - 2, ":");
        let before = at.checked_sub(1).and_then(|before| self.piece(before));
        let is_other = self.is_sign(at + 1, "(")
            || self.is_sign(at + 1, "=") && self.is_sign(at + 2, ">")
            || before.is_some_and(|one| one.is("COLLATE") || one.is("AS"))
            || piece.text.starts_with(|first: char| first.is_ascii_digit());
        if is_type {
            // It may be one of the server's own, or that of a table's rows.
            let is_row = self.renames.tables.contains_key(&piece.table()?);
            return (!is_row).then_some(());
        }
        if piece.is_field {
            // Of a composite type, or of a table's row: another may have its name now.
            let [field] = piece.parts.as_slice() else { return None };
            let columns = &self.renames.columns;
            let is_passed_on = columns.keys().any(|(_, old)| old == field)
                && columns.values().any(|new| new == field);
            return (!is_passed_on).then_some(());
        }
        if is_other {
            return Some(());
        }
        let new = match piece.parts.as_slice() {
            [refer] if piece.is_row => quoted(self.now(find(scopes, here, refer)?)) + ".",
            [column] => {
                // The words of types, and fields of `EXTRACT`, stand behind something else.
                let is_column = query(scopes, here).is_none()
                    && before.is_none_or(Piece::precedes_value)
                    && !(self.is_sign(at - 1, "(") && at > 1 && self.piece(at - 2)?.is("EXTRACT"));
                match self.column(self.owner.0, column).filter(|_| is_column) {
                    Some(new) => quoted(new),
                    None => return Some(()),
                }
            }
            [refer, column] => {
                let found = find(scopes, here, refer)?;
                let column = self.column(&found.1, column).unwrap_or(column);
                format!("{}.{}", quoted(self.now(found)), quoted(column))
            }
            _ => return None,
        };
        self.new.push((piece.start..piece.end, new));
        Some(())
    }

    fn column(&self, table: &Name, column: &str) -> Option<&str> {
        let table = if table == self.owner.0 { self.owner.1 } else { self.renames.table(table) };
        self.renames.columns.get(&(table.clone(), column.to_owned())).map(String::as_str)
    }
}

/// The innermost query around a place.
fn query(scopes: &[Scope], mut here: usize) -> Option<usize> {
    loop {
        let scope = scopes.get(here)?;
        if scope.is_query || here == 0 {
            return scope.is_query.then_some(here);
        }
        here = scope.parent;
    }
}

/// The table of which a name stands before its columns.
fn find<'s>(scopes: &'s [Scope], mut here: usize, refer: &str) -> Option<&'s (String, Name, bool)> {
    loop {
        let scope = scopes.get(here)?;
        let found = scope.tables.iter().find(|(name, ..)| name == refer);
        if found.is_some() || here == 0 {
            return found;
        }
        here = scope.parent;
    }
}
