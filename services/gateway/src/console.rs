//! `/console`: accounts looked after by administrators, over the API that everybody has.
//!
//! The page has no rights of its own: it signs in as its user does, and holds the tokens in memory.

use crate::site::{Site, files};

/// The page.
pub(crate) static CONSOLE: Site = Site {
    path: "/console",
    html: include_str!("../static/console/index.html"),
    files: files!["console":
        "api.js",
        "app.js",
        "dom.js",
        "events.js",
        "filter.js",
        "live.js",
        "pages.js",
        "parts.js",
        "profile.js",
        "roles.js",
        "schema.js",
        "session.js",
        "sessions.js",
        "sign_in.js",
        "style.css",
        "user.js",
        "users.js",
        "watch.js",
    ],
};
