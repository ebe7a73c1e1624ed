use super::Changes;
use crate::model::{
    Check, Column, Dialect, Exclusion, ForeignKey, Index, Name, PrimaryKey, Schema, Table,
    TableOptions, Unique,
};

/// What has to change in a table that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDifference {
    /// Its name, after renames.
    pub name: Name,
    /// Its columns.
    pub columns: ColumnChanges,
    /// Its primary key, as it is and as it is to be; `None` if it stays.
    pub primary_key: Option<(Option<PrimaryKey>, Option<PrimaryKey>)>,
    /// Its unique constraints.
    pub uniques: Changes<Unique>,
    /// Its indexes.
    pub indexes: Changes<Index>,
    /// Its foreign keys.
    pub foreign_keys: Changes<ForeignKey>,
    /// Its checks.
    pub checks: Changes<Check>,
    /// Its exclusion constraints.
    pub exclusions: Changes<Exclusion>,
    /// Its options, as they are and as they are to be; `None` if they stay.
    pub options: Option<(TableOptions, TableOptions)>,
    /// Its comment, as it is and as it is to be; `None` if it stays.
    pub comment: Option<(Option<String>, Option<String>)>,
}

/// What has to change in the columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChanges {
    /// Columns that are made, in the order of the table as it is to be.
    pub added: Vec<AddedColumn>,
    /// Columns that are dropped.
    pub dropped: Vec<Column>,
    /// Columns that stay and are not as they are to be: as they are, and as they are to be.
    pub changed: Vec<(Column, Column)>,
    /// Whether the columns that stay are to stand in another order, or one that is made stands before
    /// one that stays.
    pub is_reordered: bool,
}

/// A column that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedColumn {
    /// The column.
    pub column: Column,
    /// The column behind which it is to stand; the first column has none.
    pub after: Option<String>,
}

impl ColumnChanges {
    fn between(from: &[Column], to: &[Column]) -> Self {
        let named =
            |columns: &[Column], name: &str| columns.iter().any(|column| column.name == name);
        let before = std::iter::once(None).chain(to.iter().map(|column| Some(column.name.clone())));
        let added = to.iter().zip(before).filter(|(column, _)| !named(from, &column.name));
        let added =
            added.map(|(column, after)| AddedColumn { column: column.clone(), after }).collect();
        let dropped: Vec<_> =
            from.iter().filter(|column| !named(to, &column.name)).cloned().collect();
        let changed = from.iter().filter_map(|old| {
            let new = to.iter().find(|new| new.name == old.name)?;
            (old != new).then(|| (old.clone(), new.clone()))
        });
        let changed = changed.collect();
        let name_of = |column: &'_ Column| column.name.clone();
        let stay = from.iter().map(name_of).filter(|name| named(to, name));
        let appended = to.iter().map(name_of).filter(|name| !named(from, name));
        let is_reordered = !stay.chain(appended).eq(to.iter().map(name_of));
        Self { added, dropped, changed, is_reordered }
    }

    /// Whether no column is made, dropped or changed; they may stand in another order.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.changed.is_empty()
    }
}

impl TableDifference {
    pub(super) fn between(schema: &Schema, name: &Name, from: &Table, to: &Table) -> Self {
        let dialect = schema.dialect;
        let primary_key = (from.primary_key.clone(), to.primary_key.clone());
        Self {
            name: name.clone(),
            columns: ColumnChanges::between(&from.columns, &to.columns),
            primary_key: (!same_key(dialect, name, &primary_key)).then_some(primary_key),
            uniques: Changes::between(dialect, name, &from.uniques, &to.uniques),
            indexes: Changes::between(dialect, name, &from.indexes, &to.indexes),
            foreign_keys: Changes::between(dialect, name, &from.foreign_keys, &to.foreign_keys),
            checks: Changes::between(dialect, name, &from.checks, &to.checks),
            exclusions: Changes::between(dialect, name, &from.exclusions, &to.exclusions),
            options: (from.options != to.options)
                .then(|| (from.options.clone(), to.options.clone())),
            comment: (from.comment != to.comment)
                .then(|| (from.comment.clone(), to.comment.clone())),
        }
        .without_order(dialect)
    }

    /// `PostgreSQL` cannot move a column, and rewriting a table of `SQLite` to move one is not worth it:
    /// whoever wants it exact rewrites when columns change anyway.
    fn without_order(mut self, dialect: Dialect) -> Self {
        let can_move = matches!(dialect, Dialect::MySql | Dialect::MariaDb);
        self.columns.is_reordered &= can_move || !self.columns.is_empty();
        self
    }

    /// Whether nothing changes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.columns.is_empty()
            && !self.columns.is_reordered
            && self.primary_key.is_none()
            && self.uniques.is_empty()
            && self.indexes.is_empty()
            && self.foreign_keys.is_empty()
            && self.checks.is_empty()
            && self.exclusions.is_empty()
            && self.options.is_none()
            && self.comment.is_none()
    }
}

/// Whether two primary keys are the same but for names that the server made up.
fn same_key(
    dialect: Dialect,
    table: &Name,
    (from, to): &(Option<PrimaryKey>, Option<PrimaryKey>),
) -> bool {
    let is_generated = |key: &PrimaryKey| match key.name.as_deref() {
        None => true,
        Some(name) => dialect == Dialect::Postgres && name == format!("{}_pkey", table.local),
    };
    match (from, to) {
        (None, None) => true,
        (Some(from), Some(to)) => {
            let same_name = from.name == to.name || is_generated(from) && is_generated(to);
            from.columns == to.columns && same_name
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<Column> {
        names.iter().map(|name| Column::new(*name, "int")).collect()
    }

    #[test]
    fn place_of_a_new_column_is_known() {
        let changes =
            ColumnChanges::between(&columns(&["a", "c"]), &columns(&["b", "a", "c", "d"]));
        let after: Vec<_> = changes.added.iter().map(|added| added.after.as_deref()).collect();
        assert_eq!(after, [None, Some("c")]);
        assert!(changes.is_reordered);
    }

    #[test]
    fn columns_at_the_end_disturb_no_order() {
        let appended = ColumnChanges::between(&columns(&["a", "b"]), &columns(&["a", "b", "c"]));
        assert!(!appended.is_reordered);
        let dropped = ColumnChanges::between(&columns(&["a", "b", "c"]), &columns(&["a", "c"]));
        assert!(!dropped.is_reordered && dropped.dropped.len() == 1);
        let moved = ColumnChanges::between(&columns(&["a", "b"]), &columns(&["b", "a"]));
        assert!(moved.is_reordered && moved.is_empty());
    }
}
