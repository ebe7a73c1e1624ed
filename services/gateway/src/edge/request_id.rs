//! One id for a request, wherever it goes.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Long enough for the ids of all common proxies and tracers.
const MAX: usize = 128;

/// The id of a request: the client's own when it is harmless, a fresh one otherwise. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The id that the headers carry, or one from `fresh`.
    pub(crate) fn of(headers: &HeaderMap, fresh: impl FnOnce() -> Uuid) -> Self {
        let is_harmless = |value: &&HeaderValue| value.to_str().is_ok_and(is_sane);
        let given = headers.get(HEADER).filter(is_harmless).cloned();
        Self(given.unwrap_or_else(|| {
            // Digits, letters and hyphens make a header.
            HeaderValue::try_from(fresh().to_string()).unwrap_or(HeaderValue::from_static("-"))
        }))
    }

    pub(crate) fn as_str(&self) -> &str {
        // Both sources give visible ASCII only.
        self.0.to_str().unwrap_or_default()
    }

    pub(crate) fn into_header(self) -> HeaderValue {
        self.0
    }
}

/// The id stands in logs and headers, where quotes, spaces or line breaks would do harm. The service
/// takes the same characters: one that it refused would get a second id there.
fn is_sane(id: &str) -> bool {
    let harmless = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/+=".contains(&b);
    !id.is_empty() && id.len() <= MAX && id.bytes().all(harmless)
}

#[cfg(test)]
mod tests {
    use super::is_sane;

    #[test]
    fn ids_that_could_forge_a_log_line_are_not_taken() {
        assert!(is_sane("0193f1c0-7a2b-7000-8000-000000000000"));
        assert!(is_sane("Root=1-67891233-abcdef012345678912345678"));
        for id in ["", "a b", "a\"b", "a\\n", "ü", "a@b", "x".repeat(129).as_str()] {
            assert!(!is_sane(id), "{id:?}");
        }
    }
}
