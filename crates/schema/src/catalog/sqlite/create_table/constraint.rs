use super::{Key, Reading};
use crate::catalog::sqlite::parts::{Parts, items};
use crate::model::{Action, Check, Column, Deferral, ForeignKey, Identity, Written};
use crate::scan::Token;

impl Reading<'_> {
    /// Constraints of the table; `SQLite` asks for no comma between them.
    pub(super) fn constraints(&mut self, item: &[Token<'_>]) {
        let mut parts = Parts::of(item);
        self.constraints_in(&mut parts);
    }

    pub(super) fn constraints_in(&mut self, parts: &mut Parts<'_, '_>) {
        let mut name = None;
        // The columns of a FOREIGN KEY, until what they refer to comes.
        let mut columns = None;
        while parts.peek().is_some() {
            if parts.take("CONSTRAINT") {
                name = parts.next().map(Token::name);
            } else if parts.take("FOREIGN") {
                parts.take("KEY");
                columns = parts.group().map(|group| self.names(group));
            } else if parts.take("REFERENCES") {
                self.reference(parts, name.take(), columns.take());
            } else {
                self.constraint(parts, &mut name);
            }
        }
    }

    /// Takes one constraint, or one token that begins none.
    fn constraint(&mut self, parts: &mut Parts<'_, '_>, name: &mut Option<String>) {
        if parts.take("PRIMARY") {
            parts.take("KEY");
            let (key, is_of_column) = self.key(parts, name.take());
            let is_descending = key.details.contains(" DESC");
            if let Some((_, column)) = self.last_column().filter(|_| is_of_column) {
                column.is_key = true;
            }
            self.made.has_descending_key = is_of_column && is_descending;
            self.key = Some(key);
        } else if parts.take("UNIQUE") {
            let (key, is_of_column) = self.key(parts, name.take());
            if let Some((_, column)) = self.last_column().filter(|_| is_of_column) {
                column.is_unique = true;
            }
            self.uniques.push(key);
        } else if parts.take("CHECK") {
            let expression = self.context.expression(parts.group().unwrap_or_default());
            let name = name.take();
            let check = Check { name, expression, enforced: true, validated: true };
            self.made.table.checks.push(check);
            // It is read, and means nothing.
            conflict(parts);
        } else if parts.take("NOT") {
            if parts.take("DEFERRABLE") {
                skip_initially(parts);
            } else if parts.take("NULL") {
                *name = None;
                let conflict = conflict(parts);
                if let Some((column, _)) = self.last_column() {
                    column.nullable = false;
                    column.attributes.extend(conflict.map(|how| ("NOT NULL".to_owned(), how)));
                }
            }
        } else if parts.take("NULL") {
            conflict(parts);
        } else if parts.take("DEFERRABLE") {
            let is_deferred = skip_initially(parts);
            let deferral = if is_deferred {
                Deferral::InitiallyDeferred
            } else {
                Deferral::InitiallyImmediate
            };
            if let Some(key) = self.last_foreign_key() {
                key.deferral = deferral;
            }
        } else {
            self.column_property(parts, name);
        }
    }

    /// The columns of a key and what is said of them; whether it is the column's own.
    fn key(&mut self, parts: &mut Parts<'_, '_>, name: Option<String>) -> (Key, bool) {
        let group = parts.group();
        let columns = group.map_or_else(
            || self.made.columns.last().map(|column| column.name.clone()).into_iter().collect(),
            |group| self.names(group),
        );
        // `PRIMARY KEY (id AUTOINCREMENT)`, as some tools write it.
        if group.is_some_and(|group| group.iter().any(|token| token.is("AUTOINCREMENT"))) {
            let named = |column: &&mut Column| columns.contains(&column.name);
            if let Some(column) = self.made.table.columns.iter_mut().find(named) {
                column.identity = Some(Identity::AutoIncrement);
            }
        }
        let mut of_columns: Vec<String> = Vec::new();
        for (item, column) in items(group.unwrap_or_default()).into_iter().zip(&columns) {
            let mut text = column.clone();
            if let Some(at) = item.iter().position(|token| token.is("COLLATE")) {
                let collation = item.get(at + 1).map(Token::name).unwrap_or_default();
                text = format!("{text} COLLATE {}", collation.to_ascii_lowercase());
            }
            if item.iter().skip(1).any(|token| token.is("DESC")) {
                text.push_str(" DESC");
            }
            of_columns.push(text);
        }
        if group.is_none() && !parts.take("ASC") && parts.take("DESC") {
            of_columns = columns.iter().map(|column| format!("{column} DESC")).collect();
        }
        let mut details = of_columns.join(", ");
        if details == columns.join(", ") {
            details.clear();
        }
        if let Some(how) = conflict(parts) {
            details = [details, how]
                .iter()
                .filter(|text| !text.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(" ");
        }
        (Key { name, columns, details }, group.is_none())
    }

    fn reference(
        &mut self,
        parts: &mut Parts<'_, '_>,
        name: Option<String>,
        columns: Option<Vec<String>>,
    ) {
        let table = parts.next().map(Token::name).unwrap_or_default();
        let referenced = parts.group().map(|group| items(group).into_iter());
        let referenced = referenced.into_iter().flatten().filter_map(<[Token<'_>]>::first);
        let mut key = ForeignKey {
            name,
            columns: Vec::new(),
            referenced_schema: None,
            referenced_table: table,
            referenced_columns: referenced.map(Token::name).collect(),
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            written: Written::default(),
            deferral: Deferral::NotDeferrable,
            validated: true,
        };
        loop {
            if parts.take("ON") {
                let is_delete = parts.take("DELETE");
                if !is_delete {
                    parts.next();
                }
                let action = action(parts);
                if is_delete { key.on_delete = action } else { key.on_update = action }
            } else if parts.take("MATCH") {
                // It is read, and means nothing.
                parts.next();
            } else {
                break;
            }
        }
        key.columns = columns.unwrap_or_else(|| {
            let last = self.made.columns.last_mut();
            last.into_iter()
                .map(|column| {
                    column.refers = true;
                    column.name.clone()
                })
                .collect()
        });
        self.made.table.foreign_keys.push(key);
    }

    /// The first name of each item, as it was declared.
    fn names(&self, group: &[Token<'_>]) -> Vec<String> {
        let first = items(group).into_iter().filter_map(<[Token<'_>]>::first);
        first.map(|token| self.context.declared(token.name())).collect()
    }
}

fn action(parts: &mut Parts<'_, '_>) -> Action {
    let mut words = parts.next().map(|token| token.text.to_ascii_uppercase()).unwrap_or_default();
    if words == "SET" || words == "NO" {
        let second = parts.next().map(|token| token.text.to_ascii_uppercase()).unwrap_or_default();
        words = format!("{words} {second}");
    }
    Action::from_words(&words)
}

/// `ON CONFLICT …`, if it says another thing than what holds anyway.
fn conflict(parts: &mut Parts<'_, '_>) -> Option<String> {
    let mut ahead = parts.clone();
    if !ahead.take("ON") || !ahead.take("CONFLICT") {
        return None;
    }
    let how = ahead.next().map(|token| token.text.to_ascii_uppercase());
    *parts = ahead;
    how.filter(|how| how != "ABORT").map(|how| format!("ON CONFLICT {how}"))
}

/// Takes when a foreign key is checked first; whether that is at the end.
fn skip_initially(parts: &mut Parts<'_, '_>) -> bool {
    if !parts.take("INITIALLY") || parts.take("IMMEDIATE") {
        return false;
    }
    parts.take("DEFERRED")
}
