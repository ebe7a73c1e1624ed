use std::cmp::Ordering;

use serde::Serialize;

/// A statement as somebody wrote it, which makes the very same object again, layout and comments
/// included: `SQLite` keeps it, and its dump tool prints it.
///
/// It is no part of what an object *is*: two of them always compare as equal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Written(pub Option<String>);

impl Written {
    /// The statement; empty if nobody wrote one.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl PartialEq for Written {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Written {}

impl PartialOrd for Written {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Written {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}
