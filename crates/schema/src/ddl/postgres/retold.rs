//! What belongs to tables and is not managed, told anew once tables and columns have other names.

use std::collections::BTreeMap;

use crate::catalog::postgres::names::{qualified, quoted};
use crate::difference::Renames;
use crate::model::{Dialect, Name};
use crate::scan::{Kind, Token, scan};

/// One name of a text, of one part or of several with dots between them.
struct Named {
    start: usize,
    end: usize,
    parts: Vec<String>,
    /// The word or sign before it; behind `FROM` and `JOIN`, parentheses apart.
    before: String,
    /// Whether a parenthesis follows: it is a routine's.
    is_called: bool,
    /// Whether a dot ends it, before the star of a whole row.
    is_row: bool,
}

/// A statement as the server prints it, with all the names that hold after the renames.
///
/// Columns of the owner stand alone, those of other tables behind the name or the alias of theirs; keywords are in
/// upper case. A text that is not understood stays.
pub(super) fn retold(renames: &Renames, owner: &Name, columns: &[&str], sql: &str) -> String {
    let Ok(tokens) = scan(Dialect::Postgres, sql) else { return sql.to_owned() };
    let names = names(&tokens);
    let is_about_roles = tokens.first().is_some_and(|one| one.is("REVOKE") || one.is("GRANT"));
    let places = Places { renames, owner, columns, is_about_roles };
    let tables = places.tables(&names, sql);
    let (mut retold, mut end) = (String::with_capacity(sql.len()), 0);
    for name in &names {
        if let Some(new) = places.renamed(name, &tables) {
            retold.push_str(sql.get(end..name.start).unwrap_or_default());
            retold.push_str(&new);
            end = name.end;
        }
    }
    retold + sql.get(end..).unwrap_or_default()
}

/// The names of a text, numbers among them.
fn names(tokens: &[Token<'_>]) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    let (mut before, mut is_joined) = (String::new(), false);
    for token in tokens {
        let is_name = matches!(token.kind, Kind::Word | Kind::QuotedName);
        let adjoins = names.last().is_some_and(|last| last.end == token.start);
        is_joined &= adjoins;
        let begins_with_dot = adjoins && token.kind == Kind::Word && token.text.starts_with('.');
        let parts = if token.kind == Kind::Word {
            token.text.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        } else {
            vec![token.name()]
        };
        match names.last_mut() {
            Some(last) if is_name && (is_joined || begins_with_dot) => {
                last.parts.extend(parts);
                last.end = token.end();
            }
            _ if is_name => {
                let before = std::mem::replace(&mut before, token.text.to_owned());
                let (start, end) = (token.start, token.end());
                names.push(Named { start, end, parts, before, is_called: false, is_row: false });
            }
            last => {
                if let Some(last) = last.filter(|_| adjoins) {
                    last.is_called = token.is_sign("(");
                }
                if !(token.is_sign("(") && matches!(before.as_str(), "FROM" | "JOIN")) {
                    token.text.clone_into(&mut before);
                }
            }
        }
        is_joined = token.kind == Kind::Word && token.text.ends_with('.');
        if let Some(last) = names.last_mut().filter(|_| is_name) {
            last.is_row = is_joined;
        }
    }
    names
}

struct Places<'a> {
    renames: &'a Renames,
    owner: &'a Name,
    /// The columns of the owner, under their old names.
    columns: &'a [&'a str],
    /// Whether roles stand behind `FROM`.
    is_about_roles: bool,
}

impl Places<'_> {
    /// The table that a name is, where one stands.
    fn table(&self, name: &Named) -> Option<Name> {
        let table = match name.parts.as_slice() {
            [local] => Name::local(local),
            [schema, local] => Name::in_schema(schema, local),
            _ => return None,
        };
        match name.before.as_str() {
            "FROM" => (!self.is_about_roles).then_some(table),
            "JOIN" | "ONLY" | "ON" | "TABLE" | ":" => Some(table),
            // The second of a list, unless that is one of columns.
            "," => Some(table).filter(|table| {
                self.renames.tables.contains_key(table)
                    && !(table.schema.is_none() && self.columns.contains(&table.local.as_str()))
            }),
            _ => None,
        }
    }

    /// The tables by the names that their columns have before them, and whether those are aliases.
    fn tables(&self, names: &[Named], sql: &str) -> BTreeMap<String, (Name, bool)> {
        let mut found = BTreeMap::from([(self.owner.local.clone(), (self.owner.clone(), false))]);
        let nexts = names.iter().skip(1).map(Some).chain([None]);
        for (name, next) in names.iter().zip(nexts) {
            let Some(table) = self.table(name).filter(|_| name.before != ":") else { continue };
            let alias = next.and_then(|next| {
                let [alias] = next.parts.as_slice() else { return None };
                let is_next = sql.get(name.end..next.start)?.trim().is_empty();
                let is_keyword =
                    sql.get(next.start..)?.starts_with(|c: char| c.is_ascii_uppercase());
                (is_next && !is_keyword).then(|| alias.clone())
            });
            match alias {
                Some(alias) => found.insert(alias, (table, true)),
                None => found.insert(table.local.clone(), (table, false)),
            };
        }
        found
    }

    fn renamed(&self, name: &Named, tables: &BTreeMap<String, (Name, bool)>) -> Option<String> {
        if let Some(table) = self.table(name) {
            return self.renames.tables.get(&table).map(qualified);
        }
        // These have names of their own.
        if matches!(name.before.as_str(), "POLICY" | "STATISTICS" | "PUBLICATION" | "TO" | "INDEX")
        {
            return None;
        }
        let of = |refer: &str| {
            let (table, is_alias) = tables.get(refer)?;
            let new = self.renames.tables.get(table).filter(|_| !is_alias);
            Some((table, new.map_or_else(|| quoted(refer), |new| quoted(&new.local))))
        };
        match name.parts.as_slice() {
            [refer] if name.is_row => Some(format!("{}.", of(refer)?.1)),
            [column] if !name.is_called => self.column(self.owner, column).map(quoted),
            [refer, column] => {
                let (table, refer) = of(refer)?;
                let column = self.column(table, column).unwrap_or(column);
                Some(format!("{refer}.{}", quoted(column)))
            }
            _ => None,
        }
    }

    fn column<'c>(&'c self, table: &Name, column: &str) -> Option<&'c str> {
        let table = self.renames.table(table).clone();
        self.renames.columns.get(&(table, column.to_owned())).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renames() -> Renames {
        let table = |one: &str, other: &str| (Name::local(one), Name::local(other));
        let column = |of: &str, one: &str, other: &str| {
            ((Name::local(of), one.to_owned()), other.to_owned())
        };
        Renames {
            tables: BTreeMap::from([
                table("admins", "staff"),
                table("guests", "admins"),
                table("d", "docs"),
            ]),
            columns: BTreeMap::from([
                column("docs", "owner", "Holder"),
                column("staff", "id", "no"),
                column("kept", "id", "key"),
            ]),
            ..Renames::default()
        }
    }

    #[test]
    fn each_name_is_that_of_its_own_table() {
        for (old, new) in [
            (
                "CREATE POLICY owner ON d USING ((owner = 1))",
                "CREATE POLICY owner ON docs USING ((\"Holder\" = 1))",
            ),
            (
                "(owner IN ( SELECT admins.id\n FROM admins))",
                "(\"Holder\" IN ( SELECT staff.no\n FROM staff))",
            ),
            (
                "(EXISTS ( SELECT 1 FROM (admins a JOIN guests ON ((a.id = guests.id))) WHERE (a.id = d.owner)))",
                "(EXISTS ( SELECT 1 FROM (staff a JOIN admins ON ((a.no = admins.id))) WHERE (a.no = docs.\"Holder\")))",
            ),
            ("(SELECT kept.id FROM kept, guests g)", "(SELECT kept.key FROM kept, admins g)"),
            ("(d.* IS NOT NULL)", "(docs.* IS NOT NULL)"),
            (
                "COALESCE(owner, admins, 'owner'::text, owner(owner))",
                "COALESCE(\"Holder\", admins, 'owner'::text, owner(\"Holder\"))",
            ),
            ("REVOKE ALL ON TABLE d FROM admins", "REVOKE ALL ON TABLE docs FROM admins"),
        ] {
            assert_eq!(retold(&renames(), &Name::local("d"), &["owner", "admins"], old), new);
        }
    }
}
