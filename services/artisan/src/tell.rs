//! What is told on standard error while a command works.

use std::io::{self, IsTerminal as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often is told how far it is.
const EVERY: Duration = Duration::from_secs(5);

/// Tells how far it is, now and then.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    last: Mutex<Option<Instant>>,
}

impl Teller {
    /// Tells it if it is the last word, or nothing was told for a while, or somebody looks on.
    pub(crate) fn now_and_then(&self, is_last: bool, text: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last.elapsed() >= EVERY);
        if is_last || is_due || io::stderr().is_terminal() {
            *last = Some(Instant::now());
            say(text);
        }
    }
}

#[expect(clippy::print_stderr, reason = "what is told beside the answer")]
pub(crate) fn say(text: &str) {
    eprintln!("artisan: {text}");
}
