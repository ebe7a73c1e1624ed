mod expressions;
pub(crate) mod steps;

use std::collections::BTreeMap;

use self::expressions::Rewriting;
use crate::catalog::postgres::names::{
    OWNED_SEQUENCE, SEQUENCE_NAME, last_part, literal, qualified, quoted, replaced,
};
use crate::catalog::sqlite::dropped;
use crate::model::{
    Column, Definition, Dependencies, Dialect, IndexKey, Kind, Name, Reference, Schema, Table,
    Thing,
};

/// Which tables, columns and sequences keep what they hold under another name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables: old names to new ones.
    pub tables: BTreeMap<Name, Name>,
    /// Columns: the table's new name and the column's old one to the column's new name.
    pub columns: BTreeMap<(Name, String), String>,
    /// `PostgreSQL`: sequences that stand alone, within a schema: old names to new ones.
    pub sequences: BTreeMap<Name, Name>,
}

impl Renames {
    /// Whether nothing is renamed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty() && self.sequences.is_empty()
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
        let sequences = self.sequences.iter().map(|(old, new)| (new.clone(), old.clone()));
        Self { columns: columns.collect(), sequences: sequences.collect(), tables }
    }

    /// The name that a sequence standing alone has afterwards.
    pub(crate) fn sequence<'a>(&'a self, old: &'a Name) -> &'a Name {
        self.sequences.get(old).unwrap_or(old)
    }

    /// The name that a table has afterwards.
    #[must_use]
    pub fn table<'a>(&'a self, old: &'a Name) -> &'a Name {
        self.tables.get(old).unwrap_or(old)
    }

    /// Those that name what `from` has, give it a name that `to` has, and leave each name to one thing: what has
    /// the new one before is renamed as well, and what has the old one afterwards.
    pub(super) fn restricted(&self, from: &Schema, to: &Schema) -> Self {
        let mut tables = possible(
            &self.tables,
            |name| from.tables.contains_key(name),
            |name| to.tables.contains_key(name),
        );
        let virtual_ones =
            self.tables.iter().filter(|(old, new)| is_same_module(from, to, old, new));
        tables.extend(virtual_ones.map(|(old, new)| (old.clone(), new.clone())));
        let mut columns = BTreeMap::new();
        for (table, after) in &to.tables {
            let renamed = tables.iter().find(|(_, new)| *new == table);
            let Some(before) = from.tables.get(renamed.map_or(table, |(old, _)| old)) else {
                continue;
            };
            let of_table = self.columns.iter().filter(|((name, _), _)| name == table);
            let of_table = of_table.map(|((_, old), new)| (old.clone(), new.clone())).collect();
            let of_table = possible(
                &of_table,
                |name| before.column(name).is_some(),
                |name| after.column(name).is_some(),
            );
            columns.extend(of_table.into_iter().map(|(old, new)| ((table.clone(), old), new)));
        }
        let mut sequences = self.sequences.clone();
        sequences.retain(|old, new| from.dialect == Dialect::Postgres && old.schema == new.schema);
        let sequences = possible(
            &sequences,
            |name| from.sequences.contains_key(name),
            |name| to.sequences.contains_key(name),
        );
        Self { tables, columns, sequences }
    }

    /// These, and those of names that differ in case alone: they are the same for `SQLite`, which folds
    /// ASCII, and those of columns for `MySQL` and `MariaDB`, and would be dropped to be made again.
    pub(super) fn with_changes_of_case(mut self, from: &Schema, to: &Schema) -> Self {
        let (same, has_tables): (fn(&str, &str) -> bool, bool) = match from.dialect {
            Dialect::Sqlite => (|one, other| one.eq_ignore_ascii_case(other), true),
            Dialect::MySql | Dialect::MariaDb => {
                (|one, other| one.to_lowercase() == other.to_lowercase(), false)
            }
            Dialect::Postgres => return self,
        };
        let gone = from.tables.keys().filter(|old| has_tables && !to.tables.contains_key(*old));
        for old in gone {
            let mut new = to.tables.keys().filter(|new| !from.tables.contains_key(*new));
            let new = new.find(|new| same(&new.local, &old.local));
            if let Some(new) = new.filter(|_| !self.tables.contains_key(old)) {
                self.tables.insert(old.clone(), new.clone());
            }
        }
        for (old, before) in &from.tables {
            let name = self.table(old).clone();
            let Some(after) = to.tables.get(&name) else { continue };
            for column in before.columns.iter().filter(|old| after.column(&old.name).is_none()) {
                let mut new = after.columns.iter().filter(|new| before.column(&new.name).is_none());
                if let Some(new) = new.find(|new| same(&new.name, &column.name)) {
                    let key = (name.clone(), column.name.clone());
                    self.columns.entry(key).or_insert_with(|| new.name.clone());
                }
            }
        }
        self
    }

    /// A thing under the name that it has afterwards.
    pub(crate) fn thing(&self, thing: &Thing) -> Thing {
        let column = |table: &Name, column: &String| {
            let renamed = self.columns.get(&(table.clone(), column.clone()));
            renamed.unwrap_or(column).clone()
        };
        match thing {
            Thing::Object(object) => Thing::Object(self.reference(object)),
            Thing::Column(table, part) => {
                let table = self.table(table).clone();
                Thing::Column(table.clone(), column(&table, part))
            }
            Thing::Default(table, part) => {
                let table = self.table(table).clone();
                Thing::Default(table.clone(), column(&table, part))
            }
            Thing::Constraint(table, part) => {
                Thing::Constraint(self.table(table).clone(), part.clone())
            }
            Thing::Index(table, part) => Thing::Index(self.table(table).clone(), part.clone()),
        }
    }

    /// An object under the name that it has afterwards: a routine is named with the tables whose rows it takes.
    pub(crate) fn reference(&self, object: &Reference) -> Reference {
        match object.kind {
            Kind::Table | Kind::VirtualTable => {
                Reference::to(object.kind, self.table(&object.name).clone())
            }
            Kind::Sequence => Reference::to(object.kind, self.sequence(&object.name).clone()),
            Kind::Function | Kind::Procedure => {
                let local = &object.name.local;
                let (name, arguments) = local.split_at(local.find('(').unwrap_or(local.len()));
                let local = format!("{name}{}", self.rows_in(arguments));
                Reference::to(object.kind, object.name.sibling(local))
            }
            _ => object.clone(),
        }
    }

    /// A text of `PostgreSQL` in which the names of tables are those of their rows' types.
    pub(crate) fn rows_in(&self, text: &str) -> String {
        let tables = self.tables.iter();
        tables.fold(text.to_owned(), |text, (old, new)| {
            replaced(&text, &qualified(old), &qualified(new))
        })
    }

    /// The schema once the renames are done, as an engine leaves it that follows them in every expression.
    pub(super) fn applied_to(&self, schema: &Schema) -> Schema {
        if self.is_empty() {
            return schema.clone();
        }
        let tables = schema.tables.iter().map(|(old, table)| {
            let name = self.table(old).clone();
            let mut table = self.renamed(schema, (old, &name), table);
            rename_generated(schema.dialect, old, &name, &mut table);
            (name, table)
        });
        let is_postgres = schema.dialect == Dialect::Postgres;
        let definitions = schema.definitions.iter().map(|(key, definition)| {
            let mut definition = definition.clone();
            definition.owner = definition.owner.map(|owner| self.table(&owner).clone());
            definition.needs = definition.needs.iter().map(|need| self.reference(need)).collect();
            if is_postgres
                && matches!(key.kind, Kind::Function | Kind::Procedure)
                && let Some(text) = definition.create.first_mut()
                && let Some((head, body)) = text.split_once("\n LANGUAGE ")
            {
                *text = format!("{}\n LANGUAGE {body}", self.rows_in(head));
            }
            let is_virtual = key.kind == Kind::VirtualTable;
            let key = if is_postgres || is_virtual { self.reference(key) } else { key.clone() };
            if is_virtual {
                definition.drop = dropped(key.kind, &key.name.local);
            }
            (key, definition)
        });
        let dependencies = schema.dependencies.0.iter();
        let dependencies =
            dependencies.map(|(dependent, on)| (self.thing(dependent), self.thing(on))).collect();
        let dependencies = Dependencies(dependencies);
        let sequences = schema.sequences.iter();
        let sequences = sequences.map(|(name, of)| (self.sequence(name).clone(), of.clone()));
        Schema {
            sequences: sequences.collect(),
            tables: tables.collect(),
            definitions: definitions.collect(),
            dependencies,
            ..schema.clone()
        }
    }

    /// Gives views over a table the words that they have after its rename, where another view is to have its old name
    /// and would be taken for it.
    pub(super) fn tell_apart(&self, schema: &mut Schema, to: &Schema) {
        let is_taken = |name: &Name| {
            let mut views = [Kind::View, Kind::MaterializedView].into_iter();
            views.any(|kind| to.definitions.contains_key(&Reference::to(kind, name.clone())))
        };
        let is_postgres = schema.dialect == Dialect::Postgres;
        for (old, new) in self.tables.iter().filter(|(old, _)| is_postgres && is_taken(old)) {
            let table = Reference::to(Kind::Table, new.clone());
            let stands = |key: &Reference, definition: &Definition| {
                matches!(key.kind, Kind::View | Kind::MaterializedView)
                    && definition.needs.contains(&table)
            };
            for (_, definition) in schema.definitions.iter_mut().filter(|(key, of)| stands(key, of))
            {
                for text in &mut definition.create {
                    *text = replaced(text, &qualified(old), &qualified(new));
                }
            }
        }
    }

    /// One table of the schema, under its new name.
    fn renamed(&self, schema: &Schema, (old, name): (&Name, &Name), table: &Table) -> Table {
        let mut table = table.clone();
        let current = schema.attached.current.as_ref();
        for key in &mut table.foreign_keys {
            let referenced = match &key.referenced_schema {
                Some(schema) if Some(schema) == current => Name::local(&key.referenced_table),
                Some(schema) => Name::in_schema(schema, &key.referenced_table),
                None => old.sibling(&key.referenced_table),
            };
            let referenced = self.table(&referenced);
            if current.is_some() {
                let other = referenced.schema != name.schema;
                let schema = referenced.schema.as_ref().or(current);
                key.referenced_schema = schema.filter(|_| other).cloned();
            }
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
            if schema.dialect == Dialect::Postgres {
                self.rename_rows(column);
                self.rename_sequence_of(column);
                // The sequence that it counts with goes along.
                if old.schema != name.schema
                    && let Some(sequence) = column.attributes.get_mut(SEQUENCE_NAME)
                {
                    let schema = name.schema.as_ref().map(|schema| quoted(schema) + ".");
                    *sequence = schema.unwrap_or_default() + last_part(sequence);
                }
            }
            if matches!(schema.dialect, Dialect::MySql | Dialect::MariaDb) {
                column.default.iter_mut().for_each(|text| rewriting.apply(text));
            }
        }
        table
    }

    /// A column that holds rows of a table is of a type that is renamed with it.
    fn rename_rows(&self, column: &mut Column) {
        for (old, new) in &self.tables {
            let (old, new) = (qualified(old), qualified(new));
            if column.data_type.trim_end_matches("[]") == old {
                column.data_type = column.data_type.replacen(&old, &new, 1);
            }
            if let Some(default) = &mut column.default {
                let [was, is] = [&old, &new].map(|name| format!("::{name}"));
                *default = replaced(default, &was, &is);
            }
        }
    }

    /// A column takes its values from a sequence, or owns one, that is renamed.
    fn rename_sequence_of(&self, column: &mut Column) {
        if let Some(named) = column.attributes.get_mut(OWNED_SEQUENCE) {
            let renamed = self.sequences.iter().find(|(old, _)| qualified(old) == *named);
            if let Some((_, new)) = renamed {
                *named = qualified(new);
            }
        }
        let Some(default) = &mut column.default else { return };
        let call = |name: &Name| format!("nextval({}::regclass)", literal(&qualified(name)));
        let renamed = self.sequences.iter().find(|(old, _)| default.contains(&call(old)));
        if let Some((old, new)) = renamed {
            *default = default.replace(&call(old), &call(new));
        }
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

/// Whether two names are those of one virtual table, before and after.
fn is_same_module(from: &Schema, to: &Schema, old: &Name, new: &Name) -> bool {
    let is_free = to.virtual_table(old).is_none() && from.virtual_table(new).is_none();
    let both = from.virtual_table(old).zip(to.virtual_table(new));
    is_free && both.is_some_and(|(old, new)| old.create == new.create)
}

/// The renames that leave each name to one thing.
fn possible<T: Ord + Clone>(
    renames: &BTreeMap<T, T>,
    was: impl Fn(&T) -> bool,
    is: impl Fn(&T) -> bool,
) -> BTreeMap<T, T> {
    let mut left = renames.clone();
    left.retain(|old, new| old != new && was(old) && is(new));
    loop {
        let all = left.clone();
        left.retain(|old, new| {
            let is_left = !is(old) || all.values().any(|other| other == old);
            let is_free = !was(new) || all.contains_key(new);
            is_left && is_free
        });
        if left.len() == all.len() {
            return left;
        }
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
            sequences: BTreeMap::new(),
        }
    }

    #[test]
    fn renamed_schema_is_the_one_that_is_wanted() {
        let (from, to) = (schema("old", "a", "(a > 0)"), schema("new", "b c", "(\"b c\" > 0)"));
        assert_eq!(renames().applied_to(&from), to);
        assert_eq!(renames().inverted().applied_to(&to), from);
    }

    #[test]
    fn case_of_a_name_is_a_rename_where_the_engine_ignores_it() {
        let schema =
            |dialect, table: &str, column: &str| Schema { dialect, ..schema(table, column, "") };
        let all = |dialect| {
            let (from, to) = (schema(dialect, "Old", "A"), schema(dialect, "old", "a"));
            Renames::default().with_changes_of_case(&from, &to)
        };
        let renames = all(Dialect::Sqlite);
        assert_eq!(renames.tables, BTreeMap::from([("Old".into(), "old".into())]));
        assert_eq!(renames.columns[&("old".into(), "A".to_owned())], "a");
        assert!(all(Dialect::Postgres).is_empty());
    }

    #[test]
    fn renames_that_are_done_say_nothing() {
        let to = schema("new", "b c", "");
        assert!(renames().restricted(&to, &to).is_empty());
        assert!(!renames().restricted(&schema("old", "a", ""), &to).is_empty());
    }
}
