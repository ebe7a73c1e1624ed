//! What clients send and what they accept.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::problem::Problem;

/// The media type of answers.
pub(crate) const JSON: &str = "application/json";
/// The media type of errors.
pub(crate) const PROBLEM: &str = "application/problem+json";
/// The media type of streams: one JSON value per line.
pub(crate) const NDJSON: &str = "application/x-ndjson";
/// The media type of streams that browsers read by themselves.
pub(crate) const EVENT_STREAM: &str = "text/event-stream";

/// Fails with 406 when the client's `Accept` excludes `offered`.
pub(crate) fn check_accept(headers: &HeaderMap, offered: &'static str) -> Result<(), Problem> {
    accepted(headers, &[offered]).map(drop)
}

/// The one that the client's `Accept` likes best, the first of equals; 406 when it excludes them all.
pub(crate) fn accepted(
    headers: &HeaderMap,
    offered: &[&'static str],
) -> Result<&'static str, Problem> {
    let values = || headers.get_all(header::ACCEPT).iter();
    let is_silent = values().next().is_none();
    let mut best = (0, None);
    for offer in offered {
        let quality = if is_silent { 1000 } else { best_quality(values(), offer) };
        if quality > best.0 {
            best = (quality, Some(*offer));
        }
    }
    if let Some(offer) = best.1 {
        return Ok(offer);
    }
    let detail = format!("this method answers with {}", offered.join(" or "));
    Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "INVALID_ARGUMENT", "NOT_ACCEPTABLE", detail))
}

/// Whether a client takes JSON, and errors in it only as a `google.rpc.Status`: who takes everything
/// gets problem documents.
pub(crate) fn wants_status(headers: &HeaderMap) -> bool {
    let quality = |offer| best_quality(headers.get_all(header::ACCEPT).iter(), offer);
    quality(PROBLEM) == 0 && quality(JSON) > 0
}

/// The quality, in thousandths, of the most specific range that matches (RFC 9110, 12.5.1).
fn best_quality<'a>(values: impl Iterator<Item = &'a HeaderValue>, offered: &str) -> u16 {
    let kind = offered.split('/').next().unwrap_or_default();
    let ranges = values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let mut best = (0, 0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let specificity = match media.split_once('/') {
            _ if media.eq_ignore_ascii_case(offered) => 3,
            Some((k, "*")) if k.eq_ignore_ascii_case(kind) => 2,
            Some(("*", "*")) => 1,
            _ => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
        best = best.max((specificity, quality));
    }
    best.1
}

fn thousandths(quality: &str) -> u16 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let fraction = format!("{fraction:0<3}");
    let fraction = fraction.get(..3).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
    // The grammar ends at 1.
    if whole == "0" { fraction } else { 1000 * u16::from(whole == "1") }
}

/// Fails with 415 unless the body is declared to be JSON in UTF-8, as it is.
///
/// A missing type is refused too: a page of another site can send that without asking first.
pub(crate) fn check_content_type(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported = |detail: &'static str| {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Problem::new(status, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE", detail)
    };
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return Err(unsupported("send the body without a content-encoding"));
    }
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = value.unwrap_or_default().split(';').map(str::trim);
    if !parts.next().unwrap_or_default().eq_ignore_ascii_case(JSON) {
        return Err(unsupported("send the body with content-type: application/json"));
    }
    for parameter in parts.filter(|part| !part.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let utf8 = value.trim_matches('"').eq_ignore_ascii_case("utf-8");
        if name.eq_ignore_ascii_case("charset") && !utf8 {
            return Err(unsupported("send the body in UTF-8"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{JSON, check_accept, check_content_type};

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn ranges_that_cover_json_are_served() {
        for accept in [
            "*/*",
            "application/*",
            "Application/JSON",
            "text/html, */*;q=0.1",
            "text/html,application/json; q=0.5",
            "application/json;q=1.999",
        ] {
            assert!(check_accept(&with(header::ACCEPT, accept), JSON).is_ok(), "{accept}");
        }
        assert!(check_accept(&HeaderMap::new(), JSON).is_ok());
        for accept in [
            "text/html",
            "application/json;q=0, */*",
            "*/*;q=0",
            "application/xml",
            // Beyond the grammar, and beyond the numbers it is counted in.
            "application/json;q=66",
            "application/json;q=65535.999",
        ] {
            assert!(check_accept(&with(header::ACCEPT, accept), JSON).is_err(), "{accept}");
        }
    }

    #[test]
    fn only_json_in_utf8_is_read() {
        for good in [
            "application/json",
            "application/json; charset=utf-8",
            "APPLICATION/JSON;charset=\"UTF-8\"",
        ] {
            assert!(check_content_type(&with(header::CONTENT_TYPE, good)).is_ok(), "{good}");
        }
        for bad in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=latin1",
            "",
        ] {
            assert!(check_content_type(&with(header::CONTENT_TYPE, bad)).is_err(), "{bad}");
        }
        assert!(check_content_type(&HeaderMap::new()).is_err());
    }
}
