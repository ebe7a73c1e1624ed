//! What means nothing around a statement: white space, comments and delimiters.

use crate::engine::Engine;

/// The text from its first character that means something.
pub(crate) fn skip(engine: Engine, text: &str) -> &str {
    let mut rest = text;
    loop {
        let start = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        match comment(engine, start) {
            Some(length) => rest = start.get(length..).unwrap_or_default(),
            None => return start,
        }
    }
}

/// Whether nothing in the text means anything, a delimiter apart.
pub(crate) fn is_blank(engine: Engine, text: &str) -> bool {
    let rest = skip(engine, text);
    rest.is_empty() || rest.strip_prefix(';').is_some_and(|rest| is_blank(engine, rest))
}

/// The length of the comment that begins here, if one does.
fn comment(engine: Engine, text: &str) -> Option<usize> {
    let is_mysql = matches!(engine, Engine::MySql | Engine::MariaDb);
    let is_executed = is_mysql && (text.starts_with("/*!") || text.starts_with("/*M!"));
    let dashes = text.strip_prefix("--");
    let is_line = match dashes {
        Some(rest) => !is_mysql || rest.is_empty() || rest.starts_with(char::is_whitespace),
        None => is_mysql && text.starts_with('#'),
    };
    if is_line {
        return Some(text.find('\n').map_or(text.len(), |at| at + 1));
    }
    if is_executed || !text.starts_with("/*") {
        return None;
    }
    Some(if engine == Engine::Postgres { nested(text) } else { until_end(text) })
}

fn until_end(text: &str) -> usize {
    let inside = text.get(2..).unwrap_or_default();
    inside.find("*/").map_or(text.len(), |at| at + 4)
}

fn nested(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find(['/', '*'])) {
        at += next;
        match text.get(at..at + 2) {
            Some("/*") => depth += 1,
            Some("*/") => depth = depth.saturating_sub(1),
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_each_engine_are_blank() {
        assert!(is_blank(Engine::Postgres, " -- a\n/* b /* c */ */ ; --d"));
        assert!(is_blank(Engine::Sqlite, "/* a /* b */;--c"));
        assert!(is_blank(Engine::MySql, "# a\n-- b\n/* c */"));
        assert_eq!(skip(Engine::MySql, " --1 /* c */"), "--1 /* c */");
        assert_eq!(skip(Engine::MariaDb, "/**/ /*!1 c */"), "/*!1 c */");
        assert_eq!(skip(Engine::Postgres, "# a"), "# a");
    }
}
