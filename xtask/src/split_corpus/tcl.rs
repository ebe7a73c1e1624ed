//! The SQL in SQLite's tests: the words in braces, in which Tcl replaces nothing, that follow the
//! commands which execute SQL.

use super::Unit;

/// The commands, and how many words stand before the SQL.
const COMMANDS: [(&str, usize); 6] = [
    ("do_execsql_test", 1),
    ("do_catchsql_test", 1),
    ("do_eqp_test", 1),
    ("execsql", 0),
    ("catchsql", 0),
    ("db eval", 0),
];

/// Each word with SQL is a text of its own.
pub(crate) fn units(file: &str, text: &str) -> Vec<Unit> {
    let mut starts: Vec<usize> =
        COMMANDS.iter().flat_map(|(command, words)| bodies(text, command, *words)).collect();
    starts.sort_unstable();
    let (mut units, mut line, mut counted) = (Vec::new(), 1, 0);
    for start in starts {
        line += text.get(counted..start).unwrap_or_default().matches('\n').count();
        counted = start;
        if let Some(body) = text.get(start..).and_then(braced) {
            units.push(Unit { file: file.to_owned(), line, text: body.to_owned() });
        }
    }
    units
}

/// Where the words in braces behind the command begin.
fn bodies(text: &str, command: &str, words: usize) -> Vec<usize> {
    let body = |at: usize| {
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            return None;
        }
        let mut rest = text.get(at + command.len()..)?.strip_prefix([' ', '\t'])?;
        for _ in 0..words {
            rest = rest.trim_start().trim_start_matches(|c: char| !c.is_whitespace() && c != '{');
        }
        rest.trim_start_matches([' ', '\t']).strip_prefix('{').map(|body| text.len() - body.len())
    };
    text.match_indices(command).filter_map(|(at, _)| body(at)).collect()
}

/// The text up to the brace that closes the word, as Tcl counts them.
fn braced(text: &str) -> Option<&str> {
    let mut depth = 1_usize;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '{' => depth += 1,
            '}' if depth == 1 => return text.get(..at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_braces_behind_commands_are_sql() {
        let text = "do_test a-1 {\n  execsql {\n SELECT '{}'; }\n} {1}\n\
            do_execsql_test a-$i.2 { SELECT [x;y] } {}\nexecsql \"SELECT $x\"\n\
            my_execsql {no}\ndb eval {SELECT 2}";
        let units = units("a.test", text);
        let found: Vec<_> = units.iter().map(|unit| (unit.line, unit.text.as_str())).collect();
        assert_eq!(found, [(2, "\n SELECT '{}'; "), (5, " SELECT [x;y] "), (8, "SELECT 2")]);
    }
}
