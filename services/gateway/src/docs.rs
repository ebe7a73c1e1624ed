//! The contract for readers: `/openapi.json` for programs, `/docs` for people.

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;

use crate::site::{Content, Site, files};

static DOCS: Site = Site {
    path: "/docs",
    html: include_str!("../static/docs/index.html"),
    files: files!["docs": "form.js", "make.js", "page.js", "request.js", "schema.js", "style.css"],
};

/// The routes of the documentation.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(openapi: &'static str) -> Router<S> {
    let document = Arc::new(Content::new("application/json", openapi.into()));
    let answer = move |headers: HeaderMap| ready(document.fresh(&headers));
    Router::new().route("/openapi.json", get(answer)).merge(DOCS.router())
}
