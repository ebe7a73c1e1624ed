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

    /// A message as it stands on the wire.
    pub(super) fn message(self, json: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Ndjson => line(json),
            Self::Events => {
                let resumable = serde_json::from_slice::<Resumable>(&json);
                let token = resumable.map(|found| found.token).unwrap_or_default();
                // A control character would begin another field.
                let id = if token.is_empty() || token.chars().any(char::is_control) {
                    String::new()
                } else {
                    format!("id: {token}\n")
                };
                [id.as_bytes(), b"data: ", &json, b"\n\n"].concat()
            }
        }
    }

    /// The problem that ends a stream which broke.
    pub(super) fn problem(self, json: &[u8]) -> Vec<u8> {
        match self {
            Self::Ndjson => line([b"{\"error\":", json, b"}"].concat()),
            Self::Events => [b"event: error\ndata: ", json, b"\n\n"].concat(),
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
        let sent = Format::Events.message(br#"{"event":{},"resumeToken":"t-1"}"#.to_vec());
        let expected = "id: t-1\ndata: {\"event\":{},\"resumeToken\":\"t-1\"}\n\n";
        assert_eq!(String::from_utf8(sent).unwrap(), expected);
        for odd in [r#"{"resumeToken":"a\nb"}"#, r#"{"resumeToken":""}"#, "{}", "[]"] {
            let sent = Format::Events.message(odd.as_bytes().to_vec());
            assert_eq!(String::from_utf8(sent).unwrap(), format!("data: {odd}\n\n"));
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
