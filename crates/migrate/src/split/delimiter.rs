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

/// The statement as `MySQL`'s client takes it, which cuts at every semicolon, in a trigger's body too; `None` where
/// there is none in it.
pub(crate) fn delimited(sql: &str) -> Option<String> {
    if !sql.contains(';') {
        return None;
    }
    let delimiter = unlike(sql);
    let gap = if ends_in_comment(sql) { "\n" } else { "" };
    Some(format!("DELIMITER {delimiter}\n{sql}{gap}{delimiter}\nDELIMITER ;\n"))
}

/// Whether a comment at its end may hide what is written behind it.
pub(crate) fn ends_in_comment(sql: &str) -> bool {
    sql.lines().last().is_some_and(|last| last.contains("--") || last.contains('#'))
}

/// A delimiter that is found where the statement ends and not before, whatever that ends with.
fn unlike(sql: &str) -> String {
    let numbered = (1..).map(|number| format!("/{number}/"));
    let mut all = std::iter::once("//".to_owned()).chain(numbered);
    let is_first =
        |delimiter: &String| format!("{sql}{delimiter}").find(delimiter) == Some(sql.len());
    // There are more numbers than a statement can hold.
    all.find(is_first).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::split;

    #[test]
    fn delimiter_is_no_part_of_what_stands_before_it() {
        for (sql, expected) in [
            ("BEGIN SELECT 1; END", "//"),
            ("/*!50003 CREATE TRIGGER t … BEGIN SET @a = 1; END */", "/1/"),
            ("SELECT '//; /1/' /", "/2/"),
        ] {
            assert_eq!(unlike(sql), expected, "{sql}");
            let text = format!("{}SELECT 2;\n", delimited(sql).unwrap());
            let pieces = split(Engine::MySql, &text);
            let cut = pieces.iter().map(|piece| piece.statement).filter(|sql| !sql.is_empty());
            assert_eq!(cut.collect::<Vec<_>>(), [sql, "SELECT 2"]);
        }
        assert_eq!(delimited("SELECT 1"), None);
        for comment in ["-- done", "# it;s"] {
            let commented = delimited(&format!("BEGIN; END {comment}")).unwrap();
            assert!(commented.contains(&format!("{comment}\n//\n")), "{commented}");
        }
    }
}
