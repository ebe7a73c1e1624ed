use super::parts::{Parts, items};
use crate::model::{Deferral, Dialect};
use crate::scan::{Kind, Token, folded, scan};

/// What a CREATE TABLE statement says beyond the pragmas.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) columns: Vec<ColumnDefinition>,
    pub(super) primary_key_name: Option<String>,
    /// Name and columns of each unique constraint, in order.
    pub(super) uniques: Vec<(Option<String>, Vec<String>)>,
    /// Name and condition of each check, in order.
    pub(super) checks: Vec<(Option<String>, String)>,
    /// Name and deferral of each foreign key, in order.
    pub(super) foreign_keys: Vec<(Option<String>, Deferral)>,
}

/// What a column's definition says beyond the pragmas.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnDefinition {
    name: String,
    pub(super) collation: Option<String>,
    pub(super) generated: Option<String>,
    pub(super) auto_increment: bool,
}

impl Definition {
    /// Reads the statement as `SQLite` keeps it in `sqlite_schema.sql`.
    ///
    /// # Errors
    /// The offset from which the text is not understood.
    pub(super) fn parse(sql: &str) -> Result<Self, usize> {
        let tokens = scan(Dialect::Sqlite, sql)?;
        let mut parts = Parts::of(&tokens);
        while parts.peek().is_some_and(|token| !token.is_sign("(")) {
            parts.next();
        }
        let body = parts.group().ok_or(sql.len())?;
        let mut definition = Self::default();
        for item in items(body) {
            definition.add_item(item);
        }
        Ok(definition)
    }

    pub(super) fn column(&self, name: &str) -> Option<&ColumnDefinition> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The name of the unique constraint over these columns.
    pub(super) fn unique_name(&self, columns: &[String]) -> Option<String> {
        let same = |declared: &[String]| {
            declared.len() == columns.len()
                && declared.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        self.uniques.iter().find(|(_, declared)| same(declared)).and_then(|(name, _)| name.clone())
    }

    /// A column with its constraints, or constraints of the table; `SQLite` asks for no comma between
    /// the latter.
    fn add_item(&mut self, item: &[Token<'_>]) {
        let mut parts = Parts::of(item);
        let Some(first) = parts.peek() else { return };
        let of_table = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
        if !of_table.iter().any(|keyword| first.is(keyword)) {
            let name = first.name();
            self.columns.push(ColumnDefinition { name, ..ColumnDefinition::default() });
            parts.next();
        }
        let mut constraint = None;
        while parts.peek().is_some() {
            if parts.take("CONSTRAINT") {
                constraint = parts.next().map(Token::name);
            } else {
                self.add_constraint(&mut parts, &mut constraint);
            }
        }
    }

    /// Takes one constraint, or one token that begins none.
    fn add_constraint(&mut self, parts: &mut Parts<'_, '_>, name: &mut Option<String>) {
        if parts.take("PRIMARY") {
            self.primary_key_name = name.take();
        } else if parts.take("UNIQUE") {
            let columns = parts.group().map_or_else(|| self.current_column(), column_names);
            self.uniques.push((name.take(), columns));
        } else if parts.take("CHECK") {
            let condition = parts.group().map(folded).unwrap_or_default();
            self.checks.push((name.take(), condition));
        } else if parts.take("REFERENCES") {
            self.foreign_keys.push((name.take(), Deferral::NotDeferrable));
            // The table's name, which may be a keyword.
            parts.next();
        } else if parts.take("NOT") {
            // NOT NULL and NOT DEFERRABLE: both are taken with their second word.
            parts.next();
        } else if parts.take("DEFERRABLE") {
            self.defer(Deferral::InitiallyImmediate);
        } else if parts.take("INITIALLY") {
            if parts.take("DEFERRED") {
                self.defer(Deferral::InitiallyDeferred);
            }
        } else {
            self.add_column_property(parts, name);
        }
    }

    fn add_column_property(&mut self, parts: &mut Parts<'_, '_>, name: &mut Option<String>) {
        if parts.take("COLLATE") {
            let collation = parts.next().map(Token::name);
            self.change_column(|column| column.collation = collation);
        } else if parts.take("AS") {
            let expression = parts.group().map(folded);
            self.change_column(|column| column.generated = expression);
        } else if parts.take("AUTOINCREMENT") {
            self.change_column(|column| column.auto_increment = true);
        } else if parts.take("DEFAULT") {
            // Any name that was given belonged to the default; its value may be a keyword.
            *name = None;
            if parts.group().is_none() {
                parts.next();
            }
        } else if parts.group().is_none() {
            parts.next();
        }
    }

    fn change_column(&mut self, change: impl FnOnce(&mut ColumnDefinition)) {
        if let Some(column) = self.columns.last_mut() {
            change(column);
        }
    }

    fn current_column(&self) -> Vec<String> {
        self.columns.last().map(|column| column.name.clone()).into_iter().collect()
    }

    fn defer(&mut self, deferral: Deferral) {
        if let Some((_, last)) = self.foreign_keys.last_mut() {
            *last = deferral;
        }
    }
}

/// The columns of a table's UNIQUE (…), without COLLATE and direction.
fn column_names(group: &[Token<'_>]) -> Vec<String> {
    items(group).into_iter().filter_map(|item| item.first().map(Token::name)).collect()
}

/// What a CREATE INDEX statement says beyond the pragmas.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct IndexDefinition {
    /// The text of each part, without collation and direction.
    pub(super) parts: Vec<String>,
    pub(super) predicate: Option<String>,
}

impl IndexDefinition {
    /// Reads the statement as `SQLite` keeps it.
    ///
    /// # Errors
    /// The offset from which the text is not understood.
    pub(super) fn parse(sql: &str) -> Result<Self, usize> {
        let tokens = scan(Dialect::Sqlite, sql)?;
        let mut parts = Parts::of(&tokens);
        if !parts.skip_past("ON") || parts.next().is_none() {
            return Err(sql.len());
        }
        let group = parts.group().ok_or(sql.len())?;
        let predicate = parts.take("WHERE").then(|| folded(parts.rest()));
        Ok(Self { parts: items(group).into_iter().map(part_text).collect(), predicate })
    }
}

fn part_text(item: &[Token<'_>]) -> String {
    let item = match item.split_last() {
        Some((last, rest)) if last.is("ASC") || last.is("DESC") => rest,
        _ => item,
    };
    let item = match item {
        [rest @ .., collate, name] if collate.is("COLLATE") && name.kind != Kind::Sign => rest,
        _ => item,
    };
    folded(item)
}

#[cfg(test)]
mod tests;
