use super::grammar::{Column, Expression, Key, Schema, Table};
use super::random::Random;

/// A name in quotes of some kind.
fn quoted(random: &mut Random, name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match random.below(6) {
        0..=2 if is_plain => name.to_owned(),
        3 if !name.contains(']') => format!("[{name}]"),
        4 => format!("`{name}`"),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

fn expression(random: &mut Random, table: &Table, expression: &Expression) -> String {
    let mut text = String::new();
    for (at, part) in expression.template.split("{}").enumerate() {
        if at > 0 {
            text.push_str(&quoted(random, table.name_of(expression.column)));
        }
        text.push_str(part);
    }
    text
}

fn constraint(random: &mut Random, name: Option<&String>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quoted(random, name)))
}

fn annotation(old: Option<&String>) -> String {
    old.map_or_else(String::new, |old| {
        format!(" -- @renamed from=\"{}\"\n", old.replace('"', "\"\""))
    })
}

impl Schema {
    /// The statements; `annotated` tells of renames.
    pub(super) fn render(&self, random: &mut Random, annotated: bool) -> String {
        let mut sql = String::new();
        for table in &self.tables {
            sql.push_str(&self.table(random, table, annotated));
        }
        for table in &self.tables {
            sql.push_str(&parts(random, table));
        }
        sql
    }

    fn table(&self, random: &mut Random, table: &Table, annotated: bool) -> String {
        let mut items: Vec<String> = Vec::new();
        for column in &table.columns {
            let annotation = annotation(column.old_name.as_ref().filter(|_| annotated));
            items.push(format!("{}{annotation}", self.column_text(random, table, column)));
        }
        let old = annotation(table.old_name.as_ref().filter(|_| annotated));
        for (name, check) in &table.checks {
            let (name, check) =
                (constraint(random, name.as_ref()), expression(random, table, check));
            items.push(format!("{name}CHECK ({check})"));
        }
        for (name, columns) in &table.uniques {
            let name = constraint(random, name.as_ref());
            let columns: Vec<String> =
                columns.iter().map(|id| quoted(random, table.name_of(*id))).collect();
            items.push(format!("{name}UNIQUE ({})", columns.join(", ")));
        }
        let glue = random.pick(&[", ", ",\n    ", "\n  , "]);
        let (open, close) = random.pick(&[
            ("(", ")"),
            (" (\n    ", "\n)"),
            (" ( -- a comment, (\n", " /* end */ )"),
        ]);
        // The comma of the next item stands behind an annotation, which ends its line.
        format!(
            "{}CREATE TABLE {}{open}{}{close} {};\n",
            old.trim_start(),
            quoted(random, &table.name),
            items.join(glue),
            table.options
        )
    }

    fn column_text(&self, random: &mut Random, table: &Table, column: &Column) -> String {
        let mut text = format!("{} {}", quoted(random, &column.name), column.data_type);
        if table.columns.first() == Some(column) {
            text.push_str(match table.key {
                Key::None => "",
                Key::Number | Key::First => " PRIMARY KEY",
                Key::Counter => " PRIMARY KEY AUTOINCREMENT",
            });
        }
        if column.not_null {
            text.push_str(" NOT NULL");
        }
        if let Some(default) = column.default {
            text = format!("{text} DEFAULT {default}");
        }
        if let Some(collation) = column.collation {
            text = format!("{text} COLLATE {collation}");
        }
        if let Some((generated, storage)) = &column.generated {
            text = format!("{text} AS ({}) {storage}", expression(random, table, generated));
        }
        if let Some(check) = &column.check {
            text = format!("{text} CHECK ({})", expression(random, table, check));
        }
        if column.unique {
            text.push_str(" UNIQUE");
        }
        let parent = column.refers.and_then(|(parent, words)| {
            Some((self.tables.iter().find(|table| table.id == parent)?, words))
        });
        if let Some((parent, words)) = parent {
            let name = quoted(random, &parent.name);
            let key = parent.columns.first().map(|first| quoted(random, &first.name));
            text = format!("{text} REFERENCES {name} ({}){words}", key.unwrap_or_default());
        }
        text
    }

    /// Some rows for every table, as far as it takes them.
    pub(super) fn rows(&self, random: &mut Random) -> String {
        let mut sql = "PRAGMA foreign_keys = OFF;\n".to_owned();
        // What a strict table refuses is an error in any case.
        let tables = self.tables.iter().filter(|table| !table.options.contains("STRICT"));
        for table in tables {
            for number in 0..random.below(5) {
                let plain: Vec<usize> = table.plain().collect();
                let names: Vec<String> =
                    plain.iter().map(|id| quoted(random, table.name_of(*id))).collect();
                // The key takes no text, where it is the number of the row.
                let values = plain.iter().enumerate().map(|(at, _)| match random.below(6) {
                    0 if at > 0 => "NULL".to_owned(),
                    1 if at > 0 => format!("'text {number}'"),
                    _ => format!("{}", number * 10 + random.below(10)),
                });
                let values: Vec<String> = values.collect();
                sql = format!(
                    "{sql}INSERT OR IGNORE INTO {} ({}) VALUES ({});\n",
                    quoted(random, &table.name),
                    names.join(", "),
                    values.join(", ")
                );
            }
        }
        sql
    }

    /// A question about columns that are the same in both schemas.
    pub(super) fn kept(&self, other: &Self) -> Option<String> {
        let random = &mut Random::new(1);
        let mut asked = Vec::new();
        for table in &self.tables {
            let same = other.tables.iter().find(|same| same.name == table.name);
            for column in &table.columns {
                let is_same = same.is_some_and(|same| {
                    same.columns.iter().any(|one| {
                        (&one.name, one.data_type, one.not_null, &one.generated)
                            == (&column.name, column.data_type, column.not_null, &None)
                    })
                });
                let is_key = table.columns.first() == Some(column);
                if is_same && column.generated.is_none() && !is_key {
                    let (name, table) = (quoted(random, &column.name), quoted(random, &table.name));
                    asked.push(format!(
                        "(SELECT count(*) || coalesce(group_concat(quote({name})), '') \
                         FROM (SELECT {name} FROM {table} ORDER BY quote({name})))"
                    ));
                }
            }
        }
        (!asked.is_empty()).then(|| format!("SELECT {}", asked.join(" || ';' || ")))
    }
}

fn parts(random: &mut Random, table: &Table) -> String {
    let mut sql = String::new();
    let name = quoted(random, &table.name);
    for index in &table.indexes {
        let items: Vec<String> = index
            .parts
            .iter()
            .map(|(part, is_descending)| {
                let order = if *is_descending { " DESC" } else { "" };
                format!("{}{order}", expression(random, table, part))
            })
            .collect();
        let condition = index.condition.as_ref();
        let condition = condition.map(|one| format!(" WHERE {}", expression(random, table, one)));
        sql = format!(
            "{sql}CREATE {}INDEX {} ON {name} ({}){};\n",
            if index.unique { "UNIQUE " } else { "" },
            quoted(random, &index.name),
            items.join(", "),
            condition.unwrap_or_default()
        );
    }
    if table.has_view {
        let column = table.columns.last().map(|last| quoted(random, &last.name));
        let what = if random.once_in(3) { "*".to_owned() } else { column.unwrap_or_default() };
        sql = format!("{sql}CREATE VIEW v{} AS SELECT {what} FROM {name};\n", table.id);
    }
    if let Some(id) = table.trigger {
        let column = table.columns.last().map(|last| quoted(random, &last.name));
        let column = column.unwrap_or_default();
        sql = format!(
            "{sql}CREATE TRIGGER r{id} AFTER UPDATE OF {column} ON {name} WHEN NEW.{column} = 'x;' \
             BEGIN SELECT OLD.{column}; DELETE FROM {name} WHERE 0; END;\n"
        );
    }
    sql
}
