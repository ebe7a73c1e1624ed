use super::constraint::is_kind;
use super::reader::Reader;
use super::{
    Asks, Column, Constraint, CreateIndex, CreateTable, Created, FULLTEXT, FUNCTIONAL, What,
};

/// What follows `CREATE`.
pub(super) fn create(reader: &mut Reader<'_>) -> Option<What> {
    let replaces = reader.eat_all(&["OR", "REPLACE"]);
    reader.eat_any(&["GLOBAL", "LOCAL"]);
    let is_temporary = reader.eat_any(&["TEMPORARY", "TEMP"]);
    reader.eat_any(&["UNLOGGED", "ONLINE", "OFFLINE"]);
    let is_unique = reader.eat("UNIQUE");
    match reader.ahead(0).as_str() {
        "TABLE" => {
            reader.advance();
            table(reader, replaces, is_temporary).map(What::CreateTable)
        }
        "INDEX" => {
            reader.advance();
            index(reader, is_unique, String::new())
        }
        kind @ ("FULLTEXT" | "SPATIAL") => {
            reader.advance();
            reader.eat("INDEX");
            index(reader, false, kind.to_owned())
        }
        _ => other(reader, replaces),
    }
}

fn table(reader: &mut Reader<'_>, replaces: bool, is_temporary: bool) -> Option<CreateTable> {
    let if_not_exists = reader.eat_if_not_exists();
    let name = reader.name()?;
    let partition_of = if reader.eat_all(&["PARTITION", "OF"]) { reader.name() } else { None };
    let mut table = CreateTable {
        name,
        if_not_exists,
        replaces,
        is_temporary,
        is_copied: false,
        partition_of,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        searched: Vec::new(),
        options: Vec::new(),
    };
    if let Some(inner) = reader.parentheses() {
        for mut item in inner.items() {
            table.item(&mut item);
        }
    }
    table.options = reader.words();
    let is_copy = |word: &String| word == "AS" || word == "LIKE" || word == "SELECT";
    table.is_copied |= table.options.iter().any(is_copy);
    Some(table)
}

impl CreateTable {
    /// The word behind this one among the options.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let at = self.options.iter().position(|word| word == name)?;
        self.options.get(at + 1).map(String::as_str)
    }

    fn item(&mut self, item: &mut Reader<'_>) {
        let first = item.ahead(0);
        let is_index = matches!(first.as_str(), "INDEX" | "KEY" | "FULLTEXT" | "SPATIAL");
        if first == "LIKE" || first == "PERIOD" {
            self.is_copied |= first == "LIKE";
        } else if is_index && item.is_mysql() {
            item.advance();
            item.eat_any(&["INDEX", "KEY"]);
            let name = if item.is_sign("(") { None } else { item.name() };
            if item.eat("USING") {
                item.word();
            }
            let columns = item.columns();
            if first == FULLTEXT {
                self.searched.extend(columns.iter().cloned());
            }
            self.indexes.push((name, columns));
        } else if first == "CONSTRAINT" || is_kind(&first) {
            self.constraints.extend(Constraint::read(item));
        } else {
            self.columns.extend(Column::read(item));
        }
    }
}

fn index(reader: &mut Reader<'_>, is_unique: bool, kind: String) -> Option<What> {
    let concurrently = reader.eat("CONCURRENTLY");
    let if_not_exists = reader.eat_if_not_exists();
    let name = if reader.ahead(0) == "ON" { None } else { reader.name() };
    reader.find("ON").then_some(())?;
    let only = reader.eat("ONLY");
    let table = reader.name()?;
    if reader.eat("USING") {
        reader.word();
    }
    let kind = if kind.is_empty() && reader.computes() { FUNCTIONAL.to_owned() } else { kind };
    let columns = reader.columns();
    Some(What::CreateIndex(CreateIndex {
        name,
        table,
        columns,
        is_unique,
        concurrently,
        if_not_exists,
        only,
        kind,
    }))
}

const KINDS: [&str; 26] = [
    "VIEW",
    "MATERIALIZED",
    "FUNCTION",
    "PROCEDURE",
    "TRIGGER",
    "EVENT",
    "TYPE",
    "DOMAIN",
    "SEQUENCE",
    "SCHEMA",
    "DATABASE",
    "EXTENSION",
    "RULE",
    "POLICY",
    "ROLE",
    "USER",
    "AGGREGATE",
    "OPERATOR",
    "COLLATION",
    "STATISTICS",
    "PUBLICATION",
    "SUBSCRIPTION",
    "SERVER",
    "TABLESPACE",
    "CAST",
    "VIRTUAL",
];

fn other(reader: &mut Reader<'_>, replaces: bool) -> Option<What> {
    while !KINDS.contains(&reader.ahead(0).as_str()) {
        // DEFINER=…, ALGORITHM=…, SQL SECURITY, CONSTRAINT TRIGGER
        reader.advance();
        if reader.is_done() {
            return None;
        }
    }
    let mut kind = reader.word();
    if kind == "VIRTUAL" {
        return None;
    }
    for (first, second) in [("MATERIALIZED", "VIEW"), ("EVENT", "TRIGGER")] {
        if kind == first && reader.eat(second) {
            kind = format!("{first} {second}");
        }
    }
    let if_not_exists = reader.eat_if_not_exists();
    let name = reader.name();
    let asks = match kind.as_str() {
        "DOMAIN" if reader.has("CHECK") || reader.has("CONSTRAINT") => Asks::Check,
        "DOMAIN" if reader.has("NOT") => Asks::NotNull,
        _ => Asks::Nothing,
    };
    let has_table = matches!(kind.as_str(), "TRIGGER" | "RULE" | "POLICY");
    let words = if kind == "RULE" { "TO" } else { "ON" };
    let table = if has_table && reader.find(words) { reader.name() } else { None };
    Some(What::Create(Created { kind, name, table, if_not_exists, replaces, asks }))
}
