use super::random::Random;

/// What a schema holds; names of columns and tables stand for themselves by number, so that they can change.
#[derive(Clone, Debug, Default)]
pub(super) struct Schema {
    pub(super) tables: Vec<Table>,
    pub(super) next: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) old_name: Option<String>,
    pub(super) columns: Vec<Column>,
    pub(super) key: Key,
    pub(super) checks: Vec<(Option<String>, Expression)>,
    pub(super) uniques: Vec<(Option<String>, Vec<usize>)>,
    pub(super) indexes: Vec<Index>,
    pub(super) options: &'static str,
    pub(super) has_view: bool,
    pub(super) trigger: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    None,
    Number,
    Counter,
    First,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) old_name: Option<String>,
    pub(super) data_type: &'static str,
    pub(super) not_null: bool,
    pub(super) default: Option<&'static str>,
    pub(super) collation: Option<&'static str>,
    pub(super) generated: Option<(Expression, &'static str)>,
    pub(super) check: Option<Expression>,
    pub(super) refers: Option<(usize, &'static str)>,
    pub(super) unique: bool,
}

/// A template and the column it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) template: &'static str,
    pub(super) column: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) parts: Vec<(Expression, bool)>,
    pub(super) condition: Option<Expression>,
}

const NAMES: [&str; 14] = [
    "a",
    "b",
    "title",
    "order",
    "Full Name",
    "größe",
    "it's",
    "a \"b\"",
    "Mixed",
    "text",
    "date",
    "key",
    "x1",
    "_y",
];
pub(super) const CHECKS: [&str; 6] = [
    "{} <> 'x'",
    "length({}) < 50",
    "{} IN (1, 2, 'a') OR {} IS NULL",
    "{} NOT BETWEEN 700 AND 800",
    "({} > -5) IS NOT NULL OR {} IS NULL",
    "coalesce({}, 1) <> 77",
];
pub(super) const GENERATED: [&str; 4] =
    ["{} + 1", "lower({})", "coalesce({}, 'none') || 'x'", "{} * (2 - 1)"];
const TYPES: [&str; 5] = ["INTEGER", "TEXT", "REAL", "BLOB", "INT"];
const FREE_TYPES: [&str; 6] =
    ["VARCHAR(20)", "numeric(10, 2)", "", "boolean", "DOUBLE PRECISION", "date"];
const DEFAULTS: [&str; 9] = [
    "0",
    "-1",
    "'it''s'",
    "NULL",
    "CURRENT_TIMESTAMP",
    "(1 + 2)",
    "('x' || 'y')",
    "x'00ff'",
    "1.5",
];
const STRICT_DEFAULTS: [&str; 2] = ["NULL", "CURRENT_TIMESTAMP"];

impl Schema {
    pub(super) fn any(random: &mut Random) -> Self {
        let mut schema = Self::default();
        for _ in 0..=random.below(3) {
            schema.add_table(random);
        }
        schema
    }

    pub(super) fn id(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    pub(super) fn free_name(&mut self, random: &mut Random) -> String {
        format!("{}{}", random.pick(&NAMES), self.id())
    }

    pub(super) fn add_table(&mut self, random: &mut Random) {
        let options =
            random.pick(&["", "", "", "STRICT", "WITHOUT ROWID", "STRICT, WITHOUT ROWID"]);
        let key = if options.contains("ROWID") {
            Key::First
        } else {
            random.pick(&[Key::None, Key::Number, Key::Number, Key::Counter, Key::First])
        };
        let mut table = Table {
            id: self.id(),
            name: self.free_name(random),
            old_name: None,
            columns: Vec::new(),
            key,
            checks: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            options,
            has_view: random.once_in(3),
            trigger: random.once_in(4).then(|| self.id()),
        };
        let first = self.column(random, &table);
        table.columns.push(Column {
            data_type: if key == Key::First || key == Key::None { "TEXT" } else { "INTEGER" },
            default: None,
            generated: None,
            check: None,
            refers: None,
            unique: false,
            ..first
        });
        for _ in 0..=random.below(4) {
            let column = self.column(random, &table);
            table.columns.push(column);
        }
        for _ in 0..random.below(3) {
            self.add_part(random, &mut table);
        }
        self.tables.push(table);
    }

    /// A column that may be computed from those that are there.
    pub(super) fn column(&mut self, random: &mut Random, table: &Table) -> Column {
        let is_strict = table.options.contains("STRICT");
        let is_free = !is_strict && random.once_in(3);
        let data_type = if is_free { random.pick(&FREE_TYPES) } else { random.pick(&TYPES) };
        let id = self.id();
        let plain: Vec<usize> = table.plain().collect();
        let generated = (random.once_in(6) && !plain.is_empty()).then(|| {
            let expression =
                Expression { template: random.pick(&GENERATED), column: random.pick(&plain) };
            (expression, random.pick(&["", "VIRTUAL", "STORED"]))
        });
        let is_plain = generated.is_none();
        let defaults: &[&str] = if is_strict { &STRICT_DEFAULTS } else { &DEFAULTS };
        let default = (is_plain && random.once_in(3)).then(|| random.pick(defaults));
        let check =
            random.once_in(5).then(|| Expression { template: random.pick(&CHECKS), column: id });
        let parents: Vec<usize> = self.tables.iter().map(|parent| parent.id).collect();
        let refers = (is_plain && !parents.is_empty() && random.once_in(4)).then(|| {
            let words = [
                "",
                " ON DELETE CASCADE",
                " ON DELETE SET NULL ON UPDATE CASCADE",
                " DEFERRABLE INITIALLY DEFERRED",
            ];
            (random.pick(&parents), random.pick(&words))
        });
        Column {
            id,
            name: self.free_name(random),
            old_name: None,
            data_type,
            not_null: is_plain && random.once_in(4),
            default,
            collation: random.once_in(6).then(|| random.pick(&["NOCASE", "rtrim", "BINARY"])),
            generated,
            check,
            refers,
            unique: is_plain && random.once_in(7),
        }
    }

    /// A check, a unique constraint or an index.
    pub(super) fn add_part(&mut self, random: &mut Random, table: &mut Table) {
        let all: Vec<usize> = table.columns.iter().map(|column| column.id).collect();
        let name = random.once_in(2).then(|| self.free_name(random));
        match random.below(4) {
            0 => {
                let check =
                    Expression { template: random.pick(&CHECKS), column: random.pick(&all) };
                table.checks.push((name, check));
            }
            1 => {
                let mut columns = vec![random.pick(&all), random.pick(&all)];
                columns.dedup();
                table.uniques.push((name, columns));
            }
            _ => {
                let part = |random: &mut Random| {
                    let template =
                        random.pick(&["{}", "{}", "{}", "lower({})", "{} COLLATE nocase"]);
                    (Expression { template, column: random.pick(&all) }, random.once_in(3))
                };
                let condition = random.once_in(4).then(|| Expression {
                    template: random.pick(&CHECKS[..2]),
                    column: random.pick(&all),
                });
                table.indexes.push(Index {
                    name: self.free_name(random),
                    unique: random.once_in(5),
                    parts: (0..=random.below(2)).map(|_| part(random)).collect(),
                    condition,
                });
            }
        }
    }
}

impl Table {
    /// The columns that are not computed.
    pub(super) fn plain(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().filter(|column| column.generated.is_none()).map(|column| column.id)
    }

    pub(super) fn name_of(&self, id: usize) -> &str {
        let column = self.columns.iter().find(|column| column.id == id);
        &column.expect("a column of the table").name
    }
}
