//! Conditional requests (RFC 9110, section 13).

use axum::http::{HeaderMap, header};

/// Whether `If-None-Match` names this entity tag, by the weak comparison.
pub(crate) fn none_match_names(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|list| list.trim() == "*" || tags(list).any(|tag| opaque(tag) == opaque(etag)))
}

/// The tags of a list; commas inside quotes belong to the tag.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    list.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::trim)
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::none_match_names;

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        let matches = |list: &'static str, etag| {
            let value = HeaderValue::from_static(list);
            none_match_names(&HeaderMap::from_iter([(header::IF_NONE_MATCH, value)]), etag)
        };
        assert!(matches(r#""a""#, r#""a""#));
        assert!(matches(r#"W/"a""#, r#""a""#));
        assert!(matches(r#""x", "a""#, r#"W/"a""#));
        assert!(matches("*", r#""a""#));
        assert!(matches(r#""b,c""#, r#""b,c""#));
        assert!(!matches(r#""b","c""#, r#""b,c""#));
        assert!(!matches(r#""b""#, r#""a""#));
        assert!(!none_match_names(&HeaderMap::new(), r#""a""#));
    }
}
