/// The text of an expression, so that it is read as it was before it was printed.
///
/// `a IN ('x', 'y')` of a `varchar` is printed as `(ARRAY['x'::character varying, …])::text[]`, and a cast
/// right behind an array is read as one of its elements, so that the next print is another one. A cast
/// to the type that the array has anyway keeps them apart (`transformTypeCast` in `parse_expr.c`).
pub(super) fn settled(sql: &str) -> String {
    let mut settled = String::new();
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        if let Some(inner) = rest.strip_prefix("(ARRAY[")
            && let Some(end) = closing(inner)
            && let (Some(elements), Some(behind)) = (inner.get(..end), inner.get(end..))
            && behind.starts_with("])::")
            && let Some(kind) = element_type(elements)
        {
            settled = settled + "(ARRAY[" + &self::settled(elements) + "]::" + kind + "[]";
            rest = behind.get(1..).unwrap_or_default();
            continue;
        }
        let len = quoted(rest).unwrap_or(next.len_utf8());
        settled.push_str(rest.get(..len).unwrap_or_default());
        rest = rest.get(len..).unwrap_or_default();
    }
    settled
}

/// How many bytes a string or a quoted name takes at the beginning of a text.
fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let end = text.get(1..)?.find(quote);
    Some(end.map_or(text.len(), |end| end + 2))
}

/// Where the bracket is that closes an array.
fn closing(text: &str) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_u32);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match rest.chars().next()? {
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            '[' => depth += 1,
            _ => {}
        }
        at += quoted(rest).or_else(|| rest.chars().next().map(char::len_utf8))?;
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
        assert_eq!(settled(printed), expected);
        for same in [
            "(a = ANY (ARRAY[1, 2]))",
            "(a = ANY (ARRAY['x'::text, 'y'::text]))",
            "DEFAULT '(ARRAY[''a''::b])::c'::text",
            "(ARRAY[a, b])::text[]",
            "(ARRAY['x",
        ] {
            assert_eq!(settled(same), same);
        }
    }
}
