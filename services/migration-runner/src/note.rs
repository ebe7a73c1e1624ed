use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// What was told already, however often a command reads its files.
static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Tells people a line, once, whatever the format of the result; nothing depends on it being read.
pub(crate) fn tell(line: &str) {
    if TOLD.lock().unwrap_or_else(PoisonError::into_inner).insert(line.to_owned()) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
