use crate::json::ParamError;

/// The entity tag that an `If-Match` header (RFC 9110, section 13.1.1) asks for, quotes included as
/// AIP-154 has them; `*` asks for none. `present` is what the request itself says already.
pub(super) fn of_if_match<'h>(
    header: &'h str,
    present: &str,
) -> Result<Option<&'h str>, ParamError> {
    let tag = header.trim();
    if tag == "*" {
        return Ok(None);
    }
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let is_one_tag = opaque
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .is_some_and(|inner| !inner.contains('"'));
    if !is_one_tag {
        return Err(ParamError::new("must be one entity tag, in quotes, in If-Match"));
    }
    if !present.is_empty() && present != tag {
        return Err(ParamError::new("is not the entity tag in If-Match"));
    }
    Ok(Some(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_is_taken_with_its_quotes() {
        assert_eq!(of_if_match(" \"a1\" ", ""), Ok(Some("\"a1\"")));
        assert_eq!(of_if_match("W/\"a1\"", "W/\"a1\""), Ok(Some("W/\"a1\"")));
        assert_eq!(of_if_match("*", "\"x\""), Ok(None));
    }

    #[test]
    fn lists_and_contradictions_are_refused() {
        for header in ["\"a\", \"b\"", "a", "", "\"a", "\""] {
            assert!(of_if_match(header, "").is_err(), "{header}");
        }
        assert!(of_if_match("\"a\"", "\"b\"").is_err());
    }
}
