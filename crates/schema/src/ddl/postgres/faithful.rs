//! Expressions as the server prints them, so that they are read as they were before.

/// What `PostgreSQL` prints of an expression, or of a statement with expressions in it, so that it comes to the same
/// when it is read, and prints the same again.
///
/// Two forms do not without help. `a IN ('x', 'y')` of a `varchar` is printed as
/// `(ARRAY['x'::character varying, …])::text[]`, and a cast right behind an array is read as one of its elements
/// (`transformTypeCast` in `parse_expr.c`): a cast to the type that the array has anyway keeps them apart.
/// `a BETWEEN 1 AND 2 AND b` is printed as `((a >= 1) AND (a <= 2)) AND b`, and what stands first in a chain
/// is read as a part of it (`makeAndExpr` in `gram.y`): a cast to `boolean`, which it has, keeps it whole.
#[must_use]
pub fn faithful(sql: &str) -> String {
    first_kept_whole(&arrays_kept(sql))
}

/// The same without parentheses around all of it.
pub(super) fn bare(sql: &str) -> &str {
    let inner = sql.strip_prefix('(').and_then(|rest| {
        let end = closing(rest, '(', ')')?;
        (end + 1 == rest.len()).then(|| rest.get(..end))?
    });
    inner.unwrap_or(sql)
}

fn arrays_kept(sql: &str) -> String {
    let mut kept = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        if let Some(inner) = rest.strip_prefix("(ARRAY[")
            && let Some(end) = closing(inner, '[', ']')
            && let (Some(elements), Some(behind)) = (inner.get(..end), inner.get(end..))
            && behind.starts_with("])::")
            && let Some(kind) = element_type(elements)
        {
            kept = kept + "(ARRAY[" + &arrays_kept(elements) + "]::" + kind + "[]";
            rest = behind.get(1..).unwrap_or_default();
            continue;
        }
        let length = quoted(rest).unwrap_or(next.len_utf8());
        kept.push_str(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
    }
    kept
}

fn first_kept_whole(sql: &str) -> String {
    let mut kept = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        if next == '('
            && let Some(inner) = rest.get(1..)
            && let Some(end) = closing(inner, '(', ')')
            && let (Some(first), Some(behind)) = (inner.get(..end), inner.get(end + 1..))
            && let Some(connective) = [" AND ", " OR "].into_iter().find(|c| behind.starts_with(c))
            && has_connective(first, connective)
            && is_first(&kept)
        {
            kept = kept + "(" + &first_kept_whole(first) + ")::boolean";
            rest = behind;
            continue;
        }
        let length = quoted(rest).unwrap_or(next.len_utf8());
        kept.push_str(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
    }
    kept
}

/// Whether what follows is the first of its chain: nothing, or an opening parenthesis, or a word stands before.
pub(super) fn is_first(before: &str) -> bool {
    ![" AND ", " OR "].iter().any(|connective| before.ends_with(connective))
}

/// Whether a connective joins what stands outside of parentheses.
pub(super) fn has_connective(sql: &str, connective: &str) -> bool {
    let (mut at, mut depth) = (0, 0_u32);
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(next) = rest.chars().next() else { break };
        match next {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            // What a CASE holds is its own.
            'C' if depth == 0 && rest.starts_with("CASE ") => return false,
            _ if depth == 0 && rest.starts_with(connective) => return true,
            _ => {}
        }
        at += quoted(rest).unwrap_or(next.len_utf8());
    }
    false
}

/// How many bytes a string or a quoted name takes at the beginning of a text.
pub(super) fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let end = text.get(1..)?.find(quote);
    Some(end.map_or(text.len(), |end| end + 2))
}

/// Where the bracket is that closes what is open at the beginning of a text.
pub(super) fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_u32);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let next = rest.chars().next()?;
        if next == close && depth == 0 {
            return Some(at);
        }
        if next == close {
            depth -= 1;
        } else if next == open {
            depth += 1;
        }
        at += quoted(rest).unwrap_or(next.len_utf8());
    }
    None
}

/// The type to which the last element is cast, as each of them is.
fn element_type(elements: &str) -> Option<&str> {
    let (_, kind) = elements.rsplit_once("::")?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '.');
    kind.chars().all(is_name).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_that_is_cast_as_a_whole_says_its_own_type() {
        let printed = "((kind)::text = ANY ((ARRAY['x'::character varying, '])::'::character \
                       varying])::text[]))";
        let expected = printed.replace("varying])::text", "varying]::character varying[])::text");
        assert_eq!(faithful(printed), expected);
        for same in [
            "(a = ANY (ARRAY[1, 2]))",
            "(a = ANY (ARRAY['x'::text, 'y'::text]))",
            "DEFAULT '(ARRAY[''a''::b])::c'::text",
            "(ARRAY[a, b])::text[]",
            "(ARRAY['x",
        ] {
            assert_eq!(faithful(same), same);
        }
    }

    #[test]
    fn first_of_a_chain_is_kept_whole() {
        assert_eq!(
            faithful("(((a >= 1) AND (a <= 2)) AND (b > 0))"),
            "(((a >= 1) AND (a <= 2))::boolean AND (b > 0))"
        );
        for same in [
            "((b > 0) AND ((a >= 1) AND (a <= 2)))",
            "(((a >= 1) AND (a <= 2)) OR (b > 0))",
            "(('a AND b'::text = c) AND d)",
            "((a AND b)",
        ] {
            assert_eq!(faithful(same), same);
        }
    }

    #[test]
    fn parentheses_around_all_are_taken_off() {
        assert_eq!(bare("(a > 0)"), "a > 0");
        assert_eq!(bare("(a) > (b)"), "(a) > (b)");
        assert_eq!(bare("lower(a)"), "lower(a)");
    }
}
