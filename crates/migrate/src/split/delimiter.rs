use crate::Engine;

/// A `DELIMITER` line of `MySQL`'s client.
pub(super) struct DelimiterLine<'a> {
    /// The new delimiter; `None` is the semicolon.
    pub(super) delimiter: Option<&'a str>,
    /// Where the line ends.
    pub(super) end: usize,
}

/// The `DELIMITER` line whose word begins at `at`, if one does; white space may stand before it, and
/// quotes around the delimiter, as the client has it.
pub(super) fn line(engine: Engine, text: &str, at: usize) -> Option<DelimiterLine<'_>> {
    if !matches!(engine, Engine::MySql | Engine::MariaDb) {
        return None;
    }
    let before = text.get(..at)?.trim_end_matches([' ', '\t']);
    let is_line_start = before.is_empty() || before.ends_with('\n');
    let rest = text.get(at..).filter(|_| is_line_start)?;
    let (word, tail) = rest.split_at_checked("DELIMITER".len())?;
    if !word.eq_ignore_ascii_case("DELIMITER") || !tail.starts_with([' ', '\t']) {
        return None;
    }
    let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
    let delimiter = rest.get(word.len()..length)?.split_whitespace().next()?;
    let delimiter = unquoted(delimiter);
    Some(DelimiterLine { delimiter: Some(delimiter).filter(|d| *d != ";"), end: at + length })
}

fn unquoted(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    ['\'', '"', '`'].into_iter().find_map(inside).filter(|text| !text.is_empty()).unwrap_or(text)
}

/// Where the delimiter that begins at `at` ends, if one does.
pub(super) fn end(delimiter: Option<&str>, text: &str, at: usize) -> Option<usize> {
    let delimiter = delimiter?;
    text.get(at..)?.starts_with(delimiter).then_some(at + delimiter.len())
}
