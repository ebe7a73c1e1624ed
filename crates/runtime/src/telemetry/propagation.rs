//! Carries a trace from one process to the next in HTTP headers (W3C Trace Context).

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, global};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// What everybody must be able to carry (W3C Trace Context, section 3.3.1.5). More is dropped: whoever
/// calls would decide how large the heads between our own processes are.
const MAX: usize = 512;

/// What callers tell those further down about themselves (W3C Baggage).
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The specification asks to carry 8 KiB; heads between our own processes hold 16 KiB, and credentials
/// may need half of them.
const MAX_BAGGAGE: usize = 4 << 10;

/// Makes a span a child of the one that the headers name, if they do.
pub fn continue_from(span: &Span, headers: &HeaderMap) {
    let parent = extract(headers);
    if parent.span().span_context().is_valid() {
        // A span that no exporter sees has no parent to set.
        let _ = span.set_parent(parent);
    }
}

/// The context that the headers carry; empty when they carry none.
#[must_use]
pub fn extract(headers: &HeaderMap) -> Context {
    global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &Headers(headers))
    })
}

/// Writes a span's context into headers; writes nothing when no exporter sees the span.
///
/// Tells whether anything was written, so that a proxy can pass on what it received otherwise.
pub fn inject(span: &Span, headers: &mut HeaderMap) -> bool {
    let context = span.context();
    if !context.span().span_context().is_valid() {
        return false;
    }
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut HeadersMut(headers));
    });
    true
}

/// Passes a trace's context on as it came, for a proxy that has no span of its own to offer.
pub fn pass_on(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [TRACEPARENT, TRACESTATE] {
        if let Some(value) = from.get(&name).filter(|value| text(value).is_some()) {
            to.insert(name, value.clone());
        }
    }
}

/// Passes the baggage on as it came, in one header. All of it is dropped when it is too large or no text:
/// a part of it could mean something else.
pub fn pass_baggage_on(from: &HeaderMap, to: &mut HeaderMap) {
    let mut lists = from.get_all(&BAGGAGE).iter();
    let (Some(first), second) = (lists.next(), lists.next()) else { return };
    if second.is_none() {
        if first.len() <= MAX_BAGGAGE && first.to_str().is_ok() {
            to.insert(BAGGAGE, first.clone());
        }
        return;
    }
    let lists = from.get_all(&BAGGAGE).iter().map(HeaderValue::to_str);
    let Ok(lists) = lists.collect::<Result<Vec<_>, _>>() else { return };
    let joined = lists.join(",");
    if let Ok(value) = HeaderValue::try_from(joined)
        && value.len() <= MAX_BAGGAGE
    {
        to.insert(BAGGAGE, value);
    }
}

/// The trace's id in hexadecimal, for logs and answers to clients.
#[must_use]
pub fn trace_id(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| context.trace_id().to_string())
}

fn text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok().filter(|text| text.len() <= MAX)
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(text)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct HeadersMut<'a>(&'a mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        let name = HeaderName::from_bytes(key.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            self.0.insert(name, value);
        }
    }
}
