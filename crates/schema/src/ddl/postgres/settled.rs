//! Expressions as the server prints them once `pg_dump` has written them and a server has read that.

use super::faithful::{closing, has_connective, is_first, quoted};

/// What `PostgreSQL` prints of an expression, or of a statement with expressions in it, after it went through
/// `pg_dump`: what two databases, one of them restored, have in common. Of [`faithful`](super::faithful())
/// texts and the server's own alike.
///
/// A cast of a whole array goes to its elements, and a chain within the beginning of a chain becomes a part
/// of it; both mean the same.
#[must_use]
pub fn settled(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        if let Some((array, behind)) = array(rest) {
            text.push_str(&array);
            rest = behind;
            continue;
        }
        if let Some((first, behind)) = first_chain(rest).filter(|_| is_first(&text)) {
            // What stands first in it may be such a chain again.
            text.push_str(&settled(first));
            rest = behind;
            continue;
        }
        let length = quoted(rest).unwrap_or(next.len_utf8());
        text.push_str(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
    }
    text
}

/// `(ARRAY[a, b])::t[]` as `ARRAY[(a)::t, (b)::t]`, and what stands behind it.
fn array(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix("(ARRAY[")?;
    let (elements, behind) = inner.split_at_checked(closing(inner, '[', ']')?)?;
    let mut behind = behind.strip_prefix(']')?;
    // Its own type may be said in between.
    if let Some(own) = behind.strip_prefix("::") {
        behind = array_type(own)?.1;
    }
    let (kind, behind) = array_type(behind.strip_prefix(")::")?)?;
    let cast: Vec<String> =
        elements_of(elements).map(|element| format!("({})::{kind}", settled(element))).collect();
    Some((format!("ARRAY[{}]", cast.join(", ")), behind))
}

/// The type of the elements, as in `numeric(10,2)[]`, and what stands behind the brackets.
fn array_type(text: &str) -> Option<(&str, &str)> {
    let (kind, behind) = text.split_once("[]")?;
    let is_letter = |c: char| c.is_alphanumeric() || " _.\"".contains(c);
    let (name, modifier) = kind.split_once('(').unwrap_or((kind, "0)"));
    let (modifier, rest) = modifier.split_once(')')?;
    let is_number = |c: char| c.is_ascii_digit() || c == ',';
    let is_type =
        name.chars().chain(rest.chars()).all(is_letter) && modifier.chars().all(is_number);
    is_type.then_some((kind, behind))
}

/// The chain in parentheses that begins a longer one of the same kind, and what stands behind it.
fn first_chain(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('(')?;
    let (first, behind) = inner.split_at_checked(closing(inner, '(', ')')?)?;
    let behind = behind.strip_prefix(')')?;
    let behind = behind.strip_prefix("::boolean").unwrap_or(behind);
    let connective = [" AND ", " OR "].into_iter().find(|word| behind.starts_with(word))?;
    has_connective(first, connective).then_some((first, behind))
}

/// The parts between the commas that stand in no parentheses.
fn elements_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let (mut at, mut depth) = (0, 0_u32);
        while let Some(here) = text.get(at..).filter(|here| !here.is_empty()) {
            match here.chars().next()? {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    rest = here.get(1..).map(str::trim_start);
                    return text.get(..at);
                }
                _ => {}
            }
            at += quoted(here).or_else(|| Some(here.chars().next()?.len_utf8()))?;
        }
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::super::faithful::faithful;
    use super::*;

    #[test]
    fn cast_of_an_array_goes_to_its_elements() {
        let printed = "((kind)::text = ANY ((ARRAY['x, y'::character varying, 'z'::character varying])::text[]))";
        let restored = "((kind)::text = ANY (ARRAY[('x, y'::character varying)::text, \
                        ('z'::character varying)::text]))";
        assert_eq!(settled(printed), restored);
        assert_eq!(settled(&faithful(printed)), restored);
        assert_eq!(settled(restored), restored);
        assert_eq!(
            settled("(a = ANY ((ARRAY[1, f(2, 3)])::numeric(10,2)[]))"),
            "(a = ANY (ARRAY[(1)::numeric(10,2), (f(2, 3))::numeric(10,2)]))"
        );
    }

    #[test]
    fn chain_that_begins_a_chain_is_a_part_of_it() {
        let printed = "((((a >= 1) AND (a <= 2)) AND (b > 0)) AND c)";
        let restored = "((a >= 1) AND (a <= 2) AND (b > 0) AND c)";
        assert_eq!(settled(printed), restored);
        assert_eq!(settled(&faithful(printed)), restored);
    }

    #[test]
    fn what_means_something_else_stays() {
        for same in [
            "(a = ANY (ARRAY[1, 2]))",
            "((b > 0) AND ((a >= 1) AND (a <= 2)))",
            "(((a >= 1) AND (a <= 2)) OR (b > 0))",
            "DEFAULT '(ARRAY[''a''::b])::c[]'::text",
            "(ARRAY['x",
            "(ARRAY[a, b])::oidvector",
            "((a = ANY (ARRAY[1, 2])) AND (c > 1) AND ((b)::text[] && d))",
            "SELECT (ARRAY[a, 2])[1] AS x, (m)::text[]",
            "(ARRAY[a])::oidvector = ANY (x, (y)::text[])",
        ] {
            assert_eq!(settled(same), same);
        }
    }
}
