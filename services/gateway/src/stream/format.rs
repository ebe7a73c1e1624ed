use axum::http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use crate::negotiate::{EVENT_STREAM, NDJSON, accepted};
use crate::problem::Problem;

/// What a server-sent event's `id` is taken from, and `Last-Event-ID` given to.
pub(super) const RESUME_PARAMETER: &str = "resumeToken";

/// How the messages of a stream are put on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// One JSON value per line.
    Ndjson,
    /// Server-sent events (WHATWG HTML, section 9.2).
    Events,
}

/// The part of a message that says where a stream goes on.
#[derive(Deserialize)]
struct Resumable {
    #[serde(rename = "resumeToken", default)]
    token: String,
}

impl Format {
    /// The one that the client likes better; of two that it likes as much, lines.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        match accepted(headers, &[NDJSON, EVENT_STREAM])? {
            EVENT_STREAM => Ok(Self::Events),
            _ => Ok(Self::Ndjson),
        }
    }

    pub(super) fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Ndjson => NDJSON,
            Self::Events => EVENT_STREAM,
        })
    }

    /// What tells where a stream begins, where the format has it: an event of an `id` alone is not
    /// dispatched, but is the last one that a browser has seen.
    pub(super) fn opening(self, token: &str) -> Option<String> {
        match self {
            Self::Ndjson => None,
            Self::Events => Some(format!("{}\n", id(Some(token)))),
        }
    }

    /// A message as it stands on the wire, with the place after it.
    pub(super) fn message(self, json: Vec<u8>, token: Option<&str>) -> Vec<u8> {
        match self {
            Self::Ndjson => line(json),
            Self::Events => [id(token).as_bytes(), b"data: ", &json, b"\n\n"].concat(),
        }
    }

    /// The problem that ends a stream which broke, with the place to go on from.
    pub(super) fn problem(self, json: &[u8], token: Option<&str>) -> Vec<u8> {
        match self {
            Self::Ndjson => {
                let place = token.map(|token| {
                    format!(",\"{RESUME_PARAMETER}\":{}", serde_json::Value::from(token))
                });
                let place = place.unwrap_or_default();
                line([b"{\"error\":", json, place.as_bytes(), b"}"].concat())
            }
            Self::Events => [id(token).as_bytes(), b"event: error\ndata: ", json, b"\n\n"].concat(),
        }
    }

    /// What keeps proxies from taking a silent stream for a dead one, where the format has it.
    pub(super) fn sign_of_life(self) -> Option<&'static [u8]> {
        match self {
            Self::Ndjson => None,
            Self::Events => Some(b": still here\n\n"),
        }
    }
}

/// The place after a message.
pub(super) fn token_of(json: &[u8]) -> Option<String> {
    let found = serde_json::from_slice::<Resumable>(json).ok()?;
    Some(found.token).filter(|token| !token.is_empty())
}

/// The field `id` of an event.
fn id(token: Option<&str>) -> String {
    // A control character would begin another field.
    let token = token.filter(|token| !token.chars().any(char::is_control));
    token.map(|token| format!("id: {token}\n")).unwrap_or_default()
}

fn line(mut json: Vec<u8>) -> Vec<u8> {
    json.push(b'\n');
    json
}

/// The query with the place that a browser's `EventSource` says when it connects again. It repeats
/// the address of the first time, whose token is older.
pub(crate) fn resumed(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let last = headers.get(LAST_EVENT_ID)?.to_str().ok().filter(|id| is_token(id))?;
    let kept = query.unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        !pair.is_empty() && name != RESUME_PARAMETER && name != "resume_token"
    });
    let mut pairs: Vec<&str> = kept.collect();
    let own = format!("{RESUME_PARAMETER}={last}");
    pairs.push(&own);
    Some(pairs.join("&"))
}

const LAST_EVENT_ID: header::HeaderName = header::HeaderName::from_static("last-event-id");

/// Whether it can stand in a query as it is.
fn is_token(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_the_token_as_its_id() {
        let sent = |json: &str| {
            let token = token_of(json.as_bytes());
            let sent = Format::Events.message(json.as_bytes().to_vec(), token.as_deref());
            String::from_utf8(sent).unwrap()
        };
        let expected = "id: t-1\ndata: {\"event\":{},\"resumeToken\":\"t-1\"}\n\n";
        assert_eq!(sent(r#"{"event":{},"resumeToken":"t-1"}"#), expected);
        for odd in [r#"{"resumeToken":"a\nb"}"#, r#"{"resumeToken":""}"#, "{}", "[]"] {
            assert_eq!(sent(odd), format!("data: {odd}\n\n"));
        }
    }

    #[test]
    fn the_last_id_replaces_the_token_of_the_first_time() {
        let headers = |id: &'static str| {
            HeaderMap::from_iter([(LAST_EVENT_ID, HeaderValue::from_static(id))])
        };
        let with = |query| resumed(&headers("t9"), query);
        assert_eq!(with(None).unwrap(), "resumeToken=t9");
        let kept = with(Some("resumeToken=t1&filter=a%20b&resume_token=x")).unwrap();
        assert_eq!(kept, "filter=a%20b&resumeToken=t9");
        assert_eq!(resumed(&HeaderMap::new(), Some("a=b")), None);
        for odd in ["", "a&b=c", "a b", "%41"] {
            assert_eq!(resumed(&headers(odd), None), None, "{odd}");
        }
    }
}
