use artisan_testkit::Engine;

use super::chance::Chance;

#[derive(Clone, Debug, Default)]
pub(super) struct Schema {
    pub(super) tables: Vec<Table>,
    /// Views over all columns of a table, by the table's number.
    pub(super) views: Vec<(String, usize)>,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    /// What is referred to.
    pub(super) number: usize,
    pub(super) name: String,
    /// The name that it had before, if it is renamed.
    pub(super) old: Option<String>,
    /// The type of its key.
    pub(super) key: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) indexes: Vec<Index>,
    pub(super) checks: Vec<(Option<String>, usize, usize)>,
    pub(super) collation: Option<&'static str>,
    pub(super) comment: Option<&'static str>,
    pub(super) has_trigger: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) old: Option<String>,
    pub(super) what: What,
    pub(super) is_nullable: bool,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// A type, and a default that it may have.
    Plain(&'static str, Option<&'static str>),
    /// Computed from another column: its number, what is added, and whether it is stored.
    Computed(usize, usize, bool),
    /// It points to the key of a table: the constraint's name, the table's number and the action.
    Points(Option<String>, usize, &'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) name: Option<String>,
    pub(super) is_unique: bool,
    /// Numbers of columns, and whether they are in descending order.
    pub(super) parts: Vec<(usize, bool)>,
    /// `MySQL`: the last part is an expression of the column.
    pub(super) is_expression: bool,
}

pub(super) const COMMENTS: [&str; 4] = ["it's", "a \\\\ b", "größe 漢", "x; -- y"];
const COLLATIONS: [&str; 3] = ["utf8mb4_bin", "utf8mb4_unicode_ci", "latin1_swedish_ci"];
const NAMES: [&str; 12] =
    ["a", "b", "order", "Mixed", "größe", "it's", "a`b", "a b", "select", "n_1", "key", "漢字"];
const ACTIONS: [&str; 4] =
    ["", " ON DELETE CASCADE", " ON UPDATE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE"];
const KEYS: [&str; 5] = [
    "INT",
    "BIGINT",
    "BIGINT UNSIGNED",
    "VARCHAR(20) COLLATE utf8mb4_bin",
    "VARCHAR(30) COLLATE utf8mb4_unicode_ci",
];
/// Types with the defaults that they may have.
const TYPES: [(&str, &[&str]); 17] = [
    ("INT", &["0", "-5", "(1 + 2)"]),
    ("BIGINT UNSIGNED", &["7"]),
    ("TINYINT(1)", &["1"]),
    ("DECIMAL(10,2)", &["0.5"]),
    ("DOUBLE", &["1.5"]),
    ("VARCHAR(20)", &["'x'", "'it''s'", "'\\\\'", "''", "(concat('a', 'é'))"]),
    ("VARCHAR(50)", &["'NULL'"]),
    ("CHAR(5)", &["'c'"]),
    ("TEXT", &["('long')"]),
    ("BLOB", &[]),
    ("VARBINARY(8)", &["'ab'"]),
    ("DATE", &["'2020-01-02'"]),
    (
        "DATETIME(6)",
        &["CURRENT_TIMESTAMP(6)", "CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)"],
    ),
    ("TIMESTAMP", &["CURRENT_TIMESTAMP"]),
    ("ENUM('x','y','it''s')", &["'y'"]),
    ("SET('p','q')", &["'p,q'"]),
    ("JSON", &[]),
];

/// A schema of up to four tables.
pub(super) fn schema(chance: &mut Chance, engine: Engine) -> Schema {
    let mut schema = Schema::default();
    for _ in 0..=chance.below(4) {
        add_table(&mut schema, chance, engine);
    }
    schema
}

pub(super) fn add_table(schema: &mut Schema, chance: &mut Chance, engine: Engine) {
    let number = schema.tables.iter().map(|table| table.number + 1).max().unwrap_or(0);
    let mut table = Table {
        number,
        name: format!("t{number} {}", chance.one_of(&NAMES)),
        old: None,
        key: chance.one_of::<&str>(&KEYS),
        columns: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        collation: chance.once_in(3).then(|| *chance.one_of(&COLLATIONS)),
        comment: chance.once_in(3).then(|| *chance.one_of(&COMMENTS)),
        has_trigger: chance.once_in(4),
    };
    if chance.once_in(2) {
        table.name = format!("t{number}");
    }
    let tables: Vec<usize> = schema.tables.iter().map(|one| one.number).chain([number]).collect();
    for _ in 0..=chance.below(5) {
        add_column(&mut table, &tables, chance);
    }
    for _ in 0..chance.below(3) {
        add_index(&mut table, chance, engine);
    }
    if chance.once_in(2) {
        add_check(&mut table, chance);
    }
    schema.tables.push(table);
    if chance.once_in(3) {
        schema.views.push((format!("v{number}"), number));
    }
}

pub(super) fn name(table: &Table, chance: &mut Chance) -> (usize, String) {
    let number = table.columns.iter().map(|column| column.number + 1).max().unwrap_or(0);
    let name = chance.one_of(&NAMES);
    let is_taken = |column: &Column| column.name == *name || column.old.as_deref() == Some(name);
    let is_free = !table.columns.iter().any(is_taken);
    // Columns that are renamed use up no number.
    let numbered = format!("c{number}_{}", chance.below(1_000_000));
    (number, if is_free { (*name).to_owned() } else { numbered })
}

pub(super) fn add_column(table: &mut Table, tables: &[usize], chance: &mut Chance) {
    let (number, name) = name(table, chance);
    let sources: Vec<usize> = integers(table);
    let what = match chance.below(8) {
        0 if !sources.is_empty() => {
            What::Computed(*chance.one_of(&sources), chance.below(9), chance.once_in(2))
        }
        1 => {
            let own = chance.once_in(2).then(|| format!("f{}_{number}", table.number));
            What::Points(own, *chance.one_of(tables), chance.one_of::<&str>(&ACTIONS))
        }
        _ => plain(chance),
    };
    let column = Column {
        number,
        name,
        old: None,
        is_nullable: matches!(what, What::Points(..)) || chance.once_in(2),
        what,
        comment: chance.once_in(4).then(|| *chance.one_of(&COMMENTS)),
    };
    let at =
        if chance.once_in(3) { chance.below(table.columns.len() + 1) } else { table.columns.len() };
    table.columns.insert(at, column);
}

pub(super) fn plain(chance: &mut Chance) -> What {
    let (data_type, defaults) = chance.one_of(&TYPES);
    let has_default = chance.once_in(2) && !defaults.is_empty();
    // A TIMESTAMP without a default is NULL or gets one.
    let default = if has_default { Some(*chance.one_of(defaults)) } else { None };
    What::Plain(data_type, default)
}

/// The columns that can be computed from, and checked.
fn integers(table: &Table) -> Vec<usize> {
    let is_integer = |column: &&Column| matches!(column.what, What::Plain("INT", _));
    table.columns.iter().filter(is_integer).map(|column| column.number).collect()
}

pub(super) fn add_index(table: &mut Table, chance: &mut Chance, engine: Engine) {
    let is_short = |column: &&Column| match column.what {
        What::Plain(data_type, _) => !matches!(data_type, "TEXT" | "BLOB" | "JSON"),
        What::Computed(..) => true,
        What::Points(..) => false,
    };
    let mut columns: Vec<usize> =
        table.columns.iter().filter(is_short).map(|column| column.number).collect();
    let mut parts = Vec::new();
    while !columns.is_empty() && parts.len() < 3 && (parts.is_empty() || chance.once_in(2)) {
        let at = chance.below(columns.len());
        parts.push((columns.remove(at), chance.once_in(4)));
    }
    if parts.is_empty() {
        return;
    }
    let integers = integers(table);
    let is_expression = engine == Engine::MySql
        && chance.once_in(4)
        && parts.last().is_some_and(|(column, _)| integers.contains(column));
    let number = table.indexes.len() + chance.below(50);
    let name = (is_expression || chance.once_in(2)).then(|| format!("k{number}"));
    if table.indexes.iter().any(|index| index.name.is_some() && index.name == name) {
        return;
    }
    let is_unique = chance.once_in(3);
    table.indexes.push(Index { name, is_unique, parts, is_expression });
}

pub(super) fn add_check(table: &mut Table, chance: &mut Chance) {
    let integers = integers(table);
    if integers.is_empty() {
        return;
    }
    let number = chance.below(50);
    let name = chance.once_in(2).then(|| format!("c{}_{number}", table.number));
    if name.is_none() || table.checks.iter().all(|(own, ..)| *own != name) {
        table.checks.push((name, *chance.one_of(&integers), chance.below(100)));
    }
}

/// Removes what names columns that are not there any more, or cannot be named so.
pub(super) fn tidy(schema: &mut Schema) {
    let tables: Vec<usize> = schema.tables.iter().map(|table| table.number).collect();
    for table in &mut schema.tables {
        table.columns.retain(|column| match &column.what {
            What::Points(_, target, _) => tables.contains(target),
            What::Plain(..) | What::Computed(..) => true,
        });
        let integers = integers(table);
        table.columns.retain(|column| match &column.what {
            What::Computed(source, ..) => integers.contains(source),
            What::Plain(..) | What::Points(..) => true,
        });
        table.checks.retain(|(_, column, _)| integers.contains(column));
        let is_there = |number: &usize| {
            table.columns.iter().any(|column| {
                column.number == *number
                    && !matches!(column.what, What::Plain("TEXT" | "BLOB" | "JSON", _))
            })
        };
        table.indexes.retain(|index| {
            let last = index.parts.last().map(|(column, _)| *column);
            let is_computable = last.is_some_and(|column| integers.contains(&column));
            index.parts.iter().all(|(column, _)| is_there(column))
                && (!index.is_expression || is_computable)
        });
    }
    schema.views.retain(|(_, table)| tables.contains(table));
}
