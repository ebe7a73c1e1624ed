/// The statement of a table with the character set beside each collation of a column.
///
/// `MySQL` leaves it out where the table gave both, and prints it where the column did: a text that
/// was printed, run and printed again would be another one.
pub(super) fn with_charsets(sql: &str) -> String {
    let lines: Vec<String> = sql.lines().map(with_charset).collect();
    lines.join("\n")
}

fn with_charset(line: &str) -> String {
    let is_column = line.starts_with("  `");
    let Some((before, after)) = at_collation(line).filter(|_| is_column) else {
        return line.to_owned();
    };
    let collation = after.trim_start_matches(COLLATE);
    match collation.split_once('_') {
        Some((charset, _)) if !before.contains(" CHARACTER SET ") => {
            format!("{before} CHARACTER SET {charset}{after}")
        }
        Some(_) | None => line.to_owned(),
    }
}

const COLLATE: &str = " COLLATE ";

/// The line up to the column's collation, and from there on.
fn at_collation(line: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        if quote.is_some() {
            quote = quote.filter(|open| c != *open);
        } else if matches!(c, '\'' | '`') {
            quote = Some(c);
        } else if line.get(at..).is_some_and(|rest| rest.starts_with(COLLATE)) {
            return line.split_at_checked(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collation_of_a_column_names_its_charset() {
        let sql = "CREATE TABLE `a` (\n  `b` text COLLATE latin1_bin,\n  `c COLLATE d_e` enum('x COLLATE y_z') \
                   DEFAULT NULL\n) COLLATE=latin1_bin";
        let expected = sql.replace("text COLLATE", "text CHARACTER SET latin1 COLLATE");
        assert_eq!(with_charsets(sql), expected);
        assert_eq!(with_charsets(&expected), expected);
    }
}
