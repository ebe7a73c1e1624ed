use std::collections::BTreeMap;

use super::text::{self, Renamed};
use crate::difference::{Difference, Renames};
use crate::model::{Name, Reference, Schema};

/// The statements that `SQLite` keeps, at one point of the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub(super) tables: BTreeMap<Name, String>,
    /// By the name of the index: its table, and the statement.
    pub(super) indexes: BTreeMap<String, (Name, String)>,
    pub(super) definitions: BTreeMap<Reference, String>,
}

impl Texts {
    /// What a schema that was read says.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut texts = Self::default();
        for (name, table) in &schema.tables {
            texts.tables.insert(name.clone(), table.written.text().to_owned());
            for index in &table.indexes {
                let text = (name.clone(), index.written.text().to_owned());
                texts.indexes.insert(index.name.clone(), text);
            }
        }
        let definitions = schema.definitions.iter();
        texts.definitions = definitions
            .map(|(key, definition)| (key.clone(), definition.written.text().to_owned()))
            .collect();
        texts
    }

    /// The same under the names that tables have after renames.
    pub(super) fn moved(self, renames: &Renames) -> Self {
        let tables = self.tables.into_iter();
        let indexes = self.indexes.into_iter();
        Self {
            tables: tables.map(|(name, text)| (renames.table(&name).clone(), text)).collect(),
            indexes: indexes
                .map(|(index, (table, text))| (index, (renames.table(&table).clone(), text)))
                .collect(),
            definitions: self.definitions,
        }
    }

    /// What `SQLite` makes of them when it renames tables and columns. Views and triggers are made anew.
    pub(super) fn rename(&mut self, difference: &Difference) {
        let (table_steps, column_steps) = (difference.table_steps(), difference.column_steps());
        let tables = self.tables.iter_mut();
        let indexes = self.indexes.values_mut().map(|(table, text)| (&*table, text));
        for (name, statement) in tables.chain(indexes) {
            for (old, new) in &table_steps {
                *statement = text::table_renamed(statement, &old.local, &new.local);
            }
            for (table, old, new) in &column_steps {
                let column = Renamed { table: &table.local, old, new };
                *statement = text::column_renamed(statement, &name.local, column);
            }
        }
    }
}
