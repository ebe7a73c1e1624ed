//! PostgreSQL's regression files without what only psql understands: its own commands and the data
//! behind `COPY … FROM STDIN`. Lines keep their numbers.

use super::Unit;
use super::tally::Tally;

/// Commands that end a statement in place of a semicolon.
const ENDS: [&str; 7] = ["g", "gx", "gset", "gexec", "gdesc", "crosstabview", "p"];
/// First letters of commands that reach beyond psql, should one of them still be taken for one.
const FAR: &str = "!owieclsgq";

/// The file as one text.
pub(crate) fn unit(file: &str, text: &str, tally: &mut Tally) -> Unit {
    let mut lines = Vec::new();
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        lines.push(plain(line, tally));
        if let Some(length) = is_copy(line).then(|| data_length(rest.clone())).flatten() {
            tally.leave_out("blocks of COPY data", 1);
            lines.extend(rest.by_ref().take(length).map(|_| String::new()));
        }
    }
    Unit { file: file.to_owned(), line: 1, text: lines.join("\n") }
}

fn plain(line: &str, tally: &mut Tally) -> String {
    // psql sets this variable by itself; any other stays as it is written.
    let line = line.replace("\\;", ";").replace("LAST_ERROR_MESSAGE", "LAST_MESSAGE");
    let end = line.match_indices('\\').map(|(at, _)| at).find(|at| is_end(&line, *at));
    if let Some(start) = end.and_then(|at| line.get(..at)) {
        tally.leave_out("psql commands", 1);
        return format!("{start};");
    }
    if line.trim_start().starts_with('\\') {
        tally.leave_out("psql commands", 1);
        return String::new();
    }
    harmless(&line)
}

fn is_end(line: &str, at: usize) -> bool {
    let letters = line.get(at + 1..).unwrap_or_default();
    let word = letters.split(|c: char| !c.is_ascii_alphanumeric()).next();
    word.is_some_and(|word| ENDS.contains(&word))
}

/// Without any command that would reach beyond psql; both splitters read the same.
fn harmless(line: &str) -> String {
    FAR.chars().fold(line.to_owned(), |line, letter| line.replace(&format!("\\{letter}"), "\\1"))
}

fn is_copy(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.contains("from stdin") && line.contains(';')
}

/// How many lines of data follow, their end included; a statement that fails has none.
fn data_length<'a>(lines: impl Iterator<Item = &'a str>) -> Option<usize> {
    for (at, line) in lines.enumerate() {
        if line == "\\." {
            return Some(at + 1);
        }
        if is_copy(line) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_data_are_left_out() {
        let text = "\\set a b\nSELECT 1 \\gset x\nSELECT 2\n \\gexec\nCOPY t FROM stdin;\n1;'\n\\.\nSELECT E'\\n'\\; b;";
        let unit = unit("a.sql", text, &mut Tally::default());
        assert_eq!(
            unit.text,
            "\nSELECT 1 ;\nSELECT 2\n ;\nCOPY t FROM stdin;\n\n\nSELECT E'\\n'; b;"
        );
    }

    #[test]
    fn no_command_reaches_the_machine() {
        assert_eq!(plain("SELECT 1, \\! rm", &mut Tally::default()), "SELECT 1, \\1 rm");
    }

    #[test]
    fn copy_without_data_hides_nothing() {
        let text = "COPY a FROM stdin;\nSELECT 1;\nCOPY b FROM stdin;\n1\n\\.\n";
        let unit = unit("a.sql", text, &mut Tally::default());
        assert_eq!(unit.text, "COPY a FROM stdin;\nSELECT 1;\nCOPY b FROM stdin;\n\n");
    }
}
