//! Columns whose default is another for each row, or on each server.
//!
//! `MySQL` refuses an ALTER TABLE that adds a column and says such a default, whatever is written to its log (error
//! 1674): the column comes without it, is filled, and gets it then.
//! <https://dev.mysql.com/doc/refman/8.4/en/replication-features-functions.html>

use super::alter::{Changing, by_text};
use super::clause::Clause;
use super::column::column;
use super::table::home;
use super::text::{in_parentheses, name};
use crate::ddl::Statement;
use crate::difference::Difference;
use crate::model::{Column, Definition, Dialect, Kind, Reference};
use crate::scan::{self, scan};

/// Whether a default calls what `MySQL` lets no statement call that adds a column.
pub(super) fn is_unsafe(dialect: Dialect, column: &Column) -> bool {
    const FUNCTIONS: [&str; 9] = [
        "uuid",
        "uuid_short",
        "rand",
        "random_bytes",
        "sysdate",
        "user",
        "session_user",
        "system_user",
        "current_user",
    ];
    let Some(default) = column.default.as_deref().filter(|_| dialect == Dialect::MySql) else {
        return false;
    };
    let tokens = scan(dialect, default).unwrap_or_default();
    let calls = tokens.windows(2).any(|pair| match pair {
        [function, sign] => {
            function.kind == scan::Kind::Word
                && sign.is_sign("(")
                && FUNCTIONS.iter().any(|one| function.is(one))
        }
        _ => false,
    });
    calls && default.starts_with('(')
}

/// What is left to do behind the statement that adds columns.
#[derive(Debug, Default)]
pub(super) struct Filling {
    /// Columns that are there, and without a value.
    pub(super) added: Vec<Column>,
    /// Columns that were there, and have their default back.
    pub(super) others: Vec<Column>,
    /// The primary key, which takes no column without values.
    pub(super) key: Option<Clause>,
}

impl Filling {
    /// What the statement that adds the column says of it.
    pub(super) fn without_default(new: &Column, is_added: bool) -> Column {
        Column { default: None, nullable: is_added || new.nullable, ..new.clone() }
    }

    /// The clauses that give the columns what they lack.
    pub(super) fn clauses(&self, changing: &Changing<'_>) -> Vec<Clause> {
        let home = home(changing.schema, changing.to);
        let said = self.added.iter().map(|one| {
            let sql = format!("MODIFY COLUMN {}", column(home, one));
            Clause::of(&one.name, "change column", sql)
        });
        let others = self.others.iter().map(|one| {
            let default = in_parentheses(one.default.as_deref().unwrap_or_default());
            let sql = format!("ALTER COLUMN {} SET DEFAULT {default}", name(&one.name));
            Clause::of(&one.name, "change column", sql)
        });
        said.chain(others).chain(self.key.clone()).collect()
    }

    /// The statement that gives each row what the default says, as if the column had come with it; times of
    /// the last change stay.
    pub(super) fn update(&self, changing: &Changing<'_>) -> Option<Statement> {
        let first = self.added.first()?;
        let fill = |one: &Column| {
            format!("{} = {}", name(&one.name), one.default.as_deref().unwrap_or_default())
        };
        let is_added = |column: &Column| self.added.iter().any(|one| one.name == column.name);
        let touched = changing.to.columns.iter();
        let touched = touched.filter(|one| one.on_update.is_some() && !is_added(one));
        let kept = touched.map(|one| format!("{0} = {0}", name(&one.name)));
        let all: Vec<String> = self.added.iter().map(fill).chain(kept).collect();
        let table = name(&changing.name.local);
        let sql = format!(
            "-- MySQL adds no column with such a default: the rows that are there get a value each\n\
             UPDATE {table} SET {}",
            all.join(", ")
        );
        let object = changing.name.sibling(format!("{}.{}", changing.name.local, first.name));
        Some(Statement { sql, change: "fill column", kind: Kind::Table, object, loses: None })
    }
}

/// The triggers that would run for each row that is filled: they are made again behind it.
pub(super) fn disturbed(
    difference: &Difference,
) -> impl Iterator<Item = (&Reference, &Definition)> {
    let dialect = difference.to.dialect;
    let filled = move |table: &crate::difference::TableDifference| {
        table.columns.added.iter().any(|added| is_unsafe(dialect, &added.column))
            || by_text::rewrites(table)
    };
    let filled: Vec<_> =
        difference.altered.iter().filter(|table| filled(table)).map(|one| &one.name).collect();
    difference.from.definitions.iter().filter(move |(reference, definition)| {
        let head =
            |text: &String| text.split(" ON ").next().unwrap_or_default().ends_with("UPDATE");
        reference.kind == Kind::Trigger
            && definition.owner.as_ref().is_some_and(|owner| filled.contains(&owner))
            && definition.create.iter().any(head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_differ_by_row_are_known() {
        let is = |default: &str| {
            let default = Some(default.to_owned());
            is_unsafe(Dialect::MySql, &Column { default, ..Column::new("a", "text") })
        };
        assert!(is("(uuid())") && is("(concat('a',UUID()))") && is("(rand(5))"));
        assert!(!is("'uuid()'") && !is("(concat('uuid()'))") && !is("(`uuid`)") && !is("(now())"));
    }
}
