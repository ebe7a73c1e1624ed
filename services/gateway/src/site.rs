//! Pages that are built into the program: HTML, style and script, without anything from elsewhere.
//!
//! The files of a page lie below a name made of what they hold, so that a browser may keep them for
//! ever, and never has some of this version and some of another.

use std::future::ready;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use axum::{Extension, Router, body::Body};
use bytes::Bytes;

use crate::edge::Context;
use crate::etag;
use crate::problem::Problem;

/// A page runs its own scripts and styles, talks to this server only, and makes no HTML of text.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'",
);
/// What may be kept, but is asked for again each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// What never changes at its address.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Where the HTML names the folder of its files.
const FOLDER: &str = "{files}";

/// Names of files in a folder of `static/`, with what is in them.
macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../static/", $folder, "/", $name)))),*]
    };
}
pub(crate) use files;

/// A page and its files.
#[derive(Debug)]
pub(crate) struct Site {
    /// The path of the page.
    pub(crate) path: &'static str,
    pub(crate) html: &'static str,
    /// Names, and what is in them.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// Something that is served as it is.
#[derive(Debug)]
pub(crate) struct Content {
    kind: HeaderValue,
    tag: String,
    text: Bytes,
}

impl Site {
    /// The routes of the page.
    pub(crate) fn router<S: Clone + Send + Sync + 'static>(&'static self) -> Router<S> {
        let version = format!("{:016x}", digest(&self.files));
        let html = self.html.replace(FOLDER, &format!("{}/{version}", self.path));
        let page = Arc::new(Content::new("text/html; charset=utf-8", html.into()));
        let files = self.files.iter().map(|(name, text)| Content::new(kind(name), (*text).into()));
        let files: Arc<[Content]> = files.collect();
        let file = move |path, headers: HeaderMap, Extension(context): Extension<Context>| {
            let Path((asked, name)): Path<(String, String)> = path;
            let found = self.files.iter().zip(&*files).find(|((each, _), _)| *each == name);
            ready(match found {
                Some((_, content)) if asked == version => content.answer(&headers, FOR_EVER),
                // While releases change, a page of one may ask another one for its files.
                Some((_, content)) => content.answer(&headers, ASK_AGAIN),
                None => Problem::not_found().to_response(context.request_id.as_str()),
            })
        };
        let answer = move |headers: HeaderMap| ready(page.answer(&headers, ASK_AGAIN));
        let bare = || async { Redirect::permanent(self.path).into_response() };
        Router::new()
            .route(self.path, get(answer))
            .route(&format!("{}/", self.path), get(bare))
            .route(&format!("{}/{{version}}/{{file}}", self.path), get(file))
    }
}

impl Content {
    pub(crate) fn new(kind: &'static str, text: Bytes) -> Self {
        let tag = format!("\"{:016x}\"", digest(&text));
        Self { kind: HeaderValue::from_static(kind), tag, text }
    }

    /// The content that may be asked for again each time.
    pub(crate) fn fresh(&self, headers: &HeaderMap) -> Response<Body> {
        self.answer(headers, ASK_AGAIN)
    }

    fn answer(&self, headers: &HeaderMap, caching: HeaderValue) -> Response<Body> {
        let is_known = etag::none_match_names(headers, &self.tag);
        let body = if is_known { Body::empty() } else { Body::from(self.text.clone()) };
        let mut response = Response::new(body);
        let mut set = |name: HeaderName, value| response.headers_mut().insert(name, value);
        set(header::CACHE_CONTROL, caching);
        set(header::CONTENT_SECURITY_POLICY, POLICY);
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            set(header::ETAG, tag);
        }
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            set(header::CONTENT_TYPE, self.kind.clone());
        }
        response
    }
}

fn kind(name: &str) -> &'static str {
    if std::path::Path::new(name).extension().is_some_and(|extension| extension == "css") {
        "text/css; charset=utf-8"
    } else {
        "text/javascript; charset=utf-8"
    }
}

/// Tells contents apart; nothing depends on its being the same in another release.
fn digest(content: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}
