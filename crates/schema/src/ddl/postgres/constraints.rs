use super::faithful::{bare, faithful};
use crate::catalog::postgres::names::{Extra, list, qualified, quoted};
use crate::model::{
    Action, Check, Deferral, Exclusion, ForeignKey, Name, PrimaryKey, TableOptions, Unique,
};

/// A primary key as it stands in a table, with its name.
pub(super) fn primary_key(key: &PrimaryKey, options: &TableOptions) -> String {
    let name = key.name.as_deref().unwrap_or_default();
    let mut sql = format!("{}PRIMARY KEY ({})", named(name), list(&key.columns));
    if let Some(include) = Extra::Include.of(options, name) {
        sql = format!("{sql} INCLUDE ({include})");
    }
    sql += &with(options, name);
    if let Some(deferral) = Extra::Deferral.of(options, name) {
        sql = format!("{sql} {deferral}");
    }
    sql
}

/// A unique constraint as it stands in a table, with its name.
pub(super) fn unique(unique: &Unique, options: &TableOptions) -> String {
    let name = unique.name.as_deref().unwrap_or_default();
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let mut sql = format!("{}UNIQUE{nulls} ({})", named(name), list(&unique.columns));
    if !unique.include.is_empty() {
        sql = format!("{sql} INCLUDE ({})", list(&unique.include));
    }
    sql += &with(options, name);
    sql + deferral(unique.deferral)
}

fn with(options: &TableOptions, name: &str) -> String {
    Extra::Index.of(options, name).map(|text| format!(" WITH ({text})")).unwrap_or_default()
}

/// A check as it stands in a table, with its name.
pub(super) fn check(check: &Check, options: &TableOptions) -> String {
    let name = check.name.as_deref().unwrap_or_default();
    let mut sql = format!("{}CHECK ({})", named(name), faithful(bare(&check.expression)));
    if let Some(text) = Extra::Inherit.of(options, name) {
        sql = format!("{sql} {text}");
    }
    if !check.enforced {
        sql += " NOT ENFORCED";
    } else if !check.validated {
        sql += " NOT VALID";
    }
    sql
}

/// An exclusion constraint as it stands in a table, with its name.
pub(super) fn exclusion(exclusion: &Exclusion) -> String {
    named(&exclusion.name) + &faithful(&exclusion.definition)
}

/// A foreign key as it stands in a table, with its name.
pub(super) fn foreign_key(key: &ForeignKey, referenced: &Name, options: &TableOptions) -> String {
    let name = key.name.as_deref().unwrap_or_default();
    let mut sql = format!(
        "{}FOREIGN KEY ({}) REFERENCES {} ({})",
        named(name),
        list(&key.columns),
        qualified(referenced),
        list(&key.referenced_columns)
    );
    if let Some(text) = Extra::Match.of(options, name) {
        sql = format!("{sql} MATCH {text}");
    }
    if let Some(words) = action(key.on_update) {
        sql = format!("{sql} ON UPDATE {words}");
    }
    if let Some(words) = action(key.on_delete) {
        sql = format!("{sql} ON DELETE {words}");
        if let Some(columns) = Extra::OnDelete.of(options, name) {
            sql = format!("{sql} ({columns})");
        }
    }
    sql += deferral(key.deferral);
    if !key.validated {
        sql += " NOT VALID";
    }
    sql
}

/// The table that a foreign key of another refers to.
pub(super) fn referenced(table: &Name, key: &ForeignKey) -> Name {
    match &key.referenced_schema {
        // The key names its schema where it is another than its own table's.
        Some(schema) => Name::in_schema(schema, &key.referenced_table),
        None => table.sibling(&key.referenced_table),
    }
}

fn named(name: &str) -> String {
    format!("CONSTRAINT {} ", quoted(name))
}

const fn action(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

pub(super) const fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "",
        Deferral::InitiallyImmediate => " DEFERRABLE",
        Deferral::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}
