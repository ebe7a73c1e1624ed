use super::reader::Reader;
use super::{DropIndex, Dropped, Maintain, What, Write};

/// What follows `DROP`.
pub(super) fn drop(reader: &mut Reader<'_>) -> Option<What> {
    let is_temporary = reader.eat("TEMPORARY");
    let mut kind = reader.word();
    // Kinds of two words; `OWNED BY` is followed by roles.
    for (first, second) in
        [("MATERIALIZED", "VIEW"), ("EVENT", "TRIGGER"), ("FOREIGN", "TABLE"), ("OWNED", "BY")]
    {
        if kind == first && reader.eat(second) {
            kind = format!("{first} {second}");
        }
    }
    if kind == "TABLES" {
        "TABLE".clone_into(&mut kind);
    }
    if kind == "INDEX" {
        return Some(index(reader));
    }
    let if_exists = reader.eat_if_exists();
    let names = reader.names();
    let table = if reader.eat("ON") { reader.name() } else { None };
    let cascades = reader.has("CASCADE");
    (!kind.is_empty()).then_some(What::Drop(Dropped {
        kind,
        names,
        table,
        if_exists,
        cascades,
        is_temporary,
    }))
}

fn index(reader: &mut Reader<'_>) -> What {
    let concurrently = reader.eat("CONCURRENTLY");
    let if_exists = reader.eat_if_exists();
    let names = reader.names();
    let table = if reader.eat("ON") { reader.name() } else { None };
    What::DropIndex(DropIndex { names, table, concurrently, if_exists })
}

/// `RENAME TABLE a TO b, c TO d`
pub(super) fn rename(reader: &mut Reader<'_>) -> Option<What> {
    reader.eat_any(&["TABLE", "TABLES"]).then_some(())?;
    reader.eat_if_exists();
    let mut pairs = Vec::new();
    for mut item in reader.items() {
        let from = item.name()?;
        item.find("TO").then_some(())?;
        pairs.push((from, item.name()?));
    }
    Some(What::RenameTables(pairs))
}

pub(super) fn truncate(reader: &mut Reader<'_>) -> Option<What> {
    reader.eat("TABLE");
    reader.eat("ONLY");
    let tables = reader.names();
    let cascades = reader.has("CASCADE");
    (!tables.is_empty()).then_some(What::Truncate { tables, cascades })
}

pub(super) fn insert(reader: &mut Reader<'_>) -> Option<What> {
    while reader.eat_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "OR"]) {
        reader.eat_any(&["REPLACE", "ABORT", "FAIL", "ROLLBACK"]);
    }
    reader.eat("INTO");
    write(reader, "INSERT", true)
}

pub(super) fn update(reader: &mut Reader<'_>) -> Option<What> {
    while reader.eat_any(&["LOW_PRIORITY", "IGNORE", "ONLY", "OR"]) {
        reader.eat_any(&["REPLACE", "ABORT", "FAIL", "ROLLBACK"]);
    }
    let is_bounded = is_bounded(reader);
    write(reader, "UPDATE", is_bounded)
}

pub(super) fn delete(reader: &mut Reader<'_>) -> Option<What> {
    let is_bounded = is_bounded(reader);
    reader.find("FROM").then_some(())?;
    reader.eat("ONLY");
    write(reader, "DELETE", is_bounded)
}

/// Whether a condition that is not always true says which rows. Of MySQL's tables that are joined each is bounded
/// by the others; elsewhere a join is beside the table that is written.
fn is_bounded(reader: &Reader<'_>) -> bool {
    let words = reader.words();
    let joins = words.windows(2).any(|pair| match pair {
        [before, word] => word == "JOIN" && !matches!(before.as_str(), "LEFT" | "OUTER" | "CROSS"),
        _ => false,
    });
    reader.has("LIMIT")
        || (joins && reader.is_mysql())
        || reader.condition().is_some_and(|condition| !is_always(&condition))
}

/// Whether a condition holds for every row: `true`, `1`, `1 = 1`, or such a part of it.
fn is_always(condition: &Reader<'_>) -> bool {
    let whole = condition.clone().parentheses();
    if let Some(inner) = whole.filter(|inner| inner.rest().len() + 2 == condition.rest().len()) {
        return is_always(&inner);
    }
    let ways = condition.parted("OR");
    if ways.len() > 1 {
        return ways.iter().any(is_always);
    }
    let parts = condition.parted("AND");
    if parts.len() > 1 {
        return parts.iter().all(is_always);
    }
    let is_constant = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '\'');
    match condition.rest() {
        [word] => word.is_word("TRUE") || word.text.parse::<i64>().is_ok_and(|number| number != 0),
        [left, sign, right] => {
            sign.is_sign("=") && left.text == right.text && is_constant(left.text)
        }
        _ => false,
    }
}

fn write(reader: &mut Reader<'_>, verb: &str, has_where: bool) -> Option<What> {
    let table = Some(reader.name()?);
    Some(What::Write(Write { verb: verb.to_owned(), table, has_where }))
}

/// `WITH x AS (…) UPDATE …`; of several that write, the one that writes every row.
pub(super) fn with(reader: &mut Reader<'_>) -> Option<What> {
    let mut writes = Vec::new();
    while !reader.is_done() {
        if let Some(mut inner) = reader.parentheses() {
            writes.extend(writing(&mut inner));
        } else if let Some(write) = writing(reader) {
            writes.push(write);
            break;
        } else {
            reader.advance();
        }
    }
    let everything = |write: &&Write| !write.has_where;
    let deletes = |write: &&Write| !write.has_where && write.verb == "DELETE";
    let chosen = writes.iter().find(deletes).or_else(|| writes.iter().find(everything));
    chosen.or(writes.last()).cloned().map(What::Write)
}

/// A statement that writes, if one begins here.
fn writing(reader: &mut Reader<'_>) -> Option<Write> {
    let read = match reader.ahead(0).as_str() {
        "INSERT" => insert,
        "UPDATE" => update,
        "DELETE" => delete,
        "WITH" => with,
        _ => return None,
    };
    reader.advance();
    match read(reader)? {
        What::Write(write) => Some(write),
        _ => None,
    }
}

pub(super) fn maintain(reader: &mut Reader<'_>, verb: &str) -> What {
    let in_parentheses = reader.parentheses().map(|inner| inner.words()).unwrap_or_default();
    let has = |word: &str| in_parentheses.iter().any(|found| found == word);
    let mut verb = verb.to_owned();
    if verb == "VACUUM" && (reader.eat("FULL") || has("FULL")) {
        verb.push_str(" FULL");
    }
    if verb == "REINDEX" || verb == "OPTIMIZE" || verb == "REFRESH" {
        reader.eat_any(&["LOCAL", "NO_WRITE_TO_BINLOG"]);
        reader.eat_any(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM", "TABLES"]);
        if reader.eat("MATERIALIZED") {
            reader.eat("VIEW");
        }
    }
    reader.eat_any(&["VERBOSE", "ANALYZE", "FREEZE", "TABLE"]);
    let concurrently = reader.eat("CONCURRENTLY") || has("CONCURRENTLY");
    What::Maintain(Maintain { verb, object: reader.name(), concurrently })
}

pub(super) fn lock(reader: &mut Reader<'_>) -> Option<What> {
    reader.eat_any(&["TABLE", "TABLES"]);
    reader.eat("ONLY");
    let tables = reader.names();
    (!tables.is_empty()).then_some(What::LockTables(tables))
}

/// `PRAGMA [schema.]name [= value | (value)]`
pub(super) fn pragma(reader: &mut Reader<'_>) -> Option<What> {
    let name = reader.name()?.last().to_lowercase();
    let inner = reader.parentheses();
    reader.eat_sign("=");
    let text = inner.map_or_else(|| reader.text().to_owned(), |inner| inner.text().to_owned());
    let value = Some(text.to_lowercase()).filter(|text| !text.is_empty());
    Some(What::Pragma { name, value })
}

/// Blanket: everything there is, or for everybody.
pub(super) fn grant(reader: &mut Reader<'_>) -> What {
    let text = reader.text().to_uppercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let has = |pair: &[&str]| words.windows(pair.len()).any(|found| found == pair);
    let is_everything =
        words.first() == Some(&"ALL") && (has(&["ALL", "TABLES"]) || reader.is_mysql());
    let is_everywhere = text.replace(' ', "").contains("ON*.*");
    let is_everybody = has(&["TO", "PUBLIC"]);
    What::Grant {
        is_blanket: is_everything || is_everywhere || is_everybody || has(&["GRANT", "OPTION"]),
    }
}
