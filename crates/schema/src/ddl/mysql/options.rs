use super::text::literal;
use crate::model::{Table, TableOptions};

/// The word in the model for a table of `MariaDB`'s that keeps the history of its rows.
pub(super) const VERSIONED: &str = "SYSTEM VERSIONING";

/// What the server makes of a table of which nothing is said.
const ENGINE: &str = "InnoDB";

/// The options behind the parentheses of CREATE TABLE, for a database of this collation.
pub(super) fn of_created(table: &Table, collation: Option<&str>) -> Vec<String> {
    let options = &table.options;
    let mut said = Vec::new();
    said.extend(options.engine.as_deref().filter(|own| *own != ENGINE).map(engine));
    let own = options.collation.as_deref();
    said.extend(own.filter(|_| own != collation).map(|own| format!("COLLATE = {own}")));
    for (word, value) in &options.parameters {
        said.push(if word == VERSIONED { format!("WITH {word}") } else { parameter(word, value) });
    }
    said.extend(table.comment.as_deref().map(comment));
    said
}

/// The clauses of ALTER TABLE that change the options.
pub(super) fn of_altered(from: &TableOptions, to: &TableOptions) -> Vec<String> {
    let mut said = Vec::new();
    if from.engine != to.engine {
        said.extend(to.engine.as_deref().map(engine));
    }
    if from.collation != to.collation {
        said.extend(to.collation.as_deref().map(|own| format!("COLLATE = {own}")));
    }
    let dropped = from.parameters.keys().filter(|word| !to.parameters.contains_key(*word));
    for word in dropped {
        said.push(if word == VERSIONED { drop_versioning() } else { parameter(word, usual(word)) });
    }
    for (word, value) in &to.parameters {
        if from.parameters.get(word) != Some(value) {
            said.push(if word == VERSIONED {
                format!("ADD {word}")
            } else {
                parameter(word, value)
            });
        }
    }
    said
}

pub(super) fn drop_versioning() -> String {
    format!("DROP {VERSIONED}")
}

pub(super) fn comment(text: &str) -> String {
    format!("COMMENT = {}", literal(text))
}

fn engine(name: &str) -> String {
    format!("ENGINE = {name}")
}

fn parameter(word: &str, value: &str) -> String {
    format!("{word} = {value}")
}

/// The value that is as good as none.
fn usual(word: &str) -> &'static str {
    match word {
        "ROW_FORMAT" | "PACK_KEYS" | "STATS_PERSISTENT" | "STATS_AUTO_RECALC"
        | "STATS_SAMPLE_PAGES" | "PAGE_CHECKSUM" | "TRANSACTIONAL" => "DEFAULT",
        "COMPRESSION" => "'NONE'",
        "ENCRYPTION" => "'N'",
        // An option of `MariaDB`'s storage engines.
        _ if word.starts_with('`') => "DEFAULT",
        _ => "0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_go_get_their_usual_value() {
        let options = |all: &[(&str, &str)]| TableOptions {
            parameters: all.iter().map(|(word, value)| ((*word).into(), (*value).into())).collect(),
            ..TableOptions::default()
        };
        let from =
            options(&[("ROW_FORMAT", "COMPRESSED"), ("KEY_BLOCK_SIZE", "8"), (VERSIONED, "")]);
        let to = options(&[("MAX_ROWS", "5"), ("KEY_BLOCK_SIZE", "8")]);
        let expected = ["ROW_FORMAT = DEFAULT", "DROP SYSTEM VERSIONING", "MAX_ROWS = 5"];
        assert_eq!(of_altered(&from, &to), expected);
    }
}
