//! The SQL, written once: `?` for parameters, `FOR UPDATE` where a row is locked.

use std::fmt::Write as _;
use std::sync::OnceLock;

pub(crate) mod events;
pub(crate) mod legacy;
pub(crate) mod mails;
pub(crate) mod requests;
pub(crate) mod schema;
pub(crate) mod sessions;
pub(crate) mod sign_ins;
pub(crate) mod users;

/// A statement and its spellings, each made once.
#[derive(Debug)]
pub(crate) struct Statement {
    text: &'static str,
    numbered: OnceLock<String>,
    unlocked: OnceLock<String>,
}

impl Statement {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, numbered: OnceLock::new(), unlocked: OnceLock::new() }
    }

    /// As it is written here.
    pub(crate) fn as_written(&'static self) -> &'static str {
        self.text
    }

    /// With `$1`, `$2` … for the parameters.
    pub(crate) fn numbered(&'static self) -> &'static str {
        self.numbered.get_or_init(|| number(self.text))
    }

    /// Without row locks.
    pub(crate) fn unlocked(&'static self) -> &'static str {
        self.unlocked.get_or_init(|| self.text.replace(" FOR UPDATE", ""))
    }
}

/// No statement holds a question mark elsewhere: values are parameters, always.
fn number(text: &str) -> String {
    let mut parts = text.split('?');
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(numbered, "${}{part}", index + 1);
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    static STATEMENT: Statement =
        Statement::new("SELECT a FROM t WHERE b = ? AND c = ? FOR UPDATE");

    #[test]
    fn parameters_are_numbered_in_order() {
        assert_eq!(STATEMENT.numbered(), "SELECT a FROM t WHERE b = $1 AND c = $2 FOR UPDATE");
    }

    #[test]
    fn locks_can_be_left_out() {
        assert_eq!(STATEMENT.unlocked(), "SELECT a FROM t WHERE b = ? AND c = ?");
    }
}
