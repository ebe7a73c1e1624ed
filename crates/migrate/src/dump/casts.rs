/// Types whose names are several words, as `PostgreSQL` prints them.
const WORDS: [&str; 7] = [
    "character varying",
    "double precision",
    "bit varying",
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
];

/// Whether two of `PostgreSQL`'s statements differ in casts and parentheses alone.
///
/// What it prints of `CHECK (a IN ('x', 'y'))` reads back as another tree, with the casts elsewhere:
/// a text that was printed, run and printed again may differ in them, and in nothing else.
pub(crate) fn are_equal_but_for_casts(one: &str, other: &str) -> bool {
    without_casts(one) == without_casts(other)
}

fn without_casts(sql: &str) -> String {
    let mut plain = String::new();
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let len = match next {
            '\'' | '"' => {
                let end =
                    rest.get(1..).and_then(|body| body.find(next)).map_or(rest.len(), |at| at + 2);
                plain.push_str(rest.get(..end).unwrap_or_default());
                end
            }
            ':' if rest.starts_with("::") => 2 + type_len(rest.get(2..).unwrap_or_default()),
            '(' | ')' => 1,
            _ => {
                plain.push(next);
                next.len_utf8()
            }
        };
        rest = rest.get(len..).unwrap_or_default();
    }
    plain
}

/// How many bytes the name of a type takes, with its length and brackets.
fn type_len(text: &str) -> usize {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '$');
    let word = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name =
        WORDS.iter().find(|words| text.starts_with(**words)).map_or(word, |words| words.len());
    let rest = text.get(name..).unwrap_or_default();
    let is_length = |c: char| c.is_ascii_digit() || c == ',';
    let length = rest.strip_prefix('(').and_then(|inner| {
        let end = inner.find(|c| !is_length(c))?;
        inner.get(end..)?.starts_with(')').then_some(end + 2)
    });
    let length = length.unwrap_or_default();
    let brackets = rest.get(length..).unwrap_or_default();
    name + length + (brackets.len() - brackets.trim_start_matches("[]").len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_casts_and_parentheses_may_differ() {
        let first = "CHECK (((b)::text = ANY ((ARRAY['x'::character varying, 'y(::z'::character \
                     varying(9)])::text[])))";
        let again = "CHECK (((b)::text = ANY (ARRAY[('x'::character varying)::text, \
                     ('y(::z'::character varying(9))::text])))";
        assert!(are_equal_but_for_casts(first, again));
        for other in [
            first.replace("'x'", "'X'"),
            first.replace("y(::z", "y::z"),
            first.replace("(b)", "(c)"),
            first.replace('=', "<>"),
        ] {
            assert!(!are_equal_but_for_casts(first, &other), "{other}");
        }
    }
}
