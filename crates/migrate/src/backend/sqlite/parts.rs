use crate::Engine;
use crate::split::split;

/// How many statements are handed over at once: the driver keeps each of them compiled until the last
/// has run, some kilobytes each, and every change of the schema goes through all of them.
const STATEMENTS: usize = 16;

/// The parts of a script that follow each other; put together, they are the script.
pub(super) fn of(script: &str) -> Vec<&str> {
    let (mut parts, mut rest, mut end, mut count) = (Vec::new(), script, 0, 0);
    for piece in split(Engine::Sqlite, script) {
        end += piece.text.len();
        count += usize::from(!piece.statement.is_empty());
        if count == STATEMENTS
            && let Some((part, behind)) = rest.split_at_checked(end)
        {
            parts.push(part);
            (rest, end, count) = (behind, 0, 0);
        }
    }
    if count > 0 {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_script_and_hold_few_statements() {
        let trigger = "CREATE TRIGGER a AFTER INSERT ON b BEGIN DELETE FROM c; SELECT ';'; END;\n";
        let script = trigger.repeat(2 * STATEMENTS + 1) + "COMMIT; -- the end;";
        let parts = of(&script);
        assert_eq!(parts.concat(), script);
        let counts: Vec<usize> = parts.iter().map(|part| part.matches("TRIGGER").count()).collect();
        assert_eq!(counts, [STATEMENTS, STATEMENTS, 1]);
    }

    #[test]
    fn nothing_to_run_is_no_part() {
        assert_eq!(of(""), Vec::<&str>::new());
        assert_eq!(of("-- a remark\n"), Vec::<&str>::new());
    }
}
