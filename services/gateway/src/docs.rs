//! The contract for readers: `/openapi.json` for programs, `/docs` for people.

use std::future::{Ready, ready};

use axum::Router;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

/// The page runs its own script and style, and talks to this server only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes of the documentation.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(openapi: &'static str) -> Router<S> {
    let html = "text/html; charset=utf-8";
    Router::new()
        .route("/openapi.json", get(move || file("application/json", openapi)))
        .route("/docs", get(move || file(html, include_str!("../static/docs.html"))))
        .route("/docs/", get(|| async { Redirect::permanent("/docs") }))
        .route("/docs/style.css", get(|| file("text/css", include_str!("../static/docs.css"))))
        .route(
            "/docs/script.js",
            get(|| file("text/javascript", include_str!("../static/docs.js"))),
        )
}

fn file(kind: &'static str, text: &'static str) -> Ready<impl IntoResponse> {
    let headers: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    ready((headers, text))
}
