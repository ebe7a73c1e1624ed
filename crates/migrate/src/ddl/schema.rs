use std::collections::BTreeMap;

use super::{
    Action, AlterTable, Asks, Column, Constraint, ConstraintKind, CreateTable, FULLTEXT, Name,
    Type, What,
};

/// What is known of a schema from the statements that made it; nothing is held against a table that
/// is not known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    tables: BTreeMap<String, Table>,
    /// Tables by the names of their indexes.
    indexes: BTreeMap<String, Index>,
    /// Domains that look at their values.
    strict_domains: Vec<Name>,
    /// Types that were named away, to be made anew: their old names and their new ones.
    renamed_types: Vec<(Name, Name)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) table: String,
    pub(crate) columns: Vec<Name>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) checks: Vec<Check>,
    /// The tables that its foreign keys point at.
    pub(crate) references: Vec<Name>,
    /// The columns of its primary and unique keys.
    pub(crate) keys: Vec<Name>,
    pub(crate) engine: Option<String>,
    /// The character set of columns that name none, in capitals.
    pub(crate) charset: Option<String>,
    /// Columns that an index has, or had.
    pub(crate) indexed: Vec<Name>,
    /// Columns that a `FULLTEXT` index has, or had.
    pub(crate) searched: Vec<Name>,
    /// Whether its pages are compressed.
    pub(crate) is_compressed: bool,
}

/// A check of a table.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) name: Option<Name>,
    pub(crate) condition: String,
    pub(crate) is_validated: bool,
}

impl Table {
    pub(crate) fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    fn constrain(&mut self, constraint: &Constraint) {
        match constraint.kind {
            ConstraintKind::Check | ConstraintKind::NotNull => {
                let condition = match constraint.kind {
                    ConstraintKind::NotNull => {
                        format!("{} IS NOT NULL", constraint.name.as_ref().map_or("", Name::key))
                    }
                    _ => constraint.condition.clone(),
                };
                self.checks.push(Check {
                    name: constraint.name.clone(),
                    condition,
                    is_validated: !constraint.is_unchecked,
                });
            }
            ConstraintKind::ForeignKey => {
                self.indexed.extend(constraint.columns.iter().cloned());
                self.references.extend(constraint.references.clone());
            }
            ConstraintKind::Unique | ConstraintKind::PrimaryKey => {
                self.indexed.extend(constraint.columns.iter().cloned());
                self.keys.extend(constraint.columns.iter().cloned());
            }
            ConstraintKind::Exclusion => {}
        }
    }

    fn index(&mut self, columns: &[Name], kind: &str) {
        self.indexed.extend(columns.iter().cloned());
        if kind == FULLTEXT {
            self.searched.extend(columns.iter().cloned());
        }
    }

    fn add(&mut self, column: &Column) {
        self.references.extend(column.references.clone());
        if column.is_primary || column.is_unique {
            self.indexed.push(column.name.clone());
            self.keys.push(column.name.clone());
        }
        self.columns.push(column.clone());
    }

    fn change(&mut self, action: &Action) {
        let columns = &mut self.columns;
        let find = |columns: &mut Vec<Column>, name: &Name| {
            columns.iter().position(|column| column.name == *name)
        };
        match action {
            Action::AddColumn { column, .. } => self.add(column),
            Action::DropColumn { name, .. } => columns.retain(|column| column.name != *name),
            Action::Redefine { old, column } => {
                if let Some(place) = find(columns, old).and_then(|at| columns.get_mut(at)) {
                    *place = column.clone();
                }
            }
            Action::AlterType { column, to } => {
                if let Some(place) = find(columns, column).and_then(|at| columns.get_mut(at)) {
                    place.ty = to.clone();
                }
            }
            Action::SetNotNull(name) | Action::DropNotNull(name) => {
                if let Some(place) = find(columns, name).and_then(|at| columns.get_mut(at)) {
                    place.not_null = matches!(action, Action::SetNotNull(_));
                }
            }
            Action::RenameColumn { from, to } => {
                if let Some(place) = find(columns, from).and_then(|at| columns.get_mut(at)) {
                    place.name = to.clone();
                }
            }
            Action::AddConstraint(constraint) => self.constrain(constraint),
            Action::DropConstraint { name, .. } => self.checks.retain(|check| check.name != *name),
            Action::Validate(name) => {
                let named = |check: &&mut Check| check.name.as_ref() == Some(name);
                if let Some(check) = self.checks.iter_mut().find(named) {
                    check.is_validated = true;
                }
            }
            Action::AddIndex { columns, kind, .. } => self.index(columns, kind),
            Action::DefaultCharset | Action::ConvertCharset => self.charset = None,
            Action::Compress => self.is_compressed = true,
            Action::Engine(engine) => self.engine = Some(engine.clone()),
            _ => {}
        }
    }
}

impl Schema {
    pub(crate) fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.get(name.key())
    }

    pub(crate) fn index(&self, name: &Name) -> Option<&Index> {
        self.indexes.get(name.key())
    }

    /// The indexes of a table by their names.
    pub(crate) fn indexes_of<'s>(
        &'s self,
        table: &'s Name,
    ) -> impl Iterator<Item = (&'s str, &'s Index)> {
        let of = move |(_, index): &(&String, &Index)| index.table == table.key();
        self.indexes.iter().filter(of).map(|(name, index)| (name.as_str(), index))
    }

    /// The tables with a foreign key that points at this one.
    pub(crate) fn referrers(&self, table: &Name) -> Vec<&str> {
        let points = |(name, other): &(&String, &Table)| {
            name.as_str() != table.key() && other.references.contains(table)
        };
        self.tables.iter().filter(points).map(|(name, _)| name.as_str()).collect()
    }

    /// Whether values of the type are looked at when a column of it is added.
    pub(crate) fn is_strict(&self, ty: &Type) -> bool {
        !ty.is_array && self.strict_domains.iter().any(|name| ty.is_named(name))
    }

    /// Whether a type was named away, so that another has its name, and columns have to be cast to that.
    pub(crate) fn is_made_anew(&self, ty: &Type) -> bool {
        self.renamed_types.iter().any(|(name, _)| ty.is_named(name))
    }

    /// The tables that statements alter or drop, their indexes, and the tables that refer to them.
    pub(crate) fn around<'w>(&self, statements: impl Iterator<Item = &'w What>) -> Self {
        let mut names: Vec<&Name> = Vec::new();
        for what in statements {
            match what {
                What::AlterTable(alter) => names.push(&alter.table),
                What::Drop(drop) => names.extend(&drop.names),
                _ => {}
            }
        }
        let is_meant = |key: &str| names.iter().any(|name| name.key() == key);
        let refers = |table: &Table| table.references.iter().any(|name| names.contains(&name));
        let tables = self.tables.iter().filter(|(key, table)| is_meant(key) || refers(table));
        let indexes = self.indexes.iter().filter(|(_, index)| is_meant(&index.table));
        Self {
            tables: tables.map(|(key, table)| (key.clone(), table.clone())).collect(),
            indexes: indexes.map(|(key, index)| (key.clone(), index.clone())).collect(),
            strict_domains: self.strict_domains.clone(),
            renamed_types: self.renamed_types.clone(),
        }
    }

    /// Takes note of what a statement does.
    pub(crate) fn apply(&mut self, what: &What) {
        match what {
            What::CreateTable(table) => self.create(table),
            What::AlterTable(alter) => self.alter(alter),
            What::CreateIndex(index) => {
                if let Some(table) = self.tables.get_mut(index.table.key()) {
                    table.index(&index.columns, &index.kind);
                }
                if let Some(name) = &index.name {
                    let (table, columns) = (index.table.key().to_owned(), index.columns.clone());
                    self.indexes.insert(name.key().to_owned(), Index { table, columns });
                }
            }
            What::DropIndex(drop) => {
                for name in &drop.names {
                    self.indexes.remove(name.key());
                }
            }
            What::Drop(drop) if drop.kind == "TABLE" => {
                for name in &drop.names {
                    self.tables.remove(name.key());
                    self.indexes.retain(|_, index| index.table != name.key());
                }
            }
            What::RenameTables(pairs) => {
                for (from, to) in pairs {
                    self.rename(from, to);
                }
            }
            What::Create(created) if created.asks != Asks::Nothing => {
                self.strict_domains.extend(created.name.clone());
            }
            What::AlterOther(alter) => self.renamed_types.extend(alter.renamed_type()),
            What::Drop(drop) if drop.kind == "TYPE" || drop.kind == "DOMAIN" => {
                self.renamed_types.retain(|(_, now)| {
                    drop.names.iter().all(|name| !name.last().eq_ignore_ascii_case(now.last()))
                });
            }
            _ => {}
        }
    }

    fn create(&mut self, created: &CreateTable) {
        let mut table = Table::default();
        for column in &created.columns {
            table.add(column);
        }
        for constraint in &created.constraints {
            table.constrain(constraint);
        }
        table.indexed.extend(created.indexes.iter().flat_map(|(_, columns)| columns).cloned());
        table.searched.clone_from(&created.searched);
        table.is_compressed = created.option("ROW_FORMAT") == Some("COMPRESSED")
            || created.option("KEY_BLOCK_SIZE").is_some();
        table.engine = created.option("ENGINE").map(str::to_owned);
        let charset = created.option("CHARSET").or_else(|| created.option("SET"));
        let of_collation = || created.option("COLLATE").and_then(|name| name.split('_').next());
        table.charset = charset.or_else(of_collation).map(str::to_owned);
        self.tables.insert(created.name.key().to_owned(), table);
    }

    fn alter(&mut self, alter: &AlterTable) {
        for action in &alter.actions {
            if let Action::RenameTo(to) = action {
                self.rename(&alter.table, to);
            } else if let Some(table) = self.tables.get_mut(alter.table.key()) {
                table.change(action);
            }
        }
    }

    fn rename(&mut self, from: &Name, to: &Name) {
        if let Some(table) = self.tables.remove(from.key()) {
            self.tables.insert(to.key().to_owned(), table);
        }
        for index in self.indexes.values_mut().filter(|index| index.table == from.key()) {
            to.key().clone_into(&mut index.table);
        }
    }
}
