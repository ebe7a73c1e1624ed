mod expressions;

use std::collections::BTreeMap;

use self::expressions::Rewriting;
use crate::model::{Column, Dialect, IndexKey, Kind, Name, Reference, Schema, Table};

/// Which tables and columns keep what they hold under another name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables: old names to new ones.
    pub tables: BTreeMap<Name, Name>,
    /// Columns: the table's new name and the column's old one to the column's new name.
    pub columns: BTreeMap<(Name, String), String>,
}

impl Renames {
    /// Whether nothing is renamed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty()
    }

    /// The way back.
    #[must_use]
    pub fn inverted(&self) -> Self {
        let tables: BTreeMap<Name, Name> =
            self.tables.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
        let columns = self.columns.iter().map(|((table, old), new)| {
            let table = tables.get(table).unwrap_or(table).clone();
            ((table, new.clone()), old.clone())
        });
        Self { columns: columns.collect(), tables }
    }

    /// The name that a table has afterwards.
    #[must_use]
    pub fn table<'a>(&'a self, old: &'a Name) -> &'a Name {
        self.tables.get(old).unwrap_or(old)
    }

    /// Those that name what `from` has and `to` lacks, and give it a name that `to` has and `from` lacks.
    pub(super) fn restricted(&self, from: &Schema, to: &Schema) -> Self {
        let has = |schema: &Schema, name: &Name| schema.tables.contains_key(name);
        let tables = self.tables.iter().filter(|(old, new)| {
            has(from, old) && !has(to, old) && has(to, new) && !has(from, new)
        });
        let tables: BTreeMap<Name, Name> =
            tables.map(|(old, new)| (old.clone(), new.clone())).collect();
        let former = |new: &Name| {
            let renamed = tables.iter().find(|(_, name)| *name == new);
            from.tables.get(renamed.map_or(new, |(old, _)| old))
        };
        let columns = self.columns.iter().filter(|((table, old), new)| {
            let (Some(before), Some(after)) = (former(table), to.tables.get(table)) else {
                return false;
            };
            let has = |table: &Table, name: &str| table.column(name).is_some();
            has(before, old) && !has(after, old) && has(after, new) && !has(before, new)
        });
        let columns = columns.map(|(key, new)| (key.clone(), new.clone())).collect();
        Self { tables, columns }
    }

    /// With the columns of `MySQL` and `MariaDB` that differ in the case of letters alone: there they have the same
    /// name, and would be dropped to be made again.
    pub(super) fn with_cases(mut self, from: &Schema, to: &Schema) -> Self {
        if !matches!(from.dialect, Dialect::MySql | Dialect::MariaDb) {
            return self;
        }
        for (old, before) in &from.tables {
            let name = self.table(old).clone();
            let Some(after) = to.tables.get(&name) else { continue };
            for column in before.columns.iter().filter(|one| after.column(&one.name).is_none()) {
                let is_same = |new: &&Column| new.name.to_lowercase() == column.name.to_lowercase();
                if let Some(new) = after.columns.iter().find(is_same) {
                    self.columns.insert((name.clone(), column.name.clone()), new.name.clone());
                }
            }
        }
        self
    }

    /// The schema once the renames are done, as an engine leaves it that follows them in every expression.
    pub(super) fn applied_to(&self, schema: &Schema) -> Schema {
        if self.is_empty() {
            return schema.clone();
        }
        let tables = schema.tables.iter().map(|(old, table)| {
            let name = self.table(old).clone();
            let mut table = self.renamed(schema, &name, table);
            rename_generated(schema.dialect, old, &name, &mut table);
            (name, table)
        });
        let reference = |reference: &Reference| match reference.kind {
            Kind::Table => Reference::to(Kind::Table, self.table(&reference.name).clone()),
            _ => reference.clone(),
        };
        let definitions = schema.definitions.iter().map(|(key, definition)| {
            let mut definition = definition.clone();
            definition.owner = definition.owner.map(|owner| self.table(&owner).clone());
            definition.needs = definition.needs.iter().map(reference).collect();
            (key.clone(), definition)
        });
        Schema { tables: tables.collect(), definitions: definitions.collect(), ..schema.clone() }
    }

    /// One table of the schema, under its new name.
    fn renamed(&self, schema: &Schema, name: &Name, table: &Table) -> Table {
        let mut table = table.clone();
        for key in &mut table.foreign_keys {
            let referenced = match &key.referenced_schema {
                Some(schema) => Name::in_schema(schema, &key.referenced_table),
                None => name.sibling(&key.referenced_table),
            };
            let referenced = self.table(&referenced);
            for column in &mut key.referenced_columns {
                self.rename(referenced, column);
            }
            key.referenced_table.clone_from(&referenced.local);
            key.columns.iter_mut().for_each(|column| self.rename(name, column));
        }
        let keys = table.primary_key.iter_mut().map(|key| &mut key.columns);
        let keys = keys.chain(table.uniques.iter_mut().map(|unique| &mut unique.columns));
        keys.flatten().for_each(|column| self.rename(name, column));
        for unique in &mut table.uniques {
            unique.include.iter_mut().for_each(|column| self.rename(name, column));
        }
        let rewriting = Rewriting::new(schema.dialect, self.of_table(name));
        for index in &mut table.indexes {
            index.include.iter_mut().for_each(|column| self.rename(name, column));
            for part in &mut index.parts {
                match &mut part.key {
                    IndexKey::Column(column) => self.rename(name, column),
                    IndexKey::Expression(text) => rewriting.apply(text),
                }
            }
            index.predicate.iter_mut().for_each(|text| rewriting.apply(text));
        }
        for check in &mut table.checks {
            let is_of_column = |column: &Column| {
                column.attributes.contains_key("CHECK") && Some(&column.name) == check.name.as_ref()
            };
            if table.columns.iter().any(is_of_column) {
                check.name.iter_mut().for_each(|column| self.rename(name, column));
            }
            rewriting.apply(&mut check.expression);
        }
        table.exclusions.iter_mut().for_each(|one| rewriting.apply(&mut one.definition));
        for column in &mut table.columns {
            self.rename(name, &mut column.name);
            column.generated.iter_mut().for_each(|one| rewriting.apply(&mut one.expression));
            column.attributes.get_mut("CHECK").into_iter().for_each(|text| rewriting.apply(text));
            if matches!(schema.dialect, Dialect::MySql | Dialect::MariaDb) {
                column.default.iter_mut().for_each(|text| rewriting.apply(text));
            }
        }
        table
    }

    fn rename(&self, table: &Name, column: &mut String) {
        if let Some(new) = self.columns.get(&(table.clone(), column.clone())) {
            column.clone_from(new);
        }
    }

    /// The columns of one table: old names to new ones.
    #[must_use]
    pub fn of_table(&self, table: &Name) -> BTreeMap<&str, &str> {
        let of_table = self.columns.iter().filter(|((name, _), _)| name == table);
        of_table.map(|((_, old), new)| (old.as_str(), new.as_str())).collect()
    }
}

/// `MySQL` and `MariaDB` rename, with a table, the foreign keys and checks to which they gave names after it.
fn rename_generated(dialect: Dialect, old: &Name, new: &Name, table: &mut Table) {
    let keys = table.foreign_keys.iter_mut().map(|key| (&mut key.name, "_ibfk_"));
    let checks = table.checks.iter_mut().map(|check| (&mut check.name, "_chk_"));
    let named = match dialect {
        Dialect::MySql | Dialect::MariaDb => keys.chain(checks),
        Dialect::Sqlite | Dialect::Postgres => return,
    };
    for (name, infix) in named {
        let number = name.as_ref().and_then(|name| name.strip_prefix(&old.local));
        let number = number.and_then(|rest| rest.strip_prefix(infix)).filter(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if let Some(number) = number {
            *name = Some(format!("{}{infix}{number}", new.local));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Check, PrimaryKey};

    fn schema(table: &str, column: &str, check: &str) -> Schema {
        let mut schema = Schema::empty(Dialect::Postgres);
        let table_of = Table {
            columns: vec![Column::new(column, "integer")],
            primary_key: Some(PrimaryKey { name: None, columns: vec![column.to_owned()] }),
            checks: vec![Check {
                name: Some("c".to_owned()),
                expression: check.to_owned(),
                enforced: true,
                validated: true,
            }],
            ..Table::default()
        };
        schema.tables.insert(table.into(), table_of);
        schema
    }

    fn renames() -> Renames {
        Renames {
            tables: BTreeMap::from([("old".into(), "new".into())]),
            columns: BTreeMap::from([(("new".into(), "a".to_owned()), "b c".to_owned())]),
        }
    }

    #[test]
    fn renamed_schema_is_the_one_that_is_wanted() {
        let (from, to) = (schema("old", "a", "(a > 0)"), schema("new", "b c", "(\"b c\" > 0)"));
        assert_eq!(renames().applied_to(&from), to);
        assert_eq!(renames().inverted().applied_to(&to), from);
    }

    #[test]
    fn renames_that_are_done_say_nothing() {
        let to = schema("new", "b c", "");
        assert!(renames().restricted(&to, &to).is_empty());
        assert!(!renames().restricted(&schema("old", "a", ""), &to).is_empty());
    }
}
