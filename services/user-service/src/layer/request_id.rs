use http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::Sources;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 128;

/// The id under which a call appears in the logs of every program that it passes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The caller's id if it is fit for a log, else a new one.
    pub(super) fn of(headers: &HeaderMap, sources: &Sources) -> Self {
        let given = headers.get(HEADER).filter(|value| is_fit(value.as_bytes()));
        Self(given.cloned().unwrap_or_else(|| {
            let id = sources.next_id().to_string();
            HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("unknown"))
        }))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(super) fn write(&self, headers: &mut HeaderMap) {
        headers.insert(HEADER, self.0.clone());
    }
}

fn is_fit(id: &[u8]) -> bool {
    !id.is_empty()
        && id.len() <= MAX_LENGTH
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_of_the_caller_is_kept_unless_it_would_spoil_a_log() {
        let sources = Sources::system();
        let with = |id: &str| HeaderMap::from_iter([(HEADER, HeaderValue::from_str(id).unwrap())]);
        assert_eq!(RequestId::of(&with("abc-123"), &sources).as_str(), "abc-123");
        for bad in ["", "a b", "a\"b", &"x".repeat(129)] {
            assert_ne!(RequestId::of(&with(bad), &sources).as_str(), bad);
        }
    }
}
