use std::collections::BTreeMap;

/// `MariaDB` keeps the history of the table's rows.
pub(super) const VERSIONED: &str = "SYSTEM VERSIONING";

/// `CREATE_OPTIONS` by word: `row_format=DYNAMIC stats_persistent=1`, `` `encrypted`='no' ``.
pub(super) fn parse(options: &str) -> BTreeMap<String, String> {
    let mut parsed = BTreeMap::new();
    let mut rest = options.trim_start();
    while !rest.is_empty() {
        let (option, after) = rest.split_at(length(rest));
        let (word, value) = option.split_once('=').unwrap_or((option, ""));
        // In backquotes stand the options of the storage engine.
        let word = if word.starts_with('`') { word.to_owned() } else { word.to_ascii_uppercase() };
        parsed.insert(word, value.to_owned());
        rest = after.trim_start();
    }
    parsed
}

/// The options as they count: those that the engine passes over are none, and what it does unless told
/// otherwise is said, which `MariaDB` tells of `TRANSACTIONAL` and not of `PAGE_CHECKSUM`.
pub(super) fn settled(
    mut parameters: BTreeMap<String, String>,
    engine: Option<&str>,
) -> BTreeMap<String, String> {
    if engine == Some("Aria") {
        parameters.entry("PAGE_CHECKSUM".to_owned()).or_insert_with(|| "1".to_owned());
    } else {
        for word in ["PAGE_CHECKSUM", "TRANSACTIONAL"] {
            parameters.remove(word);
        }
    }
    // In the quotes that every mode takes.
    for value in parameters.values_mut().filter(|value| value.starts_with('"')) {
        let inner = value.trim_matches('"');
        *value = format!("'{}'", inner.replace('\\', r"\\").replace('\'', "''"));
    }
    parameters.retain(|word, value| match word.as_str() {
        "COMPRESSION" => !matches!(value.to_ascii_uppercase().as_str(), "'NONE'" | "''"),
        "ENCRYPTION" => !value.eq_ignore_ascii_case("'N'"),
        _ => true,
    });
    parameters
}

/// Up to the next space that no quotes enclose.
fn length(text: &str) -> usize {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) => quote = Some(open).filter(|open| *open != character),
            None if matches!(character, '\'' | '"' | '`') => quote = Some(character),
            None if character == ' ' => return at,
            None => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_said() {
        let settled = |options, engine| settled(parse(options), Some(engine));
        assert_eq!(settled("transactional=1", "Aria").len(), 2);
        assert!(settled("page_checksum=1 transactional=0", "InnoDB").is_empty());
        assert_eq!(settled("compression=\"zlib\"", "InnoDB")["COMPRESSION"], "'zlib'");
        assert!(settled("COMPRESSION=\"NONE\" ENCRYPTION='N'", "InnoDB").is_empty());
    }

    #[test]
    fn options_of_both_servers_are_parsed() {
        let parsed = parse("max_rows=100 row_format=COMPRESSED `encrypted`='n o' partitioned");
        let expected = [
            ("MAX_ROWS", "100"),
            ("PARTITIONED", ""),
            ("ROW_FORMAT", "COMPRESSED"),
            ("`encrypted`", "'n o'"),
        ];
        assert_eq!(parsed, expected.map(|(word, value)| (word.into(), value.into())).into());
        assert!(parse("").is_empty());
    }
}
