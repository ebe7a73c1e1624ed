//! Full-text indexes over the rows of another table, which know them by their numbers:
//! <https://www.sqlite.org/fts5.html#external_content_tables>.

use std::collections::BTreeSet;

use super::super::Statement;
use super::copy;
use super::plan::{Plan, table_key};
use crate::catalog::sqlite::{CreateTable, quoted};
use crate::model::{Dialect, Kind, Name, Reference};
use crate::scan::scan;

/// The statements that fill the indexes anew whose rows have other numbers, or values, in a table that is rebuilt.
pub(super) fn filled(plan: &Plan<'_>) -> Vec<Statement> {
    let sources = sources(plan);
    let definitions = plan.difference.to.definitions.iter();
    let stay = definitions.filter(|(key, _)| {
        key.kind == Kind::VirtualTable
            && plan.difference.from.definitions.contains_key(key)
            && !plan.remade.made.contains(key)
    });
    let disturbed = stay.filter_map(|(key, definition)| {
        let content = content(definition.written.text())?;
        let mut sources = sources.iter();
        sources.any(|one| one.name.local.eq_ignore_ascii_case(&content)).then_some(&key.name)
    });
    let filled = disturbed.map(|name| {
        let index = quoted(&name.local);
        Statement {
            sql: format!(
                "-- It knows rows by numbers, or texts, that they may not have any more.\n\
                 INSERT INTO {index} ({index}) VALUES ('rebuild')"
            ),
            change: "fill virtual table",
            kind: Kind::VirtualTable,
            object: name.clone(),
            loses: None,
        }
    });
    filled.collect()
}

/// The tables whose rows have other numbers or values afterwards, and the views on them.
fn sources(plan: &Plan<'_>) -> BTreeSet<Reference> {
    let is_disturbed = |name: &&Name| !keeps_numbers(plan, name) || has_changed(plan, name);
    let tables = plan.rebuilt().filter(is_disturbed);
    let mut sources: BTreeSet<Reference> = tables.map(table_key).collect();
    loop {
        let views = plan.difference.to.definitions.iter().filter(|(key, view)| {
            key.kind == Kind::View
                && !sources.contains(key)
                && view.needs.iter().any(|need| sources.contains(need))
        });
        let views: Vec<Reference> = views.map(|(key, _)| key.clone()).collect();
        if views.is_empty() {
            return sources;
        }
        sources.extend(views);
    }
}

/// Whether columns are others, whose values may be written otherwise.
fn has_changed(plan: &Plan<'_>, name: &Name) -> bool {
    let mut altered = plan.difference.altered.iter();
    altered.any(|table| table.name == *name && !table.columns.changed.is_empty())
}

/// Whether each row of a table that is rebuilt has the number that it had.
fn keeps_numbers(plan: &Plan<'_>, name: &Name) -> bool {
    let difference = plan.difference;
    let (Some(old), Some(new)) = (difference.from.tables.get(name), difference.to.tables.get(name))
    else {
        return true;
    };
    let Ok(new_text) = CreateTable::parse(new.written.text()) else { return true };
    let is_number = |column: &str| copy::row_number_column(old) == Some(column);
    copy::row_number(old, new, &new_text).is_some()
        || new_text.row_number().is_some_and(is_number)
        || old.options.without_rowid && new.options.without_rowid
}

/// The table or view whose rows a full-text index is over.
fn content(sql: &str) -> Option<String> {
    let tokens = scan(Dialect::Sqlite, sql).ok()?;
    let using = tokens.iter().position(|token| token.is("USING"))?;
    let module = tokens.get(using + 1)?.name().to_ascii_lowercase();
    let mut options = tokens.windows(3).skip(using);
    let content = options.find_map(|option| match option {
        [word, equals, name] if word.is("content") && equals.is_sign("=") => Some(name.name()),
        _ => None,
    });
    content.filter(|_| module.starts_with("fts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_over_other_tables_are_known() {
        for (arguments, table) in [
            ("fts5(title, content='doc', content_rowid=id)", Some("doc")),
            ("FTS4 (title, content = \"a b\")", Some("a b")),
            ("fts5(title, CONTENT=doc)", Some("doc")),
            ("fts5(title, content)", None),
            ("rtree(id, content=doc)", None),
        ] {
            let sql = format!("CREATE VIRTUAL TABLE f USING {arguments}");
            assert_eq!(content(&sql).as_deref(), table, "{sql}");
        }
    }
}
