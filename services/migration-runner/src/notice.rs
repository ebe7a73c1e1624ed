//! What is said on standard error beside the answer, in the form that `LOG_FORMAT` asks for.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use artisan_runtime::env::{ConfigError, Env};
use artisan_runtime::telemetry::LogFormat;

use crate::style::{self, Tone};

/// Whether standard error is read by a program: the log and the notices are one stream of lines.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// What was told already, however often a command reads its files.
static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Obeys `LOG_FORMAT` from here on; called once the environment is read, before anything is said.
pub(crate) fn obey(env: &Env) -> Result<(), ConfigError> {
    IS_JSON.store(LogFormat::of_tool(env)? == LogFormat::Json, Ordering::Relaxed);
    Ok(())
}

pub(crate) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// What goes on.
pub(crate) fn line(text: &str) {
    if is_json() {
        tracing::info!("{text}");
    } else {
        plain(text);
    }
}

/// What whoever ran the program should mend.
pub(crate) fn warning(text: &str) {
    if is_json() {
        tracing::warn!("{text}");
    } else {
        plain(&format!("{} {text}", style::error(Tone::Careful, "warning:")));
    }
}

/// What goes on, told the first time only.
pub(crate) fn line_once(text: &str) {
    if is_new(text) {
        line(text);
    }
}

/// What whoever ran the program should mend, told the first time only.
pub(crate) fn warning_once(text: &str) {
    if is_new(text) {
        warning(text);
    }
}

fn is_new(text: &str) -> bool {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner).insert(text.to_owned())
}

fn plain(text: &str) {
    // Nothing depends on the notice being seen.
    let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
}
